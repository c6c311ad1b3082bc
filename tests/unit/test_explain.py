"""What would have had to be different: the fewest failed checks, each with what would have passed."""

from typing import Any

import pytest

from baton.application.answer_offer import Answer
from baton.application.explain_lead import ExplainLead
from baton.application.outgoing import Answer as Wired
from baton.application.outgoing import Outgoing, Trouble
from baton.domain.decision import decide
from baton.domain.errors import NotFound
from baton.domain.explanation import Explanation, explain
from baton.domain.lead import Lead, facts_of
from baton.domain.plan import Model
from baton.domain.trace_words import told
from tests.builders import MINUTE, MONDAY_9AM, World, a_member, a_plan, a_pool, a_rep, a_stage, a_world
from tests.selling import Market, a_buyer, an_auction_stage, lost, said

IN_TEXAS = {"field": "contact.state", "op": "in", "value": ["TX"]}


def why_not(who: str, *reps: Any, **world: Any) -> list[str]:
    """What somebody would have needed for a lead from California to come to them."""
    company = a_world(*reps, auto_accept=True, **world)
    lead_id = company.offers(state="CA")
    found = company.explain(lead_id, who)
    assert found.best
    return [check.needs for check in found.best.checks]


def test_a_rep_who_was_later_in_turn_needed_an_earlier_turn() -> None:
    needs = why_not("ben", a_rep("ana"), a_rep("ben"))

    assert needs == ["an id before 'ana': both were just as due, and neither had had a turn"]


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        (Model.LEAST_LOADED, "at most 1 open lead, as 'ben' had: it had 2"),
        (Model.LONGEST_IDLE, "to have waited longer for a lead than 'ben'"),
    ],
)
def test_who_was_passed_by_for_a_number_hears_which(model: Model, needs: str) -> None:
    """Ben took the second lead, ana the first and third."""
    world = a_world(a_rep("ana"), a_rep("ben"), model=model, auto_accept=True)
    for _ in range(3):
        world.offers()
        world.clock.forward(MINUTE)
    fourth = world.offers()

    assert world.leads.get(fourth).recipient_id == "ben"
    found = world.explain(fourth, "ana")
    assert found.best
    assert [check.needs for check in found.best.checks] == [needs]


def test_who_stood_before_the_chosen_in_a_rush_hears_that_it_was_the_rush() -> None:
    ana, ben = a_rep("ana"), a_rep("ben")
    world = a_world(ana, ben, auto_accept=True)
    lead = world.leads.get(world.scores())
    tries = (decide(world.situation(lead, MONDAY_9AM, attempt)) for attempt in range(1, 20))
    decision = next(d for d in tries if d.choice and d.choice.recipient.id == "ben")

    found = explain(world.situation(lead, MONDAY_9AM), decision.trace, "ana")

    assert found.best
    assert found.best.checks[0].needs.startswith("nothing: others decided at that moment too")


def test_every_check_that_failed_is_named_with_what_would_have_passed() -> None:
    far = a_rep(
        "ben",
        active=False,
        accepts=IN_TEXAS,
        caps={"per_day": 0},
        schedule={"blocks": [{"days": ["tue"], "start": "09:00", "end": "17:00"}]},
    )

    assert why_not("ben", a_rep("ana"), far) == [
        "active: true",
        "contact.state: one of TX",
        "working hours at that moment: does not work on Mon; open again Tue 24 Nov 09:00 America/New_York",
        "a daily cap of at least 1 (it is 0)",
    ]


def test_of_several_stages_the_one_with_the_fewest_failed_checks_is_the_best() -> None:
    plan = a_plan(
        a_stage("texans", when={"all": [IN_TEXAS, {"field": "score", "op": "gte", "value": 90}]}),
        a_stage("team", auto_accept=True),
    )
    ben = a_rep("ben", paused=True)
    company = a_world(a_rep("ana"), ben, documents=(a_pool("ben", pool_id="texans"),), plan=plan)
    found = company.explain(company.offers(state="CA"), "ben")

    assert found.best
    assert [check.check for check in found.best.checks] == ["away"]
    (other,) = found.others
    assert [check.needs for check in other.checks] == [
        "contact.state: one of TX",
        "score: at least 90",
        "not to be away (until further notice)",
    ]


def test_a_member_of_a_stage_that_is_switched_off_needed_it_to_be_on() -> None:
    plan = a_plan(a_stage("others", off=True), a_stage("team", auto_accept=True))
    needs = why_not("ben", a_rep("ana"), documents=(a_rep("ben"), a_pool("ben", pool_id="others")), plan=plan)

    assert needs == ["the stage switched on"]


def test_a_rep_of_a_later_stage_needed_nobody_before() -> None:
    plan = a_plan(a_stage("team", auto_accept=True), a_stage("others"))
    needs = why_not("ben", a_rep("ana"), documents=(a_rep("ben"), a_pool("ben", pool_id="others")), plan=plan)

    assert needs == ["nobody for the lead at the stages before"]


def test_a_rep_outside_every_pool_needed_to_be_in_one() -> None:
    assert why_not("ben", a_rep("ana"), documents=(a_rep("ben"),)) == ["membership of a pool of the plan"]


def test_whoever_got_the_lead_needed_nothing() -> None:
    world = a_world(a_rep("ana"), auto_accept=True)

    assert world.explain(world.offers(), "ana").got_it


def test_one_among_more_than_a_hundred_is_explained_from_todays_rules() -> None:
    many = [a_rep(f"m{n:03}") for n in range(150)]
    last = a_rep("zoe", accepts=IN_TEXAS)
    world = a_world(*many, last, auto_accept=True)
    found = world.explain(world.offers(state="CA"), "zoe")

    assert found.best
    assert (found.best.recorded, found.best.checks[0].needs) == (False, "contact.state: one of TX")


def test_a_lead_without_a_decision_cannot_be_explained() -> None:
    world = a_world(a_rep("ana"))

    with pytest.raises(NotFound, match="decision"):
        world.explain(world.takes_in(), "ana")


def test_a_trace_can_be_read_without_the_code() -> None:
    ben = a_rep("ben", accepts=IN_TEXAS)
    world = a_world(a_rep("ana"), ben, a_rep("carla", paused=True), auto_accept=True)
    trace = world.leads.offer(world.offers(state="CA"), 1).trace

    assert [(c["recipient_id"], c["code"], c["words"]) for c in told(trace)["stages"][0]["candidates"]] == [
        ("ana", 100, "got the lead: nobody else could have it"),
        ("ben", 310, "does not take such leads: contact.state in [TX]"),
        ("carla", 303, "away until further notice"),
    ]


def test_a_share_is_told_as_a_person_would_say_it() -> None:
    members = (a_member("ana", weight=2), a_member("ben", weight=1))
    plan = a_plan(a_stage(model=Model.WEIGHTED, auto_accept=True))
    world = World((a_rep("ana"), a_rep("ben")), plan=plan, documents=(a_pool(*members),))
    for _ in range(3):
        world.offers()
        world.clock.forward(MINUTE)
    (stage,) = told(world.leads.offer(world.offers(), 1).trace)["stages"]

    assert [(one["recipient_id"], one["words"]) for one in stage["candidates"]] == [
        ("ana", "got the lead: had 2 of 3 turns so far, for a share of 2 in 3"),
        ("ben", "was not in turn: had 1 of 3 turns so far, for a share of 1 in 3; 'ana' was due before"),
    ]
    assert stage["candidates"][1]["facts"]["due"] == 6.0


def test_a_tie_goes_to_whoever_waited_longer_and_is_told_so() -> None:
    world = a_world(a_rep("ana"), a_rep("ben"), auto_accept=True)
    for _ in range(2):
        world.offers()
        world.clock.forward(MINUTE)
    (stage,) = told(world.leads.offer(world.offers(), 1).trace)["stages"]

    assert stage["candidates"][0]["words"] == (
        "got the lead: had 1 of 2 turns so far, for a share of 1 in 2; just as due as 'ben', and had waited longer"
    )
    assert stage["candidates"][1]["words"] == (
        "was not in turn: had 1 of 2 turns so far, for a share of 1 in 2;"
        " 'ana' was just as due, and had waited longer"
    )


def test_somebody_of_a_later_priority_could_have_had_it_too() -> None:
    members = (a_member("ana", priority=1), a_member("ben", priority=2))
    plan = a_plan(a_stage(model=Model.WATERFALL, auto_accept=True))
    world = World((a_rep("ana"), a_rep("ben")), plan=plan, documents=(a_pool(*members),))
    (stage,) = told(world.leads.offer(world.offers(), 1).trace)["stages"]

    assert stage["candidates"][0]["words"] == "got the lead: nobody else of that priority could have it"


def test_what_the_lead_itself_has_stands_beside_what_was_asked_and_is_not_kept() -> None:
    world = a_world(a_rep("ana"), a_rep("ben", accepts=IN_TEXAS), auto_accept=True)
    lead_id = world.offers(state="CA")
    trace = world.leads.offer(lead_id, 1).trace
    lead = facts_of(world.leads.get(lead_id), MONDAY_9AM)

    assert told(trace, lead)["stages"][0]["candidates"][1]["own"] == {"contact.state": "CA"}
    assert '"CA"' not in trace.model_dump_json()
    found = world.explain(lead_id, "ben")
    assert found.best
    assert found.best.checks[0].own == {"contact.state": "CA"}


def test_after_a_second_offer_earlier_stages_are_still_explained() -> None:
    plan = a_plan(a_stage("texans", when=IN_TEXAS), a_stage("team"))
    ana, ben, carla = a_rep("ana"), a_rep("ben"), a_rep("carla")
    world = a_world(ana, ben, plan=plan, documents=(carla, a_pool("carla", pool_id="texans")))
    lead_id = world.offers(state="CA")
    world.answers(lead_id, Answer.DECLINE)
    world.step(lead_id)
    assert world.leads.get(lead_id).recipient_id == "ben"

    found = world.explain(lead_id, "carla")

    assert found.best
    assert [check.needs for check in found.best.checks] == ["contact.state: one of TX"]


def test_a_stage_that_the_lead_never_came_to_is_among_the_others() -> None:
    plan = a_plan(a_stage("team", auto_accept=True), a_stage("others"))
    ben = a_rep("ben", accepts=IN_TEXAS)
    world = a_world(a_rep("ana"), ben, documents=(a_pool("ben", pool_id="others"),), plan=plan)

    found = world.explain(world.offers(state="CA"), "ben")

    assert found.best
    assert found.best.name == "ask team"
    assert [[check.needs for check in path.checks] for path in found.others] == [
        ["nobody for the lead at the stages before", "contact.state: one of TX"]
    ]


# -------------------------------------------------------------------------------------------------------- auctions
def explained(market: Market, lead: Lead, who: str, no: int | None = None) -> Explanation:
    """Why that buyer did not get the lead."""
    ask = ExplainLead(market.leads, market.situation, market.configuration, market.clock)
    return ask(lead.lead_id, who, no)


def needs(market: Market, lead: Lead, who: str, no: int | None = None) -> list[str]:
    """What that buyer would have needed, as it was recorded."""
    found = explained(market, lead, who, no)
    assert found.best
    assert found.best.recorded
    return [check.needs for check in found.best.checks]


@pytest.mark.parametrize(
    ("behaviour", "terms", "needed"),
    [
        (1_000, {}, "a bid above 12.50 (it was 10.00)"),
        (1_000, {"floor_cents": 1_100}, "a bid of at least 11.00 (it was 10.00)"),
        (
            1_000,
            {"margin_cents": 600},
            "a bid that leaves at least 6.00 once the source is paid: 10.00 leaves 5.00",
        ),
        (said("no"), {}, "a bid"),
        (lost(Trouble.TIMEOUT), {"deadline_ms": 1_000}, "an answer within 980 ms"),
        (lost(Trouble.UNREACHABLE), {}, "to be reachable"),
        (said("yes", cents="many"), {}, "an answer that its reader can read"),
    ],
)
def test_a_buyer_that_was_asked_hears_what_its_answer_lacked(
    behaviour: Any, terms: dict[str, Any], needed: str
) -> None:
    plan = a_plan(an_auction_stage(**terms))
    source = {"payout": {"share_percent": 50}}
    market = Market(a_buyer("acme"), a_buyer("bolt"), plan=plan, source=source)
    market.pings = {"acme": 1_250, "bolt": behaviour}

    assert needs(market, market.sells(), "bolt") == [needed]


def test_of_equal_bids_the_one_whose_turn_was_later_hears_of_the_turn() -> None:
    market = Market(a_buyer("acme"), a_buyer("bolt"))
    lead = market.sells()

    found = explained(market, lead, "bolt")

    assert found.best
    assert [(check.words, check.needs) for check in found.best.checks] == [
        (
            "bid 10.00, and of equal bids another's turn was first",
            "a bid above 10.00 (it was 10.00)",
        )
    ]


def test_a_bid_that_counts_for_less_than_it_is_hears_for_how_much() -> None:
    market = Market(a_buyer("picky", buyer={"discount_returns": True}), a_buyer("acme"))
    week = next(iter(market.usage("picky").booked(("week:2026-W47",), MONDAY_9AM).taken))
    used = market.usage("picky").charged(0, week).charged(0, week).returning(week)
    market.ledger.usage["picky"] = used
    market.pings = {"picky": 1_800}

    assert needs(market, market.sells(), "picky") == [
        "a bid that counts for more than 10.00 (it counts for 9.00)"
    ]


def test_too_few_bidders_are_told_of_as_such() -> None:
    market = Market(a_buyer("acme"), a_buyer("bolt"), plan=a_plan(an_auction_stage(min_bidders=2)))
    market.pings = {"bolt": said("no")}

    assert needs(market, market.sells(), "acme") == ["2 acceptable bids (there were 1)"]


def test_a_buyer_that_could_not_pay_its_bid_hears_what_it_had() -> None:
    market = Market(a_buyer("acme"), a_buyer("bolt"), pockets={"bolt": 1_200})
    market.pings = {"bolt": 1_300}

    assert needs(market, market.sells(), "bolt") == ["13.00 to spend (it had 12.00)"]


def test_a_buyer_that_was_not_asked_hears_of_everything_that_kept_it_out() -> None:
    out = a_buyer("out", accepts=IN_TEXAS, caps={"per_day": 0}, buyer={"status": "paused"})
    market = Market(a_buyer("acme"), out)

    assert needs(market, market.sells(), "out") == [
        "status: active",
        "contact.state: one of TX",
        "a daily cap of at least 1 (it is 0)",
    ]


def test_what_kept_a_buyer_from_being_asked_counts_not_what_is_so_a_moment_later() -> None:
    """Somebody takes its daily cap away between the auction and the decision."""
    full = a_buyer("full", caps={"per_day": 0}, zone="UTC")
    market = Market(a_buyer("acme"), full)
    lead_id = market.takes_in()
    market.route(lead_id)
    market.auction(lead_id)
    market.configuration.put(a_buyer("full", zone="UTC"))

    assert needs(market, market.sells(lead_id), "full") == ["a daily cap of at least 1 (it is 0)"]


def test_a_buyer_that_refused_the_lead_hears_that_it_did_and_why() -> None:
    market = Market(a_buyer("acme"), a_buyer("bolt"))
    market.pings = {"bolt": 2_000}
    market.posts = {"bolt": said("no", why="bad zip")}
    lead = market.sells()

    found = explained(market, lead, "bolt")

    assert found.best
    assert [(check.words, check.needs) for check in found.best.checks] == [
        ("was asked and said no: bad zip", "to say yes when it was asked")
    ]
    assert explained(market, lead, "bolt", no=1).got_it


def test_each_of_those_who_share_a_lead_has_got_it_and_the_next_hears_of_the_best_that_was_left() -> None:
    stage = an_auction_stage(winners=2, share_percent={2: 60})
    market = Market(a_buyer("acme"), a_buyer("bolt"), a_buyer("core"), plan=a_plan(stage))
    market.pings = {"acme": 1_500, "bolt": 1_400, "core": 1_300}
    lead = market.sells()

    assert [explained(market, lead, who).got_it for who in ("acme", "bolt", "core")] == [True, True, False]
    assert needs(market, lead, "core") == ["a bid above 14.00 (it was 13.00)"]
    assert needs(market, lead, "core", no=1) == ["a bid above 15.00 (it was 13.00)"]


def test_each_of_two_auctions_is_explained_by_its_own_bids() -> None:
    market = Market(
        a_buyer("acme"), a_buyer("bolt"), a_buyer("core"), plan=a_plan(an_auction_stage(bids_good_for_s=60))
    )
    market.pings = {"acme": 1_500, "bolt": 1_000, "core": 900}

    def refuses_late(_: Outgoing) -> Wired:
        market.clock.forward(MINUTE)
        market.pings = {"bolt": 1_100, "core": 1_200}
        return said("no")

    market.posts = {"acme": refuses_late}
    lead = market.sells()
    assert (lead.recipient_id, lead.auctions) == ("core", 2)

    assert needs(market, lead, "bolt", no=1) == ["a bid above 15.00 (it was 10.00)"]
    assert needs(market, lead, "bolt") == ["a bid above 12.00 (it was 11.00)"]


def test_a_stage_that_was_passed_before_the_auction_is_told_as_it_was_then() -> None:
    plan = a_plan(a_stage("texans", when=IN_TEXAS), an_auction_stage())
    ana = a_rep("ana")
    market = Market(a_buyer(), plan=plan, documents=(ana, a_pool(ana, pool_id="texans")))

    found = explained(market, market.sells(), "ana")

    assert found.best
    assert (found.best.stage, [check.needs for check in found.best.checks]) == (
        0,
        ["contact.state: one of TX"],
    )


def test_a_bidder_at_a_stage_that_has_asked_enough_would_have_needed_one_more_offer() -> None:
    plan = a_plan(an_auction_stage().model_copy(update={"max_offers": 1}))
    market = Market(a_buyer("acme"), a_buyer("bolt"), plan=plan)
    market.posts = {"acme": "no"}
    lead = market.sells()

    assert needs(market, lead, "bolt") == ["max_offers of at least 2"]


def test_one_bidder_among_hundreds_is_explained_by_its_own_bid() -> None:
    many = [a_buyer(f"b{n:03}") for n in range(150)]
    market = Market(*many, a_buyer("zoe"))
    market.pings = {"zoe": 10}
    lead = market.sells()
    assert market.leads.offer(lead.lead_id, 1).trace.reason_for("zoe") is None

    assert needs(market, lead, "zoe") == ["a bid above 10.00 (it was 0.10)"]


def test_between_auction_and_decision_nobody_has_lost_yet() -> None:
    market = Market(a_buyer("acme"), a_buyer("bolt"))
    market.pings = {"bolt": said("no")}
    lead_id = market.takes_in()
    market.auction(lead_id)
    lead = market.leads.get(lead_id)

    assert needs(market, lead, "acme") == ["nothing: nobody has got the lead yet"]
    assert needs(market, lead, "bolt") == ["a bid"]


def test_a_trace_of_an_auction_fits_its_row_also_at_a_late_stage_where_everything_speaks_against_everybody() -> (
    None
):
    """A row holds 400 KB."""
    everything: dict[str, Any] = {
        "accepts": {"all": [{"field": f"attributes.a{n}", "op": "eq", "value": "x" * 60} for n in range(6)]},
        "caps": {"per_hour": 0, "per_day": 0, "per_week": 0, "per_month": 0, "open_leads": 0},
        "active": False,
        "paused": True,
    }
    stages = [an_auction_stage(f"p{n}") for n in range(6)]
    pools = [[a_buyer(f"p{n}-{m:03}", **everything) for m in range(100)] for n in range(5)]
    last = a_buyer("last")
    documents = [a_pool(*members, pool_id=f"p{n}") for n, members in enumerate([*pools, [last]])]
    everybody = [buyer for members in pools for buyer in members]
    market = Market(last, plan=a_plan(*stages), documents=(*documents, *everybody))

    lead = market.sells()

    assert lead.recipient_id == "last"
    assert len(market.held(lead).model_dump_json()) < 400_000
