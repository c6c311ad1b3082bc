"""A ping-post stage: whom to ask for bids, and who gets the lead once they have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.domain.auction import Bid, ranked
from baton.domain.eligibility import obstacles
from baton.domain.purse import cannot_pay
from baton.domain.roster import roster_of
from baton.domain.stages import choice_of, closed_stage, order_of, refused
from baton.domain.trace import (
    IN_FULL,
    MAX_CANDIDATES,
    MAX_NAMED,
    CandidateTrace,
    Reason,
    StageOutcome,
    StageTrace,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from baton.domain.roster import Seat
    from baton.domain.situation import Choice, Situation

MAX_AUCTIONS: Final = 5
"""Auctions of one lead: each time its bids have gone stale, another one is held, but not for ever."""


def at_auction(situation: Situation, index: int, room: int) -> tuple[Choice | None, StageTrace, bool]:
    """Who gets the lead of those who bid; True where buyers have to be asked first."""
    closed = closed_stage(situation, index)
    if closed:
        return None, closed, False
    if _is_due(situation, index):
        trace = not_asked(situation, index, room)
        return None, trace, trace.outcome is StageOutcome.AUCTION_DUE
    return (*_best(situation, index, room), False)


def bidders(situation: Situation, index: int) -> list[Seat]:
    """The members who may have the lead and are to be asked for bids, in turn."""
    stage = situation.plan.stages[index]
    roster = roster_of(situation.pools[stage.pool_id], situation.recipients)
    sifted = roster.sift(situation.case(stage), situation.standings)
    seats = {seat.recipient_id: seat for seat in roster.members(sifted.eligible)}
    return [seats[place.recipient_id] for place in order_of(situation, stage, list(seats.values()), None)]


def not_asked(situation: Situation, index: int, room: int) -> StageTrace:
    """The stage before its auction: why nobody asks these. Who is asked is named by the auction."""
    stage = situation.plan.stages[index]
    roster = roster_of(situation.pools[stage.pool_id], situation.recipients)
    case = situation.case(stage)
    sifted = roster.sift(case, situation.standings)
    out = list(roster.members(roster.everybody & ~sifted.eligible))
    limit = max(1, min(MAX_CANDIDATES, room))
    in_full = room > MAX_NAMED - IN_FULL
    named = tuple(refused(seat, situation.standings, case, in_full=in_full) for seat in out[:limit])
    more: dict[str, int] = {}
    for seat in out[limit:]:
        reason = str(refused(seat, situation.standings, case, in_full=False).reason)
        more[reason] = more.get(reason, 0) + 1
    return StageTrace(
        stage=index,
        name=stage.name,
        outcome=StageOutcome.AUCTION_DUE if sifted.eligible else StageOutcome.NOBODY_ELIGIBLE,
        candidates=named,
        in_full=in_full,
        more=dict(sorted(more.items())),
    )


def in_order(situation: Situation, index: int, bids: Sequence[Bid]) -> tuple[tuple[Bid, ...], int]:
    """The bids ranked by the stage's terms, and to how many buyers the lead is to be sold."""
    terms = situation.plan.stages[index].auction
    turns = {seat.recipient_id: place for place, seat in enumerate(bidders(situation, index))}
    weighed = [bid.model_copy(update={"weighed_cents": _weighed(situation, bid)}) for bid in bids]
    return ranked(weighed, terms, lambda prices: left_of(situation, prices), turns)


def left_of(situation: Situation, prices_cents: Sequence[int]) -> int:
    """What is left of a lead's prices once its source is paid for each of them, in cents."""
    source = situation.source
    paid = sum(source.payout.of(price) for price in prices_cents) + source.cost_cents if source else 0
    return sum(prices_cents) - paid


def _weighed(situation: Situation, bid: Bid) -> int | None:
    """What a bid counts for: of a buyer that returns a tenth of its leads, nine tenths, where it is set so."""
    buyer = situation.recipients[bid.recipient_id].buyer
    if bid.cents is None or buyer is None or not buyer.discount_returns:
        return bid.cents
    used = situation.standings.used(bid.recipient_id)
    bought, returned = sum(used.bought.values()), sum(used.returned.values())
    return bid.cents * max(0, bought - returned) // bought if bought else bid.cents


def _is_due(situation: Situation, index: int) -> bool:
    """Whether bids are missing, or have gone stale before anything was sold."""
    lead, auction = situation.lead, situation.auction
    if auction is None or auction.stage != index:
        return True
    stale = situation.now >= auction.good_until
    return stale and not auction.promised and not lead.sales and lead.auctions < MAX_AUCTIONS


def _best(situation: Situation, index: int, room: int) -> tuple[Choice | None, StageTrace]:
    """The best bid whose buyer may still have the lead and can pay."""
    stage, auction = situation.plan.stages[index], situation.auction
    assert auction is not None
    pool = situation.pools[stage.pool_id]
    seats = {seat.recipient_id: seat for seat in roster_of(pool, situation.recipients).seats}
    chosen: Bid | None = None
    named: list[CandidateTrace] = []
    for bid in auction.bids:
        facts = {**bid.facts, "bid_cents": bid.cents} if bid.cents is not None else bid.facts
        if bid.price_cents is None:
            named.append(CandidateTrace(bid.recipient_id, bid.reason, facts))
            continue
        found = _against(situation, index, bid, seats.get(bid.recipient_id))
        if found:
            named.append(CandidateTrace(bid.recipient_id, found[0].reason, found[0].facts, tuple(found[1:])))
        elif chosen is None and lead_has_room(situation):
            chosen = bid
            named.append(
                CandidateTrace(
                    bid.recipient_id, Reason.CHOSEN, {**facts, "price_cents": _price(situation, bid)}
                )
            )
        else:
            named.append(CandidateTrace(bid.recipient_id, Reason.LOWER_BID, facts | _before(bid, chosen)))
    noted = [tried for tried in auction.trace.stages if tried.stage == index]
    named += _never_asked(situation, index, seats, noted)
    limit = max(1, min(MAX_CANDIDATES, room))
    more: dict[str, int] = {}
    for candidate in named[limit:]:
        more[str(candidate.reason)] = more.get(str(candidate.reason), 0) + 1
    trace = StageTrace(
        stage=index,
        name=stage.name,
        outcome=StageOutcome.CHOSE if chosen else StageOutcome.NO_ACCEPTABLE_BID,
        facts={"auction": auction.no, "shares": auction.shares},
        candidates=tuple(named[:limit]),
        in_full=all(tried.in_full for tried in noted),
        more=dict(sorted(more.items())),
    )
    if chosen is None:
        return None, trace
    place = order_of(situation, stage, [seats[chosen.recipient_id]], first=1)[0]
    price = _price(situation, chosen)
    choice = choice_of(situation, index, place, index, price_cents=price, bid_reference=chosen.reference)
    return choice, trace


def _before(bid: Bid, best: Bid | None) -> dict[str, int | None]:
    """The bid that came first, so that it can be said what would have been enough."""
    if best is None:
        return {}
    if (bid.weighed_cents, best.weighed_cents) == (bid.cents, best.cents):
        return {"best_cents": best.cents}
    return {
        "best_cents": best.cents,
        "weighed_cents": bid.weighed_cents,
        "best_weighed_cents": best.weighed_cents,
    }


def _never_asked(
    situation: Situation, index: int, seats: Mapping[str, Seat], noted: Sequence[StageTrace]
) -> Iterator[CandidateTrace]:
    """Members who were not in the auction, and why: as it was noted then, or else as it is now."""
    auction, case = situation.auction, situation.case(situation.plan.stages[index])
    assert auction is not None
    asked = {bid.recipient_id for bid in auction.bids}
    then = {candidate.recipient_id: candidate for tried in noted for candidate in tried.candidates}
    for who, seat in seats.items():
        if who in asked:
            continue
        if who in then:
            yield then[who]
            continue
        found = list(obstacles(seat.member, seat.recipient, situation.standings.used(who), case))
        found = found or [Verdict(Reason.NOT_PROMISED if auction.promised else Reason.NO_TIME, {})]
        yield CandidateTrace(who, found[0].reason, found[0].facts, tuple(found[1:]))


def lead_has_room(situation: Situation) -> bool:
    """Whether the lead is to be sold to one more buyer."""
    return situation.lead.sales < situation.lead.shares


def _price(situation: Situation, bid: Bid) -> int:
    return 0 if situation.lead.test else bid.price_cents or 0


def _against(situation: Situation, index: int, bid: Bid, seat: Seat | None) -> list[Verdict]:
    """What keeps a bidder from the lead now."""
    stage, auction = situation.plan.stages[index], situation.auction
    if seat is None:
        return [Verdict(Reason.NOT_A_MEMBER, {})]
    if situation.lead.promised and bid.recipient_id not in situation.lead.promised:
        return [Verdict(Reason.NOT_PROMISED, {})]
    used = situation.standings.used(bid.recipient_id)
    found = list(obstacles(seat.member, seat.recipient, used, situation.case(stage)))
    if seat.recipient is not None and not any(one.reason in _MONEY for one in found):
        found += cannot_pay(seat.recipient, used, _price(situation, bid), situation.now)
    held = auction is None or auction.promised or situation.lead.sales
    if auction is not None and not held and situation.now >= auction.good_until:
        until = f"{auction.good_until:%Y-%m-%d %H:%M:%S} UTC"
        found.append(Verdict(Reason.BID_EXPIRED, {"bid_cents": bid.cents, "until": until}))
    return found


_MONEY: Final = frozenset({Reason.NO_BALANCE, Reason.DAILY_SPEND_REACHED, Reason.MONTHLY_SPEND_REACHED})
