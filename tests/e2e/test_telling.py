"""What the world hears of leads: by the event bus."""

import json

import pytest

from baton.domain.lead import LeadState
from tests.e2e.callers import Caller, a_user
from tests.e2e.listener import Listener
from tests.e2e.stack import Stack
from tests.e2e.team import Team


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    """An admin."""
    return a_user(stack, "admin")


def test_the_bus_tells_a_lead_s_life_from_beginning_to_end_and_nothing_of_its_person(
    stack: Stack, admin: Caller
) -> None:
    listener, team = Listener(stack, "everything", {"source": ["baton"]}), Team.at(stack, 1, auto_accept=True)
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.ASSIGNED)
    for outcome in ("contacted", "converted"):
        assert admin("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": outcome}).status == 200

    heard = listener.details_of(lead_id, "LeadConverted")

    assert [one["kind"] for one in heard] == [event.value for event in stack.events(lead_id)]
    assert [one["seq"] for one in heard] == [*range(1, len(heard) + 1)]
    assert {(one["campaign_id"], one["source_id"]) for one in heard} == {(team.id, team.source_id)}
    assert heard[-1]["recipient_id"] == team.reps[0].id
    assert {secret for secret in stack.personal if secret in json.dumps(listener.heard)} == set()


def test_a_rule_hears_only_what_it_asks_for(stack: Stack) -> None:
    team = Team.at(stack, 1, auto_accept=True)
    pattern = {"detail-type": ["LeadAssigned"], "detail": {"campaign_id": [team.id], "test": [False]}}
    listener = Listener(stack, "assigned", pattern)
    lead_id = stack.take_in(team.source_id)

    heard = listener.details_of(lead_id, "LeadAssigned")

    assert [one["kind"] for one in heard] == ["LeadAssigned"]
    assert len({one["detail"]["id"] for one in listener.heard}) == 1


def test_what_cannot_be_published_for_a_while_is_published_afterwards(stack: Stack) -> None:
    listener, team = Listener(stack, "patient", {"source": ["baton"]}), Team.at(stack, 1, auto_accept=True)
    with stack.taken_away("publish", "Bus"):
        lead_id = stack.take_in(team.source_id)
        stack.until(lead_id, LeadState.ASSIGNED)

    heard = listener.details_of(lead_id, "LeadAssigned")

    assert [one["kind"] for one in heard] == [event.value for event in stack.events(lead_id)]
