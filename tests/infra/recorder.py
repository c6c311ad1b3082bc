"""Runs the real functions over moto and remembers every AWS call and every setting that each of them needed."""

import functools
import importlib.util
import json
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import boto3
import pytest

from baton import bootstrap
from baton.adapters import aws
from baton.domain.trouble import DEAD_LETTERS
from baton.entrypoints import observability
from baton.settings import Settings
from tests.infra.deployed import functions, properties
from tests.quick_moto import loader

FOLDER: Final = Path(__file__).parents[2] / "functions"
EVENTS: Final = Path(__file__).parents[2] / "events"
REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
STATES: Final = f"arn:aws:states:{REGION}:{ACCOUNT}"
MACHINE: Final = f"{STATES}:stateMachine:baton-lead"
TOPIC: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:AlertTopic"
SENDER: Final = "leads@example.com"
QUEUES: Final = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"
# What each variable of the template holds here; tables, topic and secret are named after their place in it.
VALUES: Final[dict[str, str]] = {
    "LEADS_TABLE": "LeadsTable",
    "CONFIG_TABLE": "ConfigTable",
    "LEDGER_TABLE": "LedgerTable",
    "STATE_MACHINE_ARN": MACHINE,
    "ASSIGNMENT_MACHINE_ARN": f"{STATES}:stateMachine:baton-assignment",
    "ALERT_TOPIC_ARN": TOPIC,
    "SIGNING_SECRET_ID": "SigningSecret",
    "SENDER_EMAIL": SENDER,
    "PUBLIC_URL": "https://leads.example.com",
    "SECRETS_PATH": "/baton/secrets",
    "LOCAL_BUYERS": "true",
    "IMPORT_QUEUE_URL": f"{QUEUES}/ImportQueue",
    "EVENT_BUS": "EventBus",
    "DELIVERY_QUEUE_URL": f"{QUEUES}/DeliveryQueue",
    "RETELL_QUEUE_URL": f"{QUEUES}/RetellQueue",
    "MAIL_EVENTS": "MailEvents",
    "NOTICE_QUEUE_URL": f"{QUEUES}/NoticeQueue",
    "REPORTS_TABLE": "ReportsTable",
    "REPORT_ZONE": "America/New_York",
    "UNCOUNTED_QUEUE_URL": f"{QUEUES}/Uncounted",
    "DEAD_LETTER_QUEUES": " ".join(
        f"{name}={QUEUES}/{'Uncounted' if name == 'uncounted' else f'{name.title()}DeadLetters'}"
        for name in DEAD_LETTERS
    ),
}
WIRING: Final = tuple(
    importlib.import_module(f"{bootstrap.__name__}.{module.name}")
    for module in pkgutil.iter_modules(bootstrap.__path__)
)
"""Where use cases are wired, and kept as long as a process lives."""
Call = tuple[str, str]
"""An action, and what it was done to."""


@dataclass
class Recorder:
    """What each function did."""

    calls: dict[str, set[Call]] = field(default_factory=lambda: defaultdict(set))
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Of the configuration's rows, the kinds that each function wrote: the table's partitions."""
    read: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Settings, by the names of their variables."""

    def invoke(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Call a function as Lambda would at a cold start: with its own variables and nothing kept."""
        with pytest.MonkeyPatch.context() as patch, fresh():
            for name in functions()[function]["Environment"]["Variables"]:
                patch.setenv(name, VALUES.get(name, ""))
            watched = _Watched(Settings(), self.read[function])
            for module in WIRING:
                if hasattr(module, "SETTINGS"):
                    patch.setattr(module, "SETTINGS", watched)
            aws._session().register_component("data_loader", loader())
            aws._session().register("before-call.connect.*", _taken)
            aws._session().register("provide-client-params.*.*", self._listen(function))
            handler = load(function)
            return handler(dict(event), None)

    def _listen(self, function: str) -> Callable[..., None]:
        def listen(params: dict[str, Any], model: Any, **_: Any) -> None:
            service = model.service_model.signing_name
            self.calls[function].update(calls_of(service, model.name, params))
            self.kinds[function].update(kinds_of(params))

        return listen


class _Watched:
    """Settings that remember which of them were asked for."""

    def __init__(self, real: Settings, read: set[str]) -> None:
        self._real = real
        self._read = read

    def __getattr__(self, name: str) -> Any:
        self._read.add(name.upper())
        return getattr(self._real, name)


def calls_of(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    """The permissions that one call needs. A transaction is no action of its own: each of its writes is."""
    match service, operation:
        case "dynamodb", "TransactWriteItems":
            for write in params["TransactItems"]:
                for kind, request in write.items():
                    yield f"dynamodb:{kind}Item", request["TableName"]
        case "dynamodb", "BatchGetItem" | "BatchWriteItem":
            yield from ((f"dynamodb:{operation}", table) for table in params["RequestItems"])
        case "dynamodb", _:
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            yield f"dynamodb:{operation}", f"{params['TableName']}{index}"
        case "states", _:
            arn = str(params.get("stateMachineArn") or params.get("executionArn") or "")
            yield f"states:{operation}", arn.split(":")[5] if arn else "*"
        case "sns", _:
            phone = "*" if operation.startswith("Check") else "a phone"
            yield f"sns:{operation}", "AlertTopic" if "TopicArn" in params else phone
        case "ses", _:
            # SES asks for both of whoever sends a whole message.
            raw = ["SendRawEmail"] if "Raw" in params.get("Content", {}) else []
            yield from ((f"ses:{action}", "the sender") for action in (operation, *raw))
        case "sqs", _:
            yield f"sqs:{operation.removesuffix('Batch')}", params["QueueUrl"].rpartition("/")[2]
        case "secretsmanager" | "events", _:
            things = [params] if "SecretId" in params else params["Entries"]
            yield from (
                (f"{service}:{operation}", one.get("SecretId") or one["EventBusName"]) for one in things
            )
        case "ssm", _:
            name = str(params["Name"]).removeprefix(f"{VALUES['SECRETS_PATH']}/")
            yield f"ssm:{operation}", f"secrets/{name.partition('/')[0]}"
        case _:
            thing = "the call centre" if service == "connect" else json.dumps(dict(params))
            yield f"{service}:{operation}", thing


def _taken(**_: Any) -> tuple[Any, dict[str, Any]]:
    """What Amazon Connect says to everything. moto does not know these calls."""
    return SimpleNamespace(status_code=200), {"ContactId": "made up"}


def kinds_of(params: Mapping[str, Any]) -> Iterator[str]:
    """The kinds of configuration that a call writes."""
    writes = [params, *(request for write in params.get("TransactItems", ()) for request in write.values())]
    for write in writes:
        if write.get("TableName") == "ConfigTable" and "Item" in write:
            yield write["Item"]["kind"]["S"]


def load(function: str) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The handler of a function's file."""
    spec = importlib.util.spec_from_file_location(f"{function}_app", FOLDER / function / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler  # type: ignore[no-any-return]


@contextmanager
def fresh() -> Iterator[None]:
    """Nothing that a process keeps between invocations, before and after."""
    _forget()
    try:
        yield
    finally:
        _forget()
        observability.logger.set_correlation_id(None)


def _forget() -> None:
    for cached in [
        *(value for module in WIRING for value in vars(module).values()),
        aws.client,
        aws._session,
    ]:
        if isinstance(cached, functools._lru_cache_wrapper):
            cached.cache_clear()


def build_account() -> None:
    """The tables, the topic, the secret and the workflow that the functions work with."""
    dynamodb = boto3.client("dynamodb")
    for name, given in properties("AWS::DynamoDB::Table").items():
        wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        dynamodb.create_table(TableName=name, **{key: given[key] for key in wanted if key in given})
    for url in (url for name, url in VALUES.items() if name.endswith("QUEUE_URL")):
        boto3.client("sqs").create_queue(QueueName=url.rpartition("/")[2])
    boto3.client("events").create_event_bus(Name="EventBus")
    boto3.client("sns").create_topic(Name="AlertTopic")
    boto3.client("sesv2").create_configuration_set(ConfigurationSetName="MailEvents")
    boto3.client("secretsmanager").create_secret(Name="SigningSecret", SecretString="made up")
    for machine in ("lead", "assignment"):
        boto3.client("stepfunctions").create_state_machine(
            name=f"baton-{machine}",
            definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/workflow",
        )


def sample(name: str, **changes: Any) -> dict[str, Any]:
    """A sample event, with some of it changed."""
    return {**json.loads((EVENTS / f"{name}.json").read_text()), **changes}
