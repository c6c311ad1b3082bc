"""How surely two shares differ, and within what a share lies: chance alone makes small numbers differ."""

from enum import StrEnum
from math import sqrt
from typing import Final, NamedTuple, Self

from baton.domain.documents import Record

Z: Final = 1.96
"""Standard errors within which 95 of 100 samples fall."""
FEWEST: Final = 5
"""Successes and failures that are to be expected on both sides: with fewer the normal distribution is no guide."""


class Verdict(StrEnum):
    """What can be said of one share beside another."""

    BETTER = "better"
    WORSE = "worse"
    MAY_BE_CHANCE = "may_be_chance"
    TOO_FEW = "too_few"
    """Too few leads to say anything."""


class Successes(NamedTuple):
    """How many of how many."""

    part: int
    whole: int


def interval(found: Successes) -> tuple[float, float] | None:
    """Between what the true share lies, with 95 percent confidence (E. B. Wilson, JASA 22, 1927); None without any."""
    part, whole = found
    if not whole:
        return None
    share, spread = part / whole, Z**2 / whole
    middle = share + spread / 2
    width = Z * sqrt(max(0.0, share * (1 - share) / whole + spread / (4 * whole)))
    low, high = ((middle + sign * width) / (1 + spread) for sign in (-1, 1))
    return round(max(0.0, low), 4), round(min(1.0, high), 4)


def sureness(one: Successes, other: Successes) -> float | None:
    """By how many standard errors one share is greater than the other (two proportions, pooled); None: too few."""
    wholes = (one.whole, other.whole)
    total, successes = sum(wholes), one.part + other.part
    if not total or min(wholes) * min(successes, total - successes) < FEWEST * total:
        return None
    pooled = successes / total
    error = sqrt(pooled * (1 - pooled) * (1 / one.whole + 1 / other.whole))
    return round((one.part / one.whole - other.part / other.whole) / error, 2)


def verdict(sure: float | None) -> Verdict:
    """What that says."""
    if sure is None:
        return Verdict.TOO_FEW
    if abs(sure) < Z:
        return Verdict.MAY_BE_CHANCE
    return Verdict.BETTER if sure > 0 else Verdict.WORSE


class Certainty(Record):
    """How sure a line's conversion is, and whether it differs from that of the line before it."""

    conversion_from: float | None
    """The true conversion lies between this and `conversion_to`, with 95 percent confidence."""
    conversion_to: float | None
    against: int | None
    """The version that this one is held against: the one before it that had leads; None for the first."""
    difference: float | None
    """By how much its conversion is greater than that one's."""
    verdict: Verdict | None
    """Whether that is more than chance."""

    @classmethod
    def of(cls, found: Successes, against: int | None, other: Successes | None) -> Self:
        """What can be said of a version beside the one before it."""
        low, high = interval(found) or (None, None)
        both = other is not None and found.whole and other.whole
        return cls(
            conversion_from=low,
            conversion_to=high,
            against=against,
            difference=round(found.part / found.whole - other.part / other.whole, 4)
            if both and other
            else None,
            verdict=verdict(sureness(found, other)) if other is not None else None,
        )
