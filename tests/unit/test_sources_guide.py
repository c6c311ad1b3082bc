"""The guide to sources: its examples can be configured and sent, and every hook is explained."""

import re
import shlex
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest
import yaml

from baton.domain.hooks.enquiry import Format
from baton.domain.hooks.settings import Hooks
from baton.domain.source import Source
from tests.unit.platforms import KEY, Company

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()


PLATFORMS, PARTNER, NETWORK = (
    Source.model_validate(yaml.safe_load(text)["sources"][0])
    for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
)


def test_the_examples_can_be_configured() -> None:
    assert PLATFORMS.hooks.meta
    assert PARTNER.hooks.generic
    assert NETWORK.sub_source_of({"publisher": "pub_17"}) == "pub_17"


def test_the_form_of_the_example_becomes_the_lead_that_it_says() -> None:
    (command,) = re.findall(r"^curl \S+/hooks/generic (.*?)```", GUIDE, re.DOTALL | re.MULTILINE)
    fields = dict(word.split("=", 1) for word in shlex.split(command) if "=" in word)
    company = Company(hooks=PARTNER.hooks)

    answer = company.request(
        "generic", urlencode(fields), "application/x-www-form-urlencoded", {"X-Api-Key": KEY}
    )

    assert (answer.status, answer.json()) == (200, {"received": 1})
    (lead,) = company.leads
    assert (lead.contact.email, lead.contact.last_name) == ("maria@example.com", "Lopez")


def test_a_path_is_taken_of_a_form_and_a_name_of_json_too() -> None:
    company = Company(hooks={"generic": {"fields": {"contact.email": "$.mail", "contact.phone": "phone"}}})
    sent = {"mail": "maria@example.com", "phone": "+12125550199"}

    as_form = company.request(
        "generic", urlencode(sent), "application/x-www-form-urlencoded", {"X-Api-Key": KEY}
    )
    as_json = company.posted("generic", {**sent, "mail": "ben@example.com"})

    assert (as_form.status, as_json.status) == (200, 200)
    assert sorted((str(lead.contact.email), lead.contact.phone) for lead in company.leads) == [
        ("ben@example.com", "+12125550199"),
        ("maria@example.com", "+12125550199"),
    ]


@pytest.mark.parametrize("word", [*Format, *(name for name in Hooks.model_fields if name == "questions")])
def test_every_hook_is_explained(word: str) -> None:
    assert f"`{word}`" in GUIDE
