"""What the world hears of leads: by the event bus, and by webhooks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from baton.domain.lead import LeadState
from tests.e2e.callers import Caller, a_user
from tests.e2e.listener import Listener
from tests.e2e.stack import PATIENCE_S, Stack, wait
from tests.e2e.team import Team
from tests.subscriber import Subscriber
from tests.telling import LIFE, SECRET


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


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    """Another company's web server."""
    with Subscriber(SECRET) as subscriber:
        yield subscriber


def subscribes(admin: Caller, subscriber: Subscriber, team: Team, **facts: Any) -> str:
    """A subscription of the subscriber to a team's leads, with its secret; returns its path."""
    key = f"sub-{team.id}"
    document = {"id": key, "name": key, "url": subscriber.url, "campaigns": [team.id], **facts}
    admin.creates("subscriptions", document)
    path = f"/v1/subscriptions/{key}"
    assert admin("PUT", f"{path}/secrets/signing", {"value": SECRET}).status == 204
    tried = admin("POST", f"{path}/test").json
    assert (tried["delivered"], tried["status"]) == (True, 204), tried
    subscriber.heard.clear()
    return path


def live_on(stack: Stack, admin: Caller, team: Team) -> str:
    """A lead that is assigned, contacted and converted."""
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.ASSIGNED)
    for outcome in ("contacted", "converted"):
        assert admin("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": outcome}).status == 200
    return lead_id


def deliveries(admin: Caller, path: str, state: str = "") -> list[dict[str, Any]]:
    """The log of a subscription's deliveries, oldest event first."""
    answer = admin("GET", f"{path}/deliveries?limit=100" + (f"&state={state}" if state else ""))
    assert answer.status == 200, answer
    return list(reversed(answer.json["items"]))


def test_a_subscriber_that_fails_in_the_middle_hears_a_life_in_its_order_and_once(
    stack: Stack, admin: Caller, subscriber: Subscriber
) -> None:
    team = Team.at(stack, 1, auto_accept=True)
    path = subscribes(admin, subscriber, team)
    # A new subscription is known after 15 seconds at the latest.
    wait(lambda: (live_on(stack, admin, team), subscriber.heard)[1], "the first event of the subscription")
    subscriber.faults += [(500, {})]
    lead_id = live_on(stack, admin, team)

    # Whoever sends and dies holds an event for a minute: on a busy machine that may happen here too.
    wait(lambda: len(subscriber.kinds(lead_id)) >= len(LIFE), "the whole life", 2.5 * PATIENCE_S)

    assert subscriber.kinds(lead_id) == LIFE
    assert subscriber.refused == [500]
    wait(lambda: not deliveries(admin, path, "pending"), "everything is delivered")
    log = [one for one in deliveries(admin, path) if one["lead_id"] == lead_id]
    assert [(one["kind"], one["state"], one["status"]) for one in log] == [
        (kind, "delivered", 204) for kind in LIFE
    ]
    assert sum(one["attempts"] for one in deliveries(admin, path)) == len(deliveries(admin, path)) + 1
    assert {secret for secret in stack.personal if secret in json.dumps([subscriber.heard, log])} == set()


def test_a_subscriber_that_wants_no_more_is_switched_off_and_can_be_told_again(
    stack: Stack, admin: Caller, subscriber: Subscriber
) -> None:
    team = Team.at(stack, 1, auto_accept=True)
    path = subscribes(admin, subscriber, team, personal_data=True, events=["LeadAssigned", "LeadConverted"])
    subscriber.faults += [(410, {})] * 5
    wait(lambda: (live_on(stack, admin, team), subscriber.refused)[1], "the first event of the subscription")

    wait(lambda: not admin("GET", path).json["active"], "the subscription is switched off")
    changes = admin("GET", "/v1/changes?limit=20").json["items"]
    assert next(one for one in changes if one["key"] == path.rpartition("/")[2])["by"] == "baton"
    dead = wait(lambda: deliveries(admin, path, "dead"), "a dead delivery")[0]
    subscriber.faults.clear()
    admin.changes(path, active=True)

    def again() -> list[dict[str, Any]]:
        """That event, among those of other leads that were on their way."""
        return [one for one in list(subscriber.heard) if one["data"]["id"] == dead["event_id"]]

    def told() -> bool:
        """Until function send knows that the subscription is active again."""
        replayed = admin("POST", f"{path}/deliveries/{dead['delivery_id']}/replay")
        assert replayed.status == 202, replayed
        wait(
            lambda: (
                dead["delivery_id"] not in [one["delivery_id"] for one in deliveries(admin, path, "pending")]
            ),
            "it",
        )
        return bool(again())

    wait(told, "the event, sent again")
    assert again()[0]["data"]["contact"]["email"] in stack.personal


def test_a_viewer_sees_deliveries_and_sends_none(stack: Stack, admin: Caller, subscriber: Subscriber) -> None:
    path = subscribes(admin, subscriber, Team.at(stack, 1))
    viewer = a_user(stack, "viewer")

    assert viewer("GET", f"{path}/deliveries").status == 200
    assert viewer("POST", f"{path}/test").status == 403
    assert admin("POST", f"{path}/deliveries/nothing/replay").status == 404
