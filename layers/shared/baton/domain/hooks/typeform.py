"""Forms of Typeform: https://www.typeform.com/developers/webhooks/example-payload/ and .../secure-your-webhooks/."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from baton.domain.hooks.enquiry import Enquiry, UnreadableHook, an_id, document, objects
from baton.domain.hooks.questions import answers

SIGNATURE: Final = "typeform-signature"
_PLAIN: Final = ("text", "email", "phone_number", "number", "boolean", "date", "url", "file_url")
_BY_TYPE: Final = {"email": "email", "phone_number": "phone"}


def is_from_typeform(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Typeform signed the body. Headers by lower-case name."""
    wanted = "sha256=" + b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
    sent = headers.get(SIGNATURE, "")
    return bool(secret) and hmac.compare_digest(sent.encode(errors="replace"), wanted.encode())


def read(body: bytes, questions: Mapping[str, str]) -> Enquiry:
    """The response. Questions are named by their `ref`; hidden fields count too. Raises UnreadableHook."""
    response = document(body).get("form_response")
    if not isinstance(response, dict):
        message = "form_response must be an object"
        raise UnreadableHook(message)
    said: list[tuple[str, Any]] = []
    for one in objects(response.get("answers", []), "form_response.answers"):
        field = one.get("field")
        if not isinstance(field, dict):
            message = "form_response.answers must name every field"
            raise UnreadableHook(message)
        name = str(field.get("ref") or field.get("id") or "")
        kind = str(one.get("type", ""))
        if name not in questions and kind in _BY_TYPE:
            name = _BY_TYPE[kind]
        said.append((name, _answer(one, kind)))
    hidden = response.get("hidden")
    if isinstance(hidden, dict):
        said += [(str(name), value) for name, value in hidden.items()]
    fields = answers(said, questions)
    for path in [path for path in fields if path.startswith("attributes.utm_")]:
        fields["attribution." + path.partition(".")[2]] = str(fields.pop(path))
    return Enquiry(fields, an_id(response.get("token"), "form_response.token"))


def _answer(one: Mapping[str, Any], kind: str) -> Any:
    if kind in _PLAIN:
        return one.get(kind)
    choice = one.get("choice")
    if isinstance(choice, dict):
        return choice.get("label") or choice.get("other")
    choices = one.get("choices")
    if isinstance(choices, dict):
        labels = choices.get("labels")
        more = [choices["other"]] if choices.get("other") else []
        return [*(labels if isinstance(labels, list) else []), *more]
    return None
