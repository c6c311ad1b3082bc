"""What all the other tests left behind, looked at once they are through (invariants 9 and 10)."""

import pytest

from baton.domain.lead import LeadState
from tests.e2e.stack import Stack, complaints_in
from tests.e2e.team import Team
from tests.infra.deployed import functions

# A clock's second and a log's delay, on both sides of what was denied on purpose.
MARGIN_S = 2.0


Logs = dict[str, list[tuple[float, str]]]


@pytest.fixture(scope="module", autouse=True)
def _something_happened(stack: Stack) -> None:
    """Every function ran at least once, also where these tests run alone."""
    team = Team.at(stack)
    lead_id = stack.take_in(team.source_id)
    stack.answer(stack.link_to(team.phone(1)), "accept")
    stack.until(lead_id, LeadState.ASSIGNED)
    stack.ended(lead_id)
    stack.sweep()


@pytest.fixture(scope="module")
def logs(stack: Stack, _something_happened: None) -> Logs:
    """Every function's log lines, with their times, read once for all who look into them."""
    return {name: stack.logs_of(name) for name in functions()}


@pytest.mark.parametrize("function", functions())
def test_no_function_was_denied_or_lacked_anything_but_what_was_taken_from_it(
    stack: Stack, logs: Logs, function: str
) -> None:
    on_purpose = [(begun, ended) for name, begun, ended in stack.denials if name == function]

    complaints = [
        line
        for at, line in complaints_in(logs[function])
        if not any(begun - MARGIN_S <= at <= ended + MARGIN_S for begun, ended in on_purpose)
    ]
    assert logs[function]
    assert complaints == []


@pytest.mark.parametrize("function", functions())
def test_no_personal_data_is_in_a_log(stack: Stack, logs: Logs, function: str) -> None:
    text = "\n".join(line for _, line in logs[function])

    assert text
    assert {secret for secret in stack.personal if secret in text} == set()


def test_no_personal_data_is_in_what_step_functions_keeps(stack: Stack) -> None:
    text = "\n".join(stack.histories())

    assert text
    assert {secret for secret in stack.personal if secret in text} == set()


def test_no_personal_data_is_in_what_operations_are_told(stack: Stack) -> None:
    stack.alerts_about("")

    assert {secret for secret in stack.personal if secret in str(stack.alerts)} == set()


def test_every_log_line_of_a_function_is_one_document(logs: Logs) -> None:
    ours = [line for lines in logs.values() for _, line in lines if '"message"' in line]

    assert ours
    assert all(line.startswith("{") and line.rstrip().endswith("}") for line in ours)
