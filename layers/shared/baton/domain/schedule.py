"""Schedules: when a recipient works, in the recipient's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from baton.domain.documents import Document
from baton.domain.holidays import Holidays
from baton.domain.zones import WallClock, Weekday, zone

DAYS_AHEAD: Final = 400
"""How far ahead an opening is looked for: more than a year, so that a yearly pattern is seen whole."""


def _wall_clock_of(now: datetime, zone_name: str) -> tuple[date, time]:
    """What calendar and clock on the wall show in that zone."""
    local = now.astimezone(zone(zone_name))
    return local.date(), local.time()


_wall_clock = lru_cache(maxsize=64)(_wall_clock_of)
"""For moments in UTC only: elsewhere both times of a repeated hour are equal, and one would pass for the other."""


class Block(Document):
    """Working hours on some days: from `start` up to, not including, `end`. An `end` of 00:00 is midnight."""

    days: tuple[Weekday, ...]
    start: WallClock
    end: WallClock

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end != time.min and self.end <= self.start:
            message = "a block must end after it starts; split one that passes midnight in two"
            raise ValueError(message)
        return self


class Leave(Document):
    """Whole days off, from the first to the last, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ends_no_earlier_than_it_starts(self) -> Self:
        if self.last < self.first:
            message = "the last day of a leave cannot be before its first"
            raise ValueError(message)
        return self


class ClosedBecause(StrEnum):
    """Why somebody does not work at a moment. Of several reasons the longest lasting is named."""

    ON_LEAVE = "on_leave"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    OUTSIDE_HOURS = "outside_hours"


class Closed(NamedTuple):
    """Why somebody does not work at a moment, also in words for a person."""

    reason: ClosedBecause
    words: str


class _Day(NamedTuple):
    """One weekday's hours, and what is said to whoever comes at another hour."""

    hours: tuple[tuple[time, time | None], ...]
    """From, and up to but not including; None is midnight."""
    otherwise: Closed


class Schedule(Document):
    """When somebody works. Nothing at all means always; no blocks means all day and every day but those off."""

    blocks: Annotated[tuple[Block, ...], Field(max_length=100)] = ()
    holidays: Holidays | None = None
    """Public holidays that are days off."""
    days_off: Annotated[tuple[date, ...], Field(max_length=400)] = ()
    """Further days off."""
    leave: Annotated[tuple[Leave, ...], Field(max_length=100)] = ()

    @cached_property
    def is_unlimited(self) -> bool:
        """Whether it is open at every moment there is."""
        return not (self.blocks or self._has_days_off)

    @cached_property
    def _has_days_off(self) -> bool:
        return bool(self.holidays or self.days_off or self.leave)

    def is_open(self, now: datetime, zone_name: str) -> bool:
        """Whether somebody in that zone works at `now`."""
        return self.closed(now, zone_name) is None

    def closed(self, now: datetime, zone_name: str) -> Closed | None:
        """Why somebody in that zone does not work at `now`; None when they do.

        On the two days of a clock change this is what the wall clock shows: an hour that is skipped never
        comes, an hour that is repeated counts both times.
        """
        if self.is_unlimited:
            return None
        day, at = _wall_clock(now, zone_name) if now.tzinfo is UTC else _wall_clock_of(now, zone_name)
        if self._has_days_off and (off := self._off(day)):
            return off
        hours, otherwise = self._week[day.weekday()]
        for start, end in hours:
            if start <= at and (end is None or at < end):
                return None
        return otherwise

    def next_opening(self, now: datetime, zone_name: str) -> datetime | None:
        """The first moment from `now` on at which somebody in that zone works, on their clock.

        None: not in the next `DAYS_AHEAD` days.
        """
        start = now.astimezone(UTC)
        for _ in range(DAYS_AHEAD):
            end = start + timedelta(days=1)
            for moment in self._may_change_at(start, end, zone(zone_name)):
                if self.closed(moment, zone_name) is None:
                    return moment.astimezone(zone(zone_name))
            start = end
        return None

    def next_closing(self, now: datetime, zone_name: str) -> datetime | None:
        """The first moment from `now` on at which somebody in that zone does not work, in UTC.

        None: not in the next `DAYS_AHEAD` days.
        """
        start = now.astimezone(UTC)
        for _ in range(DAYS_AHEAD):
            end = start + timedelta(days=1)
            for moment in self._may_change_at(start, end, zone(zone_name)):
                if self.closed(moment, zone_name) is not None:
                    return moment
            start = end
        return None

    def _off(self, day: date) -> Closed | None:
        if day not in self._off_on:
            self._off_on[day] = self._why_off(day)
        return self._off_on[day]

    @cached_property
    def _off_on(self) -> dict[date, Closed | None]:
        """What is known of the days asked for so far."""
        return {}

    def _why_off(self, day: date) -> Closed | None:
        last = max((leave.last for leave in self.leave if leave.first <= day <= leave.last), default=None)
        if last:
            return Closed(ClosedBecause.ON_LEAVE, f"until {_date_words(last)} {last.year}")
        if day in self.days_off:
            return Closed(ClosedBecause.DAY_OFF, f"{_date_words(day)} {day.year}")
        if self.holidays and (name := self.holidays.name_of(day)):
            return Closed(ClosedBecause.HOLIDAY, name)
        return None

    @cached_property
    def _week(self) -> tuple[_Day, ...]:
        """The hours of each weekday, sorted out once: decisions ask for them all the time."""
        return tuple(map(self._hours_on, Weekday))

    def _hours_on(self, day: Weekday) -> _Day:
        all_day = () if self.blocks else ((time.min, time.min),)
        hours = sorted({*((block.start, block.end) for block in self.blocks if day in block.days), *all_day})
        listed = ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in hours)
        words = f"works {listed} on {day.title()}" if hours else f"does not work on {day.title()}"
        upto = tuple((start, end if end > time.min else None) for start, end in hours)
        return _Day(upto, Closed(ClosedBecause.OUTSIDE_HOURS, words))

    def _may_change_at(self, start: datetime, end: datetime, tz: ZoneInfo) -> list[datetime]:
        """Every moment in between, in order, at which it may turn open or closed.

        It does where a day or its hours begin or end, and where the clock jumps into them or out of them.
        """
        change = _clock_change(start, end, tz)
        moments = {start, change} if change else {start}
        first, last = start.astimezone(tz).date(), end.astimezone(tz).date()
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            hours = () if self._off(day) else self._week[day.weekday()].hours
            for at in {time.min, *(edge for block in hours for edge in block if edge is not None)}:
                # A time that comes twice has two folds; elsewhere both are the same moment.
                for fold in (0, 1):
                    moment = datetime.combine(day, at.replace(fold=fold), tz).astimezone(UTC)
                    if start < moment < end:
                        moments.add(moment)
        return sorted(moments)


def _clock_change(start: datetime, end: datetime, tz: ZoneInfo) -> datetime | None:
    """The moment between `start` and a day later at which that zone's clocks jump; None where they do not."""
    low, high = int(start.timestamp()), int(end.timestamp())
    before = _offset(low, tz)
    if before == _offset(high, tz):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, tz) == before else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _offset(timestamp_s: int, tz: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(timestamp_s, tz).utcoffset()


def _date_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def opening_words(at: datetime, zone_name: str) -> str:
    """A moment as somebody in that zone says it: `Mon 30 Nov 09:00 Europe/Madrid`."""
    local = at.astimezone(zone(zone_name))
    return f"{_date_words(local)} {local:%H:%M} {zone_name}"


def local_date(now: datetime, zone_name: str) -> date:
    """The date that a calendar on the wall shows in that zone."""
    return now.astimezone(zone(zone_name)).date()
