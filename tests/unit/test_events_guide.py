"""The guide to events: its tables leave nothing out, and its examples are what is sent."""

import json
import re
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from baton.adapters.event_bus import SOURCE
from baton.domain.announced_facts import WITHHELD
from baton.domain.announcement import Announcement, schema_of
from baton.domain.timeline import EventKind
from tests.unit.test_quarantine_guide import first_words

DOCS: Final = Path(__file__).parents[2] / "docs"
GUIDE: Final = (DOCS / "events.md").read_text()


def examples() -> list[Any]:
    """The guide's JSON."""
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


def test_every_field_of_an_event_has_a_row_in_its_order() -> None:
    assert first_words(GUIDE, "## What an event looks like") == [*Announcement.model_fields]


def test_every_kind_has_a_row_and_no_other_has() -> None:
    assert set(first_words(GUIDE, "## The kinds")) == {*EventKind}


def test_the_example_is_an_event_as_its_schema_has_it() -> None:
    event = examples()[0]

    Draft202012Validator(schema_of(EventKind(event["kind"]))).validate(event)
    assert Announcement.model_validate(event).id == event["id"]


def test_the_example_of_a_rule_names_kinds_and_fields_that_exist() -> None:
    rule = examples()[1]

    assert rule["source"] == [SOURCE]
    assert set(rule["detail-type"]) <= {*EventKind}
    assert set(rule["detail"]) <= set(Announcement.model_fields)


def test_what_is_withheld_is_named() -> None:
    assert all(f"`{name}`" in GUIDE for name in WITHHELD)
