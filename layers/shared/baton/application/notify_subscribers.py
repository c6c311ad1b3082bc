"""Notify subscribers: find whose webhooks are to hear of an event, and let each wait for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.domain.announcement import Announcement
from baton.domain.event_delivery import DeliveryState, EventDelivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from baton.application.ports import Clock, Leads
    from baton.application.subscriptions import Deliveries, DeliveryQueue
    from baton.domain.subscription import Subscription

LATE: Final = timedelta(minutes=5)
"""How long before an event another may have happened that is still on its way here."""


class NotifySubscribers:
    """One delivery for each subscription and event, however often it is heard, and those of a lead in their order.

    An event may overtake another on the bus. So with each, the lead's timeline is asked for those before it that the
    lane has not been told of: they enter it together. What happened more than LATE before counts as told of: a new
    subscription hears of what is new.
    """

    def __init__(
        self,
        subscriptions: Callable[[], Iterable[Subscription]],
        leads: Leads,
        deliveries: Deliveries,
        queue: DeliveryQueue,
        clock: Clock,
    ) -> None:
        self._subscriptions = subscriptions
        self._leads = leads
        self._deliveries = deliveries
        self._queue = queue
        self._clock = clock

    def __call__(self, announcement: Announcement) -> int:
        """To how many subscriptions it goes. Doing it twice is harmless. Raises StoreUnavailable."""
        wanting = [one for one in self._subscriptions() if one.wants(announcement)]
        if wanting:
            now, before = self._clock.now(), self._before(announcement)
            for subscription in wanting:
                self._enter(subscription, [*before, announcement], now)
        return len(wanting)

    def _before(self, announcement: Announcement) -> list[Announcement]:
        """The lead's events that may be on their way here. None where the lead is gone: then nothing is."""
        since = announcement.at - LATE
        return [
            Announcement.of(event)
            for event in self._leads.timeline(announcement.lead_id)
            if event.seq < announcement.seq and event.at >= since
        ]

    def _enter(self, subscription: Subscription, announcements: list[Announcement], now: datetime) -> None:
        newest = announcements[-1]
        known = self._deliveries.lane(subscription.id, newest.lead_id).known
        # The event itself also where it is known: whoever entered it may have died before the queue had it.
        fresh = [one for one in announcements if one is newest or one.seq > known]
        waiting = [
            delivery
            for one in fresh
            if subscription.wants(one) and (delivery := self._waits(subscription.id, one, now))
        ]
        if not waiting:
            return
        ids, until = [one.delivery_id for one in waiting], max(one.kept_until for one in waiting)
        self._deliveries.enter(subscription.id, newest.lead_id, ids, max(known, newest.seq), until)
        for delivery_id in ids:
            self._queue.put(subscription.id, delivery_id, timedelta())

    def _waits(self, subscription_id: str, announcement: Announcement, now: datetime) -> EventDelivery | None:
        """The event's delivery, stored unless it was; None where it is delivered or dead."""
        delivery = EventDelivery.of(subscription_id, announcement, now)
        if self._deliveries.put(delivery):
            return delivery
        stored = self._deliveries.get(subscription_id, delivery.delivery_id)
        return stored if stored and stored.state is DeliveryState.PENDING else None
