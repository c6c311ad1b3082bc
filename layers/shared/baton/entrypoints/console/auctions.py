"""Auctions as the API shows them: every bid with its words, and what was sent to buyers and what they answered."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from baton.domain.documents import Instant
from baton.domain.exchange import Purpose
from baton.domain.trace_words import verdict
from baton.entrypoints.console.traces import ShownTrace

if TYPE_CHECKING:
    from baton.domain.auction import Auction, Bid


class ShownBid(BaseModel):
    """What came of asking one buyer: a bid, or the reason why there is none that can be taken."""

    recipient_id: str
    code: int
    """Stable, like `reason`."""
    reason: str
    words: str
    facts: dict[str, Any]
    bid_cents: int | None
    """What the buyer bid."""
    weighed_cents: int | None
    """What the bid counts for in the order: less than it is, where the buyer returns many leads."""
    price_cents: int | None
    """What the buyer pays if it gets the lead; null: the bid cannot be taken."""
    reference: str | None
    """The buyer's own number for the bid."""
    took_ms: int | None
    """How long the buyer took to answer; null for a fixed price, and for those who were not asked."""

    @classmethod
    def of(cls, bid: "Bid") -> "ShownBid":
        """A bid with its words."""
        return cls(
            recipient_id=bid.recipient_id,
            **verdict(bid.reason, bid.facts),
            bid_cents=bid.cents,
            weighed_cents=bid.weighed_cents,
            price_cents=bid.price_cents,
            reference=bid.reference,
            took_ms=bid.took_ms,
        )


class ShownAuction(BaseModel):
    """One auction of a lead at one stage of its plan."""

    no: int
    stage: int
    """Index in the plan."""
    stage_name: str
    held_at: Instant
    deadline_ms: int
    took_ms: int
    good_until: Instant
    """Until when its bids are held to be good."""
    shares: int
    """To how many buyers the lead is to be sold."""
    late: int
    """Buyers who had not answered when it ended."""
    promised: bool
    """Whether the lead's vendor was told the price."""
    bids: list[ShownBid]
    """Those that can be taken first, the best of them first."""
    trace: ShownTrace | None
    """How the lead came to this stage, and whom of its pool nobody asked."""

    @classmethod
    def of(cls, auction: "Auction", trace: ShownTrace | None) -> "ShownAuction":
        """An auction, with its trace or without."""
        bids = [ShownBid.of(bid) for bid in auction.bids]
        return cls.model_validate({**dict(auction), "bids": bids, "trace": trace})


class ShownExchange(BaseModel):
    """One request to a buyer and what came of it, without personal data and secrets."""

    model_config = ConfigDict(from_attributes=True)

    exchange_id: str
    at: Instant
    recipient_id: str
    purpose: Purpose
    request: str
    """Method, address, headers and body."""
    status: int | None
    """Null without an answer."""
    response: str
    trouble: str | None
    """Why there was no answer."""
    verdict: str
    """How it was read: accepted, rejected, unclear."""
    took_ms: int
