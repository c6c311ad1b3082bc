"""Checks of a condition before any lead meets it: does it fit its fields, and can it ever hold?"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.domain.condition_never import never
from baton.domain.condition_tests import compile_condition
from baton.domain.condition_types import type_problems
from baton.domain.conditions import AllOf, Condition
from baton.domain.fields import FieldType
from tests.unit.condition_strategies import CONDITIONS, FACTS, PARSE

TYPES = {
    "product": FieldType.TEXT,
    "roof_m2": FieldType.NUMBER,
    "owner": FieldType.BOOLEAN,
    "interests": FieldType.LIST,
    "move_in": FieldType.MOMENT,
    "site.zip": FieldType.TEXT,
}
HOURS = {"from": "09:00", "until": "17:00", "zone": "America/New_York"}
NEAR = {"postal_code": "90210", "miles": 25}


def is_(field: str, op: str, value: Any = None) -> dict[str, Any]:
    """One comparison."""
    return {"field": field, "op": op, "value": value}


def problems(condition: dict[str, Any], types: Any = TYPES) -> list[tuple[str, str]]:
    """What is wrong with a condition."""
    return type_problems(PARSE.validate_python(condition), types)


@pytest.mark.parametrize(
    "fitting",
    [
        is_("contact.state", "in", ["CA", "NY"]),
        is_("contact.email", "matches", r"\.gov$"),
        is_("contact.postal_code", "within_miles", NEAR),
        is_("attributes.site.zip", "within_miles", NEAR),
        is_("consent.given", "eq", True),
        is_("consent.text", "contains", "call"),
        is_("consent.at", "exists"),
        is_("score", "between", [1, 9]),
        is_("source_id", "eq", "web"),
        is_("campaign_id", "not_in", ["solar"]),
        is_("attribution.utm_whatever", "starts_with", "x"),
        is_("time.now", "time_of_day", HOURS),
        is_("time.received", "time_of_day", HOURS),
        is_("attributes.product", "ne", "solar"),
        is_("attributes.roof_m2", "gt", 50),
        is_("attributes.roof_m2", "in", [1, 2.5]),
        is_("attributes.owner", "ne", False),
        is_("attributes.interests", "contains", "solar"),
        is_("attributes.interests", "contains", 5),
        is_("attributes.move_in", "time_of_day", HOURS),
    ],
)
def test_a_condition_that_fits_its_field_has_no_problem(fitting: dict[str, Any]) -> None:
    assert problems(fitting) == []


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (is_("contact.stat", "exists"), "unknown field 'contact.stat'; known: contact.first_name, "),
        (is_("contact", "exists"), "unknown field 'contact'; known: contact.first_name, "),
        (is_("attributes.colour", "exists"), "known: attributes.interests, attributes.move_in"),
        (is_("attributes", "exists"), "unknown field 'attributes'"),
        (is_("attribution", "exists"), "unknown field 'attribution': say which, as in attribution.name"),
        (is_("score.x", "exists"), "unknown field 'score.x'; known: score"),
        (is_("time.later", "exists"), "known: time.now, time.received"),
        (is_("contact.state", "gt", 5), "operator 'gt' does not fit contact.state, which is a text"),
        (is_("score", "starts_with", "5"), "operator 'starts_with' does not fit score, which is a number"),
        (is_("time.now", "gt", 5), "a moment; operators for it: exists, time_of_day"),
        (is_("time.now", "between", [1, 2]), "operator 'between' does not fit time.now"),
        (is_("contact.state", "time_of_day", HOURS), "operator 'time_of_day' does not fit contact.state"),
        (is_("attributes.interests", "eq", "solar"), "a list; operators for it: contains, exists"),
        (is_("attributes.owner", "contains", True), "which is a boolean"),
        (is_("contact.city", "within_miles", NEAR), "needs a postal code, which contact.city is not"),
        (is_("score", "eq", "abc"), "score is a number: compare it with a number, without quotes"),
        (is_("attributes.roof_m2", "in", [1, "2"]), "compare it with a number, without quotes"),
        (is_("contact.postal_code", "eq", 90210), "compare it with text, in quotes"),
        (is_("contact.postal_code", "contains", 90), "compare it with text, in quotes"),
        (is_("attributes.owner", "eq", "true"), "compare it with true or false, without quotes"),
        (
            is_("contact.postal_code", "within_miles", NEAR | {"postal_code": "00000"}),
            "'00000' is no US postal",
        ),
        (
            is_("contact.postal_code", "within_miles", NEAR | {"postal_code": "09001"}),
            "'09001' is no US postal",
        ),
    ],
)
def test_a_condition_that_does_not_fit_says_what_is_wrong(wrong: dict[str, Any], problem: str) -> None:
    (found,) = problems(wrong)

    assert found[0] == ""
    assert problem in found[1]


@pytest.mark.parametrize("types", [None, {}])
def test_where_attributes_are_not_listed_any_will_do(types: Any) -> None:
    anything = [
        is_("attributes.new", "gt", 5),
        is_("attributes.new", "eq", "x"),
        is_("attributes.a.b", "exists"),
    ]

    assert problems({"all": anything}, types) == []
    assert problems(is_("attributes.zip", "within_miles", NEAR | {"postal_code": "00000"}), types) != []
    assert problems(is_("attributes", "exists"), types) == [
        ("", "unknown field 'attributes': say which, as in attributes.name")
    ]


def test_every_problem_has_its_place() -> None:
    bad, good = is_("contact.x", "exists"), is_("score", "exists")
    condition = {"all": [bad, {"any": [good, good, {"not": bad}]}, {"not": {"all": [good, bad]}}]}

    assert [place for place, _ in problems(condition)] == ["all[0]", "all[1].any[2].not", "all[2].not.all[1]"]
    assert type_problems(None, TYPES) == []


CA, NY = is_("contact.state", "eq", "CA"), is_("contact.state", "eq", "NY")
SCORE = "score"


@pytest.mark.parametrize(
    "impossible",
    [
        {"any": []},
        {"not": {"all": []}},
        is_("score", "in", []),
        {"all": [CA, NY]},
        {"all": [CA, {"all": [NY]}]},
        {"all": [CA, {"any": [NY, is_("contact.state", "in", ["TX", "WA"])]}]},
        {"all": [CA, is_("contact.state", "ne", "CA")]},
        {"all": [CA, {"not": CA}]},
        {"all": [CA, {"not": {"any": [NY, CA]}}]},
        {"not": {"any": [{"not": CA}, {"not": NY}]}},
        {"not": {"not": {"all": [CA, NY]}}},
        {
            "all": [
                is_("contact.state", "in", ["CA", "NY"]),
                is_("contact.state", "not_in", ["NY", "CA", "TX"]),
            ]
        },
        {"all": [is_("contact.state", "in", ["CA", "NY"]), is_("contact.state", "starts_with", "T")]},
        {"all": [is_("contact.state", "in", ["CA", "NY"]), is_("contact.state", "matches", "^T")]},
        {"all": [CA, is_("contact.state", "exists", False)]},
        {"all": [CA, {"not": is_("contact.state", "exists")}]},
        {"all": [is_("contact.state", "exists"), is_("contact.state", "exists", False)]},
        {"all": [is_(SCORE, "gt", 10), is_(SCORE, "lt", 10)]},
        {"all": [is_(SCORE, "gt", 10), is_(SCORE, "lte", 10)]},
        {"all": [is_(SCORE, "gte", 10), is_(SCORE, "lt", 10)]},
        {"all": [is_(SCORE, "between", [1, 5]), is_(SCORE, "between", [6, 9])]},
        {"all": [is_(SCORE, "between", [1, 5]), is_(SCORE, "gte", 6)]},
        {"all": [is_(SCORE, "eq", 3), is_(SCORE, "gt", 3)]},
        {"all": [is_(SCORE, "in", [1, 2]), is_(SCORE, "eq", 3)]},
        {"all": [is_(SCORE, "eq", 3), {"not": is_(SCORE, "between", [1, 5])}]},
        {"all": [is_("consent.given", "eq", True), is_("consent.given", "eq", False)]},
    ],
)
def test_plain_contradictions_are_found(impossible: dict[str, Any]) -> None:
    assert never(PARSE.validate_python(impossible))


@pytest.mark.parametrize(
    "possible",
    [
        None,
        {"all": []},
        {"any": [CA, NY]},
        {"any": [{"any": []}, CA]},
        {"all": [CA, is_("contact.city", "eq", "NY")]},
        {"all": [CA, {"any": [NY, is_("score", "gt", 1)]}]},
        {"not": {"all": [CA, NY]}},
        {"not": {"any": [CA, NY]}},
        {"all": [{"not": CA}, is_("contact.state", "exists", False)]},
        {"all": [{"not": is_("contact.state", "exists", False)}, CA]},
        {"all": [is_(SCORE, "gte", 10), is_(SCORE, "lte", 10)]},
        {"all": [is_(SCORE, "between", [1, 5]), is_(SCORE, "between", [5, 9])]},
        {"all": [is_("attributes.n", "eq", 3), is_("attributes.n", "eq", "3")]},
        {"all": [is_("attributes.n", "eq", 3), is_("attributes.n", "starts_with", "3.")]},
        {"all": [is_("attributes.n", "eq", 3), is_("attributes.n", "ne", "3")]},
        {"all": [is_("attributes.n", "contains", "a"), is_("attributes.n", "contains", "b")]},
        {"all": [CA, is_("contact.state", "within_miles", NEAR)]},
    ],
)
def test_what_may_hold_is_not_called_impossible(possible: dict[str, Any] | None) -> None:
    assert not never(PARSE.validate_python(possible) if possible else None)


def test_conditions_that_contradict_each_other_can_never_hold_together() -> None:
    one, other = PARSE.validate_python({"any": [CA]}), PARSE.validate_python(NY)

    assert not never(one)
    assert not never(one, None)
    assert never(one, other)
    assert never(AllOf(all=[one, other]))


SMALL = st.sampled_from([1, 2, 3, "1", "2", "a", "b", True, False, "1.0"])
FEW = st.one_of(
    st.tuples(st.sampled_from(["eq", "ne"]), SMALL),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(SMALL, max_size=3)),
    st.tuples(st.sampled_from(["gt", "gte", "lt", "lte"]), st.integers(0, 4)),
    st.tuples(st.just("between"), st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)),
    st.tuples(st.just("exists"), st.booleans()),
    st.tuples(st.sampled_from(["starts_with", "contains"]), st.sampled_from(["1", "a", "."])),
    st.tuples(st.just("matches"), st.sampled_from([r"\.", "^1", "a"])),
).map(lambda leaf: is_("attributes.x", leaf[0], leaf[1]))
TIGHT = st.recursive(
    FEW,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
).map(PARSE.validate_python)
FOUND: list[Any] = [
    None,
    0,
    1,
    1.5,
    2,
    3,
    4,
    9,
    "1",
    " 1",
    "1.0",
    "2",
    "3",
    "a",
    "b",
    "ab",
    "",
    True,
    False,
    ["a"],
    ["1"],
]


@settings(max_examples=400)
@given(TIGHT)
def test_what_is_called_impossible_holds_for_no_lead(condition: Condition) -> None:
    test = compile_condition(condition)

    assert not (never(condition) and any(test({"attributes": {"x": found}}) for found in FOUND))


@given(CONDITIONS, FACTS)
def test_what_holds_for_a_lead_is_not_called_impossible(condition: Condition, facts: dict[str, Any]) -> None:
    assert not (compile_condition(condition)(facts) and never(condition))
