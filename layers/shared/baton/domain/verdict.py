"""The verdict on a lead, as its sender is told it: taken, not taken, or not decided yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baton.domain.lead import HELD, Lead, LeadState
from baton.domain.offer import Offer, OfferState


class Ruling(StrEnum):
    """What a verdict says."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class LeadVerdict:
    """What the sender of a lead is told."""

    lead_id: str
    state: LeadState
    """As the sender may know it: that a lead was set aside as suspicious is not told."""
    ruling: Ruling
    reason: str
    """A stable word: why it was taken, why not, or why nothing can be said yet."""
    price_cents: int | None = None
    """What the source gets, of all who bought the lead; None where it was not taken."""
    currency: str | None = None
    reference: str | None = None
    """The buyers' own numbers for the lead, as far as they gave one."""


_REJECTED: Final = {
    LeadState.DISQUALIFIED: "disqualified",
    LeadState.DUPLICATE: "duplicate",
    LeadState.UNASSIGNED: "no_taker",
    LeadState.RETURNED: "returned",
}
_SOLD, _ASSIGNED, _PENDING = "sold", "assigned", "in_progress"
REASONS: Final = (_SOLD, _ASSIGNED, *_REJECTED.values(), _PENDING)
"""All reasons that there are."""


def verdict_of(lead: Lead, offers: Sequence[Offer], currency: str) -> LeadVerdict:
    """The verdict as things stand. `offers` are all of the lead's, `currency` is its campaign's."""
    if lead.state in HELD:
        taken = [offer for offer in offers if offer.state is OfferState.ACCEPTED]
        sales = [offer for offer in taken if offer.price_cents is not None]
        references = [
            offer.delivery.reference for offer in sales if offer.delivery and offer.delivery.reference
        ]
        return LeadVerdict(
            lead.lead_id,
            lead.state,
            Ruling.ACCEPTED,
            _SOLD if sales else _ASSIGNED,
            price_cents=sum(offer.payout_cents for offer in sales),
            currency=currency,
            reference=", ".join(references) or None,
        )
    if lead.state in _REJECTED:
        return LeadVerdict(lead.lead_id, lead.state, Ruling.REJECTED, _REJECTED[lead.state])
    shown = LeadState.RECEIVED if lead.state is LeadState.QUARANTINED else lead.state
    return LeadVerdict(lead.lead_id, shown, Ruling.PENDING, _PENDING)
