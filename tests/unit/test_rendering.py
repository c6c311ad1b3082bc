"""Rendering: what the other side reads is what the lead says, whatever it says; and what cannot work is refused."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.application.outgoing import Outgoing
from baton.domain.endpoint import Auth, BodyFormat, Endpoint
from baton.domain.lead import facts_of
from baton.domain.rendering import MissingField, Rendered, render
from baton.domain.webhooks import UnusableSecret, verify
from tests.builders import a_lead

NOW = datetime(2026, 11, 23, 14, 30, 5, 123456, tzinfo=UTC)
URL = "https://buyer.example/leads"
SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four bytes").decode()
FACTS = {
    "contact": {"first_name": "Zoë", "state": "NY", "postal_code": "02134"},
    "attributes": {
        "roof_m2": 82.5,
        "storeys": 2,
        "owner": True,
        "age.of.roof": 12,
        "interests": ["solar", "heat"],
        "size": {"w": 3},
    },
    "score": 71,
    "consent": {"at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC)},
    "price_cents": 1250,
    "lead_id": "lead-1",
    "empty": "",
    "none": None,
    "nothing": [],
    "nan": float("nan"),
}


def an_endpoint(*fields: dict[str, Any], **parts: Any) -> Endpoint:
    """An endpoint with these fields."""
    return Endpoint.model_validate({"url": URL, "fields": fields, **parts})


def rendered(endpoint: Endpoint, facts: Any = FACTS, secret: str | None = None) -> Rendered:
    """The request at NOW, under the id `offer-1`."""
    return render(endpoint, facts, secret, "offer-1", NOW)


def sent(field: str, form: str = "json", facts: Any = FACTS, **mapped: Any) -> Any:
    """What the other side finds under `x`, where that field is sent in a body of that format."""
    body = rendered(an_endpoint({"name": "x", "field": field, **mapped}, format=form), facts).body
    match form:
        case "json":
            return json.loads(body).get("x")
        case "form":
            return parse_qs(body.decode(), keep_blank_values=True).get("x")
    return [one.text for one in ElementTree.fromstring(body).findall("x")]  # noqa: S314


# ---- Where values come from ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "json_value", "texts"),
    [
        ("contact.first_name", "Zoë", ["Zoë"]),
        ("contact.postal_code", "02134", ["02134"]),
        ("attributes.roof_m2", 82.5, ["82.5"]),
        ("attributes.storeys", 2, ["2"]),
        ("attributes.owner", True, ["true"]),
        ("attributes.age.of.roof", 12, ["12"]),
        ("attributes.interests", ["solar", "heat"], ["solar", "heat"]),
        ("attributes.size", {"w": 3}, ['{"w": 3}']),
        ("attributes.size.w", 3, ["3"]),
        ("consent.at", "2026-11-23T09:30:00Z", ["2026-11-23T09:30:00Z"]),
        ("score", 71, ["71"]),
        ("lead_id", "lead-1", ["lead-1"]),
    ],
)
def test_a_field_is_sent_as_what_it_is(field: str, json_value: Any, texts: list[str]) -> None:
    assert sent(field) == json_value
    assert sent(field, "form") == texts
    assert sent(field, "xml") == texts


@pytest.mark.parametrize(
    "field", ["contact.email", "gone", "gone.too", "score.x", "empty", "none", "nothing", "nan"]
)
def test_a_field_that_is_missing_or_empty_is_left_out(field: str) -> None:
    assert sent(field) is None
    assert sent(field, "form") is None
    assert sent(field, "xml") == []


def test_a_fact_that_is_given_under_its_whole_name_goes_before_a_nested_one() -> None:
    assert sent("a.b", facts={"a.b": "whole", "a": {"b": "nested"}}) == "whole"


def test_a_missing_field_has_a_default_and_a_constant_needs_no_field() -> None:
    assert sent("gone", value="unknown") == "unknown"
    assert sent("gone", value=False, required=True) is False
    constants = {"i": 17, "f": 1.5, "t": "17", "b": True, "z": 0}
    body = rendered(an_endpoint(*({"name": name, "value": value} for name, value in constants.items()))).body
    assert body == b'{"i":17,"f":1.5,"t":"17","b":true,"z":0}'


@pytest.mark.parametrize("form", BodyFormat)
def test_without_a_required_field_nothing_is_sent(form: BodyFormat) -> None:
    endpoint = an_endpoint({"name": "mail", "field": "contact.email", "required": True}, format=form)

    with pytest.raises(MissingField, match=r"contact\.email") as missing:
        rendered(endpoint)

    assert missing.value.field == "contact.email"


def test_values_are_translated_and_others_are_sent_as_they_are() -> None:
    words = {"NY": "New York", "true": "YES", "2": 200, "solar": "PV"}

    assert sent("contact.state", values=words) == "New York"
    assert sent("attributes.owner", values=words) == "YES"
    assert sent("attributes.storeys", values=words) == 200
    assert sent("attributes.interests", values=words) == ["PV", "heat"]
    assert sent("contact.first_name", values=words) == "Zoë"


def test_a_leads_own_facts_can_be_sent() -> None:
    facts = facts_of(a_lead(), NOW) | {"lead_id": "lead-1"}
    endpoint = an_endpoint({"name": "at", "field": "time.now"}, {"name": "mail", "field": "contact.email"})

    assert json.loads(rendered(endpoint, facts).body) == {
        "at": "2026-11-23T14:30:05.123456Z",
        "mail": a_lead().contact.email,
    }


# ---- Formats ------------------------------------------------------------------------------------------------------


def test_dots_nest_in_json_and_xml() -> None:
    fields = (
        {"name": "lead.contact.zip", "field": "contact.postal_code"},
        {"name": "price", "field": "price_cents"},
        {"name": "lead.contact.state", "field": "contact.state"},
        {"name": "lead.score", "field": "score"},
    )

    assert json.loads(rendered(an_endpoint(*fields)).body) == {
        "lead": {"contact": {"zip": "02134", "state": "NY"}, "score": 71},
        "price": 1250,
    }
    assert rendered(an_endpoint(*fields, format="xml", root="Order")).body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?><Order><lead><contact><zip>02134</zip><state>NY</state></contact>'
        "<score>71</score></lead><price>1250</price></Order>"
    )


def test_a_query_goes_into_the_url_beside_what_is_there() -> None:
    endpoint = an_endpoint(
        {"name": "zip", "field": "contact.postal_code"},
        url=f"{URL}?v=2",
        method="GET",
        format="query",
        query=[{"name": "name", "field": "contact.first_name"}],
        auth={"type": "query", "name": "key", "secret": "s"},
    )

    request = rendered(endpoint, secret="a&b=c#d")

    assert request.url == f"{URL}?v=2&name=Zo%C3%AB&zip=02134&key=a%26b%3Dc%23d"
    assert request.body == b""
    assert "content-type" not in request.headers


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://a.example", "https://a.example/?s=NY"),
        ("https://a.example/", "https://a.example/?s=NY"),
        ("https://a.example/p?", "https://a.example/p?s=NY"),
        ("https://a.example/p?x", "https://a.example/p?x&s=NY"),
        ("https://a.example/p?x=1&", "https://a.example/p?x=1&s=NY"),
        ("http://[::1]:80/p", "http://[::1]:80/p?s=NY"),
    ],
)
def test_a_query_is_joined_to_any_url(url: str, whole: str) -> None:
    endpoint = an_endpoint(url=url, query=[{"name": "s", "field": "contact.state"}])

    assert rendered(endpoint).url == whole


@pytest.mark.parametrize(
    ("form", "media_type", "empty"),
    [
        ("json", "application/json", b"{}"),
        ("form", "application/x-www-form-urlencoded", b""),
        ("xml", "application/xml", b'<?xml version="1.0" encoding="UTF-8"?><lead></lead>'),
    ],
)
def test_a_body_says_of_what_type_it_is(form: str, media_type: str, empty: bytes) -> None:
    request = rendered(an_endpoint(format=form))

    assert (request.headers["content-type"], request.body) == (media_type, empty)


def test_a_request_with_get_has_no_body() -> None:
    request = rendered(an_endpoint(method="GET", query=[{"name": "id", "field": "lead_id"}]))

    assert (request.url, request.body) == (f"{URL}?id=lead-1", b"")
    assert "content-type" not in request.headers


# ---- Headers and authentication -----------------------------------------------------------------------------------


def test_every_request_names_its_sender_and_has_an_id_that_stays() -> None:
    endpoint = an_endpoint(headers={"X-Partner": "baton 17"})

    first, again = rendered(endpoint), render(endpoint, FACTS, None, "offer-1", NOW + timedelta(hours=1))

    assert first == again
    assert first.headers == {
        "accept": "application/json",
        "content-type": "application/json",
        "x-partner": "baton 17",
        "user-agent": "Baton/1",
        "idempotency-key": "offer-1",
        "webhook-id": "offer-1",
    }


def test_the_type_of_the_body_and_of_the_answer_can_be_named_otherwise() -> None:
    headers = {"Content-Type": "text/xml; charset=UTF-8", "Accept": "*/*"}

    request = rendered(an_endpoint(format="xml", headers=headers))

    assert request.headers["content-type"] == "text/xml; charset=UTF-8"
    assert request.headers["accept"] == "*/*"


def with_auth(secret: str | None, **auth: str) -> Rendered:
    """A request that is authenticated like that."""
    return rendered(an_endpoint(auth={"secret": "theirs", **auth}), secret=secret)


def test_a_secret_in_a_header_a_query_or_as_a_token_or_password() -> None:
    assert with_auth("k1", type="header", name="X-Api-Key").headers["x-api-key"] == "k1"
    assert with_auth("k1", type="query", name="key").url == f"{URL}?key=k1"
    assert with_auth("k1", type="bearer").headers["authorization"] == "Bearer k1"
    assert with_auth("k1", type="header", name="Authorization").headers["authorization"] == "k1"
    basic = with_auth("me:pässword:2", type="basic").headers["authorization"]
    assert base64.b64decode(basic.removeprefix("Basic ")).decode() == "me:pässword:2"


def test_a_signature_covers_the_body_as_it_is_sent() -> None:
    endpoint = an_endpoint(
        {"name": "name", "field": "contact.first_name"}, auth={"type": "signature", "secret": "theirs"}
    )

    request = rendered(endpoint, secret=SECRET)

    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert verify([SECRET], request.headers, request.body, NOW)
    assert not verify([SECRET], request.headers, request.body + b" ", NOW)
    assert request == rendered(endpoint, secret=SECRET)


@pytest.mark.parametrize(
    ("auth", "secret"),
    [
        ({"type": "header", "name": "X-Key"}, None),
        ({"type": "header", "name": "X-Key"}, ""),
        ({"type": "header", "name": "X-Key"}, "hunter2\r\nX-Evil: 1"),
        ({"type": "bearer"}, "hunter2\n"),
        ({"type": "bearer"}, "hünter2"),
        ({"type": "basic"}, "hunter2"),
        ({"type": "signature"}, "hunter2"),
        ({"type": "query", "name": "key"}, None),
    ],
)
def test_a_secret_that_does_not_fit_is_an_error_that_does_not_repeat_it(
    auth: dict[str, str], secret: str | None
) -> None:
    with pytest.raises(UnusableSecret) as refused:
        with_auth(secret, **auth)

    assert "nter2" not in str(refused.value)


def test_an_id_that_no_header_can_carry_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no header"):
        render(an_endpoint(), FACTS, None, "offer\r\nx: 1", NOW)


def test_a_rendered_request_can_be_sent() -> None:
    request = rendered(an_endpoint({"name": "score", "field": "score"}))

    outgoing = Outgoing(request.method, request.url, request.headers, request.body)

    assert (outgoing.method, outgoing.body) == ("POST", b'{"score":71}')


# ---- Whatever a lead holds ----------------------------------------------------------------------------------------

TEXT = st.text(min_size=1) | st.text(
    st.sampled_from("<>&'\"\\%+=;,?#/ \r\n\t\x00\x1f\x7f\x85\u2028\ufffe\ud800\U0001f600é]"), min_size=1
)
MAPPED = {"name": "x", "field": "attributes.x"}


def encodable(text: str) -> str:
    """The text as UTF-8 can carry it."""
    return text.encode(errors="replace").decode()


@given(TEXT)
@example("]]>")
def test_text_survives_json(text: str) -> None:
    body = rendered(an_endpoint(MAPPED), {"attributes": {"x": text}}).body

    assert json.loads(body) == {"x": text}
    assert body.isascii()


@given(TEXT)
def test_text_survives_a_form(text: str) -> None:
    body = rendered(an_endpoint(MAPPED, format="form"), {"attributes": {"x": text}}).body

    assert parse_qs(body.decode("ascii"), keep_blank_values=True, strict_parsing=True) == {
        "x": [encodable(text)]
    }


@given(TEXT)
@example("a\r\nb]]>c\x00\ud800")
def test_text_survives_xml_but_for_what_xml_cannot_say(text: str) -> None:
    body = rendered(an_endpoint(MAPPED, format="xml"), {"attributes": {"x": text}}).body

    root = ElementTree.fromstring(body)  # noqa: S314
    sayable = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    assert [one.tag for one in root.iter()] == ["lead", "x"]
    assert (root[0].text or "") == sayable


@given(TEXT, TEXT)
def test_text_survives_a_url_and_adds_nothing_to_it(text: str, key: str) -> None:
    endpoint = an_endpoint(
        MAPPED, format="query", url=f"{URL}?v=1", auth={"type": "query", "name": "key", "secret": "s"}
    )

    request = rendered(endpoint, {"attributes": {"x": text}}, secret=key)

    parts = urlsplit(request.url)
    assert re.fullmatch(r"[!-~]+", request.url)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == (
        "https",
        "buyer.example",
        "/leads",
        "",
    )
    assert parse_qs(parts.query, keep_blank_values=True, strict_parsing=True) == {
        "v": ["1"],
        "x": [encodable(text)],
        "key": [encodable(key)],
    }


PLAIN = st.recursive(
    st.text(min_size=1) | st.integers(-(10**15), 10**15) | st.booleans() | st.floats(-1e15, 1e15),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_any_value_survives_json(value: Any) -> None:
    body = rendered(an_endpoint(MAPPED), {"attributes": {"x": value}}).body

    assert json.loads(body) == {"x": value}


HOSTILE = st.dictionaries(
    st.sampled_from(["contact", "attributes", "score", "lead_id"]),
    PLAIN | TEXT | st.none() | st.floats() | st.datetimes() | st.dictionaries(TEXT, st.none() | PLAIN | TEXT),
)


@pytest.mark.parametrize("form", BodyFormat)
@given(facts=HOSTILE, secret=TEXT)
def test_no_facts_break_out_of_a_request(form: BodyFormat, facts: dict[str, Any], secret: str) -> None:
    names = ("contact", "attributes", "attributes.x", "score", "lead_id", "contact.state")
    fields = [{"name": f"n{index}", "field": name} for index, name in enumerate(names)]
    endpoint = an_endpoint(
        *fields,
        format=form,
        query=[{"name": "q", "field": "score"}],
        headers={"X-A": "b"},
        auth={"type": "header", "name": "X-Key", "secret": "s"},
    )

    try:
        request = rendered(endpoint, facts, secret)
    except UnusableSecret:
        assert not (secret.isascii() and secret.isprintable())
        return

    assert re.fullmatch(r"[!-~]+", request.url)
    assert set(request.headers) <= {
        *("accept", "content-type", "x-a", "user-agent", "idempotency-key", "webhook-id", "x-key")
    }
    assert all(re.fullmatch(r"[ -~]*", value) for value in request.headers.values())


# ---- What cannot work is refused when it is written ---------------------------------------------------------------

F1 = {"name": "a", "field": "score"}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"fields": [F1, {"name": "b", "value": 1}, F1]},
            "fields[2].name: 'a' is there already, at fields[0].name",
        ),
        (
            {"fields": [F1, {"name": "a.b", "value": 1}]},
            "fields[1].name: 'a.b' lies inside 'a', which has a value itself, at fields[0].name",
        ),
        (
            {"fields": [{"name": "a.b.c", "value": 1}, {"name": "a.b", "value": 1}], "format": "xml"},
            "fields[0].name: 'a.b.c' lies inside 'a.b', which has a value itself, at fields[1].name",
        ),
        ({"fields": [{"name": "a..b", "value": 1}]}, "fields[0].name: 'a..b' has a dot with nothing"),
        ({"fields": [{"name": ".a", "value": 1}], "format": "xml"}, "has a dot with nothing"),
        (
            {"fields": [{"name": "a b", "value": 1}], "format": "xml"},
            "'a b' cannot be the name of an XML element",
        ),
        ({"fields": [{"name": "a.1b", "value": 1}], "format": "xml"}, "cannot be the name of an XML element"),
        ({"fields": [{"name": "a><b", "value": 1}], "format": "xml"}, "cannot be the name of an XML element"),
        ({"fields": [F1, F1], "format": "form"}, "'a' is there already"),
        (
            {"fields": [F1], "format": "query", "query": [F1]},
            "fields[0].name: 'a' is there already, at query[0].name",
        ),
        ({"url": f"{URL}?a=1", "query": [F1]}, "query[0].name: 'a' is there already, at url"),
        (
            {"query": [F1], "auth": {"type": "query", "name": "a", "secret": "s"}},
            "auth.name: 'a' is there already, at query[0].name",
        ),
        ({"headers": {"Host": "x"}}, "headers.Host: this header belongs to the connection"),
        ({"headers": {"content-length": "1"}}, "belongs to the connection"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "belongs to the connection"),
        ({"headers": {"User-Agent": "x"}}, "headers.User-Agent: Baton sends this header itself"),
        ({"headers": {"webhook-id": "x"}}, "Baton sends this header itself"),
        (
            {"headers": {"Authorization": "x"}},
            "headers.Authorization: this header carries a secret; use auth",
        ),
        ({"headers": {"X-A": "1", "x-a": "2"}}, "headers.x-a: 'x-a' is there already, at headers.X-A"),
        (
            {"headers": {"X-Key": "1"}, "auth": {"type": "header", "name": "x-key", "secret": "s"}},
            "auth.name: 'x-key' is there already, at headers.X-Key",
        ),
        ({"auth": {"type": "header", "name": "Host", "secret": "s"}}, "auth.name: this header belongs"),
        ({"auth": {"type": "header", "name": "Accept", "secret": "s"}}, "auth.name: this header has another"),
        ({"headers": {"Content-Type": "text/plain; charset=latin-1"}}, "bodies are always in UTF-8"),
        ({"headers": {"Content-Type": "text/plain"}, "format": "query"}, "sends no body"),
        ({"method": "GET", "fields": [F1]}, "method: GET sends no body; use format query"),
        ({"auth": {"type": "signature", "secret": "s"}, "format": "query"}, "a signature covers the body"),
        ({"auth": {"type": "signature", "secret": "s"}, "method": "GET"}, "a signature covers the body"),
    ],
)
def test_an_endpoint_whose_parts_do_not_go_together_is_refused_with_place_and_reason(
    parts: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Endpoint.model_validate({"url": URL, **parts})

    (error,) = refused.value.errors()
    assert message in error["msg"]


@pytest.mark.parametrize(
    ("parts", "place", "message"),
    [
        (
            {"fields": [{"name": "a", "field": "contact.zip"}]},
            "fields.0.field",
            "is no field of contact; there are",
        ),
        ({"fields": [{"name": "a", "field": "consent.when"}]}, "fields.0.field", "given, text, version, at"),
        ({"fields": [{"name": "a"}]}, "fields.0", "names neither a field nor a constant value"),
        ({"query": [{"name": "a", "value": float("nan")}]}, "query.0.value.float", "finite"),
        ({"headers": {"X-A": "b\r\nX-B: c"}}, "headers.X-A", "should match pattern"),
        ({"headers": {"X A": "b"}}, "headers.X A.[key]", "should match pattern"),
        ({"auth": {"type": "bearer"}}, "auth", "authentication by bearer needs the name of a secret"),
        ({"auth": {"type": "header", "secret": "s"}}, "auth", "needs the name of the header"),
        ({"auth": {"secret": "s"}}, "auth", "names a secret, but not the type of authentication"),
        ({"root": "1a"}, "root", "should match pattern"),
    ],
)
def test_a_part_that_cannot_work_is_refused_where_it_stands(
    parts: dict[str, Any], place: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Endpoint.model_validate({"url": URL, **parts})

    found = {".".join(map(str, error["loc"])): error["msg"] for error in refused.value.errors()}
    assert message in found[place]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://buyer.example/",
        "https://",
        "https:///p",
        "https://user:password@buyer.example/",
        "https://buyer.example/p#f",
        "https://buyer.example/a b",
        "https://buyer.example/a\r\nHost: evil",
        "https://buyer.example/a\x00",
        "https://buyer.example/é",
        "https://buyer.example\\@evil.example/",
        "https://buyer.example/\\",
        "https://büyer.example/",
        "https://buyer.example:port/",
        "https://buyer.example?x=1",
        " https://buyer.example/",
        "https://buyer.example/\n",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Endpoint(url=url)


def test_names_need_no_dots_that_nest_in_a_form() -> None:
    endpoint = an_endpoint(
        {"name": "lead[a.b]", "value": 1},
        {"name": "lead[a", "value": 2},
        {"name": "a..b", "value": 3},
        format="form",
    )

    assert parse_qs(rendered(endpoint).body.decode()) == {"lead[a.b]": ["1"], "lead[a": ["2"], "a..b": ["3"]}


def test_an_endpoint_survives_being_written_and_read() -> None:
    endpoint = an_endpoint(
        F1, headers={"X-A": "b"}, auth=Auth.model_validate({"type": "bearer", "secret": "s"})
    )

    assert Endpoint.model_validate_json(endpoint.model_dump_json()) == endpoint
