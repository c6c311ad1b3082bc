"""Returns: a buyer wants to give a lead back; the campaign's rules or a person decide."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from baton.domain.change import Change
from baton.domain.claims import of_offer
from baton.domain.documents import Instant, Record
from baton.domain.sales import returned
from baton.domain.standing import week_of
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.lead import Lead
    from baton.domain.offer import Offer
    from baton.domain.sales import Deal
    from baton.domain.standing import Standings


class ReturnState(StrEnum):
    """How a return stands."""

    WAITING = "waiting"
    """For a person."""
    APPROVED = "approved"
    REFUSED = "refused"


class Return(Record):
    """A sold lead that its buyer gives back. There is one for an offer, however often the buyer asks."""

    lead_id: str
    offer_no: int
    """The sale: a lead may be sold to several buyers."""
    rev: int = 0
    """0 until it is stored for the first time."""
    recipient_id: str
    source_id: str
    campaign_id: str
    state: ReturnState
    reason: str
    note: str | None = None
    """What the buyer says of it. May hold personal data: it stands here and nowhere else."""
    price_cents: int
    """What the buyer paid."""
    currency: str
    sold_at: Instant
    week: str | None
    """The calendar week of the sale, for which the return counts."""
    asked_at: Instant
    decided_at: Instant | None = None
    by: str | None = None
    """Who decided: a user, or `buyer:<id>` where the rules approved it at once."""
    why: str | None = None
    """What whoever decided says to it."""

    @classmethod
    def of(cls, lead: Lead, offer: Offer, reason: str, note: str | None, now: datetime) -> Self:
        """The return that a buyer asks for now, of the lead that it has by that offer."""
        return cls(
            lead_id=lead.lead_id,
            offer_no=offer.no,
            recipient_id=offer.recipient_id,
            source_id=lead.source_id,
            campaign_id=lead.campaign_id,
            state=ReturnState.WAITING,
            reason=reason,
            note=note,
            price_cents=offer.price_cents or 0,
            currency=offer.currency or "USD",
            sold_at=offer.answered_at or offer.made_at,
            week=week_of(offer.windows),
            asked_at=now,
        )

    def decided(self, state: ReturnState, by: str, why: str | None, now: datetime) -> Self:
        """The return once it is approved or refused, one revision on."""
        facts = {"state": state, "by": by, "why": why, "decided_at": now, "rev": self.rev + 1}
        return self.model_copy(update=facts)


def asked(lead: Lead, offer: Offer, wanted: Return, now: datetime) -> Change:
    """The return waits for a person. Until then the lead stays where it is, and its buyer has it."""
    after = lead.revised()
    facts = {**of_offer(offer), "return_reason": wanted.reason}
    event = Event.of(after, EventKind.RETURN_REQUESTED, now, facts)
    return Change(lead=after, event=event, lead_return=wanted.model_copy(update={"rev": wanted.rev + 1}))


def approved(
    deal: Deal, wanted: Return, standings: Standings, now: datetime, *, refund_turn: bool, resell: bool
) -> Change:
    """The lead is taken back: money, cap and payout go back in the same moment. `wanted` is decided already."""
    by = wanted.by or wanted.recipient_id
    change = returned(deal, wanted.reason, by, standings, refund_turn, now, resell=resell)
    return replace(change, lead_return=wanted)


def refused(lead: Lead, offer: Offer, wanted: Return, now: datetime) -> Change:
    """The lead stays with its buyer. `wanted` is decided already."""
    after = lead.revised()
    facts = {**of_offer(offer), "return_reason": wanted.reason, "by": wanted.by}
    event = Event.of(after, EventKind.RETURN_REFUSED, now, facts)
    return Change(lead=after, event=event, lead_return=wanted)
