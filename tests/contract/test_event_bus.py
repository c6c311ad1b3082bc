"""The EventBus port, in memory and in EventBridge."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from moto.events.models import EventsBackend

from baton.adapters.event_bus import EventBridgeBus, MemoryBus
from baton.domain.announcement import Announcement
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.timeline import Event, EventKind
from tests.builders import LEAD_ID, MONDAY_9AM


def announcements(count: int) -> list[Announcement]:
    """So many events of one lead."""
    return [
        Announcement.of(
            Event(
                lead_id=LEAD_ID,
                seq=seq,
                at=MONDAY_9AM,
                kind=EventKind.LEAD_RECEIVED,
                state=LeadState.RECEIVED,
            )
        )
        for seq in range(1, count + 1)
    ]


class Listener:
    """A bus whose events end in a queue, as a subscriber's rule would have it."""

    def __init__(self, aws: Callable[[str], Any]) -> None:
        events, self._sqs = aws("events"), aws("sqs")
        events.create_event_bus(Name="leads")
        self._url = self._sqs.create_queue(QueueName="heard")["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]
        events.put_rule(Name="all", EventBusName="leads", EventPattern=json.dumps({"source": ["baton"]}))
        events.put_targets(
            Rule="all", EventBusName="leads", Targets=[{"Id": "queue", "Arn": arn["QueueArn"]}]
        )
        self.bus = EventBridgeBus(events, "leads")

    def heard(self) -> list[dict[str, Any]]:
        """What came, in whatever order."""
        found: list[dict[str, Any]] = []
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            found += [json.loads(message["Body"]) for message in messages]
        return found


def test_every_event_is_heard_under_its_kind(aws: Callable[[str], Any]) -> None:
    listener, sent = Listener(aws), announcements(23)

    assert listener.bus.put(sent) == 23

    heard = listener.heard()
    assert {(one["source"], one["detail-type"]) for one in heard} == {("baton", "LeadReceived")}
    assert sorted(one["detail"]["seq"] for one in heard) == [*range(1, 24)]
    assert Announcement.model_validate(heard[0]["detail"]) in sent


@pytest.mark.parametrize("failing", [1, 10, 11, 17])
def test_where_some_are_not_taken_those_before_them_count(
    aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    listener, put, seen = Listener(aws), EventsBackend.put_events, 0

    def flaky(self: EventsBackend, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        nonlocal seen
        results = put(self, events)
        for place in range(len(results)):
            seen += 1
            if seen == failing:
                results[place] = {"ErrorCode": "InternalFailure", "ErrorMessage": "try again"}
        return results

    monkeypatch.setattr(EventsBackend, "put_events", flaky)
    twin = MemoryBus(takes=failing - 1)

    assert listener.bus.put(announcements(20)) == twin.put(announcements(20)) == failing - 1
    assert twin.put(announcements(20)) == 20


def test_a_bus_that_does_not_answer_has_taken_nothing() -> None:
    class Silent:
        def put_events(self, **_: Any) -> None:
            from botocore.exceptions import ReadTimeoutError

            raise ReadTimeoutError(endpoint_url="the bus")

    for bus in (EventBridgeBus(Silent(), "leads"), MemoryBus(available=False)):
        with pytest.raises(StoreUnavailable):
            bus.put(announcements(1))


def test_nothing_to_tell_is_told() -> None:
    assert EventBridgeBus(None, "leads").put([]) == MemoryBus().put([]) == 0
