"""Offers: one lead offered to one recipient."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from baton.domain.documents import Instant, Record
from baton.domain.trace import Trace


class OfferState(StrEnum):
    """Where an offer is. Only a pending one can change."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    RELEASED = "released"


class Offer(Record):
    """One lead offered to one recipient, with everything needed to give it back exactly as it was taken."""

    lead_id: str
    no: int
    """Number of the offer among the lead's offers, from 1."""
    rev: int = 1
    recipient_id: str
    stage: int
    stage_name: str
    pool_id: str | None = None
    """None, like `queue`, for the plan's fallback owner."""
    queue: str | None = None
    """Where the turn was taken."""
    state: OfferState
    made_at: Instant
    expires_at: Instant | None = None
    """None for an offer that was assigned at once."""
    windows: tuple[str, ...] = ()
    """Cap windows that the offer was booked in."""
    answered_at: Instant | None = None
    trace: Trace
    task_token: str | None = None
    """What resumes the workflow that waits for the answer."""
    sent: dict[str, Any] = Field(default_factory=dict)
    """When each channel took the message, so that a repeated step sends nothing twice."""

    def is_open(self, now: datetime) -> bool:
        """Whether the offer can be answered: nobody has, and its time is not over."""
        return self.state is OfferState.PENDING and self.expires_at is not None and now < self.expires_at

    def answered(self, state: OfferState, now: Instant) -> "Offer":
        """The offer once it is no longer pending (or no longer accepted, when that was undone)."""
        return self.model_copy(update={"state": state, "answered_at": now, "rev": self.rev + 1})

    def noted(self, **facts: Any) -> "Offer":
        """The offer with what the workflow needs to remember of it."""
        return self.model_copy(update={**facts, "rev": self.rev + 1})
