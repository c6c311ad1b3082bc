"""Schedules: when a recipient works, in the recipient's own time zone."""

from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, model_validator

from baton.domain.documents import Document


class Weekday(StrEnum):
    """Days of the week, as schedules name them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_DAYS = tuple(Weekday)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises ValueError for a name that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"'{name}' is no IANA time zone (such as America/New_York)"
        raise ValueError(message) from error


def _known_zone(name: str) -> str:
    return zone(name).key


ZoneName = Annotated[str, AfterValidator(_known_zone)]


class Block(Document):
    """Working hours on some days: from `start` up to, not including, `end`. An `end` of 00:00 is midnight."""

    days: tuple[Weekday, ...]
    start: time
    end: time

    @model_validator(mode="after")
    def _is_wall_clock_time(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo:
            message = "hours are read off the recipient's own clock and have no UTC offset"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end != time.min and self.end <= self.start:
            message = "a block must end after it starts; split one that passes midnight in two"
            raise ValueError(message)
        return self

    def covers(self, day: Weekday, at: time) -> bool:
        """Whether that wall-clock time of that weekday lies in the block."""
        return day in self.days and self.start <= at and (self.end == time.min or at < self.end)


class Schedule(Document):
    """Working hours by weekday. No blocks at all means always open."""

    blocks: tuple[Block, ...] = ()

    def is_open(self, now: datetime, zone_name: str) -> bool:
        """Whether `now` is in working hours, read off the wall clock of that zone.

        On the two days of a clock change this is what the wall clock shows: an hour that is skipped never
        comes, an hour that is repeated counts both times.
        """
        if not self.blocks:
            return True
        local = now.astimezone(zone(zone_name))
        day = _DAYS[local.weekday()]
        return any(block.covers(day, local.time()) for block in self.blocks)


def local_date(now: datetime, zone_name: str) -> date:
    """The date that a calendar on the wall shows in that zone."""
    return now.astimezone(zone(zone_name)).date()
