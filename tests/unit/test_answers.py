"""Answers of reps: late, double, forged, taken back. Nothing that arrives twice or too late changes anything."""

from typing import Any

import pytest

from baton.application.answer_offer import Answer
from baton.application.show_offer import Status
from baton.domain.lead import LeadState
from baton.domain.pool import Fairness, Release
from tests.builders import MINUTE, SECOND, World, a_plan, a_pool, a_rep, a_stage, a_world

ana, ben = a_rep("ana"), a_rep("ben")


def books(world: World) -> Any:
    """Everything that is stored about leads and standings."""
    store: Any = world.leads
    return dict(store.leads), dict(store.offers), world.ledger.standings([("team", "ana")], ["ana", "ben"])


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.DECLINE])
@pytest.mark.parametrize("again", list(Answer))
def test_a_second_answer_changes_nothing_but_an_undo_of_an_acceptance(answer: Answer, again: Answer) -> None:
    """Invariant 8."""
    world = a_world(ana, ben)
    lead_id = world.offers()
    first, before = world.answers(lead_id, answer), books(world)

    second = world.answers(lead_id, again, no=1)

    if (answer, again) == (Answer.ACCEPT, Answer.UNDO):
        assert world.leads.get(lead_id).state is LeadState.SCORED
    else:
        assert (second.status, books(world)) == (first.status, before)


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_after_the_lead_went_on_changes_nothing_and_says_who_has_it(answer: Answer) -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.clock.forward(6 * MINUTE)
    world.step(lead_id)
    world.answers(lead_id, Answer.ACCEPT)
    before = books(world)

    view = world.answers(lead_id, answer, no=1)

    assert (view.status, view.holder, view.rows) == (Status.TAKEN, "Ben", ())
    assert books(world) == before


def test_whoever_is_only_being_asked_does_not_have_the_lead_yet() -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.clock.forward(6 * MINUTE)
    world.step(lead_id)

    assert world.answers(lead_id, Answer.ACCEPT, no=1).status is Status.PASSED_ON


def forged(token: str) -> list[str]:
    """Tokens that look like ours."""
    end = "A" if token[-2] != "A" else "B"
    other = "A" if token[20] != "A" else "B"
    return [
        "",
        "x",
        token[:-2],
        f"{token[:-2]}{end}{token[-1]}",
        f"{token[:20]}{other}{token[21:]}",
        token * 2,
        "é",
        "=" * 9,
    ]


def test_a_forged_token_opens_nothing_and_changes_nothing() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    before = books(world)

    for token in forged(world.token(lead_id)):
        assert world.answer(token, Answer.ACCEPT).status is Status.INVALID
    assert books(world) == before


def test_a_link_shows_how_things_stand_for_two_weeks_and_then_nothing() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    world.answers(lead_id, Answer.ACCEPT)

    world.clock.forward(14 * 24 * 60 * MINUTE)
    assert world.show(world.token(lead_id)).status is Status.YOURS
    world.clock.forward(6 * MINUTE)
    assert world.show(world.token(lead_id)).status is Status.INVALID


@pytest.mark.parametrize(("seconds", "taken_back"), [(0, True), (60, True), (61, False)])
def test_an_acceptance_can_be_taken_back_for_a_minute(seconds: int, taken_back: bool) -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.answers(lead_id, Answer.ACCEPT)
    world.clock.forward(seconds * SECOND)

    assert world.show(world.token(lead_id)).can_undo is taken_back
    world.answers(lead_id, Answer.UNDO)

    state = world.leads.get(lead_id).state
    assert state is (LeadState.SCORED if taken_back else LeadState.ASSIGNED)
    assert world.usage("ana").open_leads == (0 if taken_back else 1)


def test_a_lead_that_was_taken_back_after_its_workflow_had_ended_starts_anew_and_goes_to_the_next() -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.answers(lead_id, Answer.ACCEPT)
    world.workflows.executions.clear()

    world.answers(lead_id, Answer.UNDO)

    assert list(world.workflows.executions) == [(lead_id, world.leads.get(lead_id).attempt)]
    assert world.step(lead_id).lead.recipient_id == "ben"


def test_what_was_assigned_at_once_cannot_be_taken_back() -> None:
    world = a_world(ana, plan=a_plan(a_stage(auto_accept=True)))
    lead_id = world.offers()

    world.answers(lead_id, Answer.UNDO)

    assert world.leads.get(lead_id).state is LeadState.ASSIGNED


@pytest.mark.parametrize("refund_on", [frozenset[Release](), frozenset({Release.DECLINED})])
def test_a_declined_turn_is_given_back_where_the_pool_says_so(refund_on: frozenset[Release]) -> None:
    world = a_world(ana, ben, documents=(a_pool(ana, ben, fairness=Fairness(refund_on=refund_on)),))
    world.answers(world.offers(), Answer.DECLINE)

    assert world.turns("ana") == (0 if refund_on else 1)


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_counts_even_when_the_workflow_cannot_be_woken_now(answer: Answer) -> None:
    world = a_world(ana)
    lead_id = world.offers()
    if answer is Answer.UNDO:
        world.answers(lead_id, Answer.ACCEPT)
    world.workflows.available = False

    view = world.answers(lead_id, answer)

    expected = {Answer.ACCEPT: Status.YOURS, Answer.DECLINE: Status.DECLINED, Answer.UNDO: Status.DECLINED}
    assert view.status is expected[answer]


def test_a_second_tap_wakes_a_workflow_that_the_first_could_not() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    world.workflows.available = False
    world.answers(lead_id, Answer.ACCEPT)
    world.workflows.available = True

    world.answers(lead_id, Answer.ACCEPT)

    assert [token for token, _ in world.workflows.resumed] == [f"wait-{lead_id}-1"]


def test_a_second_tap_with_another_answer_tells_the_workflow_what_is_true() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    world.workflows.available = False
    world.answers(lead_id, Answer.DECLINE)
    world.workflows.available = True

    world.answers(lead_id, Answer.ACCEPT)

    assert dict(world.workflows.resumed) == {f"wait-{lead_id}-1": {"answer": "declined"}}


def test_an_answer_after_the_time_to_accept_is_over_changes_nothing() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    world.clock.forward(5 * MINUTE)

    view = world.answers(lead_id, Answer.ACCEPT)

    assert view.status is Status.PASSED_ON
    assert world.leads.get(lead_id).state is LeadState.OFFERED
