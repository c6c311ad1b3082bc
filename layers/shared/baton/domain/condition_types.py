"""Whether a condition fits the fields it speaks of: checked when it is published, before any lead meets it."""

from collections.abc import Mapping
from typing import Any, Final

from baton.domain.condition_values import Radius, is_number
from baton.domain.conditions import AllOf, AnyOf, Condition, Leaf, Not, Op
from baton.domain.fields import FieldType
from baton.domain.geography import place_of
from baton.domain.lead import Contact

type Problem = tuple[str, str]
"""Where in the condition, such as `all[0].any[2]`, and what is wrong there."""

_T = FieldType
_FIXED: Final[Mapping[str, FieldType]] = {
    **{f"contact.{name}": _T.TEXT for name in Contact.model_fields},
    "consent.given": _T.BOOLEAN,
    "consent.text": _T.TEXT,
    "consent.at": _T.MOMENT,
    **{f"consent.{name}": _T.TEXT for name in ("version", "ip", "page", "trusted_form", "jornaya")},
    "quality.email_disposable": _T.BOOLEAN,
    "quality.email_role": _T.BOOLEAN,
    "quality.email_free": _T.BOOLEAN,
    "quality.email_domain_meant": _T.TEXT,
    "quality.phone_valid": _T.BOOLEAN,
    "quality.phone_type": _T.TEXT,
    "quality.phone_region": _T.TEXT,
    "suspicions": _T.LIST,
    "duplicate": _T.BOOLEAN,
    "band": _T.TEXT,
    "probability": _T.NUMBER,
    "score": _T.NUMBER,
    "source_id": _T.TEXT,
    "campaign_id": _T.TEXT,
    "time.now": _T.MOMENT,
    "time.received": _T.MOMENT,
}
"""The fields that every lead has."""

MAX_NAMED: Final = 20
"""Fields that are named where one is unknown."""

_EQUALS: Final = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN})
_FITTING: Final[Mapping[FieldType, frozenset[Op]]] = {
    _T.TEXT: _EQUALS | {Op.CONTAINS, Op.STARTS_WITH, Op.MATCHES, Op.WITHIN_MILES, Op.EXISTS},
    _T.NUMBER: _EQUALS | {Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN, Op.EXISTS},
    _T.BOOLEAN: _EQUALS | {Op.EXISTS},
    _T.LIST: frozenset({Op.CONTAINS, Op.EXISTS}),
    _T.MOMENT: frozenset({Op.TIME_OF_DAY, Op.EXISTS}),
}
"""The operators that mean something for each type."""


def type_problems(condition: "Condition | None", types: Mapping[str, FieldType] | None) -> list[Problem]:
    """What is wrong with the fields, operators and values of a condition, each with its place; "" is its root.

    `types` are the attributes that leads have. None or empty: any attribute, of any type.
    """
    return [] if condition is None else _problems(condition, types or None, "")


def _problems(condition: "Condition", types: Mapping[str, FieldType] | None, place: str) -> list[Problem]:
    match condition:
        case AllOf(all=parts):
            inner = [(f"all[{index}]", part) for index, part in enumerate(parts)]
        case AnyOf(any=parts):
            inner = [(f"any[{index}]", part) for index, part in enumerate(parts)]
        case Not(not_=part):
            inner = [("not", part)]
        case Leaf():
            problem = _problem(condition, types)
            return [(place, problem)] if problem else []
    return [
        problem
        for step, part in inner
        for problem in _problems(part, types, f"{place}.{step}" if place else step)
    ]


def _problem(leaf: Leaf, types: Mapping[str, FieldType] | None) -> str | None:
    root, _, name = leaf.field.partition(".")
    if root == "attributes" and name and types is None:
        return _unknown_place(leaf)
    kind = _type_of(leaf.field, types)
    if kind is None:
        return _unknown_field(leaf.field, types)
    if leaf.op not in _FITTING[kind]:
        fitting = ", ".join(op for op in Op if op in _FITTING[kind])
        return (
            f"operator '{leaf.op}' does not fit {leaf.field}, which is a {kind}; operators for it: {fitting}"
        )
    if root != "attributes" and leaf.op is Op.WITHIN_MILES and leaf.field != "contact.postal_code":
        return f"operator '{leaf.op}' needs a postal code, which {leaf.field} is not"
    return _unfit_value(leaf, kind) or _unknown_place(leaf)


def _type_of(field: str, types: Mapping[str, FieldType] | None) -> FieldType | None:
    """The type of a field; None for a field that no lead has."""
    root, _, name = field.partition(".")
    if root == "attributes":
        return (types or {}).get(name)
    if root == "attribution" and name:
        return _T.TEXT
    return _FIXED.get(field)


def _unknown_field(field: str, types: Mapping[str, FieldType] | None) -> str:
    root = field.partition(".")[0]
    known = [f"{root}.{attribute}" for attribute in sorted(types or {})] if root == "attributes" else []
    known += [fixed for fixed in _FIXED if fixed.startswith(f"{root}.") or fixed == root]
    if not known:
        return f"unknown field '{field}': say which, as in {root}.name"
    return f"unknown field '{field}'; known: {', '.join(known[:MAX_NAMED])}"


def _unfit_value(leaf: Leaf, kind: FieldType) -> str | None:
    if leaf.op not in _EQUALS and not (leaf.op is Op.CONTAINS and kind is _T.TEXT):
        return None
    wanted, fits = _VALUES[kind]
    values = leaf.value if isinstance(leaf.value, list) else [leaf.value]
    return None if all(map(fits, values)) else f"{leaf.field} is a {kind}: compare it with {wanted}"


_VALUES: Final[Mapping[FieldType, tuple[str, Any]]] = {
    _T.TEXT: ("text, in quotes", lambda value: isinstance(value, str)),
    _T.NUMBER: ("a number, without quotes", is_number),
    _T.BOOLEAN: ("true or false, without quotes", lambda value: isinstance(value, bool)),
}


def _unknown_place(leaf: Leaf) -> str | None:
    if isinstance(leaf.value, Radius) and place_of(leaf.value.postal_code) is None:
        return f"'{leaf.value.postal_code}' is no US postal code with a known place"
    return None
