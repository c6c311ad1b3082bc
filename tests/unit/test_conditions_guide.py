"""The guide to conditions: every example is a condition that can be published, and no operator is left out."""

import re
from pathlib import Path

import pytest

from baton.domain.condition_never import never
from baton.domain.condition_types import type_problems
from baton.domain.conditions import Op
from tests.unit.condition_strategies import PARSE

GUIDE = (Path(__file__).parents[2] / "docs" / "conditions.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_published(example: str) -> None:
    condition = PARSE.validate_json(example)

    assert type_problems(condition, None) == []
    assert not never(condition)


@pytest.mark.parametrize("op", Op)
def test_every_operator_has_an_example_and_a_row(op: Op) -> None:
    assert any(f'"op": "{op}"' in example for example in EXAMPLES)
    assert f"| `{op}`" in GUIDE or f", `{op}` |" in GUIDE
