"""Scores: points with their reasons, that fade, are capped, and make bands; and what a learned score does to them."""

from datetime import timedelta
from math import exp
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.domain.lead import LeadState
from baton.domain.scoring import SOURCE_QUALITY, Likelihood, Mode, Scoring, rate
from baton.domain.suspicion import Suspicion
from tests.builders import MONDAY_9AM, World, a_campaign, a_rep, a_source

YES: Final = {"field": "contact.state", "op": "exists", "value": True}
NO: Final = {"field": "contact.state", "op": "exists", "value": False}


def facts(**attributes: Any) -> dict[str, Any]:
    """A lead's facts on Monday at nine."""
    time = {"now": MONDAY_9AM, "received": MONDAY_9AM}
    return {
        "contact": {"state": "NY"},
        "attributes": attributes,
        "consent": {},
        "attribution": {},
        "time": time,
    }


def scoring(*rules: dict[str, Any], **more: Any) -> Scoring:
    every = [{"reason": f"rule {n}", "when": YES, **rule} for n, rule in enumerate(rules)]
    return Scoring.model_validate({"rules": every, **more})


def ago(days: float) -> str:
    return (MONDAY_9AM - timedelta(days=days)).isoformat()


# ---- points that fade


@pytest.mark.parametrize(("days", "left"), [(0, 40), (7, 20), (14, 10), (3.5, 28), (70, 0), (-3, 40)])
def test_points_fade_by_half_in_every_half_life(days: float, left: int) -> None:
    fading = scoring({"points": 40, "since": "attributes.visited", "half_life_days": 7})

    assert rate(fading, facts(visited=ago(days))).points == left


@pytest.mark.parametrize("visited", [None, "soon", 5, ["2026-11-23"]])
def test_points_that_fade_need_to_know_since_when(visited: Any) -> None:
    fading = scoring({"points": 40, "since": "attributes.visited", "half_life_days": 7})

    assert rate(fading, facts(visited=visited)).points == 0


@given(st.floats(0, 1000), st.floats(0, 1000), st.integers(-1000, 1000))
def test_what_is_older_never_counts_for_more(one: float, other: float, points: int) -> None:
    fading = scoring({"points": points, "since": "attributes.visited", "half_life_days": 30})
    newer, older = (abs(rate(fading, facts(visited=ago(days))).points) for days in sorted((one, other)))

    assert older <= newer <= abs(points)


def test_a_rule_fades_from_a_moment_by_a_half_life_or_not_at_all() -> None:
    for half in ({"since": "attributes.visited"}, {"half_life_days": 7}):
        with pytest.raises(ValidationError, match="both since and half_life_days"):
            scoring({"points": 1, **half})


# ---- groups


def test_a_group_counts_for_no_more_than_it_may_and_says_what_was_taken_off() -> None:
    capped = scoring(
        {"points": 30, "group": "behavioural"},
        {"points": 30, "group": "behavioural"},
        {"points": 10, "group": "demographic"},
        {"points": -50, "group": "warnings"},
        groups={"behavioural": {"at_most": 40}, "warnings": {"at_least": -20}},
    )

    score = rate(capped, facts())

    assert score.points == 40 + 10 - 20
    assert [(one.reason, one.points) for one in score.reasons[-2:]] == [
        ("behavioural counts for 40 at most", -20),
        ("warnings counts for -20 at least", 30),
    ]


def test_a_source_brings_points_of_its_own() -> None:
    score = rate(scoring({"points": 5}), facts(), source_points=15)

    assert score.points == 20
    assert score.reasons[0].reason == SOURCE_QUALITY


rules = st.lists(
    st.fixed_dictionaries(
        {"points": st.integers(-1000, 1000), "when": st.sampled_from([YES, NO])},
        optional={"group": st.sampled_from(["a", "b", "c"])},
    ),
    max_size=12,
)
caps = st.dictionaries(
    st.sampled_from(["a", "b", "c", "source"]),
    st.fixed_dictionaries({}, optional={"at_most": st.integers(0, 500), "at_least": st.integers(-500, 0)}),
)


@given(rules, caps, st.integers(-500, 500))
def test_the_reasons_add_up_to_the_score_and_no_group_is_beyond_its_caps(
    given_rules: list[dict[str, Any]], given_caps: dict[str, Any], source_points: int
) -> None:
    found = scoring(*given_rules, groups=given_caps)
    score = rate(found, facts(), source_points=source_points)

    assert sum(one.points for one in score.reasons) == score.points
    for name, group in found.groups.items():
        total = sum(one.points for one in score.reasons if one.group == name)
        assert group.at_most is None or total <= group.at_most
        assert group.at_least is None or total >= group.at_least


# ---- bands and thresholds


@pytest.mark.parametrize(
    ("points", "band"), [(95, "hot"), (80, "hot"), (79, "warm"), (0, "cold"), (-1, None)]
)
def test_a_lead_is_in_the_highest_band_that_it_reaches(points: int, band: str | None) -> None:
    assert rate(scoring({"points": points}, bands={"hot": 80, "warm": 50, "cold": 0}), facts()).band == band


@pytest.mark.parametrize(
    ("points", "state"),
    [
        (9, LeadState.DISQUALIFIED),
        (10, LeadState.QUARANTINED),
        (29, LeadState.QUARANTINED),
        (30, LeadState.SCORED),
    ],
)
def test_a_lead_is_turned_away_held_or_let_on_by_its_points(points: int, state: LeadState) -> None:
    world = World(reps=(a_rep(),))
    rules = scoring({"points": points}, qualify_from=10, hold_below=30, bands={"cold": 0})
    world.configure(a_campaign(scoring=rules.model_dump(mode="json", by_alias=True)))

    lead = world.score(world.takes_in(state="NY"))

    assert (lead.state, lead.score, lead.band) == (state, points, "cold")
    assert (Suspicion.LOW_SCORE in lead.suspicions) is (state is LeadState.QUARANTINED)


def test_a_lead_that_a_person_released_is_not_held_again() -> None:
    world = World(reps=(a_rep(),))
    world.configure(
        a_campaign(scoring=scoring({"points": 5}, hold_below=30).model_dump(mode="json", by_alias=True))
    )
    lead_id = world.score(world.takes_in(state="NY")).lead_id

    world.review.release(lead_id, "maria")

    assert world.score(lead_id).state is LeadState.SCORED


def test_somebody_who_wants_no_contact_is_held_whatever_the_score() -> None:
    world = World(reps=(a_rep(),))
    lead_id = world.takes_in()
    world.do_not_contact.add(world.leads.get(lead_id).person, MONDAY_9AM, "maria")

    lead = world.score(lead_id)

    assert (lead.state, lead.suspicions) == (LeadState.QUARANTINED, (Suspicion.DO_NOT_CONTACT,))


def test_the_points_of_a_source_count_in_the_workflow_too() -> None:
    world = World(reps=(a_rep(),))
    world.configure(a_source(score_points=12))

    assert world.score(world.takes_in()).score == 12


# ---- what was learned


def likely(*parts: float, enough: bool = True, common: float = -0.5) -> Likelihood:
    log_odds = common + sum(parts)
    reasons = tuple((f"field {n}: x", part) for n, part in enumerate(parts))
    return Likelihood(probability=1 / (1 + exp(-log_odds)), common=common, reasons=reasons, enough=enough)


def learned(mode: Mode) -> Scoring:
    return scoring({"points": 7}, learned={"mode": mode})


def test_in_the_shadow_what_was_learned_is_told_and_decides_nothing() -> None:
    score = rate(learned(Mode.SHADOW), facts(), likelihood=likely(1.2))

    assert (score.points, score.learned) == (7, False)
    assert score.probability == pytest.approx(0.668, abs=0.001)


def test_switched_on_it_is_the_score_in_percent_with_its_reasons() -> None:
    score = rate(learned(Mode.ON), facts(), likelihood=likely(1.2, -0.3))

    assert (score.points, score.learned) == (60, True)
    assert [(one.reason, one.points) for one in score.reasons] == [
        ("what all leads of the campaign have in common", 38),
        ("field 0: x", 29),
        ("field 1: x", -7),
    ]


def test_until_enough_is_known_the_rules_count() -> None:
    score = rate(learned(Mode.ON), facts(), likelihood=likely(1.2, enough=False))

    assert (score.points, score.learned, score.probability) == (7, False, None)


@given(st.lists(st.floats(-8, 8), max_size=12), st.floats(-6, 6))
def test_the_learned_reasons_add_up_too(parts: list[float], common: float) -> None:
    found = likely(*parts, common=common)
    score = rate(learned(Mode.ON), facts(), likelihood=found)

    assert sum(one.points for one in score.reasons) == score.points
    assert abs(score.points - 100 * found.probability) <= 1
