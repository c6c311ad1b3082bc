"""Conditions in words: which part of one failed, and what a comparison needs. Never holds the lead's own values."""

from collections.abc import Sequence
from typing import Any, Final

from baton.domain.condition_checks import number_in
from baton.domain.condition_tests import Facts, compile_condition, reader
from baton.domain.condition_values import Hours, Radius, Scalar
from baton.domain.conditions import AllOf, AnyOf, Condition, Leaf, Not, Op, parts_of
from baton.domain.geography import place_of
from baton.domain.zones import Weekday, time_words

MAX_WORDS: Final = 200
"""Length of a reason in words: a trace has to fit its row, however many postal codes a territory has."""
MAX_VALUE: Final = 80
"""Length of one value in words."""
MAX_LIST: Final = 120
"""Length of a list of values in words, but for its last value."""
MAX_PARTS: Final = 20
"""Parts of one group that are put in words: no more than that fit anyway."""


def failed_leaf(condition: "Condition | None", facts: Facts) -> str | None:
    """The first part that makes `condition` false for `facts`, in a few words; None where it holds."""
    why = None if condition is None else _failed(condition, facts)
    return why and cut(why, MAX_WORDS)


def _failed(condition: "Condition", facts: Facts) -> str | None:
    match condition:
        case Leaf():
            return None if condition.test(facts) else words(condition) + _unfit(condition, facts)
        case AllOf(all=parts):
            return next((why for part in parts if (why := _failed(part, facts))), None)
        case AnyOf(any=parts):
            if compile_condition(condition)(facts):
                return None
            whys = [str(_failed(part, facts)) for part in parts[:MAX_PARTS]]
            return "none of: " + "; ".join(whys)
        case Not(not_=part):
            return "must not hold: " + words(part) if compile_condition(part)(facts) else None


def _unfit(leaf: Leaf, facts: Facts) -> str:
    """What keeps a comparison from being made at all."""
    if leaf.op is Op.EXISTS:
        return ""
    found = reader(leaf.field)(facts)
    if found is None:
        return " (missing)"
    if leaf.op in _NUMERIC and number_in(found) is None:
        return " (not a number)"
    if leaf.op is Op.WITHIN_MILES and not (isinstance(found, str) and place_of(found)):
        return " (not a known US postal code)"
    return ""


_NUMERIC: Final = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN})


def words(condition: "Condition") -> str:
    """A condition as a person would say it."""
    match condition:
        case AllOf() | AnyOf():
            parts = parts_of(condition)
            more = [f"{len(parts) - MAX_PARTS} more"] if len(parts) > MAX_PARTS else []
            joint = " and " if isinstance(condition, AllOf) else " or "
            return "(" + joint.join([*map(words, parts[:MAX_PARTS]), *more]) + ")"
        case Not(not_=part):
            return "not " + words(part)
        case Leaf(field=field, op=op, value=value):
            return f"{field} {op}" if value is None else f"{field} {op} {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case list():
            return f"[{_listed(value)}]"
        case Radius():
            return f"{plain(value.miles)} of {value.postal_code}"
        case Hours():
            return _hours(value)
        case _:
            return plain(value)


def needs(leaf: Leaf, wanted: bool = True) -> str:
    """What a field must be for a comparison to hold or, where that is wanted, not to hold."""
    match leaf.op, leaf.value:
        case Op.EXISTS, value:
            said = "any value" if wanted is (value is not False) else "no value"
        case Op.NOT_IN, []:
            said = "any value" if wanted else "no value"
        case Op.BETWEEN, [low, high]:
            low, high = plain(low), plain(high)
            said = f"from {low} to {high}" if wanted else f"less than {low} or more than {high}"
        case _, Radius(postal_code=code, miles=miles):
            said = (
                f"within {plain(miles)} miles of {code}"
                if wanted
                else f"over {plain(miles)} miles from {code}"
            )
        case _, Hours() as hours:
            said = f"{'during' if wanted else 'outside'} {_hours(hours)}"
        case op, list() as values:
            said = _NEEDS[op][not wanted] + _listed(values)
        case op, value:
            assert isinstance(value, str | int | float)
            said = _NEEDS[op][not wanted] + plain(value)
    return cut(said, MAX_WORDS)


_NEEDS: Final[dict[Op, tuple[str, str]]] = {
    Op.EQ: ("", "not "),
    Op.NE: ("not ", ""),
    Op.IN: ("one of ", "not one of "),
    Op.NOT_IN: ("not one of ", "one of "),
    Op.GT: ("more than ", "at most "),
    Op.GTE: ("at least ", "less than "),
    Op.LT: ("less than ", "at least "),
    Op.LTE: ("at most ", "more than "),
    Op.CONTAINS: ("containing ", "not containing "),
    Op.STARTS_WITH: ("starting with ", "not starting with "),
    Op.MATCHES: ("matching the pattern ", "not matching the pattern "),
}
"""What is said before the value: where the comparison is to hold, and where it is not to."""


def _hours(hours: Hours) -> str:
    days = "" if set(hours.days) == set(Weekday) else f" ({', '.join(hours.days)})"
    return f"{time_words(hours.from_)}-{time_words(hours.until)} {hours.zone}{days}"


def _listed(values: Sequence[Scalar]) -> str:
    """As many of the values as there is room for, and how many more there are."""
    shown: list[str] = []
    room = MAX_LIST
    for value in values:
        if shown and room <= 0:
            break
        shown.append(plain(value))
        room -= len(shown[-1]) + len(", ")
    more = f" and {len(values) - len(shown)} more" if len(shown) < len(values) else ""
    return ", ".join(shown) + more


def plain(value: Scalar) -> str:
    """One value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return cut(str(value), MAX_VALUE) if value != "" else '""'


def cut(text: str, longest: int) -> str:
    """A text on one line and of at most that many characters."""
    line = " ".join(text[: longest + 1].split())
    return line if len(text) <= longest else line[: longest - 1].rstrip() + "…"
