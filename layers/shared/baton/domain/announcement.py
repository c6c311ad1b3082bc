"""Announcements: a timeline's events as the world is told of them, on the event bus and by webhooks.

Their shape is a promise, by version: a fact may be added, none is taken away or given another meaning.
"""

from typing import Any, Final, Literal

from baton.domain.announced_facts import FACTS, told
from baton.domain.documents import Instant, Record
from baton.domain.lead import LeadState
from baton.domain.timeline import Event, EventKind

VERSION: Final = 1


class Announcement(Record):
    """Something that happened to a lead, free of personal data."""

    version: Literal[1] = VERSION
    id: str
    """Of the event. It may come more than once, and always under this id."""
    lead_id: str
    seq: int
    """Its place among the lead's events, from 1 and without gaps."""
    at: Instant
    kind: EventKind
    state: LeadState
    """The lead's state afterwards."""
    campaign_id: str | None
    source_id: str | None
    recipient_id: str | None
    """Whom the event is about: who has the lead, was offered it, or has just given it back."""
    test: bool
    """Whether it is a test lead."""
    facts: dict[str, Any]
    """What else is known, by kind."""

    @classmethod
    def of(cls, event: Event) -> "Announcement":
        """What the world is told of an event."""
        facts = told(event.kind, event.facts)
        return cls(
            id=f"{event.lead_id}-{event.seq}",
            lead_id=event.lead_id,
            seq=event.seq,
            at=event.at,
            kind=event.kind,
            state=event.state,
            campaign_id=event.campaign_id,
            source_id=event.source_id,
            recipient_id=facts.get("recipient_id") or event.recipient_id,
            test=event.test,
            facts=facts,
        )


def schema_of(kind: EventKind) -> dict[str, Any]:
    """The JSON Schema of the announcements of a kind."""
    envelope = Announcement.model_json_schema(mode="serialization")
    facts = FACTS[kind].model_json_schema()
    definitions = {**envelope.pop("$defs", {}), **facts.pop("$defs", {})}
    envelope["properties"]["kind"] = {"const": kind.value}
    envelope["properties"]["facts"] = facts
    definitions.pop("EventKind", None)
    envelope["required"] = [*Announcement.model_fields]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **envelope,
        "title": kind.value,
        "$defs": definitions,
    }
