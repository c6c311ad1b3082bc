"""The guide to distribution: its examples are one configuration, it says what Baton answers, and leaves nothing out."""

import json
import re
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.identities import KeyedIdentities
from baton.adapters.learned_scores import MemoryLearnedScores
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.exchange_configuration import ExchangeConfiguration
from baton.application.likelihoods import RememberedLikelihoods
from baton.application.publish_plan import PublishPlan
from baton.application.simulate_lead import Rules, SimulateLead
from baton.application.situations import ReadSituation
from baton.domain.campaign import Policy, Sticky
from baton.domain.caps import Caps
from baton.domain.configuration_file import read_file
from baton.domain.editing import DraftPlan
from baton.domain.outcome import Outcome, Report
from baton.domain.plan import Model, Stage
from baton.domain.pool import Member, Performance
from baton.entrypoints.console.plain_yaml import read
from baton.entrypoints.console.simulations import LeadToTry, TriedLead
from tests.builders import MONDAY_9AM, SECRET

GUIDE = (Path(__file__).parents[2] / "docs" / "distribution.md").read_text()
FILES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
DRAFT, FINDINGS, LEAD, DECISION, OUTCOME = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(scope="module")
def configuration() -> MemoryConfiguration:
    """All the guide's configuration, imported as one file."""
    whole: dict[str, list[Any]] = defaultdict(list)
    for file in FILES:
        for section, documents in read(file.encode()).items():
            whole[section] += documents
    found = MemoryConfiguration()
    exchange = ExchangeConfiguration(MemoryArchive(found), FixedClock(MONDAY_9AM))
    exchange.import_(dict(whole), replace=False, by="ops")
    return found


@pytest.fixture
def publish(configuration: MemoryConfiguration) -> PublishPlan:
    """What checks plans."""
    return PublishPlan(MemoryArchive(configuration), FixedClock(MONDAY_9AM))


@pytest.mark.parametrize("file", FILES)
def test_an_example_has_the_shape_of_a_configuration_file(file: str) -> None:
    _, _, errors = read_file(read(file.encode()))

    assert errors == []


def test_the_examples_together_can_be_imported_and_none_of_their_plans_has_a_fault(
    publish: PublishPlan,
) -> None:
    found = {plan.id: publish.check(publish.published(plan.id).document) for plan in publish.plans()}

    assert len(found) == 1 + len(Model) + 2
    assert not any(found.values()), found


def test_the_check_of_the_bad_draft_says_what_the_guide_says(publish: PublishPlan) -> None:
    found = publish.check(DraftPlan.model_validate_json(DRAFT))

    assert {"findings": [asdict(finding) for finding in found]} == json.loads(FINDINGS)


def test_the_lead_to_try_goes_where_the_guide_says(configuration: MemoryConfiguration) -> None:
    ledger, names, clock = MemoryLedger(), KeyedIdentities(lambda: SECRET), FixedClock(MONDAY_9AM)
    archive, leads = MemoryArchive(configuration), MemoryLeads(ledger)
    situation = ReadSituation(leads, ledger, configuration)
    simulate = SimulateLead(
        leads,
        situation,
        configuration,
        archive,
        names,
        RememberedLikelihoods(MemoryLearnedScores(MemoryLedger()), clock),
        clock,
    )
    lead = LeadToTry.model_validate_json(LEAD)

    tried = TriedLead.of(simulate.new(lead.source_id or "", lead.fields or {}, Rules(), lead.at))

    assert tried.model_dump(include={"decision"}) == json.loads(DECISION)


def test_the_outcome_is_one_that_can_be_sent() -> None:
    assert Report.model_validate_json(OUTCOME).outcome is Outcome.CONVERTED


@pytest.mark.parametrize("model", Model)
def test_every_model_has_a_row_a_section_and_an_example(model: Model) -> None:
    assert f"| `{model}` |" in GUIDE
    assert f"### `{model}`:" in GUIDE
    assert any(f"model: {model}" in file for file in FILES)


@pytest.mark.parametrize(
    "name",
    sorted(
        {name for document in (Stage, Member, Caps, Performance, Sticky) for name in document.model_fields}
        | {f"`{value}`" for value in (*Policy, *Outcome)}
    ),
)
def test_no_setting_is_left_out(name: str) -> None:
    assert name in GUIDE
