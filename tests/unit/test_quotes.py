"""Pings: what a vendor hears that a lead would bring, before it sends the lead. Nobody learns who the person is."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from baton.adapters.trade_rows import exchange_row, promise_put
from baton.application.outgoing import Answer
from baton.application.quote_lead import FIRST_OVERHEAD_MS, ON_THE_WAY_MS
from baton.domain.plan import Model, PublishedPlan
from baton.domain.promise import Promise
from baton.domain.recipient import Recipient
from baton.domain.standing import Standings, Usage
from tests.builders import SECOND, a_plan, a_pool, a_rep, a_stage
from tests.selling import a_buyer, an_auction_stage, said
from tests.unit.interleaving import Stepwise, Task, each
from tests.unit.vendor import ACME, BOLT, PING, Vendor, a_vendor


def slow(cents: int, took_ms: int) -> Answer:
    """A buyer that bids so much after so long."""
    return replace(said("yes", cents=cents), took_ms=took_ms)


def no_price(vendor: Vendor, **fields: Any) -> str:
    """Why a ping is answered without a price."""
    answer = vendor.pinged({**PING, **fields})
    assert (answer.status, answer.json()["status"]) == (200, "no_price")
    return str(answer.json()["reason"])


def budget_ms(vendor: Vendor) -> int:
    """How long the buyers of the last ping were given."""
    return vendor.http.sent[-1].timeout_ms


# ---- prices


def test_a_ping_is_answered_with_what_the_source_gets_of_the_best_bid_and_until_when() -> None:
    vendor = a_vendor()
    vendor.pings = {"acme": 2_000, "bolt": 1_500}

    answer = vendor.pinged()

    ping_id = answer.json()["ping_id"]
    assert (answer.status, answer.json()) == (
        200,
        {
            "ping_id": ping_id,
            "status": "priced",
            "price_cents": 1_000,
            "currency": "USD",
            "expires_at": "2026-11-23T14:05:00Z",
            "bids": [{"bid_id": f"{ping_id}-1", "price_cents": 1_000}],
        },
    )
    assert len(ping_id) == 32


def test_a_fixed_payout_is_the_price_whatever_is_bid() -> None:
    assert a_vendor(source={"payout": {"fixed_cents": 700}}).pinged().json()["price_cents"] == 700


def test_a_lead_for_two_buyers_is_priced_by_what_both_of_them_pay_and_names_neither() -> None:
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 60}))
    vendor = a_vendor(ACME, BOLT, a_buyer("cora"), plan=plan)
    vendor.pings = {"acme": 2_000, "bolt": 1_500, "cora": 100}

    answer = vendor.pinged()

    found = answer.json()
    assert [bid["price_cents"] for bid in found["bids"]] == [600, 450]
    assert found["price_cents"] == 1_050
    assert len({bid["bid_id"] for bid in found["bids"]}) == 2
    assert not any(who in answer.body for who in ("acme", "bolt", "cora"))


def test_a_buyer_that_cannot_pay_its_bid_is_not_what_the_price_is_made_of() -> None:
    vendor = a_vendor(pockets={"acme": 1_999})
    vendor.pings = {"acme": 2_000, "bolt": 1_500}

    assert vendor.pinged().json()["price_cents"] == 750


def fixed(who: str, cents: int) -> Recipient:
    """A buyer at a fixed price."""
    return a_buyer(who, price_cents=cents)


def test_where_nobody_bids_the_price_is_the_fixed_one_of_whose_turn_it_is() -> None:
    vendor = a_vendor(fixed("acme", 900), plan=a_plan(a_stage(model=Model.WATERFALL)))

    answer = vendor.pinged().json()

    assert (answer["status"], answer["price_cents"]) == ("priced", 450)
    assert vendor.http.sent == []


def test_what_an_auction_does_not_sell_is_priced_by_the_stage_after_it() -> None:
    plan = a_plan(an_auction_stage(floor_cents=5_000), a_stage("fixed"))
    late = fixed("late", 600)
    vendor = a_vendor(ACME, plan=plan, documents=(a_pool(late, pool_id="fixed"), late))
    vendor.ledger.usage["late"] = Usage("late", rev=1, balance_cents=1_000)

    assert vendor.pinged().json()["price_cents"] == 300
    assert vendor.asked() == ["acme"]


def test_a_second_auction_is_held_where_the_first_brings_nothing() -> None:
    plan = a_plan(an_auction_stage(floor_cents=5_000), an_auction_stage("rest"))
    vendor = a_vendor(ACME, plan=plan, documents=(a_pool(BOLT, pool_id="rest"), BOLT))
    vendor.ledger.usage["bolt"] = Usage("bolt", rev=1, balance_cents=1_000)
    vendor.pings = {"acme": 100, "bolt": 400}

    assert vendor.pinged().json()["price_cents"] == 200
    assert vendor.asked() == ["acme", "bolt"]


def test_the_price_holds_under_the_plan_that_was_current_when_it_was_made() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    vendor.configuration.put(a_plan(an_auction_stage(floor_cents=9_999), version=2))
    vendor.configuration.put(PublishedPlan(id="plan", version=2))

    assert vendor.leads.promise(ping_id).plan_version == 1
    assert no_price(vendor) == "no_buyer"


# ---- no price


def test_a_lead_that_a_rep_would_get_is_not_for_sale() -> None:
    assert no_price(a_vendor(a_rep("ana"), plan=a_plan(a_stage()))) == "no_buyer"


@pytest.mark.parametrize(("least", "status"), [(500, "priced"), (501, "no_price")])
def test_less_than_the_least_that_was_agreed_is_no_price(least: int, status: str) -> None:
    vendor = a_vendor(source={"limits": {"min_price_cents": least}})

    assert vendor.pinged().json()["status"] == status
    if status == "no_price":
        assert no_price(vendor) == "below_minimum"
        assert vendor.leads.promises == {}


def test_a_lead_that_the_campaign_does_not_want_is_not_even_shown_to_buyers() -> None:
    rule = {"reason": "small", "when": {"field": "attributes.roof_m2", "op": "lt", "value": 50}, "points": -1}
    vendor = a_vendor(campaign={"scoring": {"rules": [rule], "qualify_from": 0}})

    assert no_price(vendor, roof_m2=20) == "disqualified"
    assert vendor.asked() == []
    assert vendor.pinged({**PING, "roof_m2": 80}).json()["status"] == "priced"


@pytest.mark.parametrize("say", ["no", said("yes", cents=0)])
def test_a_lead_that_nobody_bids_on_has_no_price(say: Any) -> None:
    vendor = a_vendor()
    vendor.pings = {"acme": say, "bolt": say}

    assert no_price(vendor) == "no_buyer"


# ---- time


def test_buyers_get_what_is_left_of_the_vendors_time_once_ours_is_kept_free() -> None:
    vendor = a_vendor()
    vendor.pinged({**PING, "timeout_ms": 800})

    assert 600 < budget_ms(vendor) <= 800 - ON_THE_WAY_MS - FIRST_OVERHEAD_MS


def test_what_reading_has_taken_is_no_time_that_buyers_get(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = a_vendor()
    for _ in range(2):
        vendor.pinged({**PING, "timeout_ms": 1_000})
    at_once, read = budget_ms(vendor), vendor.ledger.standings

    def slowly(*arguments: Any, **named: Any) -> Standings:
        vendor.clock.forward(0.3 * SECOND)
        return read(*arguments, **named)

    monkeypatch.setattr(vendor.ledger, "standings", slowly)
    vendor.pinged({**PING, "timeout_ms": 1_000})

    assert budget_ms(vendor) == at_once - 300


def test_what_storing_a_promise_has_taken_is_kept_free_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = a_vendor()
    vendor.pinged({**PING, "timeout_ms": 1_000})
    stored = vendor.leads.promised

    def slowly(promise: Promise) -> bool:
        vendor.clock.forward(0.4 * SECOND)
        return stored(promise)

    monkeypatch.setattr(vendor.leads, "promised", slowly)
    vendor.pinged({**PING, "timeout_ms": 1_000})
    before = budget_ms(vendor)

    vendor.pinged({**PING, "timeout_ms": 1_000})

    assert budget_ms(vendor) == before - 400


def test_the_plans_own_deadline_holds_where_the_vendor_gives_more_time() -> None:
    vendor = a_vendor(plan=a_plan(an_auction_stage(deadline_ms=300)))
    vendor.pinged({**PING, "timeout_ms": 20_000})

    assert budget_ms(vendor) <= 300


def test_a_bid_that_comes_too_late_for_the_vendor_does_not_count() -> None:
    vendor = a_vendor()
    vendor.pings = {"acme": slow(5_000, 700), "bolt": 400}

    assert vendor.pinged({**PING, "timeout_ms": 600}).json()["price_cents"] == 200
    assert vendor.pinged({**PING, "timeout_ms": 1_000}).json()["price_cents"] == 2_500


def test_a_vendor_that_gives_buyers_too_little_time_is_told_so() -> None:
    vendor = a_vendor()

    assert no_price(vendor, timeout_ms=100) == "no_time"
    assert vendor.asked() == []
    vendor.pings = {"acme": slow(900, 700), "bolt": slow(900, 700)}
    assert no_price(vendor, timeout_ms=600) == "no_time"


def test_buyers_that_miss_the_plans_own_deadline_are_none_to_the_vendor() -> None:
    vendor = a_vendor()
    vendor.pings = {"acme": slow(900, 9_000), "bolt": slow(900, 9_000)}

    assert no_price(vendor, timeout_ms=20_000) == "no_buyer"


@pytest.mark.parametrize("value", [99, 20_001, "soon", "", 1.5, True, [500], -1, "0500000"])
def test_a_time_that_nobody_can_keep_is_refused(value: Any) -> None:
    answer = a_vendor().pinged({**PING, "timeout_ms": value})

    assert (answer.status, answer.json()["type"]) == (422, "urn:baton:invalid-ping")
    assert [error["field"] for error in answer.json()["errors"]] == ["timeout_ms"]


def test_a_form_may_say_the_time_too() -> None:
    answer = a_vendor().pinged("state=NY&timeout_ms=900", media_type="application/x-www-form-urlencoded")

    assert answer.json()["status"] == "priced"


# ---- who the person is


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"email": "maria@example.com"}, "contact.email"),
        ({"phone": "no number"}, "contact.phone"),
        ({"name": "Maria Lopez"}, "contact.name"),
        ({"contact": {"first_name": "Maria"}}, "contact.first_name"),
        ({"contact.last_name": "Lopez"}, "contact.last_name"),
        ({"street": "1 Main St"}, "contact.street"),
        ({"company": "Lopez Roofs"}, "contact.company"),
        ({"attributes": {"email": "x"}}, "attributes.email"),
        ({"email_sha256": "0" * 64}, "attributes.email_sha256"),
        ({"remark": "write to maria@example.com"}, "attributes.remark"),
        ({"attributes": {"a": [{"b": "maria@example.com"}]}}, "attributes.a"),
        ({"attributes": {"a": {"maria@example.com": True}}}, "attributes.a"),
        ({"attributes": {"maria@example.com": True}}, "attributes"),
        ({"attributes": {"name": "Maria"}}, "attributes.name"),
        ({"E-Mail": "x"}, "attributes.E-Mail"),
        ({"firstName": "x"}, "attributes.firstName"),
        ({"LAST NAME": "x"}, "attributes.LAST NAME"),
        ({"street2": "x"}, "attributes.street2"),
        ({"e_mail": "x"}, "attributes.e_mail"),
        ({"SSN": 1}, "attributes.SSN"),
        ({"attributes": {"driver": {"first_name": "x"}}}, "attributes.driver"),
        ({"attributes": {"drivers": [1, {"car": {"Mobile": None}}]}}, "attributes.drivers"),
        ({"attribution": {"Email": "x"}}, "attribution.Email"),
        ({"home_phone": "call (202) 555-0143"}, "attributes.home_phone"),
        ({"workPhone": 2_025_550_143}, "attributes.workPhone"),
        ({"tel_work": "+49 30 1234"}, "attributes.tel_work"),
        ({"mobile_no": ["", "202.555.0143"]}, "attributes.mobile_no"),
        ({"attributes": {"cell_numbers": {"a": "2025550143"}}}, "attributes.cell_numbers"),
        ({"homeCell": "202/555/0143"}, "attributes.homeCell"),
        ({"landing_page": "https://a.example/?e=maria@example.com"}, "attribution.landing_page"),
        ({"landing_page": "https://a.example/?e=maria%40example.com"}, "attribution.landing_page"),
        (
            {"landing_page": "https://a.example/?u=%2F%3Fe%3Dmaria%2540example%252Ecom"},
            "attribution.landing_page",
        ),
        ({"note": "maria%40example.com"}, "attributes.note"),
        ({"consent": {"given": True, "text": "Call me."}}, "consent.text"),
    ],
)
def test_a_field_that_would_say_who_the_person_is_is_refused_by_name(
    fields: dict[str, Any], named: str
) -> None:
    vendor = a_vendor()
    answer = vendor.pinged({**PING, **fields})

    assert (answer.status, [error["field"] for error in answer.json()["errors"]]) == (422, [named])
    assert vendor.asked() == []
    assert "maria" not in answer.body.lower()


@pytest.mark.parametrize(
    "fields",
    [
        {"landing_page": "https://maps.example/@40.7,-74.0,15z"},
        {"insurance": "@home"},
        {"consent": True},
        {"attributes": {"insurer": {"company": "Homeowners Plus"}, "company": "Homeowners Plus"}},
        {"plan_name": "gold", "mailing_list": True, "street_parking": True},
        {"phone_type": "Model 15", "mobile_home": True, "cell_count": 12, "phone_age_ms": 3.5},
        {"hotel_id": 2_025_550_143, "cancelled_at": "20261123140000", "policy_no": "202-555-0143"},
        {"landing_page": "https://a.example/?discount=10%25&q=%40home"},
    ],
)
def test_what_only_looks_a_little_like_a_person_is_taken(fields: dict[str, Any]) -> None:
    assert a_vendor().pinged({**PING, **fields}).json()["status"] == "priced"


def test_all_that_is_wrong_is_named_at_once() -> None:
    vendor = a_vendor(campaign={"required": ["attributes.roof_m2", "contact.state"]})

    answer = vendor.pinged({"email": "x", "phone": "y", "timeout_ms": 1, "city": 5, "ping_id": "z"})

    assert {error["field"] for error in answer.json()["errors"]} == {
        "contact.email",
        "contact.phone",
        "timeout_ms",
        "contact.city",
        "ping_id",
        "attributes.roof_m2",
        "contact.state",
    }


def test_what_a_lead_must_have_and_a_ping_cannot_have_is_not_asked_for() -> None:
    vendor = a_vendor(campaign={"required": ["contact.email", "contact.last_name", "attributes.roof_m2"]})

    assert vendor.pinged().json()["status"] == "priced"
    vendor.change_campaign(required=["attributes.address", "attributes.roof_m2"])
    assert vendor.pinged().json()["status"] == "priced"
    assert vendor.pinged({"state": "NY"}).json()["errors"] == [
        {"field": "attributes.roof_m2", "problem": "is required"}
    ]


def test_buyers_hear_only_what_the_campaign_lets_them() -> None:
    vendor = a_vendor(a_buyer("acme", buyer={"hashes": True}))
    vendor.pinged({**PING, "income": 98_765})

    (request,) = vendor.http.sent
    assert b"98765" not in request.body
    assert json.loads(request.body).get("zip") == "10001"


def test_a_promise_holds_nothing_of_a_ping_as_it_was_said() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises(income=98_765, city="Ithaca")

    stored = vendor.leads.promise(ping_id).model_dump_json()
    assert "98765" not in stored
    assert "Ithaca" not in stored
    assert vendor.leads.leads == {}


def test_equal_fields_of_two_pings_do_not_show_to_be_equal() -> None:
    vendor = a_vendor()
    first, second = (vendor.leads.promise(vendor.promises()).digests for _ in range(2))

    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_what_was_said_to_buyers_and_by_them_is_kept_with_the_promise() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()

    assert [exchange.recipient_id for exchange in vendor.leads.exchanges_of(ping_id)] == ["acme", "bolt"]


def test_what_buyers_said_is_kept_also_where_there_was_no_price_and_a_dispute_can_be_settled() -> None:
    vendor = a_vendor(source={"limits": {"min_price_cents": 9_000}})
    assert no_price(vendor) == "below_minimum"

    ((_, kept),) = vendor.leads.exchanges.items()
    assert {exchange.recipient_id for exchange in kept.values()} == {"acme", "bolt"}


@pytest.mark.parametrize("limits", [{}, {"min_price_cents": 9_000}])
def test_what_was_said_about_a_ping_is_forgotten_a_week_after_its_price_was_good(
    limits: dict[str, Any],
) -> None:
    vendor = a_vendor(source={"limits": limits})
    answer = vendor.pinged().json()
    good_until = (
        datetime.fromisoformat(answer["expires_at"]) if "expires_at" in answer else vendor.clock.now()
    )

    (kept,) = vendor.leads.exchanges.values()
    rows = [exchange_row(exchange) for exchange in kept.values()]
    assert [row["expires_epoch"] for row in rows] == [int(good_until.timestamp()) + 7 * 24 * 3600] * 2
    for promise in vendor.leads.promises.values():
        assert promise_put("leads", promise)["Item"]["expires_epoch"]["N"] == str(rows[0]["expires_epoch"])


def test_what_was_said_about_a_lead_is_kept_as_long_as_the_lead() -> None:
    vendor = a_vendor()
    vendor.sells()

    kept = [exchange for said in vendor.leads.exchanges.values() for exchange in said.values()]
    assert kept
    assert not any("expires_epoch" in exchange_row(exchange) for exchange in kept)


# ---- repeated pings


def test_the_same_ping_with_the_same_key_gets_the_same_answer_and_asks_nobody_twice() -> None:
    """Invariant 8."""
    vendor = a_vendor()
    answers = []
    for bid in (2_000, 900, 5_000):
        vendor.pings = {"acme": bid}
        answers.append(vendor.pinged(headers={"Idempotency-Key": "k1"}).body)

    assert len(set(answers)) == 1
    assert vendor.asked() == ["acme", "bolt"]


def test_without_a_key_two_pings_are_two_promises() -> None:
    vendor = a_vendor()

    assert vendor.promises() != vendor.promises()


@pytest.mark.parametrize("change", [{"roof_m2": 121}, {"city": "Ithaca"}, {"state": "NJ"}])
def test_a_key_used_again_with_another_ping_is_refused(change: dict[str, Any]) -> None:
    vendor = a_vendor()
    vendor.pinged(headers={"Idempotency-Key": "k1"})

    answer = vendor.pinged({**PING, **change}, headers={"Idempotency-Key": "k1"})

    assert (answer.status, answer.json()["type"]) == (422, "urn:baton:idempotency-key-reused")


def test_after_its_life_a_price_is_not_given_again() -> None:
    vendor = a_vendor()
    vendor.pinged(headers={"Idempotency-Key": "k1"})
    vendor.clock.forward(timedelta(seconds=299))
    assert vendor.pinged(headers={"Idempotency-Key": "k1"}).status == 200
    vendor.clock.forward(SECOND)

    answer = vendor.pinged(headers={"Idempotency-Key": "k1"})

    assert (answer.status, answer.json()["type"]) == (410, "urn:baton:ping-expired")


def test_equal_pings_at_the_same_moment_are_one_promise() -> None:
    """Invariant 8."""

    def build() -> tuple[tuple[Vendor, list[str]], Sequence[Task]]:
        vendor, answers = a_vendor(ACME), []
        vendor.rewire(Stepwise(vendor.leads))

        def ping() -> None:
            answers.append(vendor.pinged(headers={"Idempotency-Key": "k1"}).body)

        bids = iter((1_000, 3_000))
        vendor.pings = {"acme": lambda _: said("yes", cents=next(bids, 0))}
        return (vendor, answers), [ping, ping]

    for vendor, answers in each(build):
        assert len(vendor.leads.promises) == 1
        assert len(answers) == 2
        assert len(set(answers)) == 1


# ---- sources


@pytest.mark.parametrize(
    ("facts", "source_id", "status"), [({}, "gone", 404), ({"active": False}, "web-form", 403)]
)
def test_a_source_that_is_unknown_or_off_gets_no_price(
    facts: dict[str, Any], source_id: str, status: int
) -> None:
    assert a_vendor(source=facts).pinged(source_id=source_id).status == status


def test_a_test_ping_shows_what_test_buyers_bid_and_asks_nobody_else() -> None:
    vendor = a_vendor(ACME, a_buyer("lab", buyer={"status": "test"}), source={"test": True})
    vendor.pings = {"lab": 800, "acme": 2_000}

    answer = vendor.pinged().json()

    assert (answer["price_cents"], answer["test"]) == (400, True)
    assert vendor.asked() == ["lab"]


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"a": NaN}'])
def test_a_ping_that_cannot_be_read_is_refused(body: str) -> None:
    """Invariant 11."""
    assert a_vendor().pinged(body).status == 400


def test_a_source_whose_plan_is_missing_is_our_fault() -> None:
    vendor = a_vendor(campaign={"plan_id": "gone"})

    assert vendor.pinged().json()["type"] == "urn:baton:configuration-broken"
