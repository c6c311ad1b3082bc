"""Visitors of a web site: a real browser, a window of its own for each test, and an eye on what goes wrong in it."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from local.chromium import bring
from tests.browser.site import PATIENCE_S

# What the browser itself says about a request that a test made fail, and no fault of a script.
EXPECTED: Final = ("Failed to load resource",)
POLL_MS: Final = 20
REMEMBER: Final = """
window.heard = [];
for (const name of ['queued', 'sent', 'refused'])
  addEventListener('baton:' + name, event => heard.push([name, event.detail]));
"""
FILL: Final = """
fields => {
    for (const name in fields) {
        const control = document.querySelector(`form [name='${name}']`);
        control.value = fields[name];
        control.dispatchEvent(new Event('input', {bubbles: true}));
    }
}
"""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window, installed first where it is missing."""
    # Debian's Chromium will not run as root with its sandbox, and there is nothing foreign that it shows here.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    # The name of a site without https.
    arguments.append("--host-resolver-rules=MAP shop.test 127.0.0.1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=bring(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """Somebody with a browser window, its storage empty at first."""

    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    """Errors that no script caught, and whatever else the console showed as one."""

    def opens(self, url: str) -> Page:
        """A new tab with that page."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.add_init_script(REMEMBER)
        page.goto(url)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.errors.append(message.text)


@contextmanager
def a_visitor(browser: Browser, **options: Any) -> Iterator[Visitor]:
    """A visitor, who leaves at the end, and whose pages must not have failed."""
    with browser.new_context(**options) as context:
        context.set_default_timeout(PATIENCE_S * 1000)
        visitor = Visitor(context)
        yield visitor
        assert visitor.errors == []


def fill(page: Page, **fields: str) -> None:
    """Fill in the page's first form, as a browser that knows its user does; what is not said is somebody's."""
    page.evaluate(FILL, {"last_name": "Lopez", "email": "maria@example.com", **fields})


def kept(page: Page) -> list[dict[str, Any]]:
    """The leads that wait in the browser's storage."""
    names = "Object.keys(localStorage).filter(name => name.startsWith('baton.lead.'))"
    return [json.loads(text) for text in page.evaluate(f"{names}.map(name => localStorage[name])")]


def heard(page: Page) -> list[str]:
    """The names of Baton's events on the page, in their order."""
    return [name for name, _ in page.evaluate("heard")]


def until(page: Page, expression: str) -> None:
    """Wait until that is true on the page. Playwright's own waiting is stopped by a page's policy for scripts."""
    end = time.monotonic() + PATIENCE_S
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {PATIENCE_S:.0f} s: {expression}"
        page.wait_for_timeout(POLL_MS)
