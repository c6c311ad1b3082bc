"""The Watches port: one execution for each assignment, however often it is started; another where it died."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from baton.adapters.doubles import MemoryWatches
from baton.adapters.step_functions import StepFunctionsWatches
from baton.application.watches import Watches
from baton.domain.errors import WorkflowUnavailable
from tests.builders import LEAD_ID, MONDAY_9AM, SECOND

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:baton-assignment"


@pytest.fixture(params=["memory", "step functions"])
def watching(request: pytest.FixtureRequest) -> tuple[Watches, Callable[[], int]]:
    """The port over both implementations, and how many executions there are."""
    if request.param == "memory":
        twin = MemoryWatches()
        return twin, lambda: len(twin.started)
    client = request.getfixturevalue("aws")("stepfunctions")
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    role = "arn:aws:iam::123456789012:role/baton"
    machine = client.create_state_machine(
        name="baton-assignment", definition=json.dumps(definition), roleArn=role
    )["stateMachineArn"]
    return StepFunctionsWatches(client, machine), lambda: len(
        client.list_executions(stateMachineArn=machine)["executions"]
    )


def test_an_assignment_is_watched_once(watching: tuple[Watches, Callable[[], int]]) -> None:
    """Invariant 8."""
    watches, executions = watching

    for _ in range(3):
        watches.start(LEAD_ID, 1)

    assert executions() == 1


def test_another_assignment_of_the_lead_is_watched_by_itself(
    watching: tuple[Watches, Callable[[], int]],
) -> None:
    watches, executions = watching
    watches.start(LEAD_ID, 1)
    watches.start(LEAD_ID, 2)

    assert executions() == 2


def test_what_has_died_is_started_again_at_most_once_a_minute(
    watching: tuple[Watches, Callable[[], int]],
) -> None:
    watches, executions = watching
    watches.start(LEAD_ID, 1)
    for at in (MONDAY_9AM, MONDAY_9AM + 59 * SECOND, MONDAY_9AM + timedelta(minutes=1)):
        watches.start(LEAD_ID, 1, at)

    assert executions() == 3


def test_any_other_refusal_says_that_the_workflow_is_unavailable(aws: Callable[[str], Any]) -> None:
    client = aws("stepfunctions")
    with Stubber(client) as stub:
        stub.add_client_error("start_execution", "ThrottlingException")
        with pytest.raises(WorkflowUnavailable):
            StepFunctionsWatches(client, MACHINE).start(LEAD_ID, 1)


def test_the_twin_is_unavailable_in_the_same_words() -> None:
    with pytest.raises(WorkflowUnavailable):
        MemoryWatches(available=False).start(LEAD_ID, 1)
