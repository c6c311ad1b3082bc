"""Pictures of the console for the guides, from the running local stack: `python -m local.screenshots`.

`make up` and `make replay` before; whatever is in the stack then is in the pictures.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from local import deploy
from local.chromium import bring
from local.record import RECORD, Stack, read
from local.users import FILE, GROUPS

FOLDER: Final = deploy.ROOT / "docs" / "images"
LAPTOP: Final = (1200, 820)
DESK: Final = (1440, 900)
PHONE: Final = (390, 780)
TALL: Final = (1200, 880)
WIDE: Final = (1720, 900)
PATIENCE_MS: Final = 30_000
# For times that were just now to be drawn, and what came in meanwhile.
SETTLE_MS: Final = 1500


def the_newest_assigned(page: Page) -> None:
    """Open a lead that somebody has."""
    page.get_by_role("row").filter(has_text="Assigned").first.get_by_role("link").click()
    page.get_by_role("region", name="Why it went there").wait_for()


def a_lead_tried(page: Page) -> None:
    """Try the newest lead."""
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("The lead comes in").nth(1).wait_for()
    page.evaluate("scrollTo(0, 0)")


def the_week(page: Page) -> None:
    """Bring the working hours of whoever is shown into view."""
    page.get_by_role("region", name="When they work").wait_for()
    page.get_by_role("heading", name="When they work").evaluate(
        "head => scrollBy(0, head.getBoundingClientRect().top - 60)"
    )


def nothing(page: Page) -> None:
    """Leave the screen as it is."""


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the screen, how large and in which light."""

    name: str
    route: str
    size: tuple[int, int] = LAPTOP
    light: Literal["light", "dark"] = "light"
    then: Callable[[Page], None] = nothing


PICTURES: Final = (
    Picture("console-now", "#/now"),
    Picture("console-lead", "#/leads?state=assigned", then=the_newest_assigned),
    Picture("console-people", "#/people/farid", then=the_week),
    Picture("console-leads", "#/leads", WIDE, "dark"),
    Picture("console-plan", "#/plans/solar", size=DESK, then=a_lead_tried),
    Picture("console-reports", "#/reports/reps", TALL),
    Picture("console-start", "#/start/solar", TALL),
    Picture("console-phone", "#/now", PHONE),
    Picture("console-phone-lead", "#/leads?state=assigned", PHONE, "dark", the_newest_assigned),
)


def main() -> int:
    """Take all of them; returns the exit code."""
    stack, known = read(RECORD), read(FILE)
    if stack is None or known is None or "api_url" not in stack:
        print("Not running. Start it with `make up`, and send it leads with `make replay`.", file=sys.stderr)
        return 1
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=bring(), args=arguments)
        for picture in PICTURES:
            take(browser, stack, known[GROUPS[0]], picture)
        browser.close()
    return 0


def take(browser: Browser, stack: Stack, password: str, picture: Picture) -> None:
    """Sign in, go there, and write the file."""
    width, height = picture.size
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=picture.light, reduced_motion="reduce"
    ) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{stack['api_url']}/console/{picture.route}")
        page.locator("[name=username]").fill(GROUPS[0])
        page.locator("[name=password]").fill(password)
        page.get_by_role("button").click()
        page.get_by_role("navigation").wait_for()
        page.get_by_role("main").get_by_role("link").first.wait_for()
        picture.then(page)
        page.locator(".wait").first.wait_for(state="detached")
        page.wait_for_timeout(SETTLE_MS)
        file = FOLDER / f"{picture.name}.png"
        page.screenshot(path=file)
        print(f"{file.relative_to(deploy.ROOT)}: {file.stat().st_size // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
