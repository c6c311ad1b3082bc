"""Plans: a campaign's versioned distribution rules, an ordered list of stages."""

from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field

from baton.domain.condition_tests import Test, compile_condition
from baton.domain.conditions import Condition
from baton.domain.documents import Configured, Document, Id
from baton.domain.terms import AuctionTerms, DeliveryTerms


class Model(StrEnum):
    """How a stage chooses among the eligible members of its pool."""

    ROUND_ROBIN = "round_robin"
    WEIGHTED = "weighted"
    WATERFALL = "waterfall"
    LEAST_LOADED = "least_loaded"
    LONGEST_IDLE = "longest_idle"
    PING_POST = "ping_post"


def weighted_queue(pool_id: str) -> str:
    """The queue in which a pool's turns by weight are counted."""
    return f"{pool_id}/weighted"


class Stage(Document):
    """One step of a plan: which leads it is for, whom it asks, and how it offers."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    pool_id: Id
    model: Model = Model.ROUND_ROBIN
    off: bool = False
    """Whether leads pass it by, as if it were not there."""
    when: Condition | None = None
    """Which leads this stage is for. None: every lead."""
    auto_accept: bool = False
    """Assign at once instead of waiting for an answer."""
    accept_within_s: Annotated[int, Field(ge=10, le=7 * 24 * 3600)] = 300
    """How long a rep has to accept, in seconds."""
    max_offers: Annotated[int, Field(ge=1, le=100)] | None = None
    """How many recipients this stage asks before the lead moves on. None: all of them."""
    auction: AuctionTerms = AuctionTerms()
    """Read only by the model ping_post."""
    delivery: DeliveryTerms = DeliveryTerms()
    """Read only where buyers get leads."""

    @property
    def queue(self) -> str:
        """Where the stage's turns are counted. A pool has two queues, so that equal turns and shares both come out:

        one for equal turns, of the pool's own name, and one by weight.
        """
        return weighted_queue(self.pool_id) if self.model is Model.WEIGHTED else self.pool_id

    @property
    def accept_within(self) -> timedelta:
        """How long a rep has to accept."""
        return timedelta(seconds=self.accept_within_s)

    @cached_property
    def when_test(self) -> Test:
        """`when`, compiled once."""
        return compile_condition(self.when)


class Plan(Configured):
    """One version of a plan. A version never changes; publishing makes another one current."""

    kind = "plan"

    version: Annotated[int, Field(ge=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=50)]
    fallback: Id | None = None
    """Recipient who gets a lead that every stage failed to place. None: the lead waits, unassigned."""

    @property
    def key(self) -> str:
        """Every version is kept, beside the others."""
        return self.key_of(self.id, self.version)

    @staticmethod
    def key_of(plan_id: str, version: int) -> str:
        """The key of one version; keys sort as versions do."""
        return f"{plan_id}#{version:06d}"


class PublishedPlan(Configured):
    """The pointer that says which version of a plan new leads follow. Publishing moves it."""

    kind = "published_plan"

    version: Annotated[int, Field(ge=1)]
