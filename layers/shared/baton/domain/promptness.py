"""Promptness: what is owed to a lead's person once a rep has the lead, and whether it was done in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from baton.domain.change import Change
from baton.domain.contact_hours import hold_off_of
from baton.domain.duty import Act, Duty
from baton.domain.lead import Lead, LeadState
from baton.domain.service_level import Counts, Do
from baton.domain.timeline import Event, EventKind
from baton.domain.working_time import worked_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from baton.domain.acknowledgement import Acknowledgement
    from baton.domain.campaign import Campaign
    from baton.domain.recipient import Recipient
    from baton.domain.service_level import ServiceLevel

NOBODY_ELSE = "nobody_else"
"""Why a lead is escalated that was to be taken back: nobody else may have it."""


class Promptness(StrEnum):
    """How a lead stands against its service level."""

    OPEN = "open"
    """Nobody has reached the person, and there is time left."""
    MET = "met"
    MISSED = "missed"


def promptness(lead: Lead, now: datetime) -> Promptness | None:
    """How the lead stands; None for one that has no service level, that no rep ever had, or that was over before."""
    if lead.due_at is None:
        return None
    if lead.responded_at is not None:
        return Promptness.MET if lead.responded_at <= lead.due_at else Promptness.MISSED
    if lead.excused_at is not None and lead.excused_at <= lead.due_at:
        return None
    return Promptness.OPEN if now <= lead.due_at else Promptness.MISSED


def entrusted(change: Change, campaign: Campaign, recipient: Recipient, now: datetime) -> Change:
    """The change with all that is to be done about the lead from now on, where it gives the lead to a rep.

    What counts for the lead stays as it was when its first rep got it; what counts for the rep begins anew.
    """
    lead = change.lead
    if lead.state is not LeadState.ASSIGNED or recipient.buyer is not None:
        return change
    level, text = campaign.service_level, campaign.acknowledgement
    duties = [duty for duty in lead.duties if duty.do is not Act.ACKNOWLEDGE]
    known: dict[str, Any] = {}
    if level is not None:
        known = {"attempts_count": level.attempts_count}
        if lead.due_at is None:
            due_at = _after(level, recipient, lead.received_at, level.contact_within_s)
            known["due_at"] = due_at
            duties += [Duty(at=due_at, do=Act.MISS), *_steps(level, recipient, now, Do.ESCALATE)]
        duties += [*_steps(level, recipient, now, Do.REMIND), *_steps(level, recipient, now, Do.REASSIGN)]
    if text is not None and lead.acknowledged_at is None:
        duties.append(_acknowledgement(text, lead, campaign, now))
    after = lead.model_copy(update={**known, **(lead.owing(duties) if duties else {})})
    due = {"due_at": after.due_at.isoformat()} if after.due_at else {}
    told = {**change.event.facts, **due, **({"watched": True} if duties else {})}
    return replace(change, lead=after, event=change.event.model_copy(update={"facts": told}))


def _steps(level: ServiceLevel, recipient: Recipient, now: datetime, do: Do) -> Iterator[Duty]:
    for step in level.then:
        if step.do is do:
            yield Duty(at=_after(level, recipient, now, step.after_s), do=Act(step.do), to=step.to)


def _after(level: ServiceLevel, recipient: Recipient, start: datetime, seconds: int) -> datetime:
    """The moment at which so much of the time that counts is over."""
    wanted = timedelta(seconds=seconds)
    if level.counts is Counts.ALWAYS:
        return start + wanted
    return worked_until(recipient.schedule, recipient.zone, start, wanted)


def _acknowledgement(text: Acknowledgement, lead: Lead, campaign: Campaign, now: datetime) -> Duty:
    """Once the rep can no longer take the acceptance back, and the person is not to be left in peace."""
    at = now + timedelta(seconds=text.after_s)
    quiet = hold_off_of(lead, campaign, at)
    return Duty(at=quiet.until if quiet else at, do=Act.ACKNOWLEDGE)


def done(
    lead: Lead, duty: Duty, kind: EventKind, now: datetime, facts: dict[str, Any], **known: Any
) -> Change:
    """The lead with one duty less, and the record of what was done. `known`: what else it is to remember."""
    left = [one for one in lead.duties if one != duty]
    return _noted(lead.revised(**lead.owing(left), **known), kind, now, facts)


def put_off(lead: Lead, duty: Duty, until: datetime, now: datetime, facts: dict[str, Any]) -> Change:
    """The lead with an acknowledgement that waits until the person is no longer to be left in peace."""
    moved = duty.model_copy(update={"at": until})
    after = lead.revised(**lead.owing(moved if one == duty else one for one in lead.duties))
    return _noted(after, EventKind.ACKNOWLEDGEMENT_WITHHELD, now, {**facts, "until": until.isoformat()})


def _noted(lead: Lead, kind: EventKind, now: datetime, facts: dict[str, Any]) -> Change:
    return Change(lead=lead, event=Event.of(lead, kind, now, {"recipient_id": lead.recipient_id, **facts}))
