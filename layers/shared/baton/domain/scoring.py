"""Scoring: points by condition, each with its reason."""

from functools import cached_property
from typing import Annotated

from pydantic import Field

from baton.domain.condition_tests import Facts, Test, compile_condition
from baton.domain.conditions import Condition
from baton.domain.documents import Document, Record


class ScoringRule(Document):
    """Points for a lead that fits a condition; negative points count against it."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    when: Condition
    points: Annotated[int, Field(ge=-1000, le=1000)]

    @cached_property
    def test(self) -> Test:
        """`when`, compiled once."""
        return compile_condition(self.when)


class Scoring(Document):
    """How a campaign rates its leads and how good one has to be."""

    rules: Annotated[tuple[ScoringRule, ...], Field(max_length=200)] = ()
    qualify_from: int | None = None
    """Leads below this many points are disqualified; None qualifies every lead."""


class Points(Record):
    """One rule's part in a score."""

    reason: str
    points: int


class Score(Record):
    """A lead's points, why it has them, and whether they are enough."""

    points: int
    reasons: tuple[Points, ...]
    qualified: bool


def rate(scoring: Scoring, facts: Facts) -> Score:
    """The score of a lead with these facts: the sum of every rule whose condition holds."""
    reasons = tuple(
        Points(reason=rule.reason, points=rule.points) for rule in scoring.rules if rule.test(facts)
    )
    points = sum(reason.points for reason in reasons)
    enough = scoring.qualify_from is None or points >= scoring.qualify_from
    return Score(points=points, reasons=reasons, qualified=enough)
