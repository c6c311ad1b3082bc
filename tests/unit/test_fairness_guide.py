"""The guide to fairness: its worked examples come out as it says."""

import re
from pathlib import Path

import pytest

from baton.domain.configuration_file import read_file
from baton.domain.performance import measured
from baton.domain.pool import Performance
from baton.domain.standing import Turn
from baton.domain.turns import in_turn
from baton.entrypoints.console.plain_yaml import read
from tests.builders import MONDAY_9AM, SECOND

GUIDE = (Path(__file__).parents[2] / "docs" / "fairness.md").read_text()
TESTS = "".join((Path(__file__).parent / f"test_{name}.py").read_text() for name in ("turns", "models"))
WEEK = "week:2026-W48"
WEIGHTS = {"ana": 3, "ben": 2, "carla": 1}


def test_the_three_members_get_their_leads_in_the_order_of_the_table() -> None:
    turns = {who: Turn("team", who) for who in WEIGHTS}
    told = re.findall(r"^\| \d \| (.+?) \| (.+?) \| (.+?) \| \*\*(\w+)\*\* \|", GUIDE, re.MULTILINE)
    found = []
    for lead in range(len(told)):
        now = MONDAY_9AM + lead * SECOND
        order = in_turn(list(turns.values()), list(WEIGHTS.values()), 0, now)
        by_name = {place.recipient_id: place for place in order}
        shown = (
            f"{by_name[who].turns}, {f'{by_name[who].due:g}' if by_name[who].begun else 'not begun'}"
            for who in WEIGHTS
        )
        first = order[0]
        found.append((*shown, first.recipient_id))
        who = first.recipient_id
        turns[who] = turns[who].after(first.turns, first.weight, first.level, now)

    assert found == [tuple(cell.replace("**", "") for cell in row) for row in told]
    assert len(told) == sum(WEIGHTS.values())


@pytest.mark.parametrize("words", re.findall(r"`\[(.+?)\]`", GUIDE))
def test_every_promise_has_the_test_that_it_names(words: str) -> None:
    name = ".*".join(re.escape(part.replace(" ", "_")) for part in words.split(" ... "))

    assert re.search(rf"^def test_\w*{name}", TESTS, re.MULTILINE)


def test_the_weights_by_performance_are_those_of_the_table() -> None:
    rows = re.findall(
        r"^\| (\w+) \| (\d+) \| (\d+) \| ([\d.]+)% \| ([\d.]+)% \| (\d+) \|", GUIDE, re.MULTILINE
    )
    turns = {
        who: [Turn("team", who, taken={WEEK: int(leads)}, converted={WEEK: int(won)})]
        for who, leads, won, *_ in rows
    }

    found = measured(turns, frozenset({WEEK}), Performance())

    assert [(one.recipient_id, f"{100 * one.estimate:.1f}", str(one.weight)) for one in found] == [
        (who, estimate, weight) for who, _, _, _, estimate, weight in rows
    ]
    assert len(rows) == len(WEIGHTS)


@pytest.mark.parametrize("file", re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
def test_an_example_has_the_shape_of_a_configuration_file(file: str) -> None:
    assert read_file(read(file.encode()))[2] == []
