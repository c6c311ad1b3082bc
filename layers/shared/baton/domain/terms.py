"""Terms of a stage that sells leads: how it asks buyers for bids, and what holds when one does not answer."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from baton.domain.buyer import Cents
from baton.domain.documents import Document


class AuctionTerms(Document):
    """How a ping-post stage asks for bids, and which of them it takes."""

    deadline_ms: Annotated[int, Field(ge=100, le=20_000)] = 2_000
    """When the auction ends, however many bids are missing."""
    floor_cents: Cents = 0
    """Lowest bid that is taken."""
    margin_cents: Cents = 0
    """What has to be left of a price once the lead's source is paid; with a percent, the larger of the two."""
    margin_percent: Annotated[float, Field(ge=0, le=100)] = 0
    """The same, in percent of the price."""
    winners: Annotated[int, Field(ge=1, le=10)] = 1
    """To how many buyers a lead may be sold. 1: exclusively."""
    share_percent: Annotated[dict[int, Annotated[float, Field(gt=0, le=100)]], Field(max_length=10)] = Field(
        default_factory=dict
    )
    """What each pays of its bid when the lead goes to so many: `{2: 60, 3: 45}`. Missing counts are not sold."""
    fixed_price: bool = True
    """Whether buyers with a fixed price take part, as if they had bid it."""
    min_bidders: Annotated[int, Field(ge=1, le=100)] = 1
    """With fewer acceptable bids nobody wins."""
    bids_good_for_s: Annotated[int, Field(ge=5, le=24 * 3600)] = 300
    """How long bids are held to be good, in seconds."""

    @model_validator(mode="after")
    def _prices_every_share(self) -> Self:
        unpriced = [n for n in range(2, self.winners + 1) if n not in self.share_percent]
        if self.winners > 1 and len(unpriced) == self.winners - 1:
            message = f"share_percent says for no number of buyers from 2 to {self.winners} what each pays of its bid"
            raise ValueError(message)
        beyond = sorted(n for n in self.share_percent if not 2 <= n <= self.winners)  # noqa: PLR2004
        if beyond:
            message = f"share_percent names {beyond[0]} buyers, but a lead goes to 2 to {self.winners}"
            raise ValueError(message)
        return self


class DeliveryTerms(Document):
    """What happens when a buyer does not say whether it took a lead."""

    unknown_after_s: Annotated[int, Field(ge=30, le=7 * 24 * 3600)] = 3600
    """How long the lead is held and the buyer asked again, in seconds."""
    unknown_counts_as: Literal["sold", "released"] = "sold"
    """What the lead is then. `released`: it goes on, and may come to have two owners if the buyer had it after all."""
