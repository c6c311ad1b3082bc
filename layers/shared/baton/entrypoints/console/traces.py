"""Traces as the API shows them: every code with its words."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from baton.domain.trace import Trace
from baton.domain.trace_words import told


class ShownVerdict(BaseModel):
    """Why somebody did or did not get the lead."""

    code: int
    """Stable, like `reason`."""
    reason: str
    words: str
    facts: dict[str, Any]
    own: dict[str, str]
    """What the lead itself has, by field, where a condition failed."""


class ShownCandidate(BaseModel):
    """One who might have got the lead at a stage, and why it did or did not."""

    recipient_id: str
    code: int
    reason: str
    words: str
    facts: dict[str, Any]
    own: dict[str, str]
    """What the lead itself has, by field, where a condition failed."""
    also: list[ShownVerdict]
    """What else would have kept it from this candidate."""


class ShownStage(BaseModel):
    """One stage of the plan, and what became of the lead there."""

    stage: int | None
    """Index in the plan; null for the fallback owner."""
    name: str
    outcome: str
    words: str
    facts: dict[str, Any]
    own: dict[str, str]
    """What the lead itself has, by field, where the stage's condition failed."""
    candidates: list[ShownCandidate]
    more: dict[str, int]
    """How many further candidates there were, by reason."""


class ShownTrace(BaseModel):
    """Why a lead went where it went: every stage that was tried, in order, and everybody it might have gone to."""

    plan_id: str
    plan_version: int
    attempt: int
    owner: str | None
    """Who looks after the lead's person or company, where the campaign asks."""
    stages: list[ShownStage]


def shown(trace: Trace, lead: Mapping[str, Any]) -> ShownTrace:
    """A trace with words. `lead` is the lead as conditions see it."""
    return ShownTrace.model_validate(told(trace, lead))
