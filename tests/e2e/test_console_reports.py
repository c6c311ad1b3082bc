"""Screen Reports: the API's figures as tables and charts, of the days in its address, each leading to its leads."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from baton.adapters.dynamo_reports import DynamoReports
from baton.application.count_leads import CountLeads
from baton.domain.campaign import Campaign
from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.calendar import Calendar
from baton.domain.service_level import ServiceLevel
from baton.domain.source import Source
from tests.browser.visitors import a_browser
from tests.builders import MINUTE, MONDAY_9AM, a_lead
from tests.e2e.callers import a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Person, Stack, wait
from tests.e2e.team import Team

VIEWS: Final = ("overview", "funnel", "sources", "reps", "campaigns", "plans", "service")
MONDAY: Final = "range=own&from=2026-11-23&to=2026-11-23&zone=UTC"
THAT_DAY: Final = "from=2026-11-23&to=2026-11-23"
# Of the chart's canvas: the colours that it has, and what the token is at this moment.
COLOURS: Final = """
name => {
    const canvas = document.querySelector('.chart canvas');
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = `var(--${name})`;
    const token = getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).join();
    probe.remove();
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const there = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) there.add([...data.slice(at, at + 3)].join());
    return [token, there.has(token)];
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module", autouse=True)
def _told(stack: Stack) -> None:
    """A campaign of which a Monday's leads are counted: a good source under a good plan, and one that only costs."""
    stack.configure(
        Campaign(
            id="told", name="Told roofs", plan_id="told", service_level=ServiceLevel(contact_within_s=600)
        ),
        Source(id="told-good", name="Good form", campaign_id="told"),
        Source(id="told-bad", name="Bad vendor", campaign_id="told"),
        *(
            Recipient(id=f"told-{who.lower()}", name=who, email=f"{who}@told.example", zone="UTC")
            for who in ("Ada", "Bea")
        ),
        Pool(
            id="told-team",
            name="Told team",
            members=(Member(recipient_id="told-ada"), Member(recipient_id="told-bea")),
        ),
        Plan(id="told", version=2, stages=(Stage(name="The team", pool_id="told-team"),)),
        PublishedPlan(id="told", version=2),
    )
    leads = [
        *(_told_lead(n, "told-bad", 1, "told-ada", won=False, cost_cents=3000) for n in range(20)),
        *(
            _told_lead(n, "told-good", 2, "told-ada" if n % 4 else "told-bea", won=n < 32)
            for n in range(20, 40)
        ),
    ]
    reports = DynamoReports(stack.client("dynamodb"), stack.physical("ReportsTable"), "UTC")
    CountLeads(reports, Calendar(ZoneInfo("UTC")))(leads)


def _told_lead(n: int, source: str, version: int, who: str, *, won: bool, **facts: Any) -> Lead:
    """A lead that somebody took: those that were won were reached after three minutes, the others after twenty."""
    contacted_at = MONDAY_9AM + (3 if won else 20) * MINUTE
    offer = PastOffer(
        recipient_id=who,
        stage=0,
        pool_id="told-team",
        answer=Answer.ACCEPTED,
        contacted_at=contacted_at,
    )
    return a_lead(
        lead_id=f"c{n:031x}",
        source_id=source,
        campaign_id="told",
        plan_id="told",
        plan_version=version,
        band="hot" if won else "cold",
        state=LeadState.CONVERTED if won else LeadState.CONTACTED,
        offers=(offer,),
        recipient_id=who,
        received_at=MONDAY_9AM,
        placed_at=MONDAY_9AM + MINUTE,
        contacted_at=contacted_at,
        due_at=MONDAY_9AM + 10 * MINUTE,
        value_cents=20_000 if won else None,
        value_currency="USD" if won else None,
        **facts,
    )


def tile(page: Page, name: str) -> Locator:
    """A figure of the overview."""
    return page.locator(".tile", has=page.locator("dt", has_text=re.compile(f"^{name}$")))


def row(page: Page, panel: str, name: str) -> dict[str, str]:
    """A row of a panel's table: what stands in each column, by the column's head."""
    table = page.get_by_role("region", name=panel, exact=True).get_by_role("table")
    line = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
    expect(line).to_be_visible()
    heads = table.get_by_role("columnheader").all_inner_texts()
    return dict(zip(heads[1:], line.get_by_role("cell").all_inner_texts(), strict=True))


def test_leads_are_counted_and_every_figure_is_the_one_of_the_api(stack: Stack, browser: Browser) -> None:
    team, person = Team.at(stack, size=2, auto_accept=True, cost_cents=250), Person.new()
    first, *rest = [stack.take_in(team.source_id, someone) for someone in (person, None, None)]
    for lead_id in (first, *rest):
        stack.until(lead_id, LeadState.ASSIGNED)
    admin = a_user(stack, "admin")
    won = {"outcome": "converted", "value_cents": 90_000}
    assert admin("POST", f"/v1/leads/{first}/outcomes", won).status == 200
    days = stack.lead(first).received_at.date() - timedelta(days=1)
    asked = f"campaign_id={team.id}&from={days}"
    wait(lambda: admin("GET", f"/v1/reports/sources?{asked}").json["total"]["converted"], "it is counted", 30)
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/reports/overview?campaign_id={team.id}")
        expect(tile(page, "Leads")).to_contain_text("3")
        expect(tile(page, "Placed")).to_contain_text("100% of those that qualified")
        expect(tile(page, "Converted")).to_contain_text("33.3% of all leads")
        expect(tile(page, "Cost")).to_contain_text("$8")
        expect(tile(page, "Margin")).to_contain_text("\N{MINUS SIGN}$8")

        # Every figure leads to its leads, also where they are in no state of their own.
        tile(page, "Placed").get_by_role("link", name="3", exact=True).click()
        expect(page.get_by_text("3 shown")).to_be_visible()
        page.get_by_role("button", name="Came as far as: Placed").click()
        expect(page.get_by_role("button", name="Came as far as")).to_have_count(0)
        page.go_back()

        page.get_by_role("link", name="Sources", exact=True).last.click()
        expect(page.get_by_role("rowheader", name=team.id)).to_be_visible()
        found = row(page, "Sources by profit", team.id)
        assert (found["Leads"], found["Profit"], found["Cost a lead"]) == ("3", "$892.50", "$2.50")

        page.get_by_role("link", name="Funnel", exact=True).click()
        steps = page.get_by_role("listitem").filter(has_text="of the step before")
        expect(steps.filter(has_text="Converted")).to_contain_text("33.3% of all leads")

        steps.filter(has_text="Converted").get_by_role("link", name="1", exact=True).click()
        expect(page.get_by_role("link", name=person.last_name)).to_be_visible()
        expect(page.get_by_text("1 shown")).to_be_visible()
        assert person.last_name not in page.url


def test_the_source_to_think_of_stopping_is_named_with_its_reason(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/reports/sources?campaign_id=told&{MONDAY}")
        doubt = page.locator(".notice").filter(has_text="Stop this one?")
        expect(doubt).to_contain_text(
            "“Bad vendor” lost $600.00 with 20 leads: each cost $30.00, 0% converted."
        )
        assert row(page, "Sources by profit", "Good form")["Profit"] == "$2,400.00"
        names = page.get_by_role("rowheader")
        expect(names.first).to_have_text("Good form")

        page.get_by_role("button", name="Profit", exact=True).click()
        expect(names.first).to_contain_text("Bad vendor")
        expect(page.get_by_role("columnheader", name="Profit", exact=True)).to_have_attribute(
            "aria-sort", "ascending"
        )

        # The address has it all: whoever opens it sees the same.
        again = maria.visitor.context.new_page()
        again.goto(page.url)
        expect(again.get_by_role("rowheader").first).to_contain_text("Bad vendor")
        expect(again.get_by_label("From")).to_have_value("2026-11-23")
        expect(again.get_by_label("Campaign")).to_have_value("told")
        doubt.get_by_role("link", name="See its leads").click()
        expect(page.get_by_label("Source", exact=True)).to_have_value("told-bad")
        assert "since=" in page.url
        assert "until=" in page.url


def test_a_table_is_saved_as_the_csv_of_the_api(stack: Stack, browser: Browser) -> None:
    viewer = a_user(stack, "viewer")
    asked = f"{THAT_DAY}&zone=UTC&campaign_id=told&compare=none&sort=-profit"
    expected = viewer("GET", f"/v1/reports/sources?{asked}&format=csv").text
    with an_operator(stack, browser, group="viewer") as vera:
        page = vera.opens(f"#/reports/sources?campaign_id=told&{MONDAY}")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Export").click()

        assert saved.value.suggested_filename == "baton-sources-2026-11-23-2026-11-23.csv"
        assert saved.value.path().read_bytes().decode() == expected
        assert [line["source_id"] for line in csv.DictReader(io.StringIO(expected))] == [
            "told-good",
            "told-bad",
        ]


def test_who_got_the_share_that_was_promised_and_who_reaches_people_in_time(
    stack: Stack, browser: Browser
) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/reports/reps?pool_id=told-team&{MONDAY}")
        expect(page.get_by_text("everybody is promised an equal part")).to_be_visible()
        found = row(page, "Members of Told team", "Ada")
        assert "87.5%" in found["Share"]
        assert "promised 50%" in found["Share"]
        assert (found["Off by"], found["Leads got"]) == ("+15", "35")
        assert faults_of(page) == []

        # Of one campaign too, where the team is asked by its plan alone; and of this week, which begins on Monday.
        page.get_by_label("Pool", exact=True).select_option("")
        page.get_by_label("Campaign").select_option("told")
        expect(page.get_by_text("pools that only this campaign's plan asks")).to_be_visible()
        expect(page.get_by_text("promised 50%").first).to_be_visible()
        today = datetime.now(UTC).date()
        monday = today - timedelta(days=today.weekday())
        with page.expect_request(lambda asked: f"recipients?from={monday}" in asked.url):
            page.get_by_label("Days", exact=True).select_option("week")
        page.goto(f"{maria.address}#/reports/reps?{MONDAY}")

        page.get_by_role("link", name="Service level").click()
        page.get_by_label("Campaign").select_option("told")
        expect(page.get_by_text("12 of 40 leads were reached within 10 minutes: 30%.")).to_be_visible()
        page.get_by_label("In time is within (minutes)").fill("30")
        expect(page.get_by_text("40 of 40 leads were reached within 30 minutes")).to_be_visible()
        expect(page.get_by_text("Of what campaigns promise, 30% was kept.")).to_be_visible()


def test_versions_of_a_plan_are_told_apart_from_chance(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/reports/plans?plan_id=told&{MONDAY}")
        versions = page.get_by_role("region", name="Plan of Told roofs")
        verdict = versions.get_by_role("row").filter(has_text="Beside the version before")
        expect(verdict.get_by_role("cell").first).to_contain_text("Better")
        expect(verdict.get_by_role("cell").first).to_contain_text("60 points more than version 1")
        expect(verdict.get_by_role("cell").last).to_contain_text("nothing to compare")
        version = versions.get_by_role("link", name="Version 2")
        expect(version).to_have_attribute("href", re.compile("plan_id=told&version=2"))
        expect(page.get_by_role("rowheader").filter(has_text="version 2")).to_contain_text("The team")


def test_a_chart_is_read_by_keyboard_and_in_the_dark(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser, color_scheme="light") as maria:
        page = maria.opens(f"#/reports/overview?campaign_id=told&{MONDAY}")
        chart = page.get_by_role("slider", name="Leads")
        page.get_by_role("main").locator("canvas").first.wait_for()
        light, drawn = page.evaluate(COLOURS, "good")
        assert drawn

        page.get_by_role("button", name="Switch to dark").click()
        page.wait_for_function(f"({COLOURS})('good')[1]")
        dark, _ = page.evaluate(COLOURS, "good")
        assert dark != light

        chart.focus()
        page.keyboard.press("Home")
        for _ in range(14):
            page.keyboard.press("ArrowRight")
        expect(chart).to_have_attribute(
            "aria-valuetext", "Mon, Nov 23, 14:00: Leads 40, Placed 40, Converted 12, Leads, before 0"
        )
        assert faults_of(page) == []
        page.get_by_text("As a table").first.click()
        expect(page.get_by_role("row").filter(has_text="Nov 23, 14:00").first).to_contain_text("40")
        chart.focus()
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "#/leads?" in url and "campaign_id=told" in url)


def test_a_viewer_sees_every_report_on_a_phone(stack: Stack, browser: Browser) -> None:
    with an_operator(stack, browser, group="viewer", viewport=PHONE, timezone_id="Asia/Kolkata") as vera:
        page = vera.opens("#/reports")
        for view in VIEWS:
            page.goto(f"{vera.address}#/reports/{view}?range=30")
            # Half an hour off the house's clock: its days cannot be given.
            expect(page.get_by_text("so these are the house's")).to_be_visible()
            expect(page.get_by_role("main").get_by_role("region").first).to_be_visible()
            expect(page.get_by_role("main").locator(".wait")).to_have_count(0)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
            assert faults_of(page) == [], view
        page.goto(f"{vera.address}#/reports/nothing")
        expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
