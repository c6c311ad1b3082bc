"""A person gives a lead to somebody else: whatever happens at the same moment, one rep has it in the end."""

from collections.abc import Sequence
from typing import Any, Final

import pytest

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.answer_offer import Answer as Said
from baton.application.ports import Execution, Leads
from baton.application.reassign_lead import ReassignLead
from baton.application.release_offer import ReleaseOffer
from baton.application.restart_lead import MAX_RESTARTS, Restarted, RestartLead
from baton.application.show_offer import Status
from baton.application.watches import WatchLead
from baton.domain.announcement import Announcement
from baton.domain.change import Change
from baton.domain.errors import IllegalTransition
from baton.domain.lead import Answer, Lead, LeadState
from baton.domain.outcome import Outcome, Report
from baton.domain.plan import PublishedPlan
from baton.domain.pool import Fairness, Release
from baton.domain.reassignment import Order
from baton.domain.reports.figures import LeadFigures, OfferFigures
from baton.domain.reports.shares import turns_of
from baton.domain.reports.tally import ALL, Cell, Dimension, tally_of
from baton.domain.timeline import EventKind
from baton.domain.trace import BY_HAND, Reason, StageOutcome
from baton.entrypoints.console.reassignments import reassignments_api
from baton.entrypoints.console.stories import LeadRow
from baton.entrypoints.tasks import EntrustedTask
from tests.builders import MINUTE, World, a_pool, a_rep, a_stage, a_world
from tests.builders import a_plan as the_plan
from tests.selling import a_buyer
from tests.unit.console import Caller
from tests.unit.interleaving import Stepwise, Task, each

NIGHT: Final = {"blocks": [{"days": ["sun"], "start": "03:00", "end": "04:00"}]}
"""Hours that are not now."""
ana, ben, carla = (a_rep(who, phone=f"+1202555010{n}") for n, who in enumerate(("ana", "ben", "carla")))


def an_order(to: str | None = None, by: str = "maria", reason: str = "away") -> Order:
    return Order(by, to, reason)


def taken_by(world: World, who: str = "ana") -> str:
    """A lead that the first in turn has accepted."""
    lead_id = world.offers()
    world.answers(lead_id, Said.ACCEPT)
    world.workflows.executions[lead_id, 1] = Execution.ENDED
    assert world.leads.get(lead_id).recipient_id == who
    return lead_id


def an_admin(world: World, groups: str = "admin") -> Caller:
    return Caller(reassignments_api(lambda: world.reassign), groups=groups)


def hears(world: World, lead_id: str) -> None:
    """Function watch, told by the bus of all that happened to the lead so far; twice, as it may be."""
    for event in 2 * world.leads.timeline(lead_id):
        told = Announcement.of(event)
        if told.facts.get("watched"):
            detail = EntrustedTask.model_validate({"detail": told.model_dump(mode="json")}).detail
            WatchLead(world.watches)(detail.lead_id, detail.facts.offer, detail.taken_back_at)


class DiesOnceWritten:
    """A store of leads that writes, and then everything ends."""

    def __init__(self, leads: Leads) -> None:
        self._leads = leads

    def commit(self, change: Change) -> bool:
        """Written, and never heard of."""
        assert self._leads.commit(change)
        raise ConnectionError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._leads, name)


def last(world: World, lead_id: str, kind: EventKind) -> dict[str, Any]:
    """The facts of the last event of that kind."""
    return next(e.facts for e in reversed(world.leads.timeline(lead_id)) if e.kind is kind)


# -------------------------------------------------------------------------------------------- to somebody by name
def test_a_lead_is_taken_from_its_rep_and_given_to_another_who_hears_of_it_as_of_any_lead() -> None:
    world = a_world(ana, ben, a_rep("carla", phone=carla.phone, schedule=NIGHT, caps={"per_day": 0}))
    lead_id = taken_by(world)

    world.reassign(lead_id, an_order("carla"), 1)
    waiting = world.leads.get(lead_id)
    world.step(lead_id)

    lead = world.leads.get(lead_id)
    assert (waiting.state, waiting.meant_for, waiting.attempt) == (LeadState.SCORED, "carla", 2)
    assert (lead.state, lead.recipient_id, lead.meant_for) == (LeadState.ASSIGNED, "carla", None)
    assert [offer.answer for offer in lead.offers] == [Answer.REASSIGNED, Answer.ACCEPTED]
    assert (world.usage("ana").open_leads, world.usage("carla").open_leads) == (0, 1)
    assert world.workflows.executions[lead_id, 2] is Execution.RUNNING
    facts = last(world, lead_id, EventKind.LEAD_REASSIGNED)
    assert (facts["by"], facts["reason"], facts["to"], facts["recipient_id"]) == (
        "maria",
        "away",
        "carla",
        "ana",
    )
    assert [text for phone, text in world.notifier.sent if phone == carla.phone]


def test_whoever_had_the_lead_is_told_that_it_is_theirs_no_more() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order("ben"))

    hears(world, lead_id)
    ((watched, no, again),) = world.watches.started
    world.attend(watched, no)
    world.attend(watched, no)

    told = [text for phone, text in world.notifier.sent if phone == ana.phone]
    assert (watched, no, bool(again)) == (lead_id, 1, True)
    assert ["please do not call" in text for text in told] == [False, True]
    assert world.answers(lead_id, Said.UNDO, 1).status is Status.PASSED_ON


def test_the_decision_says_that_a_person_made_it_and_why_nobody_else_was_looked_at() -> None:
    world = a_world(ana, ben, carla)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order("ben"))
    world.step(lead_id)

    (stage,) = world.leads.offer(lead_id, 2).trace.stages
    assert (stage.name, stage.outcome, stage.stage) == (BY_HAND, StageOutcome.BY_HAND, None)
    assert world.leads.offer(lead_id, 2).trace.reason_for("ben") is Reason.CHOSEN
    assert world.explain(lead_id, "ben").got_it
    best = world.explain(lead_id, "carla", 2).best
    assert best
    assert [check.words for check in best.checks] == ["a person chose who gets it"]


def test_an_offer_that_waits_is_taken_back_with_its_turn_and_its_workflow_goes_on() -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.workflows.executions[lead_id, 1] = Execution.RUNNING

    world.reassign(lead_id, an_order("ben"), 1)
    world.step(lead_id)

    lead = world.leads.get(lead_id)
    assert (lead.recipient_id, lead.state, lead.attempt) == ("ben", LeadState.ASSIGNED, 1)
    assert lead.offers[0].answer is Answer.RELEASED
    assert world.workflows.resumed == [(f"wait-{lead_id}-1", {"answer": "released"})]
    assert world.turns("ana") == 0
    assert world.answers(lead_id, Said.ACCEPT, 1).status is Status.TAKEN
    assert last(world, lead_id, EventKind.OFFER_RELEASED)["by"] == "maria"


def test_whom_a_person_chose_and_who_is_switched_off_meanwhile_is_passed_over() -> None:
    world = a_world(ana, ben, carla)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order("carla"))
    world.configure(a_rep("carla", active=False))

    world.step(lead_id)

    lead = world.leads.get(lead_id)
    assert (lead.recipient_id, lead.meant_for) == ("ben", None)


# -------------------------------------------------------------------------------------------- to whoever is next
def test_without_a_name_it_goes_on_in_its_plan_and_never_back_to_who_had_it() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)

    world.reassign(lead_id, an_order())
    world.step(lead_id)
    second = world.leads.get(lead_id)
    world.answers(lead_id, Said.ACCEPT)
    world.reassign(lead_id, an_order())
    world.step(lead_id)

    assert (second.recipient_id, second.state) == ("ben", LeadState.OFFERED)
    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED


def test_a_lead_that_found_nobody_tries_again_from_the_first_stage_of_the_plan_that_holds_now() -> None:
    world = a_world(a_rep("ana", paused=True))
    lead_id = world.offers()
    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    newer = the_plan(a_stage("others"), version=2)
    world.configure(newer, PublishedPlan(id="plan", version=2), ben, a_pool("ben", pool_id="others"))

    world.reassign(lead_id, an_order(reason="plan-mended"), 0)
    restarted = world.leads.get(lead_id)
    world.step(lead_id)

    assert (restarted.plan_version, restarted.attempt) == (2, 2)
    assert world.workflows.executions[lead_id, 2] is Execution.RUNNING
    assert world.leads.get(lead_id).recipient_id == "ben"
    facts = last(world, lead_id, EventKind.LEAD_RESTARTED)
    assert facts == {"attempt": 2, "by": "maria", "reason": "plan-mended"}


def mended(world: World, lead_id: str, **facts: Any) -> None:
    """Ana has said no, nobody else is there; a newer version has a new first stage, and the lead begins anew."""
    world.answers(lead_id, Said.DECLINE)
    world.step(lead_id)
    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    newer = the_plan(a_stage("others", max_offers=1, **facts), version=2)
    world.configure(newer, PublishedPlan(id="plan", version=2), ben, a_pool("ben", pool_id="others"))
    world.reassign(lead_id, an_order(reason="plan-mended"))


def test_what_an_earlier_version_s_stages_asked_uses_up_none_of_a_newer_one_s() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    mended(world, lead_id)

    world.step(lead_id)

    assert world.leads.get(lead_id).recipient_id == "ben"


def test_beginning_anew_in_the_same_version_a_stage_asks_as_many_as_before() -> None:
    world = World((ana, ben), plan=the_plan(a_stage(max_offers=1)))
    lead_id = world.offers()
    world.answers(lead_id, Said.DECLINE)
    world.step(lead_id)
    before = world.leads.get(lead_id)

    world.reassign(lead_id, an_order())
    world.step(lead_id)

    assert (before.state, world.leads.get(lead_id).recipient_id) == (LeadState.UNASSIGNED, "ben")


def test_each_version_s_offers_are_counted_in_it_and_the_lead_where_it_ended() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    mended(world, lead_id)
    world.step(lead_id)
    world.answers(lead_id, Said.ACCEPT)

    tally = tally_of(world.leads.get(lead_id))
    versions, stages = (
        {cell.value: measures for cell, measures in tally.items() if cell.dimension is dimension}
        for dimension in (Dimension.PLAN_VERSION, Dimension.STAGE)
    )

    assert versions["plan/1"] == {"offered": 1, "declined": 1}
    assert (versions["plan/2"]["received"], versions["plan/2"]["offered"]) == (1, 1)
    assert "declined" not in versions["plan/2"]
    assert stages.keys() == {"plan/1/0", "plan/2/0"}


def test_a_rep_from_whom_a_person_took_a_lead_is_not_counted_as_slow_and_the_turn_is_as_it_was() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order("ben"))

    counted = tally_of(world.leads.get(lead_id))[Cell(ALL, Dimension.RECIPIENT, "ana")]
    figures = OfferFigures.of(counted)

    all_of_it = LeadFigures.of(tally_of(world.leads.get(lead_id))[Cell(ALL, Dimension.TOTAL, ALL)])
    assert (figures.accepted, figures.reassigned, figures.taken_back) == (1, 0, 1)
    assert (all_of_it.accepted, all_of_it.reassigned, all_of_it.taken_back) == (1, 0, 1)
    assert turns_of(figures, Fairness(refund_on={Release.REASSIGNED})) == 0


def test_why_not_somebody_whom_only_an_earlier_version_asked_is_what_they_said_then() -> None:
    world = a_world(ana)
    lead_id = world.offers()
    mended(world, lead_id)
    world.step(lead_id)

    why = world.explain(lead_id, "ana")

    assert not why.got_it
    assert why.best
    assert [check.words for check in why.best.checks] == ["was asked and said no"]
    assert world.explain(lead_id, "ben").got_it


def test_by_hand_does_not_hide_that_the_fallback_owner_could_have_had_it() -> None:
    world = World((ana, ben), plan=the_plan(fallback="carla"), documents=(a_rep("carla", active=False),))
    lead_id = world.offers()
    for _ in range(2):
        world.answers(lead_id, Said.DECLINE)
        world.step(lead_id)
    world.configure(a_rep("dora"))
    world.reassign(lead_id, an_order("dora"))
    world.step(lead_id)

    why = world.explain(lead_id, "carla")

    assert why.best
    assert [check.check for check in why.best.checks] == ["inactive"]


def test_a_person_may_let_it_try_again_as_often_as_they_like() -> None:
    world = a_world(a_rep("ana", paused=True))
    lead_id = world.offers()

    for _ in range(MAX_RESTARTS + 2):
        world.reassign(lead_id, an_order())
        world.step(lead_id)

    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    world.configure(ana)
    world.reassign(lead_id, an_order())
    world.step(lead_id)
    assert world.leads.get(lead_id).recipient_id == "ana"


@pytest.mark.parametrize("tries", [0, MAX_RESTARTS + 2])
def test_a_workflow_that_dies_is_started_anew_however_often_a_person_had_the_lead_try_before(
    tries: int,
) -> None:
    world = a_world(a_rep("ana", paused=True))
    lead_id = world.offers()
    for _ in range(tries):
        world.reassign(lead_id, an_order())
        world.step(lead_id)
    world.reassign(lead_id, an_order())
    began = world.leads.get(lead_id).attempt

    outcomes = []
    for _ in range(MAX_RESTARTS):
        world.workflows.executions[lead_id, world.leads.get(lead_id).attempt] = Execution.ENDED
        outcomes.append(world.restart.if_idle(lead_id))

    assert outcomes == [Restarted.STARTED] * (MAX_RESTARTS - 1) + [Restarted.GIVEN_UP]
    assert world.leads.get(lead_id).attempt == began + MAX_RESTARTS - 1


def test_a_lead_whose_campaign_has_no_plan_is_scored_once_there_is_one_or_goes_to_whom_a_person_chose() -> (
    None
):
    world = a_world(ana, documents=(ben,))
    first, second = (world.takes_in(email=f"{n}@example.com") for n in range(2))
    for lead_id in (first, second):
        world.park(lead_id, "Score", "ConfigurationBroken")
    del world.configuration.stored["published_plan", "plan"]  # type: ignore[attr-defined]

    with pytest.raises(IllegalTransition, match="no published plan"):
        world.reassign(first, an_order())
    world.reassign(second, an_order("ana"))
    world.step(second)
    world.configure(PublishedPlan(id="plan", version=1))
    world.reassign(first, an_order())

    assert world.leads.get(second).recipient_id == "ana"
    assert [world.explain(second, who).got_it for who in ("ana", "ben")] == [True, False]
    assert world.leads.get(first).state is LeadState.RECEIVED
    assert world.score(first).state is LeadState.SCORED


def test_a_lead_that_its_rep_gave_back_goes_to_another() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    world.conclude(lead_id, Report(outcome=Outcome.RETURNED), "ana")

    world.reassign(lead_id, an_order("ben"))
    world.step(lead_id)

    assert (world.leads.get(lead_id).recipient_id, world.usage("ben").open_leads) == ("ben", 1)


# -------------------------------------------------------------------------------------------- what cannot be
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LeadState.RECEIVED, "wait a moment"),
        (LeadState.QUARANTINED, "release it first"),
        (LeadState.DISQUALIFIED, "release it first"),
        (LeadState.DUPLICATE, "duplicate"),
        (LeadState.DELIVERING, "buyer"),
        (LeadState.SOLD, "returned first"),
        (LeadState.CONTACTED, "given back first"),
        (LeadState.CONVERTED, "converted"),
        (LeadState.LOST, "given back first"),
    ],
)
def test_a_lead_that_cannot_go_to_somebody_else_is_refused_in_words(state: LeadState, words: str) -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    _put(world, state=state)

    answer = an_admin(world)("POST", f"/v1/leads/{lead_id}/reassignment", {"recipient_id": "ben"})

    assert (answer.status, answer.code) == (409, "illegal-transition")
    assert words in answer.json["detail"]
    assert world.leads.get(lead_id).state is state


def test_a_lead_whose_person_is_forgotten_goes_nowhere() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    _put(world, forgotten_at=world.clock.now())

    with pytest.raises(IllegalTransition, match="removed on request"):
        world.reassign(lead_id, an_order("ben"))


@pytest.mark.parametrize("who", ["nobody", "off", "buyer"])
def test_a_lead_is_given_to_active_reps_only(who: str) -> None:
    world = a_world(ana, documents=(a_rep("off", active=False), a_buyer("buyer")))
    lead_id = taken_by(world)

    answer = an_admin(world)("POST", f"/v1/leads/{lead_id}/reassignment", {"recipient_id": who})

    assert (answer.status, list(answer.errors)) == (422, ["recipient_id"])


def test_a_viewer_may_not() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)

    answer = an_admin(world, "viewer")("POST", f"/v1/leads/{lead_id}/reassignment", {})

    assert (answer.code, world.leads.get(lead_id).recipient_id) == ("forbidden", "ana")


def test_what_came_after_what_somebody_has_seen_is_not_undone() -> None:
    world = a_world(ana, ben, carla)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order("ben"), 1)
    world.step(lead_id)

    with pytest.raises(IllegalTransition, match="meanwhile"):
        world.reassign(lead_id, an_order("carla"), 1)

    assert world.leads.get(lead_id).recipient_id == "ben"


# -------------------------------------------------------------------------------------------- twice, and at once
def test_whoever_lets_a_lead_go_on_says_how_many_offers_they_have_seen() -> None:
    world = a_world(ana, ben, carla)
    lead_id = taken_by(world)
    path = f"/v1/leads/{lead_id}/reassignment"

    blind = an_admin(world)("POST", path, {})
    unmoved = world.leads.get(lead_id).recipient_id
    seen = LeadRow.of(world.leads.get(lead_id)).offers
    answers = []
    for _ in range(2):
        answers.append(an_admin(world)("POST", path, {"offer_no": seen}).status)
        world.step(lead_id)

    assert (blind.status, list(blind.errors), unmoved) == (422, ["offer_no"], "ana")
    assert (answers, world.leads.get(lead_id).recipient_id) == ([200, 200], "ben")


def test_whoever_lets_a_lead_go_on_hears_that_somebody_has_just_chosen_another() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order("ben"), 1)

    with pytest.raises(IllegalTransition, match="just chosen another"):
        world.reassign(lead_id, an_order(by="vera"), 1)


@pytest.mark.parametrize("to", ["ben", None])
def test_ordered_twice_it_is_done_once_whenever_the_second_comes(to: str | None) -> None:
    """Invariant 8."""
    world = a_world(ana, ben, carla)
    lead_id = taken_by(world)
    world.reassign(lead_id, an_order(to), 1)
    world.reassign(lead_id, an_order(to), 1)
    world.step(lead_id)
    before = world.leads.get(lead_id)

    assert world.reassign(lead_id, an_order(to), 1) == before
    assert before.offer_no == 2


def test_a_workflow_that_cannot_be_started_now_is_started_by_the_sweep() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    world.workflows.available = False
    world.reassign(lead_id, an_order("ben"))
    world.workflows.available = True

    world.clock.forward(2 * MINUTE)

    assert world.sweep().started == 1
    assert world.step(lead_id).lead.recipient_id == "ben"


def test_an_acceptance_at_the_same_moment_is_before_or_after_and_one_rep_has_the_lead() -> None:
    """Invariants 3 and 4, in every interleaving."""
    seen = set()
    for world, _, lead_id in each(lambda: _at_once(Said.ACCEPT)):
        lead = world.leads.get(lead_id)
        assert (lead.state, lead.meant_for) == (LeadState.SCORED, "ben")
        seen.add(lead.offers[0].answer)
        world.step(lead_id)
        assert world.leads.get(lead_id).recipient_id == "ben"
        assert (world.usage("ana").open_leads, world.usage("ben").open_leads) == (0, 1)

    assert seen == {Answer.REASSIGNED, Answer.RELEASED}


def test_a_contact_at_the_same_moment_keeps_the_lead_or_is_refused() -> None:
    seen = set()
    for world, refused, lead_id in each(_contacted_at_once):
        lead = world.leads.get(lead_id)
        seen.add((lead.state, tuple(refused)))

    assert seen == {
        (LeadState.CONTACTED, ("reassign",)),
        (LeadState.SCORED, ("conclude",)),
    }


def test_of_two_people_who_choose_at_the_same_moment_one_does_and_the_other_hears_so() -> None:
    seen = set()
    for world, refused, lead_id in each(_chosen_at_once):
        world.step(lead_id)
        lead = world.leads.get(lead_id)
        seen.add((lead.recipient_id, tuple(refused)))
        assert (lead.offer_no, world.usage("ana").open_leads) == (2, 0)

    assert seen == {("ben", ("carla",)), ("carla", ("ben",))}


def test_whoever_had_the_lead_is_told_also_where_all_dies_once_it_is_written() -> None:
    world = a_world(ana, ben)
    lead_id = taken_by(world)
    leads: Any = DiesOnceWritten(world.leads)
    release = ReleaseOffer(leads, world.ledger, world.configuration, world.clock)
    reassign = ReassignLead(leads, world.configuration, release, world.restart, world.workflows, world.clock)

    with pytest.raises(ConnectionError):
        reassign(lead_id, an_order("ben"))
    hears(world, lead_id)

    assert [started[:2] for started in world.watches.started] == [(lead_id, 1)]


def test_nobody_is_told_that_an_offer_nobody_had_answered_is_gone() -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.reassign(lead_id, an_order("ben"), 1)

    hears(world, lead_id)

    assert world.watches.started == []


type Tried = tuple[World, list[str], str]


def _stepwise(world: World) -> ReassignLead:
    """The use case with every call of a store as a point at which the other goes on."""
    leads: Any = Stepwise(world.leads)
    release = ReleaseOffer(leads, world.ledger, world.configuration, world.clock)
    restart = RestartLead(world.leads, world.workflows, world.clock)
    return ReassignLead(leads, world.configuration, release, restart, world.workflows, world.clock)


def _at_once(said: Said) -> tuple[Tried, Sequence[Task]]:
    world = a_world(ana, ben)
    lead_id = world.offers()
    world.workflows.executions[lead_id, 1] = Execution.RUNNING
    reassign, token = _stepwise(world), world.token(lead_id)
    world.answer._leads = Stepwise(world.leads)
    return (world, [], lead_id), (
        lambda: reassign(lead_id, an_order("ben"), 1),
        lambda: world.answer(token, said),
    )


def _contacted_at_once() -> tuple[Tried, Sequence[Task]]:
    world, refused = a_world(ana, ben), list[str]()
    lead_id = taken_by(world)
    reassign = _stepwise(world)
    world.conclude._leads = Stepwise(world.leads)
    contacted = Report(outcome=Outcome.CONTACTED)
    return (world, refused, lead_id), (
        lambda: _noting(refused, "reassign", lambda: reassign(lead_id, an_order("ben"), 1)),
        lambda: _noting(refused, "conclude", lambda: world.conclude(lead_id, contacted, "ana")),
    )


def _chosen_at_once() -> tuple[Tried, Sequence[Task]]:
    world, refused = a_world(ana, ben, carla), list[str]()
    lead_id = taken_by(world)
    reassign = _stepwise(world)

    def choose(who: str) -> Task:
        return lambda: _noting(refused, who, lambda: reassign(lead_id, an_order(who), 1))

    return (world, refused, lead_id), (choose("ben"), choose("carla"))


def _noting(refused: list[str], name: str, task: Task) -> None:
    try:
        task()
    except IllegalTransition:
        refused.append(name)


def _put(world: World, **facts: Any) -> Lead:
    """The only lead as it would be after whatever makes it so."""
    assert isinstance(world.leads, MemoryLeads)
    assert isinstance(world.ledger, MemoryLedger)
    ((lead_id, lead),) = world.leads.leads.items()
    world.leads.leads[lead_id] = lead.model_copy(update=facts)
    return world.leads.leads[lead_id]
