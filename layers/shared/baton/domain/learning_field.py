"""One field's outcomes by value, and how much a value speaks for conversion.

How much is a log-odds ratio: the log-odds of conversion with this value over those of all leads (the weight of
evidence of credit scorecards; I. J. Good, Probability and the weighing of evidence, 1950). Rates of rare values are
drawn towards those of rarer ones, and these towards the rate of all (as in D. Micci-Barreca, A preprocessing scheme for
high-cardinality categorical attributes, SIGKDD Explorations 3, 2001). Which words have a place of their own is decided
by Space-Saving (A. Metwally, D. Agrawal and A. El Abbadi, ICDT 2005): of a field's words, however many, those that make
more than 1/places of its leads keep theirs.
"""

from collections.abc import Mapping
from math import log
from typing import Any, Final

from baton.domain.learning_ranges import Ranges
from baton.domain.learning_values import Number, Seen, Word

PLACES: Final = 40
"""Words and ranges that a field has at most."""
RANGES_OF_PLACES: Final = 0.6
"""The part of the places that ranges may have."""
CREDIT: Final = 10.0
"""Outcomes at the wider rate that every value is credited with."""
STRONGEST: Final = 4.0
"""Log-odds that a value speaks for or against conversion at most: one field alone never decides."""


class Field:
    """Outcomes (lost, won) of all leads with the field, by word and by range of numbers.

    Amounts are in units: an outcome's weight, which grows where a learner forgets. `since` are all outcomes before the
    field was known, `new` those of words that were met for the first time.
    """

    __slots__ = ("lists", "new", "places", "present", "ranges", "since", "words")

    def __init__(self, places: int = PLACES, since: tuple[float, float] = (0.0, 0.0)) -> None:
        self.places = places
        self.since = list(since)
        self.present = [0.0, 0.0]
        self.new = [0.0, 0.0]
        self.words: dict[str, list[float]] = {}
        """By key: lost, won, head start."""
        self.ranges = Ranges(int(RANGES_OF_PLACES * places))
        self.lists = False

    def __len__(self) -> int:
        return len(self.words) + len(self.ranges)

    def evidence(self, value: Seen, totals: list[float], unit: float) -> float:
        """Log-odds by which the value speaks for conversion (negative: against it); `totals` are of all leads."""
        base = _rate(totals, 0.5, 2 * unit)
        if isinstance(value, tuple) and not isinstance(value, Word | Number):
            if not self.lists:
                return self._strength(_rate(self.new, base, CREDIT * unit), base)
            return self._evidence_of_list(value, totals, unit)
        return self._strength(self.rate(value, base, totals, unit), base)

    def rate(self, value: Seen, base: float, totals: list[float], unit: float) -> float:
        """Conversion of leads with this value."""
        credit = CREDIT * unit
        if isinstance(value, Number):
            return self.ranges.rate(self.ranges.at(value.value), base, credit) if self.ranges else base
        if isinstance(value, Word):
            unknown = _rate(self.new, base, credit)
            known = self.words.get(value.key)
            return _rate(known, unknown, credit) if known else unknown
        absent = [totals[k] - self.since[k] - self.present[k] for k in (0, 1)]
        return _rate([max(0.0, count) for count in absent], base, credit)

    def add(self, value: Seen, lost: float, won: float) -> None:
        """Count an outcome; negative amounts take an earlier one back, as far as it is still there."""
        if value is None:
            return
        _add(self.present, lost, won)
        if isinstance(value, Number):
            self.ranges.add(value.value, lost, won)
            self._make_room(0)
        elif isinstance(value, Word):
            self._add_word(value, lost, won)
        else:
            self.lists = True
            for element in value:
                self._add_word(element, lost, won)

    def shrink(self, places: int) -> None:
        """Have at most this many places from now on."""
        if places < self.places:
            self.places = places
            self.ranges.shrink(int(RANGES_OF_PLACES * places))
            self._make_room(0)

    def scale(self, factor: float) -> None:
        """Multiply all counts."""
        self.ranges.scale(factor)
        for counts in (self.since, self.present, self.new):
            counts[:] = [factor * count for count in counts]
        for known in self.words.values():
            known[:] = [factor * count for count in known]

    def as_json(self) -> dict[str, Any]:
        """The field as plain values."""
        counts = {"since": self.since, "present": self.present, "new": self.new}
        kept = {name: [_short(count) for count in both] for name, both in counts.items()}
        words = {key: [*map(_short, known)] for key, known in self.words.items()}
        ranges = [[*row[:2], *map(_short, row[2:])] for row in self.ranges.rows()]
        return {"places": self.places, "lists": self.lists, **kept, "words": words, "ranges": ranges}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Field":
        """The field that `as_json` gave."""
        field = cls(kept["places"], kept["since"])
        field.lists = kept["lists"]
        field.present, field.new = list(kept["present"]), list(kept["new"])
        field.words = {key: list(known) for key, known in kept["words"].items()}
        field.ranges = Ranges(field.ranges.most, kept["ranges"])
        return field

    def _evidence_of_list(self, words: tuple[Word, ...], totals: list[float], unit: float) -> float:
        """The sum over all known words, of their being there or not: naive Bayes with Bernoulli features."""
        base = _rate(totals, 0.5, 2 * unit)
        inside = _rate(self.present, base, CREDIT * unit)
        strength = self._strength(inside, base)
        there = {element.key for element in words}
        for key, known in self.words.items():
            if key in there:
                rate = _rate(known, inside, CREDIT * unit)
            else:
                others = [max(0.0, self.present[k] - known[k]) for k in (0, 1)]
                rate = _rate(others, inside, CREDIT * unit)
            strength += _log_odds(rate) - _log_odds(inside)
        return max(-STRONGEST, min(STRONGEST, strength))

    def _strength(self, rate: float, base: float) -> float:
        return max(-STRONGEST, min(STRONGEST, _log_odds(rate) - _log_odds(base)))

    def _add_word(self, word: Word, lost: float, won: float) -> None:
        known = self.words.get(word.key)
        if known is None:
            if lost < 0 or won < 0:
                return
            _add(self.new, lost, won)
            head_start = self._make_room(1)
            known = self.words[word.key] = [0.0, 0.0, head_start]
        _add(known, lost, won)

    def _make_room(self, wanted: int) -> float:
        """Let rare words go until there is room; the weight of the last one, which its successor starts with."""
        weight = 0.0
        while self.words and len(self) + wanted > self.places:
            rarest = min(self.words, key=lambda key: sum(self.words[key]))
            weight = sum(self.words.pop(rarest))
        return weight


def _rate(counts: list[Any], base: float, credit: float) -> float:
    return float((counts[1] + credit * base) / (counts[0] + counts[1] + credit))


def _log_odds(rate: float) -> float:
    return log(rate / (1 - rate))


def _add(counts: list[Any], lost: float, won: float) -> None:
    counts[0] = max(0.0, counts[0] + lost)
    counts[1] = max(0.0, counts[1] + won)


def _short(count: float) -> float:
    """Six significant digits, and no fraction where there is none."""
    rounded = float(f"{count:.6g}")
    return int(rounded) if rounded.is_integer() else rounded
