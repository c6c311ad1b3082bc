"""Conditions are data, not code: a tree of all, any, not and typed leaves, compiled once to closures.

A leaf over a field that is missing, or whose value does not fit the operator, is false; it never raises.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from operator import ge, gt, le, lt
from textwrap import shorten
from typing import Annotated, Any, Final, Self

from pydantic import Discriminator, Field, Tag, model_validator

from baton.domain.documents import Document

type Facts = Mapping[str, Any]
type Test = Callable[[Facts], bool]
type Scalar = str | int | float | bool

ROOTS: Final = frozenset(
    {"contact", "attributes", "consent", "attribution", "score", "source_id", "campaign_id"}
)
"""What a field path may start with."""
MAX_WORDS: Final = 200
"""Length of a reason in words: a trace has to fit its row, however many postal codes a territory has."""


class Op(StrEnum):
    """How a leaf compares its field with its value."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    EXISTS = "exists"


class Leaf(Document):
    """One comparison, such as `{"field": "contact.state", "op": "in", "value": ["CA", "NY"]}`."""

    field: Annotated[str, Field(min_length=1, max_length=200)]
    op: Op
    value: Scalar | list[Scalar] | None = None

    @model_validator(mode="after")
    def _value_fits_operator(self) -> Self:
        if self.field.split(".", 1)[0] not in ROOTS:
            message = f"field '{self.field}' must start with one of: {', '.join(sorted(ROOTS))}"
            raise ValueError(message)
        wanted, fits = _VALUE_OF[self.op]
        if not fits(self.value):
            message = f"operator '{self.op}' needs {wanted}"
            raise ValueError(message)
        return self


class AllOf(Document):
    """True when every part is; an empty list is true."""

    all: list["Condition"]


class AnyOf(Document):
    """True when at least one part is; an empty list is false."""

    any: list["Condition"]


class Not(Document):
    """True when its part is false."""

    not_: Annotated["Condition", Field(alias="not")]


def _shape(data: Any) -> str:
    """Which of the four a raw or parsed condition is, so that errors speak of the right one."""
    if isinstance(data, Mapping):
        return next((key for key in ("all", "any", "not") if key in data), "leaf")
    shapes: dict[type, str] = {AllOf: "all", AnyOf: "any", Not: "not"}
    return shapes.get(type(data), "leaf")


type Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Leaf, Tag("leaf")],
    Discriminator(_shape),
]


def compile_condition(condition: "Condition | None") -> Test:
    """A closure that tests facts against `condition`; no condition is always true."""
    match condition:
        case None:
            return lambda _: True
        case AllOf(all=parts):
            return _all_of([compile_condition(part) for part in parts])
        case AnyOf(any=parts):
            tests = [compile_condition(part) for part in parts]
            return lambda facts: any(test(facts) for test in tests)
        case Not(not_=part):
            test = compile_condition(part)
            return lambda facts: not test(facts)
        case Leaf():
            return _compile_leaf(condition)


def _all_of(tests: list[Test]) -> Test:
    """A plain loop: several times faster than `all` over a generator, and most conditions are of this shape."""

    def test_all(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110
            if not test(facts):
                return False
        return True

    return test_all


def failed_leaf(condition: "Condition | None", facts: Facts) -> str | None:
    """The first part that makes `condition` false for `facts`, in a few words; None where it holds."""
    why = _failed(condition, facts)
    return shorten(why, MAX_WORDS) if why else None


def _failed(condition: "Condition | None", facts: Facts) -> str | None:
    match condition:
        case None:
            return None
        case AllOf(all=parts):
            return next((why for part in parts if (why := _failed(part, facts))), None)
        case AnyOf(any=parts):
            whys = [_failed(part, facts) for part in parts]
            return None if None in whys else "none of: " + "; ".join(str(why) for why in whys)
        case Not(not_=part):
            return None if _failed(part, facts) else "must not hold: " + _words(part)
        case Leaf():
            return None if _compile_leaf(condition)(facts) else _words(condition)


def _words(condition: "Condition") -> str:
    """A condition as a person would say it. Never contains the lead's own values."""
    match condition:
        case AllOf(all=parts):
            return "(" + " and ".join(_words(part) for part in parts) + ")"
        case AnyOf(any=parts):
            return "(" + " or ".join(_words(part) for part in parts) + ")"
        case Not(not_=part):
            return "not " + _words(part)
        case Leaf(field=field, op=op, value=value):
            return f"{field} {op}" if value is None else f"{field} {op} {value}"


def _compile_leaf(leaf: Leaf) -> Test:
    value: Any = leaf.value
    read = _reader(leaf.field)
    match leaf.op:
        case Op.EXISTS:
            wanted = value is not False
            return lambda facts: (read(facts) is not None) is wanted
        case Op.EQ:
            return lambda facts: _like(read(facts), value) == value
        case Op.NE:
            return lambda facts: (found := read(facts)) is not None and _like(found, value) != value
        case Op.IN:
            return lambda facts: _among(read(facts), value)
        case Op.NOT_IN:
            return lambda facts: (found := read(facts)) is not None and not _among(found, value)
        case Op.BETWEEN:
            low, high = value
            return lambda facts: (n := _number(read(facts))) is not None and low <= n <= high
        case Op.CONTAINS:
            return lambda facts: _contains(read(facts), value)
        case Op.STARTS_WITH:
            return lambda facts: isinstance(found := read(facts), str) and found.startswith(value)
        case Op.GT | Op.GTE | Op.LT | Op.LTE:
            compare = _COMPARE[leaf.op]
            return lambda facts: (n := _number(read(facts))) is not None and compare(n, value)


def _reader(path: str) -> Callable[[Facts], Any]:
    """A function that reads a dotted path. Attribute names may hold dots: the rest of the path is tried whole."""
    root, _, rest = path.partition(".")
    if not rest:
        return lambda facts: facts.get(root)

    def read(facts: Facts) -> Any:
        group = facts.get(root)
        if type(group) is not dict:
            return None
        return group[rest] if rest in group else nested(group)

    def nested(group: Any) -> Any:
        for part in rest.split("."):
            if type(group) is not dict:
                return None
            group = group.get(part)
        return group

    return read


def _number(found: Any) -> float | None:
    """A number, also where a form sent it as text; None for anything else."""
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float):
        return found
    if isinstance(found, str):
        try:
            return float(found)
        except ValueError:
            return None
    return None


def _like(found: Any, wanted: Any) -> Any:
    """`found` as the type of `wanted`: a form knows only text, so "3" equals 3. A bool equals only a bool."""
    if isinstance(wanted, bool):
        return found if isinstance(found, bool) else None
    if isinstance(wanted, int | float):
        return _number(found)
    return found


def _among(found: Any, wanted: list[Any]) -> bool:
    return any(_like(found, item) == item for item in wanted)


def _contains(found: Any, value: Any) -> bool:
    if isinstance(found, str):
        return isinstance(value, str) and value in found
    return isinstance(found, list) and any(_like(item, value) == value for item in found)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COMPARE: Final[dict[Op, Callable[[Any, Any], bool]]] = {Op.GT: gt, Op.GTE: ge, Op.LT: lt, Op.LTE: le}

_SCALAR = ("one value", lambda value: isinstance(value, str | int | float))
_LIST = ("a list of values", lambda value: isinstance(value, list))
_NUMBER = ("a number", _is_number)
_TEXT = ("a text", lambda value: isinstance(value, str))
_PAIR = (
    "two numbers, the lower first",
    lambda value: (
        isinstance(value, list)
        and len(value) == len(("low", "high"))
        and all(map(_is_number, value))
        and value[0] <= value[1]
    ),
)
_VALUE_OF: Final[dict[Op, tuple[str, Callable[[Any], bool]]]] = {
    Op.EQ: _SCALAR,
    Op.NE: _SCALAR,
    Op.IN: _LIST,
    Op.NOT_IN: _LIST,
    Op.GT: _NUMBER,
    Op.GTE: _NUMBER,
    Op.LT: _NUMBER,
    Op.LTE: _NUMBER,
    Op.BETWEEN: _PAIR,
    Op.CONTAINS: _SCALAR,
    Op.STARTS_WITH: _TEXT,
    Op.EXISTS: ("true, false or nothing", lambda value: value is None or isinstance(value, bool)),
}
