"""The guide to the API: its table of codes is the real one, and files from guides are applied as it says."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from baton.domain.configuration_file import SECTIONS, read_file
from baton.entrypoints.problems import PROBLEMS, WHOLE
from tests.unit.console import YAML, an_admin, an_admin_with_a_team

DOCS: Final = Path(__file__).parents[2] / "docs"
GUIDE: Final = (DOCS / "api.md").read_text()
HOW: Final = "api.md#a-file-from-a-guide"


def files(guide: Path) -> list[Any]:
    """The guide's examples that are files for `PUT /v1/configuration`."""
    texts = re.findall(r"```yaml\n(.*?)```", guide.read_text(), re.DOTALL)
    return [
        found
        for found in map(yaml.safe_load, texts)
        if isinstance(found, list) or found.keys() & SECTIONS.keys()
    ]


WITH_FILES: Final = [guide for guide in sorted(DOCS.glob("*.md")) if files(guide)]
every_guide = pytest.mark.parametrize("guide", WITH_FILES, ids=lambda guide: guide.stem)


def test_the_table_has_every_code_with_its_status_and_no_other() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \| \S.* \|$", GUIDE, re.MULTILINE)

    assert sorted((int(status), code) for status, code in rows) == sorted(
        (status, code) for code, (status, _) in PROBLEMS.items()
    )


def test_the_table_is_sorted_by_status() -> None:
    statuses = re.findall(r"^\| (\d{3}) \|", GUIDE, re.MULTILINE)

    assert statuses == sorted(statuses)


@every_guide
def test_a_guide_with_such_a_file_says_where_it_is_told_how_to_apply_it(guide: Path) -> None:
    assert f"({HOW})" in guide.read_text()
    assert "\n### A file from a guide\n" in GUIDE


@every_guide
def test_a_file_of_a_guide_has_all_that_its_documents_need(guide: Path) -> None:
    for found in files(guide):
        assert read_file(found)[2] == []


def test_a_file_replaces_a_document_as_a_whole_and_leaves_all_others() -> None:
    admin = an_admin_with_a_team()
    before = admin("GET", "/v1/recipients/ana").json
    admin("PUT", "/v1/recipients/ana", {**before, "paused": True}, if_match="*")

    report = admin(
        "PUT",
        "/v1/configuration",
        "recipients:\n  - {id: ana, name: Ana, email: ana@sales.example, zone: UTC}\n",
        media_type=YAML,
    )

    assert report.json == {"created": 0, "changed": 1, "unchanged": 0, "removed": 0}
    assert f"`{'`, `'.join(list(report.json)[:-1])}` and `removed`" in GUIDE
    assert admin("GET", "/v1/recipients/ana").json["paused"] is False
    assert admin("GET", "/v1/recipients/ben").status == 200


@pytest.mark.parametrize(
    "body",
    [None, {"id": "zoe", "name": "Zoe", "zone": "UTC"}],
    ids=["no body", "a rep whom nothing reaches"],
)
def test_what_is_wrong_with_a_body_as_a_whole_has_a_place_too(body: Any) -> None:
    answer = an_admin()("POST", "/v1/recipients", body)

    assert (answer.status, list(answer.errors)) == (422, [WHOLE])
    assert all(answer.errors.values())
    assert f"`{WHOLE}` as a place" in GUIDE
