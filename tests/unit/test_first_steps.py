"""What the guides have a newcomer send is taken by the demo, or refused in the very words that they show."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from baton.domain.plan import Plan, PublishedPlan
from baton.entrypoints.console.imports import imports_api
from local.demo import documents
from local.replay_rows import leads
from tests.builders import World
from tests.unit.console import Caller
from tests.unit.test_explore_api import a_viewer
from tests.unit.test_imports import Office
from tests.unit.wire import post_form, post_lead

ROOT: Final = Path(__file__).parents[2]


def text_of(name: str) -> str:
    """A guide."""
    return (ROOT / name).read_text()


def bodies(name: str, path: str) -> list[Any]:
    """What the guide has sent to that address, as JSON."""
    found = re.findall(rf"/v1/{path}\b[^`]*?-d\s+'(\{{.*?\}})'", text_of(name), re.DOTALL)
    assert found
    return [json.loads(body) for body in found]


@pytest.fixture
def demo() -> World:
    """The world, configured as the demo is."""
    world = World()
    return configured(world)


def configured(world: World) -> World:
    """The world with the demo's configuration, every plan of it published."""
    for document in documents():
        world.configure(document)
        if isinstance(document, Plan):
            world.configure(PublishedPlan(id=document.id, version=document.version))
    return world


@pytest.mark.parametrize("name", ["README.md", "docs/api.md"])
def test_the_simulations_say_who_would_get_the_lead(demo: World, name: str) -> None:
    sent = [body for body in bodies(name, "simulations/lead") if "fields" in body]

    assert sent
    for body in sent:
        answer = a_viewer(demo)("POST", "/v1/simulations/lead", body)
        assert answer.status == 200, answer.text


def test_the_lead_that_is_rated_is_one(demo: World) -> None:
    (body,) = bodies("docs/scoring.md", "campaigns/solar/score")

    answer = a_viewer(demo)("POST", "/v1/campaigns/solar/score", body)

    assert answer.status == 200, answer.text


def test_the_table_with_columns_is_imported_whole() -> None:
    office = Office()
    configured(office.world)
    (text,) = re.findall(r"```json\n(.*?)```", text_of("docs/imports.md"), re.DOTALL)
    admin = Caller(
        imports_api(lambda: office.preview, lambda: office.leads, lambda: office.world.accept_lead)
    )

    preview = admin("POST", "/v1/sources/web-form/imports/preview", text)
    begun = admin("POST", "/v1/sources/web-form/imports", text)
    office.work()

    assert (preview.json["rows"], preview.json["bad"]) == (1, 0)
    assert office.leads.progress(begun.json["import_id"]).tally.taken == 1


def test_the_first_lead_is_taken_and_the_wrong_one_refused_in_those_words(demo: World) -> None:
    good, wrong = bodies("README.md", "sources/web-form/leads")
    (shown,) = re.findall(r"HTTP/1.1 422\n(.*?)```", text_of("README.md"), re.DOTALL)

    assert post_lead(demo, json.dumps(good)).status == 202
    refused = post_lead(demo, json.dumps(wrong))

    assert (refused.status, refused.json()) == (422, json.loads(shown))


class Inputs(HTMLParser):
    """The inputs of a form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            self.found.append(dict(attrs))


def test_whoever_fills_in_what_the_plain_form_requires_is_a_lead(demo: World) -> None:
    (html,) = re.findall(r"```html\n(<form method.*?)```", text_of("README.md"), re.DOTALL)
    required = [str(one["name"]) for one in Inputs(html).found if "required" in one]
    typed = {"last_name": "Lopez", "phone": "+1 212 555 0199"}

    assert post_form(demo, urlencode({name: typed[name] for name in required})).status == 202


def test_the_file_that_is_replayed_is_there() -> None:
    (name,) = re.findall(r"make replay FILE=(\S+)`", text_of("README.md"))

    assert len(leads(ROOT / name)) >= 20
