"""A campaign's learned score: a champion that is used, a challenger beside it, and how good they and the rules are.

All three are judged on the same leads. Who is used is a person's decision; `standing` says what speaks for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from baton.domain.learning import DEFAULTS, Learner
from baton.domain.learning_comparison import Comparison
from baton.domain.learning_evaluation import Evaluation, squared_error
from baton.domain.learning_points import PointsRate
from baton.domain.learning_prediction import Facts, Prediction, Settings

CHALLENGER_MEMORY: Final = 500
"""The challenger lives more in the present: a quarter of the champion's memory."""
CHALLENGER_HALF_LIFE: Final = 1000
LEAST_COMPARED: Final = 200
"""Leads that a comparison needs."""
LEAST_OF_EACH: Final = 20
"""How many of these must have converted, and how many not; faded ones count in part."""
SURE: Final = 2.0
"""Standard errors by which one has to be ahead: by chance alone that happens once in forty times."""


class Scorer(StrEnum):
    """What can rate a lead."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    RULES = "rules"


class Why(StrEnum):
    """Why a challenger should be promoted or not."""

    TOO_FEW = "too few leads to compare"
    NOT_SURE = "no sure difference"
    WORSE = "the challenger is worse"
    BETTER = "the challenger is better"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who leads, and whether the challenger should become the champion."""

    leader: Scorer
    """Who has the best Brier score; the rules while no learner has seen enough, and where they are surely better."""
    promote: bool
    why: Why
    compared: int
    """Leads on which both learners were judged."""
    sureness: float
    """How many standard errors the challenger is ahead of the champion; negative where it is behind."""


class LearnedScore:
    """All that a campaign has learned, in one document under 150 KB that `learn` changes in place."""

    def __init__(self, settings: Settings = DEFAULTS) -> None:
        self.champion = Learner(settings)
        self.challenger = Learner(replace(settings, memory=CHALLENGER_MEMORY, half_life=CHALLENGER_HALF_LIFE))
        self.evaluations = {scorer: Evaluation() for scorer in Scorer}
        self.points = PointsRate()
        self._learners = Comparison()
        self._rules = Comparison()

    def predict(self, facts: Facts) -> Prediction:
        """What the champion says."""
        return self.champion.predict(facts)

    def learn(
        self,
        facts: Facts,
        converted: bool,
        *,
        points: float | None = None,
        given: Mapping[Scorer, float] | None = None,
        was: bool | None = None,
    ) -> None:
        """Learn what became of a lead, after judging what is said, or was `given` at intake, of it.

        `points` are the rules' ones, where it has any; `was` is the outcome that had been learned of it before. Such a
        lead is judged anew, and compared once only.
        """
        if was is converted:
            return
        # What a learner says now of a lead that it has learned of would be hindsight.
        said = {**(self._said(facts, points) if was is None else {}), **(given or {})}
        if self.champion.enough and self.challenger.enough:
            for scorer, probability in said.items():
                self.evaluations[scorer].count(probability, converted, was=was)
            if was is None:
                self._compare({scorer: squared_error(one, converted) for scorer, one in said.items()})
        self.champion.learn(facts, converted, was=was)
        self.challenger.learn(facts, converted, was=was)
        if points is not None:
            self.points.learn(points, converted, was=was)

    def follow(self, *, ignore: tuple[str, ...] = (), trusted: tuple[str, ...] = ()) -> None:
        """Ignore, and trust, the fields at these paths from now on."""
        for learner in (self.champion, self.challenger):
            learner.follow(replace(learner.settings, ignore=ignore, trusted=trusted))

    def promote(self) -> None:
        """Let champion and challenger change places, with what is known of each."""
        self.champion, self.challenger = self.challenger, self.champion
        champion, challenger = Scorer.CHAMPION, Scorer.CHALLENGER
        marks = self.evaluations
        marks[champion], marks[challenger] = marks[challenger], marks[champion]
        # Both comparisons were with the one that was champion.
        self._learners, self._rules = Comparison(), Comparison()

    def copy(self) -> "LearnedScore":
        """Another one that knows the same."""
        return LearnedScore.from_json(self.to_json())

    def to_json(self) -> str:
        """Everything as JSON text."""
        kept = {
            "champion": self.champion.as_json(),
            "challenger": self.challenger.as_json(),
            "evaluations": {scorer.value: one.as_json() for scorer, one in self.evaluations.items()},
            "points": self.points.as_json(),
            "learners": self._learners.as_json(),
            "rules": self._rules.as_json(),
        }
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "LearnedScore":
        """What `to_json` gave."""
        kept: dict[str, Any] = json.loads(text)
        score = cls()
        score.champion, score.challenger = Learner.of(kept["champion"]), Learner.of(kept["challenger"])
        score.evaluations = {Scorer(name): Evaluation.of(one) for name, one in kept["evaluations"].items()}
        score.points = PointsRate.of(kept["points"])
        score._learners, score._rules = Comparison.of(kept["learners"]), Comparison.of(kept["rules"])
        return score

    def _said(self, facts: Facts, points: float | None) -> dict[Scorer, float]:
        said = {
            Scorer.CHAMPION: self.champion.predict(facts).probability,
            Scorer.CHALLENGER: self.challenger.predict(facts).probability,
        }
        return said if points is None else said | {Scorer.RULES: self.points.probability(points)}

    def _compare(self, errors: Mapping[Scorer, float]) -> None:
        self._learners.count(errors[Scorer.CHAMPION], errors[Scorer.CHALLENGER])
        if Scorer.RULES in errors:
            self._rules.count(errors[Scorer.CHAMPION], errors[Scorer.RULES])


def standing(score: LearnedScore) -> Standing:
    """Who leads, whether to promote the challenger, and why; a suggestion."""
    learners, rules = score._learners, score._rules
    sureness = learners.sureness
    why = _why(score, sureness)
    leader = Scorer.CHALLENGER if learners.difference > 0 else Scorer.CHAMPION
    if not score.champion.enough or (rules.leads >= LEAST_COMPARED and rules.sureness >= SURE):
        leader = Scorer.RULES
    return Standing(leader, why is Why.BETTER, why, learners.leads, sureness)


def _why(score: LearnedScore, sureness: float) -> Why:
    fewest = min(score.evaluations[Scorer.CHAMPION].outcomes)
    if score._learners.leads < LEAST_COMPARED or fewest < LEAST_OF_EACH:
        return Why.TOO_FEW
    if abs(sureness) < SURE:
        return Why.NOT_SURE
    return Why.BETTER if sureness > 0 else Why.WORSE
