"""Talks: what a connector says to another system, request after request, each by what was answered before.

A talk is a generator and does nothing itself: it yields a request and is given its answer. Whoever carries it out stops
it at the first answer that is no success, so a talk only has to know how things go well. It may be begun again at any
moment: whatever a talk did before it was stopped, doing all of it once more must leave the same.
"""

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from baton.domain.announcement import Announcement
from baton.domain.documents import Record
from baton.domain.endpoint import Mapped
from baton.domain.errors import BatonError
from baton.domain.lead import Lead, facts_of
from baton.domain.rendering import Facts, filled
from baton.domain.timeline import EventKind

_GOOD: Final = range(200, 300)
ASSIGNING: Final = frozenset({EventKind.LEAD_ASSIGNED, EventKind.OFFER_ACCEPTED, EventKind.LEAD_SOLD})
"""Kinds of events with which somebody gets the lead."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, without what shows who we are."""

    about: str
    """What it is about, in a word: people see it where the request fails."""
    method: str
    path: str
    """Below the connector's address, with its query."""
    body: Any = None
    """Sent as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    reads: Collection[int] = ()
    """Statuses beside 2xx that the connector makes something of."""


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is to be remembered of the lead from now on, before anything else is sent."""

    name: str
    value: str


class UnexpectedAnswer(BatonError):
    """A system answered that all went well, and not what it says it answers."""

    code = "unexpected-answer"


class TooEarly(BatonError):
    """Whether the system has it by now cannot be known yet: it is to be told later."""

    code = "too-early"


class NotTaken(BatonError):
    """An answer that a connector reads itself turns out to be a refusal as any other."""

    code = "not-taken"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered."""

    status: int = 0
    document: Any = None
    """The body; None where it is no JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""

    @property
    def is_good(self) -> bool:
        """Whether it is a success."""
        return self.status in _GOOD

    def at(self, *path: str | int) -> Any:
        """What stands at that place; None where nothing does."""
        found = self.document
        for step in path:
            if isinstance(found, dict) and isinstance(step, str):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def id_at(self, *path: str | int) -> str:
        """The id that stands there. Raises UnexpectedAnswer."""
        found = self.at(*path)
        if isinstance(found, bool) or not isinstance(found, str | int) or not str(found):
            raise UnexpectedAnswer
        return str(found)


type Talk[T] = Generator[Ask | Known, Reply, T]
"""What a connector says, and what comes of it."""


class Linked(Record):
    """What is known of a lead in another system. Ids of that system, and nothing of the person."""

    home: str = ""
    """Which system that is, and where: ids of another one say nothing there."""
    known: dict[str, str] = Field(default_factory=dict)
    """By the names that the connector gave."""
    told: int = 0
    """Up to which of the lead's events the system was told."""


@dataclass(frozen=True, slots=True)
class News:
    """What a system is to be told."""

    announcement: Announcement
    lead: Lead
    facts: Facts
    """Of the lead, as conditions and buyers' posts have them, and of the event."""
    known: Mapping[str, str]
    now: datetime
    owner: str | None = None
    """The id there of who has the lead."""

    @property
    def value_cents(self) -> int | None:
        """What the lead was worth, where this is told."""
        found = self.announcement.facts.get("value_cents")
        return found if isinstance(found, int) else None

    @property
    def currency(self) -> str:
        """Of the value."""
        return str(self.announcement.facts.get("currency") or self.lead.currency)

    @property
    def happened_at(self) -> datetime:
        """When what is told happened; not when it was heard."""
        said = self.announcement.facts.get("happened_at")
        return datetime.fromisoformat(said) if isinstance(said, str) else self.announcement.at

    @property
    def assigns(self) -> bool:
        """Whether somebody gets the lead by this."""
        return self.announcement.kind in ASSIGNING


def facts_to_tell(lead: Lead, announcement: Announcement, now: datetime) -> dict[str, Any]:
    """What fields there may be filled from: all of the lead, and what the event says."""
    facts = facts_of(lead, now)
    del facts["suspicions"]  # why it was looked at once is nobody's business but ours
    value = announcement.facts.get("value_cents")
    return {
        **facts,
        "name": " ".join(filter(None, (lead.contact.first_name, lead.contact.last_name))),
        "lead_id": lead.lead_id,
        "external_id": lead.external_id,
        "campaign": lead.campaign_id,
        "source": lead.source_id,
        "received_at": lead.received_at.isoformat(),
        "state": announcement.state.value,
        "recipient_id": announcement.recipient_id,
        "lost_reason": lead.lost_reason,
        "value_cents": value,
        "value": decimal_of(value) if isinstance(value, int) else None,
        "currency": announcement.facts.get("currency") or lead.currency,
        "test": lead.test,
    }


def ask(about: str, method: str, path: str, body: Any = None, **more: Any) -> Talk[Reply]:
    """Send one request, and wait for its answer."""
    return (yield Ask(about, method, path, body, **more))


def note(name: str, value: str) -> Talk[None]:
    """Have something remembered of the lead."""
    yield Known(name, value)


def mapped(fields: Sequence[Mapped], facts: Facts) -> dict[str, Any]:
    """The fields of a record there that have a value. Raises MissingField."""
    return dict(filled(fields, facts))


def decimal_of(cents: int) -> str:
    """Cents as systems write money."""
    return f"{cents // 100}.{cents % 100:02d}"
