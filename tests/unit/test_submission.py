"""What callers send: stored unharmed, or refused with the name of the field and never with its value."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.consent import Consent
from baton.domain.errors import InvalidSubmission
from baton.domain.field_reader import MAX_KEY, MAX_TEXT
from baton.domain.submission import MAX_ATTRIBUTES, Submission, read_submission
from tests.builders import a_campaign

SECRET = "kK4-secret"
DEEP: Any = "x"
for _ in range(6):
    DEEP = {"a": DEEP}


def read(required: tuple[str, ...] = (), **fields: Any) -> Submission:
    """A submission that has an email unless the test sends another."""
    return read_submission({"email": "maria@example.com", **fields}, a_campaign(required=required))


def wrong(fields: dict[str, Any], *required: str) -> list[str]:
    """The fields that are refused, in order."""
    try:
        read_submission(fields, a_campaign(required=required))
    except InvalidSubmission as error:
        return [found.field for found in error.errors]
    return []


def said(fields: dict[str, Any]) -> str:
    """What the caller is told of these fields."""
    try:
        read_submission(fields)
    except InvalidSubmission as error:
        return str(error)
    return ""


def wrong_beside_an_email(**fields: Any) -> list[str]:
    """The fields that are refused of a lead that is complete otherwise."""
    return wrong({"email": "maria@example.com", **fields})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": 5}, "contact.email"),
        ({"email": ["a@b.co", "c@d.co"]}, "contact.email"),
        ({"email": {"a": 1}}, "contact.email"),
        ({"email": "maria"}, "contact.email"),
        ({"email": "maria@localhost"}, "contact.email"),
        ({"email": "maria@example.com\r\nBcc: all@example.com"}, "contact.email"),
        ({"email": "a@b.co,c@d.co"}, "contact.email"),
        ({"email": "<a@b.co>"}, "contact.email"),
        ({"email": f"{'a' * 300}@example.com"}, "contact.email"),
        ({"phone": "12"}, "contact.phone"),
        ({"phone": "call me"}, "contact.phone"),
        ({"phone": 12025550101}, "contact.phone"),
        ({"phone": "+1202555010100000"}, "contact.phone"),
        ({"phone": "12-34-56-78-9x"}, "contact.phone"),
        ({"first_name": "Ma\x00ria"}, "contact.first_name"),
        ({"first_name": "Ma\nria"}, "contact.first_name"),
        ({"first_name": "Ma\x9bria"}, "contact.first_name"),
        ({"first_name": "\ud800"}, "contact.first_name"),
        ({"first_name": ["Ana", "Eva"]}, "contact.first_name"),
        ({"first_name": "x" * 251}, "contact.first_name"),
        ({"contact": {"nickname": "M"}}, "contact.nickname"),
        ({"contact": ["email"]}, "contact"),
        ({"contact": None}, "contact"),
        ({"attributes": "blue"}, "attributes"),
        ({"attributes": {f"a{i}": i for i in range(10_000)}}, "attributes"),
        ({"note": "x" * (MAX_TEXT + 1)}, "attributes.note"),
        ({"note": "a\x00b"}, "attributes.note"),
        ({"note": "\udfff"}, "attributes.note"),
        ({"n": float("nan")}, "attributes.n"),
        ({"n": float("inf")}, "attributes.n"),
        ({"n": 10**16}, "attributes.n"),
        ({"n": -(10**300)}, "attributes.n"),
        ({"n": 1e-200}, "attributes.n"),
        ({"deep": DEEP}, "attributes.deep.a.a.a.a"),
        ({"list": ["x", {"n": 1e300}]}, "attributes.list[1].n"),
        ({"attributes": {"": 1}}, "attributes."),
        ({"attributes": {"k" * (MAX_KEY + 1): 1}}, f"attributes.{'k' * MAX_KEY}"),
        ({"attributes": {"a\x00b": 1}}, "attributes.a?b"),
        ({"attributes": {"\ud800": 1}}, "attributes.?"),
        ({"attributes": {f"a{i}": "x" * 3000 for i in range(30)}}, "attributes"),
        ({"consent": "perhaps"}, "consent.given"),
        ({"consent": ["true", "false"]}, "consent.given"),
        ({"consent": {"given": True, "at": "2026-02-30T10:00:00Z"}}, "consent.at"),
        ({"consent": {"given": True, "at": "2026-02-28T10:00:00"}}, "consent.at"),
        ({"consent": {"given": True, "at": 1772000000}}, "consent.at"),
        ({"consent": {"given": True, "ip": "1.2.3.400"}}, "consent.ip"),
        ({"consent": {"given": True, "page": "javascript:alert(1)"}}, "consent.page"),
        ({"consent": {"given": True, "trusted_form": "https://evil.example/0" * 2}}, "consent.trusted_form"),
        ({"consent": {"given": True, "who": "me"}}, "consent.who"),
        ({"consent_text": "x" * (MAX_TEXT + 1)}, "consent.text"),
        ({"utm_source": 5}, "attribution.utm_source"),
        ({"utm_source": "a\r\nSet-Cookie: x"}, "attribution.utm_source"),
        ({"attribution": {f"utm_{i}": "x" for i in range(MAX_ATTRIBUTES + 1)}}, "attribution"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named_by_its_field(fields: dict[str, Any], field: str) -> None:
    """Invariant 11."""
    assert field in wrong_beside_an_email(**fields)


@pytest.mark.parametrize("number", [10**309, -(10**400), 10**4000], ids=["309", "-400", "4000"])
def test_a_whole_number_of_hundreds_of_digits_is_refused(number: int) -> None:
    """Invariant 11."""
    assert wrong_beside_an_email(n=number) == ["attributes.n"]


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "k" * 1000, ""], ids=lambda name: ascii(name)[:9])
def test_a_name_inside_an_attribute_is_checked_like_any_other(name: str) -> None:
    """Invariant 11."""
    assert wrong_beside_an_email(x={name: 1})


@pytest.mark.parametrize(
    ("fields", "required", "missing"),
    [
        ({}, (), "contact"),
        ({"first_name": "Maria"}, (), "contact"),
        ({"email": ""}, (), "contact"),
        ({"email": "a@b.co"}, ("contact.last_name",), "contact.last_name"),
        ({"email": "a@b.co", "last_name": "  "}, ("contact.last_name",), "contact.last_name"),
        ({"email": "a@b.co", "roof": None}, ("attributes.roof",), "attributes.roof"),
        ({"email": "a@b.co", "roof": ""}, ("attributes.roof",), "attributes.roof"),
        ({"phone": "2025550101"}, ("contact.email",), "contact.email"),
    ],
)
def test_what_is_missing_is_named(fields: dict[str, Any], required: tuple[str, ...], missing: str) -> None:
    assert wrong(fields, *required) == [missing]


def test_everything_wrong_is_named_at_once_and_nothing_twice() -> None:
    fields = {"email": "x", "phone": "y", "first_name": 1, "n": float("nan")}

    assert sorted(wrong(fields, "contact.email", "contact.last_name")) == [
        "attributes.n",
        "contact.email",
        "contact.first_name",
        "contact.last_name",
        "contact.phone",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "José Ñandú",
        "李小龍",
        "محمد",
        "שלום",
        "👩🏽‍🚀 Zoë",
        "O'Brien; DROP TABLE leads",
        "<script>alert(1)</script>",
        "\u202eevil",
    ],
)
def test_names_of_all_the_world_are_stored_unharmed(name: str) -> None:
    assert read(first_name=name, note=name).contact.first_name == name
    assert read(note=name).attributes == {"note": name}


@pytest.mark.parametrize(
    "value", [0, -1.5, 10**15, 1e-100, True, None, "", "a\tb\nc", [1, [2]], {"a": {"b": []}}, ["x", "y"]]
)
def test_attributes_are_json_and_stored_unharmed(value: Any) -> None:
    assert read(x=value).attributes == {"x": value}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("(202) 555-0101", "+12025550101"),
        ("+34 600.123.456", "+34600123456"),
        (" +1/202/5550101 ", "+12025550101"),
    ],
)
def test_a_phone_number_is_stored_in_e164_whatever_people_put_between_digits(sent: str, stored: str) -> None:
    assert read(phone=sent).contact.phone == stored


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("Maria Lopez Garcia", "Maria", "Lopez Garcia"), ("Maria", "Maria", None), ("  ", None, None)],
)
def test_a_full_name_is_parted(name: str, first: str | None, last: str | None) -> None:
    contact = read(name=name).contact

    assert (contact.first_name, contact.last_name) == (first, last)


@pytest.mark.parametrize(
    "fields",
    [
        {
            "contact": {"email": "a@b.co"},
            "attributes": {"x": "1"},
            "attribution": {"gclid": "g"},
            "consent": {"given": True},
        },
        {"email": "a@b.co", "x": "1", "gclid": "g", "consent": "on"},
        {"contact.email": "a@b.co", "attributes.x": "1", "attribution.gclid": "g", "consent.given": "yes"},
    ],
    ids=["nested", "flat", "dotted"],
)
def test_fields_may_come_nested_flat_or_dotted(fields: dict[str, Any]) -> None:
    found = read_submission(fields)

    assert (found.contact.email, found.attributes, found.attribution) == (
        "a@b.co",
        {"x": "1"},
        {"gclid": "g"},
    )
    assert found.consent
    assert found.consent.given


def test_names_with_an_underscore_in_front_are_not_part_of_the_lead() -> None:
    assert read(_redirect="https://x.example", _csrf="t").attributes == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.one_of(
    st.sampled_from(
        ["email", "phone", "name", "contact", "attributes", "consent", "attribution", "utm_x", "consent_at"]
    ),
    st.text(max_size=6),
)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_no_json_object_makes_it_raise_anything_but_invalid_submission(fields: dict[str, Any]) -> None:
    """Invariant 11."""
    with suppress(InvalidSubmission):
        read_submission(fields)


WRONG_VALUES = st.sampled_from(
    [
        SECRET,
        f"{SECRET}\x00",
        f"{SECRET}\n\x9b",
        f"{SECRET}\ud800",
        [SECRET],
        [SECRET, SECRET],
        {"a": f"{SECRET}\x00"},
    ]
)


@given(st.dictionaries(NAMES.filter(lambda name: SECRET not in name), WRONG_VALUES, max_size=6))
def test_no_value_is_ever_repeated_in_an_error(fields: dict[str, Any]) -> None:
    """Invariant 9."""
    assert SECRET not in said(fields)


@pytest.mark.parametrize("offset", ["+23:59:59.5", "+05:30:15", "-11:00"])
def test_a_time_with_any_offset_is_kept_in_a_form_that_can_be_read_again(offset: str) -> None:
    sent = {"email": "mia@example.com", "consent": "yes", "consent_at": f"2026-01-02T00:00:00{offset}"}

    consent = read_submission(sent).consent

    assert consent
    assert Consent.model_validate(consent.model_dump(mode="json")) == consent
    assert consent.at == datetime.fromisoformat(sent["consent_at"])


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_beyond_the_calendar_is_refused(at: str) -> None:
    with pytest.raises(InvalidSubmission, match=r"consent\.at"):
        read_submission({"email": "mia@example.com", "consent": "yes", "consent_at": at})
