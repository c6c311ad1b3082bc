"""What all end-to-end tests left behind, looked at once they are through (invariants 9 and 10)."""

import pytest

from tests.e2e.left_behind import LeftBehind, kept
from tests.infra.deployed import functions


@pytest.fixture(scope="module")
def left() -> list[LeftBehind]:
    """What is there of every deployment."""
    found = kept()
    assert found, "nothing to look at: run tests/e2e before"
    assert [name for name, left in found.items() if left is None] == [], "their tests came to no end"
    return [left for left in found.values() if left]


@pytest.mark.parametrize("function", functions())
def test_every_function_ran_in_some_test_and_none_lacked_anything_but_what_was_taken_from_it(
    left: list[LeftBehind], function: str
) -> None:
    assert sum(one.lines[function] for one in left)
    assert [line for one in left for line in one.complaints[function]] == []


def test_no_personal_data_is_in_a_log_nor_in_what_step_functions_keeps_nor_in_what_operations_are_told(
    left: list[LeftBehind],
) -> None:
    assert sum(one.executions for one in left)
    assert sum(one.alerts for one in left)
    assert [(where, found) for one in left for where, found in one.personal.items() if found] == []


def test_every_log_line_of_a_function_is_one_document(left: list[LeftBehind]) -> None:
    assert [line for one in left for line in one.not_documents] == []
