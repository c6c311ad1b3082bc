"""Periods: which days a report is of, on whose clock, and which counters they are added up from.

Counters stand by the house's hours and days. Days of another zone are whole days of the house and hours at both ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from baton.domain.errors import BatonError, FieldError
from baton.domain.reports.calendar import Calendar, Grain, days

MAX_DAYS: Final = 400
"""A year, and the month that it is compared with."""
MAX_DAYS_BY_HOUR: Final = 7
MAX_DAYS_OF_ANOTHER_ZONE: Final = 31
"""Where each day is made of hours: 24 rows in place of one."""
_A_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


class ReportRefused(BatonError):
    """A report that cannot be given. Names what is wrong with which field of the request."""

    code = "invalid-request"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.problem}" for error in errors))
        self.errors = errors


class Grouping(StrEnum):
    """Into what a report divides its period."""

    NONE = "none"
    HOUR = "hour"
    DAY = "day"


class Compare(StrEnum):
    """With what a report compares its period."""

    NONE = "none"
    PREVIOUS = "previous"
    """As many days, right before."""
    WEEK = "week"
    """The same days of the week, as many weeks earlier as it takes not to overlap."""


class Period(NamedTuple):
    """From one moment to before another, in UTC."""

    begin: datetime
    end: datetime


class Division(NamedTuple):
    """Parts of a period."""

    begins: list[datetime]
    """When each begins."""
    grain: Grain
    """Of the counters that the parts are made of."""


class Span(NamedTuple):
    """Counters that lie together: those from one bucket to another."""

    grain: Grain
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a zone, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def named(cls, first: date | None, last: date | None, zone: ZoneInfo, now: datetime) -> "Days":
        """Those days; today where none is named, until today where the last one is not. Raises ReportRefused."""
        today = now.astimezone(zone).date()
        last = last or max(today, first or today)
        found = cls(first or last, last, zone)
        if found.first > found.last:
            raise ReportRefused(FieldError("to", "must not be earlier than from"))
        _check_length(found, MAX_DAYS, "both included")
        return found

    def __len__(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @property
    def period(self) -> Period:
        """From the beginning of the first to the end of the last."""
        calendar = Calendar(self.zone)
        return Period(calendar.begin(self.first), calendar.end(self.last))

    def earlier(self, by: int) -> "Days":
        """As many days, so many days before."""
        shift = timedelta(days=by)
        return Days(self.first - shift, self.last - shift, self.zone)

    def shift_to(self, compare: Compare) -> int:
        """How many days before these lie those that they are compared with."""
        return len(self) if compare is Compare.PREVIOUS else -(-len(self) // 7) * 7


def compared(wanted: Days, compare: Compare, house: Calendar, now: datetime) -> tuple[Period, Period | None]:
    """The period of these days, and the one that it is compared with.

    Days that are not over are compared up to the last full hour: otherwise a morning would be held against a day.
    """
    period = wanted.period
    if compare is Compare.NONE:
        return period, None
    shift = wanted.shift_to(compare)
    before = wanted.earlier(shift).period
    if not period.begin <= now < period.end:
        return period, before
    until = max(period.begin, house.hour_began(now))
    local = until.astimezone(wanted.zone)
    # Of a clock time that comes twice the first is meant: such an hour counts whole or not at all.
    clock = datetime.combine(local.date() - timedelta(days=shift), local.time(), wanted.zone)
    return Period(period.begin, until), Period(before.begin, clock.astimezone(UTC))


def division(wanted: Days, grouping: Grouping, house: Calendar) -> Division | None:
    """Into which parts these days are divided; None: they are not. Raises ReportRefused."""
    if grouping is Grouping.NONE:
        return None
    theirs = Calendar(wanted.zone)
    begins = [theirs.begin(day) for day in days(wanted.first, wanted.last)]
    if grouping is Grouping.DAY and all(
        begin == house.begin(day) for begin, day in zip(begins, days(wanted.first, wanted.last), strict=True)
    ):
        return Division(begins, Grain.DAY)
    if grouping is Grouping.DAY:
        _check_length(wanted, MAX_DAYS_OF_ANOTHER_ZONE, f"by days that are not those of {house.zone.key}")
        for begin in begins:
            _check_hour(begin, house)
        return Division(begins, Grain.HOUR)
    _check_length(wanted, MAX_DAYS_BY_HOUR, "by the hour")
    return Division(list(_hours_in(wanted.period, house)), Grain.HOUR)


def spans(period: Period, house: Calendar, grain: Grain = Grain.DAY) -> list[Span]:
    """The counters that a period is added up from, none of them longer than a day or an hour.

    Raises ReportRefused where the period is not made of the house's hours.
    """
    for moment in period:
        _check_hour(moment, house)
    begin, end = period
    first, last = _day(begin, house), _day(end, house)
    first_whole = first if house.begin(first) == begin else first + _A_DAY
    if grain is Grain.HOUR or first_whole >= last:
        return _hours(begin, end, house)
    whole = Span(Grain.DAY, first_whole.isoformat(), (last - _A_DAY).isoformat())
    return [
        *_hours(begin, house.begin(first_whole), house),
        whole,
        *_hours(house.begin(last), end, house),
    ]


def _hours_in(period: Period, house: Calendar) -> Iterator[datetime]:
    begin, end = period
    for day in days(_day(begin, house), _day(end, house)):
        yield from (at for _, at, _ in house.hours(day) if begin <= at < end)


def _day(at: datetime, house: Calendar) -> date:
    return date.fromisoformat(house.day_of(at).name)


def _hours(begin: datetime, end: datetime, house: Calendar) -> list[Span]:
    if begin >= end:
        return []
    return [Span(Grain.HOUR, house.hour_of(begin).name, house.hour_of(end - _MOMENT).name)]


def _check_hour(moment: datetime, house: Calendar) -> None:
    if house.hour_began(moment) != moment:
        problem = f"days there do not begin at an hour of {house.zone.key}, by which leads are counted"
        raise ReportRefused(FieldError("zone", problem))


def _check_length(wanted: Days, most: int, how: str) -> None:
    if len(wanted) > most:
        raise ReportRefused(FieldError("from", f"must be at most {most} days back from to, {how}"))
