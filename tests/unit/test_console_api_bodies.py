"""Bodies of every kind at the configuration API: each is stored, or a clear 4xx with its places, and never a 5xx."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.entrypoints.console.bodies import MAX_BODY_BYTES, MAX_DEPTH
from baton.entrypoints.console.plain_yaml import read, write
from tests.unit.console import ANA, DRAFT, TEAM, YAML, an_admin, an_admin_with_a_team, as_yaml

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
KNOWN = (
    "id",
    "name",
    "zone",
    "email",
    "accepts",
    "schedule",
    "caps",
    "members",
    "stages",
    "fallback",
    "scoring",
)
LIKE_DOCUMENTS = st.dictionaries(st.sampled_from(KNOWN) | TEXT, VALUES, max_size=6)
WRITES = (
    ("POST", "/v1/sources"),
    ("POST", "/v1/campaigns"),
    ("POST", "/v1/recipients"),
    ("POST", "/v1/pools"),
    ("PUT", "/v1/recipients/ana"),
    ("PUT", "/v1/plans/solar/draft"),
    ("POST", "/v1/plans/solar/draft/check"),
    ("POST", "/v1/plans/solar/publish"),
    ("POST", "/v1/plans/solar/rollback"),
    ("PUT", "/v1/configuration"),
    ("PUT", "/v1/configuration?replace=true"),
)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "null",
        "[]",
        "7",
        '"text"',
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 2}}',
        '{"n": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
    ids=lambda body: body[:20],
)
def test_what_is_no_json_object_is_a_400(body: str) -> None:
    """Invariant 11."""
    answer = an_admin()("POST", "/v1/recipients", body)

    assert (answer.status, answer.code) == (400, "malformed-body")


@pytest.mark.parametrize(
    "body",
    [
        "- a",
        "text",
        "a: [",
        "a: 1\na: 2",
        "{[1]: 2}",
        "a: &x 1\nb: *x",
        "a: &x 1",
        "*x",
        "a: !!python/object:os.system x",
        "a: !secret x",
        "a: 1\n---\nb: 2",
        "\t- x",
        "[" * 100_000,
        "{" * 100_000,
        "- " * 100_000,
        "a: " * 100_000,
        "&a [" * 10_000,
        "%YAML 9.9\n---\na: 1\n---",
        '"\\ud800',
        "a: \x01",
    ],
    ids=lambda body: body[:20],
)
def test_what_is_no_plain_yaml_mapping_is_a_400(body: str) -> None:
    """Invariant 11."""
    answer = an_admin()("POST", "/v1/recipients", body, media_type=YAML)

    assert (answer.status, answer.code) == (400, "malformed-body")


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_other_content_types_are_refused(media_type: str) -> None:
    answer = an_admin()("POST", "/v1/recipients", "id=ana", media_type=media_type)

    assert (answer.status, answer.code) == (415, "unsupported-media-type")


def test_a_body_that_is_not_there_is_missed() -> None:
    assert an_admin()("POST", "/v1/recipients").code == "invalid-request"


@pytest.mark.parametrize("media_type", ["application/json", YAML])
def test_a_body_may_be_only_so_large(media_type: str) -> None:
    body = json.dumps({**ANA, "name": "x" * MAX_BODY_BYTES})

    assert an_admin()("POST", "/v1/recipients", body, media_type=media_type).code == "body-too-large"


def test_every_invalid_field_is_listed_with_its_place_as_it_was_written() -> None:
    wrong = {
        "id": "Ana",
        "zone": "Mars/Olympus",
        "email": "ana@sales.example",
        "nickname": "A",
        "accepts": {
            "all": [{"field": "score", "op": "gte", "value": 1}, {"not": {"field": "score", "op": "tastes"}}]
        },
    }

    answer = an_admin()("POST", "/v1/recipients", wrong)

    assert (answer.status, answer.code) == (422, "invalid-request")
    assert set(answer.errors) == {"id", "name", "zone", "nickname", "accepts.all[1].not.op"}


def test_a_place_in_a_list_is_a_number() -> None:
    members = [{"recipient_id": "ana"}, {"recipient_id": "ben", "weight": 0}, {}]

    answer = an_admin()("POST", "/v1/pools", {**TEAM, "members": members})

    assert set(answer.errors) == {"members[1].weight", "members[2].recipient_id"}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ('{"x": 1e999}', "x"),
        ('{"x": [1, 12345678901234567890]}', "x[1]"),
        ('{"x": "\\ud800"}', "x"),
        ('{"x": {"": 1}}', "x"),
        ('{"x": {"\\ud800": 1}}', "x"),
        ('{"x": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}", "x" + "[0]" * MAX_DEPTH),
    ],
    ids=["infinite", "huge", "half a character", "no name", "half a name", "deep"],
)
def test_what_cannot_be_kept_is_refused_at_its_place(value: str, place: str) -> None:
    """Invariant 11."""
    answer = an_admin()("POST", "/v1/recipients", value.replace("[]", "[1]"))

    assert (answer.status, list(answer.errors)) == (422, [place])


def test_a_document_may_be_written_in_yaml_and_means_what_it_says() -> None:
    body = """
        id: no-1
        name: NO
        email: no@sales.example
        zone: Europe/Oslo
        active: true
        schedule:
          blocks: [{days: [mon], start: 08:00, end: 17:30}]
    """

    made = an_admin()("POST", "/v1/recipients", body, media_type=YAML)

    assert made.status == 201
    assert made.json["name"] == "NO"
    assert made.json["schedule"]["blocks"][0]["start"].startswith("08:00")


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_yaml_that_is_written_is_read_as_the_same(values: dict[str, Any]) -> None:
    values = json.loads(json.dumps(values), parse_constant=lambda _: 0)

    assert read(write(values).encode()) == values


@given(st.sampled_from(WRITES), LIKE_DOCUMENTS | VALUES, st.sampled_from(["application/json", YAML]))
def test_nothing_that_is_sent_makes_a_5xx(write_: tuple[str, str], body: Any, media_type: str) -> None:
    """Invariant 11."""
    admin = an_admin_with_a_team()
    text = as_yaml(body) if media_type == YAML else json.dumps(body)

    answer = admin(*write_, text, media_type=media_type, if_match="*")

    assert answer.status < 500
    assert answer.status < 400 or answer.json["status"] == answer.status


@given(st.sampled_from(WRITES), st.text(max_size=60), st.sampled_from(["application/json", YAML]))
def test_no_text_at_all_makes_a_5xx(write_: tuple[str, str], text: str, media_type: str) -> None:
    """Invariant 11."""
    assert an_admin()(*write_, text.encode(errors="replace").decode(), media_type=media_type).status < 500


@given(
    st.sampled_from(["recipients/ana", "pools/team", "plans/solar/draft"]),
    st.sampled_from(["PUT", "DELETE"]),
    st.text(st.characters(codec="latin-1"), max_size=20),
    st.text(st.characters(codec="latin-1"), max_size=20),
)
def test_no_precondition_makes_a_5xx(path: str, method: str, if_match: str, if_none_match: str) -> None:
    """Invariant 11."""
    admin = an_admin_with_a_team()
    body = {"recipients/ana": ANA, "pools/team": TEAM, "plans/solar/draft": DRAFT}[path]

    assert admin(method, f"/v1/{path}", body, if_match=if_match, if_none_match=if_none_match).status < 500
