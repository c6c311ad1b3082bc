"""What the functions ask outside about leads, and how a person is forgotten who asks for it."""

import json
from datetime import UTC, datetime
from typing import Any, Final

import boto3
import pytest

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.consent import Consent
from baton.domain.exchange import Exchange, Purpose
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.source import Source
from baton.domain.spam import Challenge, ChallengeKind, SpamGuard
from baton.domain.vetting import CertificateUse, VettingRules
from local.name_server import NameServer
from local.outside import SITE_SECRET, TRUSTED_FORM_KEY, Outside
from tests.infra.recorder import VALUES, Recorder, sample

SAMPLE_LEAD: Final = sample("vet/lead")["lead_id"]
VETTED: Final = "vetted-form"


def live_with_questions(recorder: Recorder) -> None:
    """Everything, one after another."""
    leads = DynamoLeads(boto3.client("dynamodb"), "LeadsTable", "LedgerTable")
    configure()
    zones = {"example.com": {"MX": ["10 mail.example.com."]}}
    with Outside() as outside, NameServer(zones) as names, pytest.MonkeyPatch.context() as patch:
        patch.setitem(VALUES, "LOCAL_OUTSIDE", outside.url)
        patch.setitem(VALUES, "LOCAL_RESOLVER", f"{names.address[0]}:{names.address[1]}")
        certificate = outside.issue(email="vetted@example.com")
        # Without keys first: operations are told of it.
        assert set(vet(recorder, leads, 81, certificate).values()) == {"takes_mail", "no_key"}
        store_secrets()
        said = {"email_domain": "takes_mail", "certificate": "valid", "challenge": "passed"}
        assert vet(recorder, leads, 82, certificate) == said
    forget_one(recorder, leads)


def configure() -> None:
    """A campaign and a form of which everything is asked that can be."""
    rules = VettingRules(email_domain=True, certificate=CertificateUse.RETAIN, certificate_key="trusted-form")
    challenge = Challenge(kind=ChallengeKind.TURNSTILE, secret="site")
    store = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    store.put(Campaign(id=VETTED, name="Vetted", plan_id="solar", vetting=rules))
    store.put(Source(id=VETTED, name="Form", campaign_id=VETTED, spam=SpamGuard(challenge=challenge)))


def store_secrets() -> None:
    """Our keys to the others."""
    ssm = boto3.client("ssm")
    secrets = {f"campaign/{VETTED}/trusted-form": TRUSTED_FORM_KEY, f"source/{VETTED}/site": SITE_SECRET}
    for name, value in secrets.items():
        ssm.put_parameter(Name=f"{VALUES['SECRETS_PATH']}/{name}", Value=value, Type="SecureString")


def vet(recorder: Recorder, leads: DynamoLeads, number: int, certificate: str) -> dict[str, Any]:
    """What is found of a lead."""
    now = datetime.now(UTC)
    lead = Lead(
        lead_id=f"{number:032x}",
        rev=1,
        state=LeadState.RECEIVED,
        source_id=VETTED,
        campaign_id=VETTED,
        received_at=now,
        moved_at=now,
        contact=Contact(email="vetted@example.com"),
        consent=Consent(given=True, trusted_form=certificate),
        challenge=f"person-{number}",
    )
    assert leads.commit(received(lead, now))
    answer = recorder.invoke("vet", sample("vet/lead", lead_id=lead.lead_id))
    return dict(answer["findings"])


def forget_one(recorder: Recorder, leads: DynamoLeads) -> None:
    """A person whose lead is on offer, and who has sent it twice."""
    event = sample("ingest/json")
    event["headers"]["Idempotency-Key"] = "to-be-forgotten"
    event["body"] = json.dumps({"email": "forgotten@example.com", "last_name": "Lopez"})
    lead_id = json.loads(recorder.invoke("ingest", event)["body"])["lead_id"]
    recorder.invoke("score", {"lead_id": lead_id})
    recorder.invoke("route", {"lead_id": lead_id})
    now = datetime.now(UTC)
    said = Exchange(
        lead_id=lead_id,
        exchange_id=Exchange.id_at(now, "acme", Purpose.PING),
        at=now,
        recipient_id="acme",
        purpose=Purpose.PING,
        request="POST",
        verdict="unclear",
        took_ms=1,
    )
    leads.keep([said])
    request = json.loads(json.dumps(sample("forget/person")).replace(SAMPLE_LEAD, lead_id))
    answer = recorder.invoke("forget", request)
    assert answer["statusCode"] == 200, answer
    assert leads.get(lead_id).forgotten_at
