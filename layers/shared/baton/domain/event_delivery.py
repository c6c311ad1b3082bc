"""Deliveries of events to subscriptions: when each is tried, how it ends, and in which order they go.

The schedule is that of Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from baton.domain.announcement import Announcement
from baton.domain.documents import Instant, Record

SCHEDULE: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long before each try, counted from the end of the one before: three days in all."""
JITTER: Final = 0.1
"""By which share a wait is lengthened at most, so that what failed together does not come back together."""
LONGEST_WAIT: Final = timedelta(hours=24)
"""A subscriber that asks to be left alone for longer is asked again after this."""
LEASE: Final = timedelta(seconds=60)
"""How long a try may take: whoever has begun one and died is not waited for any longer."""
KEPT: Final = timedelta(days=30)
"""How long what became of a delivery can be looked up, and the event be sent again."""
DELIVERY_ID_PATTERN: Final = r"^[0-9]{8}T[0-9]{12}Z-[0-9a-f]{32}-[0-9]{6,9}$"
"""What a delivery's id looks like: the moment of its event, its lead, and which of the lead's events it is."""
REST: Final = timedelta(seconds=60)
"""After this, a delivery to a subscriber that is left in peace is looked at again."""
GONE: Final = 410
"""With this status a subscriber says that it wants to hear nothing any more."""
_ASKS_TO_WAIT: Final = frozenset({429, 503})
TOO_MANY: Final = 429
"""With this status a system says that it is asked too much."""
NOTHING_NEW: Final = "nothing-new"
"""Said of a delivery that needed no request: there was nothing to tell."""
_SILENCE: Final = frozenset({"timeout", "unreachable", "broken"})
_GOOD: Final = range(200, 300)


class DeliveryState(StrEnum):
    """How a delivery stands."""

    PENDING = "pending"
    """It is to be tried, or tried again."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """It is not tried again by itself."""


class Ending(StrEnum):
    """Why a delivery is dead that might have been tried again."""

    GONE = "gone"
    """The subscriber answered 410."""
    INACTIVE = "inactive"
    """The subscription was switched off."""
    DELETED = "deleted"
    """There is no such subscription any more."""


class Outcome(NamedTuple):
    """What came of one try: a status, or why there was none."""

    status: int = 0
    trouble: str | None = None
    headers: Mapping[str, str] = {}
    """By lower-case name."""
    said: str | None = None
    """Of a connector: which request failed and the code that the system gave, or what it calls one that it took."""
    is_throttled: bool = False
    """Of a connector: whether the system says that it is asked too much."""

    @property
    def is_good(self) -> bool:
        """Whether the subscriber has the event, or has no need of it."""
        return self.trouble == NOTHING_NEW or (self.trouble is None and self.status in _GOOD)

    @property
    def is_farewell(self) -> bool:
        """Whether the subscriber wants to hear nothing any more."""
        return self.trouble is None and self.status == GONE

    @property
    def is_silence(self) -> bool:
        """Whether there was no answer: such a try takes long, and others wait for their place meanwhile."""
        return self.trouble in _SILENCE

    def wait(self, now: datetime) -> timedelta:
        """How long the subscriber asks to be left alone; zero where it does not."""
        if self.trouble or self.status not in _ASKS_TO_WAIT:
            return timedelta()
        return min(max(_waited(self.headers.get("retry-after", ""), now), timedelta()), LONGEST_WAIT)


class EventDelivery(Record):
    """One event for one subscription. Free of personal data."""

    subscription_id: str
    announcement: Announcement
    rev: int = 1
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    """Tries since it was first to be sent, or to be sent again by a person."""
    next_at: Instant | None = None
    """When it is tried next; None: it is not."""
    last_at: Instant | None = None
    """When it was tried last."""
    status: int | None = None
    """The HTTP status of the last try; None: there was no answer."""
    trouble: str | None = None
    """Why there was none, or how the delivery ended without one."""
    said: str | None = None
    """Of a connector: which request failed and the code that the system gave, or what it calls one that it took."""
    kept_until: Instant

    @classmethod
    def of(cls, subscription_id: str, announcement: Announcement, now: datetime) -> "EventDelivery":
        """One that is to be sent at once."""
        return cls(
            subscription_id=subscription_id, announcement=announcement, next_at=now, kept_until=now + KEPT
        )

    @property
    def delivery_id(self) -> str:
        """What tells it from others of its subscription. Sorts as time does."""
        return delivery_id(self.announcement)

    def begun(self, now: datetime) -> "EventDelivery":
        """While it is being tried. Only who has stored this may try: nobody else does until the lease is over."""
        return self._next(attempts=self.attempts + 1, last_at=now, next_at=now + LEASE)

    def tried(self, outcome: Outcome, now: datetime) -> "EventDelivery":
        """After a try."""
        known: dict[str, Any] = {
            "status": outcome.status or None,
            "trouble": outcome.trouble,
            "said": outcome.said,
        }
        if outcome.is_good:
            return self._next(state=DeliveryState.DELIVERED, next_at=None, **known)
        if outcome.is_farewell:
            return self._next(
                state=DeliveryState.DEAD, next_at=None, **{**known, "trouble": Ending.GONE.value}
            )
        if self.attempts >= len(SCHEDULE):
            return self._next(state=DeliveryState.DEAD, next_at=None, **known)
        wait = max(SCHEDULE[self.attempts] * (1 + JITTER * self._chance()), outcome.wait(now))
        return self._next(next_at=now + wait, **known)

    def postponed(self, now: datetime) -> "EventDelivery":
        """While the subscriber is left in peace. No try is lost by it."""
        return self._next(next_at=now + REST)

    def ended(self, why: Ending) -> "EventDelivery":
        """Dead without another try."""
        return self._next(state=DeliveryState.DEAD, next_at=None, trouble=why.value)

    def again(self, now: datetime) -> "EventDelivery":
        """To be sent once more, with all its tries before it: a person wants it."""
        return self._next(state=DeliveryState.PENDING, attempts=0, next_at=now, kept_until=now + KEPT)

    def _next(self, **facts: Any) -> "EventDelivery":
        return self.model_copy(update={"rev": self.rev + 1, **facts})

    def _chance(self) -> float:
        """From 0 to 1, the same for the same try: nothing here is random."""
        seed = f"{self.subscription_id}/{self.delivery_id}/{self.attempts}".encode()
        return int.from_bytes(blake2b(seed, digest_size=4).digest()) / 0xFFFFFFFF


class Lane(NamedTuple):
    """The deliveries of one lead to one subscription: they go one after another."""

    waiting: frozenset[str] = frozenset()
    """Ids of those that are neither delivered nor dead."""
    known: int = 0
    """Up to which of the lead's events the lane has been told; 0: of none."""

    @property
    def first(self) -> str | None:
        """Whose turn it is."""
        return first_of(self.waiting)


def first_of(waiting: Collection[str]) -> str | None:
    """Of deliveries of one lead, the one of the earliest event."""
    return min(waiting, key=seq_of, default=None)


def delivery_id(announcement: Announcement) -> str:
    """The id of an event's delivery, whichever the subscription."""
    at = announcement.at.astimezone(UTC)
    return f"{at:%Y%m%dT%H%M%S%f}Z-{announcement.lead_id}-{announcement.seq:06d}"


def seq_of(delivery_id: str) -> int:
    """Which of its lead's events a delivery is about."""
    return int(delivery_id.rpartition("-")[2])


def _waited(retry_after: str, now: datetime) -> timedelta:
    """What the header Retry-After says: seconds, or a moment. Zero for what it does not say."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return timedelta()
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
