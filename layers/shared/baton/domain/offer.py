"""Offers: one lead offered to one recipient."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

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


BUSY: Final = timedelta(seconds=30)
"""Longer than the step may run: it has 28 seconds."""


class Delivery(Record):
    """How the post of a lead to a buyer stands."""

    webhook_id: str
    """The same with every repetition: the other side can tell that it is one."""
    tries: int = 0
    """Counted before a post leaves, so that one that died on the way is known of."""
    first_at: Instant | None = None
    """When the first post left."""
    next_at: Instant | None = None
    """When the buyer is asked again, where it did not say whether it took the lead."""
    busy_until: Instant | None = None
    """A run that posts now has until then. One that was started a second time waits, and does not post beside it."""
    taken_at: Instant | None = None
    """When the buyer said yes: from then on it is not asked any more, whatever becomes of writing the sale."""
    reference: str | None = None
    """The buyer's own number for the lead."""
    reason: str | None = None
    """Why the buyer refused, or what was unclear; never data of the lead."""

    def not_before(self, now: datetime) -> datetime | None:
        """Until when nobody posts: another run is at it, or the buyer is to be asked again later. None: now."""
        moments = [at for at in (self.busy_until, self.next_at) if at and now < at]
        return max(moments, default=None)

    def tried(self, now: datetime) -> "Delivery":
        """Before a post leaves."""
        return self.model_copy(
            update={
                "tries": self.tries + 1,
                "first_at": self.first_at or now,
                "next_at": None,
                "busy_until": now + BUSY,
            }
        )

    def taken(self, reference: str | None, now: datetime) -> "Delivery":
        """After a yes, before the sale is written."""
        return self.model_copy(update={"taken_at": now, "reference": reference or self.reference})

    def waiting(self, next_at: datetime, reason: str | None) -> "Delivery":
        """After an answer that says neither yes nor no."""
        return self.model_copy(update={"next_at": next_at, "busy_until": None, "reason": reason})

    def settled(self, reference: str | None, reason: str | None) -> "Delivery":
        """After a yes or a no."""
        known = reference or self.reference
        return self.model_copy(
            update={"next_at": None, "busy_until": None, "reference": known, "reason": reason}
        )

    @property
    def is_unknown(self) -> bool:
        """Whether the buyer may have the lead and has not said so."""
        return self.next_at is not None


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
    price_cents: int | None = None
    """What the recipient pays, for a buyer; None for a rep."""
    currency: str | None = None
    bid_reference: str | None = None
    """The buyer's own number for its bid."""
    person: tuple[str, ...] = ()
    """The person's keys, where the buyer gets no second lead of one."""
    delivery: Delivery | None = None
    """How the post to the buyer stands."""
    payout_cents: int = 0
    """What the lead's source got of the price."""
    kept_until: Instant | None = None
    """When the lead, and its offers with it, is deleted; None: never."""
    sent: dict[str, Any] = Field(default_factory=dict)
    """When each channel took the message, so that a repeated step sends nothing twice."""
    failed: dict[str, str] = Field(default_factory=dict)
    """Why a channel did not take it, or could not deliver it after all."""

    def is_open(self, now: datetime) -> bool:
        """Whether the offer can be answered: nobody has, and its time is not over."""
        return self.state is OfferState.PENDING and self.expires_at is not None and now < self.expires_at

    def answered(self, state: OfferState, now: Instant) -> "Offer":
        """The offer once it is no longer pending (or no longer accepted, when that was undone)."""
        return self.model_copy(update={"state": state, "answered_at": now, "rev": self.rev + 1})

    def noted(self, **facts: Any) -> "Offer":
        """The offer with what the workflow needs to remember of it."""
        return self.model_copy(update={**facts, "rev": self.rev + 1})
