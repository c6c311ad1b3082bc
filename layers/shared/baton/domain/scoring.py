"""Scoring: points by condition, each with its reason; bands, thresholds, and how much a learned score counts."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from math import exp
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from baton.domain.condition_tests import Facts, Test, compile_condition, reader
from baton.domain.conditions import Condition
from baton.domain.documents import Document, Id, Record

DAY_S: Final = 86_400
MAX_LOG_ODDS: Final = 30.0
IN_COMMON: Final = "what all leads of the campaign have in common"
SOURCE_QUALITY: Final = "source quality"
"""The reason of the points that a source itself brings."""


class ScoringRule(Document):
    """Points for a lead that fits a condition; negative points count against it."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    when: Condition
    points: Annotated[int, Field(ge=-1000, le=1000)]
    group: Id | None = None
    """What the rule is about: `demographic` (who), `behavioural` (what they did), `source`, or a name of choice."""
    since: Annotated[str, Field(pattern=r"^(attributes|consent|time)\.[^.]+$", max_length=140)] | None = None
    """A field with the moment from which the points fade, such as `attributes.last_visit`."""
    half_life_days: Annotated[float, Field(gt=0, le=3650)] | None = None
    """After so many days half of the points are left. Only with `since`."""

    @model_validator(mode="after")
    def _fades_from_somewhen(self) -> Self:
        if (self.since is None) is not (self.half_life_days is None):
            message = "points fade with both since and half_life_days, or not at all"
            raise ValueError(message)
        return self

    @cached_property
    def test(self) -> Test:
        """`when`, compiled once."""
        return compile_condition(self.when)

    def points_at(self, facts: Facts) -> int:
        """The points at the moment that the facts were taken, faded: rounded toward zero.

        A lead that does not say since when gets none of points that fade; what lies ahead has not begun to.
        """
        if self.since is None or self.half_life_days is None:
            return self.points
        since, now = _moment(reader(self.since)(facts)), _moment(reader("time.now")(facts))
        if since is None or now is None:
            return 0
        days = max(0.0, (now - since).total_seconds() / DAY_S)
        return int(self.points * 0.5 ** (days / self.half_life_days))


class Group(Document):
    """How much the rules of one group count together."""

    at_most: Annotated[int, Field(ge=0, le=10_000)] | None = None
    at_least: Annotated[int, Field(ge=-10_000, le=0)] | None = None
    """How far they count against a lead."""


class Mode(StrEnum):
    """What a learned score decides."""

    OFF = "off"
    SHADOW = "shadow"
    """It is worked out and measured, and decides nothing."""
    ON = "on"
    """It is the score, in percent, once enough is known; until then the rules are."""


class Learned(Document):
    """How a campaign uses what it learns from outcomes."""

    mode: Mode = Mode.OFF
    ignore: Annotated[tuple[Annotated[str, Field(max_length=140)], ...], Field(max_length=100)] = ()
    """Fields that are not learned from, such as `attributes.crm_status`: with everything below them."""
    trusted: Annotated[tuple[Annotated[str, Field(max_length=140)], ...], Field(max_length=100)] = ()
    """Fields that are learned from although they tell more than a field at intake mostly can: somebody has looked."""
    min_outcomes: Annotated[int, Field(ge=20, le=100_000)] = 100
    """Outcomes before a learned score counts."""


class Scoring(Document):
    """How a campaign rates its leads and how good one has to be."""

    rules: Annotated[tuple[ScoringRule, ...], Field(max_length=200)] = ()
    groups: Annotated[dict[Id, Group], Field(max_length=50)] = Field(default_factory=dict)
    bands: Annotated[dict[Id, int], Field(max_length=10)] = Field(default_factory=dict)
    """From how many points a lead is in which band: `{hot: 80, warm: 50, cold: 0}`. Below all of them it is in none."""
    qualify_from: int | None = None
    """Leads below this many points are disqualified; None qualifies every lead."""
    hold_below: int | None = None
    """Leads below this many points that qualify are held until a person has looked; None holds none."""
    learned: Learned = Learned()

    def band_of(self, points: int) -> str | None:
        """The band with the highest line that so many points reach."""
        reached = [(line, name) for name, line in self.bands.items() if points >= line]
        return max(reached)[1] if reached else None


class Points(Record):
    """One rule's part in a score."""

    reason: str
    points: int
    group: str | None = None


class Score(Record):
    """A lead's points, why it has them, and whether they are enough."""

    points: int
    reasons: tuple[Points, ...]
    qualified: bool
    held: bool = False
    """Whether a person should look first."""
    band: str | None = None
    probability: float | None = None
    """Of conversion, as learned; None where nothing is learned or too little is known."""
    learned: bool = False
    """Whether the points are what was learned, and not what the rules say."""


class Likelihood(Record):
    """What was learned of a lead."""

    probability: float
    common: float
    """What all leads of the campaign have in common, in log-odds."""
    reasons: tuple[tuple[str, float], ...]
    """Each field and its part in log-odds. With `common` they are those of `probability`."""
    enough: bool
    """Whether enough outcomes are known for it to count."""


def rate(
    scoring: Scoring, facts: Facts, *, source_points: int = 0, likelihood: Likelihood | None = None
) -> Score:
    """The score of a lead with these facts: the sum of its reasons, whichever way they came about."""
    mode = scoring.learned.mode
    learned = likelihood if likelihood and likelihood.enough and mode is not Mode.OFF else None
    replaces = learned is not None and mode is Mode.ON
    found = _shares(learned) if learned and replaces else _by_rules(scoring, facts, source_points)
    reasons = tuple(found)
    points = sum(reason.points for reason in reasons)
    enough = scoring.qualify_from is None or points >= scoring.qualify_from
    return Score(
        points=points,
        reasons=reasons,
        qualified=enough,
        held=enough and scoring.hold_below is not None and points < scoring.hold_below,
        band=scoring.band_of(points),
        probability=learned.probability if learned else None,
        learned=replaces,
    )


def rule_points(scoring: Scoring, facts: Facts, source_points: int = 0) -> int:
    """What the rules alone say."""
    return sum(reason.points for reason in _by_rules(scoring, facts, source_points))


def _by_rules(scoring: Scoring, facts: Facts, source_points: int) -> Iterator[Points]:
    sums: dict[str, int] = {}
    if source_points:
        sums["source"] = source_points
        yield Points(reason=SOURCE_QUALITY, points=source_points, group="source")
    for rule in scoring.rules:
        if rule.test(facts):
            points = rule.points_at(facts)
            yield Points(reason=rule.reason, points=points, group=rule.group)
            if rule.group:
                sums[rule.group] = sums.get(rule.group, 0) + points
    yield from _capped(scoring.groups, sums)


def _capped(groups: Mapping[str, Group], sums: Mapping[str, int]) -> Iterator[Points]:
    """What is taken off, or added, so that no group counts for more than it may."""
    for name, total in sums.items():
        group = groups.get(name)
        if group and group.at_most is not None and total > group.at_most:
            yield Points(
                reason=f"{name} counts for {group.at_most} at most", points=group.at_most - total, group=name
            )
        if group and group.at_least is not None and total < group.at_least:
            yield Points(
                reason=f"{name} counts for {group.at_least} at least",
                points=group.at_least - total,
                group=name,
            )


def _shares(learned: Likelihood) -> Iterator[Points]:
    """The probability in percent, as the sum of its reasons.

    Each reason moves the percentage on from where those before it have brought it, the strongest first; what all leads
    of the campaign have in common comes before them. So they add up, whatever is rounded.
    """
    reached = learned.common
    before = _percent(reached)
    yield Points(reason=IN_COMMON, points=before, group="learned")
    for reason, part in sorted(learned.reasons, key=lambda one: (-abs(one[1]), one[0])):
        reached += part
        after = _percent(reached)
        if after != before:
            yield Points(reason=reason, points=after - before, group="learned")
            before = after


def _percent(log_odds: float) -> int:
    bounded = max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, log_odds))
    return round(100 / (1 + exp(-bounded)))


def _moment(value: Any) -> datetime | None:
    """A moment, or a day as its beginning in UTC; None for what is none."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
