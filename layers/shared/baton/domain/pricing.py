"""Pricing: what a lead that was only pinged so far would be sold for, and to whom."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from baton.domain.auction import Auction, Bid
from baton.domain.decision import decide
from baton.domain.lead import Lead, PastOffer
from baton.domain.plan import Plan
from baton.domain.promise import PromisedBid
from baton.domain.situation import Choice, Situation
from baton.domain.source import Payout
from baton.domain.trace import Reason, Trace


class NoPrice(StrEnum):
    """Why a ping is answered with no price. Vendors go by these words."""

    DISQUALIFIED = "disqualified"
    """The campaign wants no such leads."""
    NO_BUYER = "no_buyer"
    """Nobody buys it now."""
    NO_TIME = "no_time"
    """Buyers could not be asked, or could not answer, in the time that the vendor gave."""
    BELOW_MINIMUM = "below_minimum"
    """It would bring the source less than the least that was agreed."""
    OVER_BUDGET = "over_budget"
    """The source's budget of the day does not pay for it."""


def after_auction(situation: Situation, auction: Auction) -> Situation:
    """The situation once the auction has been held."""
    facts = {
        "auctions": auction.no,
        "stage": auction.stage,
        "auction_stage": auction.stage,
        "shares": auction.shares,
    }
    return replace(situation, lead=situation.lead.model_copy(update=facts), auction=auction)


def at_fixed_price(situation: Situation, choice: Choice, trace: Trace) -> Auction:
    """A choice that asked nobody, as an auction of one bid: so it is promised and kept like any other."""
    buyer = choice.recipient.buyer
    cents = buyer.price_cents if buyer else None
    stage = situation.plan.stages[choice.stage]
    bid = Bid(
        recipient_id=choice.recipient.id,
        reason=Reason.ACCEPTABLE_BID,
        cents=cents,
        weighed_cents=cents,
        price_cents=cents,
    )
    return Auction(
        lead_id=situation.lead.lead_id,
        no=situation.lead.auctions + 1,
        stage=choice.stage,
        stage_name=choice.stage_name,
        held_at=situation.now,
        deadline_ms=0,
        took_ms=0,
        good_until=situation.now + timedelta(seconds=stage.auction.bids_good_for_s),
        bids=(bid,),
        promised=True,
        trace=trace,
    )


def promised_bids(situation: Situation, payout: Payout) -> tuple[PromisedBid, ...]:
    """Those who would have the lead, if each of them took it, and what the source would get of each.

    They are found as they will be when the lead is there: by the same decision, one after another.
    """
    auction = situation.auction
    if auction is None:
        return ()
    prices = {bid.recipient_id: bid.price_cents or 0 for bid in auction.acceptable()}
    found: list[PromisedBid] = []
    while len(found) < auction.shares:
        choice = decide(situation).choice
        if choice is None or choice.stage != auction.stage or choice.recipient.id not in prices:
            break
        who = choice.recipient.id
        bid_id = f"{situation.lead.lead_id}-{len(found) + 1}"
        found.append(PromisedBid(bid_id=bid_id, recipient_id=who, price_cents=payout.of(prices[who])))
        situation = replace(situation, lead=_sold_to(situation.lead, who, auction.stage))
    return tuple(found)


def why_nobody(plan: Plan, auctions: Sequence[Auction]) -> NoPrice:
    """Why nobody buys the lead, after these auctions."""
    late = any(
        bid.reason is Reason.NO_TIME or (bid.reason is Reason.TIMEOUT and _was_rushed(plan, auction))
        for auction in auctions
        for bid in auction.bids
    )
    return NoPrice.NO_TIME if late else NoPrice.NO_BUYER


def _was_rushed(plan: Plan, auction: Auction) -> bool:
    """Whether the vendor gave buyers less time than the plan does."""
    return auction.deadline_ms < plan.stages[auction.stage].auction.deadline_ms


def _sold_to(lead: Lead, recipient_id: str, stage: int) -> Lead:
    offers = (*lead.offers, PastOffer(recipient_id=recipient_id, stage=stage))
    return lead.model_copy(update={"offers": offers, "sales": lead.sales + 1})
