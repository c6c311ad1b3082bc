"""What the check of a plan finds of stages that sell leads to buyers, each with its place."""

from collections.abc import Sequence
from typing import Any

import pytest

from baton.domain.campaign import Campaign
from baton.domain.disclosure import ping_facts
from baton.domain.plan import Stage
from baton.domain.recipient import Recipient
from baton.domain.rendering import found as value_of
from tests.builders import MONDAY_9AM, a_campaign, a_lead, a_plan, a_pool, a_rep, a_stage
from tests.selling import Market, a_buyer, an_auction_stage, an_endpoint
from tests.unit.test_plan_check import ERROR, WARNING, check

ROOFS = a_campaign(pingable=["contact.state", "attributes.roof_m2"])


def bidder(who: str = "acme", *asks: str, **buyer: Any) -> Recipient:
    """A buyer whose ping asks for these fields."""
    fields = [{"name": f"f{n}", "field": field} for n, field in enumerate(asks)]
    return a_buyer(who, buyer={"ping": an_endpoint(who, "ping", fields=fields), **buyer})


def selling(
    *buyers: Recipient, stage: Stage | None = None, campaigns: Sequence[Campaign] = (ROOFS,), **terms: Any
) -> list[tuple[str, str, str]]:
    """What is found where a stage asks these buyers for bids, unless it is another stage."""
    stage = stage or an_auction_stage(**terms)
    return check(stage, pools=[a_pool(*buyers)], reps=buyers, campaigns=campaigns)


def test_an_auction_among_buyers_who_can_bid_has_no_findings() -> None:
    fixed = a_buyer("flat", price_cents=900)

    assert selling(bidder("acme", "contact.state", "ping_id"), fixed, floor_cents=800) == []


@pytest.mark.parametrize(
    ("who", "terms", "why"),
    [
        (a_rep("acme"), {}, "is a rep and cannot bid"),
        (
            a_buyer("acme", price_cents=900),
            {"fixed_price": False},
            "has a fixed price, and the stage takes bids only",
        ),
        (a_buyer("acme", price_cents=0), {}, "has a fixed price of 0.00, which is no bid"),
        (
            a_buyer("acme", price_cents=799),
            {"floor_cents": 800},
            "has a fixed price of 7.99, and the stage takes nothing below 8.00",
        ),
        (
            bidder("acme", billing={"currency": "EUR"}),
            {},
            "pays in EUR, and the leads are priced in USD",
        ),
        (
            bidder("acme", billing={"per_day_cents": 799}),
            {"floor_cents": 800},
            "may spend 7.99 a day, and a lead costs at least 8.00",
        ),
        (
            bidder("acme", billing={"per_month_cents": 0}),
            {},
            "may spend 0.00 a month, and a lead costs at least 0.01",
        ),
    ],
)
def test_a_stage_whose_only_buyer_can_never_get_a_lead(
    who: Recipient, terms: dict[str, Any], why: str
) -> None:
    assert selling(who, **terms) == [
        ("stages[0].pool_id", ERROR, f"nobody of pool 'team' can ever get a lead: 'acme' {why}")
    ]


@pytest.mark.parametrize(
    "who",
    [
        bidder("acme", status="paused"),
        bidder("acme", status="test", billing={"per_day_cents": 0}),
        bidder("acme", billing={"per_day_cents": 800, "per_month_cents": 800}),
        a_buyer("acme", price_cents=800),
    ],
)
def test_a_buyer_that_may_buy_another_day_is_no_finding(who: Recipient) -> None:
    assert selling(who, floor_cents=800) == []


def test_a_stage_that_asks_for_no_bids_sells_at_fixed_prices_alone() -> None:
    [(place, severity, problem)] = selling(
        bidder(), a_buyer("flat", price_cents=800), stage=a_stage(), campaigns=[]
    )

    assert (place, severity) == ("stages[0].pool_id", WARNING)
    assert problem.endswith("'acme' is a buyer without a fixed price, and the stage asks for no bids")


def test_fields_that_a_ping_asks_for_and_never_gets() -> None:
    asks = ("contact.email", "contact.state", "attributes.roof_m2", "lead_id")

    assert selling(bidder("acme", *asks), bidder("bolt", "score")) == [
        (
            "stages[0].pool_id",
            WARNING,
            "pings of campaign 'solar' never carry what some buyers ask for:"
            " 'acme' contact.email, 'acme' lead_id, 'bolt' score",
        )
    ]


def test_a_campaign_that_marks_nothing_as_pingable_although_buyers_ask_for_something() -> None:
    assert selling(bidder("acme", "contact.state"), campaigns=[a_campaign()]) == [
        (
            "stages[0].model",
            WARNING,
            "campaign 'solar' marks nothing as pingable: pings say nothing of its leads",
        )
    ]
    assert selling(bidder("acme", "ping_id"), campaigns=[a_campaign()]) == []


def test_a_buyer_whose_ping_cannot_do_without_what_no_ping_carries() -> None:
    needs = {"name": "mail", "field": "contact.email", "required": True}
    shy = a_buyer("shy", buyer={"ping": an_endpoint("shy", "ping", fields=[needs])})
    constant = a_buyer("shy", buyer={"ping": an_endpoint("shy", "ping", fields=[{**needs, "value": "none"}])})

    assert selling(shy) == [
        (
            "stages[0].pool_id",
            ERROR,
            "nobody of pool 'team' can ever get a lead: 'shy' can never be asked:"
            " its ping needs contact.email, which no ping carries",
        )
    ]
    assert [severity for _, severity, _ in selling(constant)] == [WARNING]


@pytest.mark.parametrize("hashes", [False, True])
@pytest.mark.parametrize(
    "field",
    [
        *(
            "contact",
            "contact.state",
            "contact.city",
            "contact.email",
            "attributes.roof_m2",
            "attributes.ssn",
        ),
        *("attributes.home.age", "attribution.utm_source", "score", "source", "campaign", "ping_id", "test"),
        *(
            "email_sha256",
            "phone_sha256",
            "lead_id",
            "source_id",
            "consent.given",
            "price_cents",
            "webhook_id",
        ),
    ],
)
def test_what_the_check_says_of_a_ping_is_what_pings_do(field: str, hashes: bool) -> None:
    pingable = ["contact.state", "attributes.roof_m2", "attributes.home", "attribution.utm_source", "score"]
    campaign = a_campaign(pingable=pingable)
    contact = {"state": "NY", "city": "Troy", "email": "m@example.com", "phone": "+12125550147"}
    attributes = {"roof_m2": 120, "ssn": "1", "home": {"age": 3}}
    lead = a_lead(contact=contact, attributes=attributes, attribution={"utm_source": "ad"}, score=7)
    ping = ping_facts(lead, campaign, ping_id="p", hashes=hashes, now=MONDAY_9AM)

    said = selling(bidder("acme", field, hashes=hashes), campaigns=[campaign])

    assert (said == []) is (value_of(ping, field) is not None)


def test_more_bids_are_asked_for_than_there_are_bidders() -> None:
    gone = a_buyer("gone", active=False)

    assert selling(bidder("acme"), bidder("bolt"), min_bidders=2) == []
    assert selling(bidder("acme"), gone, min_bidders=2)[1:] == [
        (
            "stages[0].auction.min_bidders",
            ERROR,
            "2 bids are asked for, but only 1 of pool 'team' can bid",
        )
    ]


def test_a_lead_that_is_to_go_to_more_buyers_than_can_have_it() -> None:
    shared: dict[str, Any] = {"winners": 3, "share_percent": {2: 60, 3: 45}}
    few = an_auction_stage(**shared).model_copy(update={"max_offers": 2})
    three = [bidder(who) for who in ("acme", "bolt", "core")]

    assert selling(*three, **shared) == []
    assert selling(*three[:2], **shared) == [
        (
            "stages[0].auction.winners",
            WARNING,
            "a lead is to go to up to 3 buyers, but only 2 of pool 'team' can bid",
        )
    ]
    assert selling(*three, stage=few) == [
        (
            "stages[0].max_offers",
            WARNING,
            "a lead is to go to up to 3 buyers, but only 2 may be offered it",
        )
    ]


def test_one_of_two_campaigns_in_a_currency_in_which_nobody_pays() -> None:
    euros = a_campaign(id="toits", currency="EUR", pingable=ROOFS.pingable)

    assert selling(bidder(), campaigns=[ROOFS, euros]) == [
        (
            "stages[0].pool_id",
            WARNING,
            "for leads of campaign 'toits': nobody of pool 'team' pays in EUR",
        )
    ]
    assert selling(bidder(), bidder("euro", billing={"currency": "EUR"}), campaigns=[ROOFS, euros]) == []


def test_settings_of_a_sale_where_nothing_is_sold() -> None:
    delivery = a_stage(delivery={"unknown_after_s": 60})

    assert check(a_stage(auction={"floor_cents": 500})) == [
        ("stages[0].auction", WARNING, "only the model ping_post reads the terms of an auction")
    ]
    assert check(delivery) == [
        (
            "stages[0].delivery",
            WARNING,
            "nobody of pool 'team' is a buyer, and only to buyers is a lead delivered",
        )
    ]
    assert selling(a_buyer("flat", price_cents=500), stage=delivery) == []
    assert selling(bidder(), stage=an_auction_stage().model_copy(update={"auto_accept": True})) == [
        (
            "stages[0].auto_accept",
            WARNING,
            "a buyer says itself whether it takes a lead: nothing reads this",
        )
    ]


def in_stages(*stages: Stage, buyers: Sequence[Recipient]) -> list[tuple[str, str]]:
    """Place and severity of what is found where these stages, by name, ask one pool of buyers."""
    named = [stage.model_copy(update={"name": f"stage {n}"}) for n, stage in enumerate(stages)]
    found = check(*named, pools=[a_pool(*buyers)], reps=buyers, campaigns=[ROOFS])
    return [(place, severity) for place, severity, _ in found]


def test_an_auction_at_lower_terms_may_still_sell_what_the_one_before_did_not() -> None:
    first, second = an_auction_stage(floor_cents=2_000), an_auction_stage(floor_cents=500)

    assert in_stages(first, second, buyers=[bidder()]) == []
    assert in_stages(first, a_stage(), buyers=[a_buyer("flat", price_cents=2_500)]) == []


def test_who_bid_too_little_at_one_auction_gets_the_lead_at_the_next_with_a_lower_floor() -> None:
    first, second = an_auction_stage(floor_cents=2_000), an_auction_stage(floor_cents=500)
    market = Market(a_buyer("acme"), plan=a_plan(first, second))

    lead = market.sells()

    assert (lead.recipient_id, lead.stage, lead.auctions) == ("acme", 1, 2)


def test_who_is_asked_for_bids_has_not_been_asked_by_a_stage_with_fixed_prices() -> None:
    fixed = a_buyer("flat", price_cents=500)

    assert in_stages(a_stage(), an_auction_stage(), buyers=[fixed]) == [("stages[1]", ERROR)]
    assert in_stages(a_stage(), an_auction_stage(), buyers=[fixed, bidder()]) == [
        ("stages[0].pool_id", WARNING)
    ]


def test_a_buyer_never_takes_every_lead_for_certain() -> None:
    flat = a_buyer("flat", price_cents=500)
    pools = [a_pool(flat), a_pool("ana", pool_id="reps")]

    for first in (a_stage(auto_accept=True), an_auction_stage().model_copy(update={"auto_accept": True})):
        found = check(first, a_stage("reps"), pools=pools, reps=[flat], campaigns=[ROOFS])
        assert not [one for one in found if one[0] == "stages[1]"]
