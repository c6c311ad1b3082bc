"""Conditions of every kind and facts of every shape, and short ways to ask about a single comparison."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from baton.domain.condition_tests import compile_condition
from baton.domain.conditions import Condition, Op

PARSE: TypeAdapter[Condition] = TypeAdapter(Condition)
MANY = 10**400

FIELDS = st.sampled_from(
    ["attributes.x", "attributes.x.y", "contact.state", "consent.given", "score", "source_id", "time.now"]
)
SCALARS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(["90210", "2026-11-23T09:00:00Z"]),
    st.integers(),
    st.just(MANY),
    st.floats(),
    st.booleans(),
)
JSON = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.datetimes() | st.datetimes(timezones=st.just(UTC))
FACTS = st.fixed_dictionaries(
    {"attributes": st.dictionaries(st.sampled_from(["x", "x.y", "z"]), JSON), "contact": JSON},
    optional={
        "consent": JSON,
        "score": st.none() | st.integers(),
        "source_id": JSON,
        "time": st.fixed_dictionaries({"now": MOMENTS}),
    },
)
PAIRS = st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(sorted)
VALUES = {
    Op.EXISTS: st.none() | st.booleans(),
    Op.BETWEEN: PAIRS,
    Op.STARTS_WITH: st.text(max_size=3),
    Op.MATCHES: st.sampled_from(["^a", "[0-9]+$", "(a+)+$", "", r"\pL"]),
    Op.WITHIN_MILES: st.fixed_dictionaries(
        {"postal_code": st.sampled_from(["90210", "10001", "00000"]), "miles": st.integers(1, 3000)}
    ),
    Op.TIME_OF_DAY: st.fixed_dictionaries(
        {
            "from": st.sampled_from(["00:00", "09:00", "22:30"]),
            "until": st.sampled_from(["00:00", "06:00", "17:00"]),
            "zone": st.sampled_from(["UTC", "America/New_York", "Pacific/Kiritimati"]),
        }
    ),
    **dict.fromkeys((Op.IN, Op.NOT_IN), st.lists(SCALARS, max_size=3)),
    **dict.fromkeys(
        (Op.GT, Op.GTE, Op.LT, Op.LTE), st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    ),
    **dict.fromkeys((Op.EQ, Op.NE, Op.CONTAINS), SCALARS),
}
LEAVES = st.sampled_from(list(Op)).flatmap(
    lambda op: st.fixed_dictionaries({"field": FIELDS, "op": st.just(op), "value": VALUES[op]})
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
).map(PARSE.validate_python)


def holds(op: str, value: Any, found: Any, field: str = "attributes.x") -> bool:
    """Whether the leaf holds for a lead with that value in that field."""
    root, _, name = field.partition(".")
    return compile_condition(PARSE.validate_python({"field": field, "op": op, "value": value}))(
        {root: {name: found}}
    )


def refusal(op: str, value: Any) -> str:
    """What is said of a value that an operator cannot use."""
    with pytest.raises(ValidationError) as refused:
        PARSE.validate_python({"field": "attributes.x", "op": op, "value": value})
    return str(refused.value)


def hours(begin: str, until: str, *days: str) -> dict[str, Any]:
    """Hours of the day in New York."""
    return {"from": begin, "until": until, "zone": "America/New_York"} | (
        {"days": list(days)} if days else {}
    )


def at(moment: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)
