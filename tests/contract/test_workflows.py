"""The Workflows port: one execution per lead and attempt, however often it is started."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.stub import Stubber

from baton.adapters.doubles import MemoryWorkflows
from baton.adapters.step_functions import StepFunctionsWorkflows
from baton.application.ports import Execution, Workflows
from baton.domain.errors import WorkflowUnavailable
from tests.builders import LEAD_ID

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:baton-lead"


@dataclass
class Running:
    """The port, and a way to end an execution."""

    workflows: Workflows
    end: Callable[[str, int], None]


@pytest.fixture(params=["memory", "step functions"])
def running(request: pytest.FixtureRequest) -> Running:
    """The port over both implementations."""
    if request.param == "memory":
        twin = MemoryWorkflows()
        return Running(
            twin, lambda lead_id, attempt: twin.executions.update({(lead_id, attempt): Execution.ENDED})
        )
    client = request.getfixturevalue("aws")("stepfunctions")
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    machine = client.create_state_machine(
        name="baton-lead", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/baton"
    )["stateMachineArn"]

    def end(lead_id: str, attempt: int) -> None:
        name = lead_id if attempt == 1 else f"{lead_id}-{attempt}"
        client.stop_execution(executionArn=f"{machine.replace(':stateMachine:', ':execution:')}:{name}")

    return Running(StepFunctionsWorkflows(client, machine), end)


def test_what_was_never_started_is_missing(running: Running) -> None:
    assert running.workflows.status(LEAD_ID, 1) is Execution.MISSING


def test_what_was_started_runs_until_it_ends(running: Running) -> None:
    running.workflows.start(LEAD_ID, 1)
    assert running.workflows.status(LEAD_ID, 1) is Execution.RUNNING

    running.end(LEAD_ID, 1)
    assert running.workflows.status(LEAD_ID, 1) is Execution.ENDED


@pytest.mark.parametrize("ended", [False, True])
def test_starting_twice_changes_nothing_the_second_time(running: Running, ended: bool) -> None:
    """Invariant 8."""
    running.workflows.start(LEAD_ID, 1)
    if ended:
        running.end(LEAD_ID, 1)

    running.workflows.start(LEAD_ID, 1)

    assert running.workflows.status(LEAD_ID, 1) is (Execution.ENDED if ended else Execution.RUNNING)


def test_the_next_attempt_is_an_execution_of_its_own(running: Running) -> None:
    running.workflows.start(LEAD_ID, 1)
    running.end(LEAD_ID, 1)

    running.workflows.start(LEAD_ID, 2)

    assert running.workflows.status(LEAD_ID, 1) is Execution.ENDED
    assert running.workflows.status(LEAD_ID, 2) is Execution.RUNNING


@pytest.fixture
def stubbed(aws: Callable[[str], Any]) -> Any:
    """Step Functions, answering what a test says."""
    client = aws("stepfunctions")
    with Stubber(client) as stub:
        yield StepFunctionsWorkflows(client, MACHINE), stub


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_waking_somebody_who_no_longer_waits_is_harmless(stubbed: Any, code: str) -> None:
    workflows, stub = stubbed
    stub.add_client_error("send_task_success", code)

    workflows.resume("a token", {"answer": "accept"})

    stub.assert_no_pending_responses()


def test_whoever_waits_hears_the_answer(stubbed: Any) -> None:
    workflows, stub = stubbed
    stub.add_response("send_task_success", {}, {"taskToken": "a token", "output": '{"answer": "accept"}'})

    workflows.resume("a token", {"answer": "accept"})

    stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["ThrottlingException", "StateMachineDoesNotExist", "ServiceUnavailable"])
@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("start_execution", lambda workflows: workflows.start(LEAD_ID, 1)),
        ("describe_execution", lambda workflows: workflows.status(LEAD_ID, 1)),
        ("send_task_success", lambda workflows: workflows.resume("a token", {})),
    ],
    ids=["start", "status", "resume"],
)
def test_any_other_refusal_says_that_the_workflow_is_unavailable(
    stubbed: Any, operation: str, ask: Callable[[Workflows], object], code: str
) -> None:
    workflows, stub = stubbed
    stub.add_client_error(operation, code)

    with pytest.raises(WorkflowUnavailable):
        ask(workflows)


def test_the_twin_is_unavailable_in_the_same_words() -> None:
    with pytest.raises(WorkflowUnavailable):
        MemoryWorkflows(available=False).start(LEAD_ID, 1)


def test_nothing_personal_is_in_what_an_execution_starts_with(stubbed: Any) -> None:
    """Invariant 9."""
    workflows, stub = stubbed
    sent = {"stateMachineArn": MACHINE, "name": LEAD_ID, "input": f'{{"lead_id": "{LEAD_ID}"}}'}
    answer = {"executionArn": "arn:aws:states:::execution:x", "startDate": 0}
    stub.add_response("start_execution", answer, sent)

    workflows.start(LEAD_ID, 1)

    stub.assert_no_pending_responses()
