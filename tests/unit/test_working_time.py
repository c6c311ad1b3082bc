"""When somebody will have worked for so long: by their schedule, on their clock, on days when clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.domain.schedule import Schedule
from baton.domain.working_time import worked_until
from tests.builders import MINUTE, NEW_YORK
from tests.unit.test_schedule_openings import MADRID, WORKDAYS, hours, utc

OFFICE: Final = hours(("09:00", "13:00"), ("16:00", "20:00"), days=WORKDAYS)


def worked(schedule: Schedule, start: str, minutes: float, zone_name: str = MADRID) -> str:
    """The moment in UTC, in short."""
    return f"{worked_until(schedule, zone_name, utc(start), minutes * MINUTE):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23 08:00", 15, "Mon 23 Nov 08:15"),
        ("2026-11-23 07:00", 15, "Mon 23 Nov 08:15"),  # before work
        ("2026-11-23 11:50", 15, "Mon 23 Nov 15:05"),  # over lunch
        ("2026-11-23 11:50", 10, "Mon 23 Nov 12:00"),  # to its very last moment
        ("2026-11-23 18:55", 10, "Tue 24 Nov 08:05"),
        ("2026-11-27 18:55", 10, "Mon 30 Nov 08:05"),  # over the weekend
        ("2026-11-27 18:55", 5 + 8 * 60 + 1, "Tue 01 Dec 08:01"),
    ],
)
def test_only_working_hours_count(start: str, minutes: int, end: str) -> None:
    assert worked(OFFICE, start, minutes) == end


def test_without_a_schedule_every_minute_counts() -> None:
    assert worked(Schedule(), "2026-11-28 03:00", 90) == "Sat 28 Nov 04:30"


def test_days_off_and_leave_do_not_count() -> None:
    off = Schedule(days_off=(date(2026, 11, 24),))

    assert worked(off, "2026-11-23 22:50", 20) == "Tue 24 Nov 23:10"


def test_whoever_never_works_again_is_waited_for_by_the_clock() -> None:
    gone: dict[str, Any] = {"leave": [{"first": "2026-01-01", "last": "2099-01-01"}]}

    assert worked(Schedule.model_validate(gone), "2026-11-23 08:00", 15) == "Mon 23 Nov 08:15"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-29 00:30", "Sun 29 Mar 01:30"),  # 01:30 to 03:30 on the wall is one hour
        ("2026-10-25 00:30", "Sun 25 Oct 01:30"),  # 02:30 comes twice
    ],
)
def test_an_hour_that_a_clock_skips_or_repeats_is_counted_as_it_passes(start: str, end: str) -> None:
    nights = hours(("00:00", "06:00"))

    assert worked(nights, start, 60) == end


def test_a_day_with_two_adjoining_blocks_is_one_stretch() -> None:
    assert worked(hours(("09:00", "12:00"), ("12:00", "15:00")), "2026-11-23 10:30", 60) == "Mon 23 Nov 11:30"


times = st.integers(0, 23)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(times, st.integers(1, 6)), min_size=1, max_size=3),
    st.integers(0, 3 * 24 * 60),
    st.integers(1, 600),
    st.sampled_from([MADRID, NEW_YORK, "Asia/Kolkata"]),
)
def test_as_many_minutes_are_open_in_between_as_were_to_be_worked(
    blocks: list[tuple[int, int]], offset: int, minutes: int, zone_name: str
) -> None:
    """Counted one by one, over the night on which clocks go back."""
    wanted = hours(*((f"{h:02d}:00", f"{min(h + n, 24) % 24:02d}:00") for h, n in blocks))
    start = datetime(2026, 10, 24, tzinfo=UTC) + offset * MINUTE
    end = worked_until(wanted, zone_name, start, minutes * MINUTE)
    total = int((end - start) / MINUTE)

    open_minutes = sum(wanted.is_open(start + n * MINUTE, zone_name) for n in range(total))

    assert (end - start) % MINUTE == timedelta()
    assert open_minutes == minutes
    assert wanted.is_open(end - MINUTE, zone_name), "it ends with work"
