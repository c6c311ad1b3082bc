"""Lead gen forms of LinkedIn: notifications, and responses as the Lead Sync API gives them.

https://learn.microsoft.com/en-us/linkedin/marketing/lead-sync/leadsync and .../shared/api-guide/webhook-validation.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

from baton.domain.hooks.enquiry import Enquiry, Notice, UnreadableHook, an_id, document, is_signed, objects
from baton.domain.hooks.questions import answers

SIGNATURE: Final = "x-li-signature"
PREFIX: Final = "hmacsha256="
_CODE: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")


def is_challenge(code: str) -> bool:
    """Whether this is a code as LinkedIn makes them: a UUID.

    Nothing else may be answered: the answer is a signature, and whoever could have any text signed could send what
    passes for LinkedIn's.
    """
    return _CODE.fullmatch(code) is not None


def challenge_response(code: str, client_secret: str) -> dict[str, str]:
    """What LinkedIn wants to hear when it looks whether the address is still ours, every two hours."""
    response = hmac.digest(client_secret.encode(), code.encode(), "sha256").hex()
    return {"challengeCode": code, "challengeResponse": response}


def is_from_linkedin(client_secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether LinkedIn signed the body. Headers by lower-case name.

    By its documentation the prefix is signed together with the body; others report that the body alone is, and the
    prefix stands in the header. Both are signatures that only LinkedIn and we can make.
    """
    sent = headers.get(SIGNATURE, "").removeprefix(PREFIX)
    as_documented = is_signed(client_secret, PREFIX.encode() + body, sent)
    return is_signed(client_secret, body, sent) or as_documented


def read(body: bytes) -> tuple[Notice, ...]:
    """The response that is told of; other news, and responses that were deleted, are passed over."""
    sent = document(body)
    urn = sent.get("leadGenFormResponse")
    if urn is None or sent.get("leadAction", "CREATED") != "CREATED":
        return ()
    form = sent.get("leadGenForm")
    return (Notice(_last(an_id(urn, "leadGenFormResponse")), an_id(form, "leadGenForm") if form else None),)


def lead(found: Mapping[str, Any], questions: Mapping[str, str]) -> Enquiry:
    """A form's response as the API gives it. `questions` may name a question by its id. Raises UnreadableHook."""
    response = found.get("formResponse")
    if not isinstance(response, dict):
        message = "formResponse must be an object"
        raise UnreadableHook(message)
    said = []
    for one in objects(response.get("answers"), "formResponse.answers"):
        name = str(one.get("name") or one.get("predefinedField") or one.get("questionId") or "")
        said.append((name, _answer(one.get("answerDetails"))))
    fields = answers(said, questions)
    consents = response.get("consentResponses")
    if isinstance(consents, list) and consents:
        fields["consent.given"] = all(
            isinstance(one, dict) and one.get("accepted") is True for one in consents
        )
    fields.setdefault("attribution.utm_source", "linkedin")
    return Enquiry(fields, an_id(found.get("id"), "id"), test=found.get("testLead") is True)


def _answer(details: Any) -> Any:
    if not isinstance(details, dict):
        return None
    text = details.get("textQuestionAnswer")
    if isinstance(text, dict):
        return text.get("answer")
    choice = details.get("multipleChoiceAnswer")
    options = choice.get("options") if isinstance(choice, dict) else None
    if isinstance(options, list):
        return options[0] if len(options) == 1 else options
    return None


def _last(urn: str) -> str:
    """The id at the end of a URN."""
    last = urn.rpartition(":")[2]
    if not _ID.fullmatch(last):
        message = "leadGenFormResponse must be a URN"
        raise UnreadableHook(message)
    return last
