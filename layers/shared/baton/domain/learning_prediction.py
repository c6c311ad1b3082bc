"""What goes into a learner and what comes out: settings, facts, and predictions with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

type Facts = Mapping[str, object]
"""What is known of a lead at intake: plain values by dotted path."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a learner learns. The defaults are meant to be left alone."""

    memory: int = 2000
    """How many of the newest outcomes decide, about, how much each field counts."""
    half_life: int | None = None
    """After how many outcomes one counts half in the fields' evidence; None: always in full."""
    least_outcomes: int = 100
    """Outcomes before the learner's predictions are to be used."""
    least_of_each: int = 20
    """How many of these must be converted, and how many lost."""
    ignore: tuple[str, ...] = ()
    """Paths, with all below them, that are never learned from."""
    trusted: tuple[str, ...] = ()
    """Paths that are learned from although they predict too well to be honest: somebody knows that they are."""


class Reason(NamedTuple):
    """One field's part in a prediction."""

    field: str
    value: str
    """The lead's answer, or the range that it falls into. Of the person, so not for logs."""
    log_odds: float
    """What the value adds to the log-odds of conversion; negative speaks against it."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """How likely a lead is to convert. `base` and the reasons' log-odds sum to the log-odds of `probability`."""

    probability: float
    base: float
    """Log-odds of a lead about which no field says anything."""
    reasons: tuple[Reason, ...]
    """The weightiest first."""
    enough: bool
    """Whether the learner has seen enough outcomes for this to be used."""
    outcomes: int


def is_under(path: str, roots: tuple[str, ...]) -> bool:
    """Whether a path is one of these, or below one."""
    return any(path == root or path.startswith(f"{root}.") for root in roots)
