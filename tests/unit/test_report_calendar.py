"""Hours and days in the house's zone: whole hours in every day, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.reports.calendar import Calendar

ZONES = (
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Havana",
    "Africa/Cairo",
)
zones = st.sampled_from(ZONES).map(lambda name: Calendar(ZoneInfo(name)))
moments = st.integers(0, 6 * 365 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(zones, moments)
def test_every_moment_lies_in_one_hour_of_its_day(calendar: Calendar, at: datetime) -> None:
    day = at.astimezone(calendar.zone).date()
    assert calendar.day_of(at).name == day.isoformat()
    assert calendar.begin(day) <= at < calendar.end(day)

    holding = [hour for hour, begin, end in calendar.hours(day) if begin <= at < end]

    assert holding == [calendar.hour_of(at)]


@given(zones, st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_a_day_is_its_hours_without_a_gap(calendar: Calendar, day: date) -> None:
    hours = list(calendar.hours(day))

    assert hours[0][1] == calendar.begin(day)
    assert hours[-1][2] == calendar.end(day)
    assert all(end == begin for (_, _, end), (_, begin, _) in pairwise(hours))
    assert len({hour for hour, _, _ in hours}) == len(hours)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 7, 1), 24), (date(2026, 11, 1), 25)]
)
def test_on_the_days_on_which_clocks_change_a_day_has_23_or_25_hours(day: date, hours: int) -> None:
    assert len(list(Calendar(ZoneInfo("America/New_York")).hours(day))) == hours


def test_where_the_zone_is_half_an_hour_off_its_hours_are_too() -> None:
    kolkata = Calendar(ZoneInfo("Asia/Kolkata"))

    assert kolkata.hour_of(datetime(2026, 11, 28, 13, 15, tzinfo=UTC)).name == "2026-11-28T12:30"
    assert kolkata.begin(date(2026, 11, 28)) == datetime(2026, 11, 27, 18, 30, tzinfo=UTC)


def test_two_hours_that_the_clock_calls_the_same_are_two() -> None:
    new_york = Calendar(ZoneInfo("America/New_York"))
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    assert new_york.hour_of(first) != new_york.hour_of(first + timedelta(hours=1))
    assert new_york.day_of(first) == new_york.day_of(first + timedelta(hours=1))
