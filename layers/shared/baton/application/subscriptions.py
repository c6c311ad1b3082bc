"""What use cases need to bring events to subscriptions: the log of deliveries, and the queue of those that are due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from baton.domain.subscription import Subscription

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from baton.application.archive import Archive
    from baton.application.ports import Clock
    from baton.domain.editing import Page
    from baton.domain.event_delivery import DeliveryState, EventDelivery, Lane

REMEMBERED: Final = timedelta(seconds=15)
"""A new subscription hears of events after this long at the latest."""


class Deliveries(Protocol):
    """The deliveries of events, and for each subscription and lead the lane in which they wait for each other."""

    def get(self, subscription_id: str, delivery_id: str) -> EventDelivery | None:
        """The delivery as last stored; None where there is none, or its time is over. Raises StoreUnavailable."""
        ...

    def put(self, delivery: EventDelivery, before: EventDelivery | None = None) -> bool:
        """Store its next revision. False: somebody else has stored one. Raises StoreUnavailable.

        `before`: the revision before, where that may be dead. How many are is counted with the same write.
        """
        ...

    def given_up(self, subscription_id: str, now: datetime) -> int:
        """How many of its deliveries are dead, of those that can be sent again. Raises StoreUnavailable."""
        ...

    def page(
        self, subscription_id: str, limit: int, after: str | None = None, state: DeliveryState | None = None
    ) -> Page[EventDelivery]:
        """At most `limit` deliveries to a subscription, newest event first, after where a page ended.

        There may be fewer, or none, and still more pages: one page looks at a bounded number of them.
        """
        ...

    def lane(self, subscription_id: str, lead_id: str) -> Lane:
        """How the lane stands. Raises StoreUnavailable."""
        ...

    def enter(
        self, subscription_id: str, lead_id: str, ids: Sequence[str], known: int, until: datetime
    ) -> None:
        """Let these deliveries wait in the lane, which has been told of events up to `known`.

        Raises StoreUnavailable.
        """
        ...

    def leave(self, subscription_id: str, lead_id: str, delivery_id: str, until: datetime) -> Lane:
        """One of them waits no more, or never did. Returns the lane after that. Raises StoreUnavailable."""
        ...


class DeliveryQueue(Protocol):
    """Deliveries that are to be looked at, each when its time has come."""

    def put(self, subscription_id: str, delivery_id: str, wait: timedelta) -> None:
        """Look at it after that long, or earlier: whoever does sees whether it is due. Raises StoreUnavailable."""
        ...


class RememberedSubscriptions:
    """All subscriptions, kept for a few seconds: an event is matched without reading anything."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._known: list[Subscription] = []
        self._until: datetime | None = None

    def __call__(self) -> list[Subscription]:
        """By id. Raises StoreUnavailable."""
        now = self._clock.now()
        if self._until is None or now >= self._until:
            self._known = [stored.document for stored in self._archive.every(Subscription)]
            self._until = now + REMEMBERED
        return self._known
