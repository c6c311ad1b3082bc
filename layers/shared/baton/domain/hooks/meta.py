"""Lead ads of Meta: webhooks that tell of leads, and the leads as the Graph API gives them.

https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving and the webhooks reference for leadgen.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final

from baton.domain.hooks.enquiry import Enquiry, Notice, UnreadableHook, an_id, document, is_signed, objects
from baton.domain.hooks.questions import answers

MAX_CHANGES: Final = 1000
"""Changes that Meta sends in one request, at most."""
SIGNATURE: Final = "x-hub-signature-256"
FIELDS: Final = "id,created_time,ad_id,adset_id,campaign_id,form_id,platform,is_organic,field_data"
"""What is asked for of a lead."""
_ATTRIBUTION: Final = ("ad_id", "adset_id", "campaign_id", "form_id", "platform")


def challenge_of(query: Mapping[str, str], verify_token: str) -> str | None:
    """What Meta wants to hear back when an address is entered; None if it is not Meta that asks."""
    asked = query.get("hub.mode") == "subscribe" and "hub.challenge" in query
    sent = query.get("hub.verify_token", "")
    same = hmac.compare_digest(sent.encode(errors="replace"), verify_token.encode())
    return query["hub.challenge"] if asked and verify_token and same else None


def is_from_meta(app_secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Meta signed the body. Headers by lower-case name."""
    return is_signed(app_secret, body, headers.get(SIGNATURE, ""), "sha256=")


def read(body: bytes) -> tuple[Notice, ...]:
    """The leads that are told of, each once; other news is passed over. Raises UnreadableHook."""
    found: dict[str, Notice] = {}
    changes = 0
    for entry in objects(document(body).get("entry"), "entry"):
        for change in objects(entry.get("changes", []), "changes"):
            changes += 1
            value = change.get("value")
            if change.get("field") != "leadgen" or not isinstance(value, dict):
                continue
            ref = an_id(value.get("leadgen_id"), "leadgen_id")
            form = an_id(value["form_id"], "form_id") if value.get("form_id") else None
            found[ref] = Notice(ref, form)
    if changes > MAX_CHANGES:
        message = f"more than {MAX_CHANGES} changes"
        raise UnreadableHook(message)
    return tuple(found.values())


def lead(found: Mapping[str, Any], questions: Mapping[str, str]) -> Enquiry:
    """A lead as the Graph API gives it. Raises UnreadableHook."""
    said = []
    for one in objects(found.get("field_data"), "field_data"):
        values = one.get("values")
        values = values if isinstance(values, list) else [values]
        said.append((str(one.get("name", "")), values[0] if len(values) == 1 else values))
    fields = answers(said, questions)
    for name in _ATTRIBUTION:
        if isinstance(found.get(name), str | int):
            fields[f"attribution.{name}"] = str(found[name])
    fields.setdefault("attribution.utm_source", "meta")
    # By this Meta knows the lead again, when it is told what became of it.
    fields["attribution.meta_lead_id"] = an_id(found.get("id"), "id")
    return Enquiry(fields, fields["attribution.meta_lead_id"])
