"""Whose turn it is: one mechanism for equal turns and for weights, over whatever subset is eligible now.

Of the members whose next turn has begun, the one whose turn is due first (R. Tijdeman, The chairman assignment
problem, 1980; known from scheduling as EEVDF, WF2Q and Pfair). Member i with weight w of W in all has its turn
number x + 1 between the moments x * W / w and (x + 1) * W / w, counted in leads of the pool. With a constant
eligible set every member is, after every lead, less than one lead off its exact share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entrant:
    """One eligible member, as the rule sees it."""

    recipient_id: str
    weight: int
    turns: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class InTurn:
    """A member's place in the order, and the numbers that put it there."""

    recipient_id: str
    turns: int
    """Position from which the turn is taken: the turns of the standing, or more for somebody who was away."""
    begun: bool
    due: float
    """When the member's next turn is due, in leads of the eligible members together."""


def in_turn(entrants: Sequence[Entrant], catch_up: int) -> list[InTurn]:
    """All entrants, the one whose turn it is first.

    Ties go to the one assigned least recently, then by id, so that equal input gives equal output.
    """
    if not entrants:
        return []
    level = _level(entrants)
    turns = [max(e.turns, _floor_mul(level, e.weight) - catch_up) for e in entrants]
    all_weights, all_turns = sum(e.weight for e in entrants), sum(turns)
    order = sorted(
        (
            x * all_weights >= (all_turns + 1) * e.weight,
            (x + 1) / e.weight,
            _when(e),
            e.recipient_id,
            x,
            e.weight,
        )
        for e, x in zip(entrants, turns, strict=True)
    )
    return [
        InTurn(recipient_id=who, turns=x, begun=not early, due=(x + 1) * all_weights / weight)
        for early, _, _, who, x, weight in order
    ]


def _level(entrants: Sequence[Entrant]) -> tuple[int, int]:
    """How far the others are: the latest beginning of a turn that was taken, in turns per weight (as a ratio).

    Whoever has been there all along is never behind it by a whole turn; so raising everybody to it changes
    nothing for them, and leaves no more than `catch_up` turns to somebody who was away, is new or was reweighted.
    """
    top, per = entrants[0].turns - 1, entrants[0].weight
    for e in entrants:
        if (e.turns - 1) * per > top * e.weight:
            top, per = e.turns - 1, e.weight
    return top, per


def _floor_mul(ratio: tuple[int, int], weight: int) -> int:
    return weight * ratio[0] // ratio[1]


def _when(entrant: Entrant) -> float:
    return entrant.last_at.timestamp() if entrant.last_at else 0.0
