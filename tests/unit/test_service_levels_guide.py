"""The guide to service levels and acknowledgements: its files do what it says, and its tables leave nothing out."""

import re
from pathlib import Path
from typing import Final

import yaml

from baton.application.attend_lead import PATIENCE
from baton.domain.acknowledgement import BLANKS, Acknowledgement
from baton.domain.campaign import Campaign
from baton.domain.lead import WATCH_AFTER, LeadState
from baton.domain.service_level import MAX_S, Do, ServiceLevel
from baton.domain.timeline import EventKind
from tests.builders import MINUTE, World, a_plan, a_rep, a_source, a_stage
from tests.unit.test_quarantine_guide import first_words

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "service-levels.md").read_text()
LEVEL, HELLO = (
    Campaign.model_validate(one)
    for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    for one in yaml.safe_load(text)["campaigns"]
)


def a_world_of(campaign: Campaign) -> World:
    """Two reps who get the campaign's leads at once, and Grace."""
    both = LEVEL.model_copy(update={"acknowledgement": campaign.acknowledgement, "plan_id": "plan"})
    reps = (a_rep("ana", phone="+12025550101"), a_rep("ben", phone="+12025550102"))
    documents = (a_rep("grace", phone="+12025550107"), both, a_source(campaign_id=both.id))
    return World(reps, plan=a_plan(a_stage(auto_accept=True)), documents=documents)


def test_the_example_of_a_service_level_does_what_its_table_says() -> None:
    world = a_world_of(LEVEL)
    lead_id = world.offers(first_name="Mia", phone="2025550199")

    waits = []
    while wait_s := world.attend(lead_id, 1):
        waits.append(wait_s)
        world.clock.forward(wait_s * (MINUTE / 60))

    assert waits == [600, 300, 300]
    assert world.leads.get(lead_id).state is LeadState.SCORED
    world.step(lead_id)
    world.clock.forward(20 * MINUTE)
    assert world.attend(lead_id, 2) == 20 * 60, "nobody else is left: it stays, until it is escalated"
    world.clock.forward(20 * MINUTE)
    assert world.attend(lead_id, 2) == 0
    assert ["Not contacted: Mia" in text for to, text in world.notifier.sent if to == "+12025550107"] == [
        True
    ]


def test_the_example_of_an_acknowledgement_says_what_it_shows() -> None:
    world = a_world_of(HELLO)
    world.step(lead_id := world.scores(first_name="Mia", phone="2025550199", email="mia@example.com"))
    world.clock.forward(MINUTE)
    world.attend(lead_id, 1)

    heard = dict(world.notifier.sent[2:])
    assert heard["+12025550199"] == (
        "Hello Mia, thank you! Ana of Bright Roofs will call you from +12025550101."
    )
    assert heard["mia@example.com"].startswith("Ana will call you\nHello Mia,\n\nthank you")


def test_every_setting_has_a_row() -> None:
    assert first_words(GUIDE, "## A service level") == [*ServiceLevel.model_fields]
    assert set(first_words(GUIDE, "## An acknowledgement")) == set(Acknowledgement.model_fields)


def test_every_step_blank_and_event_is_explained() -> None:
    for name in (*Do, *(f"{{{blank}}}" for blank in BLANKS)):
        assert f"\n| `{name}` |" in GUIDE
    told = re.findall(r"^\| `([A-Z]\w+)` \|", GUIDE, re.MULTILINE)
    assert set(told) == {
        EventKind.REP_REMINDED,
        EventKind.SERVICE_LEVEL_MISSED,
        EventKind.LEAD_REASSIGNED,
        EventKind.LEAD_ESCALATED,
        EventKind.LEAD_ACKNOWLEDGED,
        EventKind.ACKNOWLEDGEMENT_WITHHELD,
    }


def test_every_reason_for_which_nobody_is_told_has_a_row() -> None:
    code = (Path(__file__).parents[2] / "layers/shared/baton/application/acknowledge_lead.py").read_text()
    table = GUIDE.split("| `why` | is |", 1)[1].split("\n## ", 1)[0]

    given = set(re.findall(r'"([a-z]+_?[a-z_]*)"', code)) - {"why", "channels", "acknowledge"}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == given


def test_the_limits_are_those_of_the_code() -> None:
    assert MAX_S == 7 * 24 * 3600
    assert "at most a week" in GUIDE
    assert "up to ten steps" in GUIDE
    assert f"{WATCH_AFTER.seconds} seconds after" in GUIDE
    assert PATIENCE == 5 * MINUTE
    assert GUIDE.count("for five minutes") == 3
    assert "up to 480 characters" in GUIDE
