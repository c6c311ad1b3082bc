"""Hours of the day in a zone: read off the wall clock, past midnight, and on the days of a clock change."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from baton.domain.condition_tests import compile_condition
from tests.unit.condition_strategies import PARSE, at, holds, hours, refusal


@pytest.mark.parametrize(
    ("value", "now"),
    [
        (hours("09:00", "17:00"), "2026-11-23T14:00"),
        (hours("09:00", "17:00"), "2026-11-23T21:59:59.999999"),
        (hours("09:00", "17:00", "mon"), "2026-11-23T14:00"),
        (hours("22:00", "06:00"), "2026-11-24T03:00"),
        (hours("22:00", "06:00"), "2026-11-24T10:59"),
        (hours("22:00", "06:00", "fri"), "2026-11-28T03:30"),
        (hours("22:00", "06:00", "fri"), "2026-11-28T10:30"),
        (hours("22:00", "00:00", "fri"), "2026-11-28T04:59"),
        (hours("22:00", "06:00", "sun"), "2026-11-30T10:30"),
        (hours("00:00", "00:00", "mon"), "2026-11-23T05:00"),
        (hours("00:00", "00:00", "mon"), "2026-11-24T04:59"),
    ],
)
def test_a_moment_within_the_hours(value: dict[str, Any], now: str) -> None:
    assert holds("time_of_day", value, at(now), "time.now")


@pytest.mark.parametrize(
    ("value", "now"),
    [
        (hours("09:00", "17:00"), "2026-11-23T13:59:59"),
        (hours("09:00", "17:00"), "2026-11-23T22:00"),
        (hours("09:00", "17:00", "tue", "wed"), "2026-11-23T14:00"),
        (hours("22:00", "06:00"), "2026-11-24T11:00"),
        (hours("22:00", "06:00", "fri"), "2026-11-27T10:30"),
        (hours("22:00", "06:00", "fri"), "2026-11-29T03:30"),
        (hours("22:00", "00:00", "fri"), "2026-11-28T05:00"),
        (hours("00:00", "00:00", "mon"), "2026-11-24T05:00"),
    ],
)
def test_a_moment_outside_the_hours(value: dict[str, Any], now: str) -> None:
    assert not holds("time_of_day", value, at(now), "time.now")


def hours_of_the_day(value: dict[str, Any], day: str) -> float:
    """For how many hours the leaf holds on one day of New York's calendar."""
    leaf = compile_condition(
        PARSE.validate_python({"field": "time.now", "op": "time_of_day", "value": value})
    )
    start = at(f"{day}T00:00")
    steps = [start + timedelta(minutes=15 * n) for n in range(4 * 36)]
    return sum(leaf({"time": {"now": step}}) for step in steps) / 4


@pytest.mark.parametrize(
    ("value", "day", "open_for"),
    [
        (hours("01:00", "04:00", "sun"), "2026-03-08", 2),  # 02:00 to 03:00 never comes
        (hours("01:00", "04:00", "sun"), "2026-11-01", 4),  # 01:00 to 02:00 comes twice
        (hours("02:15", "02:45", "sun"), "2026-03-08", 0),
        (hours("01:15", "01:45", "sun"), "2026-11-01", 1),
        (hours("22:00", "04:00", "sat"), "2026-03-07", 5),
        (hours("22:00", "04:00", "sat"), "2026-10-31", 7),
        (hours("09:00", "17:00", "sun"), "2026-03-08", 8),
        (hours("00:00", "00:00", "sun"), "2026-11-01", 25),
    ],
)
def test_on_the_days_of_a_clock_change_hours_are_what_the_wall_clock_shows(
    value: dict[str, Any], day: str, open_for: float
) -> None:
    assert hours_of_the_day(value, day) == open_for


@pytest.mark.parametrize(
    "found",
    [
        "2026-11-23T14:00:00Z",
        "2026-11-23T09:00:00-05:00",
        datetime(2026, 11, 23, 16, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_moment_may_be_text_and_of_any_offset(found: Any) -> None:
    assert holds("time_of_day", hours("09:00", "09:01"), found)


@pytest.mark.parametrize(
    "found",
    [
        None,
        "2026-11-23T14:00:00",
        "2026-11-23",
        "noon",
        9,
        datetime(2026, 11, 23, 14),  # noqa: DTZ001
        datetime.min.replace(tzinfo=UTC),
    ],
)
def test_what_is_no_moment_is_within_no_hours(found: Any) -> None:
    assert not holds("time_of_day", hours("00:00", "00:00"), found)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("09:00-17:00", "needs hours in a zone, such as"),
        ({"from": "09:00", "until": "17:00"}, "Field required"),
        (hours("09:00", "09:00"), '"from" and "until" must differ'),
        (hours("9:00", "17:00"), "must be a time of day in quotes"),
        (hours("09:00", "24:00"), 'midnight is "00:00"'),
        (hours("09:00", "17:00") | {"until": 1020}, "must be a time of day in quotes"),
        (hours("09:00", "17:00") | {"zone": "New York"}, "'New York' is no IANA time zone"),
        (hours("09:00", "17:00", "monday"), "Input should be 'mon', 'tue'"),
        (hours("09:00", "17:00") | {"days": []}, "at least 1 item"),
    ],
)
def test_bad_hours_are_refused_when_they_are_written(value: Any, message: str) -> None:
    assert message in refusal("time_of_day", value)


def test_hours_are_stored_as_they_are_written() -> None:
    written = {"field": "time.now", "op": "time_of_day", "value": hours("09:00", "17:00:30", "mon")}

    assert PARSE.dump_python(PARSE.validate_python(written), mode="json", by_alias=True) == written
