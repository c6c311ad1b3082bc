"""Conditions are data, not code: documents of all, any, not and typed leaves.

What they mean for a lead is in `condition_tests`, how they are said in words in `condition_words`.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator

from baton.domain.condition_values import Hours, Radius, Scalar, is_number
from baton.domain.documents import Document
from baton.domain.patterns import finder

if TYPE_CHECKING:
    from baton.domain.condition_tests import Test

ROOTS: Final = frozenset(
    (
        *("contact", "attributes", "consent", "attribution", "quality", "suspicions", "duplicate"),
        *("score", "band", "probability", "source_id", "campaign_id", "time"),
    )
)
"""What a field path may start with."""
MAX_DEPTH: Final = 20
"""How deep conditions nest: deeper than anybody can read, far from where recursion ends."""


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
    MATCHES = "matches"
    EXISTS = "exists"
    WITHIN_MILES = "within_miles"
    TIME_OF_DAY = "time_of_day"


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_scalar, value))


def _is_span(value: Any) -> bool:
    if not (isinstance(value, list) and len(value) == len(("low", "high")) and all(map(is_number, value))):
        return False
    return bool(value[0] <= value[1])


def _is_radius(value: Any) -> bool:
    return isinstance(value, Radius) or (isinstance(value, Mapping) and _value_shape(value) == "radius")


def _is_hours(value: Any) -> bool:
    return isinstance(value, Hours) or (isinstance(value, Mapping) and _value_shape(value) == "hours")


def _value_shape(data: Any) -> str:
    """Which kind of value a raw or parsed one is, so that errors speak of the right one."""
    if isinstance(data, Mapping):
        return "radius" if {"postal_code", "miles"} & data.keys() else "hours"
    shapes: dict[type, str] = {Radius: "radius", Hours: "hours"}
    return shapes.get(type(data), "plain")


type Value = Annotated[
    Annotated[Scalar | list[Scalar] | None, Tag("plain")]
    | Annotated[Radius, Tag("radius")]
    | Annotated[Hours, Tag("hours")],
    Discriminator(_value_shape),
]


class _Need(NamedTuple):
    """What an operator needs as its value."""

    words: str
    met_by: Callable[[Any], bool]


_SCALAR: Final = _Need("one value", _is_scalar)
_LIST: Final = _Need("a list of values", _is_list)
_NUMBER: Final = _Need("a number", is_number)
_TEXT: Final = _Need("a text", lambda value: isinstance(value, str))
_NEEDS: Final[Mapping[Op, _Need]] = {
    Op.EQ: _SCALAR,
    Op.NE: _SCALAR,
    Op.IN: _LIST,
    Op.NOT_IN: _LIST,
    Op.GT: _NUMBER,
    Op.GTE: _NUMBER,
    Op.LT: _NUMBER,
    Op.LTE: _NUMBER,
    Op.BETWEEN: _Need("two numbers, the lower first", _is_span),
    Op.CONTAINS: _SCALAR,
    Op.STARTS_WITH: _TEXT,
    Op.MATCHES: _Need("a regular expression, as a text", _TEXT.met_by),
    Op.EXISTS: _Need("true, false or nothing", lambda value: value is None or isinstance(value, bool)),
    Op.WITHIN_MILES: _Need(
        'a postal code and miles, such as {"postal_code": "90210", "miles": 25}', _is_radius
    ),
    Op.TIME_OF_DAY: _Need(
        'hours in a zone, such as {"from": "09:00", "until": "17:00", "zone": "America/New_York"}', _is_hours
    ),
}


class Leaf(Document):
    """One comparison, such as `{"field": "contact.state", "op": "in", "value": ["CA", "NY"]}`."""

    field: Annotated[str, Field(min_length=1, max_length=200)]
    op: Op
    value: Annotated[Value, Field(validate_default=True)] = None

    @field_validator("field")
    @classmethod
    def _starts_at_a_root(cls, field: str) -> str:
        if field.split(".", 1)[0] not in ROOTS:
            message = f"field '{field}' must start with one of: {', '.join(sorted(ROOTS))}"
            raise ValueError(message)
        return field

    @field_validator("value", mode="before")
    @classmethod
    def _fits_operator(cls, value: Any, info: ValidationInfo) -> Any:
        op = info.data.get("op")
        if op is None:
            return value
        if not _NEEDS[op].met_by(value):
            message = f"operator '{op}' needs {_NEEDS[op].words}"
            raise ValueError(message)
        if op is Op.MATCHES:
            finder(value)
        return value

    @cached_property
    def test(self) -> "Test":
        """The comparison, compiled once."""
        # Here, because tests are made of these documents.
        from baton.domain.condition_tests import compile_leaf

        return compile_leaf(self)


class _Group(Document):
    """What all, any and not have in common."""

    @model_validator(mode="before")
    @classmethod
    def _can_be_read(cls, data: Any) -> Any:
        if _is_deeper(data, MAX_DEPTH):
            message = f"conditions nest at most {MAX_DEPTH} deep"
            raise ValueError(message)
        return data


def _is_deeper(data: Any, levels: int) -> bool:
    """Whether a condition, as it was written, nests deeper than that."""
    if not isinstance(data, Mapping):
        return False
    groups = [data[key] for key in ("all", "any") if isinstance(data.get(key), list)]
    parts = [*chain.from_iterable(groups), data.get("not")]
    return levels <= 0 or any(_is_deeper(part, levels - 1) for part in parts)


class AllOf(_Group):
    """True when every part is; an empty list is true."""

    all: list["Condition"]


class AnyOf(_Group):
    """True when at least one part is; an empty list is false."""

    any: list["Condition"]


class Not(_Group):
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


def parts_of(condition: object) -> list["Condition"]:
    """The parts of a condition, in order; a leaf has none."""
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            return parts
        case Not(not_=part):
            return [part]
        case _:
            return []
