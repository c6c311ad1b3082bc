"""Ping-post auctions: who is asked, who wins, what everybody hears, and what is kept of it."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.application.outgoing import Answer, Trouble
from baton.domain.auction import Bid, margin_of, ranked
from baton.domain.campaign import Campaign
from baton.domain.decision import decide
from baton.domain.errors import NotificationFailed
from baton.domain.lead import LeadState
from baton.domain.standing import Owner, Usage
from baton.domain.terms import AuctionTerms
from baton.domain.timeline import EventKind
from baton.domain.trace import Reason
from tests.builders import a_plan, a_pool, a_rep, a_stage
from tests.selling import Market, a_buyer, an_auction_stage, an_endpoint, lost, said

ACME, BOLT, CORE = a_buyer("acme"), a_buyer("bolt"), a_buyer("core")


def terms(**facts: Any) -> AuctionTerms:
    return AuctionTerms.model_validate(facts)


def a_bid(who: str, cents: int | None, reason: Reason = Reason.ACCEPTABLE_BID) -> Bid:
    return Bid(recipient_id=who, reason=reason, cents=cents, weighed_cents=cents)


def reasons(bids: tuple[Bid, ...]) -> dict[str, str]:
    return {bid.recipient_id: str(bid.reason) for bid in bids}


def test_the_best_bid_gets_the_lead_and_pays_what_it_bid() -> None:
    market = Market(ACME, BOLT, CORE)
    market.pings = {"acme": 900, "bolt": 1_500, "core": 1_200}

    lead = market.sells()

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "bolt")
    assert market.leads.offer(lead.lead_id, 1).price_cents == 1_500
    assert market.usage("bolt").balance_cents == 100_000 - 1_500
    assert market.posted_to() == ["bolt"]


def test_no_buyer_is_asked_about_a_lead_for_which_a_person_has_chosen_somebody() -> None:
    market = Market(ACME, BOLT)
    market.pings = {"acme": 900, "bolt": 1_500}
    lead_id = market.takes_in()
    scored = market.leads.get(lead_id)
    market.leads.leads[lead_id] = scored.model_copy(update={"meant_for": "ana"})

    assert market.auction(lead_id).auctions == 0
    assert market.http.sent == []


def test_a_refused_lead_goes_to_the_next_best_without_asking_anybody_again() -> None:
    market = Market(ACME, BOLT, CORE)
    market.pings = {"acme": 900, "bolt": 1_500, "core": 1_200}
    market.posts = {"bolt": "no", "core": "no"}

    lead = market.sells()

    assert market.posted_to() == ["bolt", "core", "acme"]
    assert (lead.recipient_id, lead.auctions) == ("acme", 1)
    assert {who: market.usage(who).balance_cents for who in ("acme", "bolt", "core")} == {
        "acme": 99_100,
        "bolt": 100_000,
        "core": 100_000,
    }
    assert [market.usage(who).held_cents for who in ("acme", "bolt", "core")] == [0, 0, 0]


def test_a_lead_that_every_bidder_refuses_goes_on_in_its_plan() -> None:
    plan = a_plan(an_auction_stage(), a_stage("fixed", name="fixed price"))
    dora = a_buyer("dora", price_cents=500)
    market = Market(ACME, plan=plan, documents=(a_pool(dora, pool_id="fixed"), dora), pockets={})
    market.ledger.usage["dora"] = Usage(recipient_id="dora", rev=1, balance_cents=10_000)
    market.posts = {"acme": "no"}

    lead = market.sells()

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "dora")
    assert market.leads.offer(lead.lead_id, 2).price_cents == 500


def test_everybody_who_was_asked_has_a_reason_and_a_number_in_the_record() -> None:
    buyers = [a_buyer(who) for who in ("best", "late", "low", "mute", "odd", "gone", "next")]
    market = Market(*buyers, plan=a_plan(an_auction_stage(floor_cents=500)))
    market.pings = {
        "best": 1_500,
        "next": 1_400,
        "late": lost(Trouble.TIMEOUT),
        "low": 499,
        "mute": said("no"),
        "odd": Answer(status=200, body=b"<html>", took_ms=3),
        "gone": lost(Trouble.UNREACHABLE),
    }

    lead = market.sells()

    auction = market.held(lead)
    assert reasons(auction.bids) == {
        "best": "acceptable_bid",
        "next": "acceptable_bid",
        "late": "timeout",
        "low": "bid_too_low",
        "mute": "no_bid",
        "odd": "bad_response",
        "gone": "unreachable",
    }
    assert auction.late == 1
    trace = market.leads.offer(lead.lead_id, 1).trace
    assert trace.reason_for("best") is Reason.CHOSEN
    assert trace.reason_for("next") is Reason.LOWER_BID
    assert trace.reason_for("low") is Reason.BID_TOO_LOW


@pytest.mark.parametrize(
    ("buyer", "why"),
    [
        (a_buyer("other", buyer={"status": "paused"}), "buyer_paused"),
        (a_buyer("other", buyer={"status": "test"}), "test_only"),
        (
            a_buyer("other", accepts={"field": "contact.state", "op": "eq", "value": "CA"}),
            "conditions_not_met",
        ),
        (a_buyer("other", caps={"per_day": 0}), "daily_cap_reached"),
        (a_buyer("other", buyer={"billing": {"currency": "EUR"}}), "other_currency"),
        (a_buyer("other", buyer={"billing": {"per_day_cents": 799}}), "daily_spend_reached"),
        (a_buyer("other", buyer={"billing": {"per_month_cents": 799}}), "monthly_spend_reached"),
    ],
)
def test_who_may_not_have_the_lead_is_not_asked_and_the_record_says_why(buyer: Any, why: str) -> None:
    market = Market(ACME, buyer, plan=a_plan(an_auction_stage(floor_cents=800)))

    lead = market.sells()

    assert not any("other.example" in request.url for request in market.http.sent)
    assert str(market.held(lead).trace.reason_for("other")) == why


def test_a_buyer_without_the_money_for_the_least_price_is_not_asked() -> None:
    market = Market(ACME, BOLT, plan=a_plan(an_auction_stage(floor_cents=800)), pockets={"bolt": 799})

    lead = market.sells()

    assert str(market.held(lead).trace.reason_for("bolt")) == "no_balance"


def test_a_buyer_that_cannot_pay_what_it_bid_does_not_get_the_lead() -> None:
    market = Market(ACME, BOLT, pockets={"bolt": 1_000})
    market.pings = {"bolt": 1_001}

    lead = market.sells()

    assert lead.recipient_id == "acme"
    assert market.leads.offer(lead.lead_id, 1).trace.reason_for("bolt") is Reason.NO_BALANCE


def test_no_buyer_gets_one_person_twice_within_the_days_it_asks_for() -> None:
    picky = a_buyer("picky", buyer={"dedupe_days": 30})
    market = Market(picky, ACME)
    market.pings = {"picky": 2_000}

    first, second = market.sells(), market.sells(roof_m2=3)

    assert (first.recipient_id, second.recipient_id) == ("picky", "acme")
    assert str(market.held(second).trace.reason_for("picky")) == "duplicate_for_buyer"


def test_a_person_whose_lead_the_buyer_refused_may_come_to_it_again() -> None:
    picky = a_buyer("picky", buyer={"dedupe_days": 30})
    market = Market(picky, ACME)
    market.pings, market.posts = {"picky": 2_000}, {"picky": "no"}
    market.sells()
    market.posts = {}

    assert market.sells(roof_m2=3).recipient_id == "picky"


def test_a_fixed_price_takes_part_as_if_it_had_been_bid() -> None:
    market = Market(ACME, a_buyer("fix", price_cents=1_100))

    lead = market.sells()

    assert lead.recipient_id == "fix"
    assert market.usage("fix").balance_cents == 100_000 - 1_100


def test_a_stage_that_takes_bids_only_leaves_fixed_prices_out() -> None:
    market = Market(ACME, a_buyer("fix", price_cents=1_100), plan=a_plan(an_auction_stage(fixed_price=False)))

    assert market.sells().recipient_id == "acme"


def test_equal_bids_take_turns() -> None:
    market = Market(ACME, BOLT, CORE)

    won = [market.sells(email=f"m{n}@example.com").recipient_id for n in range(6)]

    assert won == ["acme", "bolt", "core"] * 2


def test_a_buyer_that_returns_half_of_its_leads_is_weighed_at_half_of_its_bid_and_pays_all_of_it() -> None:
    market = Market(a_buyer("picky", buyer={"discount_returns": True}), ACME)
    usage = market.usage("picky")
    week = next(iter(usage.booked(("week:2026-W47",), market.clock.now()).taken))
    market.ledger.usage["picky"] = usage.charged(0, week).charged(0, week).returning(week)
    market.pings = {"picky": 1_999}

    lost_to = market.sells()
    market.pings = {"picky": 2_001}
    won = market.sells(email="other@example.com")

    assert (lost_to.recipient_id, won.recipient_id) == ("acme", "picky")
    assert market.leads.offer(won.lead_id, 1).price_cents == 2_001


def test_without_enough_bidders_nobody_wins_and_the_lead_waits_with_the_reason() -> None:
    market = Market(ACME, BOLT, plan=a_plan(an_auction_stage(min_bidders=2)))
    market.pings = {"bolt": said("no")}

    lead = market.sells()

    assert lead.state is LeadState.UNASSIGNED
    assert reasons(market.held(lead).bids)["acme"] == "too_few_bidders"


def test_a_shared_lead_goes_to_those_who_bring_most_together_each_once() -> None:
    stage = an_auction_stage(winners=3, share_percent={2: 60, 3: 45})
    market = Market(ACME, BOLT, CORE, plan=a_plan(stage))
    market.pings = {"acme": 1_000, "bolt": 1_000, "core": 1_000}

    lead = market.sells()

    assert (lead.state, lead.sales, lead.shares) == (LeadState.SOLD, 3, 3)
    assert sorted(market.posted_to()) == ["acme", "bolt", "core"]
    assert {market.usage(who).balance_cents for who in ("acme", "bolt", "core")} == {100_000 - 450}


def test_a_shared_lead_that_fewer_want_is_sold_to_those_and_to_nobody_of_a_later_stage() -> None:
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 60}), a_stage(name="later"))
    market = Market(ACME, BOLT, a_buyer("fix", price_cents=1), plan=plan)
    market.posts = {"bolt": "no", "fix": "no"}

    lead = market.sells()

    assert (lead.state, lead.sales) == (LeadState.SOLD, 1)
    assert market.kinds(lead)[-1] is EventKind.LEAD_SOLD


def test_an_auction_that_is_asked_for_twice_pings_nobody_a_second_time() -> None:
    market = Market(ACME, BOLT)
    lead_id = market.takes_in()
    market.auction(lead_id)

    market.auction(lead_id)

    assert len(market.http.sent) == 2
    assert market.leads.get(lead_id).auctions == 1


def test_bids_that_went_stale_are_asked_for_again() -> None:
    market = Market(ACME, plan=a_plan(an_auction_stage(bids_good_for_s=60)))
    lead_id = market.takes_in()
    market.auction(lead_id)
    market.clock.forward(market.held(market.leads.get(lead_id)).good_until - market.clock.now())

    lead = market.sells(lead_id)

    assert (lead.auctions, lead.state) == (2, LeadState.SOLD)


def test_a_rested_buyer_is_not_asked_and_one_that_fails_is_counted() -> None:
    market = Market(ACME, BOLT, CORE)
    market.resting.resting = {"bolt"}
    market.pings = {"core": lost(Trouble.BROKEN)}

    lead = market.sells()

    assert reasons(market.held(lead).bids) == {
        "acme": "acceptable_bid",
        "bolt": "rested",
        "core": "bad_response",
    }
    assert market.resting.failures == ["core"]


PERSONAL = {
    "first_name": "Zebulon",
    "last_name": "Quixote",
    "email": "zeb.quixote@private.example",
    "phone": "+12125550147",
    "street": "17 Hidden Lane",
    "company": "Quixote & Sons",
}


def test_a_ping_carries_what_the_campaign_marks_as_pingable_and_nothing_else_of_the_lead() -> None:
    """Invariant 9. The buyer maps every field there is, and its ping asks for all of them."""
    every = [*PERSONAL, "city", "state", "postal_code", "country"]
    fields = [{"name": name, "field": f"contact.{name}"} for name in every]
    fields += [{"name": name, "field": f"attributes.{name}"} for name in ("roof_m2", "ssn")]
    fields += [{"name": name, "field": name} for name in ("lead_id", "email_sha256", "phone_sha256", "score")]
    nosy = a_buyer("nosy")
    assert nosy.buyer
    ping = nosy.buyer.ping.model_dump() if nosy.buyer.ping else {}
    market = Market(a_buyer("nosy", buyer={"ping": {**ping, "fields": fields}}))

    lead = market.sells(**PERSONAL, state="NY", postal_code="10001", roof_m2=140, ssn="078-05-1120")

    sent = next(request for request in market.http.sent if request.url.endswith("/ping"))
    assert json.loads(sent.body) == {"state": "NY", "postal_code": "10001", "roof_m2": 140}
    everything = f"{sent.url} {dict(sent.headers)} {sent.body!r}"
    assert not [value for value in PERSONAL.values() if value in everything]
    assert lead.state is LeadState.SOLD


def test_a_buyer_that_looks_for_duplicates_gets_the_hashes_and_only_these() -> None:
    market = Market(a_buyer("acme", buyer={"hashes": True}))

    market.sells(email=" Maria@Example.com ")

    sent = json.loads(market.http.sent[0].body)
    # As `printf maria@example.com | sha256sum` gives it.
    assert sent["hash"] == "10ef04a5a1acd81d18a0c61fdd354a063da07223720a1d8760aa5c2afa5e8ee0"
    assert "email" not in sent


def test_no_personal_data_is_in_what_is_kept_of_an_auction_or_a_post() -> None:
    market = Market(ACME)
    market.posts = {
        "acme": lambda request: Answer(status=200, body=b'{"verdict": "yes", "echo": ' + request.body + b"}")
    }

    lead = market.sells(**PERSONAL)

    kept = " ".join(exchange.model_dump_json() for exchange in market.leads.exchanges_of(lead.lead_id))
    assert "post" in kept
    assert not [value for value in PERSONAL.values() if value in kept]


@given(
    st.lists(st.integers(0, 5_000), max_size=8),
    st.integers(0, 2_000),
    st.integers(0, 500),
    st.integers(0, 60),
    st.integers(0, 80),
)
def test_whatever_is_bid_who_wins_bid_most_and_leaves_the_margin(
    cents: list[int], floor: int, margin: int, percent: int, share: int
) -> None:
    asked = terms(floor_cents=floor, margin_cents=margin, margin_percent=percent)
    bids = [a_bid(f"b{n}", amount) for n, amount in enumerate(cents)]

    def left(prices: Sequence[int]) -> int:
        return sum(price - price * share // 100 for price in prices)

    ordered, shares = ranked(bids, asked, left, {})

    good = [bid for bid in ordered if bid.price_cents is not None]
    assert shares == 1
    assert {bid.recipient_id for bid in ordered} == {bid.recipient_id for bid in bids}
    assert all(
        first.cents >= second.cents for first, second in pairwise(good) if first.cents and second.cents
    )
    for bid in good:
        assert bid.price_cents == bid.cents
        assert bid.cents
        assert bid.cents >= floor
        assert left([bid.cents]) >= margin_of(asked, bid.cents)
    refused = {bid.cents for bid in ordered if bid.price_cents is None}
    assert not any(
        amount >= floor and amount and left([amount]) >= margin_of(asked, amount)
        for amount in refused
        if amount
    )


@given(st.permutations(range(6)), st.lists(st.integers(1, 3), min_size=6, max_size=6))
def test_the_order_of_bids_does_not_depend_on_the_order_in_which_they_came(
    shuffled: list[int], cents: list[int]
) -> None:
    """Invariant 7."""
    bids = [a_bid(f"b{n}", cents[n]) for n in range(6)]
    turns = {f"b{n}": (n * 7) % 6 for n in range(6)}

    expected = ranked(bids, terms(), sum, turns)

    assert ranked([bids[n] for n in shuffled], terms(), sum, turns) == expected


@given(st.lists(st.integers(100, 5_000), min_size=1, max_size=6), st.integers(1, 100), st.integers(1, 100))
def test_a_lead_is_shared_only_where_that_brings_more(cents: list[int], two: int, three: int) -> None:
    asked = terms(winners=3, share_percent={2: two, 3: three})

    ordered, shares = ranked([a_bid(f"b{n}", amount) for n, amount in enumerate(cents)], asked, sum, {})

    best = sorted(cents, reverse=True)
    brings = {
        n: sum(int(amount * p // 100) for amount in best[:n])
        for n, p in ((1, 100), (2, two), (3, three))
        if n <= len(cents)
    }
    assert sum(bid.price_cents or 0 for bid in ordered[:shares]) == max(brings.values())


def test_a_lead_is_not_shared_where_paying_its_source_for_each_buyer_would_eat_the_margin() -> None:
    asked = terms(margin_cents=700, winners=3, share_percent={2: 60, 3: 45})
    bids = [a_bid(f"b{n}", 1_300) for n in range(3)]

    ordered, shares = ranked(bids, asked, lambda prices: sum(prices) - 500 * len(prices), {})

    # Three at 585 leave 255 after three payouts of 500; one at 1,300 leaves 800.
    assert (shares, ordered[0].price_cents) == (1, 1_300)


def a_market_with_a_second_stage(**facts: Any) -> Market:
    """Two bidders for two shares, and two buyers at a fixed price for what they leave."""
    fixed = (a_buyer("cova", price_cents=700), a_buyer("dune", price_cents=700))
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 80}), a_stage("fixed", name="fixed price"))
    market = Market(ACME, BOLT, plan=plan, documents=(a_pool(*fixed, pool_id="fixed"), *fixed), **facts)
    for who in ("cova", "dune"):
        market.ledger.usage[who] = Usage(recipient_id=who, rev=1, balance_cents=10_000)
    return market


def test_a_lead_that_was_to_be_shared_is_sold_once_where_a_later_stage_sells_it() -> None:
    market = a_market_with_a_second_stage()
    market.posts = {"acme": "no", "bolt": "no"}

    lead = market.sells()

    assert (len(lead.buyers), lead.shares) == (1, 1)


def test_a_lead_that_is_sold_in_part_is_sold_even_where_its_workflow_cannot_go_on() -> None:
    market = a_market_with_a_second_stage()
    lead_id = market.takes_in()
    market.step(lead_id)

    market.park(lead_id, "Route", "ClaimContention")

    lead = market.leads.get(lead_id)
    assert (lead.state, lead.recipient_id, lead.sales) == (LeadState.SOLD, "acme", 1)


def test_a_lead_that_is_sold_in_part_goes_to_no_rep_whoever_looks_after_the_person() -> None:
    rita = a_rep("rita", paused=True)
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 80}), a_stage("reps", name="reps"))
    sticky = {"sticky": {"person": "prefer"}}
    market = Market(ACME, BOLT, plan=plan, documents=(a_pool(rita, pool_id="reps"), rita), campaign=sticky)
    lead_id, now = market.takes_in(), market.clock.now()
    ties = market.leads.get(lead_id).ties
    assert ties
    for key in ties.person:
        market.ledger.owners[key] = Owner(
            key=key, recipient_id="rita", lead_id="f" * 32, at=now, expires_at=now + timedelta(days=9)
        )
    market.step(lead_id)
    market.configuration.put(rita.model_copy(update={"paused": False}))

    lead = market.sells(lead_id)

    assert lead.buyers == ("acme", "bolt")


def test_an_auction_is_not_lost_because_nobody_could_be_told_of_a_failing_buyer() -> None:
    market = Market(ACME, BOLT)
    market.pings = {"bolt": lost(Trouble.TIMEOUT)}
    market.resting.failed = lambda key: True  # type: ignore[method-assign] # noqa: ARG005

    def down(subject: str, **facts: object) -> None:
        raise NotificationFailed

    market.alerts.alert = down  # type: ignore[method-assign]

    assert market.sells().recipient_id == "acme"


def test_a_secret_of_ours_that_a_buyer_repeats_is_kept_nowhere() -> None:
    auth = {"auth": {"type": "header", "name": "X-Key", "secret": "ping"}}
    market = Market(a_buyer("acme", buyer={"ping": an_endpoint("acme", "ping", **auth)}), BOLT)
    market.secrets.put("recipient/acme/ping", "sk_live_123456")
    market.pings = {"acme": said("no", why="unknown key sk_live_123456", ref="sk_live_123456")}

    lead = market.sells()

    told = [
        market.held(lead),
        *market.leads.exchanges_of(lead.lead_id),
        *market.leads.offers_of(lead.lead_id),
    ]
    assert "unknown key" in str(told)
    assert "sk_live_123456" not in str(told)


def test_a_buyer_that_is_late_because_a_vendor_is_in_a_hurry_has_not_failed() -> None:
    market = Market(ACME, BOLT)
    market.pings = {"acme": lost(Trouble.TIMEOUT)}
    lead = market.leads.get(market.takes_in())
    situation = market.situation(lead, market.clock.now())
    campaign = market.configuration.get(Campaign, lead.campaign_id)

    market.hold(situation, 0, campaign, decide(situation).trace, deadline_ms=500)
    in_a_hurry = list(market.resting.failures)
    market.hold(situation, 0, campaign, decide(situation).trace)

    assert (in_a_hurry, market.resting.failures) == ([], ["acme"])
