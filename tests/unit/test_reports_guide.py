"""The guide to reports: it defines every figure and every parameter, and knows every report."""

import re
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from baton.domain.reports.certainty import Certainty, Verdict
from baton.domain.reports.figures import LeadFigures, LeadMoney, OfferFigures, OfferMoney, Percentiles
from baton.domain.reports.funnel import STEPS
from baton.domain.reports.periods import MAX_DAYS, MAX_DAYS_BY_HOUR, MAX_DAYS_OF_ANOTHER_ZONE
from baton.domain.reports.service import ServiceFigures
from baton.domain.reports.shares import Absence, Share
from baton.entrypoints.console import report_requests as requests
from tests.unit.reporting import House

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "reports.md").read_text()
NAMED: Final = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)))
MODELS: Final = (
    *(LeadFigures, LeadMoney, OfferFigures, OfferMoney, Percentiles),
    *(ServiceFigures, Share, Certainty),
)
PARAMETERS: Final = (requests.Members, requests.RowsOfPlan, requests.ServiceLevel)


@pytest.mark.parametrize("model", MODELS)
def test_every_figure_is_defined(model: type[BaseModel]) -> None:
    assert set(model.model_fields) - NAMED <= {"money"}


@pytest.mark.parametrize("model", PARAMETERS)
def test_every_parameter_is_explained(model: type[BaseModel]) -> None:
    names = {field.alias or name for name, field in model.model_fields.items()}

    assert {name for name in names if name not in NAMED and f"{name}=" not in GUIDE} == set()


@pytest.mark.parametrize("words", [Verdict, Absence])
def test_every_word_of_an_answer_is_explained(words: type[Verdict] | type[Absence]) -> None:
    assert {str(word) for word in words} <= NAMED


def test_every_report_is_listed_and_no_other() -> None:
    listed = set(re.findall(r"^\| `GET (/v1/reports/[a-z-]+)", GUIDE, re.MULTILINE))

    assert listed == {str(route.path) for route in House().viewer.console.resolver._static_routes}


def test_the_limits_are_the_real_ones() -> None:
    assert f"At most {MAX_DAYS} days" in GUIDE
    assert f"By the hour at most {MAX_DAYS_BY_HOUR} days" in GUIDE
    assert f"is of {MAX_DAYS_OF_ANOTHER_ZONE} days at most" in GUIDE
    assert f"{requests.DEFAULT_ROWS} by default, {requests.MAX_ROWS:,} at most" in GUIDE


def test_the_steps_of_the_funnel_are_named() -> None:
    assert ", ".join(STEPS) in GUIDE
