"""Publish events: put what happened to leads on the event bus, for whoever listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from baton.domain.announcement import Announcement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baton.domain.timeline import Event


class EventBus(Protocol):
    """Where whoever wants to hear of events listens."""

    def put(self, announcements: Sequence[Announcement]) -> int:
        """Put them on the bus, in their order; returns how many of them, from the first on, are surely there.

        Those after the first failure may be there as well: whoever tries again puts them a second time, under the same
        ids. Raises StoreUnavailable where the bus does not answer and nothing is there.
        """
        ...


class PublishEvents:
    """Every event of every lead, at least once."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus

    def __call__(self, events: Sequence[Event]) -> int:
        """How many of the events, from the first on, are published. Raises StoreUnavailable."""
        return self._bus.put([Announcement.of(event) for event in events])
