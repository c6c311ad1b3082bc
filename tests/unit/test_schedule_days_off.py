"""Public holidays, days off and leave, and whether a recipient is there at all."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from baton.domain.availability import AbsentBecause, next_available, unavailable
from baton.domain.holidays import Holidays
from baton.domain.schedule import Closed, ClosedBecause, Leave, Schedule, opening_words
from tests.builders import MONDAY_9AM, NEW_YORK, a_rep

MADRID = "Europe/Madrid"
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}
US = {"country": "US"}


def office(**others: Any) -> Schedule:
    """Nine to five from Monday to Friday."""
    return Schedule.model_validate({"blocks": [OFFICE], **others})


def noon(day: str) -> datetime:
    """Noon in UTC: morning in New York, early afternoon in Madrid."""
    return datetime.fromisoformat(f"{day} 15:00").replace(tzinfo=UTC)


def test_thanksgiving_is_off_for_whoever_keeps_american_holidays() -> None:
    closed = office(holidays=US).closed(noon("2026-11-26"), NEW_YORK)

    assert closed == Closed(ClosedBecause.HOLIDAY, "Thanksgiving Day")
    assert office().is_open(noon("2026-11-26"), NEW_YORK)
    assert office(holidays=US).is_open(noon("2026-11-27"), NEW_YORK)


@pytest.mark.parametrize(
    ("day", "holidays", "elsewhere", "name"),
    [
        ("2026-04-20", {"country": "US", "subdivision": "MA"}, US, "Patriots' Day"),
        (
            "2026-09-11",
            {"country": "ES", "subdivision": "CT"},
            {"country": "ES"},
            "National Day of Catalonia",
        ),
        ("2026-07-03", US, {"country": "ES"}, "Independence Day (observed)"),
    ],
)
def test_a_regional_holiday_is_off_only_there(
    day: str, holidays: dict[str, str], elsewhere: dict[str, str], name: str
) -> None:
    assert office(holidays=holidays).closed(noon(day), NEW_YORK) == Closed(ClosedBecause.HOLIDAY, name)
    assert office(holidays=elsewhere).is_open(noon(day), NEW_YORK)


def test_a_holiday_lasts_as_long_as_the_recipients_own_day() -> None:
    all_day = Schedule.model_validate({"holidays": US})

    assert all_day.is_open(datetime(2026, 11, 26, 4, 59, tzinfo=UTC), NEW_YORK)
    assert not all_day.is_open(datetime(2026, 11, 26, 5, 0, tzinfo=UTC), NEW_YORK)
    assert all_day.next_opening(noon("2026-11-26"), NEW_YORK) == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("holidays", "message"),
    [
        ({"country": "XX"}, "no holidays are known for country 'XX'"),
        ({"country": "US", "subdivision": "ZZ"}, "no holidays are known for subdivision 'ZZ' of 'US'"),
        ({"country": "us"}, "should match pattern"),
        ({"country": "USA"}, "should match pattern"),
    ],
)
def test_a_country_or_region_without_known_holidays_is_refused(
    holidays: dict[str, str], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Holidays.model_validate(holidays)

    assert message in str(refused.value)


PROGRAM = """
import sys
from datetime import UTC, datetime
from baton.domain.schedule import Schedule

for holidays in (None, {"country": "US"}):
    schedule = Schedule.model_validate({"days_off": ["2026-12-24"], "holidays": holidays})
    schedule.next_opening(datetime(2026, 12, 24, tzinfo=UTC), "Europe/Madrid")
    print("holidays" in sys.modules)
"""


def test_only_a_schedule_that_names_holidays_costs_the_import_of_their_library() -> None:
    environment = {"PYTHONPATH": ":".join(sys.path)}
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, env=environment)

    assert run.stdout.split() == [b"False", b"True"]


def test_a_day_off_is_off() -> None:
    assert office(days_off=["2026-12-24"]).closed(noon("2026-12-24"), NEW_YORK) == Closed(
        ClosedBecause.DAY_OFF, "Thu 24 Dec 2026"
    )


def test_leave_lasts_from_its_first_day_to_its_last() -> None:
    away = office(leave=[{"first": "2026-11-24", "last": "2026-11-26"}])

    assert away.is_open(noon("2026-11-23"), NEW_YORK)
    assert away.closed(noon("2026-11-24"), NEW_YORK) == Closed(
        ClosedBecause.ON_LEAVE, "until Thu 26 Nov 2026"
    )
    assert away.closed(noon("2026-11-26"), NEW_YORK) == Closed(
        ClosedBecause.ON_LEAVE, "until Thu 26 Nov 2026"
    )
    assert away.is_open(noon("2026-11-27"), NEW_YORK)


def test_a_leave_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValidationError, match="cannot be before its first"):
        Leave.model_validate({"first": "2026-11-26", "last": "2026-11-25"})


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-11-23", "works 09:00-17:00 on Mon"), ("2026-11-22", "does not work on Sun")],
)
def test_the_reason_names_the_hours_of_that_day(day: str, words: str) -> None:
    evening = datetime.fromisoformat(f"{day} 23:00").replace(tzinfo=UTC)

    assert office().closed(evening, NEW_YORK) == Closed(ClosedBecause.OUTSIDE_HOURS, words)


@pytest.mark.parametrize(
    ("facts", "reason", "words"),
    [
        ({"active": False, "paused": True}, AbsentBecause.INACTIVE, "switched off by operations"),
        ({"paused": True}, AbsentBecause.PAUSED, "until further notice"),
        (
            {"away_until": "2026-11-30T08:00:00Z", "zone": MADRID},
            AbsentBecause.AWAY,
            "until Mon 30 Nov 09:00 Europe/Madrid",
        ),
        ({"schedule": office(days_off=["2026-11-23"])}, ClosedBecause.DAY_OFF, "Mon 23 Nov 2026"),
    ],
)
def test_somebody_who_takes_no_leads_now_has_a_reason(
    facts: dict[str, Any], reason: AbsentBecause | ClosedBecause, words: str
) -> None:
    assert unavailable(a_rep(**facts), MONDAY_9AM) == (reason, words)


def test_somebody_whom_nothing_keeps_is_available_at_once() -> None:
    assert unavailable(a_rep(), MONDAY_9AM) is None
    assert next_available(a_rep(), MONDAY_9AM) == MONDAY_9AM
    assert unavailable(a_rep(away_until=MONDAY_9AM), MONDAY_9AM) is None


@pytest.mark.parametrize("facts", [{"active": False}, {"paused": True}])
def test_nobody_knows_when_somebody_inactive_or_paused_is_back(facts: dict[str, Any]) -> None:
    assert next_available(a_rep(**facts), MONDAY_9AM) is None


def test_somebody_away_is_back_at_the_first_working_hour_after() -> None:
    ana = a_rep(zone=MADRID, schedule=office(), away_until=MONDAY_9AM + timedelta(days=5))

    back = next_available(ana, MONDAY_9AM)

    assert back is not None
    assert opening_words(back, ana.zone) == "Mon 30 Nov 09:00 Europe/Madrid"
    assert unavailable(ana, back) is None
    assert unavailable(ana, back - timedelta(seconds=1)) is not None
