"""The guide to auctions: its examples can be imported, its record is made by the code, and it leaves nothing out."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from baton.adapters.identities import KeyedIdentities
from baton.adapters.memory_configuration import MemoryArchive
from baton.adapters.resting import FAIL_MAX, REST_S
from baton.application.deliver_lead import AGAIN_AFTER_S
from baton.application.exchange_configuration import ExchangeConfiguration
from baton.application.explain_lead import ExplainLead
from baton.application.hold_auction import FIRST_OVERHEAD_MS, LEAST_BUDGET_MS, REMEMBERED
from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.application.publish_plan import PublishPlan
from baton.application.simulate_lead import Rules, SimulateLead
from baton.domain.auction import Bid, ranked
from baton.domain.bidding import MAX_AUCTIONS
from baton.domain.buyer import Billing, BillingMode, Buyer, BuyerStatus
from baton.domain.buyer_words import BUYERS_SAID
from baton.domain.configuration_file import read_file
from baton.domain.counts import WEEKS
from baton.domain.disclosure import post_facts
from baton.domain.masking import MAX_KEPT
from baton.domain.source import Payout
from baton.domain.standing import Usage
from baton.domain.terms import AuctionTerms, DeliveryTerms
from baton.domain.timeline import EventKind
from baton.domain.trace import REASON_NUMBERS, Reason
from baton.domain.trace_words import verdict
from baton.entrypoints.console.plain_yaml import read
from baton.entrypoints.console.simulations import TriedLead
from baton.entrypoints.console.stories import WholeLead
from tests.builders import SECRET
from tests.selling import Market, a_buyer, lost

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "auctions.md").read_text()
IN_ONE_LINE: Final = " ".join(GUIDE.split())
FILES: Final = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
PINGED, AUCTION, EXCHANGES, OFFERS, TRACE, TRIED = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
PAID_IN: Final = 20_000
FORM: Final = {
    "last_name": "Lopez",
    "email": "maria@example.com",
    "phone": "+12125550147",
    "state": "NY",
    "postal_code": "10001",
    "vehicle_year": 2019,
    "insured": "yes",
}
FACTS: Final[dict[Reason, dict[str, Any]]] = {
    Reason.LOWER_BID: {"bid_cents": 1200, "best_cents": 1450},
    Reason.ACCEPTABLE_BID: {"bid_cents": 1450},
    Reason.TEST_ONLY: {"lead": False},
    Reason.DUPLICATE_FOR_BUYER: {"days": 30},
    Reason.OTHER_CURRENCY: {"pays": "EUR", "asks": "USD"},
    Reason.CONSENT_MISSING: {"lacks": ["trusted_form"]},
    Reason.DAILY_SPEND_REACHED: {
        "spent_cents": 59000,
        "price_cents": 1450,
        "cap_cents": 60000,
        "resets": "00:00 America/New_York",
    },
    Reason.MONTHLY_SPEND_REACHED: {
        "spent_cents": 1199000,
        "price_cents": 1450,
        "cap_cents": 1200000,
        "resets": "1 Dec 00:00 America/New_York",
    },
    Reason.NO_BALANCE: {"available_cents": 640, "price_cents": 700},
    Reason.NO_BID: {"why": "status 204"},
    Reason.BID_TOO_LOW: {"bid_cents": 650, "floor_cents": 700},
    Reason.BELOW_MARGIN: {"bid_cents": 750, "left_cents": 250, "margin_cents": 300},
    Reason.TOO_FEW_BIDDERS: {"bidders": 1, "least": 2},
    Reason.BID_EXPIRED: {"bid_cents": 1450, "until": "2026-11-23 14:05:01 UTC"},
    Reason.TIMEOUT: {"budget_ms": 1480},
    Reason.UNREACHABLE: {"why": "unreachable"},
    Reason.BAD_RESPONSE: {"why": "status 200, no price"},
    Reason.CANNOT_BE_ASKED: {"why": "no secret is stored under the name 'token'"},
}
"""Examples of the facts behind the reasons in the guide's table."""


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below that heading, without its head."""
    below = GUIDE.split(f"\n{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert lines
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[0].strip().split("\n")[2:]
    ]


def after(market: Market, took_ms: int, body: str) -> Any:
    """An answer that takes its time, so that what comes next is later."""

    def answer(_: Outgoing) -> Answer:
        market.clock.forward(timedelta(milliseconds=took_ms))
        return Answer(status=200, body=body.encode(), took_ms=took_ms)

    return answer


def imported(market: Market) -> PublishPlan:
    """The guide's configuration, file after file; and what checks its plan."""
    archive = MemoryArchive(market.configuration)
    for file in FILES:
        ExchangeConfiguration(archive, market.clock).import_(read(file.encode()), replace=False, by="ops")
    return PublishPlan(archive, market.clock)


def a_market() -> Market:
    """The guide's buyers with money on their accounts, and how they answer in the guide's record."""
    market = Market()
    imported(market)
    market.secrets.stored["recipient/harbor/token"] = "sesame"
    for who in ("harbor", "summit", "delta", "echo", "pine"):
        market.ledger.usage[who] = Usage(recipient_id=who, rev=1, balance_cents=PAID_IN)

    def silent(_: Outgoing) -> Answer:
        market.clock.forward(timedelta(milliseconds=1_480))
        return Answer(trouble=Trouble.TIMEOUT, detail="no answer in time", took_ms=1_480)

    summit = b"<reply><result>BID</result><cents>1200</cents></reply>"
    market.pings = {
        "harbor": Answer(
            status=200, body=b'{"status": "bid", "price": "14.50", "bid_id": "H-81"}', took_ms=184
        ),
        "summit": Answer(status=200, body=summit, took_ms=241),
        "delta": Answer(status=200, body=b'{"bid": 7.50}', took_ms=95),
        "echo": silent,
    }
    market.posts = {
        "harbor": after(market, 310, '{"status": "rejected", "reason": "duplicate"}'),
        "summit": after(market, 205, '{"ok": true, "ref": "S-4711"}'),
    }
    return market


def sold(market: Market) -> str:
    """The lead of the guide's record, once it is sold."""
    lead_id = market.score(market.accept_lead("insurance-form", FORM).lead_id).lead_id
    return market.sells(lead_id).lead_id


def told(market: Market, lead_id: str, *, traces: bool = True) -> dict[str, Any]:
    """All that the API says of a lead."""
    explain = ExplainLead(market.leads, market.situation, market.configuration, market.clock)
    return WholeLead.of(explain.story(lead_id), traces=traces).model_dump(mode="json")


def tried(market: Market) -> dict[str, Any]:
    """What the API says of a trial of the record's lead."""
    archive, names = MemoryArchive(market.configuration), KeyedIdentities(lambda: SECRET)
    simulate = SimulateLead(
        market.leads, market.situation, market.configuration, archive, names, market.likelihoods, market.clock
    )
    return TriedLead.of(simulate.new("insurance-form", FORM, Rules())).model_dump(mode="json")


@pytest.fixture(scope="module")
def market() -> Market:
    """A market in which the lead of the guide's record was sold."""
    found = a_market()
    sold(found)
    return found


@pytest.fixture(scope="module")
def whole(market: Market) -> dict[str, Any]:
    """All that the API says of that lead."""
    (lead_id,) = market.leads.leads
    return told(market, lead_id)


@pytest.mark.parametrize("file", FILES)
def test_an_example_has_the_shape_of_a_configuration_file(file: str) -> None:
    _, _, errors = read_file(read(file.encode()))

    assert errors == []


def test_the_examples_can_be_imported_and_their_plan_has_no_fault() -> None:
    publish = imported(Market())

    assert publish.check(publish.published("car-insurance").document) == []


# ---- the record


def test_the_auction_is_what_the_api_says_of_it(whole: dict[str, Any]) -> None:
    assert whole["auctions"] == [json.loads(AUCTION)]


def test_the_exchanges_are_what_the_api_says_of_them(whole: dict[str, Any]) -> None:
    assert whole["exchanges"] == json.loads(EXCHANGES)


def test_the_ping_that_is_shown_line_by_line_is_one_of_them(whole: dict[str, Any]) -> None:
    (shown,) = re.findall(r"```http\n(.*?)\n```", GUIDE, re.DOTALL)

    assert [one["purpose"] for one in whole["exchanges"] if one["request"] == shown] == ["ping"]


def test_the_offers_are_what_the_api_says_of_them_without_traces(
    market: Market, whole: dict[str, Any]
) -> None:
    shown = told(market, whole["lead"]["lead_id"], traces=False)

    assert shown["offers"] == json.loads(OFFERS)


def test_the_trace_is_that_of_the_sale(whole: dict[str, Any]) -> None:
    assert whole["offers"][-1]["trace"] == json.loads(TRACE)


def test_the_ping_is_what_the_buyer_was_sent(market: Market) -> None:
    (sent,) = (one for one in market.http.sent if one.url == "https://harbor.example/ping")

    assert json.loads(sent.body) == json.loads(PINGED)


def test_every_buyer_of_the_record_is_explained(whole: dict[str, Any]) -> None:
    explained = [(who, code) for who, code, *_ in rows("### Who got it, and why")]

    assert explained == [
        (one["recipient_id"], str(one["code"]))
        for one in whole["offers"][-1]["trace"]["stages"][0]["candidates"]
    ]


def test_the_timeline_is_told_in_its_order(whole: dict[str, Any]) -> None:
    told_kinds = [kind.strip("`") for _, kind, *_ in rows("### The timeline")]

    assert told_kinds == [event["kind"] for event in whole["timeline"]]
    assert {EventKind(kind) for kind in told_kinds}


def test_the_entries_are_those_of_the_sale(market: Market) -> None:
    booked = [(entry.account, str(entry.kind), entry.cents) for entry in market.ledger.entries.values()]

    assert sorted(booked) == sorted(
        (account.strip("`"), kind.strip("`"), int(cents)) for account, kind, cents, _ in rows("### The money")
    )
    assert market.usage("harbor").balance_cents == PAID_IN
    assert market.usage("summit").balance_cents == PAID_IN - 1_200


# ---- settings


@pytest.mark.parametrize(
    ("heading", "document"),
    [
        ("## What the stage decides", AuctionTerms()),
        ("## When a buyer does not say", DeliveryTerms()),
        ("## What a buyer has", Buyer(price_cents=900)),
        ("## How a buyer pays", Billing()),
    ],
)
def test_every_setting_has_a_row_with_its_default(heading: str, document: BaseModel) -> None:
    # A buyer has no price by itself: one is given here only because a buyer needs that or a ping.
    defaults = {**document.model_dump(mode="json"), "price_cents": None, "billing": "prepaid"}

    assert {name.strip("`"): default for name, _, default in rows(heading)} == {
        name: as_written(defaults[name]) for name in type(document).model_fields
    }


def as_written(default: Any) -> str:
    """A default as the guide writes it."""
    whole = int(default) if isinstance(default, float) and default.is_integer() else default
    return "none" if whole is None else f"`{whole}`" if isinstance(whole, str) else f"`{json.dumps(whole)}`"


@pytest.mark.parametrize("word", [*BuyerStatus, *BillingMode, "sold", "released"])
def test_every_choice_is_named(word: str) -> None:
    assert f"`{word}`" in GUIDE


@pytest.mark.parametrize(
    "said",
    [
        f"{FIRST_OVERHEAD_MS:.0f} ms at first",
        f"the last {REMEMBERED} auctions",
        f"less than {LEAST_BUDGET_MS} ms",
        f"{FAIL_MAX} times in a row",
        f"{REST_S} seconds",
        f"{MAX_AUCTIONS} auctions",
        f"{WEEKS} calendar weeks",
        f"{MAX_KEPT:,} characters",
    ],
)
def test_the_limits_are_those_of_the_code(said: str) -> None:
    assert said in IN_ONE_LINE


def test_every_fact_that_a_post_may_say_is_named(market: Market) -> None:
    (lead,) = market.leads.leads.values()
    facts = post_facts(lead, market.leads.offer(lead.lead_id, 1), market.clock.now())
    table = " ".join(cell for row in rows("The post to the winner may say all of it:") for cell in row)

    assert [name for name in facts if f"`{name}`" not in table and f"`{name}." not in table] == []


def test_a_trial_says_who_would_be_asked_and_asks_nobody() -> None:
    market = a_market()

    found = tried(market)

    assert found["decision"] is None
    assert found["auction"] == json.loads(TRIED)
    assert market.http.sent == []


# ---- ranking


def bid(who: str, cents: int, counts_for: int | None = None) -> Bid:
    weighed = cents if counts_for is None else counts_for
    return Bid(recipient_id=who, reason=Reason.ACCEPTABLE_BID, cents=cents, weighed_cents=weighed)


def cents_of(amount: str) -> int:
    return round(float(amount) * 100)


def test_the_order_of_bids_is_that_of_the_guide() -> None:
    table = rows("### The order")
    payout = Payout(fixed_cents=500)
    bids = [bid(who, cents_of(said), cents_of(counts)) for who, said, counts, *_ in table]

    ordered, _ = ranked(
        bids,
        AuctionTerms(floor_cents=700, margin_cents=300),
        lambda prices: sum(price - payout.of(price) for price in prices),
        {"bolt": 0, "acme": 1},
    )

    places = {one.recipient_id: place for place, one in enumerate(ordered, 1) if one.price_cents}
    assert [(who, place, reason.strip("`")) for who, _, _, _, place, reason in table] == [
        (
            who,
            str(places.get(who, "none")),
            next(str(one.reason) for one in ordered if one.recipient_id == who),
        )
        for who, *_ in table
    ]
    assert [left for _, _, _, left, *_ in table] == [
        f"{(cents_of(said) - 500) / 100:.2f}" for _, said, *_ in table
    ]


def test_to_how_many_a_lead_is_sold_is_what_the_guide_works_out() -> None:
    terms = AuctionTerms(winners=3, share_percent={2: 60, 3: 45})
    for bids, one, two, three, count in rows("### Shared leads"):
        given = [bid(f"b{n}", cents_of(amount)) for n, amount in enumerate(bids.split(", "))]

        ordered, shares = ranked(given, terms, sum, {})

        brings = [cents_of(total.split(" = ")[-1]) for total in (one, two, three)]
        assert (f"{max(brings) / 100:.2f}", count) == (
            f"{sum(b.price_cents or 0 for b in ordered[:shares]) / 100:.2f}",
            f"**{shares}**",
        )
        for percent, number, total in ((100, 1, one), (60, 2, two), (45, 3, three)):
            parts = [int((b.cents or 0) * percent // 100) for b in ordered[:number]]
            assert total.split(" = ")[0].split(" + ") == [f"{part / 100:.2f}" for part in parts]
            assert total.split(" = ")[-1] == f"{sum(parts) / 100:.2f}"


# ---- deliveries


def test_a_silent_buyer_is_asked_when_the_guide_says() -> None:
    market = Market(a_buyer("acme"))
    asked: list[float] = []
    begun = market.clock.now()

    def silent(_: Outgoing) -> Answer:
        asked.append((market.clock.now() - begun).total_seconds())
        return lost(Trouble.TIMEOUT)

    market.posts = {"acme": silent}
    market.sells()

    table = rows("### The schedule")
    assert [row[0] for row in table] == [str(n) for n in range(1, len(asked) + 1)]
    assert [row[2] for row in table] == [
        f"{int(s) // 3600}:{int(s) // 60 % 60:02d}:{int(s) % 60:02d}" for s in asked
    ]
    assert f"goes on {({3600: 'every hour'})[AGAIN_AFTER_S[-1]]}" in IN_ONE_LINE


# ---- reasons


def test_every_reason_of_buyers_has_a_row_with_its_number_and_its_words() -> None:
    table = rows("## Every reason")

    assert [(code, name.strip("`")) for code, name, *_ in table] == sorted(
        (str(REASON_NUMBERS[reason]), str(reason)) for reason in BUYERS_SAID
    )
    for _, name, words, _ in table:
        reason = Reason(name.strip("`"))
        assert words == verdict(reason, FACTS.get(reason, {}))["words"]
