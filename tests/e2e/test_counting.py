"""Reports are counted from the stream, proved from the leads, and repaired where somebody broke them."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from baton.adapters.dynamo_reports import DynamoReports
from baton.application.reports import Row
from baton.domain.lead import LeadState
from baton.domain.reports.calendar import Bucket, Calendar
from baton.domain.reports.tally import ALL, Cell, Dimension
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Stack, wait
from tests.e2e.team import Team

CALENDAR = Calendar(ZoneInfo("UTC"))
"""Of a deployment that says nothing of its zone."""


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    """An admin."""
    return a_user(stack, "admin")


def counters(stack: Stack) -> DynamoReports:
    """The stored counters."""
    return DynamoReports(stack.client("dynamodb"), stack.physical("ReportsTable"), "UTC")


def row_of(stack: Stack, day: Bucket, cell: Cell) -> Row:
    """A counter; empty where there is none yet."""
    rows = counters(stack).rows(cell.scope, cell.dimension, day.grain, day.name, day.name)
    return next((row for row in rows if row.cell == cell), Row(day, cell, 0, {}))


def proof(caller: Caller, day: date, verb: str = "GET") -> dict[str, Any]:
    """What a recount of the day comes to."""
    what = "conservation" if verb == "GET" else "rebuild"
    path = f"/v1/reports/{what}?from={day}&to={day}"
    found: dict[str, Any] = {"clean": True, "leads": 0, "named": [], "repaired": 0}
    after = ""
    while True:
        answer = caller(verb, path + after)
        assert answer.status == 200, answer
        said = answer.json
        found["clean"] = found["clean"] and said["clean"]
        for part in ("leads", "named", "repaired"):
            found[part] += said[part]
        if said["next"] is None:
            return found
        after = f"&after={said['next']}"


def test_a_lead_is_counted_as_it_is_and_a_counter_that_somebody_broke_is_found_and_repaired(
    stack: Stack, admin: Caller
) -> None:
    team = Team.at(stack, 1, auto_accept=True, cost_cents=250)
    lead_id = stack.take_in(team.source_id)
    lead = stack.until(lead_id, LeadState.ASSIGNED)
    for outcome in ("contacted", "converted"):
        assert admin("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": outcome}).status == 200
    day, cell = CALENDAR.day_of(lead.received_at), Cell(ALL, Dimension.CAMPAIGN, team.id)
    when = lead.received_at.date()

    wait(lambda: row_of(stack, day, cell).measures.get("converted"), "the lead to be counted")

    row = row_of(stack, day, cell)
    assert {
        "received": 1,
        "assigned": 1,
        "contacted": 1,
        "converted": 1,
        "cost.USD": 250,
        "state.converted": 1,
    }.items() <= row.measures.items()
    assert not row.measures.get("state.assigned")
    wait(lambda: proof(admin, when)["clean"], "everything to be counted")

    counters(stack).replace(Row(day, cell, row.rev + 1, {**row.measures, "received": 40}))
    (named,) = [one for one in proof(admin, when)["named"] if one["where"] == str(cell)]
    assert (named["fault"], named["expected"], named["found"]) == ("day", {"received": 1}, {"received": 40})
    assert proof(admin, when, "POST")["repaired"] >= 1

    assert row_of(stack, day, cell).measures["received"] == 1
    assert proof(admin, when)["clean"]


def test_what_could_not_be_counted_for_a_while_is_counted_afterwards(stack: Stack) -> None:
    team = Team.at(stack, 1, auto_accept=True)
    cell = Cell(ALL, Dimension.CAMPAIGN, team.id)
    with stack.taken_away("count", "Counters"):
        lead = stack.until(stack.take_in(team.source_id), LeadState.ASSIGNED)
        wait(lambda: stack.complaints_of("count"), "counting to be denied")
    day = CALENDAR.day_of(lead.received_at)

    wait(lambda: row_of(stack, day, cell).measures.get("state.assigned"), "the lead to be counted")

    assert row_of(stack, day, cell).measures["received"] == 1


def test_a_viewer_may_look_whether_reports_are_right_but_not_repair_them(stack: Stack) -> None:
    viewer = a_user(stack, "viewer")
    when = "from=2026-01-01&to=2026-01-01"

    assert viewer("GET", f"/v1/reports/conservation?{when}").json["clean"]
    assert viewer("POST", f"/v1/reports/rebuild?{when}").status == 403
    refused = viewer("GET", "/v1/reports/conservation?from=2026-02-01&to=2026-01-01")
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "to")
    misspelt = viewer("GET", f"/v1/reports/conservation?{when}&until=2026-01-01")
    assert (misspelt.status, misspelt.json["errors"][0]["field"]) == (422, "until")
