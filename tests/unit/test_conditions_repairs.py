"""What would have had to be different: the fewest comparisons, in words that a person reads."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.condition_repairs import repairs
from baton.domain.condition_tests import compile_condition
from baton.domain.conditions import Condition
from tests.unit.condition_strategies import CONDITIONS, FACTS, PARSE


def is_(field: str, op: str, value: Any = None) -> dict[str, Any]:
    """One comparison."""
    return {"field": field, "op": op, "value": value}


def needed(condition: dict[str, Any], **facts: Any) -> list[str] | None:
    """The repairs for a lead with these facts, each as one line."""
    found = repairs(PARSE.validate_python(condition), facts)
    return None if found is None else [f"{repair.field}: {repair.needs}" for repair in found]


STATE = is_("contact.state", "in", ["CA", "NY"])
SIZE = is_("attributes.size", "gte", 50)
SCORE = is_("score", "gt", 10)


def test_a_condition_that_holds_needs_nothing() -> None:
    assert needed({"all": [STATE, SCORE]}, contact={"state": "CA"}, score=11) == []
    assert repairs(None, {}) == ()


def test_all_needs_every_part_that_failed() -> None:
    assert needed({"all": [STATE, SCORE, SIZE]}, contact={"state": "TX"}, score=11) == [
        "contact.state: one of CA, NY",
        "attributes.size: at least 50",
    ]


def test_any_needs_its_smallest_alternative_and_the_first_among_equals() -> None:
    both = {"all": [STATE, SIZE]}

    assert needed({"any": [both, SCORE]}) == ["score: more than 10"]
    assert needed({"any": [both, SCORE]}, contact={"state": "CA"}) == ["attributes.size: at least 50"]


def test_not_needs_the_fewest_parts_to_fail() -> None:
    facts: dict[str, Any] = {"contact": {"state": "CA"}, "score": 11, "attributes": {"size": 60}}

    assert needed({"not": {"all": [STATE, SCORE]}}, **facts) == ["contact.state: not one of CA, NY"]
    assert needed({"not": {"any": [STATE, SCORE]}}, **facts) == [
        "contact.state: not one of CA, NY",
        "score: at most 10",
    ]
    assert needed({"not": {"not": {"any": [STATE, SCORE]}}}) == ["contact.state: one of CA, NY"]


@pytest.mark.parametrize(
    "hopeless",
    [
        {"any": []},
        {"not": {"all": []}},
        {"all": [STATE, {"any": []}]},
        is_("score", "in", []),
        {"all": [STATE, is_("score", "in", [])]},
        {"all": [SCORE, {"not": SCORE}]},
        {"any": [{"all": [STATE, {"not": STATE}]}, {"any": []}]},
    ],
)
def test_what_nothing_can_repair_says_so(hopeless: dict[str, Any]) -> None:
    assert needed(hopeless, score=50, contact={"state": "CA"}) is None


def test_a_comparison_that_occurs_twice_counts_once() -> None:
    one_for_both = {"all": [{"any": [STATE, SCORE]}, {"any": [SIZE, SCORE]}]}

    assert needed(one_for_both) == ["score: more than 10"]
    assert needed({"all": [SCORE, STATE, SCORE]}) == ["score: more than 10", "contact.state: one of CA, NY"]


def test_a_repair_does_not_break_what_held() -> None:
    """Were the score lower, the second part would hold and the first would not."""
    condition = {"all": [SCORE, {"any": [{"not": SCORE}, {"all": [STATE, SIZE]}]}]}

    assert needed(condition, score=11) == ["contact.state: one of CA, NY", "attributes.size: at least 50"]


HOURS = {"from": "09:00", "until": "17:00", "zone": "America/New_York", "days": ["mon", "tue"]}


@pytest.mark.parametrize(
    ("op", "value", "holds", "fails"),
    [
        ("eq", "CA", "CA", "not CA"),
        ("eq", True, "true", "not true"),
        ("ne", 5, "not 5", "5"),
        ("in", ["CA", 5], "one of CA, 5", "not one of CA, 5"),
        ("not_in", ["CA"], "not one of CA", "one of CA"),
        ("not_in", [], "any value", "no value"),
        ("gt", 5, "more than 5", "at most 5"),
        ("gte", 5.5, "at least 5.5", "less than 5.5"),
        ("lt", 5, "less than 5", "at least 5"),
        ("lte", 5.0, "at most 5", "more than 5"),
        ("between", [1, 3], "from 1 to 3", "less than 1 or more than 3"),
        ("contains", "roof", "containing roof", "not containing roof"),
        ("starts_with", "94", "starting with 94", "not starting with 94"),
        ("matches", "^a", "matching the pattern ^a", "not matching the pattern ^a"),
        ("exists", None, "any value", "no value"),
        ("exists", False, "no value", "any value"),
        (
            "within_miles",
            {"postal_code": "90210", "miles": 25},
            "within 25 miles of 90210",
            "over 25 miles from 90210",
        ),
        (
            "time_of_day",
            HOURS,
            "during 09:00-17:00 America/New_York (mon, tue)",
            "outside 09:00-17:00 America/New_York (mon, tue)",
        ),
    ],
)
def test_every_operator_says_what_would_have_passed(op: str, value: Any, holds: str, fails: str) -> None:
    leaf = is_("attributes.x", op, value)
    # Whatever the lead has: one of the two is false.
    without, twice_not = {"all": [leaf, {"not": {"not": leaf}}]}, {"not": leaf}

    said = {*(needed(without) or ()), *(needed(without, attributes={"x": "-"}) or ())}
    unsaid = {
        line
        for found in ("CA", True, 5, "5", 2, 9, "roof", "94", "a", "90210", "2026-11-23T15:00:00Z", None)
        for line in needed(twice_not, attributes={"x": found}) or ()
    }

    assert said == {f"attributes.x: {holds}"}
    assert unsaid == {f"attributes.x: {fails}"}


def test_words_are_short_and_never_the_leads_own() -> None:
    codes = is_("contact.postal_code", "in", [f"{n:05d}" for n in range(5000)])
    long = is_("contact.city", "eq", "very " * 100)

    found = repairs(
        PARSE.validate_python({"all": [codes, long]}),
        {"contact": {"postal_code": "98765", "city": "Secretville"}},
    )

    assert found is not None
    assert [len(repair.needs) <= 200 for repair in found] == [True, True]
    assert "and 4982 more" in found[0].needs
    assert not any(own in str(found) for own in ("98765", "Secretville"))


@given(CONDITIONS, FACTS)
def test_repairs_are_empty_exactly_where_the_condition_holds(
    condition: Condition, facts: dict[str, Any]
) -> None:
    assert (repairs(condition, facts) == ()) is compile_condition(condition)(facts)


NAMES = "abcdef"
TREES = st.recursive(
    st.sampled_from(NAMES),
    lambda inner: st.one_of(
        st.tuples(st.just("all"), st.lists(inner, max_size=3)),
        st.tuples(st.just("any"), st.lists(inner, max_size=3)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=9,
)


def written(tree: Any) -> dict[str, Any]:
    """A tree as a condition over attributes that are true or false."""
    if isinstance(tree, str):
        return is_(f"attributes.{tree}", "eq", True)
    kind, parts = tree
    return {kind: written(parts) if kind == "not" else [written(part) for part in parts]}


def flips(facts: dict[str, bool]) -> Iterator[tuple[str, ...]]:
    """Every way to change facts, those that change less first."""
    for size in range(len(facts) + 1):
        yield from combinations(facts, size)


@given(TREES, st.fixed_dictionaries({name: st.booleans() for name in NAMES}))
def test_no_smaller_set_of_changes_repairs_a_condition(tree: Any, facts: dict[str, bool]) -> None:
    condition = PARSE.validate_python(written(tree))
    test = compile_condition(condition)

    def mended(changed: tuple[str, ...]) -> bool:
        return test({"attributes": {name: value ^ (name in changed) for name, value in facts.items()}})

    fewest = next((changed for changed in flips(facts) if mended(changed)), None)
    found = repairs(condition, {"attributes": facts})

    assert (found is None) is (fewest is None)
    if found is not None and fewest is not None:
        assert len(found) == len(fewest)
        assert mended(tuple(repair.field.removeprefix("attributes.") for repair in found))
