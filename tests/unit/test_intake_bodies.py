"""Bodies of every kind at the intake endpoint: each is a lead, or a clear 4xx, and never a 5xx."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.memory_configuration import MemoryConfiguration
from baton.domain.documents import Configured
from tests.builders import MONDAY_9AM, World, a_world
from tests.unit.wire import FORM_TYPE, MAX_BYTES, post_form, post_lead

GOOD = '{"email": "maria@example.com"}'


def stored(world: World) -> list[str]:
    """Ids of all leads in the world, whatever became of them."""
    return world.leads.overdue(MONDAY_9AM.replace(year=2030), 10)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "malformed-body"),
        (None, "malformed-body"),
        ("{", "malformed-body"),
        ('{"email": maria}', "malformed-body"),
        ('{"email": "a@b.co",}', "malformed-body"),
        ("[]", "malformed-body"),
        ('"text"', "malformed-body"),
        ("null", "malformed-body"),
        ("7", "malformed-body"),
        ('{"n": NaN}', "malformed-body"),
        ('{"n": -Infinity}', "malformed-body"),
        ('{"n": ' + "9" * 4301 + "}", "malformed-body"),
        ('{"email": "a@b.co", "n": 1e999}', "invalid-lead"),
        ('{"a":' * 20_000, "malformed-body"),
        ('{"a": ' * 10_000 + "1" + "}" * 10_000, "malformed-body"),
        ('{"a": ' * 1000 + "1" + "}" * 1000, "invalid-lead"),
        ("[" * 100_000, "malformed-body"),
        ('{"email": "a@b.co", "email": "c@d.co"}', "malformed-body"),
        ('{"email": "a@b.co", "x": {"y": 1, "y": 2}}', "malformed-body"),
        (b'{"email": "\xff"}', "malformed-body"),
        (b'\xef\xbb\xbf{"email": "a@b.co"}', "malformed-body"),
        ('{"email": "a@b.co", "x": "\ud800"}', "malformed-body"),
        ('{"email": "a@b.co", "x": "\\ud800"}', "invalid-lead"),
        ('{"email": "a@b.co", "x": "' + "y" * MAX_BYTES + '"}', "body-too-large"),
        ("{}", "invalid-lead"),
        (json.dumps({"email": "a@b.co", **{f"a{i}": 1 for i in range(10_000)}}), "invalid-lead"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_body_that_is_no_lead_is_a_clear_4xx_and_stores_nothing(body: Any, code: str) -> None:
    """Invariant 11."""
    world = a_world()
    answer = post_lead(world, body)

    assert 400 <= answer.status < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:baton:{code}"
    assert not stored(world)


@pytest.mark.parametrize("digits", [309, 4300])
def test_a_number_of_hundreds_of_digits_is_refused(digits: int) -> None:
    """Invariant 11."""
    assert post_lead(a_world(), '{"email": "a@b.co", "n": ' + "9" * digits + "}").status == 422


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "invalid-lead"),
        ("email=a%40b.co&email=c%40d.co", "invalid-lead"),
        ("email=%FF", "malformed-body"),
        ("email=a%40b.co&name=%00", "invalid-lead"),
        ("email=a%40b.co%0D%0ABcc%3A+x%40y.co", "invalid-lead"),
        ("&".join(f"a{i}=1" for i in range(10_000)), "malformed-body"),
        ("&".join(["x=1"] * 1000), "invalid-lead"),
        ("%=%%&&==", "invalid-lead"),
    ],
)
def test_a_form_that_is_no_lead_is_a_clear_4xx(body: str, code: str) -> None:
    """Invariant 11."""
    answer = post_form(a_world(), body)

    assert (answer.json()["type"], answer.status // 100) == (f"urn:baton:{code}", 4)


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/xml", "json"]
)
def test_a_content_type_that_is_not_understood_is_refused(media_type: str) -> None:
    answer = post_lead(a_world(), GOOD, media_type=media_type)

    assert (answer.status, answer.json()["type"]) == (415, "urn:baton:unsupported-media-type")


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", " application/json ;x=y"]
)
def test_json_is_understood_however_its_type_is_written(media_type: str) -> None:
    assert post_lead(a_world(), GOOD, media_type=media_type).status == 202


def test_a_body_in_base64_is_read() -> None:
    world = a_world()
    answer = post_lead(world, '{"email": "maria@example.com", "first_name": "José 👩🏽‍🚀"}'.encode())

    assert world.leads.get(answer.json()["lead_id"]).contact.first_name == "José 👩🏽‍🚀"


@pytest.mark.parametrize(
    "body",
    [
        "%%%",
        "AAA",
        "é",
    ],
)
def test_a_body_that_only_claims_to_be_base64_is_refused(body: str) -> None:
    assert post_lead(a_world(), body, isBase64Encoded=True).status == 400


def test_everything_wrong_is_listed_with_its_place_and_without_its_value() -> None:
    """Invariants 9 and 11."""
    answer = post_lead(a_world(), '{"email": "kK4-secret", "n": 1e300, "first_name": ["kK4-secret"]}')

    assert answer.status == 422
    assert {error["field"] for error in answer.json()["errors"]} == {
        "contact.email",
        "attributes.n",
        "contact.first_name",
    }
    assert "kK4-secret" not in answer.body


@pytest.mark.parametrize(
    "attributes",
    [
        {"\U0001f600" * 64: [1e99] * 15_000},
        {"x" * 60_000: [1e99] * 10_000},
        {f"{n}" * 80: {"y": 1e99} for n in range(99)},
    ],
)
def test_an_answer_names_a_hundred_faults_however_many_there_are(attributes: dict[str, Any]) -> None:
    answer = post_lead(a_world(), json.dumps({"email": "maria", "attributes": attributes}))

    assert (answer.status, len(answer.json()["errors"])) == (422, 100)
    assert len(answer.body) < 300_000


@pytest.mark.parametrize("source_id", ["nobody", "", "../x", "x" * 5000, "\x00"])
def test_an_unknown_source_is_not_found(source_id: str) -> None:
    answer = post_lead(a_world(), GOOD, source_id)

    assert (answer.status, answer.json()["type"]) == (404, "urn:baton:not-found")


class LikeDynamo(MemoryConfiguration):
    """A configuration that refuses the keys that DynamoDB refuses: empty ones, and those over 1,024 bytes."""

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """See Configuration.get_many."""
        if not all(0 < len(key.encode()) <= 1024 for key in keys):
            message = "ValidationException"
            raise RuntimeError(message)
        return super().get_many(kind, keys)


@pytest.mark.parametrize("source_id", ["x" * 1025, ""], ids=["1025 characters", "nothing"])
def test_an_id_that_no_source_can_have_is_not_found(source_id: str) -> None:
    """Invariant 11."""
    assert post_lead(a_world(configuration=LikeDynamo()), GOOD, source_id).status == 404


@given(
    st.text(max_size=40) | st.binary(max_size=40),
    st.sampled_from(["application/json", FORM_TYPE, "text/html"]),
)
def test_no_body_makes_a_5xx(body: str | bytes, media_type: str) -> None:
    """Invariant 11."""
    assert post_lead(a_world(), body, media_type=media_type).status < 500
