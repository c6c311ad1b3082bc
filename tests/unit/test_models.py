"""The models that small teams ask for: fewest open leads first, and longest without a lead first."""

from collections import Counter
from datetime import timedelta

from baton.domain.decision import decide
from baton.domain.plan import Model
from baton.domain.situation import Decision, Situation
from baton.domain.standing import Standings, Usage
from baton.domain.trace import Reason
from tests.builders import MINUTE, MONDAY_9AM, a_lead, a_member, a_plan, a_pool, a_rep, a_stage, a_world

ana, ben, carla = a_rep("ana"), a_rep("ben"), a_rep("carla")


def decided(model: Model, *usage: Usage) -> Decision:
    """The decision among three reps who have used this."""
    reps = {rep.id: rep for rep in (ana, ben, carla)}
    known = Standings({}, {row.recipient_id: row for row in usage})
    plan = a_plan(a_stage(model=model))
    return decide(Situation(a_lead(), plan, {"team": a_pool(*reps.values())}, reps, known, MONDAY_9AM))


def order(decision: Decision) -> list[str]:
    """Everybody in the order of the trace."""
    return [candidate.recipient_id for candidate in decision.trace.stages[0].candidates]


def test_whoever_has_the_fewest_open_leads_is_first() -> None:
    busy = [Usage("ana", open_leads=3), Usage("ben", open_leads=1), Usage("carla", open_leads=2)]
    decision = decided(Model.LEAST_LOADED, *busy)

    assert order(decision) == ["ben", "carla", "ana"]
    assert decision.trace.stages[0].candidates[0].facts["open"] == 1


def test_among_equally_loaded_reps_turns_decide() -> None:
    world = a_world(ana, ben, carla, model=Model.LEAST_LOADED, auto_accept=True)

    assert [world.leads.get(world.offers()).recipient_id for _ in range(6)] == ["ana", "ben", "carla"] * 2


def test_a_pool_asked_by_weight_and_in_equal_turns_keeps_both_promises() -> None:
    """Each way of asking has its own queue of turns."""
    web = {"field": "attributes.kind", "op": "eq", "value": "web"}
    plan = a_plan(
        a_stage(name="web", model="weighted", when=web, auto_accept=True),
        a_stage(name="rest", auto_accept=True),
    )
    world = a_world(ana, ben, carla, plan=plan, documents=(a_pool(a_member("ana", weight=3), ben, carla),))
    got: dict[str, Counter[str]] = {"web": Counter(), "rest": Counter()}
    for n in range(60):
        lead_id = world.offers(kind="web" if n % 2 else "fair")
        offer = world.leads.offer(lead_id, 1)
        got[offer.stage_name][offer.recipient_id] += 1

    assert got == {"web": {"ana": 18, "ben": 6, "carla": 6}, "rest": {"ana": 10, "ben": 10, "carla": 10}}


def test_whoever_has_waited_longest_is_first_and_somebody_without_any_lead_before_all() -> None:
    ago = [
        Usage("ana", last_at=MONDAY_9AM - 5 * MINUTE),
        Usage("ben", last_at=MONDAY_9AM - timedelta(days=3)),
    ]

    assert order(decided(Model.LONGEST_IDLE, *ago)) == ["carla", "ben", "ana"]


def test_those_who_are_passed_over_have_their_numbers_in_the_trace() -> None:
    decision = decided(Model.LEAST_LOADED, Usage("ana", open_leads=3))
    last = decision.trace.stages[0].candidates[-1]

    assert (last.recipient_id, last.reason, last.facts["open"]) == ("ana", Reason.LATER_TURN, 3)
