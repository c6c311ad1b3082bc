"""Duplicates at the real gateway: many at the same moment, one whose answers a rep hears, and who learns of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Final

from baton.domain.access import hash_of
from baton.domain.campaign import Campaign
from baton.domain.dedupe import Dedupe, DuplicatePolicy
from baton.domain.lead import LeadState
from baton.domain.timeline import EventKind
from tests.e2e.stack import Answer, Person, Stack, wait
from tests.e2e.team import Team

AT_ONCE: Final = 64
VENDOR_KEY: Final = "vk_that_only_the_test_of_duplicates_shows"


def compare(stack: Stack, team: Team, policy: DuplicatePolicy) -> None:
    """Let the team's campaign compare leads. Before any of them is sent: functions keep a campaign for a while."""
    dedupe = Dedupe(policy=policy)
    stack.configure(Campaign(id=team.id, name=team.id, plan_id=team.id, dedupe=dedupe))


def post_at_once(stack: Stack, team: Team, forms: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """The answers to forms that are sent at the same moment."""
    ready = Barrier(len(forms))

    def post(form: Mapping[str, Any]) -> Answer:
        ready.wait()
        return stack.post(team.source_id, form)

    with ThreadPoolExecutor(len(forms)) as people:
        return list(people.map(post, forms))


def test_sixty_four_identical_leads_at_the_same_moment_are_one(stack: Stack) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    stack.personal.update(person.fields.values())

    answers = post_at_once(stack, team, [person.fields] * AT_ONCE)

    assert Counter(answer.status for answer in answers) == {202: AT_ONCE}
    (lead_id,) = {answer.json["lead_id"] for answer in answers}
    assert [lead.lead_id for lead in stack.leads_of(team.source_id)] == [lead_id]
    stack.until(lead_id, LeadState.ASSIGNED)
    assert stack.events(lead_id).count(EventKind.LEAD_RECEIVED) == 1


def test_sixty_four_of_one_person_at_the_same_moment_are_one_first_and_its_duplicates(stack: Stack) -> None:
    team, person = Team.at(stack), Person.new()
    compare(stack, team, DuplicatePolicy.REFUSE)
    stack.personal.update(person.fields.values())

    answers = post_at_once(stack, team, [{**person.fields, "note": str(n)} for n in range(AT_ONCE)])

    # Whoever shows no key learns nothing of it.
    assert Counter((answer.status, answer.json["status"]) for answer in answers) == {
        (202, "received"): AT_ONCE
    }
    leads = stack.leads_of(team.source_id)
    (first,) = [lead.lead_id for lead in leads if lead.state is not LeadState.DUPLICATE]
    assert Counter(lead.duplicate_of for lead in leads) == {None: 1, first: AT_ONCE - 1}


def test_a_second_enquiry_of_a_person_is_merged_and_the_rep_hears_what_is_new(stack: Stack) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    compare(stack, team, DuplicatePolicy.MERGE)
    first = stack.take_in(team.source_id, person, roof="flat")
    stack.until(first, LeadState.ASSIGNED)
    assert stack.ended(first) == "SUCCEEDED"

    second = stack.take_in(team.source_id, person, roof="gable")

    assert second != first
    stack.until(second, LeadState.DUPLICATE)
    wait(lambda: [text for text in stack.sms_to(team.phone(1)) if "gable" in text], "the rep hears of it")
    assert stack.lead(first).additions == {"attributes.roof": "gable"}
    assert stack.events(first)[-1] is EventKind.LEAD_MERGED
    assert stack.ended(second) == "SUCCEEDED"


def test_a_known_vendor_hears_that_a_person_is_known(stack: Stack) -> None:
    team, person = Team.at(stack, api_keys=[hash_of(VENDOR_KEY)]), Person.new()
    compare(stack, team, DuplicatePolicy.REFUSE)
    stack.personal.update(person.fields.values())

    first = stack.post(team.source_id, person.fields, x_api_key=VENDOR_KEY)
    second = stack.post(team.source_id, {**person.fields, "note": "again"}, x_api_key=VENDOR_KEY)

    assert (first.status, second.status) == (202, 409)
    assert second.json["type"] == "urn:baton:duplicate-lead"
    assert stack.lead(second.json["lead_id"]).duplicate_of == first.json["lead_id"]
