"""How good predictions are, as outcomes come in: AUC, Brier score, log loss and calibration, from counts alone.

Each prediction was made before its outcome was known, so that no data need be held back (A. P. Dawid, 1984). The AUC
is that of predictions rounded to a fortieth of the scale of log-odds (J. A. Hanley and B. J. McNeil, Radiology 143,
1982: ties count half); Brier score and log loss are exact.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any, Final

HALF_LIFE: Final = 1000
"""Outcomes after which one counts half: live figures are about the last few months, not about all time."""
STEP: Final = 0.2
"""Log-odds between one bin and the next."""
LAST_BIN: Final = 40
"""The outermost bins hold all probabilities beyond 0.03% and 99.97%."""
NEARLY: Final = 1e-4
"""How near to 0 and 1 a probability comes at most."""
GROUPS: Final = 10
LARGEST_UNIT: Final = 1e6


@dataclass(frozen=True, slots=True)
class Group:
    """Predictions of about the same probability, and what came of them."""

    outcomes: float
    predicted: float
    """Their mean probability."""
    converted: float
    """The part of them that converted."""


class Evaluation:
    """What came of predictions: a document of at most 81 bins that `count` changes in place."""

    def __init__(self, half_life: int | None = HALF_LIFE) -> None:
        self.half_life = half_life
        self.counted = 0
        """Outcomes, each as one."""
        self._unit = 1.0
        self._squares = 0.0
        self._losses = 0.0
        self._bins: dict[int, list[float]] = {}
        """By log-odds in steps: lost, won, sum of probabilities."""

    def count(self, given: float, converted: bool, *, was: bool | None = None) -> None:
        """Count an outcome of a lead that was given this probability; `was` is what it replaces."""
        if was is converted:
            return
        if was is not None:
            self._add(given, was, -self._unit)
            self.counted = max(0, self.counted - 1)
        if self.half_life:
            self._unit *= 2 ** (1 / self.half_life)
            if self._unit > LARGEST_UNIT:
                self._rescale(1 / self._unit)
        self._add(given, converted, self._unit)
        self.counted += 1

    @property
    def outcomes(self) -> tuple[float, float]:
        """How many lost and won there are, faded ones in part."""
        return (
            sum(row[0] for row in self._bins.values()) / self._unit,
            sum(row[1] for row in self._bins.values()) / self._unit,
        )

    @property
    def auc(self) -> float | None:
        """The chance that of a converted and a lost lead the converted one was given more; None without both."""
        below = pairs = won = 0.0
        for at in sorted(self._bins):
            lost_here, won_here, _ = self._bins[at]
            pairs += won_here * (below + lost_here / 2)
            below += lost_here
            won += won_here
        return pairs / (below * won) if below and won else None

    @property
    def brier(self) -> float | None:
        """Mean squared error of the probabilities; None without outcomes."""
        return self._mean(self._squares)

    @property
    def log_loss(self) -> float | None:
        """Mean surprise, in nats; None without outcomes."""
        return self._mean(self._losses)

    @property
    def calibration(self) -> tuple[Group, ...]:
        """Predicted and real conversion, by tenths of probability; empty tenths are not there."""
        groups: dict[int, list[float]] = {}
        for lost, won, given in self._bins.values():
            if lost + won > 0:
                tenth = min(GROUPS - 1, max(0, int(GROUPS * given / (lost + won))))
                group = groups.setdefault(tenth, [0.0, 0.0, 0.0])
                group[:] = [group[0] + lost + won, group[1] + given, group[2] + won]
        return tuple(
            Group(count / self._unit, given / count, won / count)
            for _, (count, given, won) in sorted(groups.items())
        )

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of predicted and real conversion over the groups, by their size (ECE)."""
        groups = self.calibration
        total = sum(group.outcomes for group in groups)
        if not total:
            return None
        return sum(group.outcomes * abs(group.predicted - group.converted) for group in groups) / total

    def merged(self, other: "Evaluation") -> "Evaluation":
        """Both together, as of now."""
        both = Evaluation(self.half_life)
        for one in (self, other):
            both.counted += one.counted
            both._squares += one._squares / one._unit
            both._losses += one._losses / one._unit
            for at, row in one._bins.items():
                sums = both._bins.setdefault(at, [0.0, 0.0, 0.0])
                sums[:] = [total + more / one._unit for total, more in zip(sums, row, strict=True)]
        return both

    def to_json(self) -> str:
        """The evaluation as JSON text."""
        return json.dumps(self.as_json(), separators=(",", ":"))

    def as_json(self) -> dict[str, Any]:
        """The evaluation as plain values."""
        self._rescale(1 / self._unit)
        bins = {str(at): [float(f"{value:.6g}") for value in row] for at, row in sorted(self._bins.items())}
        return {
            "half_life": self.half_life,
            "counted": self.counted,
            "squares": self._squares,
            "losses": self._losses,
            "bins": bins,
        }

    @classmethod
    def from_json(cls, text: str) -> "Evaluation":
        """The evaluation that `to_json` gave."""
        return cls.of(json.loads(text))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Evaluation":
        """The evaluation that `as_json` gave."""
        evaluation = cls(kept["half_life"])
        evaluation.counted = kept["counted"]
        evaluation._squares, evaluation._losses = kept["squares"], kept["losses"]
        evaluation._bins = {int(at): [float(value) for value in row] for at, row in kept["bins"].items()}
        return evaluation

    def _add(self, given: float, converted: bool, weight: float) -> None:
        given = bounded(given)
        at = max(-LAST_BIN, min(LAST_BIN, round(log(given / (1 - given)) / STEP)))
        row = self._bins.setdefault(at, [0.0, 0.0, 0.0])
        # More cannot be taken out of a bin than what has not faded yet.
        weight = max(weight, -row[converted])
        row[converted] += weight
        row[2] = max(0.0, row[2] + weight * given)
        self._squares = max(0.0, self._squares + weight * squared_error(given, converted))
        self._losses = max(0.0, self._losses + weight * -log(given if converted else 1 - given))

    def _mean(self, total: float) -> float | None:
        outcomes = sum(self.outcomes)
        return total / self._unit / outcomes if outcomes else None

    def _rescale(self, factor: float) -> None:
        self._squares *= factor
        self._losses *= factor
        for row in self._bins.values():
            row[:] = [factor * value for value in row]
        self._unit = 1.0


def bounded(probability: float) -> float:
    """A probability that is neither 0 nor 1, so that no surprise is infinite."""
    return max(NEARLY, min(1 - NEARLY, probability))


def squared_error(given: float, converted: bool) -> float:
    """What one prediction adds to a Brier score."""
    return (given - converted) ** 2
