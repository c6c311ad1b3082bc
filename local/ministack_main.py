"""Starts MiniStack with what its 1.5 lacks for Baton. Runs under MiniStack's own interpreter.

- A task's TimeoutSeconds may be a JSONata expression; MiniStack takes numbers only.
- Sending a mail is allowed by the sender's identity; MiniStack asks for permission on everything.
"""

import json
from typing import Any

from ministack.app import main
from ministack.core import iam_actions
from ministack.services import stepfunctions

execute_task = stepfunctions._execute_task
ses_resource_arn = iam_actions._ses_v2_resource_arn


def execute_task_with_timeout(state: dict[str, Any], given: Any, execution: Any, context: Any) -> Any:
    """Execute a task whose timeout may be an expression, evaluated as its arguments are."""
    if isinstance(state.get("TimeoutSeconds"), str):
        expression = {**state, "Arguments": {"seconds": state["TimeoutSeconds"]}}
        seconds = stepfunctions._apply_jsonata_arguments(expression, given, context)["seconds"]
        state = {**state, "TimeoutSeconds": seconds}
    return execute_task(state, given, execution, context)


def sender_arn(method: str, path: str, body: bytes, region: str, account_id: str) -> Any:
    """The SES resource that a call needs permission for: the sending identity where it sends a mail."""
    if path.rstrip("/") == "/v2/email/outbound-emails" and method == "POST":
        return f"arn:aws:ses:{region}:{account_id}:identity/{json.loads(body)['FromEmailAddress']}"
    return ses_resource_arn(method, path, body, region, account_id)


if __name__ == "__main__":
    stepfunctions._execute_task = execute_task_with_timeout
    iam_actions._ses_v2_resource_arn = sender_arn
    main()
