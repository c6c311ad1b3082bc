"""Suspicious leads are held until somebody has looked at them, and people who want no contact are left in peace."""

import pytest

from baton.domain.lead import LeadState
from baton.domain.spam import SpamGuard
from baton.domain.timeline import EventKind
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Person, Stack
from tests.e2e.team import Team

LIST = "/v1/do-not-contact"


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    return a_user(stack, "admin")


def a_held_lead(stack: Stack, team: Team) -> str:
    """A lead that fell into the honeypot."""
    person = Person.new()
    stack.personal.update(person.fields.values())
    sent = {**person.fields, "website": "https://spam.example"}
    lead_id = str(stack.post(team.source_id, sent).json["lead_id"])
    assert stack.lead(lead_id).state is LeadState.QUARANTINED
    return lead_id


def test_a_held_lead_that_an_admin_releases_is_offered_to_a_rep(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, honeypot_field="website", auto_accept=True)
    lead_id = a_held_lead(stack, team)

    released = admin("POST", f"/v1/leads/{lead_id}/release")

    assert (released.status, released.json) == (200, {"lead_id": lead_id, "state": "received"})
    stack.until(lead_id, LeadState.ASSIGNED)
    assert stack.ended(lead_id, attempt=2) == "SUCCEEDED"
    assert stack.events(lead_id)[:2] == [EventKind.LEAD_QUARANTINED, EventKind.LEAD_RELEASED]


def test_a_held_lead_that_an_admin_rejects_goes_nowhere(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, honeypot_field="website")
    lead_id = a_held_lead(stack, team)

    rejected = admin("POST", f"/v1/leads/{lead_id}/rejection", {"reason": "spam"})
    listed = admin("GET", f"/v1/leads?state=disqualified&source_id={team.source_id}")

    assert (rejected.status, rejected.json["state"]) == (200, "disqualified")
    assert listed.json["items"][0]["suspicions"] == ["honeypot"]
    assert stack.sms_to(team.phone(1)) == []


def test_more_leads_from_one_address_than_a_form_allows_are_held(stack: Stack) -> None:
    team = Team.at(stack, spam=SpamGuard(per_address_per_hour=2, per_person_per_day=100))

    leads = [stack.lead(stack.take_in(team.source_id)) for _ in range(5)]

    held = [lead for lead in leads if "too_many_from_address" in lead.suspicions]
    # One hour may end and the next begin between them.
    assert len(held) in (1, 2, 3)


def test_somebody_on_the_list_is_held_before_anybody_is_asked_to_call(stack: Stack, admin: Caller) -> None:
    team, person = Team.at(stack), Person.new()
    stack.personal.update(person.fields.values())
    people = {"entries": [{"phone": person.phone}]}
    assert admin("POST", LIST, people).json == {"done": 1, "refused": 0, "problems": []}

    lead_id = stack.take_in(team.source_id, person)

    lead = stack.until(lead_id, LeadState.QUARANTINED)
    assert [str(code) for code in lead.suspicions] == ["do_not_contact"]
    assert admin("POST", f"{LIST}/check", people).json["listed"] == [1]
    assert admin("DELETE", LIST, people).status == 200
    assert admin("POST", f"{LIST}/check", people).json["listed"] == []
