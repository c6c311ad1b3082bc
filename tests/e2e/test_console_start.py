"""Screen Set up: somebody who knows nothing of Baton gets leads to the right people, and sees that it works."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from baton.domain.lead import LeadState
from tests.browser.visitors import a_browser
from tests.e2e.callers import Caller, a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Person, Stack
from tests.e2e.team import Team

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def admin(stack: Stack) -> Caller:
    """Somebody who looks at what the console has made."""
    return a_user(stack, "admin")


def somebody(stack: Stack, name: str) -> Person:
    """Somebody with that first name, whom no other test knows."""
    person = Person.new()
    person = replace(person, first_name=f"{name} {person.last_name}")
    stack.personal.update((person.first_name, person.phone, person.email))
    return person


def row(page: Page, name: str) -> Locator:
    """The fields about somebody."""
    return page.get_by_role("group", name=name, exact=True)


def says_who(fields: Locator, person: Person, *, share: str = "") -> None:
    """Fill in who it is, by phone."""
    fields.get_by_label("Name").fill(person.first_name)
    fields.get_by_label("Phone").fill(person.phone)
    if share:
        fields.get_by_label("Share").fill(share)


def goes_on(page: Page, step: str) -> None:
    """Press the button that leads to the next step."""
    page.get_by_role("button", name=f"Next: {step}").click()
    expect(page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")).to_have_text(
        re.compile(step)
    )


def answers_everything(page: Page, campaign: str, *people: Person) -> None:
    """Go through the steps as quickly as possible: everything by default, the last person for what is left over."""
    page.get_by_label("Name of the campaign").fill(campaign)
    goes_on(page, "Who")
    for number, person in enumerate(people[:-1], 1):
        says_who(row(page, f"Person {number}"), person)
    goes_on(page, "Otherwise")
    says_who(row(page, "Who"), people[-1])
    goes_on(page, "From where")
    goes_on(page, "Check")


def works_now(page: Page) -> None:
    """Choose hours that hold at this moment and for the next hours, every day."""
    page.get_by_role("button", name="In working hours").click()
    for day in DAYS:
        button = page.get_by_role("button", name=day, exact=True)
        if button.get_attribute("aria-pressed") == "false":
            button.click()
    now = datetime.now(UTC)
    page.get_by_label("From", exact=True).fill(f"{now - timedelta(hours=2):%H:%M}")
    page.get_by_label("Until", exact=True).fill(f"{now + timedelta(hours=4):%H:%M}")


def test_two_for_ana_one_for_ben_in_working_hours_and_otherwise_carla(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    ana, ben, carla = (somebody(stack, name) for name in ("Ana", "Ben", "Carla"))
    with an_operator(stack, browser, timezone_id="UTC") as maria:
        page = maria.opens("#/start")
        page.get_by_label("Name of the campaign").fill(f"New form {ana.last_name}")
        assert faults_of(page) == []
        goes_on(page, "Who")
        says_who(row(page, "Person 1"), ana, share="2")
        says_who(row(page, "Person 2"), ben)
        works_now(page)
        assert faults_of(page) == []
        goes_on(page, "Otherwise")
        says_who(row(page, "Who"), carla)
        assert faults_of(page) == []
        goes_on(page, "From where")
        page.get_by_label("Your web site").fill("www.example.com/contact")
        assert faults_of(page) == []
        goes_on(page, "Check")
        words = f"go to {ana.first_name} (2 of 3) and {ben.first_name} (1 of 3), every day"
        expect(page.get_by_text(words)).to_be_visible()
        assert faults_of(page) == []
        page.get_by_role("button", name="Make it").click()

        # Simulated: Ana first within the hours, Carla outside of them.
        within = page.get_by_role("region", name="In working hours")
        expect(within.get_by_text(f"{ana.first_name} would get it")).to_be_visible()
        outside = page.get_by_role("region", name="Outside of them")
        expect(outside.get_by_text(f"{carla.first_name} would get it")).to_be_visible()

        # Six that nobody sends, at a moment that is still to come.
        page.get_by_role("button", name="Try them").click()
        row_of_six = page.get_by_role("region", name="They would go to")
        expect(row_of_six).to_contain_text(f"{ana.first_name} 4")
        expect(row_of_six).to_contain_text(f"{ben.first_name} 2")

        page.get_by_role("button", name="Send 6 in a row").click()
        became = page.get_by_role("region", name="What became of them")
        for person, leads in ((ana, "4 leads"), (ben, "2 leads")):
            expect(became.get_by_role("status")).to_contain_text(f"{person.first_name} has {leads}")
        expect(became.get_by_text(f"Offered to {ana.first_name}")).to_be_visible()
        assert faults_of(page) == []
        campaign_id = page.url.rpartition("/")[2]
        for way in (f"#/sources/campaign/{campaign_id}", f"#/plans/{campaign_id}"):
            page.evaluate("way => { location.hash = way }", way)
            page.get_by_role("link", name="See that it works").click()
            expect(page).to_have_url(re.compile(f"#/start/{campaign_id}$"))

    # Not only on the page: six leads, and a message to each of the two for each of theirs.
    leads = admin("GET", f"/v1/leads?campaign_id={campaign_id}").json["items"]
    names = {one["id"]: one["name"] for one in recipients(admin)}
    assert (
        sorted(names[lead["recipient_id"]] for lead in leads) == [ana.first_name] * 4 + [ben.first_name] * 2
    )
    stack.link_to(ana.phone, 4)
    stack.link_to(ben.phone, 2)
    # A page of the named site may post, another one may not.
    source = next(one for one in documents(admin, "sources") if one["campaign_id"] == campaign_id)
    form = {"last_name": "Lopez", "email": "lopez@private.example", "consent": "yes"}
    assert stack.post(source["id"], form, origin="https://www.example.com").status == 202
    assert stack.post(source["id"], form, origin="https://other.example").status == 403


def recipients(admin: Caller) -> list[dict[str, Any]]:
    """Everybody."""
    return documents(admin, "recipients")


def documents(admin: Caller, kind: str) -> list[dict[str, Any]]:
    """All documents of a kind."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = admin("GET", f"/v1/{kind}?limit=200{after}").json
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def test_what_is_there_already_is_used_or_left_alone_and_never_overwritten(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    ana, ben = somebody(stack, "Ana"), somebody(stack, "Ben")
    name = f"Taken {ana.last_name}"
    first_id = name.lower().replace(" ", "-")
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/start")
        answers_everything(page, name, ana, ben)
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("heading", name=f"{name}: see that it works")).to_be_visible()
        known = next(one for one in recipients(admin) if one["name"] == ana.first_name)
        texan = {"field": "contact.state", "op": "in", "value": ["TX"]}
        admin.changes(f"/v1/recipients/{known['id']}", accepts=texan)
        page.reload()
        page.get_by_role("link", name="Set up another").click()
        before = {one["id"]: one for one in recipients(admin)}

        # The same once more, in the same words. Ana is known by her name; Ben is somebody else of that name.
        page.get_by_label("Name of the campaign").fill(name)
        goes_on(page, "Who")
        person = row(page, "Person 1")
        person.get_by_label("Name").fill(ana.first_name)
        expect(person.get_by_text(f"{ana.first_name} is in Baton already")).to_be_visible()
        # Whoever types on meets no button: the next field is her share.
        page.keyboard.press("Tab")
        expect(person.get_by_label("Share")).to_be_focused()
        person.get_by_role("button", name="Somebody else of this name").click()
        expect(person.get_by_label("Phone")).to_be_focused()
        person.get_by_role("button", name=f"Use the {ana.first_name} who is in Baton").click()
        # She takes leads of one state, and the form does not ask for it: said before anything is made, and mended.
        expect(person.get_by_text(f"does not ask for State, so {ana.first_name} gets none")).to_be_visible()
        assert faults_of(page) == []
        person.get_by_role("button", name="Ask for State in the form").click()
        expect(person.get_by_text("State is one of TX: of the others")).to_be_visible()
        # Ana has no hours of her own and gets none: the plan keeps to them.
        page.get_by_role("button", name="In working hours").click()
        goes_on(page, "Otherwise")
        row(page, "Who").get_by_label("Name").fill(ben.first_name)
        row(page, "Who").get_by_role("button", name="Somebody else of this name").click()
        row(page, "Who").get_by_label("Email").fill("another@sales.example")
        goes_on(page, "From where")
        goes_on(page, "Check")
        page.get_by_role("button", name="Make it").click()
        expect(page).to_have_url(re.compile(f"#/start/{first_id}-2$"))

    after = {one["id"]: one for one in recipients(admin)}
    assert {key: after[key] for key in before} == before
    assert [after[key]["email"] for key in after.keys() - before.keys()] == ["another@sales.example"]
    first, second = (admin("GET", f"/v1/campaigns/{key}").json for key in (first_id, f"{first_id}-2"))
    assert second["required"] == [*first["required"], "contact.state"]
    assert (first["plan_id"], second["plan_id"]) == (first_id, f"{first_id}-2")
    stages = [admin("GET", f"/v1/plans/{key}").json["stages"][0] for key in (first_id, f"{first_id}-2")]
    assert stages[0]["when"] is None
    assert (stages[1]["when"]["field"], stages[1]["when"]["op"]) == ("time.now", "time_of_day")
    pools = [admin("GET", f"/v1/pools/{stage['pool_id']}").json for stage in stages]
    assert pools[0]["members"] == pools[1]["members"]
    assert pools[0]["id"] != pools[1]["id"]


def test_leads_are_tried_when_nobody_of_the_team_is_on_leave_and_on_their_clock(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    team = Team.at(stack, size=2, auto_accept=True)
    ana, ben = team.reps
    blocks = [{"days": [day.lower() for day in DAYS[:5]], "start": "09:00", "end": "17:00"}]
    today = datetime.now(UTC).date()
    # Until past a weekend, whichever day it is now.
    leave = [{"first": str(today), "last": str(today + timedelta(days=3))}]
    for rep, away in ((ana, []), (ben, leave)):
        schedule = {"blocks": blocks, "leave": away}
        admin.changes(f"/v1/recipients/{rep.id}", zone="America/New_York", schedule=schedule)
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/start/{team.id}")
        within = page.get_by_role("region", name="In working hours")
        expect(within.get_by_text("Of 6 leads in a row")).to_contain_text(f"{ben.name} 3")
        page.get_by_label("When (New York time)").fill("2031-07-08T09:30")
        page.get_by_label("How many, up to 20").fill("2")
        page.get_by_role("button", name="Try them").click()
        tried = page.get_by_role("region", name="They would go to")
        expect(tried.get_by_text("Tue 09:30 AM in New York")).to_be_visible()
        expect(tried.get_by_text("Of 2 leads in a row")).to_contain_text(f"{ben.name} 1")
        page.get_by_label("When (New York time)").fill("2031-01-07T17:30")
        page.get_by_role("button", name="Try them").click()
        expect(tried.get_by_text("Tue 05:30 PM in New York")).to_be_visible()
        expect(tried.get_by_text("nobody 2")).to_be_visible()
        assert faults_of(page) == []
        # A plan that asks nobody.
        admin.publishes(team.id, stages=[{"name": "The team", "pool_id": team.id, "off": True}])
        page.evaluate("location.hash = '#/now'")
        page.evaluate(f"location.hash = '#/start/{team.id}'")
        expect(page.get_by_role("region", name="Outside of them")).to_contain_text("nobody 6")
        expect(page.get_by_role("region", name="In working hours")).to_have_count(0)


def test_where_somebody_else_takes_an_id_meanwhile_another_one_is_chosen(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    ana, ben = somebody(stack, "Ana"), somebody(stack, "Ben")
    name = f"Race {ana.last_name}"
    taken = name.lower().replace(" ", "-")
    theirs = {"id": taken, "name": "Theirs", "members": []}
    meanwhile = iter([lambda: admin.creates("pools", theirs)])

    def first(route: Route) -> None:
        next(meanwhile, lambda: None)()
        route.continue_()

    with an_operator(stack, browser) as maria:
        page = maria.opens("#/start")
        page.route("**/v1/configuration", first)
        answers_everything(page, name, ana, ben)
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("heading", name=f"{name}: see that it works")).to_be_visible()

    assert admin("GET", f"/v1/pools/{taken}").json["name"] == "Theirs"
    plan = admin("GET", f"/v1/plans/{taken}").json
    assert plan["stages"][0]["pool_id"] == f"{taken}-2"


def test_who_goes_back_finds_what_was_typed_and_what_is_wrong_stands_beside_its_field(
    stack: Stack, browser: Browser
) -> None:
    ana = somebody(stack, "Ana")
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/start?step=look")
        page.get_by_role("button", name="Next: Who").click()
        expect(page.get_by_text("Give it a name")).to_be_visible()
        page.get_by_label("Name of the campaign").fill("Kept")
        page.get_by_role("button", name="A question of your own").click()
        page.get_by_label("Question", exact=True).fill("Size of the roof")
        goes_on(page, "Who")
        says_who(row(page, "Person 1"), replace(ana, phone="12"))
        page.get_by_role("button", name="Next: Otherwise").click()

        phone = row(page, "Person 1").get_by_label("Phone")
        expect(phone).to_be_focused()
        expect(phone).to_have_accessible_description(re.compile("Begin with \\+ and the country"))
        phone.fill("+1 (202) 555-0143")
        page.get_by_role("navigation", name="Screens").get_by_role("link", name="Leads").click()
        expect(page.get_by_role("heading", name="Leads")).to_be_visible()
        page.go_back()
        expect(row(page, "Person 1").get_by_label("Name")).to_have_value(ana.first_name)
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_label("Name of the campaign")).to_have_value("Kept")
        expect(page.get_by_label("Question", exact=True)).to_have_value("Size of the roof")
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")
        assert ana.first_name not in kept


def test_a_question_of_one_s_own_is_asked_by_the_form_and_its_answer_is_in_the_lead(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    ana, ben = somebody(stack, "Ana"), somebody(stack, "Ben")
    with an_operator(stack, browser, viewport=PHONE) as maria:
        page = maria.opens("#/start")
        page.get_by_label("Name of the campaign").fill(f"Roofs {ana.last_name}")
        page.get_by_role("button", name="A question of your own").click()
        question = row(page, "New question")
        question.get_by_label("Question", exact=True).fill("Kind of roof")
        question = row(page, "Kind of roof")
        question.get_by_label("Answer").select_option("choice")
        question.get_by_label("Choices").fill("flat, gable")
        question.get_by_label("required").check()
        goes_on(page, "Who")
        says_who(row(page, "Person 1"), ana)
        page.get_by_role("button", name="It is theirs at once").click()
        goes_on(page, "Otherwise")
        page.get_by_role("button", name="Another team").click()
        says_who(row(page, "Person 1"), ben)
        goes_on(page, "From where")
        goes_on(page, "Check")
        page.get_by_role("button", name="Make it").click()
        form = page.get_by_role("form", name="Test lead")
        form.get_by_label("Kind of roof").select_option("gable")
        form.get_by_role("button", name="Send a test lead").click()
        became = page.get_by_role("region", name="What became of them")
        expect(became.get_by_role("status")).to_have_text(f"{ana.first_name} has 1 lead")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []
        snippet = page.get_by_role("group", name="The form", exact=True)
        expect(snippet).to_contain_text('<select name="kind_of_roof" required>')
        copied = snippet.text_content() or ""
        became.get_by_role("link", name="Test lead 1").click()
        expect(page.get_by_role("heading", name="Test Lead 1")).to_be_visible()
        lead_id = page.url.rpartition("/")[2]

    lead = admin("GET", f"/v1/leads/{lead_id}").json["lead"]
    assert (lead["state"], lead["attributes"]) == (LeadState.ASSIGNED, {"kind_of_roof": "gable"})
    assert lead["consent"]["given"] is True
    words = admin("GET", f"/v1/sources/{lead['source_id']}").json["form"]["consent"]
    assert (lead["consent"]["text"], lead["consent"]["version"]) == (words["text"], words["version"])
    assert words["text"] in copied


def test_a_viewer_is_told_that_it_takes_an_admin(stack: Stack, browser: Browser) -> None:
    ana, ben = somebody(stack, "Ana"), somebody(stack, "Ben")
    with an_operator(stack, browser, group="viewer") as vera:
        page = vera.opens("#/start")
        expect(page.get_by_text("takes somebody in the group admin")).to_be_visible()
        answers_everything(page, f"Viewed {ana.last_name}", ana, ben)

        expect(page.get_by_role("button", name="Make it")).to_be_disabled()
    viewer = a_user(stack, "viewer")
    assert viewer("PUT", "/v1/configuration", {"recipients": []}, if_none_match="*").status == 403


def test_an_empty_deployment_opens_with_the_first_step(stack: Stack, browser: Browser) -> None:
    def nothing(route: Route) -> None:
        route.fulfill(json={"items": [], "etags": {}, "next": None})

    with an_operator(stack, browser) as maria:
        maria.context.route("**/v1/campaigns?*", nothing)
        page = maria.opens()

        expect(page.get_by_role("heading", name="Set up your first campaign")).to_be_visible()
        page.get_by_role("navigation", name="Screens").get_by_role("link", name="Now").click()
        expect(page.get_by_role("heading", name="Now")).to_be_visible()
