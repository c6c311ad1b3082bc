"""What would have had to be different: the fewest failed checks, each with what would have passed."""

from typing import Any

import pytest

from baton.application.answer_offer import Answer
from baton.domain.decision import decide
from baton.domain.errors import NotFound
from baton.domain.explanation import explain
from baton.domain.plan import Model
from baton.domain.trace_words import told
from tests.builders import MINUTE, MONDAY_9AM, a_plan, a_pool, a_rep, a_stage, a_world

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

    assert needs == ["a lower id: both turns were due at 2.0, and neither had had a lead"]


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        (Model.LEAST_LOADED, "at most 1 open leads: it had 2"),
        (
            Model.LONGEST_IDLE,
            "a last lead before 2026-11-23 14:01:00 UTC: its last was 2026-11-23 14:02:00 UTC",
        ),
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
        ("ana", 100, "got the lead: 0 turns taken, the last never; the next is due at 1.0 and has begun"),
        ("ben", 310, "does not take such leads: contact.state in [TX]"),
        ("carla", 303, "away until further notice"),
    ]


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
