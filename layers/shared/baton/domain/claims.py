"""Claims: what giving a lead to somebody books, all at once, and what taking it back gives back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from baton.domain.booking import windows_of
from baton.domain.change import Change, exhausted
from baton.domain.lead import WATCH_AFTER, Lead, LeadState, PastOffer
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Release
from baton.domain.standing import Owner, week_of
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.pool import Fairness
    from baton.domain.situation import Choice, Decision
    from baton.domain.standing import Standings, Turn


def claim(lead: Lead, decision: Decision, standings: Standings, now: datetime) -> Change:
    """Give the lead to the recipient that was chosen and book every cap and turn at once."""
    choice = decision.choice
    if choice is None:
        return exhausted(lead, decision.trace, now)
    recipient, pool_id = choice.recipient, choice.pool.id if choice.pool else None
    windows = windows_of(choice.member, recipient, pool_id, lead.campaign_id, now)
    usage = standings.used(recipient.id).booked(windows, now)
    turn = _turn_of(choice, standings, week_of(windows), now)
    expires_at = now + choice.accept_within if choice.accept_within else None
    offer = Offer(
        lead_id=lead.lead_id,
        no=lead.offer_no + 1,
        recipient_id=recipient.id,
        stage=choice.stage,
        stage_name=choice.stage_name,
        pool_id=pool_id,
        queue=choice.queue,
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
        stage=choice.resume_at,
        offers=(*lead.offers, PastOffer(recipient_id=recipient.id, stage=choice.stage)),
        recipient_id=recipient.id,
    )
    kind = EventKind.OFFER_MADE if expires_at else EventKind.LEAD_ASSIGNED
    event = Event.of(after, kind, now, _of_offer(offer))
    owners = () if expires_at else _owners(after, now)
    return Change(lead=after, event=event, offer=offer, turn=turn, usage=usage, owners=owners)


def _turn_of(choice: Choice, standings: Standings, week: str | None, now: datetime) -> Turn | None:
    """The member's turn once it is taken; None for the fallback owner, who has none."""
    place = choice.place
    if choice.queue is None or place is None:
        return None
    standing = standings.turn(choice.queue, place.recipient_id)
    return standing.after(place.turns, place.weight, place.level, now, week)


def _owners(lead: Lead, now: datetime) -> tuple[Owner, ...]:
    """Whoever has the lead now looks after its person and company."""
    if lead.ties is None or lead.recipient_id is None:
        return ()
    keys = (*lead.ties.person, *((lead.ties.company,) if lead.ties.company else ()))
    until = now + timedelta(days=lead.ties.days)
    facts = {"recipient_id": lead.recipient_id, "lead_id": lead.lead_id, "at": now, "expires_at": until}
    return tuple(Owner(key=key, **facts) for key in keys)


def accepted(lead: Lead, offer: Offer, now: datetime) -> Change:
    """The recipient took the lead. What the claim booked stays booked."""
    offer = offer.answered(OfferState.ACCEPTED, now)
    after = lead.moved(LeadState.ASSIGNED, now)
    event = Event.of(after, EventKind.OFFER_ACCEPTED, now, _of_offer(offer))
    return Change(lead=after, event=event, offer=offer, owners=_owners(after, now))


def released(
    lead: Lead, offer: Offer, why: Release, fairness: Fairness | None, standings: Standings, now: datetime
) -> Change:
    """The claim given back, into the windows it was taken from; the turn too where the pool says so.

    `fairness` is the promise of the offer's pool; None where the offer had no pool.
    """
    undone = offer.state is OfferState.ACCEPTED
    refund = fairness is not None and (why is Release.UNDELIVERED or why in fairness.refund_on)
    turn = standings.turn(offer.queue, offer.recipient_id) if offer.queue else None
    offer = offer.answered(_STATE_AFTER[why], now)
    after = lead.moved(LeadState.SCORED, now, recipient_id=None)
    kind = EventKind.ACCEPTANCE_UNDONE if undone else _EVENT_AFTER[why]
    return Change(
        lead=after,
        event=Event.of(after, kind, now, {**_of_offer(offer), "turn_given_back": refund}),
        offer=offer,
        turn=turn.settled(week_of(offer.windows), returned=True, refund=refund) if turn else None,
        usage=standings.used(offer.recipient_id).released(offer.windows),
    )


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
