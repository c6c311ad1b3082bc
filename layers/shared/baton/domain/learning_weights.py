"""Logistic regression that learns one example at a time: a mean and a covariance, and no data.

The posterior of the weights is kept as a normal distribution, and each outcome is one Newton step on it (D. J.
Spiegelhalter and S. L. Lauritzen, Sequential updating of conditional probabilities on directed graphical structures,
Networks 20, 1990; as an extended Kalman filter, J. de Vilmarest and O. Wintenberger, Stochastic online optimization
using Kalman recursion, JMLR 22, 2021). Because the covariance is whole, and not only its diagonal, fields that say the
same do not count twice, which is where naive Bayes goes wrong. Old outcomes fade: the covariance grows a little with
each, but in no direction beyond what was assumed before there were any.
"""

from collections.abc import Sequence
from math import exp, sqrt
from operator import mul
from typing import Final

MEAN: Final = 0.5
"""Weight of a field of which nothing is known: between not at all and naive Bayes, which gives 1 to each."""
VARIANCE: Final = 0.25
"""So that both 0 and 1 are within a standard deviation of it."""
VARIANCE_OF_BASE: Final = 1.0
LEAST_INFORMATION: Final = 1e-3
"""An outcome that was as good as certain still counts a little, so that a surprise is not the end of learning."""

LEAST_VARIANCE: Final = 1e-12


class Weights:
    """Means and covariance, the first for the base, which is always there, and one for each field."""

    __slots__ = ("covariance", "keep", "mean")

    def __init__(self, memory: int) -> None:
        self.remember(memory)
        self.mean = [0.0]
        self.covariance = [[VARIANCE_OF_BASE]]

    def remember(self, memory: int) -> None:
        """Go by so many of the newest outcomes, about; at least 2."""
        self.keep = 1 - 1 / memory

    def begin(self, at: int) -> None:
        """Know nothing of the field at this place, or any more, nor of what it has to do with others."""
        if at == len(self.mean):
            self.mean.append(MEAN)
            self.covariance.append([0.0] * at)
            for row in self.covariance:
                row.append(0.0)
        for row in self.covariance:
            row[at] = 0.0
        self.covariance[at] = [0.0] * len(self.mean)
        self.mean[at], self.covariance[at][at] = MEAN, VARIANCE

    def learn(self, inputs: Sequence[float], offset: float, target: float) -> None:
        """One example: its inputs (1 for the base), its log-odds before any weight, and whether it was (0 or 1)."""
        chance = probability(offset + sum(map(mul, self.mean, inputs)))
        information = max(LEAST_INFORMATION, chance * (1 - chance))
        grown = self._growth()
        faded = list(map(mul, grown, inputs))
        spread = [grow * sum(map(mul, row, faded)) for grow, row in zip(grown, self.covariance, strict=True)]
        variance = max(0.0, sum(map(mul, spread, inputs)))
        gain = 1 / (1 + information * variance)
        step = (target - chance) * gain
        self.mean = [mean + step * along for mean, along in zip(self.mean, spread, strict=True)]
        shrink = information * gain
        for row, grow, along in zip(self.covariance, grown, spread, strict=True):
            less = shrink * along
            row[:] = [
                grow * value * factor - less * other
                for value, factor, other in zip(row, grown, spread, strict=True)
            ]

    def triangle(self) -> list[float]:
        """The covariance's lower triangle, row by row, in five significant digits."""
        return [float(f"{value:.5g}") for at, row in enumerate(self.covariance) for value in row[: at + 1]]

    def restore(self, mean: Sequence[float], triangle: Sequence[float]) -> None:
        """Take up what was kept."""
        self.mean = [float(value) for value in mean]
        rows = range(len(self.mean))
        kept = [triangle[at * (at + 1) // 2 :] for at in rows]
        self.covariance = [[float(kept[max(i, j)][min(i, j)]) for j in rows] for i in rows]

    def _growth(self) -> list[float]:
        """Factors by which standard deviations grow, so that old outcomes count less (stabilised forgetting: R.
        Kulhavy and M. B. Zarrop, On a general concept of forgetting, International Journal of Control 58, 1993)."""
        full = 1 / sqrt(self.keep)
        limits = (VARIANCE_OF_BASE, *[VARIANCE] * (len(self.mean) - 1))
        return [
            max(1.0, min(full, sqrt(limit / max(row[at], LEAST_VARIANCE))))
            for at, (row, limit) in enumerate(zip(self.covariance, limits, strict=True))
        ]


def probability(log_odds: float) -> float:
    """The probability with these log-odds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))
