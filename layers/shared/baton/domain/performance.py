"""Weights by performance: who makes more of a pool's leads gets more of them.

A member's conversion is estimated by the posterior mean of a beta-binomial model whose prior is the pool itself: each
member is credited with `prior_leads` leads at the pool's mean conversion, so that somebody with few leads stays near
the mean (empirical Bayes: B. Efron and C. Morris, Data analysis using Stein's estimator and its generalizations, JASA
70, 1975; C. N. Morris, Parametric empirical Bayes inference, JASA 78, 1983). Shares follow the estimates, above a floor
that everybody has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from baton.domain.pool import Performance
from baton.domain.standing import Turn

SCALE: Final = 10_000
"""Sum of all weights: hundredths of a percent are as fine as shares need to be."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a member made of its leads, and the weight that follows."""

    recipient_id: str
    leads: int
    conversions: int
    estimate: float
    """Conversion as estimated, from 0 to 1."""
    weight: int
    """Share of the pool's leads, in hundredths of a percent."""


def measured(
    turns: Mapping[str, Sequence[Turn]], weeks: frozenset[str], performance: Performance
) -> list[Measured]:
    """Weights for the members with these turns, in whatever queues, by recipient id, over these calendar weeks."""
    everybody = sorted(turns)
    leads = [sum(_count(turn.taken, weeks) for turn in turns[who]) for who in everybody]
    # More conversions than leads can only mean that leads were given back after they had converted.
    won = [sum(_count(turn.converted, weeks) for turn in turns[who]) for who in everybody]
    wins = [min(n, count) for n, count in zip(leads, won, strict=True)]
    mean, prior = sum(wins) / sum(leads) if sum(leads) else 0.0, performance.prior_leads
    estimates = [(n_won + prior * mean) / (n + prior) for n_won, n in zip(wins, leads, strict=True)]
    weights = _weights(estimates, performance.floor_percent / 100)
    rows = zip(everybody, leads, wins, estimates, weights, strict=True)
    return [Measured(*row) for row in rows]


def _weights(estimates: Sequence[float], floor: float) -> list[int]:
    """Shares in proportion to the estimates, none below the floor; equal ones where nothing has converted."""
    if not estimates:
        return []
    total, equal = sum(estimates), 1 / len(estimates)
    shares = [floor * equal + (1 - floor) * (estimate / total if total else equal) for estimate in estimates]
    return [max(1, round(SCALE * share)) for share in shares]


def _count(counts: Mapping[str, int], weeks: frozenset[str]) -> int:
    return sum(max(0, count) for week, count in counts.items() if week in weeks)
