"""Everybody who trades with Baton: a vendor asks for a price, a buyer is tried, pays in and gives a lead back."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from baton.domain.access import hash_of
from baton.domain.campaign import Campaign, ReturnPolicy
from baton.domain.lead import LeadState
from baton.domain.plan import Model, Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Payout, Source
from local.buyers import Buyers
from local.demo import documents, store_secrets
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import JSON, Answer, Person, Stack

TRADE: Final = "trade"
VENDOR_KEY: Final = "vk_only_for_this_test"
BUYER_KEY: Final = "rk_only_for_this_test"
BUYER: Final = "trade-harbor"
PING: Final[dict[str, Any]] = {
    "contact": {"state": "NY", "postal_code": "10001"},
    "attributes": {"vehicle_year": 2018},
}


@pytest.fixture(scope="module")
def buyers() -> Iterator[Buyers]:
    with Buyers(seed=3, faults=False) as six:
        yield six


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    return a_user(stack, "admin")


@pytest.fixture(scope="module", autouse=True)
def market(stack: Stack, buyers: Buyers, admin: Caller) -> None:
    """One buyer who pays in advance and may give leads back, one vendor who gets half."""
    port = int(buyers.url.rpartition(":")[2])
    (harbor,) = (d for d in documents(buyers_port=port) if isinstance(d, Recipient) and d.id == "harbor")
    terms = harbor.model_dump(mode="json")["buyer"]
    terms |= {"billing": {"mode": "prepaid"}, "return_keys": [hash_of(BUYER_KEY)]}
    buyer = Recipient.model_validate({**harbor.model_dump(mode="json"), "id": BUYER, "buyer": terms})
    stage = Stage(name="bids", pool_id=TRADE, model=Model.PING_POST)
    returns = ReturnPolicy(auto_approve=True, resell=False)
    pingable = ("contact.state", "contact.postal_code", "attributes.vehicle_year")
    stack.configure(
        buyer,
        Pool(id=TRADE, name=TRADE, members=(Member(recipient_id=BUYER),)),
        Plan(id=TRADE, version=1, stages=(stage,)),
        PublishedPlan(id=TRADE, version=1),
        Campaign(id=TRADE, name=TRADE, plan_id=TRADE, pingable=pingable, returns=returns),
        Source(
            id=TRADE,
            name=TRADE,
            campaign_id=TRADE,
            api_keys=(hash_of(VENDOR_KEY),),
            payout=Payout(share_percent=50),
        ),
    )
    store_secrets(stack.client("ssm"), f"/{stack.name}/secrets", [buyer])
    paid = admin(
        "POST",
        f"/v1/recipients/{BUYER}/payments",
        {"kind": "top_up", "cents": 50_000, "reason": "transfer"},
        Idempotency_Key="first",
    )
    assert paid.status in (200, 201), paid


def ask(stack: Stack, path: str, body: dict[str, Any], **headers: str) -> Answer:
    return stack.request("POST", path, json.dumps(body), JSON, **headers)


def test_a_vendor_hears_a_price_and_gets_it_for_the_lead_and_the_buyer_can_give_it_back(
    stack: Stack, admin: Caller
) -> None:
    priced = ask(stack, f"/v1/sources/{TRADE}/pings", PING, X_Api_Key=VENDOR_KEY)
    assert (priced.status, priced.json.get("status")) == (200, "priced"), priced
    person = Person.new()
    stack.personal.update(person.fields.values())
    lead = {**PING, "contact": {**PING["contact"], **person.fields}, "ping_id": priced.json["ping_id"]}

    answer = ask(stack, f"/v1/sources/{TRADE}/leads", lead, X_Api_Key=VENDOR_KEY, Prefer="wait=20")

    assert answer.json["verdict"] == "accepted", answer
    assert answer.json["price_cents"] == priced.json["price_cents"]
    lead_id = str(answer.json["lead_id"])
    price = stack.leads.offer(lead_id, 1).price_cents or 0
    assert priced.json["price_cents"] == price // 2
    account = admin("GET", f"/v1/recipients/{BUYER}/account").json
    assert account["balance_cents"] == 50_000 - price
    back = ask(
        stack,
        f"/v1/leads/{lead_id}/returns",
        {"recipient_id": BUYER, "reason": "invalid_contact"},
        X_Api_Key=BUYER_KEY,
    )
    assert back.status < 300, back
    assert stack.lead(lead_id).state is LeadState.RETURNED
    assert admin("GET", f"/v1/recipients/{BUYER}/account").json["balance_cents"] == 50_000


def test_without_a_key_nobody_hears_a_price_and_nobody_gives_a_lead_back(stack: Stack) -> None:
    assert ask(stack, f"/v1/sources/{TRADE}/pings", PING).status == 401
    assert ask(stack, f"/v1/sources/{TRADE}/pings", PING, X_Api_Key=BUYER_KEY).status == 401
    body = {"recipient_id": BUYER, "reason": "invalid_contact"}
    assert ask(stack, f"/v1/leads/{'0' * 32}/returns", body, X_Api_Key=VENDOR_KEY).status == 401


def test_a_new_buyer_can_be_tried_and_nothing_comes_of_it(
    stack: Stack, admin: Caller, buyers: Buyers
) -> None:
    before = admin("GET", f"/v1/recipients/{BUYER}/account").json["balance_cents"]

    tried = admin("POST", f"/v1/recipients/{BUYER}/test", {"post": True})

    assert tried.status == 200, tried
    assert "accepted" in tried.text
    assert admin("GET", f"/v1/recipients/{BUYER}/account").json["balance_cents"] == before
