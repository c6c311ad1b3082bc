"""The trace: why a lead went where it went, and why it did not go elsewhere."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from pydantic import Field

from baton.domain.documents import Record

MAX_CANDIDATES: Final = 100
"""Candidates that a stage's trace names; beyond them it counts per reason, so that a trace fits its row."""
MAX_NAMED: Final = 400
"""Candidates that a whole trace names, however many stages a plan has: a row holds 400 KB."""


class Reason(StrEnum):
    """Why a candidate did or did not get the lead. Numbers and words are stable; `REASON_NUMBERS` has the numbers."""

    CHOSEN = "chosen"
    LATER_TURN = "later_turn"
    LATER_PRIORITY = "later_priority"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    INACTIVE = "inactive"
    ALREADY_OFFERED = "already_offered"
    CONDITIONS_NOT_MET = "conditions_not_met"
    OUTSIDE_WORKING_HOURS = "outside_working_hours"
    DAILY_CAP_REACHED = "daily_cap_reached"
    OPEN_LEADS_FULL = "open_leads_full"


REASON_NUMBERS: Final = {
    Reason.CHOSEN: 100,
    Reason.LATER_TURN: 201,
    Reason.LATER_PRIORITY: 202,
    Reason.UNKNOWN_RECIPIENT: 300,
    Reason.INACTIVE: 301,
    Reason.ALREADY_OFFERED: 302,
    Reason.CONDITIONS_NOT_MET: 310,
    Reason.OUTSIDE_WORKING_HOURS: 320,
    Reason.DAILY_CAP_REACHED: 330,
    Reason.OPEN_LEADS_FULL: 340,
}


class Verdict(NamedTuple):
    """Why somebody did or did not get a lead, and the facts behind it."""

    reason: Reason
    facts: dict[str, Any]


class StageOutcome(StrEnum):
    """What became of a lead at one stage."""

    CHOSE = "chose"
    NOT_FOR_THIS_LEAD = "not_for_this_lead"
    OFFERS_USED_UP = "offers_used_up"
    NOBODY_ELIGIBLE = "nobody_eligible"
    FALLBACK = "fallback"


class CandidateTrace(Record):
    """One candidate of one stage, and why it did or did not get the lead."""

    recipient_id: str
    reason: Reason
    facts: dict[str, Any] = Field(default_factory=dict)


class StageTrace(Record):
    """One stage, what became of the lead there, and everybody it might have gone to."""

    stage: int | None
    """Index in the plan; None for the fallback owner."""
    name: str
    outcome: StageOutcome
    facts: dict[str, Any] = Field(default_factory=dict)
    candidates: tuple[CandidateTrace, ...] = ()
    more: dict[str, int] = Field(default_factory=dict)
    """Candidates beyond the first MAX_CANDIDATES: how many per reason."""


class Trace(Record):
    """Every stage tried, in order, with a reason for every candidate."""

    plan_id: str
    plan_version: int
    attempt: int
    """0 for the first try; more when others claimed the same members at the same moment."""
    stages: tuple[StageTrace, ...]

    def reason_for(self, recipient_id: str) -> Reason | None:
        """Why that recipient did or did not get the lead, at the last stage that considered it."""
        found = (
            c.reason for s in reversed(self.stages) for c in s.candidates if c.recipient_id == recipient_id
        )
        return next(found, None)


def bounded(
    limit: int, *findings: Iterable[tuple[str, Verdict]]
) -> tuple[tuple[CandidateTrace, ...], dict[str, int]]:
    """The first `limit` findings by name, the chosen one being first, and how many of the rest per reason."""
    every = chain(*findings)
    named = tuple(
        CandidateTrace(recipient_id=who, reason=verdict.reason, facts=verdict.facts)
        for who, verdict in islice(every, limit)
    )
    rest = Counter(str(verdict.reason) for _, verdict in every)
    return named, dict(sorted(rest.items()))
