"""A lead that its rep does not call: acknowledged, reminded of, escalated, and in the end given to a colleague."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.offer_links import SignedOfferLinks
from baton.domain.campaign import Campaign
from baton.domain.change import Change, received
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.timeline import Event, EventKind
from tests.infra.recorder import STATES, Recorder, sample

CAMPAIGN: Final[dict[str, Any]] = {
    "id": "prompt",
    "name": "Prompt",
    "plan_id": "prompt",
    "service_level": {
        "contact_within_s": 60,
        "counts": "always",
        "then": [
            {"after_s": 60, "do": "remind"},
            {"after_s": 90, "do": "escalate"},
            {"after_s": 120, "do": "reassign"},
        ],
    },
    "acknowledgement": {
        "company": "Bright",
        "sms": "{rep} will call you.",
        "mail": {"subject": "Hello", "text": "{rep} will call you."},
    },
}
CROWD: Final = 25
"""Members of a pool so large that their turns are read by partition."""


def live_with_service_levels(recorder: Recorder, leads: DynamoLeads) -> None:
    """Everything, one after another."""
    configure()
    lead = a_lead_of(leads)
    states = boto3.client("stepfunctions")
    states.start_execution(stateMachineArn=f"{STATES}:stateMachine:baton-lead", name=lead.lead_id)
    for function, more in (("score", {}), ("route", {}), ("offer", {"offer_no": 1, "task_token": "t7"})):
        recorder.invoke(function, {"lead_id": lead.lead_id, **more})
    accept(recorder, leads, lead.lead_id)
    assert leads.get(lead.lead_id).state is LeadState.ASSIGNED
    assert watch(recorder, lead.lead_id) == {"batchItemFailures": []}
    assert attend(recorder, lead.lead_id)["then"] == "wait"
    let_time_pass(leads, lead.lead_id)
    recorder.invoke("sweep", sample("sweep/schedule"))
    assert attend(recorder, lead.lead_id) == {
        "then": "done",
        "wait_s": 0,
    }  # its workflow still waits, and is woken
    states.stop_execution(executionArn=f"{STATES}:execution:baton-lead:{lead.lead_id}")
    attend(recorder, lead.lead_id)  # repeated: it has died meanwhile
    after = leads.get(lead.lead_id)
    assert after.state is LeadState.SCORED
    assert after.acknowledged_at
    reassign(recorder, leads, lead.lead_id)


def configure() -> None:
    """Two reps, each with a phone, and a crowd that wants nothing."""
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    reps = [
        Recipient(id=who, name=who.title(), email=f"{who}@sales.example", phone="+12025550102", zone="UTC")
        for who in ("prompt-1", "prompt-2")
    ]
    crowd = [
        Recipient(id=f"p{number}", name="D", email="d@sales.example", zone="UTC", paused=True)
        for number in range(CROWD)
    ]
    for document in (
        *reps,
        *crowd,
        Pool(id="prompt", name="P", members=tuple(Member(recipient_id=one.id) for one in (*reps, *crowd))),
        Plan(id="prompt", version=1, stages=(Stage(name="all", pool_id="prompt"),)),
        PublishedPlan(id="prompt", version=1),
        Campaign.model_validate(CAMPAIGN),
    ):
        configuration.put(document)


def a_lead_of(leads: DynamoLeads) -> Lead:
    """Somebody's enquiry."""
    now = datetime.now(UTC)
    lead = Lead(
        lead_id=f"{7_700:032x}",
        rev=1,
        state=LeadState.RECEIVED,
        source_id="web-form",
        campaign_id="prompt",
        received_at=now,
        moved_at=now,
        contact=Contact(first_name="Mia", phone="+12125550199", email="mia@example.com"),
        watch_at=now,
    )
    leads.commit(received(lead, now))
    return lead


def accept(recorder: Recorder, leads: DynamoLeads, lead_id: str) -> None:
    """The rep takes the lead."""
    link = SignedOfferLinks("", lambda: b"made up").link(leads.offer(lead_id, 1))
    event = sample("respond/accept")
    event["pathParameters"] = {"token": link.rpartition("/")[2]}
    assert recorder.invoke("respond", event)["statusCode"] == 200


def reassign(recorder: Recorder, leads: DynamoLeads, lead_id: str) -> None:
    """A person takes the lead back from whoever is asked, and then from whoever has it."""
    recorder.invoke("route", {"lead_id": lead_id})
    recorder.invoke("offer", {"lead_id": lead_id, "offer_no": 2, "task_token": "t8"})
    for to in ("prompt-1", "prompt-2"):
        event = json.loads(
            json.dumps(sample("reassign/to_a_rep")).replace(
                sample("reassign/to_a_rep")["pathParameters"]["lead_id"], lead_id
            )
        )
        event["body"] = json.dumps({"recipient_id": to})
        answer = recorder.invoke("reassign", event)
        assert answer["statusCode"] == 200, answer
        recorder.invoke("route", {"lead_id": lead_id})
        assert leads.get(lead_id).recipient_id == to


def watch(recorder: Recorder, lead_id: str) -> dict[str, Any]:
    """The assignment's event comes from the bus."""
    event = sample("watch/entrusted")
    body = json.loads(event["Records"][0]["body"])
    body["detail"]["lead_id"] = lead_id
    event["Records"][0]["body"] = json.dumps(body)
    return recorder.invoke("watch", event)


def attend(recorder: Recorder, lead_id: str) -> dict[str, Any]:
    """The step of the workflow."""
    return recorder.invoke("attend", {**sample("attend/due"), "lead_id": lead_id})


def let_time_pass(leads: DynamoLeads, lead_id: str) -> None:
    """Everything that was to be done about the lead was due an hour ago."""
    lead = leads.get(lead_id)
    hour = timedelta(hours=1)
    duties = [duty.model_copy(update={"at": duty.at - hour}) for duty in lead.duties]
    after = lead.revised(**lead.owing(duties))
    leads.commit(Change(lead=after, event=Event.of(after, EventKind.ATTEMPT_MADE, datetime.now(UTC))))
