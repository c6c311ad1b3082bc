"""The guide to sources: its example can be configured, and every hook is explained."""

import re
from pathlib import Path
from typing import Final

import pytest
import yaml

from baton.domain.hooks.enquiry import Format
from baton.domain.hooks.settings import Hooks
from baton.domain.source import Source

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()


def test_the_example_can_be_configured() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)

    assert Source.model_validate(yaml.safe_load(text)["sources"][0]).hooks.meta


@pytest.mark.parametrize("word", [*Format, *(name for name in Hooks.model_fields if name == "questions")])
def test_every_hook_is_explained(word: str) -> None:
    assert f"`{word}`" in GUIDE
