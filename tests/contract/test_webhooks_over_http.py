"""Webhooks over real sockets: a subscriber that fails in the middle of a lead's life still hears all of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from baton.adapters.outgoing_http import ThreadedHttp
from baton.domain.event_delivery import DeliveryState
from baton.domain.subscription import Subscription
from tests.builders import SECOND
from tests.subscriber import Subscriber
from tests.telling import LIFE, SECRET, Telling, a_converted_lead, a_subscription, a_telling


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    """A subscriber's server."""
    with Subscriber(SECRET) as subscriber:
        yield subscriber


@pytest.fixture
def telling(subscriber: Subscriber) -> Iterator[Telling]:
    """A world that tells the subscriber of everything. Signatures are of the present: the server checks that."""
    http = ThreadedHttp(allow_http=True, allow_private=True)
    telling = a_telling(None, a_subscription(subscriber.url), http=http)
    telling.world.clock.at = datetime.now(UTC)
    yield telling
    http.close()


@pytest.mark.parametrize(
    ("fault", "waits_at_least"),
    [
        ((500, {}), 5 * SECOND),
        ((429, {"Retry-After": "90"}), 90 * SECOND),
        ((503, {"Retry-After": "3"}), 5 * SECOND),
        ((0, {}), 5 * SECOND),
        ((302, {"Location": "http://127.0.0.1/"}), 5 * SECOND),
    ],
    ids=lambda given: str(given[0]) if isinstance(given, tuple) else "",
)
def test_a_life_with_a_fault_in_its_middle_is_heard_in_its_order_and_once(
    telling: Telling,
    subscriber: Subscriber,
    fault: tuple[int, dict[str, str]],
    waits_at_least: timedelta,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr("baton.application.post_event.TIMEOUT_MS", 300)
    lead_id = a_converted_lead(telling)

    telling.tells(lead_id, 1, 2)
    telling.works()
    subscriber.faults.append(fault)
    telling.tells(lead_id, 3, 4, 5)
    telling.works()
    heard_before = subscriber.kinds(lead_id)
    waited = telling.waits()

    assert heard_before == LIFE[:2], "what comes after the fault waits for it"
    assert waits_at_least <= waited <= 1.1 * waits_at_least
    assert subscriber.kinds(lead_id) == LIFE
    assert subscriber.refused == [fault[0]]
    assert [one.attempts for one in telling.log()] == [1, 1, 2, 1, 1]


def test_who_answers_410_hears_nothing_any_more_and_operations_hear_of_it(
    telling: Telling,
    subscriber: Subscriber,
) -> None:
    lead_id = a_converted_lead(telling)
    subscriber.faults.append((410, {}))

    telling.tells(lead_id)
    telling.works()

    assert subscriber.heard == []
    assert telling.world.configuration.get(Subscription, "crm").active is False
    assert [(one.state, one.trouble) for one in telling.log()] == [
        (DeliveryState.DEAD, "gone"),
        *[(DeliveryState.DEAD, "inactive")] * 4,
    ]
    assert [facts for _, facts in telling.alerts.told] == [{"subscription_id": "crm"}]
