"""The Deliveries and DeliveryQueue ports, in memory and over AWS's API."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters import deliveries as adapters
from baton.adapters.deliveries import DynamoDeliveries, MemoryDeliveries, SqsDeliveryQueue
from baton.application.subscriptions import Deliveries
from baton.domain.announcement import Announcement
from baton.domain.event_delivery import DeliveryState, Ending, EventDelivery, Lane
from baton.domain.lead import LeadState
from baton.domain.timeline import Event, EventKind
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, SECOND

UNTIL = MONDAY_9AM + timedelta(days=30)


@pytest.fixture(params=["memory", "dynamo"])
def deliveries(request: pytest.FixtureRequest) -> Deliveries:
    """The port, in memory and in DynamoDB."""
    if request.param == "memory":
        return MemoryDeliveries()
    return DynamoDeliveries(request.getfixturevalue("dynamodb"), "LedgerTable")


def a_delivery(seq: int = 1, subscription_id: str = "crm") -> EventDelivery:
    """The delivery of a lead's event of that number."""
    event = Event(
        lead_id=LEAD_ID,
        seq=seq,
        at=MONDAY_9AM + seq * SECOND,
        kind=EventKind.LEAD_SCORED,
        state=LeadState.SCORED,
        facts={"points": 30, "probability": 0.25, "reasons": [{"reason": "roof", "points": 30}]},
    )
    return EventDelivery.of(subscription_id, Announcement.of(event), MONDAY_9AM)


def test_a_delivery_is_given_back_as_it_was_stored(deliveries: Deliveries) -> None:
    delivery = a_delivery()

    assert deliveries.get("crm", delivery.delivery_id) is None
    assert deliveries.put(delivery)
    assert deliveries.get("crm", delivery.delivery_id) == delivery
    assert deliveries.get("bi", delivery.delivery_id) is None


def test_of_two_who_change_a_delivery_one_does(deliveries: Deliveries) -> None:
    delivery = a_delivery()
    deliveries.put(delivery)

    assert not deliveries.put(delivery)
    assert deliveries.put(delivery.begun(MONDAY_9AM))
    assert not deliveries.put(delivery.ended(Ending.INACTIVE))


def test_deliveries_are_listed_newest_event_first_page_by_page(deliveries: Deliveries) -> None:
    stored = [a_delivery(seq) for seq in range(1, 6)]
    for delivery in (stored[2], stored[0], stored[4], stored[1], stored[3], a_delivery(9, "bi")):
        deliveries.put(delivery)

    first = deliveries.page("crm", 2)
    second = deliveries.page("crm", 2, first.after)
    third = deliveries.page("crm", 2, second.after)

    assert [one.announcement.seq for one in (*first.items, *second.items, *third.items)] == [5, 4, 3, 2, 1]
    assert third.after is None


def test_deliveries_are_listed_by_how_they_stand_and_a_page_looks_at_so_many(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "LOOKED_AT", 3)
    for seq in range(1, 6):
        delivery = a_delivery(seq)
        deliveries.put(delivery)
        if seq == 1:
            deliveries.put(delivery.ended(Ending.DELETED))

    first = deliveries.page("crm", 2, state=DeliveryState.DEAD)
    second = deliveries.page("crm", 2, first.after, DeliveryState.DEAD)

    assert (first.items, first.after is not None) == ((), True)
    assert [one.announcement.seq for one in second.items] == [1]
    assert second.after is None


def test_those_given_up_are_counted_however_many_came_after_them(deliveries: Deliveries) -> None:
    for seq in range(1, 5):
        deliveries.put(a_delivery(seq))
    dead = [a_delivery(seq).ended(Ending.INACTIVE) for seq in (1, 2)]
    lost = [deliveries.put(delivery) for delivery in (*dead, *dead)]
    many = deliveries.given_up("crm", MONDAY_9AM)
    again = dead[0].again(MONDAY_9AM + timedelta(days=2))

    assert lost == [True, True, False, False]
    assert [deliveries.put(again, dead[0]) for _ in range(2)] == [True, False]
    assert (many, deliveries.given_up("crm", MONDAY_9AM)) == (2, 1)
    assert deliveries.given_up("crm", UNTIL + timedelta(days=1)) == 0
    assert deliveries.given_up("bi", MONDAY_9AM) == 0


def test_deliveries_wait_in_a_lane_until_they_leave_it(deliveries: Deliveries) -> None:
    one, two = a_delivery(1).delivery_id, a_delivery(2).delivery_id

    assert deliveries.lane("crm", LEAD_ID) == Lane()
    deliveries.enter("crm", LEAD_ID, [two], 2, UNTIL)
    deliveries.enter("crm", LEAD_ID, [one, two], 2, UNTIL)

    assert deliveries.lane("crm", LEAD_ID) == Lane(frozenset({one, two}), 2)
    assert deliveries.lane("crm", LEAD_ID).first == one
    assert deliveries.leave("crm", LEAD_ID, one, UNTIL) == Lane(frozenset({two}), 2)
    assert deliveries.leave("crm", LEAD_ID, one, UNTIL).first == two
    assert deliveries.leave("crm", LEAD_ID, two, UNTIL) == Lane(frozenset(), 2)
    assert deliveries.lane("bi", LEAD_ID) == Lane()


def test_a_lane_may_be_left_that_nobody_entered(deliveries: Deliveries) -> None:
    assert deliveries.leave("crm", LEAD_ID, a_delivery().delivery_id, UNTIL) == Lane()


def test_what_waits_in_the_queue_comes_back_as_early_as_sqs_can(aws: Callable[[str], Any]) -> None:
    client = aws("sqs")
    url = client.create_queue(QueueName="due")["QueueUrl"]
    queue, asked = SqsDeliveryQueue(client, url), []
    client.meta.events.register(
        "before-parameter-build.sqs.SendMessage", lambda params, **_: asked.append(params)
    )

    for wait in (timedelta(), timedelta(seconds=4.2), 20 * MINUTE, -SECOND):
        queue.put("crm", "some-delivery", wait)

    assert [one["DelaySeconds"] for one in asked] == [0, 5, 900, 0]
    assert json.loads(asked[0]["MessageBody"]) == {"subscription_id": "crm", "delivery_id": "some-delivery"}
