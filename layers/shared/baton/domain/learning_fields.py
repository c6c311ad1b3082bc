"""All fields that a learner learns from: which have a place, what each says of a lead, and which are left out.

However many fields and values there are, the number of what is kept of them is limited.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any, Final

from baton.domain import learning_honesty as honesty
from baton.domain.learning_field import Field
from baton.domain.learning_prediction import Facts, Reason, Settings, is_under
from baton.domain.learning_values import Number, Seen, Word, seen
from baton.domain.learning_weights import probability

MAX_FIELDS: Final = 48
MAX_PATH: Final = 80
"""Bytes of a field's path; longer ones, and such with control characters, are not learned from."""
MAX_CELLS: Final = 600
"""Words and ranges of all fields together."""
MAX_WAITING: Final = 16
"""Fields for which there is no room, of which it is known how often they come."""
IGNORED: Final = "is to be ignored"
PROBATION: Final = 100
"""Outcomes after which a field may lose its place, and leads that another must have come with to get it."""
USELESS: Final = 0.002
"""A field that explains less than this part of all outcomes may lose its place."""


@dataclass(slots=True)
class Known:
    """A field, its place among the weights, how much loss it alone would have saved, and why it is left out."""

    tally: Field
    at: int
    saved: float = 0.0
    why_not: str = ""
    of_value: dict[object, Reason] = field(default_factory=dict)
    of_place: dict[int, Reason] = field(default_factory=dict)
    """What its values, and places among its ranges, add to a prediction, until something is learned."""


class Fields:
    """Fields by path, and all outcomes (lost, won), in units: the weight of a new outcome."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.known: dict[str, Known] = {}
        self.totals = [0.0, 0.0]
        self.unit = 1.0
        self._uncertainty = 0.0
        self._measured = [0.0, 0.0]
        """Outcomes of which it is known how much each field would have explained."""
        self._waiting: dict[str, float] = {}

    @property
    def base(self) -> float:
        """Log-odds of conversion over all leads, credited with one outcome of each kind."""
        return log((self.totals[1] + self.unit) / (self.totals[0] + self.unit))

    def read(self, facts: Facts) -> tuple[dict[str, Seen], list[int]]:
        """The facts that are learned from, and the places among the weights that are new or have a new field."""
        values: dict[str, Seen] = {}
        taken = []
        for path in sorted(facts):
            if not _is_usable(path) or is_under(path, self.settings.ignore):
                continue
            value = seen(facts[path])
            if value is None:
                continue
            if path not in self.known:
                at = self._admit(path)
                if at is None:
                    continue
                taken.append(at)
            values[path] = value
        return values, taken

    def evidence(self, values: Mapping[str, Seen], converted: bool) -> list[float]:
        """What each field says of a lead, 1 first for the base; books how much each would explain alone."""
        inputs = [1.0] * (len(self.known) + 1)
        base = self.base
        surprise = honesty.loss(probability(base), converted)
        # While nearly all outcomes are alike, being bolder than the base looks like knowing more.
        weight = self.unit if min(self.totals) >= honesty.LEAST_OF_EACH * self.unit else 0.0
        self._uncertainty += surprise * weight
        self._measured[converted] += weight
        for path, known in self.known.items():
            strength = known.tally.evidence(values.get(path), self.totals, self.unit)
            inputs[known.at] = 0.0 if known.why_not else strength
            known.saved += (surprise - honesty.loss(probability(base + strength), converted)) * weight
        return inputs

    def count(self, values: Mapping[str, Seen], converted: bool, sign: int = 1) -> None:
        """Count a lead's outcome in all its fields, or take it back with a sign of -1."""
        amount = sign * self.unit
        for path, value in values.items():
            if path in self.known:
                self.known[path].tally.add(value, *((0.0, amount) if converted else (amount, 0.0)))
        self.totals[converted] = max(0.0, self.totals[converted] + amount)
        tallies = [known.tally for known in self.known.values()]
        for _ in range(sum(map(len, tallies)) - MAX_CELLS):
            largest = max(tallies, key=len)
            largest.shrink(len(largest) - 1)
        for known in self.known.values():
            known.of_value.clear()
            known.of_place.clear()

    def find_leaks(self) -> bool:
        """Leave out fields that predict too well to be honest; whether there are new ones."""
        found = False
        for path, known in self.known.items():
            if not known.why_not and not is_under(path, self.settings.trusted):
                known.why_not = self._why_not(known)
                found = found or bool(known.why_not)
        return found

    def follow(self, settings: Settings) -> None:
        """Take up other settings: fields that are trusted now have a part again, those to be ignored have none."""
        self.settings = settings
        for path, known in self.known.items():
            ignored, trusted = is_under(path, settings.ignore), is_under(path, settings.trusted)
            if ignored:
                known.why_not = IGNORED
            elif trusted or known.why_not == IGNORED:
                known.why_not = ""
            known.of_value.clear()
            known.of_place.clear()

    def rescale(self) -> None:
        """Let a new outcome weigh 1."""
        if self.unit == 1.0:
            return
        factor = 1 / self.unit
        self.totals = [factor * total for total in self.totals]
        self._uncertainty *= factor
        self._measured = [factor * count for count in self._measured]
        self._waiting = {path: factor * often for path, often in self._waiting.items()}
        for known in self.known.values():
            known.saved *= factor
            known.tally.scale(factor)
        self.unit = 1.0

    def as_json(self) -> dict[str, Any]:
        """The fields as plain values, in the order of their places."""
        self.rescale()
        known = {
            path: {"saved": short(known.saved), "why_not": known.why_not, **known.tally.as_json()}
            for path, known in self.known.items()
        }
        return {
            "totals": [short(total) for total in self.totals],
            "uncertainty": short(self._uncertainty),
            "measured": [short(count) for count in self._measured],
            "waiting": {path: short(often) for path, often in self._waiting.items()},
            "known": known,
        }

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take up what `as_json` gave."""
        self.totals = [float(total) for total in kept["totals"]]
        self._uncertainty = kept["uncertainty"]
        self._measured = [float(count) for count in kept["measured"]]
        self._waiting = dict(kept["waiting"])
        for at, (path, known) in enumerate(kept["known"].items(), start=1):
            self.known[path] = Known(Field.from_json(known), at, known["saved"], known["why_not"])

    def _admit(self, path: str) -> int | None:
        """A place for a field; where there is none, only one that another has had in vain."""
        if len(self.known) < MAX_FIELDS:
            at = len(self.known) + 1
            self.known[path] = Known(Field(), at)
            return at
        often = self._waiting.get(path, 0.0) + self.unit
        if often >= PROBATION * self.unit and (useless := self._most_useless()):
            at = self.known.pop(useless).at
            self._waiting.pop(path, None)
            self.known[path] = Known(Field(since=(self.totals[0], self.totals[1])), at)
            self.known = dict(sorted(self.known.items(), key=lambda item: item[1].at))
            return at
        if path in self._waiting or len(self._waiting) < MAX_WAITING:
            self._waiting[path] = often
        else:
            less = {name: count - self.unit for name, count in self._waiting.items()}
            self._waiting = {name: count for name, count in less.items() if count > 0}
        return None

    def _most_useless(self) -> str | None:
        """The field that has explained least, if that is next to nothing; one that is left out stays known as such."""
        enough = sum(self.totals) - PROBATION * self.unit
        old = [
            path
            for path, known in self.known.items()
            if sum(known.tally.since) <= enough and not known.why_not
        ]
        least = min(old, key=lambda path: self.known[path].saved, default=None)
        useless = least is not None and self.known[least].saved < USELESS * self._uncertainty
        return least if useless else None

    def _why_not(self, known: Known) -> str:
        unit = self.unit
        measured = (self._measured[0] / unit, self._measured[1] / unit)
        if honesty.explains_too_much(known.saved / unit, self._uncertainty / unit, measured):
            return f"explains {known.saved / self._uncertainty:.0%} of all outcomes by itself"
        lost, won = known.tally.present
        if honesty.ends_alike(lost, won):
            everybody = (total - since for total, since in zip(self.totals, known.tally.since, strict=True))
            all_lost, all_won = (count / unit for count in everybody)
            if honesty.tells_by_being_there((lost / unit, won / unit), (all_lost, all_won)):
                return f"is there only in leads that {'converted' if won > lost else 'were lost'}"
        return ""


def _is_usable(path: str) -> bool:
    return path.isprintable() and len(path.encode()) <= MAX_PATH


def in_words(tally: Field, value: Seen) -> str:
    """The value, or the range that it falls into, for people."""
    match value:
        case None:
            return "(none)"
        case Word():
            return value.text
        case Number(number, True):
            return f"text of {_range(tally, number)} characters"
        case Number():
            return _range(tally, value.value)
        case _:
            return ", ".join(_texts(value)) or "(empty)"


def short(number: float) -> float:
    """Six significant digits."""
    return float(f"{number:.6g}")


def _texts(words: Sequence[Word]) -> Iterator[str]:
    return (element.text for element in words)


def _range(tally: Field, value: float) -> str:
    return tally.ranges.in_words(tally.ranges.place(value)) if tally.ranges else f"{value:g}"
