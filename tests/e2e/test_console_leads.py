"""Screen Leads: found, opened, explained, concluded, forgotten; and documents that two people change at once."""

import json
import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from baton.domain.access import hash_of
from baton.domain.buyer import Billing, BillingMode, Buyer
from baton.domain.campaign import Campaign, ReturnPolicy
from baton.domain.lead import Answer, LeadState
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient, RecipientType
from baton.domain.source import Source
from baton.domain.timeline import EventKind
from tests.browser.visitors import a_browser
from tests.e2e.callers import a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import JSON, Person, Stack
from tests.e2e.team import Team

NOBODY = "0" * 32
TO: Final = "\N{EN DASH}"
BUYER: Final = "console-buyer"
RETURN_KEY: Final = "rk_of_the_console_buyer_4d1f"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


def an_assigned_lead(stack: Stack) -> tuple[Team, Person, str]:
    """A team of two, somebody, and their lead, which the first of the two has."""
    team, person = Team.at(stack, size=2, auto_accept=True), Person.new()
    lead_id = stack.take_in(team.source_id, person)
    stack.until(lead_id, LeadState.ASSIGNED)
    return team, person, lead_id


def open_lead(page: Page, team: Team, person: Person) -> None:
    """Look for a lead as a person would, and open it."""
    page.get_by_label("Campaign").select_option(team.id)
    page.get_by_role("link", name=person.last_name).click()
    expect(page.get_by_role("heading", level=1, name=person.last_name)).to_be_visible()


def test_a_lead_is_found_and_says_who_got_it_and_why_not_somebody_else(
    stack: Stack, browser: Browser
) -> None:
    team, person, _ = an_assigned_lead(stack)
    first, second = team.reps
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/leads")
        open_lead(page, team, person)
        way = page.get_by_role("region", name="Why it went there")
        expect(way.get_by_text(f"{first.name} got it")).to_be_visible()
        expect(way.get_by_text(f"{second.name} was not in turn")).to_be_visible()

        # What stands still is asked for again, but not with its traces.
        with page.expect_response("**/v1/leads/*traces=false*"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(way.get_by_text(f"{first.name} got it")).to_be_visible()

        page.get_by_label("Who", exact=True).select_option(second.id)
        expect(page.get_by_text(f"{second.name} would have got it")).to_be_visible()
        assert person.last_name not in page.url
        assert faults_of(page) == []


def test_a_rare_lead_is_looked_for_beyond_pages_that_have_none(stack: Stack, browser: Browser) -> None:
    _, person, _ = an_assigned_lead(stack)
    empty = {"items": [], "next": "older"}
    pages = iter([empty] * 3)

    def answer(route: Route) -> None:
        page = next(pages, None)
        if page is not None:
            route.fulfill(json=page)
        else:
            route.continue_(url=re.sub("&after=older", "", route.request.url))

    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        page.route("**/v1/leads?*state=assigned*", answer)
        page.evaluate("location.hash = '#/leads?state=assigned'")
        expect(page.get_by_role("link", name=person.last_name)).to_be_visible()

        page.route("**/v1/leads?*state=lost*", lambda route: route.fulfill(json=empty))
        page.get_by_label("State").select_option("lost")
        expect(page.get_by_text("None among the newest")).to_be_visible()
        expect(page.get_by_role("button", name="Show more")).to_be_visible()
        assert faults_of(page) == []

        page.get_by_role("searchbox").fill(person.email.upper())
        theirs = page.get_by_role("region", name="Every lead of this person")
        expect(theirs.get_by_role("link", name=person.last_name)).to_be_visible()
        assert faults_of(page) == []
        assert person.email not in page.url


def test_what_became_of_a_lead_is_recorded(stack: Stack, browser: Browser) -> None:
    team, person, lead_id = an_assigned_lead(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/leads")
        open_lead(page, team, person)
        page.get_by_role("button", name="What became of it").click()
        page.get_by_role("dialog").get_by_label("What became of it").select_option("converted")
        page.get_by_label("What it was worth").fill("1200.50")
        assert faults_of(page) == []
        page.get_by_role("button", name="Record it").click()

        expect(page.get_by_role("main").get_by_text("Converted").first).to_be_visible()
        assert stack.until(lead_id, LeadState.CONVERTED).value_cents == 120050

        # Given back it is nobody's, and waits for somebody to say whose it is.
        page.get_by_role("button", name="What became of it").click()
        page.get_by_role("dialog").get_by_label("What became of it").select_option("returned")
        expect(page.get_by_role("dialog").get_by_text("It goes to nobody by itself")).to_be_visible()
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_text(f"nobody: {team.reps[0].name} gave it back")).to_be_visible()
        page.get_by_role("link", name="Now", exact=True).click()
        needs = page.get_by_role("region", name="What needs somebody")
        expect(needs.get_by_text("Given back by reps")).to_be_visible()
        row = page.get_by_role("region", name="Waiting, the longest first").get_by_role("listitem")
        row.filter(has_text=person.last_name).get_by_role("button", name="Assign").click()
        expect(page.get_by_role("dialog").get_by_text("It begins anew")).to_be_visible()


def test_a_person_is_forgotten_only_by_who_means_it(stack: Stack, browser: Browser) -> None:
    team, person, lead_id = an_assigned_lead(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/leads")
        open_lead(page, team, person)
        page.get_by_role("button", name="Forget this person").click()
        sure = page.get_by_role("button", name="Remove for good")
        expect(sure).to_be_disabled()
        page.get_by_label("Type forget to go on").fill("forget")
        sure.click()

        expect(page.get_by_role("heading", level=1, name="The person is forgotten.")).to_be_visible()
        expect(page.get_by_text(person.email)).to_have_count(0)
    assert stack.lead(lead_id).forgotten_at


def test_a_viewer_can_look_and_neither_page_nor_api_lets_them_change_anything(
    stack: Stack, browser: Browser
) -> None:
    team, person, lead_id = an_assigned_lead(stack)
    with an_operator(stack, browser, group="viewer", viewport=PHONE) as vera:
        page = vera.opens("#/leads")
        open_lead(page, team, person)

        for name in ("What became of it", "Forget this person"):
            expect(page.get_by_role("button", name=name)).to_be_disabled()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []
    refused = a_user(stack, "viewer")("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": "contacted"})
    assert refused.status == 403


def test_a_lead_is_given_to_another_rep_by_name(stack: Stack, browser: Browser) -> None:
    team, person, lead_id = an_assigned_lead(stack)
    first, second = team.reps
    with an_operator(stack, browser, viewport=PHONE) as maria:
        page = maria.opens("#/leads")
        open_lead(page, team, person)
        page.get_by_role("button", name="Reassign").click()
        dialog = page.get_by_role("dialog", name=f"Who is to get {person.first_name} {person.last_name} now?")
        dialog.get_by_label("Find a rep").fill(second.name)
        dialog.get_by_role("radio", name=second.name).check()
        expect(dialog.get_by_role("button", name=f"Give it to {second.name}")).to_be_disabled()
        dialog.get_by_label("Why").select_option("not-called")
        assert faults_of(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        dialog.get_by_role("button", name=f"Give it to {second.name}").click()

        expect(dialog).to_be_hidden()
        expect(page.get_by_text(f"Taken back from {first.name} by admin-")).to_be_visible()
        expect(page.get_by_text(f"Assigned to {second.name}")).to_be_visible()
        expect(page.get_by_text("· Did not call")).to_be_visible()
        expect(page.get_by_text("a person chose who gets it")).to_be_visible()
    lead = stack.lead(lead_id)
    assert (lead.recipient_id, lead.offers[0].answer) == (second.id, Answer.REASSIGNED)


def test_a_viewer_gives_no_lead_to_anybody(stack: Stack, browser: Browser) -> None:
    team, person, lead_id = an_assigned_lead(stack)
    with an_operator(stack, browser, group="viewer") as vera:
        page = vera.opens("#/leads")
        open_lead(page, team, person)

        expect(page.get_by_role("button", name="Reassign")).to_be_disabled()
    assert a_user(stack, "viewer")("POST", f"/v1/leads/{lead_id}/reassignment", {}).status == 403
    assert stack.lead(lead_id).recipient_id == team.reps[0].id


def test_a_buyers_return_is_approved_where_the_lead_is_looked_at(stack: Stack, browser: Browser) -> None:
    person, lead_id = a_sold_lead(stack)
    asked = stack.request(
        "POST",
        f"/v1/leads/{lead_id}/returns",
        json.dumps({"recipient_id": BUYER, "reason": "invalid_contact", "note": "nobody lives there"}),
        JSON,
        X_Api_Key=RETURN_KEY,
    )
    assert asked.status < 300, asked
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/now")
        waiting = page.get_by_role("region", name="Returns that wait for a decision")
        waiting.get_by_role("listitem").filter(has_text="nobody lives there").get_by_role("link").click()
        expect(page.get_by_role("heading", level=1, name=person.last_name)).to_be_visible()
        expect(page.get_by_text("invalid contact · $12.50")).to_be_visible()
        assert faults_of(page) == []
        page.get_by_role("button", name="Approve").click()

        expect(page.get_by_text("Approved: the money went back.")).to_be_visible()
        # It is nobody's again, although its last offer was a buyer's.
        expect(page.get_by_role("button", name="Assign")).to_be_visible()
    assert stack.until(lead_id, LeadState.RETURNED).recipient_id


def test_a_sold_lead_is_taken_back_for_a_buyer_who_called(stack: Stack, browser: Browser) -> None:
    _, lead_id = a_sold_lead(stack)
    with an_operator(stack, browser, "viewer") as vera:
        expect(
            vera.opens(f"#/leads/{lead_id}").get_by_role("button", name="Return", exact=True)
        ).to_be_disabled()
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/leads/{lead_id}")
        page.get_by_role("button", name="Return", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("Harbor has bought it. It gets $12.50 back at once")).to_be_visible()
        dialog.get_by_label("Why").select_option("wrong person")
        dialog.get_by_label("What the buyer said").fill("it is the neighbour's number")
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Take it back").click()

        expect(page.get_by_text("Taken back: the money went back to the buyer.")).to_be_visible()
        expect(page.get_by_role("button", name="Assign")).to_be_visible()
        expect(page.get_by_role("button", name="Return", exact=True)).to_have_count(0)
    assert stack.until(lead_id, LeadState.RETURNED).offers[-1].answer == "returned"
    assert EventKind.LEAD_RETURNED in stack.events(lead_id)


def a_sold_lead(stack: Stack) -> tuple[Person, str]:
    """Somebody, and their lead, which a buyer without a system has bought."""
    buyer = Buyer(
        price_cents=1250,
        billing=Billing(mode=BillingMode.INVOICED, credit_limit_cents=100_000),
        return_keys=(hash_of(RETURN_KEY),),
    )
    stack.configure(
        Recipient(
            id=BUYER, type=RecipientType.BUYER, name="Harbor", email="h@x.example", zone="UTC", buyer=buyer
        ),
        Pool(id=BUYER, name=BUYER, members=(Member(recipient_id=BUYER),)),
        Plan(id=BUYER, version=1, stages=(Stage(name="Buyers", pool_id=BUYER),)),
        PublishedPlan(id=BUYER, version=1),
        Campaign(id=BUYER, name=BUYER, plan_id=BUYER, returns=ReturnPolicy(resell=False)),
        Source(id=BUYER, name=BUYER, campaign_id=BUYER),
    )
    person = Person.new()
    lead_id = stack.take_in(BUYER, person)
    stack.until(lead_id, LeadState.SOLD)
    return person, lead_id


def test_a_lead_that_is_not_there_is_said_not_to_be(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/leads/{NOBODY}")

        expect(page.get_by_role("heading", name="It is not there")).to_be_visible()


def test_two_who_change_the_same_field_are_asked_and_other_fields_are_put_together(
    stack: Stack, browser: Browser
) -> None:
    team = Team.at(stack)
    path = f"/v1/recipients/{team.reps[0].id}"
    other = a_user(stack, "admin")
    block = {"days": ["mon", "tue"], "start": "10:00", "end": "18:00"}
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/people/{team.reps[0].id}")
        page.get_by_label("Name", exact=True).fill("Mine")
        page.get_by_role("switch", name="Paused").check()
        page.get_by_role("button", name=f"Mon{TO}Fri 9{TO}17").click()
        other.changes(path, zone="Europe/Madrid", name="Theirs", schedule={"blocks": [block]})
        page.get_by_role("button", name="Save", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("admin-")).to_be_visible()
        expect(dialog.get_by_role("radio")).to_have_count(4)
        expect(dialog.get_by_text(f"Hours: Mon, Tue 10:00{TO}18:00")).to_be_visible()
        assert faults_of(page) == []
        # Somebody saves once more before the choice is made.
        other.changes(path, name="Third")
        dialog.get_by_label("Theirs").check()
        dialog.get_by_label("Hours: Mon, Tue").check()
        page.get_by_role("button", name="Save what is chosen").click()
        expect(page.get_by_text("Everything is saved.")).to_be_visible()
        expect(dialog).to_be_hidden()

        page.get_by_label("Name", exact=True).fill("Mine again")
        other.changes(path, name="Fourth")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(dialog.get_by_role("radio")).to_have_count(2)
        other.changes(path, name="Fifth")
        page.get_by_role("button", name="Save what is chosen").click()
        dialog.get_by_label("Fifth").check()
        page.get_by_role("button", name="Save what is chosen").click()
        expect(page.get_by_text("Everything is saved.")).to_be_visible()
    now = other("GET", path).json
    assert (now["name"], now["zone"], now["paused"]) == ("Fifth", "Europe/Madrid", True)
    assert now["schedule"]["blocks"] == [block]
