"""The trace: everybody who was considered, with one reason each, and the same bytes for the same input."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.decision import decide
from baton.domain.lead import PastOffer
from baton.domain.plan import Model
from baton.domain.pool import Member
from baton.domain.recipient import Recipient
from baton.domain.situation import Situation
from baton.domain.trace import MAX_CANDIDATES, REASON_NUMBERS, Reason, StageOutcome
from baton.domain.trace_words import told
from tests.builders import (
    MONDAY_9AM,
    World,
    a_lead,
    a_member,
    a_plan,
    a_pool,
    a_rep,
    a_stage,
    standings,
    used,
)

ROOT = Path(__file__).parents[2]
NAMES = [f"rep-{i:03}" for i in range(12)]
ROW_LIMIT_BYTES = 400 * 1024


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Two stages over small pools of reps in all sorts of conditions."""
    reps = {}
    for who in NAMES[: draw(st.integers(1, 12))]:
        limits = draw(st.sampled_from([{}, {"per_day": 2}, {"open_leads": 1}, {"per_day": 0}]))
        reps[who] = a_rep(who, active=draw(st.booleans()), caps=limits)
    members = st.lists(st.sampled_from(NAMES), unique=True, max_size=12)
    pools = {
        pool_id: a_pool(
            *(Member(recipient_id=who, priority=draw(st.integers(1, 3))) for who in draw(members)),
            pool_id=pool_id,
        )
        for pool_id in ("first", "second")
    }
    models = st.sampled_from(["round_robin", "weighted", "waterfall"])
    stages = [
        a_stage(
            pool_id, model=draw(models), max_offers=draw(st.sampled_from([None, 1])), off=draw(st.booleans())
        )
        for pool_id in pools
    ]
    offers = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
    return Situation(
        lead=a_lead(offers=tuple(PastOffer(recipient_id=who, stage=0) for who in offers)),
        plan=a_plan(*stages, fallback=draw(st.sampled_from([None, NAMES[0], "ghost"]))),
        pools=pools,
        recipients=reps,
        standings=standings(
            {who: draw(st.integers(0, 5)) for who in reps},
            [used(who, draw(st.integers(0, 3)), open_leads=draw(st.integers(0, 2))) for who in reps],
            pool_id="first",
        ),
        now=MONDAY_9AM + timedelta(hours=draw(st.integers(0, 40))),
        attempt=draw(st.integers(0, 3)),
    )


@given(situations())
def test_every_candidate_of_every_stage_tried_has_exactly_one_reason(situation: Situation) -> None:
    """Invariant 6."""
    for tried in decide(situation).trace.stages:
        named = [candidate.recipient_id for candidate in tried.candidates]
        if tried.stage is None:
            assert named == [situation.plan.fallback]
        elif tried.outcome in {
            StageOutcome.SWITCHED_OFF,
            StageOutcome.NOT_FOR_THIS_LEAD,
            StageOutcome.OFFERS_USED_UP,
        }:
            assert named == []
        else:
            pool = situation.pools[situation.plan.stages[tried.stage].pool_id]
            assert sorted(named) == sorted(member.recipient_id for member in pool.members)


@given(situations())
def test_the_trace_calls_chosen_whoever_gets_the_lead_and_nobody_else(situation: Situation) -> None:
    decision = decide(situation)

    chosen = [
        c.recipient_id for s in decision.trace.stages for c in s.candidates if c.reason is Reason.CHOSEN
    ]
    assert chosen == ([decision.choice.recipient.id] if decision.choice else [])


@given(situations())
def test_the_same_input_gives_the_same_bytes(situation: Situation) -> None:
    """Invariant 7."""
    first, second = decide(situation), decide(situation)

    assert first.choice == second.choice
    assert first.trace.model_dump_json() == second.trace.model_dump_json()


def large_team(accepts: object = None) -> list[Recipient]:
    """A hundred and twenty reps, of whom twenty are not active."""
    return [a_rep(f"rep-{i:03}", active=i % 6 != 0, accepts=accepts) for i in range(120)]


def of_large_team(reps: list[Recipient]) -> Situation:
    """The situation of a lead that any of them might get."""
    by_id = {rep.id: rep for rep in reps}
    return Situation(a_lead(), a_plan(), {"team": a_pool(*reps)}, by_id, standings(), MONDAY_9AM)


def test_beyond_a_hundred_candidates_the_trace_counts_per_reason_and_still_names_the_chosen() -> None:
    """Invariant 6."""
    decision = decide(of_large_team(large_team()))

    (tried,) = decision.trace.stages
    reasons = Counter(str(candidate.reason) for candidate in tried.candidates) + Counter(tried.more)
    assert len(tried.candidates) == MAX_CANDIDATES
    assert reasons == {"chosen": 1, "later_turn": 99, "inactive": 20}
    assert decision.choice is not None
    assert decision.trace.reason_for(decision.choice.recipient.id) == Reason.CHOSEN


def test_a_trace_fits_its_row_even_where_territories_are_long_lists() -> None:
    """An offer, with its trace, is one row, and a row holds 400 KB."""
    territory = {"field": "contact.postal_code", "op": "in", "value": [f"{i:05}" for i in range(1000)]}

    trace = decide(of_large_team(large_team(territory))).trace

    assert len(trace.model_dump_json()) < ROW_LIMIT_BYTES


def test_a_trace_fits_its_row_even_where_everything_speaks_against_everybody() -> None:
    conditions = [
        {
            "field": f"attributes.a_rather_long_name_{n}",
            "op": "in",
            "value": [f"{n}-{i:09}" for i in range(99)],
        }
        for n in range(9)
    ]
    caps = {"per_hour": 0, "per_day": 0, "per_week": 0, "per_month": 0, "open_leads": 0}
    against = {
        "accepts": {"all": conditions},
        "caps": caps,
        "campaign_caps": {"solar": {name: 0 for name in caps if name.startswith("per_")}},
        "schedule": {"leave": [{"first": "2026-11-01", "last": "2026-12-31"}]},
        "paused": True,
        "active": False,
    }
    situation = of_large_team([a_rep(f"rep-{i:03}", **against) for i in range(120)])
    plan = situation.plan.model_copy(update={"stages": situation.plan.stages * 20})

    trace = decide(replace(situation, plan=plan)).trace

    assert len(trace.stages[0].candidates[0].also) > 10
    assert len(trace.model_dump_json()) < ROW_LIMIT_BYTES


def test_every_reason_has_a_number_of_its_own() -> None:
    assert set(REASON_NUMBERS) == set(Reason)
    assert len(set(REASON_NUMBERS.values())) == len(Reason)


def test_every_process_decides_the_same_whatever_its_hash_seed() -> None:
    """Invariant 7."""
    code = (
        "from baton.domain.decision import decide; from tests.unit.test_trace import large_team, of_large_team;"
        "print(decide(of_large_team(large_team())).trace.model_dump_json())"
    )
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers/shared")])
    traces = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(traces) == 1


def test_a_trace_fits_its_row_even_over_many_stages_and_alternatives() -> None:
    zips = [{"field": "contact.postal_code", "op": "in", "value": [f"{i:05}" for i in range(50)]}] * 50
    situation = of_large_team(large_team({"any": zips}))
    plan = situation.plan.model_copy(update={"stages": situation.plan.stages * 20})

    trace = decide(replace(situation, plan=plan)).trace

    assert len(trace.model_dump_json()) < ROW_LIMIT_BYTES
    assert all(sum(stage.more.values()) + len(stage.candidates) > 0 for stage in trace.stages)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Model.ROUND_ROBIN, "gave the lead to the one in turn"),
        (Model.WEIGHTED, "gave the lead to the one in turn, by share"),
        (Model.LEAST_LOADED, "gave the lead to the one with the fewest open leads"),
        (Model.LONGEST_IDLE, "gave the lead to the one who had waited longest for one"),
        (Model.WATERFALL, "gave the lead to the first in priority who could have it"),
    ],
)
def test_a_stage_says_in_the_words_of_its_model_why_the_one_came_first(model: Model, words: str) -> None:
    members = (a_member("ana", priority=1), a_member("ben", priority=2))
    world = World(
        (a_rep("ana"), a_rep("ben")), plan=a_plan(a_stage(model=model)), documents=(a_pool(*members),)
    )
    lead_id = world.offers()

    (stage,) = told(world.leads.offer(lead_id, 1).trace)["stages"]

    assert stage["words"] == words
