"""Quiet hours: when nobody is texted or called, on the person's own clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Final, NamedTuple, Self

from pydantic import Field, model_validator

from baton.domain.documents import Document
from baton.domain.person_zones import zones_of_country, zones_of_state, zones_of_zip
from baton.domain.zones import ZoneName, zone

ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day, as `21:00`."""
MAX_HOURS: Final = 18
"""Quiet hours longer than this might never end for somebody who may live in one of several zones."""
_DAY_MIN: Final = 24 * 60


class QuietHours(Document):
    """From when to when a campaign's people are left in peace; by default what US law asks for."""

    begin: ClockTime = "21:00"
    end: ClockTime = "08:00"
    zone: ZoneName = "America/New_York"
    """For people of whom it is not known where they live."""

    @model_validator(mode="after")
    def _leaves_some_time(self) -> Self:
        lasts_min = (_minutes(self.end) - _minutes(self.begin)) % _DAY_MIN
        if not 0 < lasts_min <= MAX_HOURS * 60:
            message = f"quiet hours end at another time than they begin, and after {MAX_HOURS} hours at most"
            raise ValueError(message)
        return self


class Whereabouts(NamedTuple):
    """What is known of where somebody lives."""

    country: str | None = None
    state: str | None = None
    postal_code: str | None = None
    phone_country: str | None = None
    """The country of their number."""


class HoldOff(NamedTuple):
    """Until when somebody is to be left in peace."""

    until: datetime
    """In UTC."""
    zone: str
    """Where they live, or may live."""

    @property
    def words(self) -> str:
        """The moment on their clock: `Tue 08:00 (their time, PST)`."""
        return f"{self.until.astimezone(zone(self.zone)):%a %H:%M (their time, %Z)}"


def zones_of(where: Whereabouts, quiet: QuietHours, region: str) -> tuple[str, ...]:
    """Every zone in which the person may be, from the best that is known: state, postal code, country, number.

    `region`: the country of states and postal codes that come without one.
    """
    country = (where.country or region).upper()
    return (
        zones_of_state(where.state, country)
        or (zones_of_zip(where.postal_code) if country == "US" else ())
        or zones_of_country(where.country)
        or (zones_of_country(where.phone_country) if not where.country else ())
        or (quiet.zone,)
    )


def hold_off(quiet: QuietHours, zones: tuple[str, ...], now: datetime) -> HoldOff | None:
    """Until when somebody who may be in any of these zones is to be left in peace; None: they may be called now.

    It is quiet as long as it is quiet in one of them.
    """
    until, strictest = now.astimezone(UTC), None
    for _ in range(2 * len(zones)):
        later = [(end, name) for name in zones if (end := _quiet_until(quiet, name, until))]
        if not later:
            break
        until, strictest = max(later)
    return HoldOff(until, strictest) if strictest else None


def _quiet_until(quiet: QuietHours, zone_name: str, at: datetime) -> datetime | None:
    """When quiet hours are over that `at` falls into on a zone's clock; None: it falls into none."""
    there = at.astimezone(zone(zone_name))
    begin, end = (time.fromisoformat(clock) for clock in (quiet.begin, quiet.end))
    clock = there.time().replace(tzinfo=None, fold=0)
    over_midnight = begin > end
    is_quiet = (clock >= begin or clock < end) if over_midnight else begin <= clock < end
    if not is_quiet:
        return None
    day = there.date() + timedelta(days=1 if over_midnight and clock >= begin else 0)
    # Of an end that the clock shows twice the later one counts; one that it skips is when it has gone past it.
    ends = [datetime.combine(day, end, zone(zone_name)).replace(fold=fold) for fold in (0, 1)]
    return max(one.astimezone(UTC) for one in ends)


def whereabouts(contact: Mapping[str, Any], quality: Mapping[str, Any]) -> Whereabouts:
    """What a lead says of where its person lives: its contact, and the country that its number was found to have."""
    return Whereabouts(
        contact.get("country"),
        contact.get("state"),
        contact.get("postal_code"),
        quality.get("phone_region"),
    )


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
