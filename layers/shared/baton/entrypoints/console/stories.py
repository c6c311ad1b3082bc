"""Leads as the API shows them: in a list, and with all that is known of them."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from baton.application.messages import person
from baton.domain.documents import Instant
from baton.domain.lead import Consent, Contact, LeadState
from baton.domain.offer import OfferState
from baton.domain.timeline import EventKind
from baton.entrypoints.console.traces import ShownTrace, shown

if TYPE_CHECKING:
    from baton.application.explain_lead import Story
    from baton.domain.lead import Lead
    from baton.domain.trace import Trace


class LeadRow(BaseModel):
    """A lead in a list."""

    lead_id: str
    received_at: Instant
    state: LeadState
    source_id: str
    campaign_id: str
    recipient_id: str | None
    """Who has the lead, or has been offered it now."""
    score: int | None
    plan_id: str | None
    plan_version: int | None
    who: str
    """The person, in a few words."""

    @classmethod
    def of(cls, lead: "Lead") -> "LeadRow":
        """A lead's row."""
        return cls(who=person(lead.contact, hidden=False), **lead.model_dump(include=set(cls.model_fields)))


class LeadPage(BaseModel):
    """Some leads, the newest first."""

    items: list[LeadRow]
    """May be empty, and still not the last."""
    next: str | None
    """Send it as `after` for older ones; null: there are none."""


class _OfDomain(BaseModel):
    """Made of what the domain knows: whatever is not named stays inside."""

    model_config = ConfigDict(from_attributes=True)


class ShownLead(_OfDomain):
    """A lead as it is now."""

    lead_id: str
    rev: int
    state: LeadState
    source_id: str
    campaign_id: str
    received_at: Instant
    moved_at: Instant
    """When it entered its state."""
    contact: Contact
    attributes: dict[str, Any]
    consent: Consent | None
    attribution: dict[str, str]
    test: bool
    score: int | None
    plan_id: str | None
    plan_version: int | None
    stage: int
    """Index of the plan's stage that was tried last."""
    recipient_id: str | None
    """Who has the lead, or has been offered it now."""
    attempt: int
    """Which execution of the workflow moves it."""


class ShownEvent(_OfDomain):
    """Something that happened to a lead."""

    seq: int
    at: Instant
    kind: EventKind
    state: LeadState
    """The lead's state afterwards."""
    facts: dict[str, Any]
    trace: ShownTrace | None
    """Why nobody got the lead, where that is what happened."""


class ShownOffer(_OfDomain):
    """A lead that was offered to somebody, and why to them."""

    no: int
    recipient_id: str
    stage: int
    stage_name: str
    pool_id: str | None
    state: OfferState
    made_at: Instant
    expires_at: Instant | None
    answered_at: Instant | None
    windows: list[str]
    """The cap windows that it counts in."""
    sent: dict[str, Any]
    """When each channel took the message."""
    trace: ShownTrace | None


class WholeLead(BaseModel):
    """All that is known of a lead."""

    lead: ShownLead
    timeline: list[ShownEvent]
    """The oldest first."""
    offers: list[ShownOffer]
    """By number."""

    @classmethod
    def of(cls, story: "Story", *, traces: bool) -> "WholeLead":
        """A lead's story, with or without its traces."""
        return cls(
            lead=ShownLead.model_validate(story.lead),
            timeline=[_told(ShownEvent, event, event.trace if traces else None) for event in story.timeline],
            offers=[_told(ShownOffer, offer, offer.trace if traces else None) for offer in story.offers],
        )


def _told[M: BaseModel](shape: type[M], entry: Any, trace: "Trace | None") -> M:
    """An entry of a story with its trace in words."""
    values = {name: getattr(entry, name) for name in shape.model_fields if name != "trace"}
    return shape.model_validate({**values, "trace": shown(trace) if trace else None})
