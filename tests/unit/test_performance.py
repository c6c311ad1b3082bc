"""Weights by performance, and the outcomes that they are measured by."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.reweigh_pools import ReweighPools
from baton.domain.editing import Author, Edit
from baton.domain.errors import IllegalTransition
from baton.domain.lead import LeadState
from baton.domain.outcome import Outcome, Report
from baton.domain.performance import SCALE, measured
from baton.domain.pool import Performance, Pool
from baton.domain.standing import Turn
from tests.builders import MONDAY_9AM, World, a_pool, a_rep, a_world

THIS_WEEK = "week:2026-W48"
LONG_AGO = "week:2026-W20"


def a_record(who: str, leads: int, conversions: int, week: str = THIS_WEEK) -> Turn:
    """What somebody made of a week's leads."""
    return Turn("team", who, taken={week: leads}, converted={week: conversions})


def weights(*turns: Turn, **performance: Any) -> dict[str, int]:
    """The weights that follow, in hundredths of a percent."""
    by_id = {turn.recipient_id: [turn] for turn in turns}
    found = measured(by_id, frozenset({THIS_WEEK}), Performance(**performance))
    return {one.recipient_id: one.weight for one in found}


def test_shares_follow_conversion() -> None:
    found = weights(a_record("ana", 1000, 300), a_record("ben", 1000, 100), floor_percent=0, prior_leads=1)

    assert found["ana"] == pytest.approx(3 * found["ben"], rel=0.01)


def test_few_leads_say_little() -> None:
    """Two out of two is no proof: the estimate stays near the pool's mean of one in five."""
    found = weights(a_record("ana", 2, 2), a_record("ben", 998, 198), floor_percent=0, prior_leads=30)

    assert found["ana"] < 1.3 * found["ben"]


def test_nobody_falls_below_the_floor() -> None:
    found = weights(a_record("ana", 500, 0), a_record("ben", 500, 400), floor_percent=10, prior_leads=1)

    assert found["ana"] == pytest.approx(0.1 * 0.5 * SCALE, abs=20), "a tenth of an equal share"


def test_the_floor_leaves_room_for_performance_in_a_pool_of_any_size() -> None:
    team = [a_record(f"m{n:02}", 100, 50 if n == 0 else 1) for n in range(40)]

    found = weights(*team)

    assert found["m00"] > 5 * found["m01"]


def test_without_a_single_conversion_all_are_equal() -> None:
    assert weights(a_record("ana", 5, 0), a_record("ben", 90, 0)) == {"ana": 5000, "ben": 5000}


def test_leads_before_the_window_no_longer_count() -> None:
    found = weights(a_record("ana", 100, 90, LONG_AGO), a_record("ben", 100, 10))

    assert found["ben"] >= found["ana"]


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=20),
    st.floats(0, 100),
    st.integers(1, 1000),
    st.integers(0, 500),
)
def test_weights_are_whole_shares_that_add_up_and_more_conversions_of_as_many_leads_never_mean_fewer(
    records: list[tuple[int, int]], floor: float, prior: int, more: int
) -> None:
    turns = [a_record(f"m{n:02}", leads, min(won, leads)) for n, (leads, won) in enumerate(records)]
    found = weights(*turns, floor_percent=floor, prior_leads=prior)
    leads, won = records[0]
    better = a_record("m00", leads, min(leads, won + more))

    assert all(weight >= 1 for weight in found.values())
    assert sum(found.values()) == pytest.approx(SCALE, abs=len(turns))
    assert weights(better, *turns[1:], floor_percent=floor, prior_leads=prior)["m00"] >= found["m00"] - 1


def reweigher(pool: Pool, *turns: Turn) -> tuple[ReweighPools, MemoryArchive]:
    """The use case over a pool and what its members made of its leads."""
    ledger, archive = MemoryLedger(), MemoryArchive(MemoryConfiguration())
    ledger.turns = {(turn.queue, turn.recipient_id): turn for turn in turns}
    archive.apply([Edit(None, pool)], 0, Author("ops", MONDAY_9AM))
    return ReweighPools(archive, ledger, FixedClock(MONDAY_9AM)), archive


def test_new_weights_are_in_the_pool_and_in_the_change_log() -> None:
    pool = a_pool("ana", "ben", weighting="performance")
    reweigh, archive = reweigher(pool, a_record("ana", 900, 300), a_record("ben", 900, 100))

    assert [one.changed for one in reweigh()] == [True]

    stored = archive.find(Pool, "team")
    assert stored
    ana, ben = stored.document.members
    assert ana.weight > ben.weight
    entry = archive.changes(1).items[0]
    assert (entry.by, entry.key) == ("baton", "team")
    assert entry.before != entry.after


def test_measuring_again_without_news_changes_and_logs_nothing() -> None:
    reweigh, archive = reweigher(a_pool("ana", "ben", weighting="performance"), a_record("ana", 90, 30))
    reweigh()
    before = archive.revision()

    assert [one.changed for one in reweigh()] == [False]
    assert archive.revision() == before


def test_stated_weights_are_measured_and_left_alone() -> None:
    reweigh, archive = reweigher(a_pool("ana", "ben"), a_record("ana", 900, 300))

    assert reweigh() == []
    assert reweigh.one("team", "ops").changed is False
    assert archive.revision() == 1


# ---- outcomes


def taken(world: World) -> str:
    """A lead that ana has."""
    lead_id = world.offers()
    assert world.leads.get(lead_id).recipient_id == "ana"
    return lead_id


@pytest.mark.parametrize(
    ("outcome", "left"), [("contacted", 1), ("converted", 0), ("lost", 0), ("returned", 0)]
)
def test_a_finished_lead_frees_its_reps_capacity(outcome: str, left: int) -> None:
    world = a_world(a_rep("ana"), auto_accept=True)
    lead_id = taken(world)

    lead = world.conclude(lead_id, Report(outcome=Outcome(outcome)), "crm")

    assert (lead.state, world.usage("ana").open_leads) == (LeadState(outcome), left)
    assert world.leads.timeline(lead_id)[-1].state == outcome


def test_the_same_outcome_twice_counts_once() -> None:
    """Invariant 8."""
    world = a_world(a_rep("ana"), auto_accept=True)
    lead_id = taken(world)
    for _ in range(2):
        world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm")

    turn = world.ledger.standings([("team", "ana")], []).turn("team", "ana")
    assert (sum(turn.converted.values()), world.usage("ana").open_leads) == (1, 0)
    assert len(world.leads.timeline(lead_id)) == 4


def test_a_conversion_counts_in_the_week_in_which_the_lead_was_got() -> None:
    world = a_world(a_rep("ana"), auto_accept=True)
    lead_id = taken(world)
    world.clock.forward(timedelta(days=20))
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm")

    turn = world.ledger.standings([("team", "ana")], []).turn("team", "ana")
    assert (turn.taken, turn.converted) == ({THIS_WEEK: 1}, {THIS_WEEK: 1})


def test_a_returned_lead_counts_in_no_cap_and_gives_its_turn_back() -> None:
    world = a_world(a_rep("ana", caps={"per_day": 1}), a_rep("ben"), auto_accept=True)
    lead_id = taken(world)
    world.conclude(lead_id, Report(outcome=Outcome.RETURNED), "crm")

    assert (world.turns("ana"), world.usage("ana").taken["day:2026-11-23"]) == (0, 0)
    assert [world.leads.get(world.offers()).recipient_id for _ in range(2)] == ["ben", "ana"]


def test_a_lost_lead_of_which_a_contact_is_told_late_stays_lost() -> None:
    world = a_world(a_rep("ana"), auto_accept=True)
    lead_id = taken(world)
    world.conclude(lead_id, Report(outcome=Outcome.LOST), "crm")
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED), "crm")

    lead = world.leads.get(lead_id)
    assert (lead.state, lead.contacted_at) == (LeadState.LOST, world.clock.at)
    assert world.usage("ana").open_leads == 0


def test_a_lead_that_nobody_has_has_no_outcome() -> None:
    world = a_world(a_rep("ana", paused=True), auto_accept=True)

    with pytest.raises(IllegalTransition, match="unassigned"):
        world.conclude(world.offers(), Report(outcome=Outcome.CONVERTED), "crm")
