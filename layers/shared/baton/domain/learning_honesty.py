"""Fields that predict too well to be honest: most likely they were filled in after the outcome was known.

How much a field explains is measured as in A. P. Dawid, Statistical theory: the prequential approach (JRSS A 147,
1984): each outcome is predicted from that field alone before it is counted, so that a field whose values never repeat
explains nothing, however many there are.
"""

from math import inf, lgamma, log, sqrt
from typing import Final

EXPLAINS_TOO_MUCH: Final = 0.45
"""The part of all uncertainty that one field may take away by itself. Answers known at intake are far below it."""
LEAST_OF_EACH: Final = 20
"""How many outcomes must be of each kind before it is measured what a field explains, and again when it is judged."""
LEAST_PRESENT: Final = 30
"""Leads with a field before it can be left out because nearly all of them ended alike."""
EXCEPTIONS: Final = 0.01
"""The part of the leads with a field that may have ended otherwise."""
BY_CHANCE: Final = log(1e-6)
"""Log of the probability with which an honest field may look like that."""


def explains_too_much(saved: float, uncertainty: float, measured: tuple[float, float]) -> bool:
    """Whether a field saved too large a part of the loss (both in nats, summed over the measured outcomes)."""
    if min(measured) < LEAST_OF_EACH:
        return False
    chance = 1 / sqrt(sum(measured))
    return saved >= (EXPLAINS_TOO_MUCH + chance) * uncertainty


def ends_alike(lost: float, won: float) -> bool:
    """Whether nearly all of these leads ended in one way."""
    return min(lost, won) <= EXCEPTIONS * (lost + won)


def tells_by_being_there(present: tuple[float, float], totals: tuple[float, float]) -> bool:
    """Whether leads with a field nearly all end alike although others do not; all counts are (lost, won) outcomes."""
    leads, everybody = sum(present), sum(totals)
    if leads < LEAST_PRESENT or not ends_alike(*present):
        return False
    ended = int(present[1] > present[0])
    exceptions = present[1 - ended]
    return _log_chance(leads, exceptions, totals[ended] / everybody) < BY_CHANCE


def _log_chance(leads: float, exceptions: float, rate: float) -> float:
    """Log of the binomial probability of this many exceptions."""
    if not 0 < rate < 1:
        return inf
    ways = lgamma(leads + 1) - lgamma(exceptions + 1) - lgamma(leads - exceptions + 1)
    return ways + (leads - exceptions) * log(rate) + exceptions * log(1 - rate)


def loss(rate: float, won: bool) -> float:
    """Surprise at an outcome that was predicted with this probability, in nats."""
    return -log(rate if won else 1 - rate)
