"""A score that learns from outcomes: the probability that a lead converts, from what is known when it comes in.

Two layers, both of which learn from one outcome at a time and keep no leads. Each field turns its value into a weight
of evidence (`learning_field`); a Bayesian logistic regression over the fields says how much each of these counts beside
the others (`learning_weights`). An outcome is first predicted and learned from, and only then counted, so that no lead
is ever part of its own evidence (ordered target statistics: L. Prokhorenkova et al., CatBoost, NeurIPS 2018). The
prediction is a sum, so that its reasons are its parts. Nothing is random and nothing depends on a clock.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from baton.domain.learning_fields import Fields, Known, in_words, short
from baton.domain.learning_prediction import Facts, Prediction, Reason, Settings
from baton.domain.learning_values import Number, seen
from baton.domain.learning_weights import Weights, probability

MAX_MEMO: Final = 256
"""Values of a field whose part in a prediction is remembered until something is learned."""
LARGEST_UNIT: Final = 1e3
DEFAULTS: Final = Settings()
"""Meant to suit every campaign."""


class Learner:
    """One campaign's learned score: a document of bounded size that `learn` changes in place (`copy` beforehand)."""

    def __init__(self, settings: Settings = DEFAULTS) -> None:
        self.settings = settings
        self.lost = 0
        self.won = 0
        self._fields = Fields(settings)
        self._weights = Weights(settings.memory)

    @property
    def outcomes(self) -> int:
        """How many outcomes were learned from."""
        return self.lost + self.won

    @property
    def enough(self) -> bool:
        """Whether predictions are to be used."""
        fewer = min(self.lost, self.won)
        return self.outcomes >= self.settings.least_outcomes and fewer >= self.settings.least_of_each

    @property
    def left_out(self) -> dict[str, str]:
        """Fields that have no part in predictions, each with why: most predict too well to be honest."""
        return {path: known.why_not for path, known in self._fields.known.items() if known.why_not}

    def predict(self, facts: Facts) -> Prediction:
        """How likely a lead with these facts is to convert, and why."""
        total = base = self._fields.base + self._weights.mean[0]
        reasons = []
        for path, known in self._fields.known.items():
            if known.why_not:
                continue
            value = facts.get(path)
            kind = type(value)
            if kind is float or kind is int:
                # Numbers seldom repeat, their places among the ranges do.
                reason = known.of_place.get(known.tally.ranges.place(value))  # type: ignore[arg-type]
            else:
                # True is 1 to a dictionary, and a list is nothing to it.
                reason = known.of_value.get(value if kind is str or value is None else (repr(value),))
            if reason is None:
                reason = self._reason(path, known, value)
            total += reason.log_odds
            reasons.append(reason)
        reasons.sort(key=_weight, reverse=True)
        return Prediction(probability(total), base, tuple(reasons), self.enough, self.outcomes)

    def learn(self, facts: Facts, converted: bool, *, was: bool | None = None) -> None:
        """Learn what became of a lead, from the facts that were known when it came in.

        `was` is what had been learned of the same lead before, where its outcome changed. That is taken out of the
        fields' counts, as far as its values still have their places; how much the fields count is only corrected by
        the new outcome, which comes on top.
        """
        if was is converted:
            return
        if was is not None:
            self.take_back(facts, was)
        self._let_fade()
        values, taken = self._fields.read(facts)
        for at in taken:
            self._weights.begin(at)
        self._weights.learn(self._fields.evidence(values, converted), self._fields.base, float(converted))
        self._fields.count(values, converted)
        self.won += converted
        self.lost += not converted
        if self._fields.find_leaks():
            # The others' weights were learned beside fields that left little to explain.
            for known in self._fields.known.values():
                self._weights.begin(known.at)

    def take_back(self, facts: Facts, was: bool) -> None:
        """Take an outcome that was learned out of the counts; what it did to the fields' weights fades by itself."""
        values = {path: seen(facts[path]) for path in facts if path in self._fields.known}
        self._fields.count(values, was, sign=-1)
        self.won = max(0, self.won - was)
        self.lost = max(0, self.lost - (not was))

    def follow(self, settings: Settings) -> None:
        """Go on with other settings: what was learned stays."""
        self.settings = settings
        self._fields.follow(settings)
        self._weights.remember(settings.memory)

    def copy(self) -> "Learner":
        """Another learner that knows the same."""
        return Learner.from_json(self.to_json())

    def to_json(self) -> str:
        """The learner as JSON text: everything that it knows, under 60 KB."""
        return json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":"))

    def as_json(self) -> dict[str, Any]:
        """The learner as plain values."""
        return {
            "settings": {name: getattr(self.settings, name) for name in Settings.__slots__},
            "outcomes": [self.lost, self.won],
            "mean": [short(mean) for mean in self._weights.mean],
            "covariance": self._weights.triangle(),
            "fields": self._fields.as_json(),
        }

    @classmethod
    def from_json(cls, text: str) -> "Learner":
        """The learner that `to_json` gave."""
        return cls.of(json.loads(text))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Learner":
        """The learner that `as_json` gave."""
        paths = {name: tuple(kept["settings"][name]) for name in ("ignore", "trusted")}
        learner = cls(Settings(**{**kept["settings"], **paths}))
        learner.lost, learner.won = kept["outcomes"]
        learner._weights.restore(kept["mean"], kept["covariance"])
        learner._fields.restore(kept["fields"])
        return learner

    def _reason(self, path: str, known: Known, value: object) -> Reason:
        met, tally = seen(value), known.tally
        evidence = tally.evidence(met, self._fields.totals, self._fields.unit)
        reason = Reason(path, in_words(tally, met), self._weights.mean[known.at] * evidence)
        if type(value) is float or type(value) is int:
            if isinstance(met, Number) and tally.ranges:
                known.of_place[tally.ranges.place(met.value)] = reason
        else:
            if len(known.of_value) >= MAX_MEMO:
                known.of_value.clear()
            known.of_value[value if isinstance(value, str) or value is None else (repr(value),)] = reason
        return reason

    def _let_fade(self) -> None:
        """Let a new outcome weigh more than those before it, which is to let these fade."""
        if self.settings.half_life:
            self._fields.unit *= 2 ** (1 / self.settings.half_life)
            if self._fields.unit > LARGEST_UNIT:
                self._fields.rescale()


def _weight(reason: Reason) -> float:
    return abs(reason.log_odds)
