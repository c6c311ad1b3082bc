"""What all connectors have in common: of which events they tell, how they show who we are, and what each has to say."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field

from baton.domain.announcement import Announcement
from baton.domain.condition_tests import Test, compile_condition
from baton.domain.conditions import Condition
from baton.domain.connectors.hearing import Heard
from baton.domain.connectors.talk import News, Reply, Talk
from baton.domain.documents import Document, Id
from baton.domain.endpoint import SecretName, Url
from baton.domain.event_delivery import TOO_MANY
from baton.domain.lead import LeadState
from baton.domain.outcome import Outcome
from baton.domain.timeline import EventKind

RemoteId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
"""An id that another system gave to something."""
FieldKey = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$")]
"""What another system calls a field of its records."""

ENTERED: Final[Mapping[EventKind, LeadState]] = {
    EventKind.LEAD_ASSIGNED: LeadState.ASSIGNED,
    EventKind.OFFER_ACCEPTED: LeadState.ASSIGNED,
    EventKind.LEAD_SOLD: LeadState.SOLD,
    EventKind.LEAD_CONTACTED: LeadState.CONTACTED,
    EventKind.LEAD_CONVERTED: LeadState.CONVERTED,
    EventKind.LEAD_LOST: LeadState.LOST,
    EventKind.LEAD_RETURNED: LeadState.RETURNED,
}
"""The kinds of events that connectors tell of, and the state that a lead enters by each."""
_OUTCOMES: Final = frozenset(outcome.state for outcome in Outcome)


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that goes with each request, in a header."""

    secret: str
    header: str = "authorization"
    prefix: str = "Bearer "


@dataclass(frozen=True, slots=True)
class OAuth:
    """A token that is asked for with secrets, and used until it expires."""

    url: str
    form: Mapping[str, str]
    secrets: Mapping[str, str]
    """Names of the secrets that go into the form, by the form's fields."""
    lasts_s: int
    """How long a token is used of which nobody says how long it holds."""


type Access = Key | OAuth


class Connector(Document):
    """One system, and what it is told of leads."""

    system: str
    url: Url
    when: Condition | None = None
    """Of which leads it is told. None: of all that the subscription is for."""
    test_leads: bool = False
    """Whether it is told of test leads as well."""

    keeps_state: ClassVar[bool] = True
    """Whether it has each lead as it stands now. What is told late then says nothing; else each event counts."""

    @property
    @abstractmethod
    def access(self) -> Access:
        """How requests show who we are."""

    @abstractmethod
    def tells_of(self, state: LeadState) -> bool:
        """Whether the system is told when a lead enters that state."""

    @abstractmethod
    def tell(self, news: News) -> Talk[str | None]:
        """Tell the system. Asks nothing where there is nothing to tell. What comes of it is shown in the log."""

    @abstractmethod
    def check(self) -> Talk[None]:
        """Ask something that changes nothing, and that only somebody with the right secrets is answered."""

    def is_throttled(self, reply: Reply) -> bool:
        """Whether the system says with this answer that it is asked too much."""
        return reply.status == TOO_MANY

    def wants(self, announcement: Announcement) -> bool:
        """Whether the system is to hear of that.

        Not of an outcome that does not count: one that is told after another, which counts more, changes nothing.
        """
        entered = ENTERED.get(announcement.kind)
        return (
            entered is announcement.state
            and self.tells_of(announcement.state)
            and (self.test_leads or not announcement.test)
        )

    @cached_property
    def when_test(self) -> Test:
        """`when`, compiled once."""
        return compile_condition(self.when)


class Owners(Document):
    """Whose a record there is: the rep who has the lead."""

    by_email: bool = True
    """Whether the rep is looked for there, by the address that Baton has of them."""
    ids: Annotated[dict[Id, RemoteId], Field(max_length=2_000)] = Field(default_factory=dict)
    """Ids there by ours, for reps who have another address there. They come first."""
    fallback: RemoteId | None = None
    """Who gets what has no owner there: a buyer's leads, and those of reps whom the system does not know."""


class Crm(Connector):
    """A system that has a record of each lead, in the stage that the lead is in."""

    owners: Owners = Owners()
    stages: dict[LeadState, Annotated[str, Field(min_length=1, max_length=100)]]
    """What the stage is called there that a lead comes to by entering a state. It is told of these states alone."""
    outcomes: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=100)], Outcome], Field(max_length=200)
    ] = Field(default_factory=dict)
    """What a stage there says became of a lead, beside what `stages` says the other way round."""
    hook_secret: SecretName | None = None
    """Name of the secret by which its webhooks show who sends them. Without it none is taken."""

    def tells_of(self, state: LeadState) -> bool:
        """See Connector.tells_of."""
        return state in self.stages

    def outcome_of(self, stage: str) -> Outcome | None:
        """What a lead's being there says; None: nothing. A stage that stands for two states says nothing of either."""
        states = [state for state, name in self.stages.items() if name == stage]
        told = states[0] if len(states) == 1 else None
        return self.outcomes.get(stage) or (Outcome(told) if told in _OUTCOMES else None)

    @abstractmethod
    def is_from(self, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """Whether the system sent this. Headers by lower-case name. Never raises."""

    @abstractmethod
    def hear(self, told: Any) -> Talk[Sequence[Heard]]:
        """What a webhook's document tells of leads, of that alone which others than Baton did. Never raises for it."""

    @abstractmethod
    def owner_of(self, email: str) -> Talk[str | None]:
        """The id there of the user with that address."""


class Audience(Connector):
    """A marketing tool that counts what becomes of leads, and learns from it whom to show ads to."""

    keeps_state: ClassVar[bool] = False
    tells: dict[LeadState, Annotated[str, Field(min_length=1, max_length=100)]]
    """What it calls it when a lead enters a state. It is told of these states alone, of each once for a lead."""
    needs_value: bool = False
    """Whether a conversion waits until it is known what it was worth: one that was told never gets a value."""

    def wants(self, announcement: Announcement) -> bool:
        """See Connector.wants."""
        waits = self.needs_value and announcement.state is LeadState.CONVERTED
        return super().wants(announcement) and not (waits and announcement.facts.get("value_cents") is None)

    def tells_of(self, state: LeadState) -> bool:
        """See Connector.tells_of."""
        return state in self.tells
