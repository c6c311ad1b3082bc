"""Postal codes and the distance between them: United States, from the table of the `zipcodes` library."""

import re
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Final

type Place = tuple[float, float]
"""Latitude and longitude, in degrees."""

EARTH_RADIUS_MILES: Final = 3958.8
"""Mean radius; the great circle is then at most half a percent off the distance on the ellipsoid."""

_CODE: Final = re.compile(r"\s*(\d{5})(?:[- ]?\d{4})?\s*", re.ASCII)


def five_digits(text: str) -> str:
    """The five digits of a postal code that may be a ZIP+4. Raises ValueError for anything else."""
    found = _CODE.fullmatch(text)
    if found is None:
        message = "must be a US postal code: five digits in quotes, such as '90210'"
        raise ValueError(message)
    return found[1]


def place_of(text: str) -> Place | None:
    """Where a postal code is; None for one that is unknown, or has no place, as those of army post offices."""
    found = _CODE.fullmatch(text)
    return _place(found[1]) if found else None


@lru_cache(maxsize=50_000)
def _place(code: str) -> Place | None:
    # The first look-up unpacks the table: 0.3 s and some 55 MB, so only whoever measures a distance pays for it.
    import zipcodes

    for row in zipcodes.matching(code):  # type: ignore[no-untyped-call]
        place = float(row["lat"] or 0), float(row["long"] or 0)
        if any(place):
            return place
    return None


def miles_between(one: str, other: str) -> float | None:
    """Great-circle distance between two postal codes (haversine formula); None where either is unknown."""
    start, end = place_of(one), place_of(other)
    if start is None or end is None:
        return None
    (north, west), (south, east) = map(_in_radians, (start, end))
    chord = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(chord)))


def _in_radians(place: Place) -> Place:
    return radians(place[0]), radians(place[1])
