"""Screen Now: leads as they come, what needs somebody, and the one click that it takes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from baton.domain.lead import LeadState
from tests.browser.visitors import a_browser
from tests.e2e.callers import a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Person, Stack
from tests.e2e.team import Team

HONEYPOT = "website"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


def a_held_lead(stack: Stack) -> tuple[Person, str]:
    """Somebody, and their lead, which looks as if a program had sent it."""
    team, person = Team.at(stack, honeypot_field=HONEYPOT), Person.new()
    lead_id = stack.take_in(team.source_id, person, website="filled")
    stack.until(lead_id, LeadState.QUARANTINED)
    return person, lead_id


def waiting_of(page: Page, person: Person) -> Locator:
    """The lead's row among those that wait, however many there are."""
    panel = page.get_by_role("region", name="Waiting, the longest first")
    expect(panel).to_be_visible()
    every = panel.get_by_role("button", name="Show all")
    if every.is_visible():
        every.click()
    return panel.get_by_role("listitem").filter(has_text=person.last_name)


def test_a_lead_appears_by_itself_and_a_script_in_its_name_stays_text(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        newest = page.get_by_role("region", name="As they come")
        expect(newest).to_be_visible()
        mean = replace(Person.new(), last_name="<img src=x onerror=alert(1)>")
        stack.take_in(team.source_id, mean)

        expect(newest.get_by_text(mean.last_name)).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert faults_of(page) == []


def test_a_held_lead_goes_its_way_with_one_click(stack: Stack, browser: Browser) -> None:
    person, lead_id = a_held_lead(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        row = waiting_of(page, person)
        row.get_by_role("button", name="Release").click()

        expect(page.get_by_text("Released: it goes its way.")).to_be_visible()
    stack.until(lead_id, LeadState.OFFERED)


def test_a_held_lead_is_rejected_for_a_reason(stack: Stack, browser: Browser) -> None:
    person, lead_id = a_held_lead(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        waiting_of(page, person).get_by_role("button", name="Reject").click()
        dialog = page.get_by_role("dialog", name="Reject this lead?")
        dialog.get_by_label("Why").select_option("test")
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Reject").click()

        expect(dialog).to_be_hidden()
    stack.until(lead_id, LeadState.DISQUALIFIED)


def test_a_viewer_sees_what_is_held_and_changes_nothing(stack: Stack, browser: Browser) -> None:
    person, _ = a_held_lead(stack)
    with an_operator(stack, browser, group="viewer") as vera:
        page = vera.opens("#/now")
        row = waiting_of(page, person)

        expect(row.get_by_role("button", name="Release")).to_be_disabled()
        expect(row.get_by_role("button", name="Reject")).to_be_disabled()
        expect(page.get_by_role("button", name="Pause").first).to_be_disabled()


def test_a_rep_is_paused_and_what_somebody_else_changed_meanwhile_is_kept(
    stack: Stack, browser: Browser
) -> None:
    team = Team.at(stack)
    rep, other = team.reps[0], a_user(stack, "admin")
    place = f"**/v1/recipients/{rep.id}"
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        page.get_by_label("Find somebody").fill(rep.name)
        page.keyboard.press("Tab")
        button = page.get_by_role("button", name=f"Pause {rep.name}")
        expect(button).to_be_visible()

        meanwhile = iter([lambda: other.changes(f"/v1/recipients/{rep.id}", zone="Europe/Madrid")])

        def first(route: Route) -> None:
            if route.request.method == "PUT":
                next(meanwhile, lambda: None)()
            route.continue_()

        page.route(place, first)
        button.click()
        expect(page.get_by_role("button", name=f"Resume {rep.name}")).to_be_visible()
    now = other("GET", f"/v1/recipients/{rep.id}").json
    assert (now["paused"], now["zone"]) == (True, "Europe/Madrid")


def test_without_an_answer_the_screen_says_so_and_goes_on_when_there_is_one(
    stack: Stack, browser: Browser
) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/leads")
        page.route("**/v1/**", lambda route: route.abort())
        page.get_by_role("link", name="Now").click()
        expect(page.get_by_role("heading", name="No answer")).to_be_visible()
        assert faults_of(page) == []

        page.unroute("**/v1/**")
        page.get_by_role("button", name="Try again").first.click()
        expect(page.get_by_role("region", name="As they come")).to_be_visible()


def an_unassigned_lead(stack: Stack) -> tuple[Team, Person, str]:
    """A team whose only rep is paused, somebody, and their lead, which found nobody."""
    team, person = Team.at(stack, auto_accept=True), Person.new()
    a_user(stack, "admin").changes(f"/v1/recipients/{team.reps[0].id}", paused=True)
    lead_id = stack.take_in(team.source_id, person)
    stack.until(lead_id, LeadState.UNASSIGNED)
    return team, person, lead_id


def test_a_lead_that_found_nobody_is_assigned_by_name(stack: Stack, browser: Browser) -> None:
    team, person, lead_id = an_unassigned_lead(stack)
    rep = team.reps[0]
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        waiting_of(page, person).get_by_role("button", name="Assign").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Find a rep").fill(rep.name)
        expect(dialog.get_by_text("until further notice")).to_be_visible()
        dialog.get_by_role("radio", name=rep.name).check()
        assert faults_of(page) == []
        dialog.get_by_role("button", name=f"Give it to {rep.name}").click()

        expect(page.get_by_text(f"{rep.name} gets it.")).to_be_visible()
    assert stack.until(lead_id, LeadState.ASSIGNED).recipient_id == rep.id


def test_a_lead_that_found_nobody_tries_again_with_one_click(stack: Stack, browser: Browser) -> None:
    team, person, lead_id = an_unassigned_lead(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        button = waiting_of(page, person).get_by_role("button", name="Try again")
        expect(button).to_be_enabled()
        a_user(stack, "admin").changes(f"/v1/recipients/{team.reps[0].id}", paused=False)
        # A function may remember for five seconds that the rep was paused.
        page.wait_for_timeout(5500)
        button.click()

        expect(page.get_by_text("It goes its way anew.")).to_be_visible()
    stack.until(lead_id, LeadState.ASSIGNED)


def test_what_is_wrong_is_said_in_words_with_the_next_step(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack)
    a_user(stack, "admin").changes(f"/v1/sources/{team.source_id}", active=False)
    queue = stack.physical("NoticeDeadLetters")
    sqs = stack.client("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody="{}")
    try:
        with an_operator(stack, browser, group="viewer") as vera:
            page = vera.opens("#/now")
            needs = page.get_by_role("region", name="What needs somebody")
            letters = needs.get_by_role("listitem").filter(has_text="could not be fetched: 1")

            expect(letters.get_by_text("move the messages back to their queue")).to_be_visible()
            expect(needs.get_by_text(f"The source {team.source_id} is switched off")).to_be_visible()
            expect(needs.get_by_text("could not be looked at")).to_have_count(0)
            assert faults_of(page) == []

            page.get_by_role("link", name="Leads").first.click()
            page.route("**/v1/troubles", lambda route: route.abort())
            page.get_by_role("link", name="Now").click()
            expect(needs.get_by_text("It is not known whether something else is wrong.")).to_be_visible()
            expect(page.get_by_role("region", name="Waiting, the longest first")).to_be_visible()
            assert faults_of(page) == []
    finally:
        sqs.purge_queue(QueueUrl=queue)


def test_people_are_found_among_all_in_their_groups(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack, size=2)
    a_user(stack, "admin").changes(f"/v1/recipients/{team.reps[0].id}", paused=True)
    with an_operator(stack, browser, viewport=PHONE) as maria:
        page = maria.opens("#/now")
        people = page.get_by_role("region", name="Who can take a lead")
        people.get_by_label("Find somebody").fill(team.reps[0].name)
        expect(people.get_by_role("button", name="Away 1")).to_be_visible()
        expect(people.get_by_role("button", name="Available 0")).to_be_visible()
        people.get_by_role("button", name="Available 0").click()
        expect(people.get_by_text("Nobody is like that.")).to_be_visible()
        people.get_by_role("button", name="All 1").click()

        expect(people.get_by_text("no open leads · not available: until further notice")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
