"""Claims: what giving a lead to somebody books, all at once, and what taking it back gives back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from baton.domain.booking import windows_of
from baton.domain.change import Change, exhausted
from baton.domain.dealings import Purchase
from baton.domain.lead import WATCH_AFTER, Answer, Lead, LeadState, PastOffer
from baton.domain.offer import Delivery, Offer, OfferState
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
    price = choice.price_cents
    usage = standings.used(recipient.id).booked(windows, now, price or 0)
    turn = _turn_of(choice, standings, week_of(windows), now)
    sells = price is not None
    expires_at = now + choice.accept_within if choice.accept_within and not sells else None
    days = recipient.buyer.dedupe_days if recipient.buyer else None
    offer = Offer(
        lead_id=lead.lead_id,
        no=lead.offer_no + 1,
        recipient_id=recipient.id,
        stage=choice.stage,
        stage_name=choice.stage_name,
        pool_id=pool_id,
        queue=choice.queue,
        state=OfferState.PENDING if expires_at or sells else OfferState.ACCEPTED,
        made_at=now,
        expires_at=expires_at,
        windows=windows,
        price_cents=price,
        currency=recipient.buyer.billing.currency if recipient.buyer else None,
        bid_reference=choice.bid_reference,
        person=lead.person if days else (),
        kept_until=lead.expires_at,
        delivery=Delivery(webhook_id=webhook_id(lead.lead_id, recipient.id)) if sells else None,
        trace=decision.trace,
    )
    after = lead.moved(
        LeadState.DELIVERING if sells else LeadState.OFFERED if expires_at else LeadState.ASSIGNED,
        now,
        watch_at=expires_at + WATCH_AFTER if expires_at else None,
        stage=choice.resume_at,
        offers=(*lead.offers, _past(offer)),
        placed_at=lead.placed_at if expires_at or sells else lead.placed_at or now,
        recipient_id=recipient.id,
        meant_for=None,
        # To how many it goes was the auction's word, and holds at its stage alone.
        shares=lead.shares if lead.sales or choice.stage == lead.auction_stage else 1,
    )
    kind = EventKind.OFFER_MADE if expires_at else EventKind.LEAD_ASSIGNED
    event = Event.of(after, EventKind.DELIVERY_BEGUN if sells else kind, now, of_offer(offer))
    owners = () if expires_at or sells else _owners(after, now)
    purchases = tuple(
        Purchase(
            recipient_id=recipient.id,
            person=person,
            lead_id=lead.lead_id,
            at=now,
            expires_at=now + timedelta(days=days or 0),
        )
        for person in offer.person
    )
    return Change(
        lead=after, event=event, offer=offer, turn=turn, usage=usage, owners=owners, purchases=purchases
    )


def _past(offer: Offer) -> PastOffer:
    return PastOffer(
        recipient_id=offer.recipient_id,
        stage=offer.stage,
        pool_id=offer.pool_id,
        answer=Answer(offer.state),
        price_cents=offer.price_cents,
        plan_id=offer.trace.plan_id or None,
        plan_version=offer.trace.plan_version or None,
    )


def webhook_id(lead_id: str, recipient_id: str) -> str:
    """The one id of a lead's posts to a buyer, the same with every repetition."""
    return f"lead_{lead_id}_{recipient_id}"


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
    offers = lead.answered(offer.no, Answer.ACCEPTED)
    after = lead.moved(LeadState.ASSIGNED, now, offers=offers, placed_at=lead.placed_at or now)
    event = Event.of(after, EventKind.OFFER_ACCEPTED, now, of_offer(offer))
    return Change(lead=after, event=event, offer=offer, owners=_owners(after, now))


def released(
    lead: Lead, offer: Offer, why: Release, fairness: Fairness | None, standings: Standings, now: datetime
) -> Change:
    """The claim given back, into the windows it was taken from; the turn too where the pool says so.

    `fairness` is the promise of the offer's pool; None where the offer had no pool.
    """
    undone = offer.state is OfferState.ACCEPTED and why is not Release.REASSIGNED
    held = offer.price_cents or 0
    refund = fairness is not None and (why is Release.UNDELIVERED or why in fairness.refund_on)
    turn = standings.turn(offer.queue, offer.recipient_id) if offer.queue else None
    offer = offer.answered(_STATE_AFTER[why], now)
    answer = Answer.REASSIGNED if why is Release.REASSIGNED else Answer(offer.state)
    offers = lead.answered(offer.no, answer)
    after = lead.moved(LeadState.SCORED, now, recipient_id=None, offers=offers)
    kind = EventKind.ACCEPTANCE_UNDONE if undone else _EVENT_AFTER[why]
    if offer.delivery:
        kind = EventKind.DELIVERY_REFUSED if why is Release.DECLINED else EventKind.DELIVERY_FAILED
    return Change(
        lead=after,
        event=Event.of(after, kind, now, {**of_offer(offer), "turn_given_back": refund}),
        offer=offer,
        turn=turn.settled(week_of(offer.windows), returned=True, refund=refund) if turn else None,
        usage=standings.used(offer.recipient_id).released(offer.windows, held_cents=held),
        purchases=forgotten(offer, standings, now),
    )


def forgotten(offer: Offer, standings: Standings, now: datetime) -> tuple[Purchase, ...]:
    """The buyer does not have the person after all: what was noted of that is over.

    Unless the note is by now about another lead of the same person.
    """
    return tuple(
        noted.model_copy(update={"at": now, "expires_at": now})
        for person in offer.person
        if (noted := standings.purchases.get((offer.recipient_id, person))) and noted.lead_id == offer.lead_id
    )


_STATE_AFTER = {
    Release.DECLINED: OfferState.DECLINED,
    Release.EXPIRED: OfferState.EXPIRED,
    Release.RETURNED: OfferState.RELEASED,
    Release.REASSIGNED: OfferState.RELEASED,
    Release.UNDELIVERED: OfferState.RELEASED,
}
_EVENT_AFTER = {
    Release.DECLINED: EventKind.OFFER_DECLINED,
    Release.EXPIRED: EventKind.OFFER_EXPIRED,
    Release.RETURNED: EventKind.OFFER_RELEASED,
    Release.REASSIGNED: EventKind.LEAD_REASSIGNED,
    Release.UNDELIVERED: EventKind.OFFER_RELEASED,
}


def of_offer(offer: Offer) -> dict[str, object]:
    """What a timeline says of an offer."""
    facts: dict[str, object] = {
        "offer": offer.no,
        "recipient_id": offer.recipient_id,
        "stage": offer.stage_name,
        "pool_id": offer.pool_id,
    }
    if offer.delivery:
        facts |= {
            "price_cents": offer.price_cents,
            "reason": offer.delivery.reason,
            "reference": offer.delivery.reference,
            "tries": offer.delivery.tries,
        }
    return facts
