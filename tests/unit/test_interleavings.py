"""Two at once, in every possible order: no cap overshot, never two owners, no turn lost."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.answer_offer import Answer
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.plan import Stage
from baton.domain.recipient import Recipient
from tests.builders import MINUTE, World, a_plan, a_rep, a_stage
from tests.unit.interleaving import Stepwise, Task, each

ANSWERED = {OfferState.ACCEPTED, OfferState.PENDING}


def a_stepwise_world(*reps: Recipient, stage: Stage | None = None) -> World:
    """A world whose stores let others go on before every call."""
    ledger = MemoryLedger()
    leads: Any = Stepwise(MemoryLeads(ledger))
    stepwise_ledger: Any = Stepwise(ledger)
    return World(reps, plan=a_plan(stage or a_stage()), stores=(leads, stepwise_ledger))


def check_books(world: World) -> None:
    """Caps, turns and owners agree with the offers. Invariants 2, 3 and 4."""
    store: Any = world.leads
    for rep in world.reps:
        held = [o for o in store.offers.values() if o.recipient_id == rep.id and o.state in ANSWERED]
        usage = world.usage(rep.id)
        assert usage.open_leads == len(held)
        assert set(usage.taken.values()) <= {len(held)}, "every window holds all of the minute's leads"
        assert rep.caps.per_day is None or len(held) <= rep.caps.per_day
        assert rep.caps.open_leads is None or len(held) <= rep.caps.open_leads
    for lead_id, lead in store.leads.items():
        owners = [o for o in store.offers.values() if o.lead_id == lead_id and o.state in ANSWERED]
        assert len(owners) == (1 if lead.state in {LeadState.OFFERED, LeadState.ASSIGNED} else 0)
        assert [event.seq for event in store.events[lead_id]] == list(range(1, lead.rev + 1))


@pytest.mark.parametrize("caps", [{"per_day": 1}, {"open_leads": 1}])
def test_two_leads_and_one_place_left_never_overshoot_the_cap(caps: dict[str, int]) -> None:
    """Invariant 4."""

    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world(a_rep("ana", caps=caps))
        first, second = world.scores(), world.scores()
        return world, [lambda: world.route(first), lambda: world.route(second)]

    for world in each(build):
        check_books(world)
        states = sorted(world.leads.get(f"{n:032x}").state for n in (1, 2))
        assert states == [LeadState.OFFERED, LeadState.UNASSIGNED]


def test_two_leads_and_two_reps_get_one_each_and_no_turn_is_lost() -> None:
    """Invariants 4 and 5."""

    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world(a_rep("ana", caps={"per_day": 1}), a_rep("ben", caps={"per_day": 1}))
        first, second = world.scores(), world.scores()
        return world, [lambda: world.route(first), lambda: world.route(second)]

    for world in each(build):
        check_books(world)
        assert (world.turns("ana"), world.turns("ben")) == (1, 1)


def test_the_same_lead_routed_twice_at_once_is_offered_once() -> None:
    """Invariants 3 and 8."""

    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world(a_rep("ana"), a_rep("ben"))
        lead_id = world.scores()
        return world, [lambda: world.route(lead_id), lambda: world.route(lead_id)]

    for world in each(build):
        check_books(world)
        assert world.turns("ana") + world.turns("ben") == 1


def against_an_offer(minutes: int, *others: Callable[[World, str], object]) -> Callable[[], Any]:
    """A world where ana was offered a lead, some minutes later, with these tasks at work on it."""

    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world(a_rep("ana"), a_rep("ben"))
        lead_id = world.offers()
        world.clock.forward(minutes * MINUTE)
        return world, [lambda other=other: other(world, lead_id) for other in others]

    return build


def accepts(world: World, lead_id: str) -> object:
    """Ana accepts."""
    return world.answers(lead_id, Answer.ACCEPT, no=1)


def declines(world: World, lead_id: str) -> object:
    """Ana declines."""
    return world.answers(lead_id, Answer.DECLINE, no=1)


def routes(world: World, lead_id: str) -> object:
    """The workflow's next step."""
    return world.route(lead_id)


@pytest.mark.parametrize(
    ("minutes", "first", "second"),
    [
        (1, accepts, declines),
        (1, accepts, accepts),
        (1, declines, routes),
        (6, accepts, routes),
        (6, declines, routes),
    ],
    ids=[
        "accept and decline",
        "accept twice",
        "decline and route",
        "accept and expiry",
        "decline and expiry",
    ],
)
def test_an_answer_and_whatever_else_happens_at_that_moment_leave_one_owner(
    minutes: int, first: Callable[..., object], second: Callable[..., object]
) -> None:
    """Invariants 2, 3 and 4."""
    for world in each(against_an_offer(minutes, first, second)):
        check_books(world)


def test_an_answer_in_the_moment_when_the_step_stores_its_token_still_wakes_the_workflow() -> None:
    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world(a_rep("ana"))
        lead_id = world.scores()
        world.route(lead_id)
        return world, [
            lambda: world.offer_lead(lead_id, 1, "the token"),
            lambda: world.answers(lead_id, Answer.ACCEPT, no=1),
        ]

    for world in each(build):
        check_books(world)
        assert "the token" in dict(world.workflows.resumed)


def test_a_lead_whose_offer_has_expired_goes_on_whatever_else_happens_to_its_rep() -> None:
    """The other lead's claim writes ana's usage just when the expired offer gives it back."""

    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world(a_rep("ana"), a_rep("ben", active=False))
        expired, other = world.offers(), world.scores()
        world.clock.forward(6 * MINUTE)
        return world, [lambda: world.route(expired), lambda: world.route(other)]

    for world in each(build):
        check_books(world)
        expired = world.leads.get(f"{1:032x}")
        assert (expired.state, expired.recipient_id) == (LeadState.UNASSIGNED, None)
