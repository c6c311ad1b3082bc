"""A number's outcomes by range of its values, where the ranges follow the numbers and no scale has to be known.

Ranges of about equal weight, kept by splitting heavy ones and merging light neighbours (P. B. Gibbons, Y. Matias and
V. Poosala, Fast incremental maintenance of approximate histograms, VLDB 1997). Only the order of the values counts, so
heavy tails and odd units do no harm; a value that comes often has a range of its own, so that numbers which are really
codes, and the many zeros of a count, are told apart.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import inf, nextafter
from typing import Final

HEAVY: Final = 2.5
"""A range is split when it has this many times its equal share."""
SETTLED: Final = 100
"""Outcomes before ranges are split: until then their weights are mostly chance."""


class Ranges:
    """Ranges in ascending order: low and high end (both inside), outcomes lost and won."""

    __slots__ = ("high", "lost", "low", "most", "total", "won")

    def __init__(self, most: int, rows: Sequence[Sequence[float]] = ()) -> None:
        self.most = most
        self.low = [float(row[0]) for row in rows]
        self.high = [float(row[1]) for row in rows]
        self.lost = [float(row[2]) for row in rows]
        self.won = [float(row[3]) for row in rows]
        self.total = sum(self.lost) + sum(self.won)

    def __len__(self) -> int:
        return len(self.low)

    def rows(self) -> list[list[float]]:
        """Every range as low, high, lost, won."""
        return [list(row) for row in zip(self.low, self.high, self.lost, self.won, strict=True)]

    def at(self, value: float) -> int:
        """Index of the range with this value, or of the nearest one. There must be one."""
        at = bisect_right(self.low, value) - 1
        if at < 0:
            return 0
        following = at + 1
        if value > self.high[at] and following < len(self.low):
            return following if self.low[following] - value < value - self.high[at] else at
        return at

    def place(self, value: float) -> int:
        """Three times the index of the value's range, or of the nearest one, plus 1 if it is below that, 2 if above.

        -1 where there are no ranges.
        """
        if not self.low:
            return -1
        at = self.at(value)
        return 3 * at + (1 if value < self.low[at] else 2 if value > self.high[at] else 0)

    def in_words(self, place: int) -> str:
        """What is at a place, for people."""
        at, side = divmod(place, 3)
        low, high = f"{self.low[at]:g}", f"{self.high[at]:g}"
        return (f"{low} to {high}" if low != high else low, f"under {low}", f"over {high}")[side]

    def rate(self, at: int, base: float, credit: float) -> float:
        """Conversion in the range, each neighbourhood credited with `credit` outcomes at the rate of the wider one.

        So a range with few outcomes is much like those around it, and these are much like all.
        """
        rate = base
        for reach in (len(self.low) // 4, len(self.low) // 8, len(self.low) // 16, 0):
            first, end = max(0, at - reach), at + reach + 1
            won = sum(self.won[first:end])
            rate = (won + credit * rate) / (won + sum(self.lost[first:end]) + credit)
        return rate

    def add(self, value: float, lost: float, won: float) -> None:
        """Count an outcome with this value; negative amounts take an earlier one back, as far as it is still there."""
        at = bisect_right(self.low, value) - 1
        if lost < 0 or won < 0:
            if self.low:
                self._take(self.at(value), lost, won)
            return
        if at >= 0 and value <= self.high[at]:
            self.lost[at] += lost
            self.won[at] += won
        else:
            at += 1
            self._insert(at, float(value), float(value), lost, won)
        self.total += lost + won
        if len(self.low) > self.most:
            self._merge()
        elif self.lost[at] + self.won[at] > HEAVY * self.total / self.most:
            self._split(at)

    def shrink(self, most: int) -> None:
        """Have at most this many ranges from now on."""
        self.most = most
        while len(self.low) > most:
            self._merge()

    def scale(self, factor: float) -> None:
        """Multiply all counts."""
        self.lost = [factor * count for count in self.lost]
        self.won = [factor * count for count in self.won]
        self.total *= factor

    def _take(self, at: int, lost: float, won: float) -> None:
        before = self.lost[at] + self.won[at]
        self.lost[at] = max(0.0, self.lost[at] + min(lost, 0.0)) + max(lost, 0.0)
        self.won[at] = max(0.0, self.won[at] + min(won, 0.0)) + max(won, 0.0)
        self.total += self.lost[at] + self.won[at] - before

    def _insert(self, at: int, low: float, high: float, lost: float, won: float) -> None:
        self.low.insert(at, low)
        self.high.insert(at, high)
        self.lost.insert(at, lost)
        self.won.insert(at, won)

    def _merge(self) -> None:
        """Join the two neighbours that are lightest together."""
        weights = [lost + won for lost, won in zip(self.lost, self.won, strict=True)]
        at = min(range(len(weights) - 1), key=lambda k: weights[k] + weights[k + 1])
        following = at + 1
        self.high[at] = self.high[following]
        self.lost[at] += self.lost[following]
        self.won[at] += self.won[following]
        for column in (self.low, self.high, self.lost, self.won):
            del column[following]

    def _split(self, at: int) -> None:
        """Cut a range in the middle, unless it is a single value."""
        low, high = self.low[at], self.high[at]
        if low == high or self.total < SETTLED:
            return
        middle = low + (high - low) / 2
        lost, won = self.lost[at] / 2, self.won[at] / 2
        self.high[at], self.lost[at], self.won[at] = middle, lost, won
        self._insert(at + 1, nextafter(middle, inf), high, lost, won)
        if len(self.low) > self.most:
            self._merge()
