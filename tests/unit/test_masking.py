"""Masking: no private value and no secret survives, in a request by the way it is made, in an answer by search."""

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from baton.domain.endpoint import BodyFormat, Endpoint
from baton.domain.masking import MAX_KEPT, kept_request, masked, private_values
from baton.domain.rendering import MissingField
from tests.builders import a_lead

URL = "https://buyer.example/leads"
PRIVATE = ("contact", "attributes.vin", "email_sha256")

# ---- Requests -----------------------------------------------------------------------------------------------------


def an_endpoint(form: str = "json", **parts: Any) -> Endpoint:
    """An endpoint that is told of a person, in that format."""
    fields = [
        {"name": "name", "field": "contact.first_name"},
        {"name": "state", "field": "contact.state", "values": {"NY": "New York"}},
        {"name": "vin", "field": "attributes.vin"},
        {"name": "all", "field": "attributes"},
        {"name": "roof", "field": "attributes.roof_m2"},
        {"name": "score", "field": "score"},
        {"name": "partner", "value": "baton-17"},
    ]
    query = [{"name": "hash", "field": "email_sha256"}]
    return Endpoint.model_validate({"url": URL, "format": form, "fields": fields, "query": query, **parts})


def test_a_kept_request_shows_all_but_what_is_private() -> None:
    facts = {
        "contact": {"first_name": "Ana", "state": "NY"},
        "attributes": {"vin": "1M8GDM9A", "roof_m2": 82.5},
        "score": 71,
        "email_sha256": "ab12",
    }
    endpoint = an_endpoint(
        headers={"X-Version": "2"}, auth={"type": "header", "name": "X-Key", "secret": "theirs"}
    )

    assert kept_request(endpoint, facts, PRIVATE, "offer-1") == (
        "POST https://buyer.example/leads?hash=***\n"
        "accept: application/json\n"
        "content-type: application/json\n"
        "x-version: 2\n"
        "user-agent: Baton/1\n"
        "idempotency-key: offer-1\n"
        "webhook-id: offer-1\n"
        "x-key: ***\n"
        "\n"
        '{"name":"***","state":"***","vin":"***","all":"***","roof":82.5,"score":71,"partner":"baton-17"}'
    )


@pytest.mark.parametrize(
    ("auth", "shown"),
    [
        ({"type": "bearer"}, "\nauthorization: Bearer ***\n"),
        ({"type": "basic"}, "\nauthorization: Basic ***\n"),
        ({"type": "signature"}, "\nwebhook-signature: ***\n"),
        ({"type": "query", "name": "key"}, "&key=***\n"),
    ],
)
def test_a_kept_request_shows_how_it_was_authenticated_but_no_secret(
    auth: dict[str, str], shown: str
) -> None:
    kept = kept_request(an_endpoint(auth={"secret": "theirs", **auth}), {"email_sha256": "ab"}, PRIVATE)

    assert shown in kept


def test_a_request_that_cannot_be_made_cannot_be_kept() -> None:
    endpoint = Endpoint.model_validate(
        {"url": URL, "fields": [{"name": "a", "field": "contact.email", "required": True}]}
    )

    with pytest.raises(MissingField):
        kept_request(endpoint, {}, PRIVATE)


PEOPLE = st.fixed_dictionaries(
    {"first_name": st.text(min_size=1), "state": st.sampled_from(["NY", "CA"]) | st.text(min_size=1)}
)
VALUES = st.text(min_size=1) | st.integers() | st.booleans() | st.lists(st.text(min_size=1), min_size=1)


@pytest.mark.parametrize("form", BodyFormat)
@given(people=st.tuples(PEOPLE, PEOPLE), vins=st.tuples(VALUES, VALUES), hashes=st.tuples(VALUES, VALUES))
def test_a_kept_request_is_the_same_whoever_the_lead_is(
    form: BodyFormat,
    people: tuple[dict[str, str], dict[str, str]],
    vins: tuple[Any, Any],
    hashes: tuple[Any, Any],
) -> None:
    endpoint = an_endpoint(form)

    one, other = (
        kept_request(
            endpoint,
            {"contact": who, "attributes": {"vin": vin, "roof_m2": 80}, "score": 71, "email_sha256": digest},
            PRIVATE,
        )
        for who, vin, digest in zip(people, vins, hashes, strict=True)
    )

    assert one == other


def test_a_kept_request_is_cut() -> None:
    facts = {"attributes": {"roof_m2": "long " * 2000}}

    assert len(kept_request(an_endpoint(), facts, PRIVATE)) == MAX_KEPT


def test_private_values_are_all_that_private_fields_hold() -> None:
    facts = {
        "contact": {"first_name": "Ana", "state": "NY"},
        "attributes": {"debts": [12.5, {"to": "Bank"}], "owner": True, "roof": "flat"},
    }

    assert private_values(facts, ["contact", "attributes.debts", "attributes.owner", "gone"]) == {
        *("Ana", "NY", "12.5", "Bank")
    }


# ---- Answers ------------------------------------------------------------------------------------------------------

ANA = ["Ana Müller-O'Hara", "ana+x@mail.example", "+15551234567", "NY", '1 "Main" St & Co']


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ('{"error": "duplicate of ANA+X@Mail.example"}', '{"error": "duplicate of ***"}'),
        ('{"name": "Ana M\\u00fcller-O\'Hara"}', '{"name": "***"}'),
        ('{"street": "1 \\"Main\\" St & Co", "x": 1}', '{"street": "***", "x": 1}'),
        ("<name>Ana M&#xFC;ller-O&apos;Hara</name>", "<name>***</name>"),
        ("<s>1 &quot;Main&quot; St &amp; Co</s>", "<s>***</s>"),
        ("name=Ana+M%C3%BCller-O%27Hara&ok=1", "name=***&ok=1"),
        ("name=Ana%20M%FCller-O'Hara&ok=1", "name=***&ok=1"),
        ("phone %2B15551234567 is known", "phone *** is known"),
        ('{"phone": "(555) 123-4567", "id": 7}', '{"phone": "(***", "id": 7}'),
        ('{"phone": "+1 555.123.4567"}', '{"phone": "***"}'),
        ('{"state": "NY", "note": "ANY"}', '{"state": "***", "note": "ANY"}'),
        ("<state> ny </state><b>NYC</b>", "<state> *** </state><b>NYC</b>"),
        ("state=NY&x=NYC", "state=***&x=NYC"),
        ("NY", "***"),
        ('["NY","NY"]', '["***","***"]'),
        ('"{\\"name\\": \\"Ana M\\\\u00fcller-O\'Hara\\"}"', '"{\\"name\\": \\"***\\"}"'),
        (f"who: {base64.b64encode(b'ana+x@mail.example').decode()}", "who: ***"),
        ("nothing of the kind", "nothing of the kind"),
        ("", ""),
    ],
)
def test_what_an_answer_repeats_is_masked(answer: str, shown: str) -> None:
    assert masked(answer, ANA) == shown
    assert masked(answer.encode(), ANA) == shown
    assert masked(answer.encode("utf-16"), ANA) == shown


def test_an_answer_in_an_old_encoding_is_masked() -> None:
    assert masked("hello Ana Müller-O'Hara".encode("latin-1"), ANA) == "hello ***"


@pytest.mark.parametrize(
    "echo",
    [
        "user:hunter2",
        "hunter2",
        "HUNTER2",
        base64.b64encode(b"user:hunter2").decode(),
        f"Basic {base64.urlsafe_b64encode(b'user:hunter2').decode()}",
        f"Basic {base64.b64encode(b'another:hunter2').decode()}",
        quote(base64.b64encode(b"user:hunter2").decode()),
    ],
)
def test_an_answer_that_repeats_a_secret_is_masked(echo: str) -> None:
    shown = masked(f"bad credentials: {echo} !", [], ["user:hunter2"])

    assert shown.startswith("bad credentials: ")
    assert shown.endswith("*** !")
    assert "hunter2" not in shown.lower()
    assert echo not in shown


def test_the_key_in_a_signing_secret_is_a_secret_without_its_prefix() -> None:
    assert masked("key a2V5a2V5a2V5!", [], ["whsec_a2V5a2V5a2V5"]) == "key ***!"


def test_an_answer_is_cut_and_nothing_private_is_left_at_the_cut() -> None:
    name = "Bartholomew Featherstonehaugh"
    for before in range(MAX_KEPT - 40, MAX_KEPT + 2):
        shown = masked("." * before + name + "." * 100, [name])
        assert len(shown) <= MAX_KEPT
        assert "Bart" not in shown


def test_nothing_private_is_left_where_a_huge_answer_is_no_longer_searched() -> None:
    name = "Bartholomew Featherstonehaugh"
    huge = (name + " ") * 100_000

    assert "B" not in masked(huge, [name])
    assert "B" not in masked(quote(huge), [name])


def test_nothing_private_is_left_where_the_search_ends_behind_masks_that_made_the_answer_short() -> None:
    name, other = "Bartholomew Featherstonehaugh", "wxyz" * 10
    for written in (name, quote(name, safe=""), "".join(f"&#{ord(one)};" for one in name)):
        for shift in range(0, 400, 7):
            start = (
                other * 390 + " " * shift
            )  # One mask for all of `other`, and then the end of what is searched.
            shown = masked(start + written + "." * 50_000, [name, other])
            assert "Bar" not in shown
            assert "aug" not in shown
            assert written[:12] not in shown


def test_an_answer_that_is_not_searched_to_its_end_shows_that_it_goes_on() -> None:
    shown = masked("wxyz" * 3_500 + "." * 50_000, ["wxyz"])

    assert shown.startswith("***")
    assert shown.endswith("…")
    assert masked("wxyz" * 3_000, ["wxyz"]) == "***"


ENDLESS = 64_000


@pytest.mark.parametrize(
    ("repeated", "private"),
    [
        (base64.b64encode(b"12207" * 3).decode(), "12207"),
        ("15551234567", "+15551234567"),
        ("1 (555) 123-4567 ", "+15551234567"),
        ("a", "aaa"),
        ("a", "a" * 2_000),
        ("aab", "aabaa"),
        ("%61", "aaa"),
        ("12207", "12207"),
    ],
)
def test_an_answer_that_repeats_a_value_without_end_shows_nothing_of_it(repeated: str, private: str) -> None:
    shown = masked(repeated * (ENDLESS // len(repeated)), [private])

    assert not shown.strip("* (…")


@pytest.mark.parametrize("private", ["**a", "a**", "*a*", "*aa"])
def test_a_value_that_masks_bring_about_again_and_again_is_masked(private: str) -> None:
    for text in (
        "**" + "a" * ENDLESS,
        "a" * ENDLESS + "**",
        f"{private}a*" * 4_000,
        "*a" * 4_000 + "a" * 4_000,
    ):
        assert private not in masked(text, [private])


@pytest.mark.parametrize(
    "escape", ["%2525", "&amp;amp;", "\\\\\\\\", "%5c&#92;\\u002541&#37;", "%255c%5cx5c&#37;41&amp;#37;"]
)
def test_an_answer_of_escapes_inside_escapes_shows_nothing_private(escape: str) -> None:
    many = escape * (10_000 // len(escape))

    assert "Ana" not in masked(f"{many} Ana M. {many}", ["Ana M."])
    assert "Ana" not in masked(f"Ana M. {many * 6}", ["Ana M."])


def test_what_follows_a_value_that_is_there_too_often_is_masked_with_it() -> None:
    assert masked("Ana M. " * 150 + "declined", ["Ana M."]).endswith("*** declined")
    assert masked("Ana M. " * 300 + "declined", ["Ana M."]).endswith("*** ***")


def test_only_the_run_that_a_value_is_in_goes() -> None:
    encoded = base64.b64encode(b"zip=12207;").decode()

    assert masked(f"a1b2 {encoded} c3d4 {encoded}.e5", ["12207"]) == "a1b2 *** c3d4 ***.e5"
    assert (
        masked("id 4711, +1 555 123-4567, t:15551234567; 99", ["+15551234567"]) == "id 4711, ***, t:***; 99"
    )


SCHEMES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "json": json.dumps,
    "json, not escaped": lambda text: json.dumps(text, ensure_ascii=False),
    "json with slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "json in json": lambda text: json.dumps({"sent": json.dumps({"x": text})}),
    "xml": escape,
    "xml attribute": quoteattr,
    "html": html.escape,
    "numbers in xml": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "hex in xml": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "url": lambda text: quote(text, safe=""),
    "url, small": lambda text: quote(text, safe="").lower(),
    "form": quote_plus,
    "all of it in percent": lambda text: "".join(f"%{octet:02x}" for octet in text.encode()),
    "form in json": lambda text: json.dumps({"sent": f"a=1&x={quote_plus(text)}"}),
    "json in a form": lambda text: "x=" + quote_plus(json.dumps(text)),
    "json in xml": lambda text: f"<x>{escape(json.dumps(text))}</x>",
    "xml in json": lambda text: json.dumps(f"<x>{escape(text)}</x>"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for urls": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
}
PIECES = st.text("abcABC 1%&+<>\"'\\/;#xu0*-.éßİΣ\U0001f600\n", min_size=3, max_size=12) | st.text(min_size=3)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(
    value=PIECES, before=st.text('ab{}:,=& "<>\n', max_size=5), after=st.text('ab{}:,=& "<>\n', max_size=5)
)
@example(value="%41bc", before="", after="")
@example(value="a&amp;b", before="", after="")
@example(value="é&amp;", before="x", after="")
@example(value="*a*", before="*", after="*")
@example(value="STRASSE", before="", after="")
def test_no_private_value_survives_in_any_guise(scheme: str, value: str, before: str, after: str) -> None:
    assume(value.strip("* \t\n"))
    written = SCHEMES[scheme](value)

    shown = masked(f"{before}|{written}|{after}", [value, "bca"])

    assert value.casefold() not in shown.casefold()
    assert written not in shown
    assert "***" in shown


@given(text=PIECES, values=st.lists(PIECES, max_size=4))
def test_no_private_value_of_several_survives(text: str, values: list[str]) -> None:
    values = [value for value in values if value.strip("* \t\n")]

    shown = masked("".join([text, *values, text, *reversed(values)]), values)

    assert not [value for value in values if value.casefold() in shown.casefold()]


@given(text=st.text() | st.binary(), values=st.lists(st.text(max_size=4), max_size=3))
def test_masking_never_fails_and_what_comes_of_it_can_be_stored(text: str | bytes, values: list[str]) -> None:
    assert len(masked(text, values, values).encode()) <= 4 * MAX_KEPT


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_without_anything_private_a_text_stays_as_it_is(text: str) -> None:
    assert masked(text, ["", "*", "***"], []) == text


def test_the_values_of_a_lead_do_not_survive_an_answer_that_repeats_it() -> None:
    contact = a_lead().contact.model_dump(exclude_none=True)
    private = private_values({"contact": contact}, ["contact"])

    shown = masked(json.dumps({"received": contact, "status": "duplicate"}), private)

    assert json.loads(shown) == {"received": dict.fromkeys(contact, "***"), "status": "duplicate"}
