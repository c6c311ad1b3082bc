"""What would have had to be different for a condition to hold."""

from collections.abc import Iterable, Sequence
from typing import Final

from baton.domain.condition_tests import Facts
from baton.domain.condition_words import needs
from baton.domain.conditions import AllOf, Condition, Leaf, Not, Op, parts_of
from baton.domain.documents import Record

MAX_WAYS: Final = 64
"""Ways that are kept of each part where leaves repeat, and a cheap way for one part may spoil another."""


class Repair(Record):
    """One comparison that would have had to come out differently."""

    field: str
    op: Op
    needs: str
    """What the field would have had to be, in words; at most MAX_WORDS characters, none of the lead's own."""


type _Way = tuple[int, int]
"""One way to make a condition hold: the leaves that have to hold and those that must not, a bit for each."""


def repairs(condition: "Condition | None", facts: Facts) -> tuple[Repair, ...] | None:
    """The fewest comparisons that would have to come out differently for `condition` to hold, in its own order.

    Empty where it holds; None where nothing can repair it. A comparison that occurs twice counts once. The fewest are
    found for certain where none does; where some do, among MAX_WAYS for every part.
    """
    if condition is None:
        return ()
    if isinstance(condition, AllOf) and all(isinstance(part, Leaf) for part in condition.all):
        # What nearly every rep asks, and every trace says of every rep: it needs no search.
        failed = [part for part in condition.all if isinstance(part, Leaf) and not part.test(facts)]
        found = dict.fromkeys(Repair(field=leaf.field, op=leaf.op, needs=needs(leaf)) for leaf in failed)
        return None if any(map(_is_hopeless, failed)) else tuple(found)
    search = _Search(condition, facts)
    way = next(iter(search.ways(condition, True)), None)
    if way is None:
        return None
    changed = search.changed(way)
    return tuple(
        Repair(field=leaf.field, op=leaf.op, needs=needs(leaf, bool(way[0] & bit)))
        for leaf, bit in search.leaves
        if changed & bit
    )


class _Search:
    """The ways to make the parts of one condition hold or fail, the ones that change least first."""

    def __init__(self, condition: "Condition", facts: Facts) -> None:
        found = list(_leaves(condition))
        self._bits: dict[int, int] = {}
        """By the identity of a leaf; equal leaves share a bit."""
        self.leaves: list[tuple[Leaf, int]] = []
        self._holding = 0
        known: dict[tuple[str, str, str], int] = {}
        for leaf, key in zip(found, _keys(found), strict=True):
            if key not in known:
                known[key] = bit = 1 << len(known)
                self.leaves.append((leaf, bit))
                self._holding |= bit if leaf.test(facts) else 0
            self._bits[id(leaf)] = known[key]
        self._keep = 1 if len(known) == len(found) else MAX_WAYS

    def changed(self, way: _Way) -> int:
        """The leaves that would have to come out differently."""
        hold, fail = way
        return hold & ~self._holding | fail & self._holding

    def ways(self, condition: "Condition", wanted: bool) -> list[_Way]:
        """The ways in which `condition` holds or, where that is wanted, fails."""
        if isinstance(condition, Leaf):
            bit = self._bits[id(condition)]
            if not wanted:
                return [(0, bit)]
            return [] if _is_hopeless(condition) else [(bit, 0)]
        if isinstance(condition, Not):
            return self.ways(condition.not_, not wanted)
        parts = [self.ways(part, wanted) for part in parts_of(condition)]
        every = isinstance(condition, AllOf) is wanted
        return self._every(parts) if every else self._fewest(way for ways in parts for way in ways)

    def _every(self, parts: Sequence[Sequence[_Way]]) -> list[_Way]:
        """One way of each part together, where they do not contradict each other."""
        ways: list[_Way] = [(0, 0)]
        for part in parts:
            joined = ((hold | more, fail | less) for hold, fail in ways for more, less in part)
            ways = self._fewest(way for way in joined if not way[0] & way[1])
        return ways

    def _fewest(self, ways: Iterable[_Way]) -> list[_Way]:
        """In order of the changes; the one named first in the condition goes first among equals."""
        if self._keep == 1:
            best = min(ways, key=self._cost, default=None)
            return [] if best is None else [best]
        return sorted(dict.fromkeys(ways), key=self._cost)[: self._keep]

    def _cost(self, way: _Way) -> int:
        return self.changed(way).bit_count()


def _is_hopeless(leaf: Leaf) -> bool:
    """Whether nothing that a lead could have makes the comparison hold."""
    return leaf.op is Op.IN and not leaf.value


def _leaves(condition: "Condition") -> list[Leaf]:
    if isinstance(condition, Leaf):
        return [condition]
    return [leaf for part in parts_of(condition) for leaf in _leaves(part)]


def _keys(leaves: Sequence[Leaf]) -> list[tuple[str, str, str]]:
    """What equal leaves have in common. Values are compared only where field and operator do not tell them apart."""
    seen: dict[tuple[str, str], int] = {}
    for leaf in leaves:
        seen[leaf.field, leaf.op] = seen.get((leaf.field, leaf.op), 0) + 1
    return [
        (leaf.field, leaf.op, repr(leaf.value) if seen[leaf.field, leaf.op] > 1 else "") for leaf in leaves
    ]
