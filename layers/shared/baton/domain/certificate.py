"""TrustedForm certificates: which address is one, what is asked about it, and what the answer means.

After the public Certificate API v4.0: POST https://cert.trustedform.com/<id>, basic authentication as `API`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from baton.domain.findings import Finding
from baton.domain.lead import Lead

HOST: Final = "cert.trustedform.com"
API_VERSION: Final = "4.0"
_ID: Final = re.compile(r"/([A-Za-z0-9_-][A-Za-z0-9_.-]{0,254})/?")
"""Ids differ by how a certificate was issued; none is longer than 255 characters."""
_OK: Final = 200
_BY_STATUS: Final[Mapping[int, Finding]] = {
    404: Finding.NOT_FOUND,
    405: Finding.SANDBOX,
    410: Finding.EXPIRED,
}
_NOT_OURS: Final = frozenset({401, 402, 403})
"""The key is wrong, the account is inactive or out of funds, or may not do what was asked."""


def certificate_id(address: str) -> str | None:
    """The id in a certificate's address; None where the address is no certificate's.

    Requests are made of the id alone: whatever else an address has in it leads nowhere.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    ours = parts.scheme == "https" and parts.hostname == HOST and port in {None, 443}
    if not ours or parts.username is not None or parts.password is not None:
        return None
    found = _ID.fullmatch(parts.path)
    return found[1] if found else None


def certificate_request(lead: Lead, *, retain: bool) -> dict[str, Any] | None:
    """The body that asks whether the certificate is about this person; with `retain` it is kept in the account too.

    None for a lead without address and number: there is nothing to compare. Retaining twice keeps once.
    """
    contact = {"email": lead.contact.email, "phone": lead.contact.phone}
    known = {name: value for name, value in contact.items() if value}
    if not known:
        return None
    body: dict[str, Any] = {"match_lead": known}
    if retain:
        body["retain"] = {"reference": lead.lead_id, "vendor": lead.source_id}
    return body


def read_certificate(status: int, body: bytes) -> Finding:
    """What the answer says of the certificate; UNKNOWN for whatever is not clearly about it."""
    if status in _NOT_OURS:
        return Finding.KEY_REFUSED
    said = _object(body)
    if said is None:
        return Finding.UNKNOWN
    if status in _BY_STATUS:
        # One status for both; only where the reason speaks of the one alone it is told from the other.
        reason = str(said.get("reason") or said.get("message") or "").lower()
        expired = "expired" in reason and "found" not in reason
        return Finding.EXPIRED if expired else _BY_STATUS[status]
    if status != _OK:
        return Finding.UNKNOWN
    matched = _matched(said)
    if said.get("outcome") == "success":
        return Finding.VALID
    return Finding.MISMATCH if said.get("outcome") == "failure" and matched is False else Finding.UNKNOWN


def _matched(said: Mapping[str, Any]) -> bool | None:
    match = said.get("match_lead")
    result = match.get("result") if isinstance(match, dict) else None
    success = result.get("success") if isinstance(result, dict) else None
    return success if isinstance(success, bool) else None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
