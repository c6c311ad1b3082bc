"""What a decision looks at, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from baton.domain.auction import Auction
from baton.domain.campaign import Sticky
from baton.domain.eligibility import Case
from baton.domain.lead import Lead, facts_of
from baton.domain.plan import Model, Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.standing import Standings
from baton.domain.trace import Trace
from baton.domain.turns import Place


@dataclass(frozen=True)
class Situation:
    """Everything a decision may look at."""

    lead: Lead
    plan: Plan
    pools: Mapping[str, Pool]
    recipients: Mapping[str, Recipient]
    standings: Standings
    now: datetime
    attempt: int = 0
    """How many claims of this lead have lost their race so far."""
    sticky: Sticky = field(default_factory=Sticky)
    """What the lead's campaign says of leads that somebody looks after already."""
    currency: str = "USD"
    """Of the lead's campaign."""
    source: Source | None = None
    """Where the lead came from, where it is to be sold."""
    auction: Auction | None = None
    """The lead's last auction."""
    ping: bool = False
    """Whether it is no lead yet but a vendor's ping, which does not bring what proves a consent."""

    @cached_property
    def facts(self) -> Mapping[str, object]:
        """The lead as conditions see it."""
        return facts_of(self.lead, self.now)

    @cached_property
    def offered(self) -> frozenset[str]:
        """Who has been offered the lead before."""
        return frozenset(offer.recipient_id for offer in self.lead.offers)

    @cached_property
    def bought(self) -> frozenset[str]:
        """Buyers who have bought the lead's person within the time in which they want nobody twice.

        As it was set when they bought: so long the claim would be refused, too.
        """
        return frozenset(
            purchase.recipient_id
            for purchase in self.standings.purchases.values()
            if purchase.lead_id != self.lead.lead_id
            and self.now < purchase.expires_at
            and (who := self.recipients.get(purchase.recipient_id))
            and who.buyer
            and who.buyer.dedupe_days
        )

    def case(self, stage: Stage) -> Case:
        """What is asked about everybody at that stage."""
        return Case(
            self.facts,
            self.lead.campaign_id,
            stage.pool_id,
            self.offered,
            self.now,
            terms=stage.auction if stage.model is Model.PING_POST else None,
            test=self.lead.test,
            currency=self.currency,
            bought=self.bought,
            evidence=not self.ping,
            accept_within=None if stage.auto_accept else stage.accept_within,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the lead, and on what terms."""

    recipient: Recipient
    stage: int
    stage_name: str
    pool: Pool | None
    """None, like `queue`, `member` and `place`, for the fallback owner."""
    queue: str | None
    """Where the turn is taken."""
    member: Member | None
    place: Place | None
    """The member's place in the pool's order."""
    accept_within: timedelta | None
    """None: assigned at once."""
    resume_at: int
    """Where the lead goes on in its plan when this offer comes back: an owner was asked out of turn."""
    price_cents: int | None = None
    """What a buyer pays; None for a rep."""
    bid_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice (None: the plan is exhausted) and why."""

    choice: Choice | None
    trace: Trace
    auction: int | None = None
    """Index of the stage at which buyers have to be asked for bids before anything can be decided."""
