"""The web console: signing in and out, and the frame around its screens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitors import a_browser
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


def test_who_signs_in_stays_signed_in_over_a_reload_and_no_token_is_left_anywhere(
    stack: Stack, browser: Browser
) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens()
        expect(page.get_by_text(maria.name)).to_be_visible()
        kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
        assert "eyJ" not in page.evaluate(kept)
        assert "code=" not in page.url

        page.reload()
        expect(page.get_by_text(maria.name)).to_be_visible()


def test_who_signs_out_is_signed_out_at_the_login_too(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
        assert faults_of(page) == []

        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("[name=password]")).to_be_visible()


def test_a_code_that_this_browser_did_not_ask_for_is_not_used(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.visitor.opens(f"{maria.address}?code=stolen&state=other")

        expect(page.locator("[name=password]")).to_be_visible()


def test_who_is_in_no_group_is_told_what_to_do(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser, group="") as nobody:
        page = nobody.opens()

        expect(page.get_by_role("heading", name="Nothing to see yet")).to_be_visible()
        assert faults_of(page) == []


def test_the_console_is_used_by_keyboard_on_a_phone_and_in_the_dark(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser, viewport=PHONE, color_scheme="dark") as maria:
        page = maria.opens()
        expect(page.get_by_role("navigation")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        page.get_by_role("button", name="Switch to light").click()
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_the_address_without_its_slash_opens_the_console(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.visitor.opens(maria.address.removesuffix("/"))

        expect(page.locator("[name=password]")).to_be_visible()
