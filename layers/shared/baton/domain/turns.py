"""Whose turn it is: one mechanism for equal turns and for weights, over whatever subset is eligible now.

Of the members whose next turn has begun, the one whose turn is due first (R. Tijdeman, The chairman assignment
problem, 1980; known from scheduling as EEVDF, WF2Q and Pfair). Member i with weight w of W in all has its turn
number x + 1 between the moments x * W / w and (x + 1) * W / w, counted in leads of the pool. With a constant
eligible set every member is, after every lead, less than one lead off its exact share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from baton.domain.standing import Turn

MISSED: Final = 2
"""Turns that somebody who is there cannot miss: with a constant eligible set it is always less (proved by test)."""
MISSED_AT_ONCE: Final = 6
"""Turns that somebody who is there cannot miss even while 64 leads at a time decide on the same standings (measured).

Fewer than these, in less than AWAY_AFTER, are the noise of leads that decided at the same moment. They must be
made up: forgotten, they would add up.
"""
AWAY_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Entrant:
    """One eligible member, as the rule sees it."""

    weight: int
    turn: Turn


@dataclass(frozen=True, slots=True)
class Place:
    """A member's place in the order, and the numbers that put it there."""

    recipient_id: str
    weight: int
    turns: int
    """Position from which the turn is taken: the turns of the standing, or more for somebody who was away."""
    begun: bool
    due: float
    """When the member's next turn is due, in leads of the eligible members together."""
    level: float
    """How far everybody is once this turn is taken, in turns per weight."""


def in_turn(entrants: Sequence[Entrant], catch_up: int, now: datetime) -> list[Place]:
    """All entrants, the one whose turn it is first.

    Ties go to the one assigned least recently, then by id, so that equal input gives equal output.
    """
    if not entrants:
        return []
    level = _level(entrants)
    oldest = min((e.turn.last_at for e in entrants if e.turn.last_at), default=None)
    turns = [_position(e, level, catch_up, oldest, now) for e in entrants]
    all_weights, all_turns = sum(e.weight for e in entrants), sum(turns)
    order = sorted(
        (
            x * all_weights >= (all_turns + 1) * e.weight,
            (x + 1) / e.weight,
            _when(e),
            e.turn.recipient_id,
            x,
            e.weight,
        )
        for e, x in zip(entrants, turns, strict=True)
    )
    reached = level[0] / level[1]
    return [
        Place(who, weight, x, not early, (x + 1) * all_weights / weight, max(reached, x / weight))
        for early, _, _, who, x, weight in order
    ]


def _level(entrants: Sequence[Entrant]) -> tuple[int, int]:
    """How far the others are: the latest beginning of a turn that was taken, in turns per weight (as a ratio)."""
    top, per = entrants[0].turn.turns - 1, entrants[0].weight
    for e in entrants:
        if (e.turn.turns - 1) * per > top * e.weight:
            top, per = e.turn.turns - 1, e.weight
    return top, per


def _position(
    entrant: Entrant, level: tuple[int, int], catch_up: int, oldest: datetime | None, now: datetime
) -> int:
    """The turns that count for a member: its own; for one who was away, is new or was reweighted at least the others'.

    Raised to the level, less `catch_up`, such a member is owed less than one turn more than the pool allows.
    """
    if not _was_away(entrant, level[0] / level[1], oldest, now):
        return entrant.turn.turns
    return max(entrant.turn.turns, entrant.weight * level[0] // level[1] - catch_up)


def _was_away(entrant: Entrant, level: float, oldest: datetime | None, now: datetime) -> bool:
    """Whether the others went on without the member. A newcomer counts as away since `oldest`, the oldest last turn."""
    turn = entrant.turn
    if turn.last_at and turn.weight != entrant.weight:
        return True
    missed, since = entrant.weight * (level - turn.level), turn.last_at or oldest
    return missed >= MISSED_AT_ONCE or (missed >= MISSED and since is not None and now - since >= AWAY_AFTER)


def _when(entrant: Entrant) -> float:
    return entrant.turn.last_at.timestamp() if entrant.turn.last_at else 0.0
