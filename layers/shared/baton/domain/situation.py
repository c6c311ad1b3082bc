"""What a decision looks at, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from baton.domain.campaign import Sticky
from baton.domain.eligibility import Case
from baton.domain.lead import Lead, facts_of
from baton.domain.plan import Plan
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
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

    @cached_property
    def facts(self) -> Mapping[str, object]:
        """The lead as conditions see it."""
        return facts_of(self.lead, self.now)

    @cached_property
    def offered(self) -> frozenset[str]:
        """Who has been offered the lead before."""
        return frozenset(offer.recipient_id for offer in self.lead.offers)

    def case(self, pool_id: str) -> Case:
        """What is asked about everybody in that pool."""
        return Case(self.facts, self.lead.campaign_id, pool_id, self.offered, self.now)


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


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice (None: the plan is exhausted) and why."""

    choice: Choice | None
    trace: Trace
