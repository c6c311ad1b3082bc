"""Reps whose channels fail, come back, and wait for the end of quiet hours."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.channels import address_mark
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.offer import OfferState
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from tests.infra.recorder import STATES, Recorder, sample

MAIL: Final = "dora@sales.example"
LEADS_FROM: Final = 900
"""The number of the first lead of these days: no other days have such."""


class DaysOfChannels:
    """One rep after another is alone in a pool, and has a lead of their own."""

    def __init__(self, recorder: Recorder, leads: DynamoLeads) -> None:
        self.recorder = recorder
        self.leads = leads
        self.configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
        self.count = LEADS_FROM

    def live(self) -> None:
        """Everything, one after another."""
        lead_id = self.offered(email=MAIL, phone="+12025550111", channels=[["email"], ["sms"]])
        self.offer(lead_id)
        self.comes_back(lead_id)
        assert set(self.leads.offer(lead_id, 1).sent) == {"email", "sms"}
        lead_id = self.offered(email=MAIL)
        self.due(lead_id)  # whom no step has told yet
        self.comes_back(lead_id)
        assert self.leads.offer(lead_id, 1).state is OfferState.RELEASED
        lead_id = self.offered(email=MAIL, phone="+12025550111", quiet=now_and_for_hours())
        self.offer(lead_id)
        self.due(lead_id)  # too early
        assert set(self.leads.offer(lead_id, 1).sent) == {"email"}

    def offered(self, **rep: Any) -> str:
        """A lead that was offered to a rep."""
        self.count += 1
        name, now = f"talks-{self.count}", datetime.now(UTC)
        for document in (
            Recipient.model_validate({"id": name, "name": "Dora", "zone": "UTC", **rep}),
            Pool(id=name, name=name, members=(Member(recipient_id=name),)),
            Plan(id=name, version=1, stages=(Stage(name=name, pool_id=name),)),
            PublishedPlan(id=name, version=1),
            Campaign(id=name, name=name, plan_id=name),
        ):
            self.configuration.put(document)
        lead = Lead(
            lead_id=f"{self.count:032x}",
            rev=1,
            state=LeadState.RECEIVED,
            source_id="web-form",
            campaign_id=name,
            received_at=now,
            moved_at=now,
            contact=Contact(phone="2025550143"),
        )
        self.leads.commit(received(lead, now))
        boto3.client("stepfunctions").start_execution(
            stateMachineArn=f"{STATES}:stateMachine:baton-lead", name=lead.lead_id
        )
        for step in ("score", "route"):
            self.recorder.invoke(step, {"lead_id": lead.lead_id})
        return lead.lead_id

    def offer(self, lead_id: str) -> None:
        """The step Offer."""
        self.recorder.invoke("offer", {"lead_id": lead_id, "offer_no": 1, "task_token": f"t-{lead_id}"})

    def due(self, lead_id: str) -> None:
        """The queue says that it is time."""
        self.message("retell/due", {"lead_id": lead_id, "offer_no": 1})

    def comes_back(self, lead_id: str) -> None:
        """The mail could not be delivered."""
        tags = {"lead_id": [lead_id], "offer_no": ["1"], "to": [address_mark(MAIL, lead_id)]}
        offer = self.leads.offer(lead_id, 1)
        if offer.task_token is None:
            self.leads.note(offer.noted(task_token=f"t-{lead_id}"))
        self.message("retell/came_back", {"why": "bounced", "tags": tags})

    def message(self, case: str, body: dict[str, Any]) -> None:
        """A message of the queue."""
        event = sample(case)
        event["Records"][0]["body"] = json.dumps(body)
        assert self.recorder.invoke("retell", event) == {"batchItemFailures": []}


def now_and_for_hours() -> dict[str, Any]:
    """Quiet hours that it is now."""
    now = datetime.now(UTC)
    return {
        "begin": f"{now - timedelta(hours=1):%H:%M}",
        "end": f"{now + timedelta(hours=3):%H:%M}",
        "channels": ["sms"],
    }
