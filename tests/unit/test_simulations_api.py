"""Trying a lead through the API: the decision that would be made, why, on which rules and when; and nothing happens."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.application.answer_offer import Answer as Said
from baton.domain.editing import DraftPlan
from baton.domain.plan import Model, PublishedPlan
from tests.builders import World, a_campaign, a_member, a_plan, a_pool, a_rep, a_stage, a_world
from tests.selling import Market, a_buyer, an_auction_stage
from tests.unit.console import Answer
from tests.unit.test_explore_api import TEXAN, a_viewer, a_viewer_of

PATH = "/v1/simulations/lead"
FORM: dict[str, Any] = {"source_id": "web-form", "fields": {"email": "maria@example.com", "state": "CA"}}
OFFICE_HOURS = {"blocks": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}]}


def tried(world: World, body: Any, **changes: Any) -> Answer:
    """The answer to a viewer who tries that lead."""
    return a_viewer(world)("POST", PATH, {**body, **changes} if isinstance(body, dict) else body)


def chosen(answer: Answer) -> str | None:
    """Who would get the lead."""
    assert answer.status == 200, answer.text
    return answer.json["decision"] and str(answer.json["decision"]["recipient_id"])


def everything(world: World) -> Any:
    """All that a decision could change."""
    who = [rep.id for rep in world.reps]
    return world.ledger.standings([("team", one) for one in who], who), world.notifier.sent.copy()


def test_a_form_is_tried_and_the_answer_says_who_and_why_nobody_else() -> None:
    world = a_world(a_rep("ana", accepts=TEXAN), a_rep("ben"))

    answer = tried(world, FORM)

    assert answer.json["decision"] == {
        "recipient_id": "ben",
        "stage": 0,
        "stage_name": "ask team",
        "pool_id": "team",
        "price_cents": None,
    }
    assert answer.json["auction"] is None
    got, refused = answer.json["trace"]["stages"][0]["candidates"]
    assert (refused["recipient_id"], refused["words"]) == (
        "ana",
        "does not take such leads: contact.state eq TX",
    )
    assert got["code"] == 100
    assert answer.json["at"] == "2026-11-23T14:00:00Z"


def test_trying_takes_no_turn_uses_no_cap_and_tells_nobody() -> None:
    """Invariant 8."""
    world = a_world(a_rep("ana", caps={"per_day": 1}), a_rep("ben"))
    before = everything(world)

    assert {chosen(tried(world, FORM)) for _ in range(3)} == {"ana"}
    assert everything(world) == before


def test_a_past_lead_is_tried_as_if_it_came_anew() -> None:
    world = a_world(a_rep("ana"), a_rep("ben"))
    lead_id = world.offers()
    world.answers(lead_id, Said.DECLINE)
    before = world.leads.get(lead_id), world.leads.timeline(lead_id)

    assert chosen(tried(world, {"lead_id": lead_id})) == "ben"
    assert (world.leads.get(lead_id), world.leads.timeline(lead_id)) == before


def test_the_score_comes_with_its_reasons_and_may_end_it() -> None:
    rule = {"reason": "from Texas", "when": TEXAN, "points": 40}
    campaign = a_campaign(scoring={"rules": [rule], "qualify_from": 10})
    world = a_world(a_rep("ana"), documents=(campaign,))

    good = tried(world, FORM, fields={"email": "m@example.com", "state": "TX"}).json
    poor = tried(world, FORM).json

    assert good["score"] == {
        "points": 40,
        "reasons": [{"reason": "from Texas", "points": 40, "group": None}],
        "qualified": True,
        "held": False,
        "band": None,
        "probability": None,
        "learned": False,
    }
    assert good["decision"]["recipient_id"] == "ana"
    assert (poor["score"]["qualified"], poor["decision"], poor["trace"]) == (False, None, None)


def test_where_nobody_could_have_it_there_is_no_decision_but_its_reasons() -> None:
    answer = tried(a_world(a_rep("ana", paused=True)), FORM)

    assert chosen(answer) is None
    assert answer.json["trace"]["stages"][0]["candidates"][0]["words"] == "away until further notice"


def test_the_owner_of_last_resort_is_at_no_stage() -> None:
    world = a_world(a_rep("ana", paused=True), a_rep("ben"), plan=a_plan(a_stage("nobody"), fallback="ben"))

    decision = tried(world, FORM).json["decision"]

    assert decision == {
        "recipient_id": "ben",
        "stage": None,
        "stage_name": "fallback",
        "pool_id": None,
        "price_cents": None,
    }


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-11-23T16:59:00-05:00", "ana"),
        ("2026-11-23T21:59:00Z", "ana"),
        ("2026-11-23T17:00:00-05:00", None),
        ("2026-11-24T06:00:00+08:00", None),
        ("2026-11-28T10:00:00-05:00", None),
    ],
)
def test_a_lead_can_be_tried_at_another_time(at: str, who: str | None) -> None:
    """Ana works from nine to five in New York."""
    answer = tried(a_world(a_rep("ana", schedule=OFFICE_HOURS)), FORM, at=at)

    assert chosen(answer) == who
    assert datetime.fromisoformat(answer.json["at"]) == datetime.fromisoformat(at)
    assert datetime.fromisoformat(answer.json["at"]).tzinfo == UTC


def test_other_rules_can_be_tried_a_version_a_draft_another_plan() -> None:
    second = a_plan(a_stage("second"), version=2)
    other = a_plan(a_stage("third"), id="other")
    draft = DraftPlan(id="plan", stages=(a_stage("fourth"),))
    pools = [
        a_pool(who, pool_id=pool) for who, pool in (("ben", "second"), ("carla", "third"), ("dora", "fourth"))
    ]
    world = a_world(
        *map(a_rep, ("ana", "ben", "carla", "dora")),
        documents=(second, other, PublishedPlan(id="other", version=1), draft, *pools),
    )

    assert chosen(tried(world, FORM)) == "ana"
    assert chosen(tried(world, FORM, version=2)) == "ben"
    assert chosen(tried(world, FORM, plan_id="other")) == "carla"
    answer = tried(world, FORM, draft=True)
    assert (chosen(answer), answer.json["trace"]["plan_version"]) == ("dora", 2)


# ------------------------------------------------------------------------------------------------- several in a row
def row(answer: Answer) -> list[str | None]:
    """Who would get each of the leads."""
    assert answer.status == 200, answer.text
    return [one and one["recipient_id"] for one in answer.json["row"]]


def shared(weights: list[int]) -> World:
    """Reps with these weights, who may have any number of leads."""
    reps = [a_rep(f"rep-{n}") for n in range(len(weights))]
    members = [a_member(rep.id, weight=weight) for rep, weight in zip(reps, weights, strict=True)]
    return a_world(*reps, model=Model.WEIGHTED, auto_accept=True, documents=(a_pool(*members),))


def test_of_six_leads_in_a_row_two_go_to_ana_for_each_one_to_ben_and_nothing_happens() -> None:
    world = shared([2, 1])
    before = everything(world)

    answer = tried(world, FORM, in_a_row=6, at="2026-11-30T10:00:00-05:00")

    assert Counter(row(answer)) == {"rep-0": 4, "rep-1": 2}
    assert answer.json["row"][0] == answer.json["decision"]
    assert everything(world) == before
    assert row(tried(world, FORM)) == ["rep-0"]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 12), st.integers(1, 20))
@settings(max_examples=40)
def test_over_a_row_everybody_has_the_share_that_was_promised(
    weights: list[int], had: int, many: int
) -> None:
    """Also after leads that were real: at every lead, everybody is less than one off."""
    world = shared(weights)
    got: Counter[str | None] = Counter()
    for _ in range(had):
        got[world.leads.get(world.offers()).recipient_id] += 1
        world.clock.forward(timedelta(seconds=1))

    for count, who in enumerate(row(tried(world, FORM, in_a_row=many)), had + 1):
        got[who] += 1
        for rep, weight in zip(world.reps, weights, strict=True):
            assert abs(got[rep.id] - count * weight / sum(weights)) < 1


def test_whoever_a_row_fills_up_is_passed_over_for_the_rest_of_it() -> None:
    ana, ben, carla = a_rep("ana", caps={"per_day": 2}), a_rep("ben", caps={"open_leads": 1}), a_rep("carla")
    plan = a_plan(a_stage(), fallback="carla")
    world = a_world(ana, ben, plan=plan, documents=(carla,))

    assert row(tried(world, FORM, in_a_row=5)) == ["ana", "ben", "ana", "carla", "carla"]


def test_a_row_is_of_different_people_so_nobody_looks_after_the_others() -> None:
    campaign = a_campaign(sticky={"person": "prefer"})
    world = a_world(a_rep("ana"), a_rep("ben"), auto_accept=True, documents=(campaign,))
    world.offers(**FORM["fields"])

    assert row(tried(world, FORM, in_a_row=3)) == ["ana", "ben", "ben"]


def test_where_an_auction_would_decide_or_the_score_ends_it_nobody_is_named() -> None:
    market = Market(a_buyer("acme"), plan=a_plan(an_auction_stage()))
    poor = a_world(a_rep("ana"), documents=(a_campaign(scoring={"qualify_from": 10}),))

    assert row(a_viewer_of(market)("POST", PATH, {**FORM, "in_a_row": 2})) == [None, None]
    assert row(tried(poor, FORM, in_a_row=2)) == []


# -------------------------------------------------------------------------------------------------------- auctions
def test_a_lead_that_would_come_to_an_auction_is_answered_with_who_would_be_asked() -> None:
    texan = a_buyer("texan", accepts=TEXAN)
    market = Market(
        a_buyer("acme"),
        a_buyer("fixed", price_cents=800),
        texan,
        a_buyer("idle", buyer={"status": "paused"}),
        plan=a_plan(an_auction_stage(floor_cents=500, deadline_ms=1_500)),
    )

    answer = a_viewer_of(market)("POST", PATH, FORM).json

    due = answer["auction"]
    assert (answer["decision"], due["stage"], due["stage_name"], due["pool_id"]) == (
        None,
        0,
        "auction",
        "team",
    )
    assert (due["deadline_ms"], due["floor_cents"]) == (1_500, 500)
    assert due["buyers"] == [
        {"recipient_id": "acme", "pinged": True, "price_cents": None},
        {"recipient_id": "fixed", "pinged": False, "price_cents": 800},
    ]
    assert [(one["recipient_id"], one["words"]) for one in due["others"]] == [
        ("texan", "does not take such leads: contact.state eq TX"),
        ("idle", "the buyer is paused"),
    ]
    assert answer["trace"]["stages"][-1]["outcome"] == "auction_due"


def test_trying_a_lead_pings_nobody_and_holds_no_auction() -> None:
    """Invariant 8."""
    market = Market(a_buyer("acme"), a_buyer("bolt"))
    lead = market.sells()
    before = market.leads.get(lead.lead_id), market.usage("acme"), len(market.http.sent)

    tries = [a_viewer_of(market)("POST", PATH, body).json for body in (FORM, {"lead_id": lead.lead_id})]

    assert [len(one["auction"]["buyers"]) for one in tries] == [2, 2]
    assert (market.leads.get(lead.lead_id), market.usage("acme"), len(market.http.sent)) == before


def test_a_lead_that_was_sold_is_tried_as_if_nobody_had_bid_for_it() -> None:
    stage = an_auction_stage(winners=2, share_percent={2: 60})
    market = Market(a_buyer("acme"), a_buyer("bolt"), plan=a_plan(stage))
    lead = market.sells()
    assert lead.sales == 2

    tried_again = a_viewer_of(market)("POST", PATH, {"lead_id": lead.lead_id}).json

    asked = [one["recipient_id"] for one in tried_again["auction"]["buyers"]]
    assert sorted(asked) == ["acme", "bolt"]
    assert tried_again["auction"]["others"] == []


def test_a_lead_that_was_sold_is_tried_at_every_stage_of_another_plan() -> None:
    ana, other = a_rep("ana"), a_plan(a_stage("nobody"), a_stage("reps"), id="other")
    market = Market(a_buyer("acme"), documents=(ana, a_pool(ana, pool_id="reps"), other))
    lead = market.sells()

    answer = a_viewer_of(market)("POST", PATH, {"lead_id": lead.lead_id, "plan_id": "other", "version": 1})

    assert chosen(answer) == "ana"


def test_a_buyer_that_has_bought_the_person_lately_would_not_be_asked() -> None:
    market = Market(a_buyer("picky", buyer={"dedupe_days": 30}), a_buyer("acme"))
    market.pings = {"picky": 2_000}
    market.sells(**FORM["fields"])

    due = a_viewer_of(market)("POST", PATH, FORM).json["auction"]

    assert [one["recipient_id"] for one in due["buyers"]] == ["acme"]
    assert [one["reason"] for one in due["others"]] == ["duplicate_for_buyer"]


def test_a_draft_that_asks_for_bids_can_be_tried_before_it_is_published() -> None:
    draft = DraftPlan(id="plan", stages=(an_auction_stage("buyers", floor_cents=700),))
    acme = a_buyer("acme")
    market = Market(acme, plan=a_plan(a_stage("nobody")), documents=(draft, a_pool(acme, pool_id="buyers")))
    viewer = a_viewer_of(market)

    drafted, published = (viewer("POST", PATH, {**FORM, "draft": one}).json for one in (True, False))

    assert (drafted["auction"]["floor_cents"], drafted["trace"]["plan_version"]) == (700, 2)
    assert (published["auction"], published["decision"]) == (None, None)


def test_a_buyer_at_a_fixed_price_is_chosen_at_that_price_where_nobody_is_asked_for_bids() -> None:
    market = Market(a_buyer("fixed", price_cents=800), plan=a_plan(a_stage()))

    answer = a_viewer_of(market)("POST", PATH, FORM).json

    assert (answer["decision"]["recipient_id"], answer["decision"]["price_cents"]) == ("fixed", 800)
    assert answer["auction"] is None


# -------------------------------------------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, ["lead_id"]),
        ({"fields": {}}, ["lead_id"]),
        ({"source_id": "web-form"}, ["fields"]),
        ({**FORM, "lead_id": f"{1:032x}"}, ["source_id", "fields"]),
        ({"lead_id": f"{1:032x}", "fields": {}}, ["fields"]),
        ({"lead_id": "1"}, ["lead_id"]),
        ({**FORM, "draft": True, "version": 1}, ["version"]),
        ({**FORM, "version": 0}, ["version"]),
        ({**FORM, "at": "2026-11-23T09:00:00"}, ["at"]),
        ({**FORM, "at": "1999-12-31T00:00:00Z"}, ["at"]),
        ({**FORM, "at": "9999-12-31T23:59:59-12:00"}, ["at"]),
        ({**FORM, "plan": "plan"}, ["plan"]),
        ({**FORM, "in_a_row": 0}, ["in_a_row"]),
        ({**FORM, "in_a_row": 21}, ["in_a_row"]),
        ({**FORM, "fields": []}, ["fields"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(body: Any, places: list[str]) -> None:
    answer = tried(a_world(a_rep("ana")), body)

    assert (answer.status, answer.code, list(answer.errors)) == (422, "invalid-request", places)


def test_fields_are_checked_as_those_of_a_real_lead() -> None:
    answer = tried(a_world(a_rep("ana")), FORM, fields={"email": "not an address"})

    assert (answer.status, answer.code, list(answer.errors)) == (422, "invalid-lead", ["contact.email"])


@pytest.mark.parametrize(
    "changes",
    [{"source_id": "nowhere"}, {"plan_id": "none"}, {"version": 9}, {"draft": True}],
)
def test_what_does_not_exist_cannot_be_tried(changes: dict[str, Any]) -> None:
    world = a_world(a_rep("ana"))

    assert tried(world, FORM, **changes).code == "not-found"
    assert tried(world, {"lead_id": f"{9:032x}"}).code == "not-found"


def test_a_viewer_may_try_and_a_stranger_may_not() -> None:
    world = a_world(a_rep("ana"))

    assert a_viewer(world, groups="viewer")("POST", PATH, FORM).status == 200
    assert a_viewer(world, groups="admin")("POST", PATH, FORM).status == 200
    assert a_viewer(world, groups="others")("POST", PATH, FORM).code == "forbidden"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["lead_id", "source_id", "fields", "plan_id", "version", "draft", "at", "in_a_row"])


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.dictionaries(st.text(max_size=8), VALUES, max_size=3))
def test_no_body_breaks_anything(body: dict[str, Any], fields: dict[str, Any]) -> None:
    world = a_world(a_rep("ana"))

    assert tried(world, body).status < 500
    assert tried(world, {**FORM, **body}).status < 500
    assert tried(world, {**FORM, "fields": {"email": "m@example.com", **fields}}).status < 500
