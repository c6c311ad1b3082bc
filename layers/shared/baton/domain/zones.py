"""Time zones, days of the week and times of day, as configuration names them."""

import re
from datetime import time
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, PlainSerializer


class Weekday(StrEnum):
    """Days of the week, as schedules name them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises ValueError for a name that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"'{name}' is no IANA time zone (such as America/New_York)"
        raise ValueError(message) from error


def _known_zone(name: str) -> str:
    return zone(name).key


ZoneName = Annotated[str, AfterValidator(_known_zone)]

_WALL_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)


def _wall_clock(written: Any) -> Any:
    """YAML reads an unquoted 17:00 as the number 1020, which would pass for seventeen minutes past midnight."""
    if isinstance(written, time) and written.tzinfo is None:
        return written
    if isinstance(written, str) and _WALL_CLOCK.fullmatch(written):
        return written
    message = 'must be a time of day in quotes, such as "17:00"; midnight is "00:00"'
    raise ValueError(message)


def time_words(clock: time) -> str:
    """A time of day as people write it."""
    return clock.isoformat("seconds" if clock.second else "minutes")


type WallClock = Annotated[
    time, BeforeValidator(_wall_clock), PlainSerializer(time_words, return_type=str, when_used="json")
]
