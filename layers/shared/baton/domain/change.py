"""Changes: what one transaction writes. Built here, purely; stored by an adapter, whole or not at all.

Every row carries its revision. A change holds each row as it is to become, one revision on; it is stored only
when all of them still are at the revision before. That makes a claim atomic, and makes doing it twice harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baton.domain.lead import WATCH_AFTER, Lead, LeadState, PastOffer
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Release
from baton.domain.standing import day_window
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.decision import Choice, Decision
    from baton.domain.pool import Fairness
    from baton.domain.scoring import Score
    from baton.domain.standing import Standings, Turn, Usage
    from baton.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class Change:
    """One lead's next revision, its event, and whatever else must become true at the same moment."""

    lead: Lead
    event: Event
    offer: Offer | None = None
    turn: Turn | None = None
    usage: Usage | None = None


def claim(lead: Lead, decision: Decision, standings: Standings, now: datetime) -> Change:
    """Give the lead to the recipient that was chosen and book every cap and turn at once."""
    choice = decision.choice
    if choice is None:
        return exhausted(lead, decision.trace, now)
    recipient = choice.recipient
    windows = (day_window(now, recipient.zone),)
    usage = standings.used(recipient.id).booked(windows)
    turn = _turn_of(choice, standings, now)
    expires_at = now + choice.accept_within if choice.accept_within else None
    offer = Offer(
        lead_id=lead.lead_id,
        no=lead.offer_no + 1,
        recipient_id=recipient.id,
        stage=choice.stage,
        stage_name=choice.stage_name,
        pool_id=choice.pool.id if choice.pool else None,
        state=OfferState.PENDING if expires_at else OfferState.ACCEPTED,
        made_at=now,
        expires_at=expires_at,
        windows=windows,
        trace=decision.trace,
    )
    after = lead.moved(
        LeadState.OFFERED if expires_at else LeadState.ASSIGNED,
        now,
        watch_at=expires_at + WATCH_AFTER if expires_at else None,
        stage=choice.stage,
        offers=(*lead.offers, PastOffer(recipient_id=recipient.id, stage=choice.stage)),
        recipient_id=recipient.id,
    )
    kind = EventKind.OFFER_MADE if expires_at else EventKind.LEAD_ASSIGNED
    event = Event.of(after, kind, now, _of_offer(offer))
    return Change(lead=after, event=event, offer=offer, turn=turn, usage=usage)


def _turn_of(choice: Choice, standings: Standings, now: datetime) -> Turn | None:
    """The member's turn once it is taken; None for the fallback owner, who has none."""
    place = choice.place
    if choice.pool is None or place is None:
        return None
    standing = standings.turn(choice.pool.id, place.recipient_id)
    return standing.taken(place.turns, place.weight, place.level, now)


def exhausted(lead: Lead, trace: Trace, now: datetime) -> Change:
    """The plan has nobody for the lead: it waits, unassigned, with the trace that says why."""
    after = lead.moved(LeadState.UNASSIGNED, now, recipient_id=None)
    facts = {"why": "plan exhausted", "plan_version": trace.plan_version}
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_UNASSIGNED, now, facts, trace))


def received(lead: Lead, now: datetime) -> Change:
    """A lead's first revision."""
    quarantined = lead.state is LeadState.QUARANTINED
    kind = EventKind.LEAD_QUARANTINED if quarantined else EventKind.LEAD_RECEIVED
    facts = {"why": "honeypot field filled"} if quarantined else {}
    return Change(lead=lead, event=Event.of(lead, kind, now, {"source_id": lead.source_id, **facts}))


def scored(lead: Lead, score: Score, plan_id: str, plan_version: int, now: datetime) -> Change:
    """The lead with its points; qualified, on the plan version that it will follow to the end."""
    facts = {"points": score.points, "reasons": [reason.model_dump() for reason in score.reasons]}
    if not score.qualified:
        after = lead.moved(LeadState.DISQUALIFIED, now, score=score.points)
        return Change(lead=after, event=Event.of(after, EventKind.LEAD_DISQUALIFIED, now, facts))
    after = lead.moved(LeadState.SCORED, now, score=score.points, plan_id=plan_id, plan_version=plan_version)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_SCORED, now, facts))


def accepted(lead: Lead, offer: Offer, now: datetime) -> Change:
    """The recipient took the lead. What the claim booked stays booked."""
    offer = offer.answered(OfferState.ACCEPTED, now)
    after = lead.moved(LeadState.ASSIGNED, now)
    return Change(
        lead=after, event=Event.of(after, EventKind.OFFER_ACCEPTED, now, _of_offer(offer)), offer=offer
    )


def released(
    lead: Lead, offer: Offer, why: Release, fairness: Fairness | None, standings: Standings, now: datetime
) -> Change:
    """The claim given back, into the windows it was taken from; the turn too where the pool says so.

    `fairness` is the promise of the offer's pool; None where the offer had no pool.
    """
    undone = offer.state is OfferState.ACCEPTED
    refund = fairness is not None and (why is Release.UNDELIVERED or why in fairness.refund_on)
    turn = standings.turn(offer.pool_id, offer.recipient_id) if refund and offer.pool_id else None
    offer = offer.answered(_STATE_AFTER[why], now)
    after = lead.moved(LeadState.SCORED, now, recipient_id=None)
    kind = EventKind.ACCEPTANCE_UNDONE if undone else _EVENT_AFTER[why]
    return Change(
        lead=after,
        event=Event.of(after, kind, now, {**_of_offer(offer), "turn_given_back": turn is not None}),
        offer=offer,
        turn=turn.given_back() if turn else None,
        usage=standings.used(offer.recipient_id).released(offer.windows),
    )


def parked(lead: Lead, now: datetime, **why: str) -> Change:
    """A lead that could not be moved on waits, unassigned, for a person. It must not be on offer."""
    after = lead.moved(LeadState.UNASSIGNED, now, recipient_id=None)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_UNASSIGNED, now, why))


def restarted(lead: Lead, attempt: int, now: datetime) -> Change:
    """The lead's workflow is started anew, as execution number `attempt`."""
    after = lead.revised(attempt=attempt, watch_at=now + WATCH_AFTER)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_RESTARTED, now, {"attempt": attempt}))


_STATE_AFTER = {
    Release.DECLINED: OfferState.DECLINED,
    Release.EXPIRED: OfferState.EXPIRED,
    Release.RETURNED: OfferState.RELEASED,
    Release.UNDELIVERED: OfferState.RELEASED,
}
_EVENT_AFTER = {
    Release.DECLINED: EventKind.OFFER_DECLINED,
    Release.EXPIRED: EventKind.OFFER_EXPIRED,
    Release.RETURNED: EventKind.OFFER_RELEASED,
    Release.UNDELIVERED: EventKind.OFFER_RELEASED,
}


def _of_offer(offer: Offer) -> dict[str, object]:
    return {
        "offer": offer.no,
        "recipient_id": offer.recipient_id,
        "stage": offer.stage_name,
        "pool_id": offer.pool_id,
    }
