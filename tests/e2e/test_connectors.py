"""CRMs and marketing tools hear of leads, each in its own API, and a CRM says what people did there."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from baton.application.subscriptions import REMEMBERED
from baton.domain.lead import LeadState
from baton.domain.timeline import EventKind
from tests.connecting import SYSTEMS, a_connector
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import JSON, Stack, wait
from tests.e2e.team import Team
from tests.systems import Fault, Served, System
from tests.systems_crm import HOOK_SECRET, OWNERS, HubSpot, hubspot_webhook

HOOK_URL = "https://leads.example.com/hook"
every_system = pytest.mark.parametrize("kind", SYSTEMS)


@dataclass
class Connected:
    """A team whose leads five systems hear of."""

    stack: Stack
    admin: Caller
    team: Team
    systems: dict[type[System], System]
    paths: dict[type[System], str]

    def lives(self) -> str:
        """A lead that is assigned, contacted and converted."""
        lead_id = self.assigned()
        for report in ({"outcome": "contacted"}, {"outcome": "converted", "value_cents": 129_905}):
            assert self.admin("POST", f"/v1/leads/{lead_id}/outcomes", report).status == 200
        return lead_id

    def assigned(self) -> str:
        """A lead that the team's rep has."""
        lead_id = self.stack.take_in(self.team.source_id)
        self.stack.until(lead_id, LeadState.ASSIGNED)
        return lead_id

    def knows(self, kind: type[System], lead_id: str, stage: str) -> None:
        """Wait until a system has come so far."""
        wait(lambda: self.systems[kind].stages_of(lead_id)[-1:] == [stage], f"{kind.__name__} knows {stage}")


@pytest.fixture(scope="module")
def connected(stack: Stack) -> Iterator[Connected]:
    """All of them, each with its secrets, tried, and known to every process."""
    admin, team = a_user(stack, "admin"), Team.at(stack, 1, auto_accept=True)
    connected = Connected(stack, admin, team, {kind: kind() for kind in SYSTEMS}, {})
    OWNERS[team.email(1)] = "102"
    with ExitStack() as exit_stack:
        for kind, system in connected.systems.items():
            served = exit_stack.enter_context(Served(system))
            more = {"hook_secret": "hook", "hook_url": HOOK_URL} if kind is HubSpot else {}
            connected.paths[kind] = _connect(admin, system, served.url, team, more)
        time.sleep(REMEMBERED.total_seconds())
        yield connected
    del OWNERS[team.email(1)]


def _connect(admin: Caller, system: System, url: str, team: Team, more: dict[str, str]) -> str:
    key = system.CONNECTOR["system"].replace("_", "-")
    document = a_connector(system, url, key, **more).model_dump(mode="json", exclude_none=True)
    admin.creates("subscriptions", {**document, "campaigns": [team.id]})
    path = f"/v1/subscriptions/{key}"
    for name, secret in {**system.SECRETS, **({"hook": HOOK_SECRET} if more else {})}.items():
        assert admin("PUT", f"{path}/secrets/{name}", {"value": secret}).status == 204
    tried = admin("POST", f"{path}/test").json
    assert (tried.get("delivered"), tried.get("said")) == (True, None), tried
    return path


@pytest.fixture(scope="module")
def life(connected: Connected) -> str:
    """A lead's whole life, in whose middle every system fails once, having done what it was asked for."""
    for kind, system in connected.systems.items():
        system.faults.append(Fault(500, is_done=True, where=kind.STEPS[-1]))
    return connected.lives()


@every_system
def test_a_leads_life_arrives_in_order_and_once_with_a_fault_in_the_middle(
    connected: Connected, life: str, kind: type[System]
) -> None:
    connected.knows(kind, life, kind.LIFE[-1])
    url = f"{connected.paths[kind]}/deliveries?limit=100"
    wait(lambda: not connected.admin("GET", f"{url}&state=pending").json["items"], "all is delivered")

    log = [one for one in reversed(connected.admin("GET", url).json["items"]) if one["lead_id"] == life]
    assert connected.systems[kind].faults == []
    assert tuple(dict.fromkeys(connected.systems[kind].stages_of(life))) == kind.LIFE
    assert [one["kind"] for one in log] == ["LeadAssigned", "LeadContacted", "LeadConverted"]
    assert sum(one["attempts"] for one in log) == len(log) + 1
    assert {secret for secret in connected.stack.personal if secret in json.dumps(log)} == set()


def test_the_rep_who_has_the_lead_is_the_owner_there_and_the_person_is_a_contact(
    connected: Connected, life: str
) -> None:
    hubspot = connected.systems[HubSpot]
    assert isinstance(hubspot, HubSpot)
    connected.knows(HubSpot, life, HubSpot.LIFE[-1])

    deal = hubspot.deal_of(life)
    contacts = [
        hubspot.records["contacts"][contact]
        for key, contact in hubspot.associated
        if hubspot.records["deals"][key] is deal
    ]
    assert (deal["hubspot_owner_id"], deal["amount"]) == ("102", "1299.05")
    assert [contact["email"] in connected.stack.personal for contact in contacts] == [True]


def test_a_deal_that_is_won_in_the_crm_is_a_conversion_which_marketing_hears_of_and_the_crm_does_not(
    connected: Connected,
) -> None:
    hubspot = connected.systems[HubSpot]
    assert isinstance(hubspot, HubSpot)
    lead_id = connected.assigned()
    connected.knows(HubSpot, lead_id, HubSpot.LIFE[0])
    hubspot.deal_of(lead_id).update(dealstage="closedwon", amount="250.00")
    key = next(key for key, deal in hubspot.records["deals"].items() if deal["baton_lead_id"] == lead_id)

    def tell(**forged: str) -> int:
        headers, body = hubspot_webhook(hubspot, HOOK_URL, datetime.now(UTC), {"objectId": int(key)})
        path = f"{connected.paths[HubSpot]}/outcomes"
        return connected.stack.request("POST", path, body.decode(), JSON, **headers | forged).status

    assert (tell(**{"x-hubspot-signature-v3": "forged"}), tell(), tell()) == (401, 200, 200)

    lead = connected.stack.lead(lead_id)
    assert (lead.state, lead.value_cents) == (LeadState.CONVERTED, 25_000)
    assert connected.stack.events(lead_id).count(EventKind.LEAD_CONVERTED) == 1
    for kind in set(SYSTEMS) - {HubSpot}:
        connected.knows(kind, lead_id, kind.LIFE[-1])
    assert hubspot.stages_of(lead_id) == [HubSpot.LIFE[0]]
