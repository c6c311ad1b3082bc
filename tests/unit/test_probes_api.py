"""Trying a buyer through the API: what it is sent, what it answers, how that is read; and nothing is sold."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.memory_configuration import MemoryArchive
from baton.application.outgoing import Answer as Said
from baton.application.outgoing import Outgoing, Trouble
from baton.application.try_buyer import ALL_MS, TryBuyer
from baton.domain.campaign import Campaign
from baton.domain.endpoint import Endpoint
from baton.domain.fields import FieldType
from baton.domain.intake import lead_of
from baton.domain.made_up import PERSON, made_up_fields
from baton.domain.recipient import Recipient
from baton.entrypoints.console.probes import probes_api
from tests.builders import MONDAY_9AM, a_campaign, a_rep, a_source
from tests.selling import Market, a_buyer, an_endpoint, lost, said
from tests.unit.console import Answer, Caller

LEAD_ID = f"{7:032x}"
TOKEN = "s3cret-t0ken"
REAL = {"email": "zeb.quixote@private.example", "phone": "+12125550147", "name": "Zebulon Quixote"}


def a_caller(market: Market, groups: str = "admin") -> Caller:
    """Somebody who tries buyers of that market."""
    trying = TryBuyer(MemoryArchive(market.configuration), market.call, market.clock, lambda: LEAD_ID)
    return Caller(probes_api(lambda: trying), groups=groups)


def tried(market: Market, body: Any = None, who: str = "acme") -> Answer:
    """The answer to an admin who tries a buyer."""
    return a_caller(market)("POST", f"/v1/recipients/{who}/test", body)


def calls(market: Market, body: Any = None, who: str = "acme") -> list[dict[str, Any]]:
    """What came of each request."""
    answer = tried(market, body, who)
    assert answer.status == 200, answer.text
    return list(answer.json["calls"])


def with_endpoint(what: str, **facts: Any) -> Recipient:
    """A buyer with another endpoint for pings or posts."""
    return a_buyer(buyer={what: an_endpoint("acme", what, **facts)})


def echo(request: Outgoing) -> Said:
    """An answer that takes everything, and repeats all that was sent."""
    headers = dict(request.headers)
    body = {"verdict": "no", "why": f"seen: {request.body.decode()}", "headers": headers, "url": request.url}
    return Said(status=200, body=json.dumps(body).encode(), took_ms=10)


# ------------------------------------------------------------------------------------------------ what is said
def test_a_ping_is_shown_as_it_was_sent_answered_and_read() -> None:
    market = Market(a_buyer())
    market.pings = {"acme": said("yes", cents=1_250, ref="bid-9")}

    answer = tried(market).json

    (ping,) = answer["calls"]
    assert (answer["recipient_id"], answer["lead_id"], answer["made_up"]) == ("acme", LEAD_ID, True)
    assert ping["request"].startswith("POST https://acme.example/ping\n")
    assert '"zip":"10001","state":"NY"' in ping["request"]
    assert json.loads(ping["response"]) == {"verdict": "yes", "cents": 1_250, "ref": "bid-9"}
    told = (
        "purpose",
        "sent",
        "why_not",
        "status",
        "trouble",
        "took_ms",
        "verdict",
        "price_cents",
        "reference",
    )
    assert {name: ping[name] for name in told} == {
        "purpose": "ping",
        "sent": True,
        "why_not": None,
        "status": 200,
        "trouble": None,
        "took_ms": 10,
        "verdict": "accepted",
        "price_cents": 1_250,
        "reference": "bid-9",
    }


def test_a_post_is_made_on_the_terms_of_the_bid_about_somebody_who_does_not_exist() -> None:
    fields = [
        {"name": "email", "field": "contact.email"},
        {"name": "bid", "field": "bid_reference"},
        {"name": "cents", "field": "price_cents"},
        {"name": "id", "field": "lead_id"},
    ]
    market = Market(with_endpoint("post", fields=fields))
    market.pings = {"acme": said("yes", cents=1_250, ref="bid-9")}
    market.posts = {"acme": said("no", why="full for today")}

    _, post = calls(market, {"post": True})

    wanted = {"email": PERSON["email"], "bid": "bid-9", "cents": 1_250, "id": LEAD_ID}
    assert json.loads(market.http.sent[1].body) == wanted
    assert json.loads(post["request"].partition("\n\n")[2]) == wanted
    assert (post["verdict"], post["reason"]) == ("rejected", "full for today")


def test_a_post_goes_out_also_where_the_ping_brought_no_bid() -> None:
    market = Market(a_buyer())
    market.pings = {"acme": said("no")}

    ping, post = calls(market, {"post": True})

    assert (ping["verdict"], post["verdict"]) == ("rejected", "accepted")
    assert market.posted_to() == ["acme"]


@pytest.mark.parametrize("mapped", [True, False])
def test_every_request_says_that_it_is_a_test_whatever_the_mapping_carries(mapped: bool) -> None:
    field = (
        {"name": "is_test", "field": "test"} if mapped else {"name": "zip", "field": "contact.postal_code"}
    )
    buyer = a_buyer(
        buyer={what: an_endpoint("acme", what, fields=[field]) for what in ("ping", "post")},
    )
    market = Market(buyer)

    shown = calls(market, {"post": True})

    for request, call in zip(market.http.sent, shown, strict=True):
        assert request.headers["baton-test"] == "true"
        assert "\nbaton-test: true\n" in call["request"]
        assert (json.loads(request.body).get("is_test") is True) == mapped
        assert any("baton-test" in note for note in call["notes"]) != mapped


def test_whoever_bids_nothing_that_can_be_read_is_told_of() -> None:
    market = Market(a_buyer())
    market.pings, market.posts = {"acme": said("yes")}, {"acme": Said(status=200, body=b"<html>", took_ms=3)}

    ping, post = calls(market, {"post": True})

    assert (ping["verdict"], ping["price_cents"]) == ("accepted", None)
    assert "no price can be read in the answer: an auction takes it for no bid" in ping["notes"]
    assert post["verdict"] == "unclear"
    assert "the reader finds neither a yes nor a no in the answer" in post["notes"]


def test_a_new_try_is_a_new_lead_to_the_buyer() -> None:
    ids = iter("ab")
    market = Market(a_buyer())
    archive = MemoryArchive(market.configuration)
    trying = TryBuyer(archive, market.call, market.clock, lambda: next(ids) * 32)
    caller = Caller(probes_api(lambda: trying))

    for _ in range(2):
        assert caller("POST", "/v1/recipients/acme/test", {"post": True}).status == 200

    assert len({request.headers["webhook-id"] for request in market.http.sent}) == 4


# -------------------------------------------------------------------------------------------- what is not shown
def test_the_person_is_masked_where_the_caller_names_one() -> None:
    """Invariant 9."""
    market = Market(a_buyer())
    market.pings = market.posts = {"acme": echo}

    answer = tried(market, {"post": True, "fields": REAL})

    assert json.loads(market.http.sent[1].body)["email"] == REAL["email"]
    assert answer.json["made_up"] is False
    assert not [value for value in (*REAL.values(), "Zebulon", "5550147") if value in answer.text]
    assert answer.json["calls"][1]["reason"].startswith("seen: ")


@pytest.mark.parametrize("kind", ["header", "query", "basic", "bearer"])
def test_secrets_are_never_shown_not_even_where_the_buyer_repeats_them(kind: str) -> None:
    auth = {"type": kind, "secret": "key", **({"name": "x-key"} if kind in {"header", "query"} else {})}
    market = Market(with_endpoint("ping", auth=auth))
    market.secrets.stored = {"recipient/acme/key": f"baton:{TOKEN}" if kind == "basic" else TOKEN}
    market.pings = {"acme": echo}

    answer = tried(market)

    (request,) = market.http.sent
    sent = {*request.headers.values(), *parse_qs(urlsplit(request.url).query).get("x-key", [])}
    proofs = [one for one in sent if TOKEN in one or one.startswith("Basic ")]
    assert proofs
    assert TOKEN not in answer.text
    assert not [proof for proof in proofs if proof in answer.text]
    assert "***" in answer.json["calls"][0]["request"]
    assert "***" in answer.json["calls"][0]["response"]


def test_a_ping_carries_what_the_named_campaign_lets_it_carry() -> None:
    fields = [{"name": name, "field": f"contact.{name}"} for name in ("state", "postal_code", "email")]
    fields += [{"name": name, "field": f"attributes.{name}"} for name in ("roof_m2", "income")]
    campaign = {"pingable": ["contact.state", "attributes.roof_m2"], "attributes": {"roof_m2": "number"}}
    market = Market(with_endpoint("ping", fields=fields), campaign=campaign)

    calls(market, {"campaign_id": "solar"})
    calls(market)

    by_campaign, by_none = (json.loads(request.body) for request in market.http.sent)
    assert by_campaign == {"state": "NY", "roof_m2": 1}
    assert by_none == {"state": "NY", "postal_code": "10001", "roof_m2": "example", "income": "example"}


# ----------------------------------------------------------------------------------------- why nothing was sent
def test_a_secret_that_is_missing_is_named_and_nothing_is_sent() -> None:
    market = Market(with_endpoint("ping", auth={"type": "bearer", "secret": "key"}))

    (ping,) = calls(market)

    assert (ping["sent"], ping["verdict"], ping["request"]) == (False, None, None)
    assert ping["why_not"] == "no secret is stored under the name 'key'"
    assert market.http.sent == []


def test_a_field_that_pings_may_not_carry_is_named_where_the_buyer_requires_it() -> None:
    fields = [{"name": "email", "field": "contact.email", "required": True}]
    market = Market(with_endpoint("ping", fields=fields))

    (ping,) = calls(market)

    assert ping["why_not"] == "the request needs 'contact.email', and there is none"


@pytest.mark.parametrize(
    ("trouble", "arrived"),
    [
        (Trouble.UNSAFE, False),
        (Trouble.UNREACHABLE, False),
        (Trouble.TIMEOUT, True),
        (Trouble.BROKEN, True),
        (Trouble.TOO_LARGE, True),
    ],
)
def test_where_there_is_no_answer_it_is_said_whether_the_request_may_have_arrived(
    trouble: Trouble, arrived: bool
) -> None:
    market = Market(a_buyer())
    market.posts = {"acme": lost(trouble)}

    _, post = calls(market, {"post": True})

    assert (post["sent"], post["status"]) == (arrived, None)
    assert post["trouble"].startswith(f"{trouble}:")
    assert (post["why_not"] is None, post["verdict"]) == ((True, "unclear") if arrived else (False, None))
    assert any("held, and posted again" in note for note in post["notes"]) == arrived


def test_a_buyer_at_a_fixed_price_that_gets_leads_by_mail_has_nothing_to_be_called() -> None:
    buyer = a_buyer(price_cents=500, email="leads@acme.example", buyer={"post": None})

    market = Market(buyer)
    ping, post = calls(market, {"post": True})

    assert (ping["sent"], post["sent"]) == (False, False)
    assert (ping["why_not"], post["why_not"]) == (
        "the buyer has no endpoint for pings, and takes its fixed price",
        "the buyer has no endpoint for posts: leads go to its email address",
    )
    assert (market.http.sent, market.notifier.sent) == ([], [])


def test_a_buyer_at_a_fixed_price_is_posted_to_at_that_price() -> None:
    market = Market(a_buyer(price_cents=500))

    calls(market, {"post": True})

    assert json.loads(market.http.sent[0].body)["price"] == 500


# -------------------------------------------------------------------------------------------------- what it costs
@pytest.mark.parametrize(
    "facts",
    [
        {"buyer": {"status": "paused"}},
        {"buyer": {"status": "test"}},
        {"active": False},
        {"paused": True},
        {"caps": {"per_day": 0}},
        {"accepts": {"field": "contact.state", "op": "eq", "value": "XX"}},
    ],
)
def test_a_buyer_that_gets_no_leads_can_be_tried(facts: dict[str, Any]) -> None:
    assert [call["verdict"] for call in calls(Market(a_buyer(**facts)), {"post": True})] == ["accepted"] * 2


def test_a_buyer_without_money_can_be_tried_and_pays_nothing() -> None:
    market = Market(a_buyer(), pockets={"acme": 0})

    assert calls(market, {"post": True})[1]["verdict"] == "accepted"
    assert market.usage("acme").balance_cents == 0


def test_nothing_is_claimed_kept_or_held_against_the_buyer() -> None:
    market = Market(a_buyer())
    market.pings = market.posts = {"acme": lost()}
    before = market.ledger.standings([("team", "acme")], ["acme"])

    calls(market, {"post": True})

    assert market.ledger.standings([("team", "acme")], ["acme"]) == before
    assert market.leads.exchanges_of(LEAD_ID) == []
    assert market.resting.failures == []
    assert (market.alerts.told, market.notifier.sent) == ([], [])


def test_ping_and_post_together_end_before_the_gateway_gives_up() -> None:
    slow = {what: an_endpoint("acme", what, timeout_ms=20_000) for what in ("ping", "post")}
    market = Market(a_buyer(buyer=slow))

    def dawdles(request: Outgoing) -> Said:
        market.clock.forward(timedelta(milliseconds=request.timeout_ms))
        return lost(Trouble.TIMEOUT)

    market.pings = market.posts = {"acme": dawdles}
    calls(market, {"post": True})

    assert (market.clock.now() - MONDAY_9AM) <= timedelta(milliseconds=ALL_MS)
    assert market.http.sent[1].timeout_ms >= 10_000


# ------------------------------------------------------------------------------------------------- who and what
@pytest.mark.parametrize("groups", ["viewer", "others"])
def test_only_admins_may_call_buyers(groups: str) -> None:
    market = Market(a_buyer())

    answer = a_caller(market, groups)("POST", "/v1/recipients/acme/test", {})

    assert (answer.status, answer.code, market.http.sent) == (403, "forbidden", [])


@pytest.mark.parametrize(
    ("who", "body"), [("nobody", {}), ("ana", {}), ("acme", {"campaign_id": "none"}), ("%00", {})]
)
def test_what_does_not_exist_or_is_no_buyer_cannot_be_tried(who: str, body: Any) -> None:
    market = Market(a_buyer(), documents=(a_rep("ana"),))

    answer = tried(market, body, who)

    assert (answer.status, answer.code, market.http.sent) == (404, "not-found", [])


@pytest.mark.parametrize(
    ("body", "status", "places"),
    [
        ({"posts": True}, 422, ["posts"]),
        ({"post": "maybe"}, 422, ["post"]),
        ({"fields": []}, 422, ["fields"]),
        ({"campaign_id": "No!"}, 422, ["campaign_id"]),
        ({"fields": {"email": "nobody"}}, 422, ["contact.email"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(body: Any, status: int, places: list[str]) -> None:
    market = Market(a_buyer())

    answer = tried(market, body)

    assert (answer.status, list(answer.errors), market.http.sent) == (status, places, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["post", "campaign_id", "fields", "x"]), JSON, max_size=3), JSON)
def test_no_body_and_no_answer_breaks_anything(body: dict[str, Any], answer: Any) -> None:
    market = Market(a_buyer())
    market.pings = market.posts = {"acme": Said(status=200, body=json.dumps(answer).encode())}

    assert tried(market, body).status < 500
    assert tried(market, {"post": True, "fields": body}).status < 500


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), st.sampled_from(FieldType), max_size=5
    ),
    st.lists(st.sampled_from(["contact.phone", "contact.street", "attributes.roof_m2", "attributes.pets"])),
)
def test_nobody_has_all_that_a_campaign_asks_for(
    attributes: dict[str, FieldType], required: list[str]
) -> None:
    campaign: Campaign = a_campaign(attributes=attributes, required=required)

    fields = made_up_fields(campaign, [], MONDAY_9AM)

    lead = lead_of(a_source(), campaign, fields, lead_id=LEAD_ID, now=MONDAY_9AM)
    assert set(attributes) <= set(lead.attributes)
    assert lead.contact.email == "jane.example@example.com"


def test_nobody_says_words_that_the_buyer_has_a_word_for() -> None:
    mapped = {"name": "owner", "field": "attributes.owner", "values": {"yes": "OWN", "no": "RENT"}}
    endpoint = Endpoint.model_validate({"url": "https://acme.example/post", "fields": [mapped]})

    assert made_up_fields(a_campaign(), [endpoint], MONDAY_9AM)["attributes.owner"] == "yes"
