"""Executions of the lead workflow in Step Functions."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from baton.adapters.aws import AwsError, code_of
from baton.application.ports import Execution
from baton.domain.errors import WorkflowUnavailable


class StepFunctionsWorkflows:
    """The Workflows port. An execution is named after its lead and attempt, so the service refuses a second start."""

    def __init__(self, client: Any, state_machine_arn: str) -> None:
        self._client = client
        self._machine = state_machine_arn

    def start(self, lead_id: str, attempt: int) -> None:
        """See Workflows.start."""
        try:
            self._client.start_execution(
                stateMachineArn=self._machine,
                name=_name(lead_id, attempt),
                input=json.dumps({"lead_id": lead_id}),
            )
        except AwsError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise WorkflowUnavailable(code_of(error) or type(error).__name__) from error

    def status(self, lead_id: str, attempt: int) -> Execution:
        """See Workflows.status."""
        prefix = self._machine.replace(":stateMachine:", ":execution:")
        try:
            answer = self._client.describe_execution(executionArn=f"{prefix}:{_name(lead_id, attempt)}")
        except AwsError as error:
            if code_of(error) == "ExecutionDoesNotExist":
                return Execution.MISSING
            raise WorkflowUnavailable(code_of(error) or type(error).__name__) from error
        return Execution.RUNNING if answer["status"] == "RUNNING" else Execution.ENDED

    def resume(self, task_token: str, result: Mapping[str, Any]) -> None:
        """See Workflows.resume."""
        try:
            self._client.send_task_success(taskToken=task_token, output=json.dumps(dict(result)))
        except AwsError as error:
            if code_of(error) not in {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}:
                raise WorkflowUnavailable(code_of(error) or type(error).__name__) from error


class StepFunctionsWatches:
    """The Watches port. An execution is named after its lead and offer; one that is started again, after the minute."""

    def __init__(self, client: Any, state_machine_arn: str) -> None:
        self._client = client
        self._machine = state_machine_arn

    def start(self, lead_id: str, offer_no: int, again: datetime | None = None) -> None:
        """See Watches.start."""
        try:
            self._client.start_execution(
                stateMachineArn=self._machine,
                name=f"{lead_id}-{offer_no}{f'-{again:%Y%m%dT%H%M}' if again else ''}",
                input=json.dumps({"lead_id": lead_id, "offer_no": offer_no}),
            )
        except AwsError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise WorkflowUnavailable(code_of(error) or type(error).__name__) from error


def _name(lead_id: str, attempt: int) -> str:
    return lead_id if attempt == 1 else f"{lead_id}-{attempt}"
