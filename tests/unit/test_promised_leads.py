"""Leads that come with a ping: sold to those who were promised, once, at the price that was told, or refused."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.access import hash_of
from baton.domain.claims import accepted
from baton.domain.lead import Lead, LeadState
from baton.domain.money import EntryKind
from baton.domain.plan import Model, PublishedPlan
from baton.domain.promise import Promise, digests_of
from baton.domain.standing import Usage
from baton.domain.timeline import EventKind
from tests.builders import SECOND, a_campaign, a_lead, a_plan, a_pool, a_rep, a_source, a_stage
from tests.selling import POCKET, a_buyer, an_auction_stage, an_endpoint
from tests.unit.interleaving import Stepwise, Task, each
from tests.unit.vendor import ACME, BOLT, HALF, PERSON, PING, VENDOR_KEY, Vendor, a_vendor
from tests.unit.wire import Answer

HAS_A_ROOF: Final = {"field": "attributes.roof_m2", "op": "exists"}
KEY: Final = {"Idempotency-Key": "order-1"}


def posted(vendor: Vendor, ping_id: Any, /, **fields: Any) -> Answer:
    """The answer to a lead that names its ping."""
    headers = fields.pop("headers", {})
    return vendor.sent({**PING, **PERSON, "ping_id": ping_id, **fields}, headers=headers)


def sells(vendor: Vendor, ping_id: str) -> Any:
    """The lead of that ping once its workflow has come to an end."""
    lead_id = vendor.lead_of(posted(vendor, ping_id))
    vendor.score(lead_id)
    return vendor.sells(lead_id)


def leads_of(vendor: Vendor) -> int:
    """How many leads were stored."""
    return len(vendor.leads.leads)


# ---- kept


def test_the_lead_goes_to_whoever_bid_most_in_the_ping_and_nobody_is_asked_again() -> None:
    vendor = a_vendor()
    vendor.pings = {"acme": 2_000, "bolt": 1_500}
    ping_id = vendor.promises()
    vendor.pings = {"acme": 10, "bolt": 9_000}

    lead = sells(vendor, ping_id)

    assert (lead.state, lead.recipient_id, lead.ping_id) == (LeadState.SOLD, "acme", ping_id)
    assert vendor.asked() == ["acme", "bolt"]
    assert vendor.posted_to() == ["acme"]
    assert vendor.usage("acme").balance_cents == 98_000


def test_the_source_gets_what_it_was_told() -> None:
    vendor = a_vendor()
    promised = vendor.leads.promise(vendor.promises())
    lead = sells(vendor, promised.ping_id)

    (payout,) = [entry for entry in vendor.ledger.entries.values() if entry.kind is EntryKind.PAYOUT]
    assert (payout.lead_id, payout.cents) == (lead.lead_id, promised.price_cents)


def test_a_lead_that_the_promised_buyer_refuses_is_sold_to_nobody_for_less() -> None:
    vendor = a_vendor()
    vendor.pings, vendor.posts = {"acme": 2_000, "bolt": 1_500}, {"acme": "no"}

    lead = sells(vendor, vendor.promises())

    assert lead.state is LeadState.UNASSIGNED
    assert (vendor.asked(), vendor.posted_to()) == (["acme", "bolt"], ["acme"])


def test_the_source_gets_what_it_was_promised_also_where_its_payout_was_changed_meanwhile() -> None:
    vendor = a_vendor()
    told = vendor.pinged().json()
    vendor.configure(payout={"share_percent": 1})

    lead = sells(vendor, told["ping_id"])

    assert vendor.leads.offer(lead.lead_id, 1).payout_cents == told["price_cents"]


def test_a_lead_that_all_who_were_promised_refuse_is_not_put_up_for_auction_again() -> None:
    vendor = a_vendor()
    vendor.posts = {"acme": "no", "bolt": "no"}

    assert sells(vendor, vendor.promises()).state is LeadState.UNASSIGNED
    assert vendor.asked() == ["acme", "bolt"]


def test_a_lead_that_all_who_were_promised_refuse_goes_to_nobody_else_for_less() -> None:
    """Its vendor gave it away for a price. Whoever has not paid that must not have it."""
    plan = a_plan(an_auction_stage(), a_stage("sales", auto_accept=True), fallback="ana")
    ana = a_rep("ana")
    vendor = a_vendor(plan=plan, documents=(a_pool(ana, pool_id="sales"), ana))
    vendor.posts = {"acme": "no", "bolt": "no"}
    other = vendor.lead_of(vendor.sent())
    vendor.score(other)
    assert vendor.sells(other).recipient_id == "ana"

    assert sells(vendor, vendor.promises()).state is LeadState.UNASSIGNED


@pytest.mark.parametrize("policy", ["prefer", "require"])
def test_a_lead_that_was_promised_goes_past_whoever_looks_after_its_person(policy: str) -> None:
    plan = a_plan(
        an_auction_stage().model_copy(update={"when": a_stage(when=HAS_A_ROOF).when}), a_stage("sales")
    )
    ana = a_rep("ana")
    documents = (a_pool(ana, pool_id="sales"), ana)
    vendor = a_vendor(plan=plan, documents=documents, campaign={"sticky": {"person": policy}})
    first = vendor.lead_of(vendor.sent(PERSON))
    vendor.score(first)
    vendor.route(first)
    taken = accepted(vendor.leads.get(first), vendor.leads.offer(first, 1), vendor.clock.now())
    assert vendor.leads.commit(taken)

    lead = sells(vendor, vendor.promises())

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "acme")


def test_buyers_know_a_lead_by_the_name_that_its_ping_had() -> None:
    vendor = a_vendor(
        a_buyer("acme", buyer={"post": naming_its_ping("post"), "ping": naming_its_ping("ping")})
    )
    sells(vendor, vendor.promises())

    ping, post = (json.loads(request.body)["ping"] for request in vendor.http.sent)
    assert ping == post


def test_a_shared_lead_goes_to_all_who_were_promised_and_brings_the_sum() -> None:
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 60}))
    vendor = a_vendor(ACME, BOLT, a_buyer("cora"), plan=plan)
    vendor.pings = {"acme": 2_000, "bolt": 1_500, "cora": 500}
    promised = vendor.leads.promise(vendor.promises())

    lead = sells(vendor, promised.ping_id)

    payouts = [entry.cents for entry in vendor.ledger.entries.values() if entry.kind is EntryKind.PAYOUT]
    assert (lead.state, lead.sales, vendor.posted_to()) == (LeadState.SOLD, 2, ["acme", "bolt"])
    assert sum(payouts) == promised.price_cents == 1_050


def test_a_price_by_rule_is_kept_though_meanwhile_it_is_somebody_elses_turn() -> None:
    buyers = (a_buyer("acme", price_cents=900), a_buyer("bolt", price_cents=300))
    vendor = a_vendor(*buyers, plan=a_plan(a_stage(model=Model.ROUND_ROBIN)))
    first = vendor.leads.promise(vendor.promises())
    told = first.bids[0].recipient_id
    other = vendor.lead_of(vendor.sent())
    vendor.score(other)
    assert vendor.sells(other).recipient_id == told

    lead = sells(vendor, first.ping_id)

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, told)


def test_a_lead_whose_price_came_from_a_later_stage_begins_there() -> None:
    plan = a_plan(an_auction_stage(floor_cents=5_000), an_auction_stage("rest"))
    vendor = a_vendor(ACME, plan=plan, documents=(a_pool(BOLT, pool_id="rest"), BOLT))
    vendor.ledger.usage["bolt"] = Usage("bolt", rev=1, balance_cents=POCKET)
    ping_id = vendor.promises()
    vendor.pings = {"acme": 9_000}

    lead = sells(vendor, ping_id)

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "bolt")
    assert vendor.asked() == ["acme", "bolt"]


def test_the_lead_follows_the_plan_version_that_it_was_promised_under() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    vendor.configuration.put(a_plan(an_auction_stage(floor_cents=9_999), version=2))
    vendor.configuration.put(PublishedPlan(id="plan", version=2))

    lead = sells(vendor, ping_id)

    assert (lead.state, lead.plan_version) == (LeadState.SOLD, 1)


def test_bids_hold_for_a_lead_that_came_in_time_however_long_its_workflow_takes() -> None:
    vendor = a_vendor()
    lead_id = vendor.lead_of(posted(vendor, vendor.promises()))
    vendor.clock.forward(timedelta(hours=1))
    vendor.score(lead_id)

    assert vendor.sells(lead_id).state is LeadState.SOLD
    assert vendor.asked() == ["acme", "bolt"]


def test_the_timeline_says_what_was_promised() -> None:
    vendor = a_vendor()
    promised = vendor.leads.promise(vendor.promises())
    lead_id = vendor.lead_of(posted(vendor, promised.ping_id))

    (event,) = vendor.leads.timeline(lead_id)
    assert event.kind is EventKind.LEAD_RECEIVED
    assert event.facts["ping_id"] == promised.ping_id
    assert event.facts["promised_cents"] == promised.price_cents
    assert vendor.leads.auctions_of(lead_id)[0].promised


def naming_its_ping(what: str) -> dict[str, Any]:
    """An endpoint of acme that is told what its ping was called."""
    endpoint = an_endpoint("acme", what)
    return {**endpoint, "fields": [*endpoint["fields"], {"name": "ping", "field": "ping_id"}]}


# ---- the same as in the ping


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"state": "NJ"}, ["contact.state"]),
        ({"roof_m2": "120"}, ["attributes.roof_m2"]),
        ({"roof_m2": 121, "postal_code": "10002"}, ["attributes.roof_m2", "contact.postal_code"]),
        ({"state": None}, ["contact.state"]),
        ({"detail": {"a": [1, 3]}}, ["attributes.detail"]),
        ({"utm_source": "other"}, ["attribution.utm_source"]),
        ({"consent": False}, ["consent.given"]),
    ],
)
def test_a_lead_that_says_something_else_is_refused_and_every_such_field_named(
    change: dict[str, Any], named: list[str]
) -> None:
    said = {"detail": {"a": [1, 2]}, "utm_source": "search", "consent": True}
    vendor = a_vendor()

    answer = posted(vendor, vendor.promises(**said), **{**said, **change})

    assert (answer.status, answer.json()["type"]) == (422, "urn:baton:ping-mismatch")
    assert answer.json()["errors"] == [
        {"field": name, "problem": "is not what the ping said"} for name in named
    ]
    assert leads_of(vendor) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"roof_m2": 120.0},
        {"state": " NY "},
        {"income": 5, "utm_medium": "cpc", "consent_text": "Call me."},
        {"contact": {"street": "1 Main St"}},
    ],
)
def test_a_lead_may_say_more_and_spell_the_same_differently(change: dict[str, Any]) -> None:
    vendor = a_vendor()

    assert posted(vendor, vendor.promises(consent=True), consent=True, **change).status == 202


def test_a_lead_that_was_refused_leaves_its_ping_as_good_as_before() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    assert posted(vendor, ping_id, state="NJ").status == 422
    assert posted(vendor, ping_id, email="not an address").status == 422

    assert posted(vendor, ping_id).status == 202


def test_a_test_lead_is_not_what_a_real_ping_was_for() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    vendor.configure(test=True)

    answer = posted(vendor, ping_id)

    assert answer.json()["errors"] == [{"field": "test", "problem": "is not what the ping said"}]


_VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_ATTRIBUTES: Final = st.dictionaries(st.text(min_size=1, max_size=5), _VALUES, min_size=1, max_size=5)


def a_promise(lead: Lead) -> Promise:
    """A promise for a ping that said what this lead says."""
    vendor = a_vendor()
    digests = digests_of(vendor.promises(), lead)
    (promise,) = vendor.leads.promises.values()
    return promise.model_copy(update={"digests": digests})


@given(_ATTRIBUTES, _VALUES)
def test_only_what_differs_is_named_whatever_is_said(said: dict[str, Any], other: Any) -> None:
    lead = a_lead(attributes=said)
    promise, name = a_promise(lead), next(iter(said))
    backwards = a_lead(attributes=dict(reversed(said.items())))
    changed = a_lead(attributes={**said, name: [other, said[name]]})

    assert promise.differences(backwards) == ()
    assert promise.differences(a_lead(attributes={**said, "one more": other})) == ()
    assert [difference.field for difference in promise.differences(changed)] == [f"attributes.{name}"]


# ---- once, and in time


def test_a_ping_is_good_for_one_lead() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    assert posted(vendor, ping_id).status == 202

    again, another = posted(vendor, ping_id), posted(vendor, ping_id, first_name="Somebody else")

    assert again.status == 202, "the same lead, word for word, is that lead again"
    assert (another.status, another.json()["type"]) == (409, "urn:baton:ping-used")
    assert leads_of(vendor) == 1


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_the_same_request_again_is_the_same_lead_even_when_the_price_is_no_longer_good(
    later: timedelta,
) -> None:
    """Invariant 8."""
    vendor = a_vendor()
    ping_id = vendor.promises()
    first = posted(vendor, ping_id, headers=KEY)
    vendor.clock.forward(later)

    again = posted(vendor, ping_id, headers=KEY)

    assert (again.status, again.body) == (202, first.body)
    assert leads_of(vendor) == 1


def test_a_key_used_again_with_another_ping_is_refused() -> None:
    vendor = a_vendor()
    first, second = vendor.promises(), vendor.promises()
    posted(vendor, first, headers=KEY)

    assert posted(vendor, second, headers=KEY).json()["type"] == "urn:baton:idempotency-key-reused"
    assert vendor.leads.promise(second).lead_id is None


def test_a_price_is_good_until_the_moment_that_was_told() -> None:
    vendor = a_vendor()
    early, late = vendor.promises(), vendor.promises()
    vendor.clock.forward(timedelta(seconds=299))
    assert posted(vendor, early).status == 202
    vendor.clock.forward(SECOND)

    answer = posted(vendor, late)

    assert (answer.status, answer.json()["type"]) == (410, "urn:baton:ping-expired")
    assert leads_of(vendor) == 1


@pytest.mark.parametrize("ping_id", ["0" * 32, "x", "../a", 5, ["a"], {"a": 1}, "A" * 32])
def test_what_is_no_ping_of_the_source_is_said_at_its_field(ping_id: Any) -> None:
    """Invariant 11."""
    vendor = a_vendor()
    answer = posted(vendor, ping_id)

    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "ping_id")
    assert leads_of(vendor) == 0


def test_another_sources_ping_is_as_good_as_none() -> None:
    vendor = a_vendor(documents=(a_source(id="other", payout=HALF, api_keys=[hash_of(VENDOR_KEY)]),))
    theirs = str(vendor.pinged(source_id="other").json()["ping_id"])

    mine, none = (posted(vendor, ping_id) for ping_id in (theirs, "0" * 32))

    assert (mine.status, mine.body) == (none.status, none.body)
    assert vendor.leads.promise(theirs).lead_id is None


def test_a_price_for_another_campaign_is_not_good_for_the_lead() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    vendor.configuration.put(a_campaign(id="wind"))
    vendor.configure(campaign_id="wind")

    assert posted(vendor, ping_id).status == 410


def test_an_empty_ping_id_of_a_form_is_none() -> None:
    vendor = a_vendor()
    lead_id = vendor.lead_of(posted(vendor, ""))

    assert vendor.leads.get(lead_id).ping_id is None
    assert "ping_id" not in vendor.leads.get(lead_id).attributes


# ---- at the same moment


def test_of_two_leads_with_one_ping_exactly_one_is_taken_in_every_order() -> None:
    """Invariant 8."""

    def build() -> tuple[tuple[Vendor, list[int]], Sequence[Task]]:
        vendor, statuses = a_vendor(), []
        ping_id = vendor.promises()
        vendor.rewire(Stepwise(vendor.leads))

        def post(name: str) -> None:
            statuses.append(posted(vendor, ping_id, first_name=name).status)

        return (vendor, statuses), [lambda: post("Ann"), lambda: post("Bob")]

    for vendor, statuses in each(build):
        assert sorted(statuses) == [202, 409]
        (lead,) = vendor.leads.leads.values()
        (promise,) = vendor.leads.promises.values()
        assert promise.lead_id == lead.lead_id


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_of_many_threads_with_one_ping_exactly_one_sends_a_lead() -> None:
    """Invariant 8."""
    vendor = a_vendor()
    pings = [vendor.promises() for _ in range(10)]
    with ThreadPoolExecutor(16) as pool:
        statuses = list(
            pool.map(lambda n: posted(vendor, pings[n % 10], first_name=f"No {n}").status, range(160))
        )

    assert Counter(statuses) == {202: 10, 409: 150}
    assert leads_of(vendor) == 10
    assert len({promise.lead_id for promise in vendor.leads.promises.values()}) == 10
