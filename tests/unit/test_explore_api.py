"""Leads as the API shows them: found, told with their whole story, and explained; and it never changes anything."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.identities import KeyedIdentities
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.adapters.memory_persons import MemoryPersons
from baton.application.answer_offer import Answer as Said
from baton.application.explain_lead import MAX_EXCHANGES, ExplainLead
from baton.application.find_leads import FindLeads
from baton.application.find_person import FindPerson
from baton.application.outgoing import Answer as Wired
from baton.application.outgoing import Trouble
from baton.application.preview_scoring import PreviewScoring
from baton.application.show_learned import ShowLearned
from baton.application.show_recipient import ShowRecipient
from baton.application.simulate_lead import SimulateLead
from baton.application.try_score import TryScore
from baton.domain.exchange import Exchange, Purpose
from baton.entrypoints.console.exploration import exploration_api
from tests.builders import MINUTE, MONDAY_9AM, SECRET, World, a_campaign, a_plan, a_rep, a_source, a_world
from tests.selling import Market, a_buyer, an_auction_stage, lost
from tests.unit.console import Caller
from tests.unit.vendor import PERSON, PING, a_vendor

TEXAN = {"field": "contact.state", "op": "eq", "value": "TX"}


def a_viewer(world: World, groups: str = "viewer") -> Caller:
    """Somebody who looks at the leads of a world."""
    assert isinstance(world.configuration, MemoryConfiguration)
    leads, ledger = world.leads, world.ledger
    assert isinstance(leads, MemoryLeads)
    assert isinstance(ledger, MemoryLedger)
    archive = MemoryArchive(world.configuration)
    find = FindLeads(leads, archive)
    names = KeyedIdentities(lambda: SECRET)
    show = ShowRecipient(world.configuration, archive, world.ledger, world.clock)
    simulate = SimulateLead(
        world.leads, world.situation, world.configuration, archive, names, world.likelihoods, world.clock
    )
    console = exploration_api(
        lambda: find,
        lambda: world.explain,
        lambda: simulate,
        lambda: show,
        lambda: TryScore(world.configuration, world.likelihoods, world.clock),
        lambda: PreviewScoring(world.leads, world.configuration, world.likelihoods, world.clock),
        lambda: ShowLearned(world.learned_scores, world.configuration),
        lambda: FindPerson(world.leads, MemoryPersons(leads, ledger), names, archive),
    )
    return Caller(console, groups=groups)


def a_viewer_of(market: Market) -> Caller:
    """Somebody who looks at the leads that a market sells."""
    archive, names = MemoryArchive(market.configuration), KeyedIdentities(lambda: SECRET)
    find = FindLeads(market.leads, archive)
    show = ShowRecipient(market.configuration, archive, market.ledger, market.clock)
    explain = ExplainLead(market.leads, market.situation, market.configuration, market.clock)
    simulate = SimulateLead(
        market.leads,
        market.situation,
        market.configuration,
        archive,
        names,
        market.likelihoods,
        market.clock,
    )
    console = exploration_api(
        lambda: find,
        lambda: explain,
        lambda: simulate,
        lambda: show,
        lambda: TryScore(market.configuration, market.likelihoods, market.clock),
        lambda: PreviewScoring(market.leads, market.configuration, market.likelihoods, market.clock),
        lambda: ShowLearned(market.learned_scores, market.configuration),
        lambda: FindPerson(market.leads, MemoryPersons(market.leads, market.ledger), names, archive),
    )
    return Caller(console, groups="viewer")


def a_busy_world() -> World:
    """Ana got the first lead and takes it, ben the second; the third is from another hour and waits for its score."""
    world = a_world(a_rep("ana"), a_rep("ben"))
    first = world.offers(first_name="Maria", last_name="Lopez", city="Austin", state="TX")
    world.answers(first, Said.ACCEPT)
    world.clock.forward(MINUTE)
    world.offers(email="joe@example.com")
    world.clock.forward(60 * MINUTE)
    world.takes_in(email="eve@example.com")
    return world


def listed(viewer: Caller, query: str = "") -> list[int]:
    """The numbers of the leads that are found, as found."""
    answer = viewer("GET", f"/v1/leads{query}")
    assert answer.status == 200, answer.text
    return [int(item["lead_id"], 16) for item in answer.json["items"]]


# -------------------------------------------------------------------------------------------------------- looking
def test_a_list_says_of_each_lead_who_it_is_and_who_has_it() -> None:
    viewer = a_viewer(a_busy_world())

    first = viewer("GET", "/v1/leads").json["items"][-1]

    assert first == {
        "lead_id": f"{1:032x}",
        "received_at": "2026-11-23T14:00:00Z",
        "state": "assigned",
        "source_id": "web-form",
        "campaign_id": "solar",
        "recipient_id": "ana",
        "score": 0,
        "offers": 1,
        "plan_id": "plan",
        "plan_version": 1,
        "suspicions": [],
        "test": False,
        "who": "Maria Lopez (Austin, TX)",
    }


def test_held_leads_are_listed_with_why_they_are_held() -> None:
    world = a_world(documents=(a_source(honeypot_field="website"),))
    world.takes_in()
    world.takes_in(website="http://spam")

    viewer = a_viewer(world)
    held = viewer("GET", "/v1/leads?state=quarantined").json["items"]
    lead = viewer("GET", f"/v1/leads/{held[0]['lead_id']}").json["lead"]

    assert [(item["lead_id"], item["suspicions"]) for item in held] == [(f"{2:032x}", ["honeypot"])]
    assert (lead["suspicions"], lead["cleared"], lead["invalid"]) == (["honeypot"], False, [])


def test_a_person_is_found_by_their_number_as_they_say_it_and_by_their_address() -> None:
    world = a_world()
    world.takes_in(email="maria@example.com", phone="+1 512 555 0142")
    world.takes_in(email="joe@example.com")
    viewer = a_viewer(world)

    def found(**person: str) -> list[int]:
        answer = viewer("POST", "/v1/persons/search", person)
        assert answer.status == 200, answer.text
        return [int(item["lead_id"], 16) for item in answer.json["items"]]

    assert found(phone="(512) 555-0142") == found(email="Maria@Example.com") == [1]
    assert found(email="nobody@example.com") == []


def test_what_is_no_address_and_no_number_is_said_to_be_none() -> None:
    viewer = a_viewer(a_busy_world())

    assert list(viewer("POST", "/v1/persons/search", {"phone": "12"}).errors) == ["phone"]
    assert list(viewer("POST", "/v1/persons/search", {"email": "maria"}).errors) == ["email"]
    assert viewer("POST", "/v1/persons/search", {}).status == 422


@pytest.mark.parametrize(
    ("query", "wrong"),
    [("leads?stat=lost", "stat"), ("leads?version=1", "version"), ("waiting?state=lost", "state")],
)
def test_what_a_list_does_not_know_is_refused(query: str, wrong: str) -> None:
    answer = a_viewer(a_busy_world())("GET", f"/v1/{query}")

    assert (answer.status, list(answer.errors)) == (422, [wrong])


def test_those_that_wait_are_listed_the_longest_first_page_by_page() -> None:
    world = a_world(documents=(a_source(honeypot_field="website"),))
    for _ in range(3):
        world.takes_in(website="http://spam")
        world.clock.forward(MINUTE)
    world.takes_in()
    viewer = a_viewer(world)

    first = viewer("GET", "/v1/waiting?limit=2").json
    last = viewer("GET", f"/v1/waiting?limit=2&after={first['next']}").json
    moving = viewer("GET", "/v1/waiting?kind=moving").json

    assert [item["lead_id"] for item in first["items"] + last["items"]] == [f"{n:032x}" for n in (1, 2, 3)]
    assert (last["next"], [item["state"] for item in moving["items"]]) == (None, ["received"])
    assert viewer("GET", "/v1/waiting?kind=sold").status == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]),
        ("?campaign_id=solar", [3, 2, 1]),
        ("?campaign_id=roofs", []),
        ("?recipient_id=ben", [2]),
        ("?source_id=phone", []),
        ("?state=assigned", [1]),
        ("?state=received&source_id=web-form", [3]),
        ("?since=2026-11-23T14:01:00Z", [3, 2]),
        ("?since=2026-11-23T09:01:00-05:00&until=2026-11-23T15:01:00Z", [2]),
        ("?since=2026-11-23T16:00:00Z&until=2026-11-23T14:00:00Z", []),
        ("?recipient_id=ana&state=assigned&campaign_id=solar&until=2026-11-23T14:00:01Z", [1]),
    ],
)
def test_leads_are_found_by_what_is_asked_for(query: str, found: list[int]) -> None:
    assert listed(a_viewer(a_busy_world()), query) == found


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_page_by_page_every_lead_is_seen_once(limit: int) -> None:
    viewer, seen, after = a_viewer(a_busy_world()), [], ""
    while True:
        page = viewer("GET", f"/v1/leads?limit={limit}{after}").json
        seen += [int(item["lead_id"], 16) for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?state=happy", "state"),
        ("?since=yesterday", "since"),
        ("?since=2026-11-23T14:00:00", "since"),
        ("?until=0001-01-01T00:00:00%2B14:00", "until"),
        ("?until=9999-12-31T23:59:59Z", "until"),
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?campaign_id=", "campaign_id"),
        ("?recipient_id=No!", "recipient_id"),
        ("?after=", "after"),
        ("?after=x", "after"),
        ("?after=2026-11-23T14:00:00Z", "after"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(query: str, field: str) -> None:
    answer = a_viewer(a_busy_world())("GET", f"/v1/leads{query}")

    assert (answer.status, list(answer.errors)) == (422, [field])


@given(
    st.text(st.characters(exclude_characters="&=#?%", codec="utf-8"), max_size=60) | st.binary(max_size=90)
)
def test_no_cursor_that_was_made_up_breaks_anything(made_up: str | bytes) -> None:
    text = made_up if isinstance(made_up, str) else urlsafe_b64encode(made_up).decode()

    assert a_viewer(a_world(a_rep("ana")))("GET", f"/v1/leads?after={text}").status in (200, 422)


# ----------------------------------------------------------------------------------------------------- the whole
def test_a_lead_is_told_with_everything_that_happened_and_why() -> None:
    world = a_world(a_rep("ana"), a_rep("ben", accepts=TEXAN))
    lead_id = world.offers(first_name="Maria", state="CA")
    world.answers(lead_id, Said.DECLINE)
    world.step(lead_id)

    told = a_viewer(world)("GET", f"/v1/leads/{lead_id}").json

    assert told["lead"]["contact"]["first_name"] == "Maria"
    assert told["lead"]["state"] == "unassigned"
    assert [event["kind"] for event in told["timeline"]] == world.kinds(lead_id)
    assert [(offer["recipient_id"], offer["state"]) for offer in told["offers"]] == [("ana", "declined")]
    (chosen, refused) = told["offers"][0]["trace"]["stages"][0]["candidates"]
    assert (chosen["code"], refused["code"]) == (100, 310)
    assert refused["words"] == "does not take such leads: contact.state eq TX"
    nobody = told["timeline"][-1]["trace"]["stages"][0]
    assert nobody["words"] == "nobody could have the lead"


def test_a_duplicate_is_told_with_whose_it_is_and_the_first_with_what_it_added() -> None:
    world = a_world(a_rep("ana"), documents=(a_campaign(dedupe={"policy": "merge"}),))
    first, second = (world.takes_in(email="maria@example.com", roof=roof) for roof in ("flat", "gable"))
    world.merge(second)

    older, newer = (a_viewer(world)("GET", f"/v1/leads/{one}").json["lead"] for one in (first, second))

    assert (newer["state"], newer["duplicate_of"], newer["on_duplicate"]) == ("duplicate", first, "merge")
    assert (older["attributes"], older["additions"]) == ({"roof": "flat"}, {"attributes.roof": "gable"})


def test_what_only_the_workflow_may_use_is_not_told() -> None:
    world = a_busy_world()
    text = a_viewer(world)("GET", f"/v1/leads/{1:032x}").text

    assert world.leads.offer(f"{1:032x}", 1).task_token
    assert "task_token" not in text
    assert "fingerprint" not in text


def test_traces_can_be_left_out() -> None:
    told = a_viewer(a_busy_world())("GET", f"/v1/leads/{1:032x}?traces=false").json

    assert [offer["trace"] for offer in told["offers"]] == [None]


def test_a_lead_that_was_sold_is_told_with_its_auction_its_bids_and_its_delivery() -> None:
    late, low, fixed = a_buyer("late"), a_buyer("low"), a_buyer("fixed", price_cents=800)
    plan = a_plan(an_auction_stage(deadline_ms=1_000, floor_cents=500, bids_good_for_s=60))
    market = Market(a_buyer("acme"), late, low, fixed, plan=plan, source={"payout": {"share_percent": 50}})
    market.pings = {"acme": 1_250, "late": lost(Trouble.TIMEOUT), "low": 499}
    lead = market.sells()

    told = a_viewer_of(market)("GET", f"/v1/leads/{lead.lead_id}").json

    assert (told["lead"]["shares"], told["lead"]["sales"], told["lead"]["ping_id"]) == (1, 1, None)
    (auction,) = told["auctions"]
    assert (auction["no"], auction["stage_name"], auction["late"], auction["promised"]) == (
        1,
        "auction",
        1,
        False,
    )
    assert (auction["held_at"], auction["good_until"]) == ("2026-11-23T14:00:00Z", "2026-11-23T14:01:00Z")
    shown = ("recipient_id", "code", "reason", "bid_cents", "price_cents", "took_ms", "reference")
    assert [tuple(bid[name] for name in shown) for bid in auction["bids"]] == [
        ("acme", 205, "acceptable_bid", 1_250, 1_250, 10, "bid-acme"),
        ("fixed", 205, "acceptable_bid", 800, 800, None, None),
        ("low", 401, "bid_too_low", 499, None, 10, "bid-low"),
        ("late", 410, "timeout", None, None, 10, None),
    ]
    assert auction["bids"][2]["words"] == "bid 4.99, the lowest that is taken is 5.00"
    (offer,) = told["offers"]
    assert (offer["price_cents"], offer["payout_cents"], offer["currency"]) == (1_250, 625, "USD")
    delivery = offer["delivery"]
    assert delivery["webhook_id"] == f"lead_{lead.lead_id}_acme"
    assert (delivery["tries"], delivery["unknown"], delivery["next_at"], delivery["reference"]) == (
        1,
        False,
        None,
        "lead-acme",
    )


def test_a_lead_that_its_buyer_may_have_is_told_with_when_it_is_asked_again() -> None:
    market = Market(a_buyer())
    market.posts = {"acme": lost()}
    lead_id = market.takes_in()
    market.step(lead_id)

    (offer,) = a_viewer_of(market)("GET", f"/v1/leads/{lead_id}").json["offers"]

    assert (offer["delivery"]["unknown"], offer["delivery"]["next_at"]) == (True, "2026-11-23T14:00:05Z")
    assert offer["delivery"]["reason"].startswith("broken")


def test_what_was_said_to_buyers_is_told_without_anybody_s_data() -> None:
    """Invariant 9."""
    market = Market(a_buyer())
    market.posts = {
        "acme": lambda request: Wired(200, b'{"verdict": "yes", "echo": ' + request.body + b"}", took_ms=5)
    }
    lead = market.sells(first_name="Zebulon", email="zeb@private.example")
    viewer = a_viewer_of(market)

    told = viewer("GET", f"/v1/leads/{lead.lead_id}").json["exchanges"]
    without = viewer("GET", f"/v1/leads/{lead.lead_id}?exchanges=false").json["exchanges"]

    shown = [(one["purpose"], one["recipient_id"], one["verdict"], one["status"]) for one in told]
    assert shown == [("ping", "acme", "accepted", 200), ("post", "acme", "accepted", 200)]
    assert told[1]["request"].startswith("POST https://acme.example/post\n")
    assert not [one for one in told if "zeb" in str(one).lower()]
    assert without == []


def test_a_lead_whose_price_was_promised_is_told_with_what_was_said_about_its_ping() -> None:
    vendor = a_vendor()
    ping_id = vendor.promises()
    lead_id = vendor.lead_of(vendor.sent({**PING, **PERSON, "ping_id": ping_id}))
    vendor.score(lead_id)
    lead = vendor.sells(lead_id)

    told = a_viewer_of(vendor)("GET", f"/v1/leads/{lead_id}").json

    assert (told["lead"]["ping_id"], told["lead"]["state"]) == (ping_id, "sold")
    assert [auction["promised"] for auction in told["auctions"]] == [True]
    shown = [(one["purpose"], one["recipient_id"]) for one in told["exchanges"]]
    assert shown == [("ping", "acme"), ("ping", "bolt"), ("post", lead.recipient_id)]


def test_of_very_much_that_was_said_the_newest_is_told() -> None:
    market = Market(a_buyer())
    lead_id = market.takes_in()
    moments = [MONDAY_9AM + n * MINUTE for n in range(MAX_EXCHANGES + 50)]
    market.leads.keep(
        [
            Exchange(
                lead_id=lead_id,
                exchange_id=Exchange.id_at(at, "acme", Purpose.PING),
                at=at,
                recipient_id="acme",
                purpose=Purpose.PING,
                request="GET https://acme.example/",
                verdict="unclear",
                took_ms=1,
            )
            for at in moments
        ]
    )

    told = a_viewer_of(market)("GET", f"/v1/leads/{lead_id}").json["exchanges"]

    assert [one["at"] for one in told] == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in moments[50:]]


def test_traces_of_auctions_can_be_left_out_too() -> None:
    market = Market(a_buyer(), a_buyer("idle", active=False))
    viewer, lead = a_viewer_of(market), market.sells()

    (whole,) = viewer("GET", f"/v1/leads/{lead.lead_id}").json["auctions"]
    (short,) = viewer("GET", f"/v1/leads/{lead.lead_id}?traces=false").json["auctions"]

    assert [one["reason"] for one in whole["trace"]["stages"][0]["candidates"]] == ["inactive"]
    assert (short["trace"], short["bids"]) == (None, whole["bids"])


@pytest.mark.parametrize("lead_id", [f"{99:032x}", "x", "A" * 32, "%00"])
def test_a_lead_that_is_not_there_is_not_found(lead_id: str) -> None:
    viewer = a_viewer(a_busy_world())

    assert viewer("GET", f"/v1/leads/{lead_id}").code == "not-found"
    assert viewer("GET", f"/v1/leads/{lead_id}/explain?recipient=ana").code == "not-found"


# ---------------------------------------------------------------------------------------------------- explaining
def test_what_would_have_had_to_be_different() -> None:
    world = a_world(a_rep("ana"), a_rep("ben", accepts=TEXAN, paused=True))
    lead_id = world.offers(state="CA")

    found = a_viewer(world)("GET", f"/v1/leads/{lead_id}/explain?recipient=ben").json

    assert (found["recipient_id"], found["got_it"], found["best"]["recorded"]) == ("ben", False, True)
    assert [(check["code"], check["needs"]) for check in found["best"]["checks"]] == [
        (310, "contact.state: TX"),
        (303, "not to be away (until further notice)"),
    ]


def test_an_earlier_decision_can_be_asked_about() -> None:
    world = a_world(a_rep("ana"), a_rep("ben"))
    lead_id = world.offers()
    world.answers(lead_id, Said.DECLINE)
    world.clock.forward(MINUTE)
    world.step(lead_id)
    viewer = a_viewer(world)

    first = viewer("GET", f"/v1/leads/{lead_id}/explain?recipient=ana&offer=1").json
    last = viewer("GET", f"/v1/leads/{lead_id}/explain?recipient=ana").json

    assert first["got_it"]
    assert [check["check"] for check in last["best"]["checks"]] == ["already_offered"]


def test_a_buyer_that_was_outbid_hears_by_how_much() -> None:
    market = Market(a_buyer("acme"), a_buyer("bolt"))
    market.pings = {"acme": 1_250, "bolt": 1_000}
    lead = market.sells()

    found = a_viewer_of(market)("GET", f"/v1/leads/{lead.lead_id}/explain?recipient=bolt").json

    assert [(check["code"], check["words"], check["needs"]) for check in found["best"]["checks"]] == [
        (204, "bid 10.00, and 12.50 came first", "a bid above 12.50 (it was 10.00)")
    ]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("?recipient=", 422),
        ("?recipient=ana&offer=0", 422),
        ("?recipient=ana&offer=7", 404),
        ("?recipient=nobody", 404),
    ],
)
def test_only_what_exists_can_be_explained(query: str, status: int) -> None:
    assert a_viewer(a_busy_world())("GET", f"/v1/leads/{2:032x}/explain{query}").status == status


def test_a_lead_that_waits_for_its_first_decision_cannot_be_explained_yet() -> None:
    answer = a_viewer(a_busy_world())("GET", f"/v1/leads/{3:032x}/explain?recipient=ana")

    assert (answer.status, answer.code) == (404, "not-found")


# -------------------------------------------------------------------------------------------------------- who may
@pytest.mark.parametrize("path", ["", f"/{1:032x}", f"/{1:032x}/explain?recipient=ana"])
def test_whoever_is_in_neither_group_sees_no_lead(path: str) -> None:
    stranger = a_viewer(a_busy_world(), groups="others")

    assert stranger("GET", f"/v1/leads{path}").code == "forbidden"


def test_looking_changes_nothing() -> None:
    """Invariant 8."""
    world = a_busy_world()
    viewer = a_viewer(world)

    def everything() -> Any:
        leads = [world.leads.get(f"{number:032x}") for number in (1, 2, 3)]
        return leads, [world.leads.timeline(lead.lead_id) for lead in leads], world.usage("ana")

    before = everything()
    for path in ("", f"/{1:032x}", f"/{1:032x}/explain?recipient=ben"):
        assert viewer("GET", f"/v1/leads{path}").status == 200

    assert everything() == before


# ----------------------------------------------------------------------------------------------------- availability
def test_a_recipient_is_shown_with_the_next_opening_and_what_is_used_of_every_cap() -> None:
    hours = {"blocks": [{"days": ["mon"], "start": "09:00", "end": "12:00"}]}
    caps = {"per_day": 10, "open_leads": 5}
    world = a_world(a_rep("ana", schedule=hours, caps=caps, campaign_caps={"solar": {"per_week": 3}}))
    world.offers()
    viewer = a_viewer(world)

    now = viewer("GET", "/v1/recipients/ana/availability").json
    world.clock.forward(6 * 60 * MINUTE)
    later = viewer("GET", "/v1/recipients/ana/availability").json

    assert (now["available"], now["words"], now["open_leads"]) == (True, "Ana is available", 1)
    assert [(cap["span"], cap["used"], cap["cap"], cap["campaign_id"]) for cap in now["caps"]] == [
        ("day", 1, 10, None),
        ("week", 1, 3, "solar"),
    ]
    assert (later["available"], later["reason"]) == (False, "outside_hours")
    assert later["words"].startswith("Ana is next available Mon 30 Nov 09:00 America/New_York")
    assert later["next_available"] == "2026-11-30T09:00:00-05:00"


def test_the_availability_of_nobody_is_not_found() -> None:
    assert a_viewer(a_busy_world())("GET", "/v1/recipients/nobody/availability").code == "not-found"


def test_everybody_who_is_active_is_shown_page_by_page_as_each_is_alone() -> None:
    gone = a_rep("ben", active=False)
    world = a_world(a_rep("ana", caps={"per_day": 3}), gone, a_rep("carla", paused=True), a_rep("dev"))
    world.offers()
    viewer = a_viewer(world)

    first = viewer("GET", "/v1/availability?limit=2").json
    second = viewer("GET", f"/v1/availability?limit=2&after={first['next']}").json

    assert [one["recipient_id"] for one in first["items"]] == ["ana"]  # ben is switched off
    assert ([one["recipient_id"] for one in second["items"]], second["next"]) == (["carla", "dev"], None)
    alone = [viewer("GET", f"/v1/recipients/{who}/availability").json for who in ("ana", "carla", "dev")]
    assert [*first["items"], *second["items"]] == alone
    assert (alone[0]["caps"][0]["used"], alone[1]["reason"]) == (1, "paused")


def test_what_has_not_changed_of_everybodys_availability_is_not_sent_again() -> None:
    world = a_busy_world()
    viewer = a_viewer(world)
    first = viewer("GET", "/v1/availability")

    same = viewer("GET", "/v1/availability", if_none_match=first.etag)
    world.configure(a_rep("ana", paused=True))
    other = viewer("GET", "/v1/availability", if_none_match=first.etag)

    assert (same.status, same.text, other.status) == (304, "", 200)


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_no_more_than_a_hundred_are_asked_about_at_once(limit: str) -> None:
    assert list(a_viewer(a_busy_world())("GET", f"/v1/availability?limit={limit}").errors) == ["limit"]
