"""The guide to connectors: its tables leave nothing out, its files can be applied, and what it says of limits is so."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, get_args

import pytest
import yaml

from baton.application.converse import ASK_MS, EARLY, TALK_MS
from baton.application.tell_system import OWNERS_KEPT
from baton.domain.connectors.catalogue import AnyConnector
from baton.domain.connectors.connector import Audience, Connector, Crm, Owners
from baton.domain.connectors.talk import Known, News, Reply, ask, facts_to_tell, mapped, note
from baton.domain.documents import Document
from baton.domain.endpoint import Mapped
from baton.domain.event_delivery import SCHEDULE
from baton.domain.lead import LeadState
from baton.domain.subscription import Subscription
from tests.builders import MONDAY_9AM, a_lead
from tests.connecting import SYSTEMS
from tests.systems_crm import Salesforce, salesforce_webhook
from tests.telling import a_converted_lead, a_telling
from tests.unit.console import YAML, an_admin_with_a_team
from tests.unit.test_connectors_heard import Office
from tests.unit.test_quarantine_guide import rows

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "connectors.md").read_text()
CONNECTORS: Final[tuple[type[Connector], ...]] = get_args(get_args(AnyConnector)[0])
HEADINGS: Final = {
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
    "pipedrive": "Pipedrive",
    "meta": "Meta",
    "google_ads": "Google Ads",
}


def system_of(kind: type[Connector]) -> str:
    """What the connector is called in a document."""
    return str(get_args(kind.model_fields["system"].annotation)[0])


def named(heading: str) -> set[str]:
    """The fields that the first cells of a section's tables name."""
    section = GUIDE.partition(f"{heading}\n")[2]
    level = heading.partition(" ")[0]
    section = re.split(rf"^#{{1,{len(level)}}} ", section, maxsplit=1, flags=re.MULTILINE)[0]
    section = section.partition("\n###")[0]
    cells = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} - {"owners"}


def own_of(kind: type[Document]) -> set[str]:
    """Its settings beside those that all have."""
    return set(kind.model_fields) - set(Connector.model_fields)


def test_every_system_has_a_row_a_section_and_is_played_in_tests() -> None:
    listed = [re.findall(r"`(\w+)`", row[0])[0] for row in rows(f"\n{GUIDE}", "# CRMs and marketing tools")]

    assert listed == [system_of(kind) for kind in CONNECTORS] == list(HEADINGS)
    assert [system.CONNECTOR["system"] for system in SYSTEMS] == listed


@pytest.mark.parametrize("kind", CONNECTORS)
def test_every_setting_of_a_system_has_a_row(kind: type[Connector]) -> None:
    own = set(kind.model_fields) - set(Connector.model_fields) - {"owners", "outcomes", "hook_secret"}
    inherited = {"stages"} if issubclass(kind, Crm) else {"tells", "needs_value"}

    assert named(f"## {HEADINGS[system_of(kind)]}") | inherited == own


def test_what_all_have_in_common_has_a_row() -> None:
    assert named("## What all of them have in common") == set(Connector.model_fields)
    assert named("### Of CRMs") | {"owners"} == {*own_of(Crm), *Owners.model_fields}
    assert named("### Of marketing tools") == own_of(Audience)


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
def test_the_files_of_the_guide_are_subscriptions(text: str) -> None:
    written: Any = yaml.safe_load(text)

    (found,) = (Subscription.model_validate(one) for one in written["subscriptions"])
    assert found.connector is not None


def test_a_connector_in_a_file_is_kept_as_it_was_written() -> None:
    admin = an_admin_with_a_team()
    (text, *_) = [one for one in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if "pipedrive" in one]
    written = yaml.safe_load(text)["subscriptions"][0]["connector"]

    assert admin("PUT", "/v1/configuration", text, media_type=YAML).json["created"] == 1
    stored = admin("GET", "/v1/subscriptions/pipedrive").json["connector"]
    exported = admin("GET", "/v1/configuration", accept=YAML)
    again = admin("PUT", "/v1/configuration", exported.text, media_type=YAML)

    assert {name: stored[name] for name in written} == written
    assert (again.json["changed"], again.json["created"]) == (0, 0)


@pytest.mark.parametrize(
    ("connector", "place"),
    [
        ({"system": "hubspot", "tokn": "x"}, "connector.tokn"),
        ({"system": "salesforce"}, "connector.url"),
        ({"system": "pipedrive", "stages": {"assigned": "first"}}, "connector.stages.assigned"),
        ({"system": "goldmine"}, "connector"),
        ({}, "connector"),
    ],
)
def test_what_is_wrong_with_a_connector_is_said_with_its_place(connector: dict[str, Any], place: str) -> None:
    document = {"id": "crm", "name": "CRM", "connector": connector}

    refused = an_admin_with_a_team()("POST", "/v1/subscriptions", document)

    assert refused.code == "invalid-request"
    assert place in str(refused.json["errors"])


def test_what_a_flow_of_salesforce_sends_is_understood() -> None:
    office = Office(Salesforce())
    lead_id = office.a_lead()
    (text,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    told = {**json.loads(text), "lead_id": lead_id, "at": office.telling.now.isoformat()}

    assert office.result(salesforce_webhook(**told)) == {"heard": 1, "recorded": 1}
    assert office.telling.world.leads.get(lead_id).value_cents == 129_905


def test_the_talk_of_the_guide_is_one() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    scope: dict[str, Any] = {"mapped": mapped, "ask": ask, "note": note}
    exec(code, scope)  # noqa: S102 # the guide's own
    telling = a_telling()
    telling.tells(a_converted_lead(telling), 5)
    announcement, lead = telling.log()[-1].announcement, a_lead()
    news = News(announcement, lead, facts_to_tell(lead, announcement, MONDAY_9AM), {}, MONDAY_9AM)
    its = SimpleNamespace(
        fields=(Mapped(name="mail", field="contact.email"),), stages={LeadState.CONVERTED: "won"}
    )

    talk = scope["tell"](its, news)
    asked = next(talk)
    noted = talk.send(Reply(200, {"id": 7}))

    assert (asked.method, asked.path) == ("PUT", f"/records/{lead.lead_id}")
    assert asked.body == {"mail": "maria@example.com", "stage": "won"}
    assert noted == Known("record", "7")
    assert next(talk, None) is None


def test_every_fact_of_a_lead_is_named() -> None:
    telling = a_telling()
    lead_id = a_converted_lead(telling)
    telling.tells(lead_id, 5)
    facts = facts_to_tell(a_lead(), telling.log()[0].announcement, MONDAY_9AM)
    known = set(facts) - {"quality", "duplicate", "source_id", "campaign_id", "time"}
    sentence = GUIDE.partition("Of the lead\nthere are")[2].partition(". A list")[0]

    assert set(re.findall(r"`(\w+)`", sentence)) == known


def test_the_limits_are_as_the_guide_says() -> None:
    assert f"takes {TALK_MS // 1000} seconds at the most, each request of it ten" in GUIDE
    assert (ASK_MS, EARLY.total_seconds(), OWNERS_KEPT.total_seconds()) == (10_000, 60, 900)
    assert SCHEDULE[1].total_seconds() == 5
