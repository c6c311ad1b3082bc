"""Reading answers: what counts as yes, no and neither, prices to the cent, and nothing that is sent makes it fail."""

import json
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.domain.endpoint import Reader
from baton.domain.markup import MAX_ELEMENTS
from baton.domain.places import Place, parsed, place
from baton.domain.reading import Reading, Verdict, read


def a_reader(**parts: Any) -> Reader:
    """A reader that takes `status: accepted` for yes and `status: rejected` for no."""
    usual = {
        "accepted": {"path": "$.status", "equals": ["accepted"]},
        "rejected": {"path": "$.status", "equals": ["rejected"]},
    }
    return Reader.model_validate(usual | parts)


def verdict(reader: Reader, answer: Any, status: int = 200) -> Verdict:
    """The verdict on a JSON answer."""
    return read(reader, status, json.dumps(answer).encode()).verdict


def price(written: str, unit: str = "major") -> int | None:
    """The price in an answer where it is written like that, as JSON."""
    reader = Reader.model_validate({"price": "$.price", "price_unit": unit})
    return read(reader, 200, f'{{"price": {written}}}'.encode()).price_cents


# ---- Verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "status", "expected"),
    [
        ({"status": "accepted"}, 200, Verdict.ACCEPTED),
        ({"status": " ACCEPTED "}, 204, Verdict.ACCEPTED),
        ({"status": "rejected"}, 200, Verdict.REJECTED),
        ({"status": "Rejected"}, 422, Verdict.REJECTED),
        ({"status": "maybe"}, 200, Verdict.UNCLEAR),
        ({}, 200, Verdict.UNCLEAR),
        ([], 200, Verdict.UNCLEAR),
        ({"status": None}, 200, Verdict.UNCLEAR),
    ],
)
def test_the_words_of_an_answer_decide(answer: Any, status: int, expected: Verdict) -> None:
    assert verdict(a_reader(), answer, status) is expected


@pytest.mark.parametrize("status", [0, 100, 204, 301, 302, 304, 408, 425, 429, 500, 502, 503, 504])
def test_without_words_these_statuses_are_no_answer(status: int) -> None:
    assert read(a_reader(), status, b"").verdict is Verdict.UNCLEAR
    assert read(Reader(), status, b"").verdict is Verdict.UNCLEAR


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422, 499])
def test_a_request_that_was_refused_is_a_rejection_whatever_else_is_said(status: int) -> None:
    assert read(a_reader(), status, b"<html>no</html>").verdict is Verdict.REJECTED
    assert read(Reader(), status, b"").verdict is Verdict.REJECTED
    assert verdict(a_reader(), {"status": "accepted"}, status) is Verdict.REJECTED


@pytest.mark.parametrize("status", [200, 201, 202])
def test_without_a_reader_of_its_own_an_endpoint_that_says_so_has_accepted(status: int) -> None:
    assert read(Reader(), status, b"thanks!").verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("status", [302, 404, 408, 429, 500, 503])
def test_an_error_page_sells_no_lead_whatever_words_are_on_it(status: int) -> None:
    reader = a_reader(accepted={"contains": "ok"}, rejected=None)

    assert read(reader, status, b"OK? The token was broken.").verdict is not Verdict.ACCEPTED


@pytest.mark.parametrize("status", [302, 408, 429, 500, 503])
def test_an_error_page_rejects_no_lead_either(status: int) -> None:
    reader = a_reader(rejected={"contains": "error"})

    assert read(reader, status, b"Internal server error").verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("key", "expected"), [("accepted", Verdict.ACCEPTED), ("rejected", Verdict.REJECTED)]
)
@pytest.mark.parametrize("status", [302, 404, 429, 500])
def test_a_status_that_is_listed_counts_whatever_it_usually_means(
    status: int, key: str, expected: Verdict
) -> None:
    assert verdict(a_reader(**{key: {"status": [status]}}), {}, status) is expected
    assert verdict(a_reader(**{key: {"status": [status], "path": "$.x"}}), {"x": 1}, status) is expected


def test_a_rejection_is_looked_at_first() -> None:
    reader = a_reader(accepted={"status": [200]}, rejected={"path": "$.errors"})

    assert verdict(reader, {"errors": ["duplicate"]}) is Verdict.REJECTED
    assert verdict(reader, {"errors": []}) is Verdict.ACCEPTED


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_what_is_null_or_empty_is_not_there(nothing: Any) -> None:
    assert verdict(a_reader(rejected={"path": "$.error"}), {"error": nothing}) is Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("match", "answer", "fits"),
    [
        ({"path": "$.ok", "equals": ["true"]}, {"ok": True}, True),
        ({"path": "$.ok", "equals": ["true"]}, {"ok": False}, False),
        ({"path": "$.code", "equals": ["0"]}, {"code": 0}, True),
        ({"path": "$.code", "equals": ["1"]}, {"code": 10}, False),
        ({"path": "$.note", "contains": "DUPLI"}, {"note": "a duplicate"}, True),
        ({"path": "$.notes", "contains": "duplicate"}, {"notes": ["a duplicate"]}, True),
        ({"path": "$.notes[*]", "equals": ["b"]}, {"notes": ["a", "B"]}, True),
        ({"path": "$.note", "equals": ["straße"]}, {"note": "STRASSE"}, True),
        ({"equals": ['{"a": 1}']}, {"a": 1}, True),
        ({"contains": '"a"'}, {"a": 1}, True),
        ({"path": "$.a", "equals": ["yes", "no"], "contains": "y"}, {"a": "no"}, False),
        ({"path": "$.a", "status": [201]}, {"a": 1}, False),
    ],
)
def test_all_that_a_match_names_must_hold(match: dict[str, Any], answer: Any, fits: bool) -> None:
    assert (verdict(a_reader(accepted=match), answer) is Verdict.ACCEPTED) is fits


# ---- Prices -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12.5", 1250),
        ('"12.50"', 1250),
        ("12", 1200),
        ('"$1,250.00"', 125_000),
        ('"€ 12.5"', 1250),
        ('" £12.34 "', 1234),
        ('"1,234,567"', None),
        ("0", 0),
        ("0.29", 29),
        ("1.15", 115),
        ("19.999", 1999),
        ("19.99999999999999999999999", None),
        ("19.9999999999999999999", 1999),
        ("4.35", 435),
        ("100000.00", 10_000_000),
        ("100000.009", 10_000_000),
        ("100000.01", None),
        ("1e2", None),
        ("1e300", None),
        ("1e999", None),
        ("-45.0", None),
        ("NaN", None),
        ("-Infinity", None),
        ('"call us"', None),
        ('"1.250,00"', None),
        ('"12,50"', None),
        ('"1,2500"', None),
        ('"12."', None),
        ('".5"', None),
        ('"12.50 USD"', None),
        ('"12 50"', None),
        ('"١٢"', None),
        ('"$$5"', None),
        ('"0x10"', None),
        ('""', None),
        ("true", None),
        ("null", None),
        ("[12.5]", None),
        ('{"amount": 12.5}', None),
        ("9" * 4000, None),
        ('"' + "9" * 4000 + '"', None),
    ],
)
def test_a_price_is_read_to_the_cent_or_not_at_all(written: str, cents: int | None) -> None:
    assert price(written) == cents


@pytest.mark.parametrize(
    ("written", "cents"),
    [("1250", 1250), ("1250.0", 1250), ("1250.9", 1250), ('"1,250"', 1250), ("10000001", None), ("-1", None)],
)
def test_a_price_in_cents(written: str, cents: int | None) -> None:
    assert price(written, "cents") == cents


@given(cents=st.integers(0, 10_000_000))
def test_every_price_that_is_written_as_number_or_as_text_is_read_exactly(cents: int) -> None:
    assert price(json.dumps(cents / 100)) == cents
    assert price(f'"{cents // 100}.{cents % 100:02}"') == cents
    assert price(f'"${cents // 100:,}.{cents % 100:02}"') == cents
    assert price(str(cents), "cents") == cents


@given(whole=st.integers(0, 99_999), decimals=st.text("0123456789", min_size=1, max_size=20))
def test_a_price_is_never_rounded_up(whole: int, decimals: str) -> None:
    cents = price(f"{whole}.{decimals}")

    exact = int(f"{whole}{decimals}")
    assert cents is not None
    assert cents * 10 ** len(decimals) <= exact * 100 < (cents + 1) * 10 ** len(decimals)


def test_only_an_answer_that_accepts_has_a_price() -> None:
    reader = a_reader(price="$.price")

    assert read(reader, 200, b'{"status": "accepted", "price": 5}').price_cents == 500
    assert read(reader, 200, b'{"status": "rejected", "price": 5}').price_cents is None
    assert read(reader, 200, b'{"status": "perhaps", "price": 5}').price_cents is None


def test_of_several_prices_the_first_counts() -> None:
    reader = Reader(price="$.bids[*].price")

    assert read(reader, 200, b'{"bids": [{"price": 7}, {"price": 9}]}').price_cents == 700


# ---- Reasons and references ---------------------------------------------------------------------------------------


def test_a_rejection_says_why_in_one_line() -> None:
    reader = a_reader(reason="$.errors[*].text", reference="$.id")
    answer = {
        "status": "rejected",
        "id": 17,
        "errors": [{"text": "too\n old"}, {"text": "\ud800dup\x00licate"}],
    }

    reading = read(reader, 200, json.dumps(answer).encode())

    assert reading == Reading(Verdict.REJECTED, reason="too old; duplicate", reference="17")


def test_a_reason_is_cut_and_a_reference_is_whole_or_none() -> None:
    reader = a_reader(reason="$.why", reference="$.id")

    long = read(reader, 200, json.dumps({"status": "rejected", "why": "x" * 500, "id": "y" * 201}).encode())
    fits = read(reader, 200, json.dumps({"status": "rejected", "why": "x" * 200, "id": "y" * 200}).encode())

    assert (long.reason, long.reference) == ("x" * 199 + "…", None)
    assert (fits.reason, fits.reference) == ("x" * 200, "y" * 200)


def test_an_answer_that_accepts_has_no_reason_to_give() -> None:
    reading = read(a_reader(reason="$.message"), 200, b'{"status": "accepted", "message": "fine"}')

    assert reading == Reading(Verdict.ACCEPTED)


# ---- JSON ---------------------------------------------------------------------------------------------------------

DOCUMENT: dict[str, Any] = {
    "a": {"b": [{"c": 1}, {"c": "two"}], "x-y": "dash", "it's": 0.50},
    "list": [1, 2.5, True, None, [], {}, "z"],
}


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("$.a.b[0].c", ["1"]),
        ("$.a.b[-1].c", ["two"]),
        ("$['a']['x-y']", ["dash"]),
        ('$["a"]["it\'s"]', ["0.50"]),
        ("$['a'].b[*].c", ["1", "two"]),
        ("$.a.*", ['[{"c": 1}, {"c": "two"}]', "dash", "0.50"]),
        ("$.list", ['[1, 2.5, true, null, [], {}, "z"]']),
        ("$.list[*]", ["1", "2.5", "true", "z"]),
        ("$.list[7]", []),
        ("$.list[-8]", []),
        ("$.list.a", []),
        ("$.a[0]", []),
        ("$.a.b[0].c.d", []),
        ("$..c", ["1", "two"]),
        ("$.a.b[?@.c == 'two'].c", ["two"]),
        ("$.a.b[?@.c > 0.5].c", ["1"]),
        ("$.list[0:2]", ["1", "2.5"]),
        ("$.list[?length(@) == 1]", ["z"]),
    ],
)
def test_a_json_path_finds(path: str, texts: list[str]) -> None:
    body = b'{"a": {"b": [{"c": 1}, {"c": "two"}], "x-y": "dash", "it\'s": 0.50},'
    body += b'"list": [1, 2.5, true, null, [], {}, "z"]}'

    assert json.loads(body) == DOCUMENT
    assert place("json", path)(parsed("json", body)) == texts


STEPS = st.sampled_from([".a", ".b", ".*", "[0]", "[1]", "[-1]", "[-2]", "[*]", "['a']", '["b c"]', "['']"])
JSON = st.recursive(
    st.sampled_from([1, "x", True, None]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "b c", "", "0"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(steps=st.lists(STEPS, max_size=4), document=JSON)
def test_plain_paths_find_what_the_library_finds(steps: list[str], document: Any) -> None:
    import jsonpath

    path = "$" + "".join(steps)
    library = jsonpath.compile(path, strict=True).findall(document)

    expected = place("json", "$[*]")(library)
    assert place("json", path)(document) == expected


def attempt(form: str, path: str) -> tuple[Place | None, str]:
    """The compiled path, or why there is none."""
    try:
        return place(form, path), ""
    except ValueError as error:
        return None, str(error)


ANY_PATH = (
    st.text("$.[]*'\"abc012-:?@=&|()!<> \\_~#,/", max_size=12)
    | st.text(max_size=8)
    | st.lists(st.sampled_from(["/", "//", "a", "*", ".", "[1]", "[a='']", "[@b]", "@a", "[last()-1]"])).map(
        "".join
    )
)


@given(path=ANY_PATH)
def test_any_path_is_compiled_or_refused_in_words(path: str) -> None:
    for form in ("json", "xml", "text"):
        found, refusal = attempt(form, path)
        if found is None:
            assert refusal.startswith("must ")
        else:
            assert isinstance(found(parsed(form, b"<a><b>1</b></a>")), list)
            assert isinstance(found(parsed(form, b'{"a": [{"b": 1}, "c"]}')), list)


# ---- XML ----------------------------------------------------------------------------------------------------------

XML = b"""<?xml version="1.0"?>
<r:answer xmlns:r="urn:x" r:code="7"><r:status>accepted</r:status>
  <deal id="d-1"><cents> 1250 </cents><note>a<b>b</b>c</note></deal><deal id="d-2"/></r:answer>"""


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("status", ["accepted"]),
        ("./status", ["accepted"]),
        (".//status", ["accepted"]),
        ("//status", ["accepted"]),
        ("/answer/status", ["accepted"]),
        ("/status", []),
        ("deal/cents", ["1250"]),
        (".//deal/note", ["abc"]),
        ("@code", ["7"]),
        ("./@code", ["7"]),
        ("/answer/@code", ["7"]),
        ("deal/@id", ["d-1", "d-2"]),
        (".//deal[@id='d-1']/cents", ["1250"]),
        (".//deal[2]/@id", ["d-2"]),
        (".//deal[cents]/@id", ["d-1"]),
        ("deal/@none", []),
        (".//nothing", []),
        (".//status[.='accepted']", ["accepted"]),
        (".//status[.='12:00 {x}']", []),
        (".//note[b = 'b']", ["abc"]),
        (".//deal[last()]/@id", ["d-2"]),
        ("deal[@id!='d-1']/@id", ["d-2"]),
        ("*/@id", ["d-1", "d-2"]),
    ],
)
def test_an_xpath_finds_whatever_the_namespaces(path: str, texts: list[str]) -> None:
    assert place("xml", path)(parsed("xml", XML)) == texts


def test_an_xml_answer_is_read() -> None:
    reader = Reader.model_validate(
        {
            "format": "xml",
            "accepted": {"path": ".//status", "equals": ["accepted"]},
            "price": ".//cents",
            "price_unit": "cents",
            "reference": ".//deal/@id",
        }
    )

    assert read(reader, 200, XML) == Reading(Verdict.ACCEPTED, price_cents=1250, reference="d-1")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x><status>&l11;</status></x>'.encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><status>&e;</status></x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x><status>accepted</status></x>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]><x><status>accepted</status></x>',
        b"<!DOCTYPE x><x><status>accepted</status></x>",
        b"<x><status>&unknown;</status></x>",
        b"<a>" * 100_000,
        b"<a>" * 1_000 + b"<status>accepted</status>" + b"</a>" * 1_000,
        b'<?xml version="1.0" encoding="no-such"?><x><status>accepted</status></x>',
        b'<?xml version="1.0" encoding="utf-7"?><x><status>accepted</status></x>',
        b"<x><status>accepted</x>",
        b"",
        b"\x00",
    ],
)
def test_xml_that_no_honest_system_sends_is_unreadable(body: bytes) -> None:
    reader = Reader.model_validate(
        {"format": "xml", "accepted": {"path": ".//status"}, "reason": ".//status"}
    )

    assert read(reader, 200, body) == Reading(Verdict.UNCLEAR)


def test_an_xml_answer_with_more_elements_than_any_buyer_sends_is_unclear() -> None:
    reader = Reader.model_validate({"format": "xml", "accepted": {"path": "d[last()]", "equals": ["ok"]}})
    most = b"<d/>" * (MAX_ELEMENTS - 2) + b"<d>ok</d>"

    assert read(reader, 200, b"<r>" + most + b"</r>").verdict is Verdict.ACCEPTED
    assert read(reader, 200, b"<r><d/>" + most + b"</r>").verdict is Verdict.UNCLEAR
    assert read(reader, 200, b"<r>" + b"<d/>" * 64_000 + most + b"</r>").verdict is Verdict.UNCLEAR


def test_an_xml_answer_with_an_endless_namespace_is_read() -> None:
    body = b"<r xmlns:q='" + b"n" * 100_000 + b"'>" + b"<q:d q:a='1' q:b='2'/>" * 1_500 + b"</r>"

    assert place("xml", "d[1500]/@b")(parsed("xml", body)) == ["2"]
    assert place("xml", "@q")(parsed("xml", body)) == []


XPATHS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "/", "//", ".//", "./"]),
    st.lists(
        st.builds(
            lambda name, tests: name + "".join(tests),
            st.sampled_from(["a", "b", "*"]),
            st.lists(
                st.sampled_from(
                    [
                        *("[1]", "[2]", "[3]", "[last()]", "[last()-1]", "[a]", "[b]", "[@a]", "[@a='x']"),
                        *("[@a!='x']", "[.='x']", "[.!='x']", "[b='x']", "[a != 'x']", "[.='']", "[b='xx']"),
                    ]
                ),
                max_size=3,
            ),
        ),
        min_size=1,
        max_size=3,
    ).map("/".join),
    st.sampled_from(["", "", "/@a"]),
)
ELEMENTS = st.recursive(
    st.sampled_from(["<a/>", "<b>x</b>", "<b a='x'/>", "<a a='y'>x</a>"]),
    lambda inner: st.builds(
        "<{0}>{1}{2}</{0}>".format,
        st.sampled_from("ab"),
        st.sampled_from(["", "x"]),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=14,
)


@given(path=XPATHS, inside=st.lists(ELEMENTS, max_size=4).map("".join))
def test_an_xpath_finds_what_elementtree_finds(path: str, inside: str) -> None:
    root = ElementTree.fromstring(f"<a>{inside}</a>")  # noqa: S314
    start = root
    steps, _, attribute = path.partition("/@")
    if path.startswith("/"):
        start = ElementTree.Element("document")
        start.append(root)
        steps = f".{steps}"
    found = start.findall(steps)
    texts = [one.get(attribute, "") if attribute else "".join(one.itertext()) for one in found]

    assert place("xml", path)(parsed("xml", f"<a>{inside}</a>".encode())) == [text for text in texts if text]


@given(st.text().filter(lambda text: "\r" not in text and all(one.isprintable() for one in text)))
def test_text_in_xml_is_found_as_it_was_meant(text: str) -> None:
    body = f"<x><status>{escape(text)}</status></x>".encode()

    assert place("xml", ".//status")(parsed("xml", body)) == ([text.strip()] if text.strip() else [])


# ---- Text ---------------------------------------------------------------------------------------------------------


def test_a_text_answer_is_read_by_regular_expressions() -> None:
    reader = Reader.model_validate(
        {
            "format": "text",
            "accepted": {"path": "^(OK)", "equals": ["ok"]},
            "rejected": {"contains": "no thanks"},
            "price": r"price=([0-9.]+)",
            "reason": "because .*",
            "reference": r"\|([a-z0-9-]+)$",
        }
    )

    assert read(reader, 200, b"OK price=12.50|r-17\n") == Reading(
        Verdict.ACCEPTED, price_cents=1250, reference=None
    )
    assert read(reader, 200, b"OK price=12.50|r-17").reference == "r-17"
    assert read(reader, 200, b"No thanks, because it is late").reason == "because it is late"
    assert read(reader, 200, b"?").verdict is Verdict.UNCLEAR


# ---- Any bytes ----------------------------------------------------------------------------------------------------

READERS = [
    a_reader(price="$.price", reason="$.reason", reference="$..id"),
    a_reader(accepted={"path": "$..a"}, rejected={"contains": "x"}, price="$", reason="$", reference="$"),
    Reader.model_validate(
        {
            "format": "xml",
            "accepted": {"path": ".//a"},
            "price": ".",
            "reason": "//*",
            "reference": ".//*/@id",
        }
    ),
    Reader.model_validate({"format": "text", "accepted": {"path": "a|1"}, "price": ".*", "reason": "."}),
]
SNIPPETS = st.lists(
    st.sampled_from(
        [
            *(b'{"status":', b'"accepted"', b"}", b"[", b"]", b",", b'"price":', b"1e999", b"NaN", b"-"),
            *(b'"\\ud800"', b"<a>", b"</a>", b"<!DOCTYPE a>", b"&#0;", b"<?xml version='1.0' encoding='"),
            *(b"'?>", b"\xff\xfe", b"\x00", b'"', b"9", b'"a":', b"<a id=''/>", b"\xef\xbb\xbf", b"]]>"),
            b"<![CDATA[",
        ]
    ),
    max_size=12,
).map(b"".join)


@pytest.mark.parametrize("reader", READERS)
@given(status=st.integers(0, 599), body=st.binary() | SNIPPETS | JSON.map(lambda it: json.dumps(it).encode()))
def test_no_answer_makes_reading_fail(reader: Reader, status: int, body: bytes) -> None:
    reading = read(reader, status, body)

    assert reading.price_cents is None or 0 <= reading.price_cents <= 10_000_000
    for said in (reading.reason, reading.reference):
        assert said is None or (0 < len(said) <= 200 and said.encode().decode() == said)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"[" * 900 + b"1" + b"]" * 900,
        b'{"a":' * 300 + b"1" + b"}" * 300,
        b"9" * 10_000,
        b'{"price": ' + b"1" * 5_000 + b"}",
        "\ufeff{}".encode(),
        '{"status": "accepted"}'.encode("utf-16"),
    ],
)
def test_not_even_a_monstrous_one(reader: Reader, body: bytes) -> None:
    assert read(reader, 200, body).verdict in Verdict


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_is_read_in_every_encoding_that_json_may_have(encoding: str) -> None:
    assert read(a_reader(), 200, '{"status": "accepted"}'.encode(encoding)).verdict is Verdict.ACCEPTED


# ---- What cannot be read is refused when it is written ------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "place_of_error", "message"),
    [
        ({"price": "price"}, "price", "must be a JSONPath such as $.result.status"),
        ({"price": "$.a b"}, "price", "must be a JSONPath such as $.result.status"),
        ({"price": "$[?@.a == ]"}, "price", "must be a JSONPath"),
        ({"price": "$[?match(@.a, 'x')]"}, "price", "without match() and search()"),
        ({"price": "$..a..b"}, "price", "one '..' at most"),
        ({"accepted": {"path": "$["}}, "accepted", "path: must be a JSONPath"),
        ({"rejected": {"path": "nope"}}, "rejected", "path: must be a JSONPath"),
        ({"format": "xml", "reason": "$.a"}, "reason", "must be an XPath such as .//status"),
        ({"format": "xml", "reason": "a["}, "reason", "must be an XPath"),
        ({"format": "xml", "reason": "a b"}, "reason", "must be an XPath"),
        ({"format": "xml", "reason": "a[0]"}, "reason", "must be an XPath"),
        ({"format": "xml", "reason": "ns:a"}, "reason", "without the prefixes of namespaces"),
        ({"format": "xml", "reason": "a/@b/c"}, "reason", "must be an XPath"),
        ({"format": "xml", "reason": "//a//b"}, "reason", "one '//' at most"),
        ({"format": "text", "reference": "(a"}, "reference", "must be a regular expression that RE2 can use"),
        ({"format": "text", "reference": r"(a)\1"}, "reference", "must be a regular expression"),
        ({"format": "text", "reference": "(((a{99}){9}){9})"}, "reference", "must"),
        ({"accepted": {}}, "accepted", "needs a path, equals, contains or status"),
        ({"accepted": {"status": [99]}}, "accepted.status.0", "greater than or equal to 100"),
        ({"accepted": {"equals": [" "]}}, "accepted.equals.0", "should match pattern"),
    ],
)
def test_a_reader_that_cannot_work_is_refused_with_place_and_reason(
    parts: dict[str, Any], place_of_error: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Reader.model_validate(parts)

    (error,) = refused.value.errors()
    assert ".".join(map(str, error["loc"])) == place_of_error
    assert message in error["msg"]
