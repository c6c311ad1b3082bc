"""Conditions: every operator, what does not fit is false, and nothing that a lead carries makes one raise."""

from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from baton.domain.condition_tests import compile_condition
from baton.domain.condition_words import failed_leaf
from baton.domain.conditions import Condition
from tests.unit.condition_strategies import CONDITIONS, FACTS, PARSE


def holds(op: str, value: Any, found: Any, field: str = "attributes.x") -> bool:
    """Whether the leaf holds for a lead whose attribute x is `found`."""
    condition = PARSE.validate_python({"field": field, "op": op, "value": value})
    return compile_condition(condition)({"attributes": {"x": found}})


@pytest.mark.parametrize(
    ("op", "value", "found"),
    [
        ("eq", "CA", "CA"),
        ("eq", 3, 3.0),
        ("eq", 3, "3"),
        ("eq", True, True),
        ("ne", "CA", "NY"),
        ("ne", 3, "4"),
        ("in", ["CA", "NY"], "NY"),
        ("in", [1, 2], "2"),
        ("not_in", ["CA", "NY"], "TX"),
        ("gt", 10, 11),
        ("gt", 10, "10.5"),
        ("gte", 10, 10),
        ("lt", 10, 9),
        ("lt", 0, "-1e3"),
        ("lte", 10, 10),
        ("between", [1, 3], 1),
        ("between", [1, 3], 3),
        ("between", [1.5, 3], " 2 "),
        ("contains", "oo", "roof"),
        ("contains", "solar", ["wind", "solar"]),
        ("starts_with", "94", "94110"),
        ("exists", None, 0),
        ("exists", True, ""),
        ("exists", False, None),
    ],
)
def test_an_operator_holds(op: str, value: Any, found: Any) -> None:
    assert holds(op, value, found)


@pytest.mark.parametrize(
    ("op", "value", "found"),
    [
        ("eq", "CA", "ca"),
        ("eq", "3", 3),
        ("eq", 1, True),
        ("eq", True, 1),
        ("eq", True, "true"),
        ("eq", 3, "three"),
        ("eq", "x", None),
        ("ne", "CA", "CA"),
        ("ne", "CA", None),
        ("in", ["CA"], "NY"),
        ("in", [], "NY"),
        ("in", [1], True),
        ("in", ["CA"], ["CA"]),
        ("not_in", ["CA"], "CA"),
        ("not_in", ["CA"], None),
        ("gt", 10, 10),
        ("gt", 10, True),
        ("gt", 10, "many"),
        ("gt", 10, "nan"),
        ("gt", 10, None),
        ("gt", 10, [11]),
        ("gt", 10, {"n": 11}),
        ("gte", 10, ""),
        ("lt", 10, 10),
        ("lte", 10, 11),
        ("between", [1, 3], 4),
        ("between", [1, 3], "1-3"),
        ("contains", "x", "roof"),
        ("contains", 5, "5"),
        ("contains", "x", 5),
        ("contains", "x", {"x": 1}),
        ("starts_with", "94", 94110),
        ("exists", None, None),
        ("exists", False, 0),
    ],
)
def test_an_operator_does_not_hold(op: str, value: Any, found: Any) -> None:
    assert not holds(op, value, found)


@pytest.mark.parametrize(("value", "found"), [(1, [True]), (True, [1]), (0, [False])])
def test_a_bool_in_a_list_is_no_number(value: Any, found: Any) -> None:
    assert not holds("contains", value, found)


@pytest.mark.parametrize(
    ("field", "facts", "value"),
    [
        ("attributes.x", {"attributes": {"x": 1}}, 1),
        ("attributes.a.b", {"attributes": {"a": {"b": 1}}}, 1),
        ("attributes.a.b", {"attributes": {"a.b": 1, "a": {"b": 2}}}, 1),
        ("score", {"score": 1}, 1),
        ("consent.given", {"consent": {"given": True}}, True),
    ],
)
def test_a_path_finds_its_field(field: str, facts: dict[str, Any], value: Any) -> None:
    condition = PARSE.validate_python({"field": field, "op": "eq", "value": value})

    assert compile_condition(condition)(facts)


YES, NO = {"field": "score", "op": "eq", "value": 1}, {"field": "score", "op": "eq", "value": 2}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ({"all": []}, True),
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"any": []}, False),
        ({"any": [NO, YES]}, True),
        ({"any": [NO, NO]}, False),
        ({"not": NO}, True),
        ({"not": {"any": [NO, {"not": {"all": [YES, {"not": NO}]}}]}}, True),
    ],
)
def test_conditions_nest(condition: dict[str, Any] | None, expected: bool) -> None:
    parsed = PARSE.validate_python(condition) if condition else None

    assert compile_condition(parsed)({"score": 1}) is expected


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"field": "phone", "op": "exists"}, "must start with one of: attributes, attribution"),
        ({"field": "score", "op": "gt", "value": "10"}, "operator 'gt' needs a number"),
        ({"field": "score", "op": "gt", "value": True}, "operator 'gt' needs a number"),
        ({"field": "score", "op": "in", "value": "CA"}, "operator 'in' needs a list of values"),
        ({"field": "score", "op": "eq"}, "operator 'eq' needs one value"),
        ({"field": "score", "op": "between", "value": [3, 1]}, "two numbers, the lower first"),
        ({"field": "score", "op": "between", "value": [1, 2, 3]}, "two numbers, the lower first"),
        ({"field": "score", "op": "starts_with", "value": 9}, "operator 'starts_with' needs a text"),
        ({"field": "score", "op": "exists", "value": "yes"}, "needs true, false or nothing"),
        ({"field": "score", "op": "like", "value": "x"}, "Input should be 'eq', 'ne'"),
        ({"field": "", "op": "exists"}, "at least 1 character"),
        ({"all": [], "any": []}, "Extra inputs are not permitted"),
        ({"al": []}, "Extra inputs are not permitted"),
        ({"not": [YES]}, "valid dictionary"),
        ({"all": [{"any": [{"field": "score", "op": "gt", "value": "10"}]}]}, "operator 'gt' needs a number"),
    ],
)
def test_a_wrong_condition_is_refused_when_it_is_written(condition: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PARSE.validate_python(condition)

    assert message in str(refused.value)


@given(CONDITIONS, FACTS)
def test_no_lead_makes_a_condition_raise_and_the_reason_agrees_with_the_verdict(
    condition: Condition, facts: dict[str, Any]
) -> None:
    assert (failed_leaf(condition, facts) is None) is compile_condition(condition)(facts)


@given(CONDITIONS)
def test_a_condition_means_the_same_after_it_was_stored(condition: Condition) -> None:
    stored = PARSE.dump_python(condition, mode="json", by_alias=True)

    assert PARSE.dump_python(PARSE.validate_python(stored), mode="json", by_alias=True) == stored


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (NO, "score eq 2"),
        ({"all": [YES, NO]}, "score eq 2"),
        ({"any": [NO, {"all": [NO]}]}, "none of: score eq 2; score eq 2"),
        ({"not": {"any": [YES, NO]}}, "must not hold: (score eq 1 or score eq 2)"),
        ({"field": "contact.email", "op": "exists"}, "contact.email exists"),
    ],
)
def test_the_first_part_that_failed_is_named_in_words(condition: dict[str, Any], words: str) -> None:
    assert failed_leaf(PARSE.validate_python(condition), {"score": 1}) == words
