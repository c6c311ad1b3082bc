"""The guide for vendors says what Baton answers, leaves nothing out, and its examples work."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from baton.domain.pricing import NoPrice
from baton.domain.source import Limits, Source
from baton.domain.verdict import REASONS, Ruling
from baton.entrypoints.problems import PROBLEMS
from baton.entrypoints.vendors import MAX_WAIT_S
from tests.unit.vendor import a_vendor

GUIDE = (Path(__file__).parents[2] / "docs" / "vendors.md").read_text()
PRICE, VERDICT = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))
BODIES = [json.loads(text) for text in re.findall(r"(?:-d|BODY=)\s*'(\{.*?\})'", GUIDE, re.DOTALL)]


def sent(*, with_ping: bool) -> dict[str, Any]:
    """The body of the guide's example of a lead, or of a ping."""
    return next(body for body in BODIES if ("ping_id" in body) is with_ping)


def test_the_source_of_the_guide_is_one() -> None:
    text, more = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (source,) = yaml.safe_load(text)["sources"]

    assert Source.model_validate(source).limits.per_day == 500
    assert Source.model_validate({**source, **yaml.safe_load(more)}).signature


def test_the_guides_ping_and_lead_belong_together_and_are_answered_as_it_says() -> None:
    vendor = a_vendor()
    price = vendor.pinged({**sent(with_ping=False), "timeout_ms": 2_500}).json()
    lead = vendor.sent({**sent(with_ping=True), "ping_id": price["ping_id"]}, headers={"Prefer": "wait=10"})

    assert price.keys() == PRICE.keys()
    assert price["bids"][0].keys() == PRICE["bids"][0].keys()
    assert lead.json().keys() == VERDICT.keys()


@pytest.mark.parametrize("word", [*NoPrice, *Ruling, *REASONS, *Limits.model_fields])
def test_every_word_that_vendors_go_by_is_explained(word: str) -> None:
    assert f"`{word}`" in GUIDE or f"`limits.{word}`" in GUIDE


@pytest.mark.parametrize("code", re.findall(r"urn:baton:([a-z-]+)", GUIDE))
def test_every_code_has_the_status_that_the_guide_says(code: str) -> None:
    assert f"{PROBLEMS[code][0]} `urn:baton:{code}`" in GUIDE


def test_the_guide_knows_how_long_one_may_wait() -> None:
    assert f"({MAX_WAIT_S} at most)" in GUIDE
