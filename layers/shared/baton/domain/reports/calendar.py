"""Buckets of time: the hours and days of the house's own zone, in which leads are counted.

An hour is one of the zone's clock, named by the moment in UTC at which it begins: every day then is whole hours, also
where the zone is half an hour off, and on the days on which clocks are changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

_HOUR = "%Y-%m-%dT%H:%M"


class Grain(StrEnum):
    """How long a bucket is."""

    HOUR = "hour"
    DAY = "day"


class Bucket(NamedTuple):
    """A stretch of time that is counted apart."""

    grain: Grain
    name: str
    """Of an hour `2026-11-28T13:00`, in UTC; of a day `2026-11-28`, in the house's zone."""


type Hour = tuple[Bucket, datetime, datetime]
"""With its beginning and its end."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a zone divides time."""

    zone: ZoneInfo

    def hour_of(self, at: datetime) -> Bucket:
        """The hour that a moment lies in."""
        begins = at.astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
        return Bucket(Grain.HOUR, begins.astimezone(UTC).strftime(_HOUR))

    def hour_began(self, at: datetime) -> datetime:
        """When the hour began that a moment lies in, in UTC."""
        return datetime.strptime(f"{self.hour_of(at).name}+0000", f"{_HOUR}%z")

    def day_of(self, at: datetime) -> Bucket:
        """The day that a moment lies in."""
        return Bucket(Grain.DAY, at.astimezone(self.zone).date().isoformat())

    def buckets_of(self, at: datetime) -> tuple[Bucket, Bucket]:
        """Hour and day of a moment."""
        return self.hour_of(at), self.day_of(at)

    def begin(self, day: date) -> datetime:
        """When a day begins, in UTC. Where clocks skip midnight, when they show the first moment after it."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def end(self, day: date) -> datetime:
        """When a day ends."""
        return self.begin(day + timedelta(days=1))

    def hours(self, day: date) -> Iterator[Hour]:
        """The hours of a day: 23 to 25 of them."""
        at, end = self.begin(day), self.end(day)
        while at < end:
            bucket = self.hour_of(at)
            until = at
            while until < end and self.hour_of(until) == bucket:
                until += timedelta(minutes=15)
            yield bucket, at, until
            at = until


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
