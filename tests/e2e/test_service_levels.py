"""Leads that reps do not call, and people who hear back: on the emulator, in seconds in place of minutes."""

from typing import Any, Final

from baton.domain.campaign import Campaign
from baton.domain.lead import Answer, Lead, LeadState
from baton.domain.timeline import EventKind
from tests.e2e.callers import a_user
from tests.e2e.stack import Person, Stack, wait
from tests.e2e.team import Team

LEVEL: Final[dict[str, Any]] = {
    "contact_within_s": 4,
    "counts": "always",
    "then": [
        {"after_s": 3, "do": "remind"},
        {"after_s": 3, "do": "escalate"},
        {"after_s": 6, "do": "reassign"},
    ],
}


def a_team(stack: Stack, size: int, **campaign: Any) -> Team:
    """A team whose campaign asks for more."""
    team = Team.at(stack, size, auto_accept=True)
    basics = {"id": team.id, "name": team.id, "plan_id": team.id}
    stack.configure(Campaign.model_validate({**basics, **campaign}))
    return team


def once(stack: Stack, lead_id: str, kind: EventKind) -> Lead:
    """The lead, once that has happened to it."""
    wait(lambda: kind in stack.events(lead_id), f"{kind} of the lead")
    return stack.lead(lead_id)


def test_a_lead_that_is_not_called_is_reminded_of_then_missed_then_given_to_another_rep(stack: Stack) -> None:
    team, person = a_team(stack, 2, service_level=LEVEL), Person.new()
    lead_id = stack.take_in(team.source_id, person)
    first = stack.until(lead_id, LeadState.ASSIGNED)

    again = once(stack, lead_id, EventKind.LEAD_REASSIGNED)
    wait(lambda: stack.lead(lead_id).recipient_id == team.reps[1].id, "the other rep has the lead")

    assert first.recipient_id == team.reps[0].id
    assert again.offers[0].answer is Answer.REASSIGNED
    kinds = stack.events(lead_id)
    before = kinds[: kinds.index(EventKind.LEAD_REASSIGNED)]
    assert {EventKind.REP_REMINDED, EventKind.LEAD_ESCALATED, EventKind.SERVICE_LEVEL_MISSED} <= {*before}
    assert kinds.count(EventKind.LEAD_ASSIGNED) == 2
    told = stack.sms_to(team.phone(1))
    assert ["Reminder" in text for text in told][:2] == [False, True]
    wait(lambda: any("Passed on" in text for text in stack.sms_to(team.phone(1))), "the first rep is told")
    alerts = wait(lambda: stack.alerts_about(lead_id), "operations are told")
    assert alerts[0]["alert"] == "A lead was not contacted"
    # Nobody is left for it a second time: it stays where it is.
    contacted = a_user(stack, "admin")("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": "contacted"})
    assert contacted.status == 200


def test_a_lead_that_is_called_in_time_is_left_alone(stack: Stack) -> None:
    team = a_team(stack, 2, service_level=LEVEL)
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.ASSIGNED)
    name = f"{lead_id}-1"
    wait(lambda: stack.assignment(name) == "RUNNING", "it is seen to")
    admin = a_user(stack, "admin")
    assert admin("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": "contacted"}).status == 200

    wait(lambda: stack.assignment(name) == "SUCCEEDED", "nothing more is to be done")

    assert stack.events(lead_id)[-1] is EventKind.LEAD_CONTACTED
    assert len(stack.sms_to(team.phone(1))) == 1


def test_the_person_hears_once_who_will_call(stack: Stack) -> None:
    hello = {
        "company": "Bright Roofs",
        "phone": "+12025550000",
        "after_s": 1,
        "sms": "Hello {first_name}, {rep} of {company} will call you from {rep_phone}.",
        "mail": {"subject": "{rep} will call you", "text": "Hello {first_name}, {rep} is on it."},
    }
    team, person = a_team(stack, 1, acknowledgement=hello), Person.new()
    lead_id = stack.take_in(team.source_id, person)

    lead = once(stack, lead_id, EventKind.LEAD_ACKNOWLEDGED)

    assert lead.acknowledged_at
    rep = team.reps[0]
    expected = f"Hello {person.first_name}, {rep.name} of Bright Roofs will call you from {rep.phone}."
    assert stack.sms_to(person.phone) == [expected]
    (mail,) = stack.mails_to(person.email)
    assert mail["Subject"] == f"{rep.name} will call you"
    stack.invoke("attend", {"lead_id": lead_id, "offer_no": 1})
    assert len(stack.sms_to(person.phone)) == 1


def test_what_could_not_be_started_is_started_by_the_sweep(stack: Stack) -> None:
    later = {"contact_within_s": 600, "counts": "always", "then": [{"after_s": 600, "do": "remind"}]}
    team = a_team(stack, 1, service_level=later)
    with stack.taken_away("watch", "StartWorkflow"):
        lead_id = stack.take_in(team.source_id)
        stack.until(lead_id, LeadState.ASSIGNED)
        wait(lambda: stack.complaints_of("watch"), "it cannot be started")
    stack.make_overdue(lead_id)

    assert stack.sweep()["started"] >= 1

    wait(lambda: any(name.startswith(f"{lead_id}-1-") for name in stack.assignments()), "it was started")
