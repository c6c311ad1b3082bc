"""The sweep: a lead whose workflow never started, died or gave up is not lost."""

from datetime import timedelta

import pytest

from baton.adapters.doubles import MemoryWorkflows
from baton.application.ports import Execution
from baton.application.restart_lead import MAX_RESTARTS
from baton.application.sweep_leads import Sweep
from baton.domain.errors import WorkflowUnavailable
from baton.domain.lead import WATCH_AFTER, LeadState
from baton.domain.offer import OfferState
from baton.domain.outcome import Outcome, Report
from baton.domain.timeline import EventKind
from tests.builders import MINUTE, SECOND, World, a_campaign, a_plan, a_rep, a_stage, a_world

ana, ben = a_rep("ana"), a_rep("ben")
LATER = WATCH_AFTER + SECOND


def dies(world: World, lead_id: str) -> None:
    """The lead's workflow ends without having moved it, and time passes."""
    attempt = world.leads.get(lead_id).attempt
    world.workflows.executions[lead_id, attempt] = Execution.ENDED
    world.clock.forward(LATER)


def test_a_lead_whose_workflow_could_not_be_started_is_stored_and_started_by_the_sweep() -> None:
    """Invariant 1."""
    world = a_world(ana)
    world.workflows.available = False
    lead_id = world.takes_in()
    world.workflows.available = True
    world.clock.forward(LATER)

    assert world.sweep() == Sweep(started=1)
    assert list(world.workflows.executions) == [(lead_id, 1)]


def test_a_lead_whose_workflow_died_is_started_as_the_next_attempt() -> None:
    world = a_world(ana)
    lead_id = world.takes_in()
    dies(world, lead_id)

    assert world.sweep() == Sweep(started=1)
    assert world.workflows.executions[lead_id, 2] is Execution.RUNNING
    assert world.leads.get(lead_id).attempt == 2


def test_a_lead_that_moves_is_left_alone() -> None:
    world = a_world(ana)
    world.takes_in()
    assert world.sweep() == Sweep()

    world.clock.forward(LATER)
    assert world.sweep() == Sweep(running=1)


def test_the_sweep_repeated_changes_nothing_the_second_time() -> None:
    """Invariant 8."""
    world = a_world(ana)
    dies(world, world.takes_in())

    assert [world.sweep(), world.sweep()] == [Sweep(started=1), Sweep()]
    assert len(world.workflows.executions) == 2


def test_after_too_many_attempts_the_lead_is_parked_and_operations_hear_of_it() -> None:
    world = a_world(ana)
    lead_id = world.takes_in()
    for _ in range(MAX_RESTARTS - 1):
        dies(world, lead_id)
        assert world.sweep() == Sweep(started=1)
    dies(world, lead_id)

    assert world.sweep() == Sweep(parked=1)
    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    assert "A lead is stuck and was parked" in dict(world.alerts.told)


def test_a_parked_lead_gives_back_the_offer_that_nobody_can_answer() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    world.park(lead_id, step="Offer", error="Boom")

    assert world.leads.offer(lead_id, 1).state is OfferState.RELEASED
    assert (world.turns("ana"), world.usage("ana").open_leads) == (0, 0)
    assert world.leads.timeline(lead_id)[-1].facts == {"step": "Offer", "error": "Boom"}


def test_parking_twice_changes_nothing_the_second_time() -> None:
    """Invariant 8."""
    world = a_world(ana)
    lead_id = world.offers()
    world.park(lead_id, step="Offer", error="Boom")
    before = world.leads.get(lead_id)

    world.park(lead_id, step="Offer", error="Boom")

    assert world.leads.get(lead_id) == before


def test_an_offer_whose_workflow_died_expires_when_the_next_attempt_routes_it() -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.clock.forward(5 * MINUTE)
    dies(world, lead_id)
    world.sweep()

    assert world.step(lead_id).lead.recipient_id == "ben"


class OneIsBroken(MemoryWorkflows):
    """Executions of which one lead's can never be asked for."""

    broken = ""
    error: type[Exception] = WorkflowUnavailable

    def status(self, lead_id: str, attempt: int) -> Execution:
        """See Workflows.status."""
        if lead_id == self.broken:
            raise self.error
        return super().status(lead_id, attempt)


@pytest.mark.parametrize("error", [WorkflowUnavailable, ValueError])
def test_one_lead_that_cannot_be_helped_never_keeps_the_others_waiting(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Whatever is wrong with it: a row that cannot be read is a ValueError."""
    world = a_world(ana)
    leads = [world.takes_in() for _ in range(3)]
    broken = OneIsBroken()
    broken.broken, broken.error = leads[0], error
    monkeypatch.setattr(world.restart, "_workflows", broken)
    world.clock.forward(LATER)

    assert world.sweep() == Sweep(started=2, failed=1)


def test_operations_hear_of_leads_that_wait_for_minutes() -> None:
    world = a_world(ana)
    world.workflows.available = False
    lead_id = world.takes_in()
    world.clock.forward(LATER + 5 * MINUTE)
    world.sweep()

    subject, facts = world.alerts.told[-1]
    assert subject == "Leads are not moving"
    assert facts["first"] == [lead_id]


# ---- leads that expire


def kept_for_30_days() -> tuple[World, str]:
    """A lead that ana took and that expires after 30 days."""
    world = World(reps=(ana,), plan=a_plan(a_stage(auto_accept=True)))
    world.configure(a_campaign(retention_days=30))
    lead_id = world.scores()
    world.route(lead_id)
    return world, lead_id


@pytest.mark.parametrize("outcome", [None, Outcome.CONTACTED])
def test_a_lead_that_expires_unfinished_takes_up_nobodys_capacity_for_ever(outcome: Outcome | None) -> None:
    world, lead_id = kept_for_30_days()
    if outcome:
        world.conclude(lead_id, Report(outcome=outcome), "crm")
    world.clock.forward(timedelta(days=29) - SECOND)
    assert (world.sweep(), world.usage("ana").open_leads) == (Sweep(), 1)

    world.clock.forward(2 * SECOND)
    assert (world.sweep(), world.usage("ana").open_leads) == (Sweep(lapsed=1), 0)
    assert world.leads.get(lead_id).learned is None
    event = world.leads.timeline(lead_id)[-1]
    assert (event.kind, event.facts["by"]) == (EventKind.LEAD_LOST, "retention")
    assert world.sweep() == Sweep()


@pytest.mark.parametrize("outcome", [Outcome.CONVERTED, Outcome.LOST])
def test_a_finished_lead_expires_in_peace(outcome: Outcome) -> None:
    world, lead_id = kept_for_30_days()
    world.conclude(lead_id, Report(outcome=outcome), "crm")
    world.clock.forward(timedelta(days=29, hours=1))

    assert world.sweep() == Sweep()
    assert world.leads.get(lead_id).state == outcome.state
