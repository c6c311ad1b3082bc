"""CRMs and marketing tools hear of leads: each in its own API, with a fault in the middle of a lead's life."""

import json
from typing import Any

import pytest

from baton.domain.lead import LeadState
from tests.connecting import SYSTEMS, a_connector
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Stack, wait
from tests.e2e.team import Team
from tests.systems import Fault, Served, System
from tests.systems_crm import OWNERS, HubSpot


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    """An admin."""
    return a_user(stack, "admin")


def connects(admin: Caller, system: System, url: str, team: Team, **facts: Any) -> str:
    """A subscription that tells the system of a team's leads, with its secrets; returns its path."""
    key = f"{system.CONNECTOR['system']}-{team.id}".replace("_", "-")
    document = a_connector(system, url, key, **facts).model_dump(mode="json", exclude_none=True)
    admin.creates("subscriptions", {**document, "campaigns": [team.id]})
    path = f"/v1/subscriptions/{key}"
    for name, secret in system.SECRETS.items():
        assert admin("PUT", f"{path}/secrets/{name}", {"value": secret}).status == 204
    tried = admin("POST", f"{path}/test").json
    assert (tried["delivered"], tried["said"]) == (True, None), tried
    return path


def live_on(stack: Stack, admin: Caller, team: Team) -> str:
    """A lead that is assigned, contacted and converted."""
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.ASSIGNED)
    for outcome in ({"outcome": "contacted"}, {"outcome": "converted", "value_cents": 129_905}):
        assert admin("POST", f"/v1/leads/{lead_id}/outcomes", outcome).status == 200
    return lead_id


@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_leads_life_arrives_in_order_and_once_with_a_fault_in_the_middle(
    stack: Stack, admin: Caller, kind: type[System], monkeypatch: pytest.MonkeyPatch
) -> None:
    team, system = Team.at(stack, 1, auto_accept=True), kind()
    monkeypatch.setitem(OWNERS, team.email(1), "101")
    with Served(system) as served:
        path = connects(admin, system, served.url, team)
        # A new subscription is known after 15 seconds at the latest.
        first = wait(
            lambda: [one for one in [live_on(stack, admin, team)] if system.stages_of(one)],
            "the first event of the subscription",
        )[0]
        wait(lambda: system.stages_of(first)[-1] == kind.LIFE[-1], "the first life")
        system.faults += [Fault(500, is_done=True, where=kind.STEPS[-1])]
        lead_id = live_on(stack, admin, team)

        wait(lambda: system.stages_of(lead_id)[-1:] == [kind.LIFE[-1]], "the whole life")
        wait(lambda: not admin("GET", f"{path}/deliveries?state=pending").json["items"], "all is delivered")

    assert system.faults == []
    assert tuple(dict.fromkeys(system.stages_of(lead_id))) == kind.LIFE
    log = admin("GET", f"{path}/deliveries?limit=100").json["items"]
    of_lead = [one for one in reversed(log) if one["lead_id"] == lead_id]
    assert [one["kind"] for one in of_lead] == ["LeadAssigned", "LeadContacted", "LeadConverted"]
    assert sum(one["attempts"] for one in of_lead) == len(of_lead) + 1
    assert {secret for secret in stack.personal if secret in json.dumps(log)} == set()


def test_the_rep_who_has_the_lead_is_the_owner_there_and_the_person_is_a_contact(
    stack: Stack, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, hubspot = Team.at(stack, 1, auto_accept=True), HubSpot()
    monkeypatch.setitem(OWNERS, team.email(1), "102")
    with Served(hubspot) as served:
        connects(admin, hubspot, served.url, team)
        wait(lambda: (live_on(stack, admin, team), hubspot.associated)[1], "a deal with its contact")

    (deal_id, contact_id), *_ = hubspot.associated
    assert hubspot.records["deals"][deal_id]["hubspot_owner_id"] == "102"
    assert hubspot.records["contacts"][contact_id]["email"] in stack.personal
