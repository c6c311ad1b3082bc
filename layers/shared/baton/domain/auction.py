"""Auctions: one lead pinged to several buyers, what each of them answered, and whose bids can be taken.

First price: a buyer pays what it bid. Pure, so that the same bids give the same order whatever order they came in.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import Field

from baton.domain.documents import Instant, Record
from baton.domain.money import percent_of
from baton.domain.terms import AuctionTerms
from baton.domain.trace import Reason, Trace


class Bid(Record):
    """What came of asking one buyer: a bid, or the reason why there is none that can be taken."""

    recipient_id: str
    reason: Reason
    cents: int | None = None
    """What the buyer bid."""
    weighed_cents: int | None = None
    """What the bid counts for in the order: less than it is, where the buyer returns many leads."""
    price_cents: int | None = None
    """What the buyer pays if it gets the lead. None: the bid cannot be taken."""
    reference: str | None = None
    """The buyer's own number for the bid."""
    took_ms: int | None = None
    """How long the buyer took to answer; None for a fixed price, and for those who were not asked."""
    facts: dict[str, Any] = Field(default_factory=dict)


class Auction(Record):
    """One auction of a lead at one stage of its plan."""

    lead_id: str
    no: int
    """Number of the auction among the lead's auctions, from 1."""
    stage: int
    stage_name: str
    held_at: Instant
    deadline_ms: int
    took_ms: int
    """From the first ping to the end of the auction."""
    good_until: Instant
    """Until when its bids are held to be good."""
    bids: tuple[Bid, ...]
    """Everybody who was eligible: those whose bids can be taken first, the best of them first."""
    shares: int = 1
    """To how many buyers the lead is to be sold."""
    late: int = 0
    """Buyers who had not answered when it ended: whatever they said later was not heard."""
    promised: bool = False
    """Whether the lead's vendor was told the price: then no other auction takes the place of this one."""
    trace: Trace
    """How the lead came to this stage, and whom of its pool nobody asked."""

    def acceptable(self) -> tuple[Bid, ...]:
        """The bids that can be taken, the best first."""
        return tuple(bid for bid in self.bids if bid.price_cents is not None)


def ranked(
    bids: Sequence[Bid],
    terms: AuctionTerms,
    left_of: Callable[[Sequence[int]], int],
    order: Mapping[str, int],
) -> tuple[tuple[Bid, ...], int]:
    """The bids in order, priced, and to how many buyers the lead is to be sold.

    `left_of` says what is left of prices once the source is paid for each; `order` whose turn is first among equals.
    A lead goes to as many buyers as bring most together; to fewer where that is the same.
    """
    judged = [_judged(bid, terms, left_of) for bid in bids]
    good = sorted(
        (bid for bid in judged if bid.reason is Reason.ACCEPTABLE_BID),
        key=lambda bid: (
            -(bid.weighed_cents or 0),
            order.get(bid.recipient_id, len(order)),
            bid.recipient_id,
        ),
    )
    others = sorted(
        (bid for bid in judged if bid.reason is not Reason.ACCEPTABLE_BID),
        key=lambda bid: (-(bid.cents or 0), bid.recipient_id),
    )
    if len(good) < terms.min_bidders:
        facts = {"bidders": len(good), "least": terms.min_bidders}
        few = [bid.model_copy(update={"reason": Reason.TOO_FEW_BIDDERS, "facts": facts}) for bid in good]
        return (*few, *others), 1
    shares = _shares(good, terms, left_of)
    percent = _percent(terms, shares)
    priced = [bid.model_copy(update={"price_cents": percent_of(bid.cents or 0, percent)}) for bid in good]
    return (*priced, *others), shares


def _judged(bid: Bid, terms: AuctionTerms, left_of: Callable[[Sequence[int]], int]) -> Bid:
    if bid.cents is None:
        return bid
    facts: dict[str, Any] = {**bid.facts, "bid_cents": bid.cents}
    reason = bid.reason
    if bid.cents == 0:
        reason = Reason.NO_BID
    elif bid.cents < terms.floor_cents:
        reason, facts = Reason.BID_TOO_LOW, {**facts, "floor_cents": terms.floor_cents}
    elif (left := left_of([bid.cents])) < (margin := margin_of(terms, bid.cents)):
        reason, facts = Reason.BELOW_MARGIN, {**facts, "left_cents": left, "margin_cents": margin}
    return bid.model_copy(update={"reason": reason, "facts": facts})


def margin_of(terms: AuctionTerms, price_cents: int) -> int:
    """What has to be left of that price, in cents; a percentage is rounded up."""
    return max(terms.margin_cents, percent_of(price_cents, terms.margin_percent, up=True))


def _shares(good: Sequence[Bid], terms: AuctionTerms, left_of: Callable[[Sequence[int]], int]) -> int:
    """To how many buyers the lead goes: to those who bring most together, each of them with the margin."""
    best, most = 1, good[0].cents or 0
    for count in sorted(terms.share_percent):
        if count > min(terms.winners, len(good)):
            continue
        prices = [percent_of(bid.cents or 0, _percent(terms, count)) for bid in good[:count]]
        together = sum(prices)
        if together > most and left_of(prices) >= margin_of(terms, together):
            best, most = count, together
    return best


def _percent(terms: AuctionTerms, count: int) -> float:
    return 100.0 if count == 1 else terms.share_percent[count]
