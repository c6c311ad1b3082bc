"""People who use the web console: a browser, signed in by the hosted login, with an eye on what goes wrong in it."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from local import users
from tests.browser.visitors import Visitor, a_visitor
from tests.e2e.stack import PATIENCE_S, Stack

AXE: Final = Path(__file__).parents[1] / "browser" / "vendor" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: Final = {"width": 390, "height": 844}
_numbers: Final = itertools.count(1)


@dataclass
class Operator:
    """Somebody who signs in to the console."""

    stack: Stack
    visitor: Visitor
    name: str
    password: str
    pages: list[Page] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        """The browser's window."""
        return self.visitor.context

    @property
    def address(self) -> str:
        """Where the console is."""
        return f"{self.stack.outputs['ApiUrl']}/console/"

    def opens(self, route: str = "") -> Page:
        """The console at that route, after signing in where that is asked for."""
        page = self.visitor.opens(f"{self.address}{route}")
        self.signs_in(page)
        expect(page.get_by_role("main")).to_be_visible()
        return page

    def signs_in(self, page: Page) -> None:
        """Fill in the hosted login."""
        page.locator("[name=username]").fill(self.name)
        page.locator("[name=password]").fill(self.password)
        page.get_by_role("button").click()


@contextmanager
def an_operator(stack: Stack, browser: Browser, group: str = "admin", **options: Any) -> Iterator[Operator]:
    """A new user of that group, '' for none; whose pages must not have failed in the end."""
    # Where other tests run beside these, a function's first answer takes its time.
    expect.set_options(timeout=PATIENCE_S * 1000)
    password, name = users.new_password(), f"{group or 'nobody'}-console-{next(_numbers)}"
    users.add(stack.client("cognito-idp"), stack.outputs["UserPoolId"], name, password, group)
    with a_visitor(browser, reduced_motion="reduce", **options) as visitor:
        visitor.context.set_default_timeout(PATIENCE_S * 1000)
        try:
            yield Operator(stack, visitor, name, password)
        except (AssertionError, Error) as error:
            for page in visitor.context.pages:
                error.add_note(f"{name} saw at {page.url}:\n{page.locator('body').aria_snapshot()}")
            raise


def faults_of(page: Page) -> list[str]:
    """What axe finds wrong with the page, for people who see little, use no mouse, or have it read to them."""
    # By the debugger's own door: the page's policy lets no script in.
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']][:3])} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
    ]
