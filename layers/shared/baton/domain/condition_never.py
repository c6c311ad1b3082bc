"""Conditions that no lead can ever meet, found before any lead comes."""

from collections.abc import Iterable, Sequence
from math import inf
from typing import Any, Final

from baton.domain.condition_checks import compile_check, number_in
from baton.domain.condition_values import is_number
from baton.domain.conditions import AllOf, AnyOf, Condition, Leaf, Not, Op

_NOT_TRIED: Final = frozenset({Op.WITHIN_MILES, Op.TIME_OF_DAY, Op.EXISTS})
"""Operators that are taken to be possible: a check of a document should not wait for the table of postal codes."""
_ON_NUMBERS: Final = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN, Op.EQ, Op.NE, Op.IN, Op.NOT_IN})
"""Operators that hold for a number however it is spelt: a form sends 3 as "3" or "3.0"."""


def never(*conditions: "Condition | None") -> bool:
    """Whether no lead can ever meet all of these. Only True is certain: the search is for plain mistakes.

    Found are: an empty `any`, a list without values, and comparisons of one field that contradict each other.
    """
    return _never_all([condition for condition in conditions if condition is not None])


def _never_all(conditions: Sequence["Condition"]) -> bool:
    leaves, choices = _flat(conditions)
    fields: dict[str, _Asked] = {}
    for leaf, wanted in leaves:
        asked = fields.setdefault(leaf.field, _Asked())
        (asked.hold if wanted else asked.fail).append(leaf)
    if any(asked.is_impossible() for asked in fields.values()):
        return True
    return any(
        all(_never_all([*(_wanted(leaf, wanted) for leaf, wanted in leaves), option]) for option in choice)
        for choice in choices
    )


def _wanted(condition: "Condition", wanted: bool) -> "Condition":
    # Not validated: the parts are, and turned inside out a condition may be a little deeper than people may write.
    return condition if wanted else Not.model_construct(not_=condition)


def _flat(
    conditions: Iterable["Condition"],
) -> tuple[list[tuple[Leaf, bool]], list[list["Condition"]]]:
    """The comparisons that must all hold or, where that is wanted, fail; and the choices of which one must hold."""
    leaves: list[tuple[Leaf, bool]] = []
    choices: list[list[Condition]] = []
    todo = [(condition, True) for condition in conditions]
    while todo:
        match todo.pop():
            case Leaf() as leaf, wanted:
                leaves.append((leaf, wanted))
            case Not(not_=part), wanted:
                todo.append((part, not wanted))
            case (AllOf(all=parts), True as wanted) | (AnyOf(any=parts), False as wanted):
                todo += [(part, wanted) for part in parts]
            case (AllOf(all=parts) | AnyOf(any=parts), wanted):
                choices.append([_wanted(part, wanted) for part in parts])
    return leaves, choices


class _Asked:
    """What is asked of one field."""

    def __init__(self) -> None:
        self.hold: list[Leaf] = []
        self.fail: list[Leaf] = []

    def is_impossible(self) -> bool:
        """Whether no value of the field, nor a missing one, is all that is asked of it."""
        missing = [_wants_nothing(leaf) for leaf in self.hold]
        missing += [not _wants_nothing(leaf) for leaf in self.fail if leaf.op is Op.EXISTS]
        if all(missing):
            return False
        return any(missing) or self._has_no_number() or self._has_no_value()

    def _has_no_number(self) -> bool:
        """Whether the numbers asked for leave no room between them."""
        low, high = (-inf, False), (inf, True)
        for leaf in self.hold:
            value: Any = leaf.value
            match leaf.op:
                case Op.GT | Op.GTE:
                    low = max(low, (value, leaf.op is Op.GT))
                case Op.LT | Op.LTE:
                    high = min(high, (value, leaf.op is Op.LTE))
                case Op.BETWEEN:
                    low, high = max(low, (value[0], False)), min(high, (value[1], True))
        (least, beyond), (most, included) = low, high
        return least > most or (least == most and (beyond or not included))

    def _has_no_value(self) -> bool:
        """Whether each of the values that a list allows is ruled out by something else."""
        listings = [_listed(leaf) for leaf in self.hold if leaf.op in {Op.EQ, Op.IN}]
        if not listings:
            return False
        checks = [(leaf, compile_check(leaf.op, leaf.value), True) for leaf in self.hold]
        checks += [(leaf, compile_check(leaf.op, leaf.value), False) for leaf in self.fail]
        return not any(
            all(check(value) is wanted or not _is_certain(leaf, value) for leaf, check, wanted in checks)
            for value in min(listings, key=len)
        )


def _wants_nothing(leaf: Leaf) -> bool:
    """Whether the field has to be missing."""
    return leaf.op is Op.EXISTS and leaf.value is False


def _listed(leaf: Leaf) -> list[Any]:
    return leaf.value if isinstance(leaf.value, list) else [leaf.value]


def _is_certain(leaf: Leaf, value: Any) -> bool:
    """Whether a comparison comes out alike for everything that a lead may have where a list allows `value`."""
    if leaf.op in _NOT_TRIED:
        return False
    if not is_number(value):
        return True
    return leaf.op in _ON_NUMBERS and not any(
        isinstance(text, str) and number_in(text) == value for text in _listed(leaf)
    )
