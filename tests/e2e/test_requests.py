"""Whatever a caller sends, at the real gateway: a lead that is stored whole, or a clear no. Never a 5xx."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import pytest

from baton.domain.lead import LeadState
from baton.domain.source import Source
from tests.e2e.stack import FORM, JSON, Answer, Person, Stack, wait
from tests.e2e.team import Team

PROBLEM: Final = "application/problem+json"
PHONE: Final = "+12025567777"
MAX_BODY: Final = 131072
AT_ONCE: Final = 20


def lead(**fields: Any) -> str:
    """A lead that would be fine but for what is given."""
    return json.dumps({"last_name": "Badger", "phone": PHONE, **fields})


# Content type, body, status, code.
REFUSED: Final[dict[str, tuple[str, str | bytes, int, str]]] = {
    "nothing at all": ("", "", 415, "unsupported-media-type"),
    "no body": (JSON, "", 400, "malformed-body"),
    "JSON that ends too early": (JSON, lead()[:-5], 400, "malformed-body"),
    "JSON that is no object": (JSON, "[1, 2]", 400, "malformed-body"),
    "JSON that is a text": (JSON, '"lead"', 400, "malformed-body"),
    "null": (JSON, "null", 400, "malformed-body"),
    "not a number": (JSON, '{"last_name": "B", "phone": NaN}', 400, "malformed-body"),
    "a name twice": (JSON, '{"phone": "1", "phone": "2"}', 400, "malformed-body"),
    "100,000 open brackets": (JSON, "[" * 100_000, 400, "malformed-body"),
    "a number of 5,000 digits": (JSON, '{"a": ' + "9" * 5000 + "}", 400, "malformed-body"),
    "an invalid form": (FORM, "last_name=%ff%fe&phone=2025567777", 400, "malformed-body"),
    "200 KB": (JSON, lead(notes="x" * 200_000), 413, "body-too-large"),
    "1,001 form fields": (FORM, "&".join(f"f{n}=1" for n in range(1001)), 400, "malformed-body"),
    "XML": ("application/xml", "<lead/>", 415, "unsupported-media-type"),
    "a file upload": ("multipart/form-data; boundary=x", "--x--", 415, "unsupported-media-type"),
    "an empty object": (JSON, "{}", 422, "invalid-lead"),
    "an empty form": (FORM, "", 422, "invalid-lead"),
    "NUL in a name": (JSON, lead(last_name="Bad\x00ger"), 422, "invalid-lead"),
    "half of an emoji": (JSON, '{"last_name": "\\ud83d", "phone": "+12025567777"}', 422, "invalid-lead"),
    "a list as a phone": (JSON, lead(phone=["1"]), 422, "invalid-lead"),
    "an object as an email": (JSON, lead(email={"a": 1}), 422, "invalid-lead"),
    "a contact that is none": (JSON, lead(contact="me"), 422, "invalid-lead"),
    "101 attributes": (JSON, lead(attributes={f"a{n}": n for n in range(101)}), 422, "invalid-lead"),
    "a number beyond all measure": (JSON, lead(roof=1e300), 422, "invalid-lead"),
    "a number next to nothing": (JSON, lead(roof=1e-300), 422, "invalid-lead"),
    "an attribute without a name": (JSON, lead(attributes={"": 1}), 422, "invalid-lead"),
    "a name of 10,000 letters": (JSON, lead(**{"a" * 10_000: 1}), 422, "invalid-lead"),
    "a day that does not exist": (JSON, lead(consent={"at": "2026-02-30T00:00:00Z"}), 422, "invalid-lead"),
    "a redirect elsewhere": (FORM, f"phone={PHONE[1:]}&_redirect=https://evil.example", 422, "invalid-lead"),
}
TAKEN: Final[dict[str, dict[str, Any]]] = {
    "emoji": {"last_name": "Badger 🦡👩‍👩‍👧"},
    "right to left": {"last_name": "مرحبا"},
    "markup": {"last_name": "<script>alert(1)</script>"},
    "a formula": {"last_name": "=cmd|' /C calc'!A0"},
    "what looks like an expression": {"last_name": "{% $states.input %}"},
    "what looks like a reference": {"last_name": "${AWS::Region} $.lead_id"},
    "newlines in an attribute": {"notes": "one\ntwo\r\nthree\tfour"},
    "deep attributes": {"attributes": {"a": {"b": {"c": [1, 2.5, None, True, ""]}}}},
    "numbers of all kinds": {"attributes": {"a": 0, "b": -1, "c": 0.1, "d": 10**15, "e": 1e-100}},
    "a reserved name": {"attributes": {"lead_id": "x", "rev": 7, "state": "sold", "item": "LEAD"}},
    "a long text": {"notes": "x" * 4000},
}


@pytest.fixture(scope="module")
def team(stack: Stack) -> Team:
    """Who gets what is taken; at once, so that nothing is left waiting."""
    stack.personal.update({"Badger", PHONE, PHONE[2:]})
    return Team.at(stack, auto_accept=True)


@dataclass(frozen=True)
class Refusals:
    """What came of everything that is no lead."""

    answers: Mapping[str, Answer]
    left_behind: set[str]
    """The leads of which anything at all was stored meanwhile."""


@pytest.fixture(scope="module")
def refusals(stack: Stack, team: Team) -> Refusals:
    """Everything that is no lead, sent once: the table, which holds what all tests stored, is read once for all."""
    path = f"/v1/sources/{team.source_id}/leads"
    before = stored(stack)
    answers = {
        case: stack.request("POST", path, body, content_type)
        for case, (content_type, body, _, _) in REFUSED.items()
    }
    return Refusals(answers, stored(stack) - before)


@pytest.fixture(scope="module")
def taken(stack: Stack, team: Team) -> dict[str, Answer]:
    """All that is unusual, sent before any of it is looked for: while one is, the others are on their way."""
    path = f"/v1/sources/{team.source_id}/leads"
    return {case: stack.request("POST", path, lead(**fields), JSON) for case, fields in TAKEN.items()}


@dataclass(frozen=True)
class Offered:
    """A lead that waits for a rep's answer, and the link to give it with."""

    lead_id: str
    link: str


@pytest.fixture(scope="module")
def offered(stack: Stack) -> Offered:
    """One lead for all answers that are none: it must be as it was after each."""
    team = Team.at(stack)
    lead_id = stack.take_in(team.source_id)
    return Offered(lead_id, stack.link_to(team.phone(1)))


def stored(stack: Stack) -> set[str]:
    """The leads of which anything at all is stored."""
    scan = stack.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=stack.outputs["LeadsTable"], ProjectionExpression="lead_id")
    rows = (row for page in pages for row in page["Items"])
    return {row["lead_id"]["S"] for row in rows}


def code_of(answer: Answer) -> str:
    """The problem's stable code."""
    return str(answer.json["type"]).removeprefix("urn:baton:")


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_lead_is_refused_with_what_is_wrong(refusals: Refusals, case: str) -> None:
    answer, (_, _, status, code) = refusals.answers[case], REFUSED[case]

    assert (answer.status, answer.headers["content-type"], code_of(answer)) == (status, PROBLEM, code)
    assert answer.json["title"]
    assert status != 422 or all(error["problem"] for error in answer.json["errors"])


def test_what_is_no_lead_leaves_nothing_behind(refusals: Refusals) -> None:
    assert refusals.left_behind == set()


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_unusual_is_taken_stored_and_delivered(
    stack: Stack, taken: dict[str, Answer], case: str
) -> None:
    answer = taken[case]

    assert answer.status == 202, answer
    lead_id = answer.json["lead_id"]
    kept = stack.until(lead_id, LeadState.ASSIGNED)
    for name, value in TAKEN[case].items():
        groups = {**kept.contact.model_dump(), **kept.attributes, "attributes": kept.attributes}
        assert groups[name] == value
    assert stack.ended(lead_id) == "SUCCEEDED"


def test_a_gateway_that_mends_invalid_utf_8_before_it_is_seen_makes_no_half_of_a_lead(
    stack: Stack, team: Team
) -> None:
    body = b'{"last_name": "Badger\xff\xfe", "phone": "+12025567777"}'

    answer = stack.request("POST", f"/v1/sources/{team.source_id}/leads", body, JSON)

    assert answer.status in (202, 400)
    if answer.status == 202:
        lead_id = answer.json["lead_id"]
        assert stack.until(lead_id, LeadState.ASSIGNED).contact.phone == "+12025567777"
        assert stack.ended(lead_id) == "SUCCEEDED"


def test_a_source_that_does_not_exist_or_is_off_takes_nothing(stack: Stack, team: Team) -> None:
    stack.configure(Source(id="switched-off", name="Off", campaign_id=team.id, active=False))

    unknown, off = (stack.post(source, {"phone": PHONE}) for source in ("nobody", "switched-off"))

    assert (unknown.status, code_of(unknown)) == (404, "not-found")
    assert (off.status, code_of(off)) == (403, "source-inactive")


@pytest.mark.parametrize("source", ["%00", "%ff", "a%20b", "-", "x" * 300, "%F0%9F%A6%A1", "..%2f..", "%25"])
def test_a_source_that_cannot_exist_is_not_found(stack: Stack, source: str) -> None:
    assert 400 <= stack.post(source, {"phone": PHONE}).status < 500


@pytest.mark.parametrize("key", ["", "with space", "x" * 201])
def test_an_idempotency_key_that_is_none_is_refused(stack: Stack, team: Team, key: str) -> None:
    answer = stack.request(
        "POST", f"/v1/sources/{team.source_id}/leads", lead(), JSON, Idempotency_Key=key or " "
    )

    assert (answer.status, code_of(answer)) == (400, "invalid-idempotency-key")


def test_a_key_that_comes_again_with_another_lead_is_refused(stack: Stack, team: Team) -> None:
    path = f"/v1/sources/{team.source_id}/leads"
    first, second = (
        stack.request("POST", path, lead(note=note), JSON, Idempotency_Key="once-only") for note in "ab"
    )

    assert (first.status, second.status, code_of(second)) == (202, 422, "idempotency-key-reused")


def test_the_same_request_at_the_same_moment_makes_one_lead_and_one_message(stack: Stack) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    stack.personal.update(person.fields.values())

    def post(_: int) -> Answer:
        return stack.post(team.source_id, person.fields, Idempotency_Key="form-4711")

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(post, range(AT_ONCE)))

    assert {answer.status for answer in answers} == {202}
    (lead_id,) = {answer.json["lead_id"] for answer in answers}
    assert stack.ended(lead_id) == "SUCCEEDED"
    assert stack.lead(lead_id).attempt == 1
    assert len(wait(lambda: stack.sms_to(team.phone(1)), "the message")) == 1
    assert [name for name, _ in stack.executions() if name.startswith(lead_id)] == [lead_id]


def test_a_browser_may_ask_first_and_a_page_of_another_site_is_refused(stack: Stack) -> None:
    team = Team.at(stack, allowed_origins=("https://www.example.com",))
    path = f"/v1/sources/{team.source_id}/leads"

    ours = stack.request("OPTIONS", path, Origin="https://www.example.com")
    theirs = stack.request("OPTIONS", path, Origin="https://evil.example")
    posted = stack.post(team.source_id, {"phone": PHONE}, Origin="https://evil.example")

    assert (ours.status, ours.headers["access-control-allow-origin"]) == (204, "https://www.example.com")
    assert (theirs.status, "access-control-allow-origin" in theirs.headers) == (403, False)
    assert (posted.status, code_of(posted)) == (403, "origin-refused")


@pytest.mark.parametrize("token", ["x", "A" * 51, "A" * 5000, "%00", "%ff", "%F0%9F%A6%A1", "..%2f", "===="])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_none_of_ours_is_a_clear_page(stack: Stack, token: str, method: str) -> None:
    body = "answer=accept" if method == "POST" else ""

    page = stack.request(method, f"/v1/offers/{token}", body, FORM)

    assert (page.status, "This link does not work" in page.text) == (404, True)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, ""),
        (FORM, "answer=maybe"),
        (FORM, "answer=accept&answer=decline"),
        (FORM, "answer=%ff"),
        (JSON, '{"answer": ["accept"]}'),
        (JSON, '{"answer": {"a": 1}}'),
        (JSON, "{"),
        ("text/plain", "answer=accept"),
        (FORM, "answer=" + "x" * 10_000),
    ],
)
def test_an_answer_that_is_none_changes_nothing(
    stack: Stack, offered: Offered, content_type: str, body: str
) -> None:
    page = stack.request("POST", offered.link, body, content_type)

    assert page.status < 500
    assert stack.lead(offered.lead_id).state is LeadState.OFFERED
