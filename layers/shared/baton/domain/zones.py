"""Time zones and days of the week, by the names that configuration uses."""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


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
