"""Conclusions: what became of a lead, and what that gives back to whoever has it."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from baton.domain.change import Change
from baton.domain.errors import IllegalTransition
from baton.domain.lead import Answer, Lead, LeadState
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Fairness, Release
from baton.domain.standing import Standings, Turn, Usage, week_of
from baton.domain.timeline import Event, EventKind


class Outcome(StrEnum):
    """What became of a lead."""

    CONTACTED = "contacted"
    CONVERTED = "converted"
    LOST = "lost"
    RETURNED = "returned"

    @property
    def state(self) -> LeadState:
        """The state that a lead with this outcome is in."""
        return LeadState(self.value)


OPEN: Final = frozenset({LeadState.ASSIGNED, LeadState.SOLD, LeadState.CONTACTED})
"""States in which a lead takes up its recipient's capacity: somebody still has to do something about it."""
_EVENTS: Final = {
    Outcome.CONTACTED: EventKind.LEAD_CONTACTED,
    Outcome.CONVERTED: EventKind.LEAD_CONVERTED,
    Outcome.LOST: EventKind.LEAD_LOST,
    Outcome.RETURNED: EventKind.LEAD_RETURNED,
}


def concluded(
    lead: Lead,
    offer: Offer,
    outcome: Outcome,
    fairness: Fairness | None,
    standings: Standings,
    by: str,
    now: datetime,
) -> Change:
    """The lead with its outcome. Finished, it frees capacity; returned, it counts in no cap.

    Raises IllegalTransition, also where a buyer is to return a lead in this way: money would stay where it is.
    """
    if outcome is Outcome.RETURNED and offer.price_cents is not None:
        message = (
            "a lead that was sold is given back as a return, with its money: POST /v1/leads/{lead_id}/returns"
        )
        raise IllegalTransition(message)
    # Of several buyers the outcome is that of the one who has the lead: a return has to know whose.
    after = lead.moved(
        outcome.state,
        now,
        recipient_id=offer.recipient_id,
        offers=lead.answered(offer.no, Answer.RETURNED) if outcome is Outcome.RETURNED else lead.offers,
        contacted_at=lead.contacted_at or (now if outcome is Outcome.CONTACTED else None),
    )
    refund = outcome is Outcome.RETURNED and fairness is not None and Release.RETURNED in fairness.refund_on
    facts = {"by": by, "recipient_id": offer.recipient_id, "turn_given_back": refund}
    return Change(
        lead=after,
        event=Event.of(after, _EVENTS[outcome], now, facts),
        offer=offer.answered(OfferState.RELEASED, now) if outcome is Outcome.RETURNED else None,
        turn=_turn(lead, offer, after, standings, refund=refund),
        usage=_usage(lead, offer, after, standings),
    )


def _usage(lead: Lead, offer: Offer, after: Lead, standings: Standings) -> Usage | None:
    if offer.price_cents is not None:
        return None
    used = standings.used(offer.recipient_id)
    finished = (lead.state in OPEN) - (after.state in OPEN)
    if after.state is LeadState.RETURNED:
        return used.released(offer.windows, finished)
    return used.freed(finished) if finished else None


def _turn(lead: Lead, offer: Offer, after: Lead, standings: Standings, *, refund: bool) -> Turn | None:
    if offer.queue is None:
        return None
    turn, week = standings.turn(offer.queue, offer.recipient_id), week_of(offer.windows)
    conversions = (after.state is LeadState.CONVERTED) - (lead.state is LeadState.CONVERTED)
    returned = after.state is LeadState.RETURNED
    if not conversions and not returned:
        return None
    return turn.settled(week, conversions=conversions, returned=returned, refund=refund)
