"""What the functions do with leads that are suspicious: they are counted, held, looked at; and who wants no contact."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.dedupe import Dedupe
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.source import Source
from baton.domain.spam import SpamGuard
from baton.domain.suspicion import Suspicion
from tests.infra.recorder import Recorder, sample

SAMPLE_LEAD: Final = sample("review/release")["pathParameters"]["lead_id"]
GUARDED: Final = "guarded-form"


def live_with_held_leads(recorder: Recorder) -> None:
    """Everything, one after another."""
    held = hold_leads(recorder)
    ask(recorder, "review/viewer_may_not", next(held), expected=403)
    ask(recorder, "review/release", next(held))
    ask(recorder, "review/reject", next(held))
    for case in ("refuse_contact", "import_table", "check_contact", "allow_contact"):
        ask(recorder, f"review/{case}")
    forget_about_one(recorder)


def hold_leads(recorder: Recorder) -> Iterator[str]:
    """Leads that fall into the honeypot of a form which counts its visitors."""
    limits = SpamGuard(per_address_per_hour=100, per_person_per_day=100)
    campaign = Campaign(id=GUARDED, name="Guarded", plan_id="solar", dedupe=Dedupe())
    source = Source(id=GUARDED, name="Form", campaign_id=GUARDED, honeypot_field="website", spam=limits)
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    configuration.put(campaign)
    configuration.put(source)
    number = 0
    while True:
        number += 1
        event = sample("ingest/json")
        event["pathParameters"] = {"source_id": GUARDED}
        event["headers"]["Idempotency-Key"] = f"held-{number}"
        event["body"] = json.dumps({"email": f"held-{number}@example.com", "website": "https://spam.example"})
        yield json.loads(recorder.invoke("ingest", event)["body"])["lead_id"]


def forget_about_one(recorder: Recorder) -> None:
    """A lead that nobody has looked at for as long as its campaign waits."""
    late = datetime.now(UTC) - timedelta(hours=1)
    lead = Lead(
        lead_id=f"{77:032x}",
        rev=1,
        state=LeadState.QUARANTINED,
        source_id=GUARDED,
        campaign_id="solar",
        received_at=late,
        moved_at=late,
        contact=Contact(phone="+12025550143"),
        suspicions=(Suspicion.HONEYPOT,),
        watch_at=late,
    )
    leads = DynamoLeads(boto3.client("dynamodb"), "LeadsTable", "LedgerTable")
    leads.commit(received(lead, late))
    recorder.invoke("sweep", sample("sweep/schedule"))
    assert leads.get(lead.lead_id).state is LeadState.DISQUALIFIED


def ask(recorder: Recorder, name: str, lead_id: str = SAMPLE_LEAD, expected: int = 200) -> dict[str, Any]:
    """One request."""
    event = json.loads(json.dumps(sample(name)).replace(SAMPLE_LEAD, lead_id))
    answer = recorder.invoke(name.partition("/")[0], event)
    assert answer["statusCode"] == expected, answer
    return dict(json.loads(answer["body"]))
