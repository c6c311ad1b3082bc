"""The rules' points as a probability: how many of the leads with about as many points have converted."""

from collections.abc import Mapping
from typing import Any, Final

from baton.domain.learning_ranges import Ranges

MAX_RANGES: Final = 12
CREDIT: Final = 10.0
"""Outcomes at the wider rate that every range of points is credited with."""


class PointsRate:
    """Conversion by range of points."""

    def __init__(self) -> None:
        self._ranges = Ranges(MAX_RANGES)

    def probability(self, points: float) -> float:
        """Of conversion with this many points; one half before there are outcomes."""
        won, total = sum(self._ranges.won), self._ranges.total
        base = (won + 1) / (total + 2)
        return self._ranges.rate(self._ranges.at(points), base, CREDIT) if self._ranges else base

    def learn(self, points: float, converted: bool, *, was: bool | None = None) -> None:
        """Count an outcome; `was` is what it replaces."""
        if was is not None:
            self._ranges.add(points, *((0.0, -1.0) if was else (-1.0, 0.0)))
        self._ranges.add(points, *((0.0, 1.0) if converted else (1.0, 0.0)))

    def as_json(self) -> dict[str, Any]:
        """The rates as plain values."""
        return {"ranges": self._ranges.rows()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "PointsRate":
        """The rates that `as_json` gave."""
        rates = cls()
        rates._ranges = Ranges(MAX_RANGES, kept["ranges"])
        return rates
