"""Baton as it is deployed, seen from outside: its API, what reps receive, and what operations can look at."""

import http.client
import itertools
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, Self, cast
from urllib.parse import urlencode, urlsplit

import boto3
from botocore.config import Config

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.documents import Configured
from baton.domain.lead import Lead, LeadState
from baton.domain.timeline import EventKind
from local.deploy import Outputs
from local.emulator import Emulator

POLL_S: Final = 0.05
PATIENCE_S: Final = 60.0
LONG_AGO: Final = timedelta(hours=1)
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
_LINK: Final = re.compile(r"https?://\S+/v1/offers/\S+")
_COMPLAINT: Final = re.compile(
    r'"level":\s*"(WARNING|ERROR|CRITICAL)"|AccessDenied|not authorized|Traceback|timed out|\[ERROR\]'
)
_numbers: Final = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> dict[str, Any]:
        """The document in it."""
        return dict(json.loads(self.text))


@dataclass(frozen=True)
class Person:
    """Somebody who sends a lead, told from all others by every field."""

    first_name: str
    last_name: str
    email: str
    phone: str

    @classmethod
    def new(cls) -> Self:
        """Somebody new."""
        n = next(_numbers)
        return cls(f"Quirin{n:04d}", f"Zzyzx{n:04d}", f"secret{n:04d}@private.example", f"+1202556{n:04d}")

    @property
    def fields(self) -> dict[str, str]:
        """What they type into a form."""
        return dict(vars(self))


@dataclass(eq=False)
class Stack:
    """One deployment on an emulator of its own."""

    emulator: Emulator
    outputs: Outputs
    name: str
    personal: set[str] = field(default_factory=set)
    """Everything that must not appear in a log or in a workflow's data."""
    denials: list[tuple[str, float, float]] = field(default_factory=list)
    """When which function was denied something on purpose: its name, from, until (seconds since 1970)."""
    queue_url: str = ""
    alerts: list[dict[str, Any]] = field(default_factory=list)

    # ------------------------------------------------------------------------------------------- as a developer
    @cache  # noqa: B019 - there is one stack in a test run
    def client(self, service: str) -> Any:
        """An administrator's client."""
        return boto3.client(service, config=Config(max_pool_connections=80), **self.emulator.client_options())

    def physical(self, logical_id: str) -> str:
        """The name that a resource of the template got."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def configure(self, *documents: Configured) -> None:
        """Store configuration."""
        configuration = DynamoConfiguration(self.client("dynamodb"), self.outputs["ConfigTable"])
        for document in documents:
            configuration.put(document)

    @property
    def leads(self) -> DynamoLeads:
        """The stored leads."""
        return DynamoLeads(self.client("dynamodb"), self.outputs["LeadsTable"], self.outputs["LedgerTable"])

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Call a function by its alias, as the workflow and the schedule do."""
        done = self.client("lambda").invoke(
            FunctionName=self.physical(f"{function.title()}Function"),
            Qualifier="live",
            Payload=json.dumps(event),
        )
        assert "FunctionError" not in done, done["Payload"].read()
        return json.loads(done["Payload"].read())

    @contextmanager
    def taken_away(self, function: str, sid: str) -> Iterator[None]:
        """A statement taken from a function's role, and given back afterwards."""
        iam, role = self.client("iam"), self.physical(f"{function.title()}Role")
        policy = iam.get_role_policy(RoleName=role, PolicyName=function)["PolicyDocument"]
        rest = [statement for statement in policy["Statement"] if statement["Sid"] != sid]
        assert len(rest) == len(policy["Statement"]) - 1
        begun = time.time()
        try:
            self._put_policy(role, function, {**policy, "Statement": rest})
            yield
        finally:
            self._put_policy(role, function, policy)
            self.denials.append((function, begun, time.time()))

    def _put_policy(self, role: str, name: str, document: Mapping[str, Any]) -> None:
        self.client("iam").put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    # ------------------------------------------------------------------------------------------- as a web site
    def request(
        self, method: str, path: str, body: bytes | str = b"", content_type: str = "", **headers: str
    ) -> Answer:
        """One request to the API; `path` may be a whole link. Follows no redirect."""
        url = urlsplit(path if path.startswith("http") else self.outputs["ApiUrl"] + path)
        sent = {"Content-Type": content_type, **{k.replace("_", "-"): v for k, v in headers.items()}}
        connection = http.client.HTTPConnection(cast(str, url.hostname), url.port, timeout=PATIENCE_S)
        try:
            connection.request(
                method,
                f"{url.path}?{url.query}" if url.query else url.path,
                body.encode() if isinstance(body, str) else body,
                {name: value for name, value in sent.items() if value},
            )
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)
        finally:
            connection.close()

    def post(self, source_id: str, fields: Mapping[str, Any], **headers: str) -> Answer:
        """A lead as a program sends it."""
        path = f"/v1/sources/{source_id}/leads"
        return self.request("POST", path, json.dumps(fields), JSON, **headers)

    def post_form(self, source_id: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """A lead as a plain form sends it."""
        return self.request("POST", f"/v1/sources/{source_id}/leads", urlencode(fields), FORM, **headers)

    def take_in(
        self, source_id: str, person: Person | None = None, *, key: str | None = None, **more: Any
    ) -> str:
        """Post somebody's lead; returns its id, which is always the same for the same `key`."""
        person = person or Person.new()
        self.personal.update(person.fields.values())
        named = {"Idempotency_Key": key} if key else {}
        answer = self.post(source_id, {**person.fields, **more}, **named)
        assert answer.status == 202, answer
        return str(answer.json["lead_id"])

    # ------------------------------------------------------------------------------------------- as a rep
    def sms_to(self, phone: str) -> list[str]:
        """The text messages that a phone received."""
        found = self._look(f"/_ministack/sns/sms-messages?{urlencode({'phoneNumber': phone})}")
        return [str(message["Message"]) for message in found["sms_messages"].get(phone, [])]

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """The mails that an address received."""
        accounts = self._look("/_ministack/ses/messages")["messages"]
        return [mail for mails in accounts.values() for mail in mails if address in mail["To"]]

    def link_to(self, phone: str, nth: int = 1) -> str:
        """The link in the nth text message to a phone, once it is there."""
        return link_in(wait(lambda: self.sms_to(phone)[nth - 1 : nth], f"text message {nth} to {phone}")[0])

    def answer(self, link: str, answer: str) -> Answer:
        """Say something on the page behind a link."""
        return self.request("POST", link, urlencode({"answer": answer}), FORM)

    # ------------------------------------------------------------------------------------------- as operations
    def lead(self, lead_id: str) -> Lead:
        """The lead as it is now."""
        return self.leads.get(lead_id)

    def leads_of(self, source_id: str) -> list[Lead]:
        """All leads of a source."""
        pages = (
            self.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.outputs["LeadsTable"],
                FilterExpression="#item = :lead AND source_id = :source",
                ExpressionAttributeNames={"#item": "item"},
                ExpressionAttributeValues={":lead": {"S": "LEAD"}, ":source": {"S": source_id}},
                ProjectionExpression="lead_id",
            )
        )
        return [self.lead(row["lead_id"]["S"]) for page in pages for row in page["Items"]]

    def events(self, lead_id: str) -> list[EventKind]:
        """What happened to a lead."""
        return [event.kind for event in self.leads.timeline(lead_id)]

    def until(self, lead_id: str, state: LeadState, timeout_s: float = PATIENCE_S) -> Lead:
        """The lead, once it is in that state."""
        wait(lambda: self.lead(lead_id).state is state, f"the lead is {state}", timeout_s)
        return self.lead(lead_id)

    def execution(self, lead_id: str, attempt: int = 1) -> str:
        """How an execution of a lead stands; MISSING where there is none."""
        states = self.client("stepfunctions")
        try:
            return str(states.describe_execution(executionArn=self.execution_arn(lead_id, attempt))["status"])
        except states.exceptions.ExecutionDoesNotExist:
            return "MISSING"

    def execution_arn(self, lead_id: str, attempt: int = 1) -> str:
        """The execution that is named after a lead and attempt."""
        prefix = self.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:")
        return f"{prefix}:{lead_id}" if attempt == 1 else f"{prefix}:{lead_id}-{attempt}"

    def ended(self, lead_id: str, attempt: int = 1) -> str:
        """How an execution ended, once it has."""
        running = ("RUNNING", "MISSING")
        wait(lambda: self.execution(lead_id, attempt) not in running, "the execution has ended")
        return self.execution(lead_id, attempt)

    def make_overdue(self, lead_id: str) -> None:
        """Let a lead be one that should have moved long ago."""
        then = (datetime.now(UTC) - LONG_AGO).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.client("dynamodb").update_item(
            TableName=self.outputs["LeadsTable"],
            Key={"lead_id": {"S": lead_id}, "item": {"S": "LEAD"}},
            UpdateExpression="SET watch_due = :then, watch_at = :then",
            ConditionExpression="attribute_exists(watch)",
            ExpressionAttributeValues={":then": {"S": then}},
        )

    def sweep(self) -> dict[str, int]:
        """One sweep, as the schedule starts it."""
        return dict(self.invoke("sweep", {}))

    def alerts_about(self, lead_id: str) -> list[dict[str, Any]]:
        """What operations were told of a lead."""
        found = self.client("sqs").receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        for message in found.get("Messages", []):
            self.alerts.append(json.loads(json.loads(message["Body"])["Message"]))
            self.client("sqs").delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [alert for alert in self.alerts if alert.get("lead_id") == lead_id]

    def logs_of(self, function: str) -> list[tuple[float, str]]:
        """Every log line of a function, with its time in seconds since 1970."""
        pages = self.client("logs").get_paginator("filter_log_events")
        return [
            (event["timestamp"] / 1000, event["message"])
            for page in pages.paginate(logGroupName=self.physical(f"{function.title()}Logs"))
            for event in page["events"]
        ]

    def complaints_of(self, function: str) -> list[tuple[float, str]]:
        """The log lines in which a function, or Lambda, says that something went wrong."""
        return complaints_in(self.logs_of(function))

    def executions(self, machine: str = "WorkflowArn") -> Iterator[tuple[str, str]]:
        """The name and ARN of every execution that moved a lead, or of the other workflow."""
        pages = self.client("stepfunctions").get_paginator("list_executions")
        for page in pages.paginate(stateMachineArn=self.outputs[machine]):
            for execution in page["executions"]:
                yield execution["name"], execution["executionArn"]

    def assignments(self) -> dict[str, str]:
        """What sees, or saw, to leads that reps have: ARNs by name."""
        return dict(self.executions("AssignmentWorkflowArn"))

    def assignment(self, name: str) -> str:
        """How such an execution stands; MISSING where there is none."""
        arn = self.assignments().get(name)
        states = self.client("stepfunctions")
        return str(states.describe_execution(executionArn=arn)["status"]) if arn else "MISSING"

    def histories(self) -> Iterator[str]:
        """All that Step Functions kept, execution by execution."""
        history = self.client("stepfunctions").get_paginator("get_execution_history")
        for _, arn in (*self.executions(), *self.executions("AssignmentWorkflowArn")):
            events = [event for page in history.paginate(executionArn=arn) for event in page["events"]]
            yield json.dumps(events, default=str)

    def _look(self, path: str) -> dict[str, Any]:
        return self.request("GET", self.emulator.url + path).json


def complaints_in(lines: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    """Those of a function's log lines in which it, or Lambda, says that something went wrong."""
    return [(at, line) for at, line in lines if _COMPLAINT.search(line)]


def wait[T](found: Callable[[], T], what: str, timeout_s: float = PATIENCE_S) -> T:
    """What `found` gives, once it gives something. Fails in the words of `what` where it never does."""
    end = time.monotonic() + timeout_s
    while not (value := found()):
        assert time.monotonic() < end, f"not within {timeout_s:.0f} s: {what}"
        time.sleep(POLL_S)
    return value


def link_in(text: str) -> str:
    """The link in a message."""
    found = _LINK.search(text)
    assert found, text
    return found[0].rstrip(".")
