"""Changes: what one transaction writes. Built here, purely; stored by an adapter, whole or not at all.

Every row carries its revision. A change holds each row as it is to become, one revision on; it is stored only
when all of them still are at the revision before. That makes a claim atomic, and makes doing it twice harmless.
Here are the changes of a lead alone; those that book and give back are in `claims` and `conclusion`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baton.domain.lead import WATCH_AFTER, Lead, LeadState, Ties
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.offer import Offer
    from baton.domain.scoring import Score
    from baton.domain.standing import Owner, Turn, Usage
    from baton.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class Change:
    """One lead's next revision, its event, and whatever else must become true at the same moment."""

    lead: Lead
    event: Event
    offer: Offer | None = None
    turn: Turn | None = None
    usage: Usage | None = None
    owners: tuple[Owner, ...] = ()
    """Who looks after the lead's person and company from now on. The last to write is right: no revision."""


def received(lead: Lead, now: datetime) -> Change:
    """A lead's first revision."""
    quarantined = lead.state is LeadState.QUARANTINED
    kind = EventKind.LEAD_QUARANTINED if quarantined else EventKind.LEAD_RECEIVED
    facts = {"why": "honeypot field filled"} if quarantined else {}
    return Change(lead=lead, event=Event.of(lead, kind, now, {"source_id": lead.source_id, **facts}))


def scored(
    lead: Lead, score: Score, plan_id: str, plan_version: int, now: datetime, ties: Ties | None = None
) -> Change:
    """The lead with its points; qualified, on the plan version that it will follow to the end."""
    facts = {"points": score.points, "reasons": [reason.model_dump() for reason in score.reasons]}
    if not score.qualified:
        after = lead.moved(LeadState.DISQUALIFIED, now, score=score.points)
        return Change(lead=after, event=Event.of(after, EventKind.LEAD_DISQUALIFIED, now, facts))
    after = lead.moved(
        LeadState.SCORED, now, score=score.points, ties=ties, plan_id=plan_id, plan_version=plan_version
    )
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_SCORED, now, facts))


def exhausted(lead: Lead, trace: Trace, now: datetime) -> Change:
    """The plan has nobody for the lead: it waits, unassigned, with the trace that says why."""
    after = lead.moved(LeadState.UNASSIGNED, now, recipient_id=None)
    facts = {"why": "plan exhausted", "plan_version": trace.plan_version}
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_UNASSIGNED, now, facts, trace))


def parked(lead: Lead, now: datetime, **why: str) -> Change:
    """A lead that could not be moved on waits, unassigned, for a person. It must not be on offer."""
    after = lead.moved(LeadState.UNASSIGNED, now, recipient_id=None)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_UNASSIGNED, now, why))


def restarted(lead: Lead, attempt: int, now: datetime) -> Change:
    """The lead's workflow is started anew, as execution number `attempt`."""
    after = lead.revised(attempt=attempt, watch_at=now + WATCH_AFTER)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_RESTARTED, now, {"attempt": attempt}))
