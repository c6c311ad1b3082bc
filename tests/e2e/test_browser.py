"""A visitor's browser and Baton as it is deployed: the script that it serves, and forms that lose no lead."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.forms import CONSENT, FIELDS, THANKS, a_form, a_page
from tests.browser.site import Fault, Intake, Site, a_site
from tests.browser.visitors import Visitor, a_browser, a_visitor, fill, kept
from tests.e2e.stack import Answer, Person, Stack
from tests.e2e.team import Team


# Not for the whole session: Playwright's event loop would be in the way of tests that run one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Somebody who comes by."""
    with a_visitor(browser) as visitor:
        yield visitor


@pytest.fixture
def site(stack: Stack) -> Iterator[Site]:
    """A site whose page /form posts to a source of its own."""
    with a_site(lambda _: road_to(stack)) as site:
        team = Team.at(stack, allowed_origins=(site.url,))
        form = a_form(site.api, FIELDS + CONSENT, source=team.id)
        site.pages["/form"] = a_page(site.api, form, THANKS)
        yield site


def road_to(stack: Stack) -> Intake:
    """What passes requests on to the API."""

    def intake(method: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
        named = {name.replace("-", "_"): value for name, value in headers.items()}
        return stack.request(method, path, body, named.pop("content_type", ""), **named)

    return intake


def somebody(stack: Stack) -> Person:
    """Somebody whose data must not show up in a log."""
    person = Person.new()
    stack.personal.update(person.fields.values())
    return person


def send(visitor: Visitor, url: str, person: Person) -> None:
    """Open the form, fill it in and send it."""
    page = visitor.opens(url)
    fill(page, last_name=person.last_name, email=person.email, phone=person.phone)
    page.check("[name=consent]")
    page.get_by_role("button").click()


def test_a_visitors_form_becomes_a_lead(visitor: Visitor, site: Site, stack: Stack) -> None:
    person = somebody(stack)
    send(visitor, f"{site.url}/form?utm_source=google", person)
    expect(visitor.context.pages[0].locator("[data-baton-thanks]")).to_be_visible()

    (lead_id,) = site.lead_ids
    lead = stack.lead(lead_id)
    assert (lead.contact.last_name, lead.attribution["utm_source"]) == (person.last_name, "google")
    assert lead.consent
    assert lead.consent.text == "I agree that Sunny Roofs may call me."


def test_offline_in_the_middle_of_a_submit_then_online_is_one_lead(
    visitor: Visitor, site: Site, stack: Stack
) -> None:
    site.faults.append(Fault.LOST)
    send(visitor, f"{site.url}/form", somebody(stack))
    (page,) = visitor.context.pages
    # Baton has it, but the browser has not heard so.
    site.until(lambda: len(site.lead_ids) == 1, "the lead")
    visitor.context.set_offline(True)
    site.go_on.set()
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    visitor.context.set_offline(False)
    expect(page.locator("[data-baton-thanks]")).to_be_visible()

    assert len(site.posts) > 1
    assert len(site.lead_ids) == 1
    assert kept(page) == []
