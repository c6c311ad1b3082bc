"""AWS calls and sequential round trips per lead and function, and state transitions, of one accepted first offer.

Steps run in this process against the local AWS, warm, so that botocore can count; the transitions come from the
history of a real execution.
"""

import json
import re
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from baton.domain.campaign import Campaign
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from bench.cloud import Cloud, cloud, point_baton_at
from bench.table import Row

PHONE: Final = "+12025550111"
PATIENCE_S: Final = 60
FIELDS: Final = {"first_name": "Mia", "email": "mia@example.com"}


def measure() -> list[Row]:
    """Counted calls per function, then transitions per lead."""
    with cloud() as stack:
        stack.configure(*_configuration())
        transitions = _transitions(stack)
        point_baton_at(stack)
        rows = _steps(stack)
    return [*rows, {"function": "workflow", "calls": "", "round trips": "", "state transitions": transitions}]


def _configuration() -> tuple[Any, ...]:
    return (
        Recipient(id="rep", name="Rep", phone=PHONE, email="rep@example.com", zone="UTC"),
        Pool(id="pool", name="pool", members=(Member(recipient_id="rep"),)),
        Plan(id="plan", version=1, stages=(Stage(name="all", pool_id="pool"),)),
        PublishedPlan(id="plan", version=1),
        Campaign(id="campaign", name="campaign", plan_id="plan"),
        Source(id="source", name="source", campaign_id="campaign"),
    )


def _transitions(stack: Cloud) -> int:
    """States entered by an execution whose first offer was accepted. The other lead's execution is left waiting."""
    request = urllib.request.Request(
        f"{stack.api_url}/v1/sources/source/leads",
        json.dumps(FIELDS).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        lead_id = json.load(answer)["lead_id"]
    link = _until(lambda: _link(stack))
    urllib.request.urlopen(link, urllib.parse.urlencode({"answer": "accept"}).encode()).close()
    machine = stack.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:")
    client = stack.client("stepfunctions")
    arn = f"{machine}:{lead_id}"
    _until(lambda: client.describe_execution(executionArn=arn)["status"] == "SUCCEEDED")
    events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return sum(event["type"].endswith("StateEntered") for event in events)


def _link(stack: Cloud) -> str | None:
    with urllib.request.urlopen(f"{stack.emulator.url}/_ministack/sns/sms-messages") as answer:
        messages = json.load(answer)["sms_messages"].get(PHONE, [])
    found = re.search(r"https?://\S+", messages[-1]["Message"]) if messages else None
    return found.group() if found else None


def _until[T](look: Callable[[], T | None]) -> T:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError


def _steps(stack: Cloud) -> list[Row]:
    """Each step twice; the second, warm one is counted. No workflow runs: the steps are called one by one."""
    from baton.bootstrap import intake, parts, reps, steps, telling_reps

    ids: dict[str, str] = {}
    link = parts.links().link

    def ingest() -> None:
        ids["lead"] = intake.accept_lead()("source", FIELDS).lead_id
        client = stack.client("stepfunctions")
        machine = stack.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:")
        client.stop_execution(executionArn=f"{machine}:{ids['lead']}")

    def token() -> str:
        return link(parts.leads().offer(ids["lead"], 1)).rsplit("/", 1)[1]

    timed: dict[str, Callable[[], object]] = {
        "ingest": ingest,
        "score": lambda: steps.score_lead()(ids["lead"]),
        "route": lambda: steps.route_lead()(ids["lead"]),
        "offer": lambda: telling_reps.offer_lead()(ids["lead"], 1, "token"),
        "respond (look)": lambda: reps.show_offer()(ids["token"]),
        "respond (accept)": lambda: reps.answer_offer()(ids["token"], _accept()),
        "sweep (nothing to do)": steps.sweep_leads(),
    }
    rows: list[Row] = []
    for _ in range(2):
        rows.clear()
        for name, step in timed.items():
            if name.startswith("respond"):
                ids["token"] = token()
            with counted() as calls:
                step()
            text = ", ".join(f"{count} {call}" for call, count in sorted(calls.items()))
            rows.append(
                {"function": name, "calls": text, "round trips": sum(calls.values()), "state transitions": ""}
            )
    return rows


def _accept() -> Any:
    from baton.application.answer_offer import Answer

    return Answer.ACCEPT


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """The AWS calls that Baton's own clients make meanwhile, one after another."""
    from baton.adapters.aws import client

    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    services = ("dynamodb", "stepfunctions", "sns", "sesv2", "secretsmanager")
    for service in services:
        client(service).meta.events.register("before-call", note)
    try:
        yield calls
    finally:
        for service in services:
            client(service).meta.events.unregister("before-call", note)
