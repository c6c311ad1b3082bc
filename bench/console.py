"""How fluent the web console is with 10,000 leads and 500 reps, in Chromium: medians of several visits.

The files are the console's own, compressed as API Gateway does it. The API is played by a server of this file that has
every answer ready, in the shapes of the real one: measured is the console, and not the local AWS, which would need most
of the time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Final, cast

from playwright.sync_api import Browser, Page, sync_playwright

from bench.console_double import REPS, Double
from bench.table import Row
from local.chromium import bring

VISITS: Final = 7
SHOWN: Final = 1000
"""Leads that are shown at once when the list is typed over and scrolled: after 20 times "Show more"."""
PAINT: Final = "first paint"
PATIENCE_MS: Final = 60_000
_PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_ONE_FRAME: Final = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
_TYPED: Final = f"""async ([label, text]) => {{
    const field = [...document.querySelectorAll("label")].find((one) => one.textContent === label).control;
    const begun = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", {{bubbles: true}}));
    await ({_ONE_FRAME})();
    return performance.now() - begun;
}}"""
_CLICKED: Final = f"""async ([find, there]) => {{
    const begun = performance.now();
    document.querySelector(find).click();
    while (!document.querySelector(there)) await ({_ONE_FRAME})();
    return performance.now() - begun;
}}"""
_SCROLLED: Final = f"""async () => {{
    const gaps = [];
    for (let y = 0; y < document.body.scrollHeight && gaps.length < 60; y += 900) {{
        const begun = performance.now();
        scrollTo(0, y);
        await ({_ONE_FRAME})();
        gaps.push(performance.now() - begun);
    }}
    return Math.max(...gaps);
}}"""


def measure() -> list[Row]:
    """A row for each thing that a person waits for."""
    found: dict[str, list[float]] = {}
    with Double() as double, a_browser() as browser:
        for _ in range(VISITS):
            for name, took_ms in visit(browser, double):
                found.setdefault(name, []).append(took_ms)
        kb = round(double.bytes_sent / 1000)
    found = {f"{PAINT}, of {kb} kB compressed in all": found.pop(PAINT), **found}
    return [
        {"what": name, "median ms": round(median(times)), "most ms": round(max(times))}
        for name, times in found.items()
    ]


def visit(browser: Browser, double: Double) -> Iterator[tuple[str, float]]:
    """Somebody comes with an empty cache, looks at both screens, and does what people do there."""
    with browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        double.bytes_sent = 0
        page.goto(f"{double.url}/console/#/now")
        page.locator(".rows .row-link").first.wait_for()
        shown_ms = cast(float, page.evaluate("performance.now()"))
        yield PAINT, cast(float, page.evaluate(_PAINTED))
        yield "Now shows leads", shown_ms
        page.get_by_role("button", name=f"All {REPS}").wait_for()
        yield f"Now shows how {REPS} reps stand", cast(float, page.evaluate("performance.now()"))
        yield "a letter typed to find one of them", typed(page, "Find somebody", "rep 04")
        yield "the list of leads opens", clicked(page, 'a[href="#/leads"]', ".leads tbody tr")
        for _ in range(SHOWN // 50 - 1):
            before = page.locator(".leads tbody tr").count()
            page.get_by_role("button", name="Show more").click()
            page.wait_for_function("n => document.querySelectorAll('.leads tbody tr').length > n", arg=before)
        yield f"the longest frame while {SHOWN:,} leads are scrolled", cast(float, page.evaluate(_SCROLLED))
        yield f"a letter typed to look through {SHOWN:,} leads", typed(page, "Name or place", "lopez 1")
        yield "all of them again", typed(page, "Name or place", "")
        yield "a lead opens", clicked(page, ".leads tbody .row-link", ".way")


def typed(page: Page, label: str, text: str) -> float:
    """How long until the frame after a change of a field is on the screen, in milliseconds."""
    return cast(float, page.evaluate(_TYPED, [label, text]))


def clicked(page: Page, find: str, there: str) -> float:
    """How long after a click something is there, in milliseconds."""
    return cast(float, page.evaluate(_CLICKED, [find, there]))


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The system's Chromium."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=bring(), args=arguments)
        yield browser
        browser.close()
