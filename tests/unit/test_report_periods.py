"""Periods of reports: every hour of what is asked counts once, on whichever clock, also when clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.reports.calendar import Calendar, Grain, days
from baton.domain.reports.periods import Compare, Days, Grouping, Span, compared, division, spans

NEW_YORK = ZoneInfo("America/New_York")
HOUSE = Calendar(NEW_YORK)
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Asia/Tokyo",
        "Pacific/Auckland",
        "America/Sao_Paulo",
    )
]
MINUTE = timedelta(minutes=1)
SPRING = date(2026, 3, 8)
"""The day of 23 hours in New York."""
AUTUMN = date(2026, 11, 1)
"""The day of 25 hours in New York."""


def hours_of(span: Span, house: Calendar) -> list[str]:
    """The names of a span's hours."""
    if span.grain is Grain.DAY:
        first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
        return [bucket.name for day in days(first, last) for bucket, _, _ in house.hours(day)]
    at, found = datetime.fromisoformat(span.first).replace(tzinfo=UTC), []
    while (name := house.hour_of(at).name) <= span.last:
        found.append(name)
        at += timedelta(hours=1)
    return found


@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.dates(date(2025, 10, 1), date(2027, 4, 30)),
    st.integers(1, 40),
)
def test_a_period_is_every_hour_of_its_days_once_and_no_other(
    house_zone: ZoneInfo, zone: ZoneInfo, first: date, length: int
) -> None:
    house = Calendar(house_zone)
    wanted = Days(first, first + timedelta(days=length - 1), zone)

    found = [hour for span in spans(wanted.period, house) for hour in hours_of(span, house)]

    at, end = wanted.period
    expected = []
    while at < end:
        expected.append(house.hour_of(at).name)
        at += timedelta(hours=1)
    assert found == expected
    assert len(spans(wanted.period, house)) <= 3


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_on_which_clocks_change_has_the_hours_that_it_has(day: date, hours: int) -> None:
    wanted = Days(day, day, NEW_YORK)

    assert [span.grain for span in spans(wanted.period, HOUSE)] == [Grain.DAY]
    parts = division(wanted, Grouping.HOUR, HOUSE)
    assert parts is not None
    assert len(set(parts.begins)) == hours


def test_whole_days_of_the_house_are_one_stretch_of_rows_however_many() -> None:
    wanted = Days(date(2025, 11, 1), date(2026, 11, 23), NEW_YORK)

    assert spans(wanted.period, HOUSE) == [Span(Grain.DAY, "2025-11-01", "2026-11-23")]


def test_nothing_is_added_up_of_a_period_that_has_not_begun() -> None:
    at = HOUSE.begin(SPRING)

    assert spans(Days(SPRING, SPRING, NEW_YORK).period._replace(end=at), HOUSE) == []


@pytest.mark.parametrize(
    ("length", "compare", "first"),
    [
        (1, Compare.PREVIOUS, date(2026, 11, 22)),
        (1, Compare.WEEK, date(2026, 11, 16)),
        (7, Compare.WEEK, date(2026, 11, 16)),
        (8, Compare.WEEK, date(2026, 11, 9)),
        (30, Compare.PREVIOUS, date(2026, 10, 24)),
    ],
)
def test_what_is_compared_with_is_as_long_and_does_not_overlap(
    length: int, compare: Compare, first: date
) -> None:
    begin = date(2026, 11, 23)
    wanted = Days(begin, begin + timedelta(days=length - 1), NEW_YORK)

    _, before = compared(wanted, compare, HOUSE, datetime(2027, 6, 1, tzinfo=UTC))

    assert before == Days(first, first + timedelta(days=length - 1), NEW_YORK).period


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_noon_is_held_against_noon_also_over_a_change_of_clocks(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, 40, tzinfo=NEW_YORK)

    now, before = compared(Days(day, day, NEW_YORK), Compare.PREVIOUS, HOUSE, noon.astimezone(UTC))

    assert before is not None
    assert [moment.astimezone(NEW_YORK).hour for moment in (now.end, before.end)] == [12, 12]


def test_in_the_first_hour_of_a_day_nothing_is_compared_yet() -> None:
    now = HOUSE.begin(SPRING) + 5 * MINUTE

    period, before = compared(Days(SPRING, SPRING, NEW_YORK), Compare.WEEK, HOUSE, now)

    assert before is not None
    assert (period.begin, before.begin) == (period.end, before.end)
