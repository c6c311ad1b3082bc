"""Sales: a buyer took the lead, gave no clear answer, or gave the lead back later. With all that is paid and owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from baton.domain.change import Change
from baton.domain.claims import forgotten, of_offer
from baton.domain.dealings import utc_windows
from baton.domain.lead import NOT_CONCLUDED, WATCH_AFTER, Answer, LeadState
from baton.domain.money import Entry, EntryKind, account_of_source
from baton.domain.offer import OfferState
from baton.domain.standing import week_of
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.lead import Lead
    from baton.domain.offer import Delivery, Offer
    from baton.domain.source import Source
    from baton.domain.standing import Standings


class Deal(NamedTuple):
    """A lead, its offer to a buyer, and its source (None: it is gone)."""

    lead: Lead
    offer: Offer
    source: Source | None


def sold(deal: Deal, delivery: Delivery, standings: Standings, now: datetime) -> Change:
    """The buyer has the lead: what was held is charged, the source is owed its part.

    A lead that is to be sold to more buyers goes on; what it was sold for stays.
    """
    lead, source, price = deal.lead, deal.source, deal.offer.price_cents or 0
    payout = _payout(deal, price)
    offer = deal.offer.answered(OfferState.ACCEPTED, now).model_copy(
        update={"delivery": delivery, "payout_cents": payout}
    )
    sales = lead.sales + 1
    state = LeadState.SOLD if sales >= lead.shares else LeadState.SCORED
    after = lead.moved(
        state,
        now,
        sales=sales,
        buyers=(*lead.buyers, offer.recipient_id),
        offers=lead.answered(offer.no, Answer.ACCEPTED, payout_cents=payout),
        placed_at=lead.placed_at or now,
    )
    day, week = utc_windows(now)
    counts = source is not None and source.limits.count_sales and not lead.test
    intake = standings.intake(lead.source_id).sale(day, week, payout) if counts else None
    usage = standings.used(offer.recipient_id).charged(price, week_of(offer.windows))
    facts = {**of_offer(offer), "sales": sales, "shares": lead.shares, "payout_cents": payout}
    return Change(
        lead=after,
        event=Event.of(after, EventKind.LEAD_SOLD, now, facts),
        offer=offer,
        usage=usage,
        intake=intake,
        entries=_entries(offer, lead.source_id, (EntryKind.CHARGE, EntryKind.PAYOUT), 1, "sold", now),
    )


def _payout(deal: Deal, price_cents: int) -> int:
    """What the source gets: what it was promised, or what it gets by its terms of today."""
    if deal.lead.test:
        return 0
    by_terms = deal.source.payout.of(price_cents) if deal.source else 0
    return deal.lead.promised.get(deal.offer.recipient_id, by_terms)


def returned(
    deal: Deal,
    reason: str,
    by: str,
    standings: Standings,
    refund_turn: bool,
    now: datetime,
    *,
    resell: bool = False,
) -> Change:
    """The buyer gave the lead back: money, cap and the source's part go back too.

    A lead that others have bought as well, or are being asked to buy, stays where it is. One that is to be sold again
    (`resell`) is watched from now on: whoever finds it watched and returned goes on with `resold`.
    """
    lead, week = deal.lead, week_of(deal.offer.windows)
    price, payout = deal.offer.price_cents or 0, deal.offer.payout_cents
    offer = deal.offer.answered(OfferState.RELEASED, now)
    # Whose outcome the lead's state tells: of the one who has it.
    concluded = lead.recipient_id == offer.recipient_id
    conversions = -1 if concluded and lead.state is LeadState.CONVERTED else 0
    after = _without(lead, offer, now, resell=resell)
    used = standings.used(offer.recipient_id)
    used = used.released(offer.windows, 0, refund_cents=price).returning(week)
    turn = standings.turn(offer.queue, offer.recipient_id) if offer.queue else None
    sold_on = utc_windows(deal.offer.answered_at or now)
    counts = deal.source is not None and deal.source.limits.count_sales and not lead.test
    intake = standings.intake(lead.source_id).gave_back(*sold_on, payout) if counts else None
    facts = {**of_offer(offer), "return_reason": reason, "by": by, "turn_given_back": refund_turn}
    return Change(
        lead=after,
        event=Event.of(after, EventKind.LEAD_RETURNED, now, facts),
        offer=offer,
        turn=turn.settled(week, conversions=conversions, returned=True, refund=refund_turn) if turn else None,
        usage=used,
        intake=intake,
        purchases=forgotten(offer, standings, now),
        entries=_entries(offer, lead.source_id, (EntryKind.REFUND, EntryKind.CLAWBACK), -1, reason, now),
    )


def _without(lead: Lead, offer: Offer, now: datetime, *, resell: bool) -> Lead:
    """The lead once that buyer does not have it any more."""
    recipient_id = offer.recipient_id
    facts = {
        "sales": lead.sales - 1,
        "buyers": tuple(who for who in lead.buyers if who != recipient_id),
        "offers": lead.answered(offer.no, Answer.RETURNED),
    }
    if facts["sales"] or not lead.is_held:
        # Nobody, where the outcome was that buyer's: it says nothing of the others.
        holder = None if lead.is_held and lead.recipient_id == recipient_id else lead.recipient_id
        return lead.revised(**facts, recipient_id=holder)
    watch_at = now + WATCH_AFTER if resell else None
    return lead.moved(LeadState.RETURNED, now, watch_at=watch_at, **facts)


def resold(lead: Lead, now: datetime) -> Change:
    """A returned lead is offered to those who have not had it, whatever was bid or promised before.

    What became of it with whoever gave it back says nothing of the next.
    """
    after = lead.moved(
        LeadState.SCORED,
        now,
        recipient_id=None,
        auction_stage=None,
        shares=1,
        promised={},
        **NOT_CONCLUDED,
    )
    return Change(lead=after, event=Event.of(after, EventKind.OFFER_RELEASED, now, {"why": "returned lead"}))


def _entries(
    offer: Offer, source_id: str, kinds: tuple[EntryKind, EntryKind], sign: int, reason: str, now: datetime
) -> tuple[Entry, ...]:
    """The buyer's entry and the source's, as far as there is money in them. `sign`: 1 for a sale, -1 for a return.

    The source's holds the price as well, also where the payout is nothing: so its margin is a sum of its entries.
    """
    price, payout = sign * (offer.price_cents or 0), sign * offer.payout_cents
    amounts = (
        (offer.recipient_id, kinds[0], -price, 0),
        (account_of_source(source_id), kinds[1], payout, price),
    )
    return tuple(
        Entry.of_lead(
            account,
            kind,
            cents,
            offer.currency or "USD",
            lead_id=offer.lead_id,
            offer_no=offer.no,
            reason=reason,
            at=now,
            price_cents=paid,
        )
        for account, kind, cents, paid in amounts
        if cents or paid
    )
