"""The guide to fields leaves nothing out, its example is answered as it says, and its spellings are the real ones."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from baton.domain.campaign import Campaign
from baton.domain.condition_types import type_problems
from baton.domain.conditions import Leaf
from baton.domain.consent import OnFault
from baton.domain.fields import FieldType
from baton.domain.form import FieldRule, Format, Unknown
from baton.domain.form_check import MAX_NAMED, converted
from baton.domain.form_rules import SENT
from baton.domain.lead import Contact
from baton.domain.normalizing import normalize
from baton.domain.phone_numbers import _KINDS as KINDS
from tests.unit.vendor import a_vendor

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "fields.md").read_text()
SENT_LEAD, ANSWER = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))
PROBES: Final = {"email": "maria@gmial.com", "phone": "+12025550143"}


def the_campaign() -> dict[str, Any]:
    """The campaign of the guide's example."""
    (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (campaign,) = yaml.safe_load(text)["campaigns"]
    return dict(campaign)


def column(heading: str) -> list[str]:
    """The words in the first column of the table with that heading."""
    rows = GUIDE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


def test_the_example_can_be_configured() -> None:
    campaign = Campaign.model_validate(the_campaign())

    assert campaign.fields["contact.phone"].on_fault is OnFault.QUARANTINE
    assert campaign.known_attributes == {*campaign.attributes}


def test_the_example_s_lead_is_answered_as_the_guide_says() -> None:
    facts = {name: value for name, value in the_campaign().items() if name not in {"id", "name", "plan_id"}}

    answer = a_vendor(campaign=facts).sent(SENT_LEAD)

    assert (answer.status, answer.json()["type"]) == (422, "urn:baton:invalid-lead")
    assert answer.json()["errors"] == ANSWER["errors"]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("type", list(FieldType)),
        ("rule", list(FieldRule.model_fields)),
        ("format", list(Format)),
        ("unknown", list(Unknown)),
        ("field | becomes", list(Contact.model_fields)),
    ],
)
def test_a_table_has_a_row_for_every_word_and_no_others(heading: str, words: list[str]) -> None:
    assert sorted(column(heading)) == sorted(words)


def test_every_flag_of_quality_has_a_row_and_is_a_field_for_conditions() -> None:
    flags = [f"quality.{flag}" for flag in normalize(PROBES, "US").quality]

    assert column("field | means") == flags
    for flag in flags:
        asks = Leaf.model_validate({"field": flag, "op": "exists", "value": True})
        assert type_problems(asks, None) == []


@pytest.mark.parametrize("word", [*KINDS.values(), *OnFault, *sorted(SENT), "raw", "region", "invalid"])
def test_every_other_word_is_explained(word: str) -> None:
    assert f"`{word}`" in GUIDE


@pytest.mark.parametrize("word", re.findall(r"`([^`]+)`", GUIDE.split("| `boolean` |")[1].split("\n")[0]))
def test_every_yes_and_no_of_the_guide_is_one(word: str) -> None:
    assert converted(word.upper(), FieldType.BOOLEAN)[1] is None


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("phone", "(202) 555-0143", "+12025550143"),
        ("last_name", "O'BRIEN", "O'Brien"),
        ("last_name", "mcdonald", "McDonald"),
        ("last_name", "smith-jones", "Smith-Jones"),
        ("last_name", "VAN DER BERG", "van der Berg"),
        ("country", "usa", "US"),
        ("state", "new york", "NY"),
        ("postal_code", "100011234", "10001-1234"),
    ],
)
def test_the_guide_s_spellings_are_the_real_ones(field: str, sent: str, kept: str) -> None:
    assert normalize({field: sent}, "US").contact[field] == kept
    assert f"`{kept}`" in GUIDE


def test_the_guide_knows_how_many_allowed_values_a_problem_names() -> None:
    assert {10: "the first ten of them"}[MAX_NAMED] in GUIDE
