"""What each operator asks of a value: compiled once to a check, with everything looked up that can be."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any, Final

from baton.domain.condition_values import Hours, Radius, Scalar, is_number
from baton.domain.conditions import Op
from baton.domain.geography import miles_between
from baton.domain.patterns import finder
from baton.domain.zones import Weekday, zone

type Check = Callable[[Any], bool]
"""Says whether a value that was found will do. False for None; may raise TypeError for what cannot be hashed."""

_DAYS: Final = tuple(Weekday)


def safely(check: Check, found: Any) -> bool:
    """Whether a value will do; what cannot be looked up will not."""
    try:
        return check(found)
    except TypeError:
        return False


def compile_check(op: Op, value: Any) -> Check:
    """What the operator asks of a value that was found."""
    match op:
        case Op.EQ:
            return _one_of([value])
        case Op.NE:
            return _none_of([value])
        case Op.IN:
            return _one_of(value)
        case Op.NOT_IN:
            return _none_of(value)
        case Op.GT | Op.GTE | Op.LT | Op.LTE:
            return _compared(_COMPARE[op], value)
        case Op.BETWEEN:
            low, high = value
            return lambda found: (number := number_in(found)) is not None and low <= number <= high
        case Op.CONTAINS:
            return _containing(value)
        case Op.STARTS_WITH:
            return lambda found: isinstance(found, str) and found.startswith(value)
        case Op.MATCHES:
            find = finder(value)
            return lambda found: isinstance(found, str) and find(found)
        case Op.WITHIN_MILES:
            return _within(value)
        case Op.TIME_OF_DAY:
            return _during(value)
        case Op.EXISTS:
            return lambda found: found is not None


_COMPARE: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {Op.GT: gt, Op.GTE: ge, Op.LT: lt, Op.LTE: le}


def number_in(found: Any) -> float | None:
    """A number, also where a form sent it as text; None for anything else."""
    kind = type(found)
    if kind is int or kind is float:
        return found  # type: ignore[no-any-return]
    if isinstance(found, str):
        try:
            return float(found)
        except ValueError:
            return None
    return None


def _one_of(values: Iterable[Scalar]) -> Check:
    """Equal to one of them. A form knows only text, so "3" equals 3; a bool equals only a bool.

    Looked up, not tried one after another: a territory may have thousands of postal codes.
    """
    values = list(values)
    texts = frozenset(value for value in values if isinstance(value, str))
    flags = frozenset(value for value in values if isinstance(value, bool))
    numbers = frozenset(value for value in values if is_number(value) and value == value)  # noqa: PLR0124 (NaN)
    if not flags and not numbers:
        return texts.__contains__

    def one_of(found: Any) -> bool:
        if isinstance(found, bool):
            return found in flags
        if isinstance(found, str) and found in texts:
            return True
        return number_in(found) in numbers

    return one_of


def _none_of(values: Iterable[Scalar]) -> Check:
    one_of = _one_of(values)

    def none_of(found: Any) -> bool:
        try:
            return found is not None and not one_of(found)
        except TypeError:  # A list or an object: it cannot be looked up, and equals no single value.
            return True

    return none_of


def _compared(compare: Callable[[Any, Any], bool], bound: float) -> Check:
    def compared(found: Any) -> bool:
        kind = type(found)
        if kind is int or kind is float:
            return compare(found, bound)
        number = number_in(found)
        return number is not None and compare(number, bound)

    return compared


def _containing(value: Scalar) -> Check:
    equal = _one_of([value])

    def containing(found: Any) -> bool:
        if isinstance(found, str):
            return isinstance(value, str) and value in found
        return isinstance(found, list) and any(safely(equal, item) for item in found)

    return containing


def _within(radius: Radius) -> Check:
    def within(found: Any) -> bool:
        miles = miles_between(found, radius.postal_code) if isinstance(found, str) else None
        return miles is not None and miles <= radius.miles

    return within


def _during(hours: Hours) -> Check:
    """Read off the wall clock: an hour that is skipped never comes, an hour that is repeated counts both times."""
    begin, end, days, where = hours.from_, hours.until, frozenset(hours.days), zone(hours.zone)

    def during(found: Any) -> bool:
        moment = moment_in(found)
        if moment is None:
            return False
        try:
            local = moment.astimezone(where)
        except OverflowError:  # At the very first and last moments there are.
            return False
        clock, weekday = local.time(), local.weekday()
        if begin < end:
            return begin <= clock < end and _DAYS[weekday] in days
        if clock >= begin:
            return _DAYS[weekday] in days
        return clock < end and _DAYS[weekday - 1] in days

    return during


def moment_in(found: Any) -> datetime | None:
    """A moment, also where it was sent as ISO 8601 text; None for anything else and where the offset is missing."""
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            return None
    return found if isinstance(found, datetime) and found.tzinfo is not None else None
