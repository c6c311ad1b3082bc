"""The guide to duplicates leaves nothing out, its defaults are the real ones, and its example works."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from baton.domain.campaign import Campaign
from baton.domain.dedupe import Dedupe, DuplicatePolicy, Match, Scope
from baton.domain.duplicates import SAME_PAYLOAD
from baton.domain.timeline import EventKind
from baton.entrypoints.problems import PROBLEMS
from tests.unit.vendor import a_vendor

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "duplicates.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The cells of the table with that heading, without its head."""
    lines = GUIDE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip("| ") for cell in line.strip("|").split(" | ")] for line in lines]


def words(heading: str) -> list[str]:
    """What the rows of that table are about."""
    return [row[0].strip("` ") for row in rows(heading)]


def example(kind: str) -> Any:
    """The guide's one example of that kind."""
    (text,) = re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)
    return yaml.safe_load(text)


def test_the_example_can_be_configured() -> None:
    (campaign,) = example("yaml")["campaigns"]

    found = Campaign.model_validate(campaign).dedupe

    assert found
    assert found.policy is DuplicatePolicy.MERGE


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("setting", list(Dedupe.model_fields)),
        ("match", list(Match)),
        ("scope", list(Scope)),
        ("policy", list(DuplicatePolicy)),
    ],
)
def test_a_table_has_a_row_for_every_word_and_no_others(heading: str, known: list[str]) -> None:
    assert words(heading) == known


@pytest.mark.parametrize(("setting", "default"), [(row[0].strip("`"), row[-1]) for row in rows("setting")])
def test_the_defaults_are_the_real_ones(setting: str, default: str) -> None:
    real = json.loads(Dedupe().model_dump_json())[setting]

    assert yaml.safe_load(default.strip("` ")) == real


def test_a_known_sender_hears_what_the_guide_says() -> None:
    vendor = a_vendor(campaign={"dedupe": {"policy": "refuse"}})
    vendor.sent()
    answer = vendor.sent()

    assert {**answer.json(), "lead_id": ""} == {**example("json"), "lead_id": ""}
    assert f"{answer.status} `{answer.json()['type']}`" in GUIDE
    assert answer.status == PROBLEMS["duplicate-lead"][0]


@pytest.mark.parametrize("kind", [EventKind.LEAD_MERGED, EventKind.LEAD_DUPLICATE])
def test_the_events_are_named(kind: EventKind) -> None:
    assert f"`{kind}`" in GUIDE


def test_the_guide_knows_how_long_the_same_words_are_one_lead() -> None:
    assert f"**{SAME_PAYLOAD.seconds} seconds**" in GUIDE
