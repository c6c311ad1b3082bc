"""The guide to scoring: its examples are read by the code, and its words are the code's."""

import json
import re
from pathlib import Path
from typing import Final

import pytest
import yaml

from baton.application.try_score import Outlook
from baton.domain.campaign import Campaign
from baton.domain.scoring import SOURCE_QUALITY, Learned, Mode, ScoringRule, rate
from baton.domain.source import Source
from baton.entrypoints.console.scores import LeadToRate
from tests.builders import MONDAY_9AM

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text()
(FILE,) = (yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
CAMPAIGN: Final = Campaign.model_validate(FILE["campaigns"][0])


def test_the_example_rates_as_the_guide_says() -> None:
    source = Source.model_validate(FILE["sources"][0])
    facts = {
        "contact": {"state": "CA"},
        "attributes": {"owner": True, "priced_at": "2026-11-16T14:00:00+00:00"},
        "quality": {"email_disposable": False},
        "time": {"now": MONDAY_9AM, "received": MONDAY_9AM},
    }

    score = rate(CAMPAIGN.scoring, facts, source_points=source.score_points)

    assert (score.points, score.band) == (10 + 30 + 20 + 20, "hot")


def test_the_lead_that_is_tried_can_be_sent() -> None:
    (body,) = re.findall(r"-d '(\{.*?\})'", GUIDE)

    assert LeadToRate.model_validate(json.loads(body)).fields["owner"] is True


@pytest.mark.parametrize("word", [*Mode, *Outlook, *ScoringRule.model_fields, SOURCE_QUALITY, "min_outcomes"])
def test_every_word_is_explained(word: str) -> None:
    assert f"`{word}`" in GUIDE


def test_the_guide_knows_how_many_outcomes_are_enough() -> None:
    assert f"`min_outcomes` outcomes ({Learned().min_outcomes})" in GUIDE
