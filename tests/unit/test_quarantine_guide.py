"""The guides to quarantine and consent: their tables leave nothing out, their examples work, their words are said."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from baton.application.restart_lead import MAX_RESTARTS
from baton.domain.campaign import Campaign
from baton.domain.consent import Consent, ConsentRules
from baton.domain.consent_reader import consent_name
from baton.domain.contact_entry import MAX_ENTRIES
from baton.domain.documents import Configured, Document
from baton.domain.person_zones import CLOSE
from baton.domain.quarantine import QuarantineRules
from baton.domain.quiet import MAX_HOURS, QuietHours
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.spam import SpamGuard
from baton.domain.suspicion import Suspicion
from baton.domain.timeline import EventKind
from tests.builders import MONDAY_9AM, World, a_rep, a_world
from tests.unit.test_refuse_contact import asks

DOCS: Final = Path(__file__).parents[2] / "docs"
CONSENT, QUARANTINE = (DOCS / "consent.md").read_text(), (DOCS / "quarantine.md").read_text()
KINDS: Final[dict[str, type[Configured]]] = {
    "campaigns": Campaign,
    "sources": Source,
    "recipients": Recipient,
}


def rows(guide: str, heading: str) -> list[list[str]]:
    """The cells of the first table below that heading, without its head."""
    below = guide.split(f"\n{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert lines
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[0].strip().split("\n")[2:]
    ]


def first_words(guide: str, heading: str) -> list[str]:
    """What the rows of a table are about."""
    return [row[0].strip("`| ") for row in rows(guide, heading)]


def documents(guide: str) -> list[Any]:
    """The configuration of the guide's examples."""
    found = []
    for text in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL):
        for group, written in yaml.safe_load(text).items():
            found += [KINDS[group].model_validate(one) for one in written]
    return found


def test_every_suspicion_has_a_row_and_no_other_has() -> None:
    assert first_words(QUARANTINE, "## What is suspicious") == [*Suspicion]


@pytest.mark.parametrize(
    ("guide", "heading", "document"),
    [
        (QUARANTINE, "## What a source watches for", SpamGuard),
        (QUARANTINE, "## What a campaign's rules say", QuarantineRules),
        (CONSENT, "## What a campaign asks for", ConsentRules),
        (CONSENT, "## Quiet hours", QuietHours),
    ],
)
def test_every_setting_has_a_row(guide: str, heading: str, document: type[Document]) -> None:
    assert set(first_words(guide, heading)) == set(document.model_fields)


def test_defaults_are_as_the_guides_say() -> None:
    quiet = {name: default.strip('`"') for name, _, default in _settings(CONSENT, "## Quiet hours")}

    assert QuietHours.model_validate(quiet) == QuietHours()
    assert {name: default for name, _, default in _settings(CONSENT, "## What a campaign asks for")} == {
        "required": "`false`",
        "evidence": "`[]`",
        "missing": "`refuse`",
    }
    assert ConsentRules().model_dump(mode="json") == {
        "required": False,
        "evidence": [],
        "missing": "refuse",
    }


def _settings(guide: str, heading: str) -> list[tuple[str, str, str]]:
    return [(row[0].strip("`| "), row[1], row[2].strip(" |")) for row in rows(guide, heading)]


def test_every_field_of_a_consent_has_a_row_and_its_flat_names_are_known() -> None:
    table = rows(CONSENT, "## What is kept")

    assert [row[0].strip("`| ") for row in table] == [f"consent.{name}" for name in Consent.model_fields]
    for path, _, flat, _ in table:
        names = re.findall(r"`([^`]+)`", flat)
        assert names
        assert {consent_name(name) for name in names} == {path.strip("`| ").partition(".")[2]}


@pytest.mark.parametrize("guide", [CONSENT, QUARANTINE])
def test_the_examples_are_configuration(guide: str) -> None:
    assert len(documents(guide)) >= 2


def test_the_quarantine_of_the_example_does_what_the_guide_says() -> None:
    source, campaign = documents(QUARANTINE)
    world = a_world(documents=(source, campaign.model_copy(update={"plan_id": "plan"})))

    def state(**fields: Any) -> str:
        sent = {"email": "maria@example.com", "cf-turnstile-response": "token", **world.visit(), **fields}
        return str(world.leads.get(world.accept_lead("web-form", sent).lead_id).state)

    assert [
        state(),
        state(website="x"),
        state(_fill_ms=1),
    ] == ["received", "disqualified", "quarantined"]
    assert state(email="a@b.co", _fill_ms=1, utm_source="newsletter") == "received"


def test_the_list_of_the_guide_is_taken_and_its_answer_has_that_shape() -> None:
    sent, answer = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", CONSENT, re.DOTALL))
    world = a_world()

    listed = asks(world, sent)

    assert listed.status == 200
    assert listed.json.keys() == answer.keys()
    assert answer["problems"][0].keys() == {"row", "field", "problem"}
    assert (listed.json["done"], listed.json["refused"]) == (answer["done"], answer["refused"])
    assert listed.json["problems"] == answer["problems"]


def test_the_words_that_reps_read_are_those_of_the_guide() -> None:
    world = World((a_rep("ana"),))
    world.configure(Campaign(id="solar", name="Solar", plan_id="plan", quiet_hours=QuietHours()))
    world.clock.at = MONDAY_9AM.replace(day=24)
    lead_id = world.offers(state="CA")

    assert f"`{world.show(world.token(lead_id)).hold_off}`" in CONSENT


@pytest.mark.parametrize(
    ("guide", "said"),
    [
        (CONSENT, f"{MAX_ENTRIES:,} entries"),
        (CONSENT, f"at most {MAX_HOURS} hours later"),
        (CONSENT, f"{ {2: 'two'}[CLOSE.seconds // 3600] } hours apart at most"),
        (QUARANTINE, f"the {['', '', '', '', '', 'five'][MAX_RESTARTS]} attempts"),
        (QUARANTINE, f"(`{EventKind.LEAD_RELEASED}`, `{EventKind.LEAD_DISQUALIFIED}`)"),
    ],
)
def test_the_limits_are_those_of_the_code(guide: str, said: str) -> None:
    assert said in " ".join(guide.split())
