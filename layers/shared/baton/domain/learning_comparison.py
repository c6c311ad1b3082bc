"""Which of two ways to predict is better on the same leads, and how surely.

By the difference of their squared errors, lead by lead (F. X. Diebold and R. S. Mariano, Comparing predictive accuracy,
Journal of Business & Economic Statistics 13, 1995).
"""

from collections.abc import Mapping
from math import sqrt
from typing import Any, Final

from baton.domain.learning_evaluation import HALF_LIFE

LARGEST_UNIT: Final = 1e6


class Comparison:
    """Differences of squared errors, the first one's less the second one's; faded as evaluations are."""

    def __init__(self, half_life: int = HALF_LIFE) -> None:
        self.half_life = half_life
        self.leads = 0
        self._unit = 1.0
        self._sums = [0.0, 0.0, 0.0, 0.0]
        """Of weights, of squared weights, of differences, of squared differences."""

    def count(self, first: float, second: float) -> None:
        """Count one lead's squared errors."""
        self._unit *= 2 ** (1 / self.half_life)
        if self._unit > LARGEST_UNIT:
            self._rescale()
        weight, difference = self._unit, first - second
        added = (weight, weight**2, weight * difference, weight * difference**2)
        self._sums = [total + more for total, more in zip(self._sums, added, strict=True)]
        self.leads += 1

    @property
    def difference(self) -> float:
        """By how much the second one's Brier score is better; negative where the first one's is."""
        return self._sums[2] / self._sums[0] if self._sums[0] else 0.0

    @property
    def sureness(self) -> float:
        """The difference in standard errors; 0 where nothing can be said."""
        weights, squares, _, spread = self._sums
        if not weights:
            return 0.0
        variance = max(0.0, spread / weights - self.difference**2)
        return self.difference / sqrt(variance * squares / weights**2) if variance else 0.0

    def as_json(self) -> dict[str, Any]:
        """The comparison as plain values."""
        self._rescale()
        return {"half_life": self.half_life, "leads": self.leads, "sums": self._sums}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Comparison":
        """The comparison that `as_json` gave."""
        comparison = cls(kept["half_life"])
        comparison.leads, comparison._sums = kept["leads"], [float(total) for total in kept["sums"]]
        return comparison

    def _rescale(self) -> None:
        factor = 1 / self._unit
        powers = (factor, factor**2, factor, factor)
        self._sums = [power * total for power, total in zip(powers, self._sums, strict=True)]
        self._unit = 1.0
