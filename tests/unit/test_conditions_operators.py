"""Operators that know more than plain values: patterns, distances, lists of any size."""

from typing import Any

import pytest
from pydantic import ValidationError

from baton.domain.condition_tests import compile_condition
from baton.domain.condition_words import failed_leaf
from baton.domain.geography import miles_between
from baton.domain.patterns import MAX_PATTERN, MAX_SEARCHED
from tests.unit.condition_strategies import PARSE, at, holds, hours, refusal

BEVERLY_HILLS = {"postal_code": "90210", "miles": 25}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("solar", "a solar roof"),
        ("^CA-[0-9]{3}$", "CA-123"),
        ("(?i)urgent|asap", "call me ASAP"),
        (r"^[\w.+-]+@([\w-]+\.)+gov$", "mia@energy.ca.gov"),
        (r"\pL", "é"),
        ("", "anything"),
        ("needle", "needle" + "x" * 2 * MAX_SEARCHED),
    ],
)
def test_a_pattern_is_found_anywhere_in_a_text(pattern: str, found: str) -> None:
    assert holds("matches", pattern, found)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("solar", "Solar"),
        ("^CA$", "CA\nNY"),
        ("5", 5),
        ("a", ["a"]),
        ("a", None),
        ("needle", "x" * MAX_SEARCHED + "needle"),
        ("x", "\ud800"),
    ],
)
def test_a_pattern_is_not_found(pattern: str, found: Any) -> None:
    assert not holds("matches", pattern, found)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){50}a{50}!!"]
)
def test_no_pattern_makes_a_lead_wait(pattern: str) -> None:
    """With a backtracking engine this test would not end within a lifetime."""
    assert not holds("matches", pattern, "a" * (MAX_SEARCHED - 1) + "!")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(open", "missing ): (open"),
        ("*", "no argument for repetition operator: *"),
        (r"(a)\1", r"invalid escape sequence: \1"),
        ("(?=ahead)", "invalid perl operator: (?="),
        ("\ud800", "not a valid text"),
        ("x" * (MAX_PATTERN + 1), "at most 500 characters"),
        ("(a{1,99}b{1,99}){1,9}" * 3, "must repeat less"),
        (r"(\pL{99}){9}", "pattern too large"),
        (5, "operator 'matches' needs a regular expression, as a text"),
    ],
)
def test_a_bad_pattern_is_refused_when_it_is_written(pattern: Any, message: str) -> None:
    assert message in refusal("matches", pattern)


@pytest.mark.parametrize(
    ("one", "other", "miles"),
    [("10001", "90210", 2450), ("60601", "60602", 0.7), ("33101", "98101", 2730), ("10001", "10001", 0)],
)
def test_the_distance_between_two_postal_codes(one: str, other: str, miles: float) -> None:
    assert miles_between(one, other) == pytest.approx(miles, rel=0.01, abs=0.5)


@pytest.mark.parametrize("found", ["90210", "90401", " 90210 ", "90210-1234", "902101234", "91001"])
def test_a_lead_within_the_radius(found: str) -> None:
    assert holds("within_miles", BEVERLY_HILLS, found, "contact.postal_code")


@pytest.mark.parametrize(
    "found", ["92101", "10001", "00000", "9021", "902100", "SW1A 1AA", "", None, 90210, "09001"]
)
def test_a_lead_outside_the_radius_or_at_no_known_place(found: Any) -> None:
    assert not holds("within_miles", BEVERLY_HILLS, found, "contact.postal_code")


def test_a_condition_may_name_a_postal_code_with_its_four_more_digits() -> None:
    assert holds("within_miles", {"postal_code": " 90210-1234", "miles": 1}, "90210")


def test_a_code_without_a_place_says_so() -> None:
    leaf = PARSE.validate_python(
        {"field": "contact.postal_code", "op": "within_miles", "value": BEVERLY_HILLS}
    )

    why = failed_leaf(leaf, {"contact": {"postal_code": "00000"}})

    assert why == "contact.postal_code within_miles 25 of 90210 (not a known US postal code)"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("90210", "needs a postal code and miles, such as"),
        ({"zip": "90210"}, "needs a postal code and miles, such as"),
        ({"postal_code": "90210"}, "Field required"),
        ({"postal_code": "9021", "miles": 5}, "must be a US postal code: five digits"),
        ({"postal_code": 90210, "miles": 5}, "valid string"),
        ({"postal_code": "90210", "miles": 0}, "greater than 0"),
        ({"postal_code": "90210", "miles": "5"}, "valid number"),
        ({"postal_code": "90210", "miles": 13_000}, "less than or equal to 12500"),
        ({"postal_code": "90210", "miles": float("inf")}, "finite number"),
        ({"postal_code": "90210", "miles": 5, "km": 8}, "Extra inputs are not permitted"),
    ],
)
def test_a_bad_radius_is_refused_when_it_is_written(value: Any, message: str) -> None:
    assert message in refusal("within_miles", value)


def test_a_territory_of_all_postal_codes_finds_each_of_them_and_no_other() -> None:
    codes = [f"{n:05d}" for n in range(0, 100_000, 2)]
    inside, outside = (
        compile_condition(PARSE.validate_python({"field": "contact.postal_code", "op": op, "value": codes}))
        for op in ("in", "not_in")
    )

    for code in ("00000", "99998"):
        assert inside({"contact": {"postal_code": code}})
        assert not outside({"contact": {"postal_code": code}})
    for code in ("00001", "99999", "2", ""):
        assert not inside({"contact": {"postal_code": code}})
        assert outside({"contact": {"postal_code": code}})


@pytest.mark.parametrize("found", [["CA"], {"CA": 1}, [["CA"]]])
def test_a_list_or_an_object_equals_no_single_value(found: Any) -> None:
    assert not holds("in", ["CA", "NY"], found)
    assert not holds("eq", "CA", found)
    assert holds("not_in", ["CA", "NY"], found)
    assert holds("ne", 5, found)


@pytest.mark.parametrize(
    ("values", "found", "expected"),
    [
        (["CA", 3, True], "3.0", True),
        (["CA", 3, True], 3, True),
        (["CA", 3, True], True, True),
        (["CA", 3, True], 1, False),
        (["CA", 3, True], "True", False),
        ([1, 0], True, False),
        ([True], 1, False),
        (["3"], 3, False),
        ([float("nan")], float("nan"), False),
        ([float("nan")], "nan", False),
        ([10**400], 10**400, True),
    ],
)
def test_a_list_may_mix_texts_numbers_and_bools(values: list[Any], found: Any, expected: bool) -> None:
    assert holds("in", values, found) is expected
    assert holds("not_in", values, found) is not expected


@pytest.mark.parametrize("op", ["ne", "not_in", "lt", "matches", "within_miles", "time_of_day"])
@pytest.mark.parametrize(
    "facts", [{}, {"attributes": {}}, {"attributes": {"x": None}}, {"attributes": "x"}, {"attributes": ["x"]}]
)
def test_a_missing_field_is_false_under_every_operator(op: str, facts: dict[str, Any]) -> None:
    value: Any = {
        "not_in": ["CA"],
        "lt": 10,
        "within_miles": BEVERLY_HILLS,
        "time_of_day": hours("00:00", "00:00"),
    }.get(op, "a")
    condition = {"field": "attributes.x", "op": op, "value": value}

    assert not compile_condition(PARSE.validate_python(condition))(facts)
    assert not compile_condition(PARSE.validate_python({"all": [condition]}))(facts)
    assert not compile_condition(
        PARSE.validate_python({"all": [{"field": "attributes.x.y", "op": op, "value": value}]})
    )(facts)


@pytest.mark.parametrize(
    ("leaf", "found", "words"),
    [
        ({"op": "in", "value": ["CA", "NY"]}, None, "attributes.x in [CA, NY] (missing)"),
        ({"op": "gte", "value": 50.0}, "many", "attributes.x gte 50 (not a number)"),
        ({"op": "gte", "value": 50.5}, 10, "attributes.x gte 50.5"),
        ({"op": "eq", "value": True}, False, "attributes.x eq true"),
        ({"op": "eq", "value": ""}, "x", 'attributes.x eq ""'),
        ({"op": "matches", "value": "^a"}, "b", "attributes.x matches ^a"),
        (
            {"op": "time_of_day", "value": hours("09:00", "17:00", "mon", "tue")},
            at("2026-11-22T14:00"),
            "attributes.x time_of_day 09:00-17:00 America/New_York (mon, tue)",
        ),
        (
            {"op": "time_of_day", "value": hours("22:00", "06:00")},
            at("2026-11-22T14:00"),
            "attributes.x time_of_day 22:00-06:00 America/New_York",
        ),
    ],
)
def test_the_trace_says_what_failed_and_whether_the_field_was_missing(
    leaf: dict[str, Any], found: Any, words: str
) -> None:
    condition = PARSE.validate_python({"field": "attributes.x", **leaf})

    assert failed_leaf(condition, {"attributes": {"x": found}}) == words


def test_what_failed_is_short_however_much_a_condition_lists() -> None:
    codes = {"field": "contact.postal_code", "op": "in", "value": [f"{n:05d}" for n in range(5000)]}
    long = {"field": "attributes.x", "op": "eq", "value": "words " * 100}

    one, many = (
        failed_leaf(PARSE.validate_python(c), {})
        for c in (codes, {"any": [{"not": {"all": []}}, long, codes] * 9})
    )

    assert one is not None
    assert one.startswith("contact.postal_code in [00000, 00001, ")
    assert one.endswith(" more] (missing)")
    assert len(one) <= 200
    assert many is not None
    assert len(many) == 200


def nested(levels: int) -> dict[str, Any]:
    """A condition that nests that deep."""
    condition: dict[str, Any] = {"field": "score", "op": "exists"}
    for level in range(levels - 1):
        condition = {"not": condition} if level % 2 else {"all": [condition]}
    return condition


def test_conditions_nest_as_deep_as_people_can_read_and_no_deeper() -> None:
    PARSE.validate_python(nested(20))

    for levels in (21, 400, 10_000):
        with pytest.raises(ValidationError, match="conditions nest at most 20 deep"):
            PARSE.validate_python(nested(levels))
