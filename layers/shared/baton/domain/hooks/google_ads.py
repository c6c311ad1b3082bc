"""Lead forms of Google Ads: https://developers.google.com/google-ads/webhook/docs/implementation."""

import hmac
from collections.abc import Mapping
from typing import Any, Final

from baton.domain.hooks.enquiry import Enquiry, UnreadableHook, an_id, document, objects
from baton.domain.hooks.questions import answers

_ATTRIBUTION: Final = {
    "gcl_id": "gclid",
    "campaign_id": "utm_id",
    "adgroup_id": "adgroup_id",
    "creative_id": "creative_id",
    "form_id": "form_id",
    "asset_group_id": "asset_group_id",
}


def is_from_google(key: str, sent: Any) -> bool:
    """Whether the key that was sent is the one entered at Google, in a time that tells nothing of how close it was."""
    return (
        isinstance(sent, str)
        and bool(key)
        and hmac.compare_digest(sent.encode(errors="replace"), key.encode())
    )


def read(body: bytes, questions: Mapping[str, str]) -> tuple[Enquiry, Any]:
    """The enquiry, and the key that was sent with it. Fields that are not known are ignored. Raises UnreadableHook."""
    sent = document(body)
    found = []
    for column in objects(sent.get("user_column_data"), "user_column_data"):
        name = column.get("column_id") or column.get("column_name")
        if not isinstance(name, str):
            message = "user_column_data must name every column"
            raise UnreadableHook(message)
        found.append((name, column.get("string_value")))
    fields = answers(found, questions)
    for name, ours in _ATTRIBUTION.items():
        if isinstance(sent.get(name), str | int) and sent[name] not in ("", 0):
            fields[f"attribution.{ours}"] = str(sent[name])
    fields.setdefault("attribution.utm_source", "google")
    key = an_id(sent.get("lead_id"), "lead_id")
    return Enquiry(fields, key, test=sent.get("is_test") is True), sent.get("google_key")
