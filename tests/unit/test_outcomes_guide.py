"""The guide to outcomes: its tables leave nothing out, its requests are answered so, its limits are the code's."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from baton.application.note_progress import Progress
from baton.domain.outcome import AHEAD, NamedReport, Outcome, Report
from baton.entrypoints.offer_pages import offer_page
from baton.entrypoints.outcomes import MAX_REPORTS
from baton.entrypoints.problems import PROBLEMS
from baton.entrypoints.vendors import MAX_BODY_BYTES
from tests.builders import World, a_plan, a_rep, a_stage
from tests.unit.test_outcomes_heard import Desk
from tests.unit.test_quarantine_guide import first_words, rows

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "outcomes.md").read_text()
ONE, MANY, ANSWER, LEAD = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))


def test_every_field_of_a_report_has_a_row() -> None:
    assert set(first_words(GUIDE, "## What is said")) == set(Report.model_fields)
    ways = ", ".join(row[0].strip("| ") for row in rows(GUIDE, "## From another system"))
    assert set(re.findall(r"`(\w+)`", ways)) == NamedReport.model_fields.keys() - Report.model_fields.keys()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_explained(outcome: Outcome) -> None:
    assert f"`{outcome}`:" in GUIDE


def test_the_lead_of_the_guide_is_taken_and_its_report_heard() -> None:
    desk = Desk()
    lead = desk.taken(**LEAD)
    desk.clock.forward(desk.clock.at - lead.received_at + 8 * 60 * AHEAD)

    told = desk.told(ONE)

    assert (told.status, told.json()) == (200, {"lead_id": lead.lead_id, "state": "converted"})
    after = desk.leads.get(lead.lead_id)
    assert (after.conclusion, after.value_cents, after.value_currency) == ("converted", 129_900, "USD")


def test_many_are_answered_as_the_guide_shows() -> None:
    desk = Desk()
    desk.taken(external_id="crm-4711", email="ben@example.com")
    desk.taken()

    said: Any = desk.told(MANY).json()

    assert said["failed"] == ANSWER["failed"]
    assert [{**one, "lead_id": ""} for one in said["outcomes"]] == [
        {**one, "lead_id": ""} for one in ANSWER["outcomes"]
    ]


def test_every_choice_of_a_rep_has_a_row_as_the_page_has_it_and_is_recorded_so() -> None:
    table = rows(GUIDE, "## A rep's tap")

    assert len(table) == len(Progress)
    for progress, (choice, recorded) in zip(Progress, table, strict=True):
        world = World((a_rep("ana"),), plan=a_plan(a_stage(auto_accept=True)))
        lead_id = world.offers()
        shown = offer_page(world.show(world.token(lead_id)))[1]
        assert f'value="{progress}" required>{choice.strip("| ")}' in shown
        world.note(world.token(lead_id), progress, 4)
        event = world.leads.timeline(lead_id)[-1]
        assert re.findall(r"`(\w+)`", recorded)[0] in (event.kind, event.state)


def test_what_a_lead_remembers_of_its_outcomes_is_named() -> None:
    for name in (
        "contacted_at",
        "conclusion",
        "concluded_at",
        "value_cents",
        "value_currency",
        "lost_reason",
    ):
        assert f"`{name}`" in GUIDE


def test_the_codes_are_those_of_the_table_of_problems() -> None:
    codes = re.findall(r"^\| (\d{3}) \| ([^|]+) \|", GUIDE, re.MULTILINE)

    assert codes
    for status, names in codes:
        assert {PROBLEMS[name][0] for name in re.findall(r"`([\w-]+)`", names)} == {int(status)}


@pytest.mark.parametrize(
    "said",
    [
        f"up to {MAX_REPORTS} reports, and {MAX_BODY_BYTES // 1024} KB",
        f"may be {AHEAD.seconds // 60} minutes ahead",
    ],
)
def test_the_limits_are_those_of_the_code(said: str) -> None:
    assert said in " ".join(GUIDE.split())
