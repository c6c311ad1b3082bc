"""Merging: a duplicate's new answers are added to the first lead of its person."""

import json
from datetime import datetime
from typing import Any, Final

from baton.domain.change import Change
from baton.domain.dedupe import DuplicatePolicy, Mark
from baton.domain.lead import Lead, LeadState
from baton.domain.timeline import Event, EventKind

MAX_ADDITIONS: Final = 100
MAX_ADDITIONS_BYTES: Final = 64 * 1024
"""What all duplicates together may add: the first lead has to stay one row, whoever sends however much."""


def new_answers(lead: Lead, first: Lead) -> dict[str, Any]:
    """What the duplicate says that the first lead, with all that was added to it before, does not; by path.

    As much of it as there is still room for: the duplicate itself keeps everything that it says.
    """
    known = _answers(first) | first.additions
    room = dict(first.additions)
    answers = {}
    for path, value in _answers(lead).items():
        if known.get(path) == value:
            continue
        fuller = {**room, path: value}
        if len(fuller) <= MAX_ADDITIONS and len(json.dumps(fuller)) <= MAX_ADDITIONS_BYTES:
            room = fuller
            answers[path] = value
    return answers


def added(lead: Lead, first: Lead) -> bool:
    """Whether something that the duplicate says stands among what was added to the first lead."""
    said = _answers(lead)
    return any(path in said and said[path] == value for path, value in first.additions.items())


def merged(lead: Lead, first: Lead, now: datetime) -> Change:
    """Both leads afterwards, in one change: the duplicate goes no further, the first has its new answers.

    They stand beside what the first lead said, never in its place: what was known when it came in stays known.
    Events name fields and repeat no value.
    """
    answers = new_answers(lead, first)
    fields = sorted(answers)
    richer = first.revised(additions={**first.additions, **answers})
    told = Event.of(richer, EventKind.LEAD_MERGED, now, {"duplicate": lead.lead_id, "fields": fields})
    after = lead.moved(LeadState.DUPLICATE, now)
    facts = {"duplicate_of": first.lead_id, "policy": DuplicatePolicy.MERGE, "fields": fields}
    return Change(
        lead=after, event=Event.of(after, EventKind.LEAD_DUPLICATE, now, facts), other=(richer, told)
    )


def on_its_own(lead: Lead, marks: tuple[Mark, ...], now: datetime) -> Change:
    """A duplicate whose first lead is not there any more to be merged into: it goes its own way, as the first.

    `marks` are the person's, as far as they are free.
    """
    after = lead.revised(on_duplicate=DuplicatePolicy.MARK)
    facts = {"duplicate_of": lead.duplicate_of, "policy": DuplicatePolicy.MARK}
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_DUPLICATE, now, facts), marks=marks)


def _answers(lead: Lead) -> dict[str, Any]:
    contact = {f"contact.{name}": value for name, value in lead.contact.model_dump(exclude_none=True).items()}
    attributes = {f"attributes.{name}": value for name, value in lead.attributes.items()}
    return {path: value for path, value in {**contact, **attributes}.items() if value not in (None, "")}
