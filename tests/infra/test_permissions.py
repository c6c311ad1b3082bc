"""Invariant 10: every function can do what it needs and nothing more, and has the settings it needs and no others."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.offer_links import SignedOfferLinks
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from tests.infra.deployed import functions, statements
from tests.infra.recorder import ACCOUNT, REGION, SENDER, STATES, Call, Recorder, build_account, sample

# What Lambda itself does in a function's name.
BY_LAMBDA: Final = ("logs:", "xray:", "sqs:")
# Read by Powertools when it is imported.
BY_POWERTOOLS: Final = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}
# Settings that a function's use cases read and that it is not given.
NOT_GIVEN: Final = {
    ("offer", "STATE_MACHINE_ARN"): "it only resumes, and that goes by the task token",
    (
        "respond",
        "PUBLIC_URL",
    ): "it reads links and makes none; telling it the API's address would be a circle",
}
# Settings whose default is right everywhere.
OPTIONAL: Final = {"CONFIG_TTL_S"}

every_function = pytest.mark.parametrize("function", functions())


class Days:
    """A lead's life with everything that can happen in it, so that every function does all it can."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.leads = DynamoLeads(boto3.client("dynamodb"), "LeadsTable", "LedgerTable")
        self.states = boto3.client("stepfunctions")
        self.seed()

    def seed(self) -> None:
        """One source, and reps whom every channel reaches, but for the first, whose only channel is refused."""
        everybody = ("ana", "ben", "carla")
        configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
        stage = Stage(name="team", pool_id="team")
        for document in (
            Source(id="web-form", name="Form", campaign_id="solar"),
            Campaign(id="solar", name="Solar", plan_id="solar"),
            Plan(id="solar", version=1, stages=(stage,)),
            PublishedPlan(id="solar", version=1),
            Pool(id="team", name="Team", members=tuple(Member(recipient_id=who) for who in everybody)),
            Recipient(id="ana", name="Ana", email="ana@sales.example", zone="UTC"),
            Recipient(id="ben", name="Ben", email="ben@sales.example", phone="+12025550102", zone="UTC"),
            Recipient(id="carla", name="Carla", email="carla@sales.example", zone="UTC"),
        ):
            configuration.put(document)

    def live(self) -> None:
        """Everything, one after another."""
        lead_id = self.take_in()
        self.score_and_route(lead_id)
        self.step(
            "offer", lead_id, offer_no=1, task_token="t1"
        )  # no mail from an unverified sender: unreachable
        boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        self.score_and_route(lead_id)
        self.step("offer", lead_id, offer_no=2, task_token="t2")
        self.rep(lead_id, 2, "show", "accept", "undo")
        self.score_and_route(lead_id)
        self.step("offer", lead_id, offer_no=3, task_token="t3")
        self.rep(lead_id, 3, "decline")
        self.step("offer", lead_id, offer_no=3, task_token="t3")  # repeated: answered meanwhile
        self.step("route", lead_id)  # exhausted
        self.sweep_up()

    def take_in(self) -> str:
        """A lead, posted twice."""
        first, second = (self.recorder.invoke("ingest", sample("ingest/json")) for _ in range(2))
        assert (first["statusCode"], first["body"]) == (202, second["body"])
        return str(json.loads(first["body"])["lead_id"])

    def score_and_route(self, lead_id: str) -> None:
        """The two steps that lead to an offer."""
        assert self.step("score", lead_id) == {"qualified": True}
        assert self.step("route", lead_id)["next"] == "offer"

    def step(self, function: str, lead_id: str, **task: Any) -> dict[str, Any]:
        """One step of the workflow."""
        return self.recorder.invoke(function, {"lead_id": lead_id, **task})

    def rep(self, lead_id: str, no: int, *visits: str) -> None:
        """A rep follows a link."""
        link = SignedOfferLinks("", lambda: b"made up").link(self.leads.offer(lead_id, no))
        self.end_execution(lead_id)
        for visit in visits:
            event = sample(f"respond/{visit}", pathParameters={"token": link.rpartition("/")[2]})
            assert self.recorder.invoke("respond", event)["statusCode"] == 200

    def end_execution(self, lead_id: str) -> None:
        """Let the lead's first execution end."""
        self.states.stop_execution(executionArn=f"{STATES}:execution:baton-lead:{lead_id}")

    def sweep_up(self) -> None:
        """A lead whose workflow never started, one that can no longer be helped, and one that is on offer."""
        late = datetime.now(UTC) - timedelta(hours=1)
        for number, attempt in ((1, 1), (2, 5)):
            self.leads.commit(received(a_lead(number, late, attempt), late))
        stuck = f"{a_lead(2, late, 5).lead_id}-5"
        self.states.start_execution(stateMachineArn=f"{STATES}:stateMachine:baton-lead", name=stuck)
        self.end_execution(stuck)
        self.recorder.invoke("sweep", sample("sweep/schedule"))
        offered = a_lead(1, late, 1).lead_id
        self.score_and_route(offered)
        self.step("sweep", offered, step="Offer", error="ConfigurationBroken")


def a_lead(number: int, at: datetime, attempt: int) -> Lead:
    """A lead that should have moved long ago."""
    return Lead(
        lead_id=f"{number:032x}",
        rev=1,
        state=LeadState.RECEIVED,
        source_id="web-form",
        campaign_id="solar",
        received_at=at,
        moved_at=at,
        contact=Contact(phone="2025550143"),
        attempt=attempt,
        watch_at=at,
    )


@pytest.fixture(scope="module")
def seen() -> Iterator[Recorder]:
    """What the functions did in all that can happen to a lead."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
        build_account()
        days = Days()
        days.live()
        yield days.recorder


def granted(function: str) -> set[Call]:
    """What the function's role allows its code to do."""
    return {
        (action, thing)
        for role, statement in statements()
        if role == f"{function.title()}Role"
        for action in statement["Action"]
        if not action.startswith(BY_LAMBDA)
        for thing in things(statement)
    }


def things(statement: dict[str, Any]) -> set[str]:
    """What a statement is about, in short."""
    if "NotResource" in statement:
        return {"a phone"}
    resource = statement["Resource"]
    return {thing(one) for one in (resource if isinstance(resource, list) else [resource])}


def thing(resource: Any) -> str:
    """One resource in short: its name in the template, or what kind of a thing it is."""
    text = json.dumps(resource)
    if "identity/" in text or "configuration-set/" in text:
        return "the sender"
    kinds = [kind for kind in ("stateMachine", "execution") if f":{kind}:" in text]
    if kinds:
        return kinds[0]
    if "/index/" in text:
        return str(resource["Fn::Sub"].replace("${LeadsTable.Arn}", "LeadsTable"))
    return str(resource if resource == "*" else resource.get("Ref") or resource["Fn::GetAtt"][0])


@every_function
def test_a_function_does_nothing_that_its_role_does_not_allow(function: str, seen: Recorder) -> None:
    assert seen.calls[function] - granted(function) == set()


@every_function
def test_a_role_allows_nothing_that_its_function_does_not_do(function: str, seen: Recorder) -> None:
    assert granted(function) - seen.calls[function] == set()


@every_function
def test_a_function_reads_every_setting_that_it_is_given(function: str, seen: Recorder) -> None:
    given = set(functions()[function]["Environment"]["Variables"]) - BY_POWERTOOLS

    assert given - seen.read[function] == set()


@every_function
def test_a_function_is_given_every_setting_that_it_reads(function: str, seen: Recorder) -> None:
    given = set(functions()[function]["Environment"]["Variables"])

    excused = {name for owner, name in NOT_GIVEN if owner == function}

    assert seen.read[function] - given - OPTIONAL == excused
