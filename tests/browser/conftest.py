"""A browser for each module, a site for each test with Baton's intake behind it, over stores in memory."""

import threading
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser

from baton.entrypoints.assets import script
from baton.entrypoints.http import endpoint
from tests.browser.forms import CONSENT, FIELDS, THANKS, a_form, a_page
from tests.browser.site import Intake, Site, a_site
from tests.browser.visitors import Visitor, a_browser, a_visitor
from tests.builders import World, a_source
from tests.e2e.stack import Answer
from tests.unit import wire
from tests.unit.wire import an_event, post_lead

ORIGINS = ("http://localhost:{port}", "http://shop.test:{port}")


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
def world() -> World:
    """Baton."""
    return World()


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    """The site, whose page /form has the usual form."""
    with a_site(lambda site: intake_of(world, site)) as site:
        site.pages["/form"] = a_page(site.api, a_form(site.api, FIELDS + CONSENT, id="offer"), THANKS)
        yield site


def intake_of(world: World, site: Site) -> Intake:
    """The real intake, which lets the site's pages post."""
    origins = [origin.format(port=site.port) for origin in ORIGINS]
    world.configure(a_source(allowed_origins=origins, honeypot_field="website"))
    one_at_a_time = threading.Lock()

    def intake(method: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
        sent = dict(headers)
        with one_at_a_time:
            if method == "GET":
                handler = endpoint(lambda request, _: script(request))
                answer = wire.Answer.of(handler(an_event(method=method, headers=sent), None))
            else:
                answer = post_lead(world, body, path.split("/")[3], method=method, headers=sent)
        return Answer(answer.status, answer.headers, answer.body)

    return intake
