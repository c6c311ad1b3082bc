"""Reports through the real gateway: counters that are in the table come out as figures, by name, and as CSV."""

import csv
import io
import itertools
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from baton.adapters.dynamo_reports import DynamoReports
from baton.application.count_leads import CountLeads
from baton.domain.campaign import Campaign
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.calendar import Calendar
from baton.domain.reports.digest import Digest
from baton.domain.source import Source
from tests.builders import MONDAY_9AM, a_lead
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Stack
from tests.unit.reporting import a_sale, taken_by

DAY: Final = "from=2026-11-23&to=2026-11-23"
_numbers: Final = itertools.count(1)


@pytest.fixture(scope="module")
def viewer(stack: Stack) -> Caller:
    """A viewer, in a house that counted three leads of a campaign of its own on that Monday."""
    stack.configure(
        Campaign(id="reported", name="Reported", plan_id="reported"),
        Source(id="reported-form", name="=A form", campaign_id="reported"),
        Pool(id="reported-team", name="Team", members=(Member(recipient_id="reported-ana"),)),
        Recipient(id="reported-ana", name="Ana", email="ana@reported.example", zone="UTC"),
    )
    known: dict[str, Any] = {"campaign_id": "reported", "source_id": "reported-form"}
    rep = taken_by("reported-ana", **known, cost_cents=700)
    (offer,) = rep.offers
    leads = [
        a_sale("reported-buyer", **known),
        rep.model_copy(update={"offers": (offer.model_copy(update={"pool_id": "reported-team"}),)}),
        a_lead(**known, received_at=MONDAY_9AM.replace(hour=3)),
    ]
    reports = DynamoReports(stack.client("dynamodb"), stack.physical("ReportsTable"), "UTC")
    numbered = [lead.model_copy(update={"lead_id": f"{next(_numbers):032x}"}) for lead in leads]
    CountLeads(reports, Calendar(ZoneInfo("UTC")))(numbered)
    return a_user(stack, "viewer")


def rows(viewer: Caller, path: str) -> list[dict[str, Any]]:
    """A report's rows."""
    answer = viewer("GET", f"/v1/reports/{path}")
    assert answer.status == 200, answer
    return list(answer.json["rows"])


def test_a_viewer_sees_what_a_source_cost_and_brought(viewer: Caller) -> None:
    (row,) = rows(viewer, f"sources?{DAY}&campaign_id=reported&compare=week&sort=-profit")

    assert (row["name"], row["figures"]["received"], row["before"]["received"]) == ("=A form", 3, 0)
    money = row["figures"]["money"]["USD"]
    assert (money["revenue_cents"], money["cost_cents"], money["profit_cents"]) == (4000, 700, 1800)


def test_the_same_as_a_table_with_nothing_that_a_spreadsheet_would_run(viewer: Caller) -> None:
    answer = viewer("GET", f"/v1/reports/sources?{DAY}&campaign_id=reported", accept="text/csv")

    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["source_id"], row["name"], row["received"]) == ("reported-form", "'=A form", "3")


def test_days_of_another_zone_are_put_together_from_hours(viewer: Caller) -> None:
    """Three in the morning in London is the evening before in New York."""
    (row,) = rows(viewer, f"sources?{DAY}&campaign_id=reported&zone=America/New_York&group=day")

    assert [part["figures"]["received"] for part in row["parts"]] == [2]


def test_of_a_pool_one_sees_who_got_what(viewer: Caller) -> None:
    (row,) = rows(viewer, f"members?{DAY}&pool_id=reported-team")

    assert (row["name"], row["figures"]["accepted"], row["share"]["turns"]) == ("Ana", 1, 1)


@pytest.mark.parametrize(
    "path",
    [
        *("overview", f"funnel?{DAY}", f"campaigns?{DAY}", f"sub-sources?{DAY}", f"bands?{DAY}"),
        *(f"recipients?{DAY}", f"pools?{DAY}", f"stages?{DAY}", f"plan-versions?{DAY}"),
        f"service-level?{DAY}&by=pool&minutes=15",
    ],
)
def test_every_other_report_is_there(viewer: Caller, path: str) -> None:
    answer = viewer("GET", f"/v1/reports/{path}")

    assert answer.status == 200, answer


def test_what_cannot_be_asked_is_refused_and_who_has_not_signed_in_sees_nothing(
    stack: Stack, viewer: Caller
) -> None:
    refused = viewer("GET", "/v1/reports/sources?from=2026-11-24&to=2026-11-23")

    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "to")
    assert Caller(stack, "")("GET", "/v1/reports/overview").status == 401


def test_the_daily_digest_comes_once_at_its_hour(stack: Stack) -> None:
    address = "manager@reported.example"
    hour = datetime.now(UTC).hour
    stack.configure(Digest(id="reported", name="Every lead", emails=(address,), zone="UTC", hour=hour))

    for _ in range(2):
        stack.invoke("digest", {})

    (mail,) = stack.mails_to(address)
    assert mail["Subject"].startswith("Every lead: ")
