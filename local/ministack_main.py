"""Starts MiniStack with what its 1.5 lacks for Baton. Runs under MiniStack's own interpreter.

- A task's TimeoutSeconds may be a JSONata expression; MiniStack takes numbers only.
- A step that waits for its task token fails when its function fails; MiniStack would wait for the token all the same.
- A machine has a few processors; MiniStack would start a process for every step of a thousand waiting workflows.
- Sending a mail is allowed by the sender's identity; MiniStack asks for permission on everything.
"""

import json
import os
import threading
from typing import Any

from ministack.app import main
from ministack.core import iam_actions
from ministack.services import stepfunctions

# Functions that workflows run at a time; further steps wait for their turn, and their time-out begins then.
SLOTS = threading.BoundedSemaphore(2 * (os.cpu_count() or 1))
WAITING = threading.local()

execute_task = stepfunctions._execute_task
invoke_with_timeout = stepfunctions._invoke_resource_with_timeout
invoke_with_callback = stepfunctions._invoke_with_callback
call_lambda = stepfunctions._call_lambda
ses_resource_arn = iam_actions._ses_v2_resource_arn


def execute_task_with_expression(state: dict[str, Any], given: Any, execution: Any, context: Any) -> Any:
    """Execute a task whose timeout may be an expression, evaluated as its arguments are."""
    if isinstance(state.get("TimeoutSeconds"), str):
        expression = {**state, "Arguments": {"seconds": state["TimeoutSeconds"]}}
        seconds = stepfunctions._apply_jsonata_arguments(expression, given, context)["seconds"]
        state = {**state, "TimeoutSeconds": seconds}
    return execute_task(state, given, execution, context)


def invoke_in_turn(resource: str, given: Any, timeout_s: float) -> Any:
    """Run a step's call when there is a slot for it."""
    with SLOTS:
        return invoke_with_timeout(resource, given, timeout_s)


def invoke_and_await(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
    """Run a step's call and wait for its token, remembering meanwhile which one this thread waits for."""
    WAITING.token = token
    try:
        return invoke_with_callback(resource, given, token, state)
    finally:
        del WAITING.token


def call_lambda_that_may_fail(function: str, event: Any) -> Any:
    """Call a function; where a token is waited for, its failure ends the wait."""
    token = getattr(WAITING, "token", None)
    if token is None:
        return call_lambda(function, event)
    try:
        with SLOTS:
            return call_lambda(function, event)
    except stepfunctions._ExecutionError as error:
        task = stepfunctions._task_tokens[token]
        task["error"] = {"Error": error.error, "Cause": error.cause}
        task["event"].set()
        raise


def sender_arn(method: str, path: str, body: bytes, region: str, account_id: str) -> Any:
    """The SES resource that a call needs permission for: the sending identity where it sends a mail."""
    if path.rstrip("/") == "/v2/email/outbound-emails" and method == "POST":
        return f"arn:aws:ses:{region}:{account_id}:identity/{json.loads(body)['FromEmailAddress']}"
    return ses_resource_arn(method, path, body, region, account_id)


if __name__ == "__main__":
    stepfunctions._execute_task = execute_task_with_expression
    stepfunctions._invoke_resource_with_timeout = invoke_in_turn
    stepfunctions._invoke_with_callback = invoke_and_await
    stepfunctions._call_lambda = call_lambda_that_may_fail
    iam_actions._ses_v2_resource_arn = sender_arn
    main()
