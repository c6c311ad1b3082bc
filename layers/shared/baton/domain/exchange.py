"""Exchanges: what was sent to a buyer and what came back, kept so that a dispute can be settled.

Masked before it gets here: no personal data, no secrets.
"""

from enum import StrEnum

from baton.domain.documents import Instant, Record


class Purpose(StrEnum):
    """What a request was for."""

    PING = "ping"
    POST = "post"
    STATUS = "status"
    RETURN = "return"


class Exchange(Record):
    """One request and what came of it."""

    lead_id: str
    exchange_id: str
    """Unique among the lead's; sorts as time does."""
    at: Instant
    recipient_id: str
    purpose: Purpose
    request: str
    """Method, address, headers and body as they were sent, masked."""
    status: int | None = None
    """HTTP status; None without an answer."""
    response: str = ""
    """The answer's body, masked and cut."""
    trouble: str | None = None
    """Why there was no answer."""
    verdict: str
    """How it was read: accepted, rejected, unclear."""
    took_ms: int
    kept_until: Instant | None = None
    """When the lead, and what was said about it, is deleted; None: never, or as its own kind says."""

    @staticmethod
    def id_at(at: Instant, recipient_id: str, purpose: Purpose) -> str:
        """The id of an exchange with that buyer at that moment."""
        return f"{at:%Y%m%dT%H%M%S.%f}~{recipient_id}~{purpose}"
