"""Service levels: a rep who does not call is reminded, others hear of it, and in the end somebody else has the lead."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from pydantic import ValidationError

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.answer_offer import Answer
from baton.application.attend_lead import PATIENCE, is_attended
from baton.application.note_progress import Progress
from baton.application.restart_lead import MAX_RESTARTS
from baton.domain.errors import IllegalTransition, NotificationFailed, WorkflowUnavailable
from baton.domain.forgetting import forgotten
from baton.domain.lead import WATCH_AFTER, Lead, LeadState
from baton.domain.lead import Answer as Ended
from baton.domain.outcome import Outcome, Report
from baton.domain.pool import Fairness, Release
from baton.domain.promptness import Promptness, promptness
from baton.domain.references import references, users
from baton.domain.service_level import ServiceLevel
from baton.domain.timeline import EventKind
from tests.builders import (
    MINUTE,
    MONDAY_8PM,
    SECOND,
    World,
    a_campaign,
    a_plan,
    a_pool,
    a_rep,
    a_stage,
)
from tests.selling import a_buyer
from tests.unit.interleaving import Stepwise, Task, each

LEVEL: Final[dict[str, Any]] = {
    "contact_within_s": 15 * 60,
    "then": [
        {"after_s": 10 * 60, "do": "remind"},
        {"after_s": 20 * 60, "do": "reassign"},
        {"after_s": 60 * 60, "do": "escalate", "to": ["grace"]},
    ],
}
ana, ben = a_rep("ana", phone="+12025550101"), a_rep("ben", phone="+12025550102")
grace = a_rep("grace", phone="+12025550107")
DUTIES: Final = [
    EventKind.REP_REMINDED,
    EventKind.SERVICE_LEVEL_MISSED,
    EventKind.LEAD_ESCALATED,
    EventKind.LEAD_REASSIGNED,
]


def a_prompt_world(*reps: Any, level: dict[str, Any] | None = None, **facts: Any) -> World:
    """A world whose reps get leads at once, and have a service level."""
    campaign = a_campaign(service_level=LEVEL if level is None else level, **facts.pop("campaign", {}))
    plan = facts.pop("plan", a_plan(a_stage(auto_accept=True)))
    documents = (grace, campaign, *facts.pop("documents", ()))
    return World(reps or (ana, ben), plan=plan, documents=documents, **facts)


def attends(world: World, lead_id: str, minutes: float = 0, no: int | None = None) -> int:
    """What the workflow's step answers so many minutes later."""
    world.clock.forward(minutes * MINUTE)
    return world.attend(lead_id, no or world.leads.get(lead_id).offer_no)


def happened(world: World, lead_id: str) -> list[EventKind]:
    """What was done about the lead, in order."""
    return [kind for kind in world.kinds(lead_id) if kind in DUTIES]


def told(world: World, rep: Any) -> list[str]:
    """The SMS that somebody got."""
    return [text for address, text in world.notifier.sent if address == rep.phone]


def contacts(world: World, lead_id: str, at: datetime | None = None) -> None:
    """Somebody says that the person was reached."""
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED, at=at), "ana")


# ----------------------------------------------------------------------------------------------- what happens, and when
def test_a_rep_who_does_not_call_is_reminded_then_misses_the_time_then_loses_the_lead() -> None:
    world = a_prompt_world()
    lead_id = world.offers(first_name="Maria", phone="2025550199")

    assert attends(world, lead_id) == 10 * 60
    assert happened(world, lead_id) == []
    assert attends(world, lead_id, 10) == 5 * 60
    assert happened(world, lead_id) == [EventKind.REP_REMINDED]
    assert "Reminder: Maria" in told(world, ana)[-1]
    assert "https://baton.example/v1/offers/" in told(world, ana)[-1]
    assert attends(world, lead_id, 5) == 5 * 60
    assert happened(world, lead_id) == [EventKind.REP_REMINDED, EventKind.SERVICE_LEVEL_MISSED]
    assert attends(world, lead_id, 5) == 0
    lead = world.leads.get(lead_id)
    assert (lead.state, lead.offers[0].answer) == (LeadState.SCORED, Ended.REASSIGNED)
    assert "please do not call" in told(world, ana)[-1]
    assert world.step(lead_id).lead.recipient_id == "ben"


def test_the_next_rep_has_time_of_their_own_and_the_lead_s_own_clock_goes_on() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    attends(world, lead_id, 20)
    world.step(lead_id)

    assert attends(world, lead_id) == 10 * 60
    attends(world, lead_id, 10)
    assert len(told(world, ben)) == 2  # the lead, and the reminder
    attends(world, lead_id, 9.9)
    assert world.leads.get(lead_id).recipient_id == "ben"
    assert happened(world, lead_id).count(EventKind.SERVICE_LEVEL_MISSED) == 1


def test_an_escalation_counts_from_the_first_rep_and_tells_those_who_are_named() -> None:
    level = {**LEVEL, "then": [LEVEL["then"][1], LEVEL["then"][2]]}
    world = a_prompt_world(ana, ben, a_rep("carla"), a_rep("dev"), level=level)
    lead_id = world.offers()
    for _ in range(2):
        attends(world, lead_id, 20)
        world.step(lead_id)

    attends(world, lead_id, 20)

    assert happened(world, lead_id).count(EventKind.LEAD_ESCALATED) == 1
    event = next(one for one in world.leads.timeline(lead_id) if one.kind is EventKind.LEAD_ESCALATED)
    assert (event.facts["to"], event.facts["reached"]) == (["grace"], True)
    assert ["Not contacted" in text for text in told(world, grace)] == [True]
    assert world.alerts.told == []


def test_an_escalation_that_names_nobody_tells_operations_without_a_word_of_the_person() -> None:
    level = {"contact_within_s": 60, "then": [{"after_s": 60, "do": "escalate"}]}
    world = a_prompt_world(level=level)
    lead_id = world.offers(first_name="Maria", phone="2025550199")

    attends(world, lead_id, 1)

    assert [(facts["lead_id"], facts["why"]) for _, facts in world.alerts.told] == [
        (lead_id, "not_contacted")
    ]
    assert not any(word in str(world.alerts.told) for word in ("Maria", "2025550199"))


def test_a_lead_that_nobody_else_may_have_stays_with_its_rep_and_operations_hear_of_it() -> None:
    world = a_prompt_world(ana)
    lead_id = world.offers()

    attends(world, lead_id, 20)

    lead = world.leads.get(lead_id)
    assert (lead.state, lead.recipient_id) == (LeadState.ASSIGNED, "ana")
    assert [facts["why"] for _, facts in world.alerts.told] == ["nobody_else"]
    assert EventKind.LEAD_REASSIGNED not in world.kinds(lead_id)


def test_the_owner_of_last_resort_keeps_the_lead_that_they_are_slow_with() -> None:
    world = a_prompt_world(ana, plan=a_plan(a_stage(auto_accept=True), fallback="grace"))
    lead_id = world.offers()
    attends(world, lead_id, 20)
    world.step(lead_id)
    assert world.leads.get(lead_id).recipient_id == "grace"

    for _ in range(3):
        attends(world, lead_id, 20)
        world.step(lead_id)

    lead = world.leads.get(lead_id)
    assert (lead.state, lead.recipient_id, lead.offer_no) == (LeadState.ASSIGNED, "grace", 2)
    assert happened(world, lead_id).count(EventKind.LEAD_REASSIGNED) == 1
    assert "nobody_else" in [facts["why"] for _, facts in world.alerts.told]


def test_an_owner_of_last_resort_who_lost_the_lead_does_not_get_it_again() -> None:
    world = a_prompt_world(plan=a_plan(a_stage(auto_accept=True), fallback="ana"))
    lead_id = world.offers()
    attends(world, lead_id, 20)
    world.step(lead_id)

    attends(world, lead_id, 20)

    lead = world.leads.get(lead_id)
    assert (lead.state, lead.recipient_id) == (LeadState.ASSIGNED, "ben")
    assert [facts["why"] for _, facts in world.alerts.told] == ["nobody_else"]


@pytest.mark.parametrize("outcome", [Outcome.CONTACTED, Outcome.CONVERTED, Outcome.LOST, Outcome.RETURNED])
def test_a_lead_of_which_something_was_said_is_left_alone(outcome: Outcome) -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.conclude(lead_id, Report(outcome=outcome), "ana")
    before = world.leads.get(lead_id)

    assert attends(world, lead_id, 90) == 0
    assert world.leads.get(lead_id) == before
    assert (before.duties, before.watch_at) == ((), None)
    assert len(world.notifier.sent) == 2  # the lead itself, by SMS and mail


@pytest.mark.parametrize("counts", [True, False])
def test_a_call_that_nobody_answered_is_enough_unless_the_campaign_wants_more(counts: bool) -> None:
    world = a_prompt_world(level={**LEVEL, "attempts_count": counts})
    lead_id = world.offers()
    world.note(world.token(lead_id), Progress.NO_ANSWER, 4)

    attends(world, lead_id, 20)

    assert (world.leads.get(lead_id).state is LeadState.ASSIGNED) is counts
    assert (happened(world, lead_id) == []) is counts


def test_only_the_rep_who_tried_is_excused() -> None:
    world = a_prompt_world(level={**LEVEL, "attempts_count": False})
    lead_id = world.offers()
    world.note(world.token(lead_id), Progress.NO_ANSWER, 4)
    attends(world, lead_id, 20)
    world.configure(a_campaign(service_level=LEVEL))
    world.step(lead_id)

    attends(world, lead_id, 10)

    assert happened(world, lead_id)[-1] is EventKind.REP_REMINDED
    assert "Reminder" in told(world, ben)[-1]


def test_an_acceptance_that_is_taken_back_takes_what_was_owed_to_the_rep_with_it() -> None:
    world = a_prompt_world(plan=a_plan(a_stage()))
    lead_id = world.offers()
    world.answers(lead_id, Answer.ACCEPT)
    due_at = world.leads.get(lead_id).due_at
    world.answers(lead_id, Answer.UNDO)

    assert attends(world, lead_id, 30, no=1) == 0
    assert world.leads.get(lead_id).due_at == due_at
    world.step(lead_id)
    world.answers(lead_id, Answer.ACCEPT)
    assert attends(world, lead_id, 10)
    assert [kind for kind in happened(world, lead_id) if kind is EventKind.REP_REMINDED]


def test_the_event_of_an_assignment_says_when_contact_is_due_and_that_somebody_sees_to_it() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    event = world.leads.timeline(lead_id)[-1]

    assert event.kind is EventKind.LEAD_ASSIGNED
    assert event.facts["watched"] is True
    assert event.facts["due_at"] == (world.clock.at + 15 * MINUTE).isoformat()


def test_without_a_service_level_nothing_is_owed() -> None:
    world = World((ana,), plan=a_plan(a_stage(auto_accept=True)))
    lead_id = world.offers()
    lead = world.leads.get(lead_id)

    assert (lead.due_at, lead.duties, lead.watch_at) == (None, (), None)
    assert "watched" not in world.leads.timeline(lead_id)[-1].facts


def test_rules_that_change_do_not_move_what_was_promised_before() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.configure(a_campaign(service_level={"contact_within_s": 1, "then": []}))

    assert attends(world, lead_id, 5) == 5 * 60


def test_what_was_promised_for_the_lead_holds_where_its_campaign_promises_nothing_any_more() -> None:
    level = {"contact_within_s": 1800, "then": [{"after_s": 1200, "do": "reassign"}]}
    world = a_prompt_world(level=level)
    lead_id = world.offers()
    attends(world, lead_id, 20)
    world.configure(a_campaign())
    world.step(lead_id)

    assert world.leads.timeline(lead_id)[-1].facts["watched"] is True
    assert attends(world, lead_id, 10, no=2) == 0
    assert happened(world, lead_id)[-1] is EventKind.SERVICE_LEVEL_MISSED


# --------------------------------------------------------------------------------------------------- met, or missed
@pytest.mark.parametrize(
    ("minutes", "stands"), [(14, Promptness.MET), (15, Promptness.MET), (15.1, Promptness.MISSED)]
)
def test_a_service_level_is_met_by_a_contact_within_its_time_from_receipt(
    minutes: float, stands: Promptness
) -> None:
    world = a_prompt_world()
    lead_id = world.scores()
    world.clock.forward(5 * MINUTE)  # nobody had it yet: the person waited all the same
    world.offers(lead_id)
    lead = world.leads.get(lead_id)
    assert promptness(lead, world.clock.at) is Promptness.OPEN

    contacts(world, lead_id, at=None)
    at = lead.received_at + minutes * MINUTE
    assert promptness(lead.revised(contacted_at=at), at) is stands


def test_a_lead_s_story_says_how_it_stands() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    assert world.explain.story(lead_id).promptness is Promptness.OPEN
    world.clock.forward(16 * MINUTE)

    assert world.explain.story(lead_id).promptness is Promptness.MISSED


def test_nobody_s_contact_is_missed_once_its_time_is_over() -> None:
    world = a_prompt_world()
    lead = world.leads.get(world.offers())

    assert promptness(lead, lead.received_at + 15 * MINUTE) is Promptness.OPEN
    assert promptness(lead, lead.received_at + 15 * MINUTE + SECOND) is Promptness.MISSED


def test_an_attempt_meets_a_service_level_only_where_it_counts() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.clock.forward(5 * MINUTE)
    world.note(world.token(lead_id), Progress.NO_ANSWER, 4)
    lead = world.leads.get(lead_id)

    assert promptness(lead, lead.received_at + 90 * MINUTE) is Promptness.MET
    strict = lead.revised(attempts_count=False)
    assert promptness(strict, lead.received_at + 90 * MINUTE) is Promptness.MISSED


def test_a_lead_without_a_service_level_stands_nowhere() -> None:
    world = World((ana,), plan=a_plan(a_stage(auto_accept=True)))

    assert promptness(world.leads.get(world.offers()), world.clock.at) is None


# ----------------------------------------------------------------------------------------------------- working hours
EVENING: Final = {"blocks": [{"days": ["mon", "tue"], "start": "09:00", "end": "20:10"}]}


@pytest.mark.parametrize(("counts", "minutes"), [("working_hours", 13 * 60), ("always", 10)])
def test_minutes_count_in_the_rep_s_working_hours_unless_they_always_count(counts: str, minutes: int) -> None:
    """It is 20:00: ten minutes are left of today, and the twentieth is at 09:10 tomorrow."""
    level = {**LEVEL, "counts": counts, "then": [{"after_s": 20 * 60, "do": "remind"}]}
    world = a_prompt_world(a_rep("ana", schedule=EVENING), level=level)
    world.clock.at = MONDAY_8PM
    lead = world.leads.get(world.offers())
    (reminder,) = [duty.at for duty in lead.duties if duty.do == "remind"]

    assert reminder == MONDAY_8PM + timedelta(minutes=minutes + 10)
    assert lead.due_at == MONDAY_8PM + timedelta(minutes=minutes + 5)


# -------------------------------------------------------------------------------------------------- fairness and caps
def test_a_lead_that_is_taken_back_counts_in_no_cap_and_keeps_the_turn_unless_the_pool_gives_it_back() -> (
    None
):
    for refund_on, turns in ((frozenset({Release.RETURNED}), 1.0), (frozenset({Release.REASSIGNED}), 0.0)):
        pool = a_pool(ana, ben, fairness=Fairness(refund_on=refund_on))
        world = a_prompt_world(documents=(pool,))
        lead_id = world.offers()
        attends(world, lead_id, 20)

        assert world.usage("ana").open_leads == 0
        assert set(world.usage("ana").taken.values()) <= {0}
        assert world.turns("ana") == turns


def test_a_lead_may_be_taken_back_more_often_than_a_workflow_may_die() -> None:
    reps = [a_rep(f"r{n:02d}") for n in range(MAX_RESTARTS + 3)]
    world = a_prompt_world(*reps)
    lead_id = world.offers()
    for _ in range(MAX_RESTARTS + 2):
        for key in world.workflows.executions:
            world.workflows.executions[key] = type(world.workflows.executions[key]).ENDED
        assert attends(world, lead_id, 20) == 0
        assert world.leads.get(lead_id).state is LeadState.SCORED
        world.step(lead_id)

    assert world.leads.get(lead_id).attempt == MAX_RESTARTS + 3


# ------------------------------------------------------------------------------------------- twice, half, late, at once
def test_a_step_that_runs_twice_tells_nobody_twice() -> None:
    """Invariant 8."""
    world = a_prompt_world()
    lead_id = world.offers()
    for minutes in (10, 0, 5, 0, 5, 0, 0):
        world.attend(lead_id, 1) if not minutes else attends(world, lead_id, minutes, no=1)

    assert happened(world, lead_id).count(EventKind.REP_REMINDED) == 1
    assert len(told(world, ana)) == 3  # the lead, the reminder, and that it is gone


def test_a_step_that_died_after_taking_the_lead_back_lets_it_go_on_when_it_is_repeated() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.workflows.executions[(lead_id, 1)] = type(world.workflows.executions[(lead_id, 1)]).ENDED
    world.clock.forward(20 * MINUTE)
    world.workflows.available = False
    with pytest.raises(WorkflowUnavailable):
        world.attend(lead_id, 1)
    world.workflows.available = True
    assert world.leads.get(lead_id).state is LeadState.SCORED

    assert world.attend(lead_id, 1) == 0
    assert (lead_id, 2) in world.workflows.executions
    assert "please do not call" in told(world, ana)[-1]


def test_a_reminder_that_cannot_be_sent_is_tried_for_a_while_and_never_keeps_the_lead_from_others() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.notifier.failing = True
    world.clock.forward(10 * MINUTE)
    with pytest.raises(NotificationFailed):
        world.attend(lead_id, 1)
    assert happened(world, lead_id) == []
    world.clock.forward(PATIENCE)

    world.attend(lead_id, 1)

    event = world.leads.timeline(lead_id)[-2]
    assert (event.kind, event.facts["reached"]) == (EventKind.REP_REMINDED, False)


def test_a_rep_who_cannot_be_told_that_the_lead_is_gone_is_told_once_that_is_possible() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.clock.forward(20 * MINUTE - SECOND)
    world.attend(lead_id, 1)
    world.notifier.unavailable |= {str(ana.phone), str(ana.email)}

    assert attends(world, lead_id, 1) == 30
    assert world.step(lead_id).lead.recipient_id == "ben"
    assert attends(world, lead_id, 2, no=1) == 30
    world.notifier.unavailable.clear()

    assert world.attend(lead_id, 1) == world.attend(lead_id, 1) == 0
    assert ["please do not call" in text for text in told(world, ana)].count(True) == 1
    assert world.alerts.told == []


def test_operations_hear_of_a_rep_who_could_not_be_told_that_the_lead_is_gone() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.clock.forward(20 * MINUTE - SECOND)
    world.attend(lead_id, 1)
    world.notifier.failing = True
    attends(world, lead_id, 1)

    assert attends(world, lead_id, PATIENCE / MINUTE, no=1) == 0
    assert [facts for _, facts in world.alerts.told] == [{"lead_id": lead_id, "recipient_id": "ana"}]


def test_two_runs_at_once_send_one_reminder() -> None:
    """Invariant 8: every interleaving."""

    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_prompt_world()
        lead_id = world.offers()
        world.clock.forward(10 * MINUTE)
        return world, [lambda: quietly(world, lead_id), lambda: quietly(world, lead_id)]

    for world in each(build):
        lead_id = f"{1:032x}"
        quietly(world, lead_id)
        assert len([text for text in told(world, ana) if "Reminder" in text]) == 1
        assert happened(world, lead_id) == [EventKind.REP_REMINDED]


def quietly(world: World, lead_id: str) -> None:
    """A run of the step that the workflow would repeat if it failed."""
    with suppress(NotificationFailed):
        world.attend(lead_id, 1)


def a_stepwise_prompt_world(level: dict[str, Any] | None = None) -> World:
    """A world whose store of leads lets others go on before every write."""
    ledger = MemoryLedger()
    stores: Any = (StepwiseWrites(MemoryLeads(ledger)), ledger)
    only = {**LEVEL, "then": [{"after_s": 600, "do": "remind"}]}
    return a_prompt_world(a_rep("ana", phone=ana.phone, email=None), ben, level=level or only, stores=stores)


class StepwiseWrites(Stepwise):
    """Between reading and writing everything may happen; to stop at every read as well would take hours."""

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name) if name in {"commit", "note"} else getattr(self._inner, name)


def test_of_a_contact_and_a_reassignment_at_the_same_moment_exactly_one_wins() -> None:
    """Invariant 3: every interleaving."""
    states: set[LeadState] = set()

    def build() -> tuple[World, Sequence[Task]]:
        level = {"contact_within_s": 3600, "then": [{"after_s": 600, "do": "reassign"}]}
        world = a_stepwise_prompt_world(level)
        lead_id = world.offers()
        world.clock.forward(10 * MINUTE)
        return world, [lambda: reports(world, lead_id), lambda: world.attend(lead_id, 1)]

    for world in each(build):
        lead_id = f"{1:032x}"
        lead, kinds = world.leads.get(lead_id), world.kinds(lead_id)
        states.add(lead.state)
        won = lead.state is LeadState.CONTACTED
        assert (EventKind.LEAD_CONTACTED in kinds) is won
        assert (EventKind.LEAD_REASSIGNED in kinds) is not won
        assert world.usage("ana").open_leads == (1 if won else 0)
        assert (lead.recipient_id == "ana") is won
    assert states == {LeadState.CONTACTED, LeadState.SCORED}


def reports(world: World, lead_id: str) -> None:
    """A contact that is told; whoever tells it late is told so."""
    with suppress(IllegalTransition):
        contacts(world, lead_id)


def test_a_contact_that_is_told_after_the_lead_was_taken_back_is_refused() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    attends(world, lead_id, 20)

    with pytest.raises(IllegalTransition):
        contacts(world, lead_id)
    called_at = world.clock.at - 10 * MINUTE
    world.step(lead_id)
    contacts(world, lead_id, called_at)
    lead = world.leads.get(lead_id)
    assert (lead.state, lead.contacted_at, lead.recipient_id) == (LeadState.CONTACTED, called_at, "ben")
    assert world.note(world.token(lead_id, 1), Progress.CALLED, 1).may_report is False


# -------------------------------------------------------------------------------------------------------- the sweep
def test_what_never_began_or_has_died_is_started_by_the_sweep() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.clock.forward(10 * MINUTE + WATCH_AFTER - SECOND)
    assert world.sweep().started == 0
    world.clock.forward(2 * SECOND)

    assert world.sweep().started == 1
    assert [(one[0], one[1]) for one in world.watches.started] == [(lead_id, 1)]
    assert world.sweep().started == 1
    assert len(world.watches.started) == 1, "one a minute"
    world.clock.forward(MINUTE)
    world.sweep()
    assert len(world.watches.started) == 2


def test_a_lead_that_is_seen_to_is_left_alone_by_the_sweep() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    attends(world, lead_id, 10)
    world.clock.forward(5 * MINUTE)

    assert world.sweep().started == 0
    contacts(world, lead_id)
    world.clock.forward(600 * MINUTE)
    assert world.sweep().started == 0
    assert world.watches.started == []


def test_what_is_owed_never_lets_a_lead_that_expires_lapse_early() -> None:
    world = a_prompt_world(campaign={"retention_days": 30})
    lead_id = world.offers()
    world.clock.forward(12 * MINUTE)

    assert world.sweep().lapsed == 0
    assert world.leads.get(lead_id).state is LeadState.ASSIGNED
    contacts(world, lead_id)
    world.clock.forward(timedelta(days=29, hours=1))
    assert world.sweep().lapsed == 1


def test_a_lead_that_nobody_has_any_more_is_missed_and_others_hear_of_it_all_the_same() -> None:
    level = {**LEVEL, "then": [{"after_s": 600, "do": "reassign"}, LEVEL["then"][2]]}
    world = a_prompt_world(level=level)
    lead_id = world.offers(first_name="Maria", phone="2025550199")
    attends(world, lead_id, 10)
    world.configure(ben.model_copy(update={"active": False}))
    world.step(lead_id)
    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    world.clock.forward(5 * MINUTE - SECOND)
    assert world.sweep().started == 0
    world.clock.forward(2 * SECOND)

    assert world.sweep().started == 1
    assert [one[:2] for one in world.watches.started] == [(lead_id, 1)]
    attends(world, lead_id)
    assert happened(world, lead_id)[1:] == [EventKind.SERVICE_LEVEL_MISSED]
    assert attends(world, lead_id, 45) == 0
    assert happened(world, lead_id)[2:] == [EventKind.LEAD_ESCALATED]
    assert "Nobody has the lead" in told(world, grace)[-1]
    lead = world.leads.get(lead_id)
    assert (lead.state, lead.duties, lead.watch_at) == (LeadState.UNASSIGNED, (), None)
    world.clock.forward(timedelta(days=400))
    assert world.sweep().started == 0


def test_a_lead_that_nobody_has_is_watched_only_as_long_as_something_is_owed() -> None:
    world = a_prompt_world(campaign={"retention_days": 30})
    lead_id = world.offers()
    attends(world, lead_id, 20)
    world.configure(ben.model_copy(update={"active": False}))
    world.step(lead_id)

    attends(world, lead_id, 45)

    lead = world.leads.get(lead_id)
    assert (lead.state, lead.duties, lead.watch_at) == (LeadState.UNASSIGNED, (), None)


def test_what_came_due_while_somebody_was_asked_is_done_without_a_false_alarm() -> None:
    world = a_prompt_world(level={**LEVEL, "then": [{"after_s": 600, "do": "reassign"}]})
    lead_id = world.offers()
    attends(world, lead_id, 10)
    world.configure(ben.model_copy(update={"active": False}))
    world.clock.forward(20 * MINUTE)
    world.step(lead_id)
    world.clock.forward(SECOND)

    assert world.sweep().started == 1

    assert "Leads are not moving" not in [subject for subject, _ in world.alerts.told]
    attends(world, lead_id)
    assert happened(world, lead_id)[-1] is EventKind.SERVICE_LEVEL_MISSED


def test_the_rep_who_lost_the_lead_is_told_also_where_nobody_has_it_afterwards() -> None:
    world = a_prompt_world()
    lead_id = world.offers()
    world.clock.forward(20 * MINUTE - SECOND)
    world.attend(lead_id, 1)
    world.notifier.failing = True
    attends(world, lead_id, 1)
    world.configure(ben.model_copy(update={"active": False}))
    world.step(lead_id)
    assert world.attend(lead_id, 1) == 30
    world.notifier.failing = False

    world.attend(lead_id, 1)

    assert "please do not call" in told(world, ana)[-1]


def test_what_saw_to_the_rep_before_does_nothing_to_the_rep_who_has_the_lead_now() -> None:
    world = a_prompt_world(ana, ben, a_rep("carla"))
    lead_id = world.offers()
    attends(world, lead_id, 20)
    world.step(lead_id)
    world.clock.forward(30 * MINUTE)
    before = world.leads.get(lead_id)

    assert world.attend(lead_id, 1) == 0
    assert world.leads.get(lead_id) == before


def test_of_a_lead_that_has_expired_nothing_is_to_be_done() -> None:
    assert a_prompt_world().attend(f"{7:032x}", 1) == 0


def test_a_lead_whose_person_was_forgotten_takes_up_capacity_no_longer_than_others() -> None:
    world = a_prompt_world(campaign={"retention_days": 30})
    lead_id = world.offers()
    lead = world.leads.get(lead_id)
    assert world.leads.commit(forgotten(lead, "carla", world.clock.at, leads=1, rows=1))
    world.clock.forward(timedelta(days=28, hours=23))
    assert world.sweep().lapsed == 0
    assert world.usage("ana").open_leads == 1
    world.clock.forward(timedelta(hours=2))

    assert world.sweep().lapsed == 1

    assert world.usage("ana").open_leads == 0
    assert (world.leads.get(lead_id).state, world.leads.get(lead_id).watch_at) == (LeadState.LOST, None)


def test_nobody_is_told_of_a_forgotten_person_and_nothing_is_owed_to_them() -> None:
    world = a_prompt_world()
    lead = world.leads.get(world.offers())
    after = forgotten(lead, "carla", world.clock.at, leads=1, rows=1).lead

    assert is_attended(lead, 1)
    assert not is_attended(lead.revised(forgotten_at=world.clock.at), 1)
    assert (after.state, after.duties, after.watch_at) == (LeadState.ASSIGNED, (), None)


# -------------------------------------------------------------------------------------------------------- documents
@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ([{"after_s": 60, "do": "reassign"}, {"after_s": 90, "do": "reassign"}], "name one reassign"),
        ([{"after_s": 60, "do": "reassign"}, {"after_s": 60, "do": "remind"}], "before the rep loses"),
        ([{"after_s": 60, "do": "remind", "to": ["grace"]}], "goes with escalate alone"),
        ([{"after_s": 0, "do": "remind"}], "greater than or equal to 1"),
        ([{"after_s": 60, "do": "fire"}], "remind"),
    ],
)
def test_steps_that_make_no_sense_are_refused_in_plain_words(then: list[Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        ServiceLevel.model_validate({"contact_within_s": 60, "then": then})


def test_leads_that_were_stored_before_there_were_service_levels_can_be_read() -> None:
    world = World((ana,), plan=a_plan(a_stage(auto_accept=True)))
    stored = world.leads.get(world.offers()).model_dump(mode="json")
    new = ("due_at", "attempted_at", "attempts_count", "acknowledged_at", "duties")

    lead = Lead.model_validate({name: value for name, value in stored.items() if name not in new})

    assert (lead.due_at, lead.duties) == (None, ())
    assert promptness(lead, datetime.now(UTC)) is None


def test_who_is_told_in_an_escalation_must_exist_and_cannot_be_deleted() -> None:
    campaign = a_campaign(service_level=LEVEL)
    needed = {(one.kind, one.id, one.place) for one in references(campaign)}

    assert ("recipient", "grace", "service_level.then[2].to[0]") in needed
    assert users("recipient", "grace", [campaign]) == ["campaign 'solar' (escalation)"]


def test_a_buyer_hears_nothing_of_a_lead_that_it_has_not_bought() -> None:
    level = {"contact_within_s": 60, "then": [{"after_s": 60, "do": "escalate", "to": ["harbor"]}]}
    buyer = a_buyer("harbor").model_copy(update={"email": "leads@harbor.example"})
    world = a_prompt_world(level=level, documents=(buyer,))
    lead_id = world.offers()
    before = len(world.notifier.sent)

    attends(world, lead_id, 1)

    assert len(world.notifier.sent) == before
    assert [facts["lead_id"] for _, facts in world.alerts.told] == [lead_id]
