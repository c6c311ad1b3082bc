"""Deliveries of events in the Ledger table, where they expire by themselves, and their twin in memory."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import RLock
from typing import Any, Final, TypeGuard

from baton.adapters.aws import AwsError
from baton.adapters.dynamo import get, put, put_if_next, query, transact, translated
from baton.adapters.items import from_item, to_item
from baton.adapters.retention import epoch
from baton.domain.editing import Page
from baton.domain.errors import StoreUnavailable
from baton.domain.event_delivery import DeliveryState, EventDelivery, Lane

LOOKED_AT: Final = 1_000
"""Deliveries that one page looks at: a filter that lets few through must not read for minutes."""


class DynamoDeliveries:
    """The Deliveries port: a row for each delivery, by subscription and time of the event, and a row for each lane."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, subscription_id: str, delivery_id: str) -> EventDelivery | None:
        """See Deliveries.get."""
        row = get(self._client, self._table, {"scope": f"delivery#{subscription_id}", "id": delivery_id})
        return EventDelivery.model_validate(row) if row else None

    def put(self, delivery: EventDelivery, before: EventDelivery | None = None) -> bool:
        """See Deliveries.put."""
        key = {"scope": f"delivery#{delivery.subscription_id}", "id": delivery.delivery_id}
        row = {**key, "expires_epoch": epoch(delivery.kept_until), **delivery.model_dump(mode="json")}
        request = put_if_next(self._table, row, delivery.rev)
        counted = [self._count(one, by) for one, by in ((before, -1), (delivery, 1)) if _is_dead(one)]
        if not counted:
            return put(self._client, request)
        if transact(self._client, [request], updates=counted):
            return True
        stored = self.get(delivery.subscription_id, delivery.delivery_id)
        if stored and stored.rev == delivery.rev - 1:
            # Others were counted at the same moment: this one has still to be written.
            raise StoreUnavailable("TransactionConflict")
        return False

    def given_up(self, subscription_id: str, now: datetime) -> int:
        """See Deliveries.given_up. The day's row goes with the last delivery that it counts."""
        rows = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="#scope = :scope AND id >= :today",
            ExpressionAttributeNames={"#scope": "scope"},
            ExpressionAttributeValues=to_item({":scope": f"given_up#{subscription_id}", ":today": _day(now)}),
            ConsistentRead=True,
        )
        return sum(int(row["dead"]) for row in rows)

    def _count(self, delivery: EventDelivery, by: int) -> dict[str, Any]:
        """One more, or one less, of those that are dead and are kept until that day."""
        key = {"scope": f"given_up#{delivery.subscription_id}", "id": _day(delivery.kept_until)}
        until = epoch(delivery.kept_until + timedelta(days=1))
        return {
            "TableName": self._table,
            "Key": to_item(key),
            "UpdateExpression": "SET expires_epoch = :until ADD dead :by",
            "ExpressionAttributeValues": to_item({":until": until, ":by": by}),
        }

    def page(
        self, subscription_id: str, limit: int, after: str | None = None, state: DeliveryState | None = None
    ) -> Page[EventDelivery]:
        """See Deliveries.page."""
        condition, values = "#scope = :scope", {":scope": f"delivery#{subscription_id}"}
        if after:
            condition, values = f"{condition} AND id < :after", {**values, ":after": after}
        rows = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression=condition,
            ExpressionAttributeNames={"#scope": "scope"},
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=min(limit + 1, LOOKED_AT),
        )
        return _page((EventDelivery.model_validate(row) for row in rows), limit, state)

    def lane(self, subscription_id: str, lead_id: str) -> Lane:
        """See Deliveries.lane."""
        row = get(self._client, self._table, _lane_key(subscription_id, lead_id))
        return _lane(row or {})

    def enter(
        self, subscription_id: str, lead_id: str, ids: Sequence[str], known: int, until: datetime
    ) -> None:
        """See Deliveries.enter."""
        self._update(
            _lane_key(subscription_id, lead_id),
            "SET known = :known, expires_epoch = :until ADD waiting :ids",
            {**to_item({":known": known, ":until": epoch(until)}), ":ids": {"SS": sorted(set(ids))}},
        )

    def leave(self, subscription_id: str, lead_id: str, delivery_id: str, until: datetime) -> Lane:
        """See Deliveries.leave."""
        row = self._update(
            _lane_key(subscription_id, lead_id),
            "SET expires_epoch = :until DELETE waiting :ids",
            {**to_item({":until": epoch(until)}), ":ids": {"SS": [delivery_id]}},
        )
        return _lane(row)

    def _update(self, key: dict[str, str], expression: str, values: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item(key),
                UpdateExpression=expression,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except AwsError as error:
            raise translated(error) from error
        return from_item(answer["Attributes"])


class MemoryDeliveries:
    """The Deliveries port over dictionaries."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], EventDelivery] = {}
        self.lanes: dict[tuple[str, str], Lane] = {}
        self.dead: Counter[tuple[str, str]] = Counter()
        self._lock = RLock()

    def get(self, subscription_id: str, delivery_id: str) -> EventDelivery | None:
        """See Deliveries.get."""
        return self.stored.get((subscription_id, delivery_id))

    def put(self, delivery: EventDelivery, before: EventDelivery | None = None) -> bool:
        """See Deliveries.put."""
        key = (delivery.subscription_id, delivery.delivery_id)
        with self._lock:
            stored = self.stored.get(key)
            if delivery.rev - 1 != (stored.rev if stored else 0):
                return False
            self.stored[key] = delivery
            for one, by in ((before, -1), (delivery, 1)):
                if _is_dead(one):
                    self.dead[one.subscription_id, _day(one.kept_until)] += by
            return True

    def given_up(self, subscription_id: str, now: datetime) -> int:
        """See Deliveries.given_up."""
        return sum(
            count for (who, day), count in self.dead.items() if who == subscription_id and day >= _day(now)
        )

    def page(
        self, subscription_id: str, limit: int, after: str | None = None, state: DeliveryState | None = None
    ) -> Page[EventDelivery]:
        """See Deliveries.page."""
        keys = sorted((key for key in self.stored if key[0] == subscription_id), reverse=True)
        rows = (self.stored[key] for key in keys if after is None or key[1] < after)
        return _page(rows, limit, state)

    def lane(self, subscription_id: str, lead_id: str) -> Lane:
        """See Deliveries.lane."""
        return self.lanes.get((subscription_id, lead_id), Lane())

    def enter(
        self, subscription_id: str, lead_id: str, ids: Sequence[str], known: int, until: datetime
    ) -> None:
        """See Deliveries.enter. Nothing expires here."""
        with self._lock:
            lane = self.lane(subscription_id, lead_id)
            self.lanes[subscription_id, lead_id] = Lane(lane.waiting | {*ids}, known)

    def leave(self, subscription_id: str, lead_id: str, delivery_id: str, until: datetime) -> Lane:
        """See Deliveries.leave."""
        with self._lock:
            lane = self.lane(subscription_id, lead_id)
            left = self.lanes[subscription_id, lead_id] = Lane(lane.waiting - {delivery_id}, lane.known)
            return left


def _page(rows: Any, limit: int, state: DeliveryState | None) -> Page[EventDelivery]:
    """The rows that are wanted, until there are enough of them or enough were looked at."""
    shown: list[EventDelivery] = []
    last = None
    for delivery in islice(rows, LOOKED_AT):
        if len(shown) == limit:
            return Page(tuple(shown), last)
        if state is None or delivery.state is state:
            shown.append(delivery)
        last = delivery.delivery_id
    more = next(rows, None) is not None
    return Page(tuple(shown), last if more else None)


def _is_dead(delivery: EventDelivery | None) -> TypeGuard[EventDelivery]:
    return delivery is not None and delivery.state is DeliveryState.DEAD


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _lane_key(subscription_id: str, lead_id: str) -> dict[str, str]:
    return {"scope": f"lane#{subscription_id}#{lead_id}", "id": "lane"}


def _lane(row: dict[str, Any]) -> Lane:
    return Lane(frozenset(row.get("waiting", ())), row.get("known", 0))


class SqsDeliveryQueue:
    """The DeliveryQueue port. SQS keeps a message back for a quarter of an hour: who waits longer comes again."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._url = queue_url

    def put(self, subscription_id: str, delivery_id: str, wait: timedelta) -> None:
        """See DeliveryQueue.put."""
        message = f'{{"subscription_id": "{subscription_id}", "delivery_id": "{delivery_id}"}}'
        seconds = max(0, min(-int(-wait.total_seconds() // 1), MAX_DELAY_S))
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=message, DelaySeconds=seconds)
        except AwsError as error:
            raise translated(error) from error


MAX_DELAY_S: Final = 900


class MemoryDeliveryQueue:
    """The DeliveryQueue port: remembers who waits, and for how long."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, str, timedelta]] = []

    def put(self, subscription_id: str, delivery_id: str, wait: timedelta) -> None:
        """See DeliveryQueue.put."""
        self.waiting.append((subscription_id, delivery_id, wait))
