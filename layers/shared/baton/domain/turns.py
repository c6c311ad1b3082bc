"""Whose turn it is: one mechanism for equal turns and for weights, over whatever subset is eligible now.

Of the members whose next turn has begun, the one whose turn is due first (R. Tijdeman, The chairman assignment
problem, 1980; known from scheduling as EEVDF, WF2Q and Pfair). Member i with weight w of W in all has its turn
number x + 1 between the moments x * W / w and (x + 1) * W / w, counted in leads of the pool. With a constant
eligible set every member is, after every lead, less than one lead off its exact share.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from baton.domain.standing import Turn

MISSED: Final = 2
"""Turns that somebody who is there cannot miss: with a constant eligible set it is always less (proved by test)."""
MISSED_AT_ONCE: Final = 12
"""Turns that somebody who is there does not miss even while 64 leads at a time decide on the same standings.

Simulated with 5 to 50 members, and claims that take from no time to six seconds: 7 at most. Fewer than these, in
less than AWAY_AFTER, are the noise of leads that decided at the same moment. They must be made up: forgotten, they
would add up.
"""
AWAY_AFTER: Final = timedelta(minutes=5)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Place(NamedTuple):
    """A member's place in the order, and the numbers that put it there."""

    recipient_id: str
    weight: int
    turns: float
    """Position from which the turn is taken: the turns of the standing, or more for somebody who was away."""
    begun: bool
    due: float
    """When the member's next turn is due, in leads of the eligible members together."""
    level: float
    """How far everybody is once this turn is taken, in turns per weight."""
    last_at: datetime | None = None
    """When the last turn was taken: of turns that are due together, the one longest ago decides."""
    rank: float | None = None
    """What the model goes by before the turn, where it does: the fewest first."""


def in_turn(
    turns: Sequence[Turn],
    weights: Sequence[int],
    catch_up: int,
    now: datetime,
    *,
    ranks: Sequence[float] | None = None,
    first: int | None = None,
) -> list[Place]:
    """The members of these turns and weights, the one whose turn it is first; at most `first` of them.

    `ranks` come before turns where a model has a preference of its own: the lowest is asked first. Ties go to the one
    assigned least recently, then by id, so that equal input gives equal output.
    """
    if not turns:
        return []
    level = _level(turns)
    reached = level[0] / level[1]
    positions = _positions(turns, weights, level, catch_up, now)
    all_weights = sum(weights)
    places: list[Place] = []
    for rank, begun, lane in _lanes(positions, weights, ranks):
        left = None if first is None else first - len(places)
        for due, _, who, n in _order(lane, turns, weights, positions, left):
            w, x = weights[n], positions[n]
            places.append(
                Place(who, w, x, begun, due * all_weights, max(reached, x / w), turns[n].last_at, rank)
            )
        if first is not None and len(places) >= first:
            break
    return places


def _lanes(
    positions: Sequence[float], weights: Sequence[int], ranks: Sequence[float] | None
) -> Iterator[tuple[float | None, bool, Sequence[int]]]:
    """The members in groups that follow one another: by rank, and those whose turn has begun before the others."""
    begun = _begun(positions, weights)
    if ranks is None:
        yield None, True, begun
    ready = set(begun)
    if ranks is None:
        yield None, False, [n for n in range(len(positions)) if n not in ready]
        return
    lanes: dict[tuple[float, bool], list[int]] = {}
    for n, rank in enumerate(ranks):
        lanes.setdefault((rank, n not in ready), []).append(n)
    for rank, late in sorted(lanes):
        yield rank, not late, lanes[rank, late]


def _begun(positions: Sequence[float], weights: Sequence[int]) -> list[int]:
    """The members whose next turn has begun: x / w of theirs is before the next lead's share of all weights."""
    all_weights, begins_by, w = sum(weights), sum(positions) + 1, weights[0]
    if weights.count(w) == len(weights):
        until = begins_by * w
        return [n for n, x in enumerate(positions) if x * all_weights < until]
    both = enumerate(zip(positions, weights, strict=True))
    return [n for n, (x, w) in both if x * all_weights < begins_by * w]


def _order(
    lane: Sequence[int],
    turns: Sequence[Turn],
    weights: Sequence[int],
    positions: Sequence[float],
    first: int | None,
) -> list[tuple[float, datetime, str, int]]:
    """When each one's turn is due, in turns per weight, and when the last was: at most the `first`, in order."""
    due = [(positions[n] + 1) / weights[n] for n in lane]
    if first is not None and len(due) > first:
        # Most of a large pool is not among them: cheaper to leave out than to compare in full.
        last = sorted(due)[first - 1]
        some = [(when, n) for when, n in zip(due, lane, strict=True) if when <= last]
    else:
        some = list(zip(due, lane, strict=True))
    return sorted([(when, turns[n].last_at or _NEVER, turns[n].recipient_id, n) for when, n in some])[:first]


def _level(turns: Sequence[Turn]) -> tuple[float, int]:
    """How far the others are: the latest beginning of a turn that was taken, in turns per weight (as a ratio)."""
    top, per = turns[0].turns - 1, turns[0].weight
    for turn in turns:
        if (turn.turns - 1) * per > top * turn.weight:
            top, per = turn.turns - 1, turn.weight
    return top, per


def _positions(
    turns: Sequence[Turn], weights: Sequence[int], level: tuple[float, int], catch_up: int, now: datetime
) -> list[float]:
    """The turns that count for each: its own; for who was away or is new at least the others'.

    Raised to the level, less `catch_up`, such a member is owed less than one turn more than the pool allows. Who has
    another weight now keeps what it was owed, in leads, and goes on from there by the new weight (as EEVDF does when
    weights change).
    """
    top, per = level
    reached = top / per
    positions = [turn.turns for turn in turns]
    doubtful = [
        n
        for n, (turn, w) in enumerate(zip(turns, weights, strict=True))
        if turn.last_at is None or turn.weight != w or w * (reached - turn.level) >= MISSED
    ]
    if doubtful:
        # A newcomer counts as away since the oldest of the last turns.
        oldest = min((turn.last_at for turn in turns if turn.last_at), default=None)
        for n in doubtful:
            turn, w = turns[n], weights[n]
            others = w * top // per - catch_up
            if turn.last_at and turn.weight != w:
                # What it was owed is measured where the others were when it took its last turn: since then it
                # counts by its new weight. Owed at most a turn more than anybody: a new scale is no new debt.
                positions[n] = max(_whole(turn.turns + (w - turn.weight) * turn.level), others - 1)
            if _was_away(turn, w, reached, oldest, now):
                positions[n] = max(positions[n], others)
    return positions


def _whole(turns: float) -> float:
    """A whole number where it is one: comparisons of whole numbers are exact, however large they are."""
    return int(turns) if float(turns).is_integer() else turns


def _was_away(turn: Turn, weight: int, reached: float, oldest: datetime | None, now: datetime) -> bool:
    """Whether the others went on without the member, rather than decided at the same moment."""
    missed, since = weight * (reached - turn.level), turn.last_at or oldest
    return missed >= MISSED_AT_ONCE or (missed >= MISSED and since is not None and now - since >= AWAY_AFTER)
