"""Reps whose channels fail, come back, and wait for the end of quiet hours."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.campaign import Campaign
from baton.domain.change import Change, received
from baton.domain.channels import address_mark
from baton.domain.claims import accepted
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.duty import Act, Duty
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.offer import OfferState
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.timeline import Event, EventKind
from local.chats import BOT_TOKEN, SIGNING_SECRET
from local.outside import Outside
from tests.infra.recorder import STATES, VALUES, Recorder, sample

MAIL: Final = "dora@sales.example"
USER: Final = "U012ABC"
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
        lead_id = self.offered(email=MAIL, phone="+12025550111", quiet=now_and_for_hours(), auto_accept=True)
        self.recorder.invoke("offer", {"lead_id": lead_id, "offer_no": 1})
        self.due(lead_id)  # too early
        # No channel takes the news: there is no app of Slack yet.
        self.hears_news(self.offered(channels=[["slack"]], slack={"user": USER}))
        assert set(self.leads.offer(lead_id, 1).sent) == {"email"}
        with Outside() as outside, pytest.MonkeyPatch.context() as patch:
            patch.setitem(VALUES, "LOCAL_OUTSIDE", outside.url)
            patch.setitem(VALUES, "CONNECT_INSTANCE_ID", "1f0c6c2e-0000-4000-8000-000000000001")
            self.everywhere(outside)

    def everywhere(self, outside: Outside) -> None:
        """By every channel there is, from every function that tells reps; and answers from Slack."""
        for name, value in (
            ("channel/slack/bot-token", BOT_TOKEN),
            ("channel/slack/signing", SIGNING_SECRET),
        ):
            self.secret(name, value)
        slack = json.loads(json.dumps(sample("account/store_slack_secret")))
        slack["body"] = json.dumps({"value": SIGNING_SECRET})
        assert self.recorder.invoke("account", slack)["statusCode"] == 204
        for how in ("task", "call"):
            self.told_everywhere(self.offered(**self.everything(outside, how)), self.offer)
            self.told_everywhere(self.offered(**self.everything(outside, how)), self.due)
            self.hears_news(self.offered(**self.everything(outside, how)))
            self.reminded(self.offered(auto_accept=True, **self.everything(outside, how)))
        for action in ("baton_accept", "baton_decline"):
            lead_id = self.offered(**self.everything(outside, "task"))
            self.offer(lead_id)
            body, headers = outside.chats.press(outside.chats.slack[-1], action, USER)
            event = sample("press/accept", body=body)
            event["headers"] |= headers
            assert self.recorder.invoke("press", event)["statusCode"] == 200
            assert self.leads.offer(lead_id, 1).state is not OfferState.PENDING

    def told_everywhere(self, lead_id: str, tell: Callable[[str], None]) -> None:
        """Every channel takes it."""
        tell(lead_id)
        assert set(self.leads.offer(lead_id, 1).sent) == {"slack", "teams", "webhook", "connect"}

    def reminded(self, lead_id: str) -> None:
        """The lead is the rep's, who has not called."""
        lead, now = self.leads.get(lead_id), datetime.now(UTC)
        duty = Duty(at=now - timedelta(minutes=1), do=Act.REMIND)
        after = lead.revised(**lead.owing([duty]))
        self.leads.commit(Change(lead=after, event=Event.of(after, EventKind.ATTEMPT_MADE, now)))
        self.recorder.invoke("attend", {**sample("attend/due"), "lead_id": lead_id, "offer_no": 1})
        told = {name.rpartition(".")[2] for name in self.leads.offer(lead_id, 1).sent}
        assert {"slack", "teams", "webhook", "connect"} <= told

    def hears_news(self, lead_id: str) -> None:
        """The same person sends another lead."""
        now, lead = datetime.now(UTC), self.leads.get(lead_id)
        self.leads.commit(accepted(lead, self.leads.offer(lead_id, 1), now))
        self.count += 1
        second = Lead(
            lead_id=f"{self.count:032x}",
            rev=1,
            state=LeadState.RECEIVED,
            source_id="web-form",
            campaign_id=lead.campaign_id,
            received_at=now,
            moved_at=now,
            contact=lead.contact,
            attributes={"roof": "gable"},
            duplicate_of=lead_id,
            on_duplicate=DuplicatePolicy.MERGE,
        )
        self.leads.commit(received(second, now))
        assert self.recorder.invoke("merge", {"lead_id": second.lead_id}) == {"merged": True}

    def everything(self, outside: Outside, how: str) -> dict[str, Any]:
        """A rep who hears by all channels that are not SMS and mail."""
        self.secret(f"recipient/talks-{self.count + 1}/teams", f"{outside.url}/teams")
        key = "whsec_" + b64encode(b"only these days know this key").decode()
        self.secret(f"recipient/talks-{self.count + 1}/signing", key)
        return {
            "phone": "+12025550111",
            "channels": [["slack", "teams", "webhook", "connect"]],
            "slack": {"user": USER},
            "teams": {},
            "webhook": {"url": f"{outside.url}/calls"},
            "connect": {"how": how},
        }

    def secret(self, name: str, value: str) -> None:
        """A secret that an admin stored."""
        boto3.client("ssm").put_parameter(
            Name=f"{VALUES['SECRETS_PATH']}/{name}", Value=value, Type="SecureString", Overwrite=True
        )

    def offered(self, *, auto_accept: bool = False, **rep: Any) -> str:
        """A lead that was offered to a rep, or is theirs unasked."""
        self.count += 1
        name, now = f"talks-{self.count}", datetime.now(UTC)
        for document in (
            Recipient.model_validate({"id": name, "name": "Dora", "zone": "UTC", **rep}),
            Pool(id=name, name=name, members=(Member(recipient_id=name),)),
            Plan(id=name, version=1, stages=(Stage(name=name, pool_id=name, auto_accept=auto_accept),)),
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
