"""The decision: whom each model asks, and what keeps somebody from a lead."""

from datetime import timedelta
from typing import Any

import pytest

from baton.domain.decision import decide
from baton.domain.lead import Lead, PastOffer
from baton.domain.plan import Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.situation import Decision, Situation
from baton.domain.standing import Standings
from baton.domain.trace import Reason, StageOutcome
from tests.builders import MONDAY_8PM, MONDAY_9AM, a_lead, a_plan, a_pool, a_rep, a_stage, standings, used

ana, ben, carla = a_rep("ana"), a_rep("ben"), a_rep("carla")
NINE_TO_FIVE = {"blocks": [{"days": ["mon"], "start": "09:00", "end": "17:00"}]}
BIG_ROOF = {"field": "attributes.roof_m2", "op": "gte", "value": 150}


def ask(
    *reps: Recipient,
    lead: Lead | None = None,
    plan: Plan | Stage | None = None,
    pools: tuple[Pool, ...] = (),
    known: Standings | None = None,
    **facts: Any,
) -> Decision:
    """The decision for a lead, over one round robin stage with these reps unless told otherwise."""
    plan = plan or a_plan()
    return decide(
        Situation(
            lead=lead or a_lead(),
            plan=a_plan(plan) if isinstance(plan, Stage) else plan,
            pools={pool.id: pool for pool in pools or (a_pool(*reps),)},
            recipients={rep.id: rep for rep in reps},
            standings=known or standings(),
            now=facts.pop("now", MONDAY_9AM),
            **facts,
        )
    )


def chosen(decision: Decision) -> str | None:
    """Id of whoever gets the lead."""
    return decision.choice.recipient.id if decision.choice else None


def test_round_robin_asks_whoever_had_fewest_turns() -> None:
    assert chosen(ask(ana, ben, carla, known=standings({"ana": 2, "ben": 1, "carla": 2}))) == "ben"


def test_round_robin_reads_no_weights() -> None:
    pool = a_pool(Member(recipient_id="ana", weight=1000), ben)

    assert chosen(ask(ana, ben, pools=(pool,), known=standings({"ana": 1}))) == "ben"


def test_weighted_asks_whoever_is_furthest_behind_its_share() -> None:
    pool = a_pool(Member(recipient_id="ana", weight=3), ben)
    decision = ask(
        ana, ben, plan=a_stage(model="weighted"), pools=(pool,), known=standings({"ana": 2, "ben": 1})
    )

    assert chosen(decision) == "ana"


def test_waterfall_asks_the_lowest_priority_number_first() -> None:
    pool = a_pool(Member(recipient_id="ana", priority=2), Member(recipient_id="ben", priority=1))
    decision = ask(ana, ben, plan=a_stage(model="waterfall"), pools=(pool,), known=standings({"ben": 50}))

    assert chosen(decision) == "ben"
    assert decision.trace.reason_for("ana") == Reason.LATER_PRIORITY


def test_waterfall_asks_the_next_priority_when_the_first_may_not() -> None:
    pool = a_pool(ana, Member(recipient_id="ben", priority=7))

    assert (
        chosen(ask(a_rep("ana", active=False), ben, plan=a_stage(model="waterfall"), pools=(pool,))) == "ben"
    )


def test_waterfall_is_fair_among_equals() -> None:
    pool = a_pool(ana, ben, Member(recipient_id="carla", priority=2))
    decision = ask(
        ana, ben, carla, plan=a_stage(model="waterfall"), pools=(pool,), known=standings({"ana": 1})
    )

    assert chosen(decision) == "ben"


@pytest.mark.parametrize(
    ("kept_out", "lead", "known", "reason"),
    [
        (a_rep("ana", active=False), a_lead(), standings(), Reason.INACTIVE),
        (ana, a_lead(offers=(PastOffer(recipient_id="ana", stage=0),)), standings(), Reason.ALREADY_OFFERED),
        (a_rep("ana", accepts=BIG_ROOF), a_lead(), standings(), Reason.CONDITIONS_NOT_MET),
        (
            a_rep("ana", zone="Asia/Tokyo", schedule=NINE_TO_FIVE),
            a_lead(),
            standings(),
            Reason.OUTSIDE_WORKING_HOURS,
        ),
        (
            a_rep("ana", caps={"per_day": 10}),
            a_lead(),
            standings(usage=[used("ana", 10)]),
            Reason.DAILY_CAP_REACHED,
        ),
        (a_rep("ana", caps={"per_day": 0}), a_lead(), standings(), Reason.DAILY_CAP_REACHED),
        (
            a_rep("ana", caps={"open_leads": 2}),
            a_lead(),
            standings(usage=[used("ana", open_leads=2)]),
            Reason.OPEN_LEADS_FULL,
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Reason) else "",
)
def test_who_may_not_have_the_lead_is_skipped_and_the_trace_says_why(
    kept_out: Recipient, lead: Lead, known: Standings, reason: Reason
) -> None:
    decision = ask(kept_out, ben, lead=lead, known=known)

    assert chosen(decision) == "ben"
    assert decision.trace.reason_for("ana") == reason


@pytest.mark.parametrize(
    ("rep", "known"),
    [
        (a_rep("ana", caps={"per_day": 10}), standings(usage=[used("ana", 9)])),
        (
            a_rep("ana", caps={"per_day": 10}),
            standings(usage=[used("ana", 10, now=MONDAY_9AM - timedelta(days=1))]),
        ),
        (a_rep("ana", caps={"open_leads": 2}), standings(usage=[used("ana", open_leads=1)])),
        (a_rep("ana", schedule=NINE_TO_FIVE), standings()),
        (a_rep("ana", accepts={"not": BIG_ROOF}), standings()),
    ],
    ids=["below the daily cap", "cap of yesterday", "below open leads", "at work", "condition holds"],
)
def test_who_is_within_every_limit_gets_the_lead(rep: Recipient, known: Standings) -> None:
    assert chosen(ask(rep, known=known)) == "ana"


def test_a_member_whom_nobody_configured_is_named_and_skipped() -> None:
    decision = ask(ben, pools=(a_pool("ghost", ben),))

    assert chosen(decision) == "ben"
    assert decision.trace.reason_for("ghost") == Reason.UNKNOWN_RECIPIENT


def test_a_stage_that_is_not_for_the_lead_is_passed_over_and_the_trace_says_what_failed() -> None:
    plan = a_plan(a_stage("seniors", when=BIG_ROOF), a_stage())
    decision = ask(ana, plan=plan, lead=a_lead(attributes={"roof_m2": 80}))

    first = decision.trace.stages[0]
    assert chosen(decision) == "ana"
    assert (first.outcome, first.facts) == (
        StageOutcome.NOT_FOR_THIS_LEAD,
        {"failed": "attributes.roof_m2 gte 150"},
    )


def test_a_stage_that_is_switched_off_is_passed_over_and_the_trace_says_so() -> None:
    decision = ask(ana, plan=a_plan(a_stage("seniors", off=True), a_stage()))

    assert chosen(decision) == "ana"
    assert decision.trace.stages[0].outcome == StageOutcome.SWITCHED_OFF
    assert decision.trace.stages[0].candidates == ()


def test_a_stage_that_made_all_its_offers_is_passed_over() -> None:
    plan = a_plan(a_stage("seniors", max_offers=1), a_stage())
    lead = a_lead(offers=(PastOffer(recipient_id="ana", stage=0),))
    decision = ask(
        ana, ben, carla, plan=plan, lead=lead, pools=(a_pool(ana, ben, pool_id="seniors"), a_pool(carla))
    )

    assert chosen(decision) == "carla"
    assert decision.trace.stages[0].outcome == StageOutcome.OFFERS_USED_UP


def test_a_lead_never_goes_back_to_an_earlier_stage() -> None:
    decision = ask(ana, ben, plan=a_plan(a_stage("seniors"), a_stage()), lead=a_lead(stage=1))

    assert [stage.name for stage in decision.trace.stages] == ["ask team"]


def test_a_plan_with_nobody_left_is_exhausted() -> None:
    decision = ask(a_rep("ana", active=False))

    assert decision.choice is None
    assert decision.trace.stages[-1].outcome == StageOutcome.NOBODY_ELIGIBLE


def test_the_fallback_owner_gets_what_nobody_else_may_have_at_any_hour_and_at_once() -> None:
    boss = a_rep("boss", caps={"per_day": 0}, schedule=NINE_TO_FIVE)
    decision = ask(boss, pools=(a_pool(),), plan=a_plan(fallback="boss"), now=MONDAY_8PM)

    assert decision.choice is not None
    assert (chosen(decision), decision.choice.accept_within, decision.choice.pool) == ("boss", None, None)
    assert decision.trace.stages[-1].outcome == StageOutcome.FALLBACK


@pytest.mark.parametrize(
    ("known", "reason"),
    [((a_rep("boss", active=False),), Reason.INACTIVE), ((), Reason.UNKNOWN_RECIPIENT)],
)
def test_a_fallback_owner_who_cannot_take_it_leaves_the_lead_without_taker(
    known: tuple[Recipient, ...], reason: Reason
) -> None:
    decision = ask(*known, pools=(a_pool(),), plan=a_plan(fallback="boss"))

    assert decision.choice is None
    assert decision.trace.reason_for("boss") == reason


@pytest.mark.parametrize(("auto_accept", "waits"), [(True, None), (False, timedelta(seconds=90))])
def test_a_stage_says_whether_an_offer_waits_for_an_answer(
    auto_accept: bool, waits: timedelta | None
) -> None:
    decision = ask(ana, plan=a_stage(auto_accept=auto_accept, accept_within_s=90))

    assert decision.choice is not None
    assert decision.choice.accept_within == waits


@pytest.mark.parametrize(("attempt", "among"), [(0, 1), (1, 4), (2, 16), (3, 64), (7, 64)])
def test_a_lost_race_spreads_the_next_try_over_four_times_as_many(attempt: int, among: int) -> None:
    team = [a_rep(f"rep-{i:03}") for i in range(100)]
    pools, leads = (a_pool(*team),), [a_lead(lead_id=f"{i:032x}") for i in range(600)]

    picked = {chosen(ask(*team, pools=pools, lead=lead, attempt=attempt)) for lead in leads[: 12 * among]}

    assert picked == {rep.id for rep in team[:among]}
