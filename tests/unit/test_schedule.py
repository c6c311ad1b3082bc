"""Working hours and days, read off the wall clock of the recipient's own zone, clock changes included."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.domain.schedule import Block, Schedule, local_date
from baton.domain.standing import day_window
from tests.builders import NEW_YORK, a_rep

MADRID = "Europe/Madrid"
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def hours(start: str, end: str, *days: str) -> Schedule:
    """A schedule of one block, on every day unless days are named."""
    return Schedule.model_validate({"blocks": [{"days": days or EVERY_DAY, "start": start, "end": end}]})


def utc(text: str) -> datetime:
    """That moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "is_open"),
    [
        ("2026-11-23 13:59:59", NEW_YORK, False),
        ("2026-11-23 14:00:00", NEW_YORK, True),
        ("2026-11-23 21:59:59", NEW_YORK, True),
        ("2026-11-23 22:00:00", NEW_YORK, False),
        ("2026-11-23 08:00:00", MADRID, True),
        ("2026-11-23 16:00:00", MADRID, False),
        ("2026-11-22 23:30:00", "Pacific/Auckland", True),
        ("2026-11-23 03:30:00", "Asia/Kolkata", True),
        ("2026-11-23 03:29:00", "Asia/Kolkata", False),
    ],
)
def test_nine_to_five_on_mondays_is_where_the_recipient_lives(now: str, zone: str, is_open: bool) -> None:
    assert hours("09:00", "17:00", "mon").is_open(utc(now), zone) is is_open


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-03-08 06:59", True),  # 01:59 EST, and the next minute is 03:00 EDT
        ("2026-03-08 07:00", False),
        ("2026-11-01 05:30", True),  # 01:30 EDT, for the first time
        ("2026-11-01 06:30", True),  # 01:30 EST, for the second time
        ("2026-11-01 07:00", False),
    ],
)
def test_new_york_from_one_to_two_on_both_days_of_the_clock_change(now: str, is_open: bool) -> None:
    assert hours("01:00", "02:00").is_open(utc(now), NEW_YORK) is is_open


@pytest.mark.parametrize("minute", range(0, 60, 15))
def test_an_hour_that_the_clock_skips_never_comes(minute: int) -> None:
    skipped = hours("02:00", "03:00")

    assert not any(skipped.is_open(utc(f"2026-03-08 {hour:02}:{minute:02}"), NEW_YORK) for hour in range(24))
    assert not any(skipped.is_open(utc(f"2026-03-29 {hour:02}:{minute:02}"), MADRID) for hour in range(22))


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-03-29 00:59", False),  # 01:59 CET, and the next minute is 03:00 CEST
        ("2026-03-29 01:00", True),
        ("2026-10-25 00:30", False),  # 02:30 CEST
        ("2026-10-25 01:30", False),  # 02:30 CET
        ("2026-10-25 02:00", True),
    ],
)
def test_madrid_from_three_on_both_days_of_the_clock_change(now: str, is_open: bool) -> None:
    assert hours("03:00", "12:00").is_open(utc(now), MADRID) is is_open


def test_an_end_of_midnight_is_the_end_of_the_day() -> None:
    evening = hours("18:00", "00:00", "mon")

    assert evening.is_open(utc("2026-11-24 04:59:59.999999"), NEW_YORK)
    assert not evening.is_open(utc("2026-11-24 05:00"), NEW_YORK)


def test_midnight_to_midnight_is_the_whole_day() -> None:
    assert all(hours("00:00", "00:00").is_open(utc(f"2026-11-23 {hour:02}:00"), MADRID) for hour in range(24))


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)))  # noqa: DTZ001
def test_no_blocks_at_all_is_always_open(now: datetime) -> None:
    assert Schedule().is_open(now, MADRID)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"days": ["mon"], "start": "22:00", "end": "06:00"}, "split one that passes midnight in two"),
        ({"days": ["mon"], "start": "09:00", "end": "09:00"}, "must end after it starts"),
        ({"days": ["monday"], "start": "09:00", "end": "17:00"}, "Input should be 'mon'"),
        ({"days": ["mon"], "start": "25:00", "end": "26:00"}, "must be a time of day in quotes"),
    ],
)
def test_a_block_that_cannot_be_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Block.model_validate(block)

    assert message in str(refused.value)


def test_hours_with_an_offset_are_refused_since_they_belong_to_the_recipients_zone() -> None:
    with pytest.raises(ValidationError):
        Block.model_validate({"days": ["mon"], "start": "09:00Z", "end": "17:00Z"})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "EST5EDT4", "america/nowhere"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        a_rep(zone=zone)


@pytest.mark.parametrize(
    ("now", "zone", "window"),
    [
        ("2026-11-24 04:59:59", NEW_YORK, "day:2026-11-23"),
        ("2026-11-24 05:00:00", NEW_YORK, "day:2026-11-24"),
        ("2026-11-23 23:30:00", MADRID, "day:2026-11-24"),
        ("2026-03-09 03:59:59", NEW_YORK, "day:2026-03-08"),  # 23 hours long
        ("2026-11-02 04:59:59", NEW_YORK, "day:2026-11-01"),  # 25 hours long
        ("2026-10-25 22:59:59", MADRID, "day:2026-10-25"),  # 25 hours long
    ],
)
def test_a_cap_counts_days_of_the_recipients_calendar(now: str, zone: str, window: str) -> None:
    assert day_window(utc(now), zone) == window


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)))  # noqa: DTZ001
def test_a_local_date_is_never_more_than_a_day_from_the_date_in_utc(now: datetime) -> None:
    assert abs((local_date(now, "Pacific/Kiritimati") - now.date()).days) <= 1
