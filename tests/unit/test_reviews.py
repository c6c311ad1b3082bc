"""Held leads are released or rejected: by people, who may come at the same moment, and by time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.identities import KeyedIdentities
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.compare_leads import CompareLeads
from baton.application.ports import Execution, Leads
from baton.application.restart_lead import MAX_RESTARTS
from baton.application.review_lead import ReviewLead
from baton.application.sweep_leads import Sweep
from baton.domain.change import Change
from baton.domain.errors import BatonError, ClaimContention, IllegalTransition, NotFound
from baton.domain.lead import WATCH_AFTER, Lead, LeadState
from baton.domain.review import held
from baton.domain.suspicion import Suspicion
from baton.domain.timeline import EventKind
from baton.entrypoints.console.reviews import reviews_api
from tests.builders import (
    LEAD_ID,
    MONDAY_9AM,
    SECOND,
    SECRET,
    World,
    a_campaign,
    a_lead,
    a_rep,
    a_source,
    a_world,
)
from tests.unit.console import Answer, Caller
from tests.unit.interleaving import Stepwise, each

DAY: Final = timedelta(days=1)


def a_held_lead(**campaign: Any) -> World:
    """A world in which lead number 1 fell into the honeypot."""
    world = a_world(a_rep("ana"), documents=(a_source(honeypot_field="website"), a_campaign(**campaign)))
    world.takes_in(website="http://spam")
    return world


def lead_in(world: World) -> Lead:
    return world.leads.get(LEAD_ID)


def a_review(world: World, leads: Leads) -> ReviewLead:
    """The use case over other leads than the world's."""
    compare = CompareLeads(leads, world.ledger, KeyedIdentities(lambda: SECRET))
    return ReviewLead(leads, world.workflows, world.clock, world.configuration, compare)


# --------------------------------------------------------------------------------------------- released
def test_a_released_lead_goes_its_way_and_its_timeline_says_who_released_it() -> None:
    world = a_held_lead()

    reviewed = world.review.release(LEAD_ID, "maria")

    lead = lead_in(world)
    assert (reviewed.lead, reviewed.started) == (lead, True)
    assert (lead.state, lead.cleared, lead.attempt) == (LeadState.RECEIVED, True, 2)
    assert world.workflows.executions == {(LEAD_ID, 2): Execution.RUNNING}
    event = world.leads.timeline(LEAD_ID)[-1]
    assert (event.kind, event.facts) == (
        EventKind.LEAD_RELEASED,
        {"why": ["honeypot"], "by": "maria", "attempt": 2},
    )
    assert world.score(LEAD_ID).state is LeadState.SCORED


def test_released_twice_it_goes_once() -> None:
    """Invariant 8."""
    world = a_held_lead()

    first, second = (world.review.release(LEAD_ID, "maria").lead for _ in range(2))

    assert first == second
    assert len(world.workflows.executions) == 1


def test_a_lead_whose_workflow_could_not_be_started_is_released_and_started_by_the_sweep() -> None:
    world = a_held_lead()
    world.workflows.available = False

    reviewed = world.review.release(LEAD_ID, "maria")

    assert (reviewed.lead.state, reviewed.started) == (LeadState.RECEIVED, False)
    world.workflows.available = True
    world.clock.forward(WATCH_AFTER + SECOND)
    assert world.sweep() == Sweep(started=1)
    assert world.workflows.executions == {(LEAD_ID, 2): Execution.RUNNING}


def test_a_second_click_starts_what_the_first_could_not() -> None:
    world = a_held_lead()
    world.workflows.available = False
    world.review.release(LEAD_ID, "maria")
    world.workflows.available = True

    assert world.review.release(LEAD_ID, "maria").started
    assert len(world.workflows.executions) == 1


def test_a_release_counts_as_one_of_the_attempts_that_a_lead_has() -> None:
    world = a_held_lead()
    world.review.release(LEAD_ID, "maria")
    for attempt in range(2, MAX_RESTARTS + 1):
        world.workflows.executions[LEAD_ID, attempt] = Execution.ENDED
        world.clock.forward(WATCH_AFTER + SECOND)
        found = world.sweep()

    assert found == Sweep(parked=1)


def test_what_was_rejected_may_be_released_after_all() -> None:
    world = a_held_lead()
    world.review.reject(LEAD_ID, "ben", "spam")

    assert world.review.release(LEAD_ID, "maria").lead.state is LeadState.RECEIVED


def test_a_released_lead_is_held_and_disqualified_no_more_whatever_it_scores() -> None:
    world = a_held_lead(scoring={"qualify_from": 100})
    world.review.release(LEAD_ID, "maria")
    world.do_not_contact.add(lead_in(world).person, MONDAY_9AM, "ben")

    assert world.score(LEAD_ID).state is LeadState.SCORED


# --------------------------------------------------------------------------------------------- rejected
def test_a_rejected_lead_is_disqualified_and_its_timeline_says_by_whom_and_why() -> None:
    world = a_held_lead()

    world.review.reject(LEAD_ID, "maria", "spam")

    event = world.leads.timeline(LEAD_ID)[-1]
    assert lead_in(world).state is LeadState.DISQUALIFIED
    assert (event.kind, event.facts) == (
        EventKind.LEAD_DISQUALIFIED,
        {"why": ["honeypot"], "by": "maria", "reason": "spam"},
    )
    assert not world.workflows.executions


def test_rejected_twice_it_is_rejected_once() -> None:
    """Invariant 8."""
    world = a_held_lead()

    first, second = (world.review.reject(LEAD_ID, "maria", "spam").lead for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    "state", [LeadState.RECEIVED, LeadState.ASSIGNED, LeadState.SOLD, LeadState.DUPLICATE]
)
def test_a_lead_that_is_not_held_is_neither_released_nor_rejected(state: LeadState) -> None:
    world = a_world()
    world.leads.leads[LEAD_ID] = a_lead(state=state)  # type: ignore[attr-defined]

    decisions: list[Callable[[], object]] = [
        lambda: world.review.release(LEAD_ID, "maria"),
        lambda: world.review.reject(LEAD_ID, "maria", "spam"),
    ]
    for decide in decisions:
        with pytest.raises(IllegalTransition, match="is not held"):
            decide()


# ------------------------------------------------------------------------------------------------- time
def test_what_nobody_looks_at_for_too_long_is_rejected_by_the_campaigns_rule() -> None:
    world = a_held_lead(quarantine={"reject_after_days": 3})
    world.clock.forward(3 * DAY - SECOND)
    assert world.sweep() == Sweep()
    world.clock.forward(2 * SECOND)

    assert world.sweep() == Sweep(rejected=1)
    event = world.leads.timeline(LEAD_ID)[-1]
    assert lead_in(world).state is LeadState.DISQUALIFIED
    assert (event.facts["by"], event.facts["reason"]) == ("rule", "nobody_looked")
    assert world.sweep() == Sweep()


def test_without_that_rule_a_lead_waits_for_as_long_as_it_takes() -> None:
    world = a_held_lead()
    world.clock.forward(1000 * DAY)

    assert world.sweep() == Sweep()
    assert lead_in(world).state is LeadState.QUARANTINED


def test_a_lead_that_was_released_in_time_is_not_rejected() -> None:
    world = a_held_lead(quarantine={"reject_after_days": 1})
    world.review.release(LEAD_ID, "maria")
    world.clock.forward(2 * DAY)

    assert world.sweep() == Sweep(running=1)


# ------------------------------------------------------------------------------------ at the same moment
def racing(*names: str) -> Callable[[], tuple[World, list[Callable[[], object]]]]:
    """A world with a held lead, and people (and the sweep) who decide about it at the same moment."""

    def build() -> tuple[World, list[Callable[[], object]]]:
        ledger = MemoryLedger()
        leads = Stepwise(MemoryLeads(ledger))
        world = World((a_rep("ana"),), stores=(leads, ledger))
        world.configure(a_source(honeypot_field="website"), a_campaign(quarantine={"reject_after_days": 1}))
        world.takes_in(website="x")
        world.clock.forward(2 * DAY)
        tasks: dict[str, Callable[[], object]] = {
            "release": lambda: world.review.release(LEAD_ID, "maria"),
            "reject": lambda: world.review.reject(LEAD_ID, "ben", "spam"),
            "time": lambda: world.restart.if_idle(LEAD_ID),
        }
        world.told = []  # type: ignore[attr-defined]
        return world, [_noting(world, name, tasks[name]) for name in names]

    return build


def _noting(world: Any, name: str, task: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        try:
            task()
            world.told.append(name)
        except IllegalTransition:
            world.told.append(f"no {name}")

    return run


@pytest.mark.parametrize("names", [("release", "reject"), ("release", "time"), ("release", "release")])
def test_of_two_decisions_at_once_the_lead_is_where_the_last_that_counted_put_it(
    names: tuple[str, str],
) -> None:
    """Every interleaving: who saw the lead held, and was told yes, finds it as they decided, or decided upon later."""
    for world in each(racing(*names)):
        lead, timeline = lead_in(world), world.leads.timeline(LEAD_ID)
        decided = [e.kind for e in timeline[1:]]

        assert len(timeline) == lead.rev
        assert lead.state is (LeadState.RECEIVED if lead.cleared else LeadState.DISQUALIFIED)
        assert world.workflows.executions.keys() == ({(LEAD_ID, 2)} if lead.cleared else set())
        assert decided in (
            [EventKind.LEAD_RELEASED],
            [EventKind.LEAD_DISQUALIFIED],
            # One after the other: the second has seen what the first decided, and thinks otherwise.
            [EventKind.LEAD_DISQUALIFIED, EventKind.LEAD_RELEASED],
        )
        if "no release" in world.told:  # type: ignore[attr-defined]
            assert decided == [EventKind.LEAD_DISQUALIFIED]
        if "no reject" in world.told:  # type: ignore[attr-defined]
            assert decided == [EventKind.LEAD_RELEASED]


@pytest.mark.parametrize(
    ("late", "first", "state"),
    [("release", "reject", LeadState.DISQUALIFIED), ("reject", "release", LeadState.RECEIVED)],
)
def test_who_saw_the_lead_held_does_not_undo_what_somebody_decided_meanwhile(
    late: str, first: str, state: LeadState
) -> None:
    world = a_held_lead()
    decide = {
        "release": lambda review: review.release(LEAD_ID, "maria"),
        "reject": lambda review: review.reject(LEAD_ID, "ben", "spam"),
    }

    class Slow(MemoryLeads):
        """Whoever writes here comes second."""

        def commit(self, change: Change) -> bool:
            if lead_in(world).rev == 1:
                decide[first](world.review)
            return world.leads.commit(change)

    slow = Slow(MemoryLedger())
    slow.leads = world.leads.leads  # type: ignore[attr-defined]

    with pytest.raises(IllegalTransition):
        decide[late](a_review(world, slow))
    assert lead_in(world).state is state


def test_somebody_who_always_comes_too_late_is_told_to_try_again() -> None:
    world = a_held_lead()

    class Busy(MemoryLeads):
        def commit(self, change: object) -> bool:
            return False

    busy = Busy(MemoryLedger())
    busy.leads = world.leads.leads  # type: ignore[attr-defined]

    with pytest.raises(ClaimContention):
        a_review(world, busy).release(LEAD_ID, "maria")


# ------------------------------------------------------------------------------ held in the middle of its way
@given(
    st.sets(st.sampled_from([*Suspicion]), min_size=1),
    st.sets(st.sampled_from([*Suspicion])),
    st.booleans(),
)
def test_a_released_lead_is_never_held_again_and_another_is_held_for_what_is_new_about_it(
    found: set[Suspicion], known: set[Suspicion], cleared: bool
) -> None:
    lead = a_lead(state=LeadState.RECEIVED, suspicions=tuple(known), cleared=cleared)

    change = held(lead, found, a_campaign(), MONDAY_9AM)

    assert (change is None) is (cleared or found <= known)
    if change:
        assert set(change.lead.suspicions) == found | known
        assert change.lead.state is LeadState.QUARANTINED
        assert change.event.facts["why"] == [str(code) for code in Suspicion if code in found | known]


# ---------------------------------------------------------------------------------------------- the API
def asks(
    world: World, path: str, body: Any = None, *, groups: str = "admin", lead_id: str = LEAD_ID
) -> Answer:
    """The answer to somebody who decides about a lead."""
    console = reviews_api(lambda: world.review, lambda: world.refuse)
    return Caller(console, groups=groups)("POST", f"/v1/leads/{lead_id}/{path}", body)


def test_an_admin_releases_and_rejects_leads() -> None:
    world = a_held_lead()

    rejected = asks(world, "rejection", {"reason": "spam"})
    released = asks(world, "release")
    refused = asks(world, "rejection", {})

    assert (rejected.status, rejected.json) == (200, {"lead_id": LEAD_ID, "state": "disqualified"})
    assert (released.status, released.json) == (200, {"lead_id": LEAD_ID, "state": "received"})
    assert (refused.status, refused.code) == (409, "illegal-transition")
    assert [event.facts.get("by") for event in world.leads.timeline(LEAD_ID)] == [None, "maria", "maria"]


@pytest.mark.parametrize("reason", ["Maria Lopez", "", 7, "x" * 65, "a@b.co"])
def test_the_reason_is_a_code_so_that_no_event_tells_of_a_person(reason: Any) -> None:
    answer = asks(a_held_lead(), "rejection", {"reason": reason})

    assert (answer.status, list(answer.errors)) == (422, ["reason"])


@pytest.mark.parametrize("path", ["release", "rejection"])
@pytest.mark.parametrize("groups", ["viewer", "others"])
def test_only_an_admin_decides(path: str, groups: str) -> None:
    world = a_held_lead()

    assert asks(world, path, {}, groups=groups).code == "forbidden"
    assert lead_in(world).state is LeadState.QUARANTINED


@pytest.mark.parametrize("lead_id", [f"{9:032x}", "x"])
def test_a_lead_that_is_not_there_is_not_found(lead_id: str) -> None:
    assert asks(a_held_lead(), "release", lead_id=lead_id).code == "not-found"
    with pytest.raises(NotFound):
        a_held_lead().review.reject(lead_id, "maria", "spam")


def test_errors_of_a_review_say_nothing_about_anybody() -> None:
    with pytest.raises(BatonError) as refused:
        a_world().review.release(a_world().takes_in(), "maria")

    assert "maria" not in str(refused.value)
