"""Screen People and buyers: working hours, leave, caps, shares, a buyer's test call, people from a table."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from baton.domain.caps import Caps
from baton.domain.channels import Channel, Failing
from baton.domain.lead import LeadState
from baton.domain.recipient import Recipient
from local.buyers import Buyers
from local.demo import documents, store_secrets
from tests.browser.visitors import a_browser
from tests.e2e.callers import Caller, a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Stack, wait
from tests.e2e.team import Team

ZONE = "America/New_York"
TO = "\N{EN DASH}"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    return a_user(stack, "admin")


@pytest.fixture
def harbor(stack: Stack) -> Iterator[Recipient]:
    """A buyer whose system answers."""
    with Buyers(seed=5, faults=False) as six:
        port = int(six.url.rpartition(":")[2])
        (known,) = (d for d in documents(buyers_port=port) if isinstance(d, Recipient) and d.id == "harbor")
        buyer = known.model_copy(update={"id": f"console-harbor-{next(_numbers)}"})
        stack.configure(buyer)
        store_secrets(stack.client("ssm"), f"/{stack.name}/secrets", [buyer])
        yield buyer


def saved(page: Page) -> None:
    """Save the form, and see that it is."""
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()


@contextmanager
def a_save_that_waits(page: Page) -> Iterator[None]:
    """Save the form; what was sent arrives only after what is done meanwhile."""
    held: list[Route] = []
    page.route(
        "**/v1/**",
        lambda route: held.append(route) if route.request.method == "PUT" else route.continue_(),
    )
    save = page.get_by_role("button", name="Save", exact=True)
    save.click()
    expect(save).to_have_attribute("aria-busy", "true")
    yield
    held[0].continue_()
    page.unroute("**/v1/**")
    expect(save).to_be_enabled()


def stored_without_an_answer(route: Route) -> None:
    """Let a change arrive, and lose what is answered to it."""
    if route.request.method != "PUT":
        return route.continue_()
    route.fetch()
    return route.abort()


def other_days() -> tuple[str, str]:
    """Two days in a row of which it is neither now."""
    today = datetime.now(ZoneInfo(ZONE)).weekday()
    return ("Thursday", "Friday") if today in {6, 0, 1} else ("Monday", "Tuesday")


def test_a_rep_whose_hours_were_painted_by_keyboard_gets_no_lead_outside_of_them(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    name, team = f"Óna Painter {next(_numbers)}", Team.at(stack)
    first, second = other_days()
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/people/~rep")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Phone").fill("+1 (303) 555-7101")
        page.get_by_label("Time zone").fill(ZONE)
        page.get_by_role("gridcell", name=f"{first} 09:00").focus()
        page.keyboard.press("Space")
        for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
            page.keyboard.press(f"Shift+{key}")
        page.get_by_label("Until", exact=True).fill("12:30")
        page.route("**/v1/recipients/*", stored_without_an_answer)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("No answer").first).to_be_visible()
        page.unroute("**/v1/recipients/*", stored_without_an_answer)
        saved(page)
        expect(page.get_by_role("main").get_by_text("away").first).to_be_visible()
        page.get_by_label("Add to a pool").select_option(team.id)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("link", name=team.id)).to_be_visible()
        assert faults_of(page) == []
    rep_id = "ona-painter-" + name.rpartition(" ")[2]
    rep = admin("GET", f"/v1/recipients/{rep_id}").json
    days = [day[:3].lower() for day in (first, second)]
    assert rep["phone"] == "+13035557101"
    assert rep["schedule"]["blocks"] == [{"days": days, "start": "09:00", "end": "12:30"}]
    assert admin("GET", f"/v1/recipients/{rep_id}/availability").json["reason"] == "outside_hours"
    members = admin("GET", f"/v1/pools/{team.id}").json["members"]
    assert [one["recipient_id"] for one in members] == [team.reps[0].id, rep_id]


def test_hours_are_painted_with_the_mouse_and_taken_out_again(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/people/~rep")
        page.get_by_role("gridcell", name="Monday 08:00").hover()
        page.mouse.down()
        page.get_by_role("gridcell", name="Wednesday 11:00").hover()
        page.mouse.up()
        expect(page.get_by_text(f"Mon{TO}Wed 08:00{TO}12:00")).to_be_visible()
        page.get_by_role("gridcell", name="Tuesday 09:00").click()

        expect(page.get_by_text(f"Tue 08:00{TO}09:00")).to_be_visible()
        expect(page.get_by_text(f"Tue 10:00{TO}12:00")).to_be_visible()
        page.get_by_role("gridcell", name="Monday 08:00").hover()
        page.mouse.down()
        page.get_by_role("gridcell", name="Wednesday 11:00").hover()
        page.mouse.up()
        expect(page.get_by_text("These are the last hours, so they stay.")).to_be_visible()
        expect(page.get_by_text("No hours are set: leads at any time.")).to_have_count(0)
        page.get_by_role("button", name="Any time").click()
        expect(page.get_by_text("No hours are set: leads at any time.")).to_be_visible()


def test_what_is_used_stands_beside_a_cap_and_leave_and_a_failing_address_are_seen_to(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    team = Team.at(stack, size=1, auto_accept=True, caps=Caps(per_day=5))
    rep = team.reps[0]
    bounced = Failing(channel=Channel.EMAIL, address=str(rep.email), why="bounced", since=datetime.now(UTC))
    # Where they are it is another day than where Maria is, at any time.
    rep = rep.model_copy(update={"failing": (bounced,), "zone": "Pacific/Niue"})
    stack.configure(rep)
    stack.until(stack.take_in(team.source_id), LeadState.ASSIGNED)
    today = datetime.now(ZoneInfo(rep.zone)).date()
    with an_operator(stack, browser, timezone_id="Pacific/Kiritimati") as maria:
        page = maria.opens("#/people")
        page.get_by_label("Find by name").fill(rep.name)
        expect(page.get_by_text("1 of 5 today")).to_be_visible()
        page.get_by_role("link", name=rep.name).click()
        expect(page.get_by_role("region", name="How many leads").get_by_text("1 of 5 today")).to_be_visible()
        page.get_by_role("button", name="Use it again").click()
        glance = page.get_by_role("navigation", name="At a glance")
        expect(glance.get_by_role("button", name="How many leads 5 a day")).to_be_visible()
        glance.get_by_role("button", name="Leave and days off No leave").press("Enter")
        expect(page.get_by_role("region", name="Leave and days off")).to_be_focused()
        page.get_by_role("button", name="Add leave").click()
        expect(page.get_by_label("First day")).to_have_value(str(today))
        page.get_by_label("First day").fill(str(today - timedelta(days=1)))
        page.get_by_label("Last day").fill(str(today + timedelta(days=8)))
        with a_save_that_waits(page):
            page.get_by_label("Email", exact=True).fill("typed.meanwhile@private.example")
        expect(page.get_by_text("Not saved yet.")).to_be_visible()
        # Nobody says yes to the question whether to leave: the page and the way back stay as they are.
        page.evaluate("history.back()")
        page.wait_for_function("id => location.hash === `#/people/${id}`", arg=rep.id)
        expect(page.get_by_label("Email", exact=True)).to_have_value("typed.meanwhile@private.example")
        # The session is over: another window signs in, and this page keeps what was typed.
        page.route(
            f"**/v1/recipients/{rep.id}",
            lambda route: route.fulfill(status=401) if route.request.method == "PUT" else route.continue_(),
        )
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("button", name="Sign in again in a new window").click()
        expect(page.get_by_text("You are signed in again. Save now.")).to_be_visible()
        page.unroute(f"**/v1/recipients/{rep.id}")
        expect(page.get_by_label("Email", exact=True)).to_have_value("typed.meanwhile@private.example")
        saved(page)
        expect(glance.get_by_text("on leave")).to_be_visible()
        assert faults_of(page) == []
        page.evaluate("history.back()")
        expect(page.get_by_label("Find by name")).to_be_visible()
        page.goto(f"{maria.address}#/people?show=pools")
        expect(page.get_by_text(f"{rep.name} (on leave")).to_be_visible()
    now = admin("GET", f"/v1/recipients/{rep.id}").json
    assert (now["failing"], now["email"]) == ([], "typed.meanwhile@private.example")
    assert now["caps"]["per_day"] == 5
    wait(
        lambda: admin("GET", f"/v1/recipients/{rep.id}/availability").json["reason"] == "on_leave", "on leave"
    )


def test_weights_are_changed_and_seen_as_shares_and_who_is_a_member_cannot_be_removed(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    team = Team.at(stack, size=2)
    first, second = team.reps
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/people/~pool/{team.id}")
        expect(page.get_by_role("img", name=f"{first.name} 50%, {second.name} 50%")).to_be_visible()
        page.get_by_label(f"Weight of {first.name}", exact=True).fill("3")
        expect(page.get_by_role("img", name=f"{first.name} 75%, {second.name} 25%")).to_be_visible()
        page.get_by_label(f"Weight of {second.name}, as a slider").press("ArrowRight")
        expect(page.get_by_role("img", name=f"{first.name} 60%, {second.name} 40%")).to_be_visible()
        page.get_by_label("is declined").check()
        saved(page)
        assert faults_of(page) == []

        page.get_by_role("link", name=first.name).click()
        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
        expect(page.get_by_text(f"First take it out of: pool “{team.id}” (member)")).to_be_visible()
    pool = admin("GET", f"/v1/pools/{team.id}").json
    assert [one["weight"] for one in pool["members"]] == [3, 2]
    assert pool["fairness"]["refund_on"] == ["declined", "expired", "returned"]
    assert admin("GET", f"/v1/recipients/{first.id}").status == 200


def test_a_buyer_is_tried_pays_and_nothing_that_the_form_does_not_show_is_lost(
    stack: Stack, browser: Browser, admin: Caller, harbor: Recipient
) -> None:
    before = admin("GET", f"/v1/recipients/{harbor.id}").json
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/people/{harbor.id}")
        page.get_by_role("button", name="Call it").click()
        asked = page.get_by_role("listitem").filter(has_text="Asked for a bid")
        expect(asked.get_by_text("read as a yes")).to_be_visible()
        expect(asked.get_by_role("group", name="What was sent")).to_contain_text("/harbor/ping")
        expect(asked.get_by_text("Price", exact=True)).to_be_visible()
        page.get_by_role("button", name="Book a payment").click()
        page.get_by_label("Amount (USD)").fill("250.50")
        page.get_by_label("What for").fill("transfer")
        assert faults_of(page) == []
        page.get_by_role("button", name="Book it").click()
        expect(page.get_by_role("region", name="Account").get_by_text("$250.50").first).to_be_visible()

        page.get_by_label("Most in a day, USD").fill("99.95")
        saved(page)
    now = admin("GET", f"/v1/recipients/{harbor.id}").json
    billing = {**before["buyer"]["billing"], "per_day_cents": 9995}
    assert now == {**before, "buyer": {**before["buyer"], "billing": billing}}
    assert admin("GET", f"/v1/recipients/{harbor.id}/account").json["balance_cents"] == 25_050


def test_people_come_from_a_table_all_at_once_without_the_row_that_is_wrong(
    stack: Stack, browser: Browser, admin: Caller
) -> None:
    team, number = Team.at(stack, size=1), next(_numbers)
    rep, fresh = team.reps[0], f"Nina Table {number}"
    table = "\n".join(
        (
            "Full name;Mobile;E-mail;Time zone;Team;Weight",
            f"{fresh};+1 303 555 7{number:03d};;{ZONE};{team.id};3",
            f"{rep.name};{rep.phone};;Europe/Madrid;{team.id};2",
            f"Bad Row {number};12;;{ZONE};;",
        )
    )
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/people/~import")
        page.get_by_label("Or paste it here").fill(table)
        expect(page.get_by_text("“12” is no number with its country")).to_be_visible()
        expect(page.get_by_text("Time zone: America/New_York → Europe/Madrid")).to_be_visible()
        store = page.get_by_role("button", name="Store all of it")
        expect(store).to_be_disabled()
        assert faults_of(page) == []
        page.get_by_label("Store the others without 1 row").check()
        store.click()
        expect(page.get_by_text("Stored: 2 people, 1 pool.")).to_be_visible()
    made = admin("GET", f"/v1/recipients/nina-table-{number}").json
    weights = {
        one["recipient_id"]: one["weight"] for one in admin("GET", f"/v1/pools/{team.id}").json["members"]
    }
    assert (made["name"], made["phone"]) == (fresh, f"+13035557{number:03d}")
    assert weights == {rep.id: 2, made["id"]: 3}
    kept: dict[str, Any] = admin("GET", f"/v1/recipients/{rep.id}").json
    assert (kept["email"], kept["zone"]) == (rep.email, "Europe/Madrid")


def test_a_viewer_sees_all_of_it_on_a_phone_and_changes_nothing(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack)
    rep = team.reps[0]
    with an_operator(stack, browser, group="viewer", viewport=PHONE, color_scheme="dark") as vera:
        page = vera.opens("#/people")
        page.get_by_label("Find by name").fill(rep.name)
        expect(page.get_by_role("button", name=f"Pause {rep.name}")).to_be_disabled()
        assert faults_of(page) == []
        page.get_by_role("link", name=rep.name).click()
        expect(page.get_by_label("Name", exact=True)).to_be_disabled()
        page.get_by_role("gridcell", name="Monday 08:00").click()
        expect(page.get_by_text("Everything is saved.")).to_be_visible()

        for name in ("Save", "Remove"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []
    refused = a_user(stack, "viewer")("DELETE", f"/v1/recipients/{rep.id}", if_match="*")
    assert refused.status == 403
