"""Which of many conditions hold for one lead, found faster than by trying them one after another.

The reps of a pool mostly ask about the same fields of a lead, each with some values of their own. So parts of their
conditions that compare a field with texts or bounds are looked up by the lead's own value, and what is left is
evaluated once for all who ask the same (predicate indexing, from publish/subscribe matching: Fabret et al., Filtering
algorithms and implementation for very fast publish/subscribe systems, SIGMOD 2001). A set of conditions is an integer,
one bit each.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import or_
from typing import Any, Protocol

from baton.domain.condition_checks import number_in
from baton.domain.condition_tests import Facts, Test, compile_condition, reader
from baton.domain.conditions import AllOf, Condition, Leaf, Op


class _Index(Protocol):
    def refusing(self, found: Any) -> int:
        """The conditions that the field's value does not satisfy."""
        ...


class Matcher:
    """Conditions, compiled together."""

    def __init__(self, conditions: Sequence[Condition | None]) -> None:
        self._everybody = (1 << len(conditions)) - 1
        parts: dict[str, tuple[Condition, int]] = {}
        for bit, condition in enumerate(conditions):
            for part in _parts(condition):
                key = part.model_dump_json(by_alias=True)
                parts[key] = part, parts.get(key, (part, 0))[1] | 1 << bit
        allowed: dict[str, list[tuple[frozenset[str], int]]] = {}
        banned: dict[str, list[tuple[str, int]]] = {}
        lows: dict[str, list[tuple[float, bool, int]]] = {}
        highs: dict[str, list[tuple[float, bool, int]]] = {}
        self._tests: list[tuple[Test, int]] = []
        for part, mask in parts.values():
            match part:
                case Leaf(op=Op.EQ | Op.IN, field=field) if (texts := _texts(part)) is not None:
                    allowed.setdefault(field, []).append((texts, mask))
                case Leaf(op=Op.NE, field=field, value=str(text)):
                    banned.setdefault(field, []).append((text, mask))
                case Leaf(op=Op.GT | Op.GTE, field=field, value=int() | float() as low):
                    lows.setdefault(field, []).append((low, part.op is Op.GT, mask))
                case Leaf(op=Op.LT | Op.LTE, field=field, value=int() | float() as high):
                    highs.setdefault(field, []).append((high, part.op is Op.LTE, mask))
                case Leaf(
                    op=Op.BETWEEN, field=field, value=[int() | float() as low, int() | float() as high]
                ):
                    lows.setdefault(field, []).append((low, False, mask))
                    highs.setdefault(field, []).append((high, True, mask))
                case _:
                    self._tests.append((compile_condition(part), mask))
        self._indexes: list[tuple[Any, _Index]] = [
            *((reader(field), _Allowed(found)) for field, found in allowed.items()),
            *((reader(field), _Banned(found)) for field, found in banned.items()),
            *((reader(field), _AtLeast(found)) for field, found in lows.items()),
            *((reader(field), _AtMost(found)) for field, found in highs.items()),
        ]

    def holds(self, facts: Facts) -> int:
        """The conditions that hold, bit n for the nth."""
        refused = 0
        for read, index in self._indexes:
            refused |= index.refusing(read(facts))
        for test, mask in self._tests:
            if mask & ~refused and not test(facts):
                refused |= mask
        return self._everybody & ~refused


class _Allowed:
    """Parts that ask for one of some texts."""

    def __init__(self, parts: list[tuple[frozenset[str], int]]) -> None:
        self._asking = 0
        self._by_text: dict[str, int] = {}
        self._again: list[tuple[frozenset[str], int]] = []
        for texts, mask in parts:
            if self._asking & mask:
                # Somebody asks twice about one field, and wants both.
                self._again.append((texts, mask))
                continue
            self._asking |= mask
            for text in texts:
                self._by_text[text] = self._by_text.get(text, 0) | mask

    def refusing(self, found: Any) -> int:
        text = found if isinstance(found, str) else None
        refused = self._asking & ~(self._by_text.get(text, 0) if text is not None else 0)
        for texts, mask in self._again:
            if text not in texts:
                refused |= mask
        return refused


class _Banned:
    """Parts that ask for anything but a text."""

    def __init__(self, parts: list[tuple[str, int]]) -> None:
        self._asking = 0
        self._by_text: dict[str, int] = {}
        for text, mask in parts:
            self._asking |= mask
            self._by_text[text] = self._by_text.get(text, 0) | mask

    def refusing(self, found: Any) -> int:
        if found is None:
            return self._asking
        return self._by_text.get(found, 0) if isinstance(found, str) else 0


class _AtLeast:
    """Parts that ask for a number from a bound on."""

    def __init__(self, parts: list[tuple[float, bool, int]]) -> None:
        ordered = sorted(parts, key=lambda part: part[:2])
        self._bounds = [(bound, beyond) for bound, beyond, _ in ordered]
        # Refused by a number: all whose bound comes after it. With the masks added up from behind that is one look-up.
        self._from = [*accumulate((mask for _, _, mask in reversed(ordered)), or_, initial=0)][::-1]

    def refusing(self, found: Any) -> int:
        number = number_in(found)
        if number is None or _is_nan(number):
            return self._from[0]
        return self._from[bisect_right(self._bounds, (number, False))]


class _AtMost:
    """Parts that ask for a number up to a bound."""

    def __init__(self, parts: list[tuple[float, bool, int]]) -> None:
        ordered = sorted(parts, key=lambda part: part[:2])
        self._bounds = [(bound, included) for bound, included, _ in ordered]
        self._upto = [*accumulate((mask for _, _, mask in ordered), or_, initial=0)]

    def refusing(self, found: Any) -> int:
        number = number_in(found)
        if number is None or _is_nan(number):
            return self._upto[-1]
        return self._upto[bisect_left(self._bounds, (number, True))]


def _is_nan(number: float) -> bool:
    """Whether it is not a number. Not `math.isnan`: that fails on an integer too large for a float."""
    return number != number  # noqa: PLR0124


def _parts(condition: Condition | None) -> list[Condition]:
    """The parts that must all hold."""
    if condition is None:
        return []
    return list(condition.all) if isinstance(condition, AllOf) else [condition]


def _texts(part: Leaf) -> frozenset[str] | None:
    """The texts that a part allows, where that is all that it asks."""
    values = part.value if isinstance(part.value, list) else [part.value]
    texts = [value for value in values if isinstance(value, str)]
    return frozenset(texts) if len(texts) == len(values) else None
