"""What functions account and reclaim do: a buyer pays, buys and returns, a person decides, a source is switched off."""

import json
from datetime import UTC, datetime
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.domain.access import hash_of
from baton.domain.campaign import Campaign
from baton.domain.change import received, scored
from baton.domain.claims import claim
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.recipient import Recipient
from baton.domain.sales import Deal, sold
from baton.domain.scoring import Score
from baton.domain.situation import Choice, Decision
from baton.domain.source import Source
from baton.domain.trace import Trace
from baton.domain.webhooks import sign
from tests.infra.recorder import Recorder, sample

SAMPLE_LEAD: Final = sample("reclaim/by_key")["pathParameters"]["lead_id"]
SIGNING: Final = "whsec_bWFkZSB1cCBmb3IgdGhpcyBzYW1wbGU="
KEY: Final = sample("reclaim/by_key")["headers"]["X-Api-Key"]
CHOOSY: Final = {"max_return_percent": 10, "returns_from": 1}


def live_with_money(recorder: Recorder, leads: DynamoLeads) -> None:
    """Everything, one after another."""
    seed()
    by_rule, signed, by_hand, by_phone = (sell(leads, number) for number in (71, 72, 73, 74))
    for case in ("book_payment", "book_payment", "read_account", "read_statement", "read_source_statement"):
        ask(recorder, f"account/{case}")
    for case in ("store_recipient_secret", "store_source_secret", "store_campaign_secret"):
        ask(recorder, f"account/{case}")
    listing = json.dumps(sample("account/list_source_secrets")).replace("web-form", "by-rule")
    ask(recorder, "account/list_source_secrets", event=json.loads(listing))
    ask(recorder, "reclaim/by_key", by_rule)
    ask(recorder, "reclaim/by_key", by_rule)
    ask(recorder, "reclaim/unknown_key", by_rule, expected=401)
    ask(recorder, "reclaim/unknown_reason", by_hand, expected=422)
    event = json.loads(json.dumps(sample("reclaim/by_signature")).replace(SAMPLE_LEAD, signed))
    now = datetime.now(UTC)
    event["headers"] |= {
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": sign(SIGNING, event["headers"]["webhook-id"], now, event["body"].encode()),
    }
    ask(recorder, "reclaim/by_signature", signed, event=event)
    ask(recorder, "reclaim/by_key", by_hand, expected=202)
    ask(recorder, "account/list_returns")
    ask(recorder, "account/approve_return", by_hand)
    ask(recorder, "account/take_return", by_phone)
    ask(recorder, "account/viewer_may_not", expected=403)


def seed() -> None:
    """A buyer, and two campaigns with a source each: in one rules decide about returns, in the other people."""
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    harbor = {
        "id": "harbor",
        "type": "buyer",
        "name": "Harbor",
        "zone": "UTC",
        "email": "leads@harbor.example",
        "buyer": {
            "price_cents": 1_000,
            "return_keys": [hash_of(KEY)],
            "return_secret": "returns",
            # Nobody listens there: that it was told, and what came of it, is kept all the same.
            "return_notice": {
                "url": "http://127.0.0.1:9/returns",
                "auth": {"type": "signature", "secret": "returns"},
            },
        },
    }
    configuration.put(Recipient.model_validate(harbor))
    for name, auto in (("rule", True), ("hand", False)):
        returns = {"auto_approve": auto, "max_percent": 100}
        configuration.put(
            Campaign.model_validate({"id": name, "name": name, "plan_id": "solar", "returns": returns})
        )
        configuration.put(
            Source.model_validate(
                {
                    "id": f"by-{name}",
                    "name": name,
                    "campaign_id": name,
                    "limits": CHOOSY,
                    "hooks": {"typeform": {"secret": "typeform"}},
                }
            )
        )
    boto3.client("ssm").put_parameter(
        Name="/baton/secrets/recipient/harbor/returns", Value=SIGNING, Type="SecureString"
    )


def sell(leads: DynamoLeads, number: int) -> str:
    """A lead that harbor bought: 71 and 72 of the campaign with rules, 73 and 74 of the other."""
    now, name = datetime.now(UTC), "hand" if number in (73, 74) else "rule"
    ledger = DynamoLedger(boto3.client("dynamodb"), "LedgerTable")
    lead = Lead(
        lead_id=f"{number:032x}",
        rev=1,
        state=LeadState.RECEIVED,
        source_id=f"by-{name}",
        campaign_id=name,
        received_at=now,
        moved_at=now,
        contact=Contact(phone="2025550143"),
    )
    assert leads.commit(received(lead, now))
    change = scored(lead, Score(points=1, reasons=(), qualified=True), "solar", 1, now)
    assert leads.commit(change)
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    choice = Choice(
        recipient=configuration.get(Recipient, "harbor"),
        stage=0,
        stage_name="buyers",
        pool=None,
        queue=None,
        member=None,
        place=None,
        accept_within=None,
        resume_at=0,
        price_cents=1_000,
    )
    trace = Trace(plan_id="solar", plan_version=1, attempt=0, stages=())
    known = ledger.standings([], ["harbor"], intakes=[lead.source_id])
    change = claim(change.lead, Decision(choice, trace), known, now)
    assert leads.commit(change)
    assert change.offer
    assert change.offer.delivery
    known = ledger.standings([], ["harbor"], intakes=[lead.source_id])
    source = configuration.get(Source, lead.source_id)
    assert leads.commit(sold(Deal(change.lead, change.offer, source), change.offer.delivery, known, now))
    return lead.lead_id


def ask(
    recorder: Recorder,
    name: str,
    lead_id: str = SAMPLE_LEAD,
    *,
    event: dict[str, Any] | None = None,
    expected: int = 0,
) -> None:
    """One request, about that lead. Without a number, any answer that is no refusal is expected."""
    asked = json.loads(json.dumps(event or sample(name)).replace(SAMPLE_LEAD, lead_id))
    answer = recorder.invoke(name.partition("/")[0], asked)
    assert answer["statusCode"] == expected or (not expected and answer["statusCode"] < 300), answer
