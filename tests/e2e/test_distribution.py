"""A lead's ways through the deployed system, up to the rep who has it or the reason why nobody does."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from baton.domain.campaign import Reveal
from baton.domain.lead import LeadState
from baton.domain.scoring import Scoring
from baton.domain.timeline import EventKind
from tests.e2e.stack import Person, Stack, link_in, wait
from tests.e2e.team import Team

SHORTEST_OFFER_S = 10
EXPIRY_PATIENCE_S = 90.0


@dataclass(frozen=True)
class PassedOn:
    """A lead that the first rep declined, the second left unanswered, and the third took."""

    lead_id: str
    team: Team
    links: tuple[str, str]
    """Of the first and the second."""


@pytest.fixture(scope="module")
def passed_on(stack: Stack) -> Iterator[Future[PassedOn]]:
    """One such lead on its way: an offer takes at least ten seconds to expire, and other tests can run meanwhile."""
    team = Team.at(stack, 3, accept_within_s=SHORTEST_OFFER_S)

    def pass_on() -> PassedOn:
        lead_id = stack.take_in(team.source_id)
        first = stack.link_to(team.phone(1))
        assert stack.answer(first, "decline").status == 200
        second = stack.link_to(team.phone(2))
        asked = wait(lambda: stack.sms_to(team.phone(3)), "the third rep is asked", EXPIRY_PATIENCE_S)
        assert stack.answer(link_in(asked[0]), "accept").status == 200
        return PassedOn(lead_id, team, (first, second))

    with ThreadPoolExecutor(1) as reps:
        yield reps.submit(pass_on)


@pytest.mark.usefixtures("passed_on")  # so that it is on its way from here on
@pytest.mark.parametrize("as_form", [False, True], ids=["json", "form"])
def test_a_posted_lead_is_accepted_by_the_rep_whom_it_reaches(stack: Stack, as_form: bool) -> None:
    team, person = Team.at(stack), Person.new()
    stack.personal.update(person.fields.values())

    posted = (stack.post_form if as_form else stack.post)(team.source_id, person.fields)
    assert (posted.status, posted.json["status"]) == (202, "received")
    lead_id = posted.json["lead_id"]
    link = stack.link_to(team.phone(1))
    (mail,) = wait(lambda: stack.mails_to(team.email(1)), "the mail")
    assert link_in(mail["BodyText"]) == link

    shown = stack.request("GET", link)
    assert (shown.status, person.last_name in shown.text, person.phone in shown.text) == (200, False, False)
    assert stack.lead(lead_id).state is LeadState.OFFERED

    accepted = stack.answer(link, "accept")
    assert (accepted.status, person.last_name in accepted.text, person.phone in accepted.text) == (
        200,
        True,
        True,
    )
    lead = stack.lead(lead_id)
    assert (lead.state, lead.recipient_id) == (LeadState.ASSIGNED, team.reps[0].id)
    assert stack.events(lead_id) == [
        EventKind.LEAD_RECEIVED,
        EventKind.LEAD_SCORED,
        EventKind.OFFER_MADE,
        EventKind.OFFER_ACCEPTED,
    ]
    assert stack.ended(lead_id) == "SUCCEEDED"


def test_a_lead_that_nobody_takes_goes_to_the_owner_of_last_resort(stack: Stack) -> None:
    team = Team.at(stack, fallback=True)
    lead_id = stack.take_in(team.source_id)

    stack.answer(stack.link_to(team.phone(1)), "decline")

    owner = team.reps[-1]
    assert stack.until(lead_id, LeadState.ASSIGNED).recipient_id == owner.id
    assert wait(lambda: stack.sms_to(owner.phone or ""), "the owner is told")[0].startswith("Your new lead")
    assert stack.ended(lead_id) == "SUCCEEDED"


def test_a_lead_that_nobody_takes_and_nobody_owns_is_unassigned_and_operations_are_told(stack: Stack) -> None:
    team = Team.at(stack)
    lead_id = stack.take_in(team.source_id)

    stack.answer(stack.link_to(team.phone(1)), "decline")

    stack.until(lead_id, LeadState.UNASSIGNED)
    (alert,) = wait(lambda: stack.alerts_about(lead_id), "operations are told")
    last = stack.leads.timeline(lead_id)[-1]
    assert "plan is exhausted" in alert["alert"]
    assert last.trace
    assert str(last.trace.reason_for(team.reps[0].id)) == "already_offered"
    assert stack.ended(lead_id) == "SUCCEEDED"


def test_a_lead_that_is_assigned_at_once_is_shown_in_full_and_asks_nothing(stack: Stack) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()

    lead_id = stack.take_in(team.source_id, person)

    page = stack.request("GET", stack.link_to(team.phone(1)))
    asks = 'name="answer"' in page.text
    assert (page.status, person.phone in page.text, asks) == (200, True, False)
    assert stack.lead(lead_id).state is LeadState.ASSIGNED
    assert stack.ended(lead_id) == "SUCCEEDED"


def test_a_rep_can_take_an_acceptance_back_and_the_lead_goes_on(stack: Stack) -> None:
    team = Team.at(stack, 2, reveal=Reveal.AT_ONCE)
    lead_id = stack.take_in(team.source_id)
    link = stack.link_to(team.phone(1))
    stack.answer(link, "accept")
    assert stack.ended(lead_id) == "SUCCEEDED"

    stack.answer(link, "undo")

    stack.answer(stack.link_to(team.phone(2)), "accept")
    lead = stack.until(lead_id, LeadState.ASSIGNED)
    assert (lead.recipient_id, lead.attempt) == (team.reps[1].id, 2)
    assert stack.ended(lead_id, attempt=2) == "SUCCEEDED"


def test_a_lead_that_fell_into_the_honeypot_is_quarantined_and_its_sender_does_not_notice(
    stack: Stack,
) -> None:
    team, person = Team.at(stack, honeypot_field="website"), Person.new()
    stack.personal.update(person.fields.values())

    answer = stack.post_form(team.source_id, {**person.fields, "website": "https://spam.example"})

    assert (answer.status, answer.json["status"]) == (202, "received")
    lead_id = answer.json["lead_id"]
    assert stack.lead(lead_id).state is LeadState.QUARANTINED
    assert stack.execution(lead_id) == "MISSING"


def test_a_lead_with_too_few_points_is_disqualified_and_no_rep_hears_of_it(stack: Stack) -> None:
    rents = {"field": "attributes.owner", "op": "eq", "value": "no"}
    scoring = Scoring.model_validate(
        {"qualify_from": 0, "rules": [{"reason": "rents", "points": -50, "when": rents}]}
    )
    team = Team.at(stack, scoring=scoring)

    lead_id = stack.take_in(team.source_id, owner="no")

    lead = stack.until(lead_id, LeadState.DISQUALIFIED)
    assert lead.score == -50
    assert stack.ended(lead_id) == "SUCCEEDED"
    assert stack.sms_to(team.phone(1)) == []


def test_a_lead_goes_on_until_somebody_takes_it_and_the_timeline_says_why(
    stack: Stack, passed_on: Future[PassedOn]
) -> None:
    story = passed_on.result()

    assert stack.ended(story.lead_id) == "SUCCEEDED"
    timeline = stack.leads.timeline(story.lead_id)
    one, two, three = story.team.reps
    assert [(event.kind, event.facts.get("recipient_id")) for event in timeline[2:]] == [
        (EventKind.OFFER_MADE, one.id),
        (EventKind.OFFER_DECLINED, one.id),
        (EventKind.OFFER_MADE, two.id),
        (EventKind.OFFER_EXPIRED, two.id),
        (EventKind.OFFER_MADE, three.id),
        (EventKind.OFFER_ACCEPTED, three.id),
    ]
    for late in story.links:
        page = stack.answer(late, "accept")
        assert f"{three.name} already has this lead" in page.text
    assert stack.lead(story.lead_id).recipient_id == three.id
