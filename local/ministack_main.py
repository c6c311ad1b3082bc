"""Starts MiniStack with what its 1.5 lacks for Baton. Runs under MiniStack's own interpreter.

- A task's TimeoutSeconds may be a JSONata expression; MiniStack takes numbers only.
- A step that waits for its task token fails when its function fails; MiniStack would wait for the token all the same.
- A machine has a few processors; MiniStack would start a process for every step of a thousand waiting workflows, and
  for each of many requests at the same moment, all at once.
- Sending a mail is allowed by the sender's identity; MiniStack asks for permission on everything.
- Sending messages to a queue in batches is allowed by the permission to send one; MiniStack asks for another.
- A rule may give events to Firehose, and a template save queries of Athena; MiniStack knows both, but not so.
- Whoever has signed in at the hosted login is known there for an hour; MiniStack would ask for the password again.
- All environments of a function see the same layers; MiniStack would unpack thousands of files for every new one.
"""

import base64
import functools
import gc
import io
import json
import os
import secrets
import tempfile
import threading
import time
import zipfile
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ministack.app import main
from ministack.core import iam_actions, lambda_runtime
from ministack.core.arn import parse_arn
from ministack.services import athena, cognito, eventbridge, firehose, lambda_svc, stepfunctions
from ministack.services.cloudformation import provisioners

PROCESSORS = os.cpu_count() or 1
# Functions that workflows run at a time; further steps wait for their turn, and their time-out begins then.
SLOTS = threading.BoundedSemaphore(2 * PROCESSORS)
WAITING = threading.local()
# New objects between two looks for garbage: most of what a request makes is gone before, and all state is looked at.
GARBAGE_THRESHOLD = 50_000
# Functions' environments that are starting, which takes a processor for half a second each.
STARTING: set[lambda_runtime.Worker] = set()
# Whoever waits for an environment is told when one has started or is free again.
ENVIRONMENTS = threading.Condition()
# One at a time unpacks a layer: whoever comes meanwhile finds it there.
UNPACKING = threading.Lock()
# Who has signed in at the hosted login, until when: user pool, name, seconds since 1970; by a cookie.
SIGNED_IN: dict[str, tuple[str, str, float]] = {}
SIGNED_IN_S = 3600
COOKIE = "cognito"
# What stands before a stream's name while its event is taken for one to a queue.
TO_STREAM = "stream-"

execute_task = stepfunctions._execute_task
invoke_with_timeout = stepfunctions._invoke_resource_with_timeout
invoke_with_callback = stepfunctions._invoke_with_callback
call_lambda = stepfunctions._call_lambda
acquire_worker = lambda_runtime.acquire_worker
release_worker = lambda_runtime.release_worker
spawn = lambda_runtime.Worker._spawn
ses_resource_arn = iam_actions._ses_v2_resource_arn
extract_iam_action = iam_actions.extract_iam_action
invoke_target = eventbridge._invoke_target
dispatch_to_sqs = eventbridge._dispatch_to_sqs
show_login = cognito.handle_oauth2_authorize
submit_login = cognito.handle_login_submit
log_out = cognito.handle_logout


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


def action_asked_for(*given: Any, **more: Any) -> Any:
    """The permission that a call needs."""
    action = extract_iam_action(*given, **more)
    return "sqs:SendMessage" if action == "sqs:SendMessageBatch" else action


def invoke_target_or_stream(target: dict[str, Any], *event: Any, **more: Any) -> None:
    """Give an event to a rule's target; a stream goes as a queue, for what of the event is given is the same."""
    arn = parse_arn(target["Arn"])
    if arn.service == "firehose":
        queue = f"{TO_STREAM}{arn.resource.removeprefix('deliverystream/')}"
        target = {**target, "Arn": f"arn:aws:sqs:{arn.region}:{arn.account_id}:{queue}"}
    invoke_target(target, *event, **more)


def dispatch_to_queue_or_stream(arn: Any, payload: str, *more: Any) -> None:
    """Put what an event says into a queue, or into the stream that was taken for one."""
    if not arn.resource.startswith(TO_STREAM):
        dispatch_to_sqs(arn, payload, *more)
        return
    record = {"Data": base64.b64encode(payload.encode()).decode()}
    stream = arn.resource.removeprefix(TO_STREAM)
    firehose._put_record({"DeliveryStreamName": stream, "Record": record})


def save_query(_name: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    """Save a query that a template has."""
    _status, _headers, body = athena._create_named_query(properties)
    query_id = json.loads(body)["NamedQueryId"]
    return query_id, {"NamedQueryId": query_id}


def remove_query(query_id: str, _properties: dict[str, Any]) -> None:
    """Remove a saved query."""
    athena._delete_named_query({"NamedQueryId": query_id})


def acquire_free_or_start(name: str, config: dict[str, Any], code: bytes, **more: Any) -> tuple[Any, str]:
    """Take a free environment of a function or start one, few at a time; an invocation's time-out begins after that."""
    key = lambda_runtime._worker_key(name, config, more.get("qualifier", "$LATEST"))
    existing = lambda_runtime._workers
    with ENVIRONMENTS:
        ENVIRONMENTS.wait_for(
            lambda: len(STARTING) < PROCESSORS or any(not worker.in_use for worker in existing.get(key, ()))
        )
        worker, how = acquire_worker(name, config, code, **more)
        if how != "spawn":
            return worker, how
        STARTING.add(worker)
    try:
        lambda_runtime.ensure_spawned(worker)
    except Exception:
        worker.kill()  # the invocation tries anew, and tells why it cannot
    finally:
        with ENVIRONMENTS:
            STARTING.remove(worker)
            ENVIRONMENTS.notify_all()
    return worker, how


def release_and_tell(worker: Any) -> None:
    """Give an environment back to whoever waits for one."""
    with ENVIRONMENTS:
        release_worker(worker)
        ENVIRONMENTS.notify_all()


def cookie_in(headers: dict[str, str]) -> str:
    """The cookie of the hosted login that a request has; empty where there is none."""
    found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    return found.value if found else ""


def show_login_or_go_on(method: str, path: str, headers: dict[str, str], query: Any) -> Any:
    """Show the login, or send back at once whoever has signed in there."""
    answer = show_login(method, path, headers, query)
    pool_id, name, until = SIGNED_IN.get(cookie_in(headers), ("", "", 0.0))
    given = {key: cognito._qp(query, key) for key in ("client_id", "redirect_uri", "scope", "nonce", "state")}
    pkce = [cognito._qp(query, key) for key in ("code_challenge", "code_challenge_method")]
    of_client, _pool, _client = cognito._find_pool_by_client_id(given["client_id"])
    if answer[0] != HTTPStatus.OK or pool_id != of_client or until < time.time():
        return answer
    client_id, address, scope, nonce, state = given.values()
    return cognito._issue_auth_code_redirect(client_id, pool_id, address, scope, name, nonce, *pkce, state)


def submit_login_and_remember(*request: Any) -> Any:
    """Take a name and a password, and remember who signed in."""
    status, headers, body = submit_login(*request)
    code = parse_qs(urlsplit(headers.get("Location", "")).query).get("code", [""])[0]
    if who := cognito._authorization_codes.get(code):
        cookie = secrets.token_urlsafe()
        SIGNED_IN[cookie] = (who["pool_id"], who["username"], time.time() + SIGNED_IN_S)
        headers["Set-Cookie"] = f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"
    return status, headers, body


def log_out_and_forget(method: str, path: str, headers: dict[str, str], query: Any) -> Any:
    """Sign out at the hosted login."""
    SIGNED_IN.pop(cookie_in(headers), None)
    return log_out(method, path, headers, query)


@functools.cache
def unpacked(arn: str) -> str:
    """The folder with a layer version's files, which never change."""
    folder = tempfile.mkdtemp(prefix="layer-")
    with zipfile.ZipFile(io.BytesIO(lambda_svc._resolve_layer_zip(arn))) as archive:
        archive.extractall(folder)
    return folder


def spawn_with_shared_layers(worker: lambda_runtime.Worker) -> None:
    """Start an execution environment on layers that are unpacked once."""
    config = worker.config
    with UNPACKING:
        layers = [unpacked(layer["Arn"]) for layer in config.get("Layers", [])]
    given = config.get("Environment", {}).get("Variables", {})
    variables = {**given, "_LAMBDA_LAYERS_DIRS": os.pathsep.join(layers)}
    worker.config = {**config, "Layers": [], "Environment": {"Variables": variables}}
    try:
        spawn(worker)
    finally:
        worker.config = config


if __name__ == "__main__":
    stepfunctions._execute_task = execute_task_with_expression
    stepfunctions._invoke_resource_with_timeout = invoke_in_turn
    stepfunctions._invoke_with_callback = invoke_and_await
    stepfunctions._call_lambda = call_lambda_that_may_fail
    lambda_svc.acquire_worker = acquire_free_or_start
    lambda_svc.release_worker = release_and_tell
    lambda_runtime.Worker._spawn = spawn_with_shared_layers
    iam_actions._ses_v2_resource_arn = sender_arn
    iam_actions.extract_iam_action = action_asked_for
    eventbridge._invoke_target = invoke_target_or_stream
    eventbridge._dispatch_to_sqs = dispatch_to_queue_or_stream
    cognito.handle_oauth2_authorize = show_login_or_go_on
    cognito.handle_login_submit = submit_login_and_remember
    cognito.handle_logout = log_out_and_forget
    saved = {"create": save_query, "delete": remove_query}
    provisioners._RESOURCE_HANDLERS["AWS::Athena::NamedQuery"] = saved
    gc.set_threshold(GARBAGE_THRESHOLD)
    main()
