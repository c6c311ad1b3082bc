"""Invariant 8: a step that is repeated, as Step Functions may at any time, changes nothing the second time."""

from collections.abc import Callable
from typing import Any

import pytest

from baton.application.answer_offer import Answer
from tests.builders import MINUTE, World, a_plan, a_rep, a_stage, a_world

ana, ben = a_rep("ana"), a_rep("ben")
type Step = Callable[[World, str], object]


def books(world: World) -> Any:
    """All that is stored, and all that was sent."""
    store, ledger, sent = world.leads, world.ledger, list(world.notifier.sent)
    rows: Any = (store, ledger)
    return dict(rows[0].leads), dict(rows[0].offers), dict(rows[1].turns), dict(rows[1].usage), sent


def expired(world: World) -> str:
    """A lead whose offer has just expired."""
    lead_id = world.offers()
    world.clock.forward(6 * MINUTE)
    return lead_id


def answered(answer: Answer) -> Callable[[World], str]:
    """A lead that ana answered."""

    def build(world: World) -> str:
        lead_id = world.offers()
        world.answers(lead_id, answer)
        return lead_id

    return build


def routed(world: World) -> str:
    """A lead that was routed and of which nobody was told."""
    return world.route(world.scores()).lead.lead_id


SCORE: Step = lambda world, lead_id: world.score(lead_id)  # noqa: E731
ROUTE: Step = lambda world, lead_id: world.route(lead_id)  # noqa: E731
OFFER: Step = lambda world, lead_id: world.offer_lead(lead_id, 1, "a token")  # noqa: E731
NOTIFY: Step = lambda world, lead_id: world.offer_lead(lead_id, 1)  # noqa: E731
PARK: Step = lambda world, lead_id: world.park(lead_id, "Route", "Boom")  # noqa: E731
SWEEP: Step = lambda world, _: world.sweep()  # noqa: E731


@pytest.mark.parametrize(
    ("before", "step"),
    [
        (lambda world: world.takes_in(), SCORE),
        (lambda world: world.scores(), ROUTE),
        (expired, ROUTE),
        (answered(Answer.DECLINE), ROUTE),
        (answered(Answer.ACCEPT), ROUTE),
        (routed, OFFER),
        (answered(Answer.DECLINE), OFFER),
        (routed, PARK),
        (lambda world: world.scores(), PARK),
        (answered(Answer.ACCEPT), PARK),
        (expired, SWEEP),
    ],
)
@pytest.mark.parametrize("times", [2, 3])
def test_a_repeated_step_changes_nothing(before: Callable[[World], str], step: Step, times: int) -> None:
    world = a_world(ana, ben)
    lead_id = before(world)
    step(world, lead_id)
    after_one = books(world)

    for _ in range(times - 1):
        step(world, lead_id)

    assert books(world) == after_one


@pytest.mark.parametrize("step", [ROUTE, NOTIFY, PARK])
def test_a_repeated_step_changes_nothing_of_a_lead_that_was_assigned_at_once(step: Step) -> None:
    world = a_world(ana, ben, plan=a_plan(a_stage(auto_accept=True)))
    lead_id = routed(world)
    step(world, lead_id)
    after_one = books(world)

    step(world, lead_id)

    assert books(world) == after_one


def test_route_says_the_same_again_so_that_the_workflow_goes_the_same_way() -> None:
    world = a_world(ana, plan=a_plan(a_stage(auto_accept=True)))
    lead_id = world.scores()

    assert [world.route(lead_id).next, world.route(lead_id).next] == ["notify", "notify"]
