"""The workflow's graph: complete, bounded in time, and ready for every error that can leave a step."""

import inspect
from typing import Any, Final

import pytest

from baton.domain import errors
from baton.entrypoints.tasks import RETRIES
from tests.workflow.machine import definition, states, targets, tasks

ENDS: Final = ("Succeed", "Fail")
# What a step may raise and what passes by itself; everything else needs a person, so a retry would only delay that.
PASSING: Final = {"ClaimContention", "StoreUnavailable", "WorkflowUnavailable", "NotificationFailed"}
PASSING_OF_LAMBDA: Final = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}
# Retries of one step must end before a lead has waited so long that its person has called somebody else.
OF_AWS = ("States.", "Lambda.", "Sandbox.", "Runtime.")
MAX_THROTTLED_WAIT_S = 1800
"""A burst beyond the account's concurrency is no fault: its leads wait until it is over, and are not parked."""
MAX_RETRY_WAIT_S: Final = 120

every_task = pytest.mark.parametrize(("name", "state"), tasks().items(), ids=tasks().keys())


def test_it_starts_at_a_state_that_exists() -> None:
    assert definition()["StartAt"] in states()


def test_no_state_leads_to_one_that_does_not_exist() -> None:
    dangling = {(name, target) for name, state in states().items() for target in targets(state)}

    assert {pair for pair in dangling if pair[1] not in states()} == set()


def test_every_state_can_be_reached() -> None:
    reached, open_ends = set(), [definition()["StartAt"]]
    while open_ends:
        name = open_ends.pop()
        if name not in reached:
            reached.add(name)
            open_ends += targets(states()[name])

    assert reached == set(states())


def test_from_every_state_an_end_can_be_reached() -> None:
    ending = {name for name, state in states().items() if state["Type"] in ENDS}
    while True:
        more = {name for name, state in states().items() if ending & set(targets(state))} - ending
        if not more:
            break
        ending |= more

    assert ending == set(states())


def test_every_choice_has_a_default() -> None:
    choices = {name: state for name, state in states().items() if state["Type"] == "Choice"}

    assert {name for name, state in choices.items() if "Default" not in state} == set()


def test_every_failed_end_says_what_happened_to_the_lead() -> None:
    fails = [state for state in states().values() if state["Type"] == "Fail"]

    assert all(state["Error"].startswith("Lead") and "lead" in state["Cause"] for state in fails)


@every_task
def test_a_step_ends_in_bounded_time(name: str, state: dict[str, Any]) -> None:
    assert state["TimeoutSeconds"]


@every_task
def test_a_step_catches_everything_and_says_so_last(name: str, state: dict[str, Any]) -> None:
    assert [rule["ErrorEquals"] for rule in state["Catch"]][-1] == ["States.ALL"]
    assert all("States.ALL" not in rule["ErrorEquals"] for rule in state["Catch"][:-1])


@every_task
def test_retries_are_jittered_and_bounded(name: str, state: dict[str, Any]) -> None:
    for rule in state["Retry"]:
        waits = [
            min(rule["IntervalSeconds"] * rule["BackoffRate"] ** n, rule["MaxDelaySeconds"])
            for n in range(rule["MaxAttempts"])
        ]

        assert rule["JitterStrategy"] == "FULL"
        assert rule["MaxAttempts"] >= 1
        throttled = rule["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
        assert sum(waits) <= (MAX_THROTTLED_WAIT_S if throttled else MAX_RETRY_WAIT_S)


@every_task
def test_every_error_named_is_one_that_exists(name: str, state: dict[str, Any]) -> None:
    named = {error for key in ("Retry", "Catch") for rule in state[key] for error in rule["ErrorEquals"]}
    ours = {error for error, kind in vars(errors).items() if inspect.isclass(kind)}

    assert {error for error in named - ours if not error.startswith(OF_AWS)} == set()


@every_task
def test_what_passes_by_itself_is_retried(name: str, state: dict[str, Any]) -> None:
    retried = {error for rule in state["Retry"] for error in rule["ErrorEquals"]}

    assert "States.ALL" in retried or retried >= PASSING | PASSING_OF_LAMBDA


@pytest.mark.parametrize("name", ["Offer", "Notify"])
def test_a_step_that_tells_somebody_knows_which_try_is_its_last(name: str) -> None:
    (rule,) = [rule for rule in states()[name]["Retry"] if "NotificationFailed" in rule["ErrorEquals"]]

    assert rule["MaxAttempts"] == RETRIES


def test_every_error_that_calls_itself_passing_is_known_here() -> None:
    passing = {name for name, kind in vars(errors).items() if "Passing:" in (inspect.getdoc(kind) or "")}

    assert passing <= PASSING


@every_task
def test_what_a_person_must_mend_is_not_retried(name: str, state: dict[str, Any]) -> None:
    retried = {error for rule in state["Retry"] for error in rule["ErrorEquals"]}

    assert retried.isdisjoint({"ConfigurationBroken", "IllegalTransition", "NotFound", "BatonError"})


def test_the_wait_for_an_answer_is_not_retried_when_it_is_over() -> None:
    retried = {error for rule in states()["Offer"]["Retry"] for error in rule["ErrorEquals"]}

    assert "States.Timeout" not in retried
