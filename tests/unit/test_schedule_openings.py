"""When somebody works next, in every kind of zone and on both days of a clock change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.domain.schedule import Schedule, opening_words
from baton.domain.zones import Weekday, zone
from tests.builders import MINUTE, MONDAY_9AM, NEW_YORK

MADRID = "Europe/Madrid"
LORD_HOWE = "Australia/Lord_Howe"
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
CLOCK_CHANGES = [
    (MADRID, date(2026, 3, 29)),
    (MADRID, date(2026, 10, 25)),
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    (LORD_HOWE, date(2026, 4, 5)),  # by half an hour
    (LORD_HOWE, date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),  # at midnight: the day begins at one
    ("America/Havana", date(2026, 11, 1)),
    ("Asia/Kolkata", date(2026, 3, 29)),  # never changes
    ("Pacific/Apia", date(2026, 4, 5)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
]


def hours(*blocks: tuple[str, str], days: list[str] | None = None, **others: Any) -> Schedule:
    """A schedule of these blocks, on every day unless days are named."""
    wanted = [{"days": days or list(Weekday), "start": start, "end": end} for start, end in blocks]
    return Schedule.model_validate({"blocks": wanted, **others})


def utc(text: str) -> datetime:
    """That moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opens(schedule: Schedule, now: str, zone_name: str) -> str:
    """When it opens next, with the offset from UTC."""
    at = schedule.next_opening(utc(now), zone_name)
    return at.strftime("%a %d %b %H:%M %z") if at else "never"


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-23 07:59", "Mon 23 Nov 09:00 +0100"),
        ("2026-11-23 08:00", "Mon 23 Nov 09:00 +0100"),
        ("2026-11-23 08:00:30", "Mon 23 Nov 09:00 +0100"),  # open at this very moment
        ("2026-11-23 13:00", "Mon 23 Nov 16:00 +0100"),  # at lunch
        ("2026-11-23 19:00", "Tue 24 Nov 09:00 +0100"),
        ("2026-11-27 19:00", "Mon 30 Nov 09:00 +0100"),
    ],
)
def test_two_blocks_a_day_open_at_the_start_of_the_next(now: str, opening: str) -> None:
    office = hours(("16:00", "19:30"), ("09:00", "14:00"), days=WORKDAYS)

    assert opens(office, now, MADRID) == opening


def test_whoever_works_now_is_available_at_this_very_moment() -> None:
    now = MONDAY_9AM + timedelta(seconds=17, microseconds=5)

    assert hours(("09:00", "17:00")).next_opening(now, NEW_YORK) == now
    assert Schedule().next_opening(now, NEW_YORK) == now


@pytest.mark.parametrize(
    ("block", "now", "zone_name", "opening"),
    [
        # A block that starts in the skipped hour opens when the clock has jumped.
        (("02:30", "10:00"), "2026-03-08 06:00", NEW_YORK, "Sun 08 Mar 03:00 -0400"),
        (("02:30", "10:00"), "2026-03-29 00:00", MADRID, "Sun 29 Mar 03:00 +0200"),
        (("02:10", "10:00"), "2026-10-03 15:00", LORD_HOWE, "Sun 04 Oct 02:30 +1100"),
        (("00:00", "10:00"), "2026-03-08 04:30", "America/Havana", "Sun 08 Mar 01:00 -0400"),
        # A block within the skipped hour does not come that day.
        (("02:00", "03:00"), "2026-03-08 06:00", NEW_YORK, "Mon 09 Mar 02:00 -0400"),
        # A repeated hour comes twice.
        (("01:15", "01:45"), "2026-11-01 05:00", NEW_YORK, "Sun 01 Nov 01:15 -0400"),
        (("01:15", "01:45"), "2026-11-01 05:45", NEW_YORK, "Sun 01 Nov 01:15 -0500"),
        (("01:15", "01:45"), "2026-11-01 06:00", NEW_YORK, "Sun 01 Nov 01:15 -0500"),
        (("01:15", "01:45"), "2026-11-01 06:45", NEW_YORK, "Mon 02 Nov 01:15 -0500"),
        (("01:30", "01:45"), "2026-04-04 14:50", LORD_HOWE, "Sun 05 Apr 01:30 +1030"),
        # The clock jumps back into the middle of a block.
        (("00:30", "01:15"), "2026-11-01 05:30", NEW_YORK, "Sun 01 Nov 01:00 -0500"),
        # The day that Samoa left out.
        (("09:00", "17:00"), "2011-12-30 04:00", "Pacific/Apia", "Sat 31 Dec 09:00 +1400"),
    ],
)
def test_both_days_of_a_clock_change(block: tuple[str, str], now: str, zone_name: str, opening: str) -> None:
    assert opens(hours(block), now, zone_name) == opening


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Few hours on few days, so that there is something to wait for; often around a clock change."""
    starts = draw(st.lists(st.one_of(st.integers(0, 190), st.integers(0, 1439)), min_size=1, max_size=2))
    weekdays = st.one_of(st.just(list(Weekday)), st.lists(st.sampled_from(Weekday), min_size=1, unique=True))
    blocks = []
    for start in starts:
        end = min(start + draw(st.sampled_from([1, 15, 40, 90, 300])), 1440) % 1440
        times = (f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end))
        blocks.append({"days": draw(weekdays), **dict(zip(("start", "end"), times, strict=True))})
    return Schedule.model_validate({"blocks": blocks})


@settings(max_examples=200, deadline=None)
@given(schedules(), st.sampled_from(CLOCK_CHANGES), st.integers(-15 * 60, 8 * 60), st.booleans())
def test_the_next_opening_is_open_and_nothing_before_it_is(
    schedule: Schedule, change: tuple[str, date], minutes: int, off: bool
) -> None:
    zone_name, day = change
    if off:
        schedule = Schedule(blocks=schedule.blocks, days_off=(day,))
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * MINUTE
    every_minute = (now + n * MINUTE for n in range(9 * 24 * 60))
    first = next(at for at in every_minute if schedule.is_open(at, zone_name))

    found = schedule.next_opening(now, zone_name)

    assert found is not None
    assert found.astimezone(UTC) == first
    assert found.tzinfo is zone(zone_name)


@pytest.mark.parametrize("block_days", [[], ["mon"]])
def test_there_is_no_opening_in_a_schedule_that_never_opens(block_days: list[str]) -> None:
    blocks = [{"days": block_days, "start": "09:00", "end": "17:00"}]
    away_for_years = [{"first": "2020-01-01", "last": "2030-01-01"}]

    assert (
        Schedule.model_validate({"blocks": blocks, "leave": away_for_years}).next_opening(
            MONDAY_9AM, NEW_YORK
        )
        is None
    )


def test_an_opening_more_than_a_year_ahead_is_found() -> None:
    sabbatical = [{"first": "2026-11-01", "last": "2027-11-30"}]

    assert opens(hours(("09:00", "17:00"), leave=sabbatical), "2026-11-23 14:00", MADRID) == (
        "Wed 01 Dec 09:00 +0100"
    )


def test_an_opening_is_said_on_the_recipients_clock() -> None:
    assert opening_words(utc("2026-11-30 08:00"), MADRID) == "Mon 30 Nov 09:00 Europe/Madrid"
    assert opening_words(utc("2026-12-01 03:30"), "Asia/Kolkata") == "Tue 1 Dec 09:00 Asia/Kolkata"
