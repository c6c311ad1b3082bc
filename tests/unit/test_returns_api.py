"""The endpoint for buyers that give leads back: by key or by signature, and nothing is told to anybody else."""

import json
import logging
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from baton.application.admit_caller import AdmitCaller
from baton.domain.access import hash_of
from baton.domain.lead import LeadState
from baton.domain.webhooks import sign, verify
from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.returns import MAX_BODY_BYTES, take_back
from tests.builders import MINUTE, SECOND, a_rep
from tests.selling import a_buyer
from tests.trading import Desk
from tests.unit.wire import FORM_TYPE, Answer, an_event

KEY, NEXT_KEY = "key-of-acme-4f2b", "key-of-acme-9c1d"
SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ASKED = {"recipient_id": "acme", "reason": "invalid_contact", "note": "Maria does not live there"}
NOBODY_S = f"{9:032x}"
SECRET_OF_SAMPLES = "whsec_" + b64encode(b"only sample events are signed so").decode()
EVENTS = Path(__file__).parents[2] / "events"


def a_desk(**returns: Any) -> Desk:
    """A desk with a buyer that has two keys and a secret, one that has neither, and a rep."""
    buyer = {"return_keys": [hash_of(KEY), hash_of(NEXT_KEY)], "return_secret": "returns"}
    desk = Desk(
        a_buyer("acme", buyer=buyer),
        a_buyer("bolt"),
        documents=(a_rep("ana"),),
        returns={"resell": False, **returns},
    )
    desk.pings = {"acme": 2_000, "bolt": 900}
    desk.secrets.stored["recipient/acme/returns"] = SIGNING
    return desk


def asks(
    desk: Desk,
    lead_id: str,
    body: Any = ASKED,
    *,
    key: str | None = KEY,
    media_type: str = "application/json",
    **headers: str,
) -> Answer:
    """The answer to a buyer that gives a lead back."""
    admit = AdmitCaller(desk.configuration, desk.secrets, desk.clock)

    def reclaim(request: Any, context: Any) -> Response:
        return take_back(admit, desk.take_back, request, context)

    text = body if isinstance(body, str | bytes) else json.dumps(body)
    sent = {**({"X-Api-Key": key} if key is not None else {}), **headers}
    event = an_event(text, media_type=media_type, headers=sent, pathParameters={"lead_id": lead_id})
    return Answer.of(endpoint(reclaim)(event, None))


def signed(desk: Desk, body: str, secret: str = SIGNING, webhook_id: str = "msg_1") -> dict[str, str]:
    """The headers of a request that is signed now."""
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(desk.clock.at.timestamp())),
        "webhook-signature": sign(secret, webhook_id, desk.clock.at, body.encode()),
    }


def code_of(answer: Answer) -> str:
    """The code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"].removeprefix("urn:baton:"))


def test_a_lead_that_is_taken_back_at_once_is_answered_with_the_refund() -> None:
    desk = a_desk()
    lead = desk.sells()

    answer = asks(desk, lead.lead_id)

    assert answer.status == 200
    assert answer.json() == {
        "lead_id": lead.lead_id,
        "recipient_id": "acme",
        "state": "approved",
        "reason": "invalid_contact",
        "asked_at": "2026-11-23T14:00:00Z",
        "decided_at": "2026-11-23T14:00:00Z",
        "why": None,
        "currency": "USD",
        "refund_cents": 2_000,
    }


def test_one_that_a_person_decides_about_is_answered_with_202_and_later_with_the_decision() -> None:
    desk = a_desk(auto_approve=False)
    lead = desk.sells()
    first = asks(desk, lead.lead_id)
    desk.take_back.decide(lead.lead_id, 1, approve=False, by="maria", why="it rings")

    again = asks(desk, lead.lead_id)

    assert (first.status, first.json()["state"], first.json()["refund_cents"]) == (202, "waiting", 0)
    assert (again.status, again.json()["state"], again.json()["why"]) == (200, "refused", "it rings")


# ----------------------------------------------------------------------------------------------- who is let in
@pytest.mark.parametrize("key", [KEY, NEXT_KEY])
def test_either_key_lets_the_buyer_in(key: str) -> None:
    desk = a_desk()

    assert asks(desk, desk.sells().lead_id, key=key).status == 200


def test_a_signature_lets_the_buyer_in_without_a_key() -> None:
    desk = a_desk()
    lead = desk.sells()
    body = json.dumps({**ASKED, "lead_id": lead.lead_id})

    assert asks(desk, lead.lead_id, body, key=None, **signed(desk, body)).status == 200


def test_a_signed_return_that_was_overheard_gives_back_no_other_lead() -> None:
    """A signature covers the body, not the path."""
    desk = a_desk()
    lead = desk.sells()
    body = json.dumps({**ASKED, "lead_id": NOBODY_S})

    answer = asks(desk, lead.lead_id, body, key=None, **signed(desk, body))

    assert (answer.status, code_of(answer)) == (422, "invalid-request")
    assert [error["field"] for error in answer.json()["errors"]] == ["lead_id"]
    assert desk.leads.get(lead.lead_id).state is LeadState.SOLD


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("named", [{}, {"lead_id": None}])
def test_a_signed_return_that_names_no_lead_is_refused_with_all_else_that_is_wrong(
    named: dict[str, Any], key: str | None
) -> None:
    desk = a_desk()
    lead, body = desk.sells(), json.dumps({**ASKED, **named, "reason": ""})

    answer = asks(desk, lead.lead_id, body, key=key, **signed(desk, body))

    assert (answer.status, code_of(answer)) == (422, "invalid-request")
    assert {error["field"] for error in answer.json()["errors"]} == {"lead_id", "reason"}


def test_with_a_key_alone_the_body_may_name_the_lead_but_no_other() -> None:
    desk = a_desk()
    lead = desk.sells()

    assert asks(desk, lead.lead_id, {**ASKED, "lead_id": NOBODY_S}).status == 422
    assert asks(desk, lead.lead_id, {**ASKED, "lead_id": lead.lead_id}).status == 200


def test_the_signed_sample_event_is_signed_and_names_its_lead() -> None:
    event = json.loads((EVENTS / "reclaim" / "by_signature.json").read_text())
    headers, body = {name.lower(): value for name, value in event["headers"].items()}, event["body"]
    now = datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, UTC)

    assert verify([SECRET_OF_SAMPLES], headers, body.encode(), now)
    assert json.loads(body)["lead_id"] == event["pathParameters"]["lead_id"]


@pytest.mark.parametrize("key", [None, "", "wrong", hash_of(KEY), KEY.upper(), f"{KEY} "])
@pytest.mark.parametrize("who", ["acme", "bolt", "ana", "nobody", "", None, 5, ["acme"], "x" * 5_000])
def test_whoever_shows_no_key_is_refused_in_one_way_whomever_it_names(key: str | None, who: Any) -> None:
    desk = a_desk()
    lead = desk.sells()
    books = desk.books()

    answers = [
        asks(desk, lead_id, {**ASKED, "recipient_id": who}, key=key) for lead_id in (lead.lead_id, NOBODY_S)
    ]

    assert [answer.status for answer in answers] == [401, 401]
    assert (
        answers[0].body
        == answers[1].body
        == asks(desk, "x", {**ASKED, "recipient_id": "acme"}, key="no").body
    )
    assert desk.books() == books


@pytest.mark.parametrize(
    "change",
    [
        "another body",
        "another secret",
        "too old",
        "from the future",
        "no secret is stored",
        "garbage",
        "no id",
    ],
)
def test_a_signature_that_does_not_hold_lets_nobody_in(change: str) -> None:
    desk = a_desk()
    lead, body = desk.sells(), json.dumps(ASKED)
    headers = signed(desk, body)
    match change:
        case "another body":
            body = body.replace("invalid_contact", "duplicate")
        case "another secret":
            headers = signed(desk, body, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        case "too old":
            desk.clock.forward(5 * MINUTE + SECOND)
        case "from the future":
            desk.clock.forward(-5 * MINUTE - SECOND)
        case "no secret is stored":
            desk.secrets.stored.clear()
        case "garbage":
            headers["webhook-signature"] = "v1,AAAA v2,\u00e9 "
        case "no id":
            del headers["webhook-id"]

    answer = asks(desk, lead.lead_id, body, key=None, **headers)

    assert (answer.status, code_of(answer)) == (401, "caller-unknown")


def test_a_buyer_s_key_opens_no_other_buyer_s_leads() -> None:
    """The lead is there, and its buyer is another: it is answered as if there were none."""
    desk = a_desk()
    desk.pings = {"acme": 900, "bolt": 2_000}
    lead = desk.sells()
    assert lead.recipient_id == "bolt"

    answers = [asks(desk, lead_id) for lead_id in (lead.lead_id, NOBODY_S)]

    assert [(answer.status, code_of(answer)) for answer in answers] == [(404, "not-found")] * 2
    assert answers[0].body.replace(lead.lead_id, "X") == answers[1].body.replace(NOBODY_S, "X")


def test_a_store_of_secrets_that_does_not_answer_lets_nobody_in() -> None:
    desk = a_desk()
    lead, body = desk.sells(), json.dumps(ASKED)
    desk.secrets.available = False

    answer = asks(desk, lead.lead_id, body, key=None, **signed(desk, body))

    assert (answer.status, code_of(answer)) == (503, "store-unavailable")


# -------------------------------------------------------------------------------------------- what is sent
@pytest.mark.parametrize(("change", "field"), [
    ({"reason": None}, "reason"),
    ({"reason": ""}, "reason"),
    ({"reason": ["duplicate"]}, "reason"),
    ({"note": "x" * 2_001}, "note"),
    ({"note": "\ud800"}, "note"),
    ({"note": {}}, "note"),
    ({"refund": 5}, "refund"),
    ({"lead_id": 5}, "lead_id"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place_and_not_repeated(
    change: dict[str, Any], field: str
) -> None:
    """Invariant 11."""
    desk = a_desk()
    lead = desk.sells()

    answer = asks(desk, lead.lead_id, {**ASKED, **change})

    assert (answer.status, code_of(answer)) == (422, "invalid-request")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert desk.ledger.returns == {}


@pytest.mark.parametrize(("body", "media_type", "code"), [
    ("{", "application/json", "malformed-body"),
    ("[]", "application/json", "malformed-body"),
    (b"\xff", "application/json", "malformed-body"),
    ("<x/>", "application/xml", "unsupported-media-type"),
    (json.dumps({**ASKED, "note": "x" * MAX_BODY_BYTES}), "application/json", "body-too-large"),
    ("", "application/json", "malformed-body"),
])  # fmt: skip
def test_a_body_that_is_none_is_refused_before_anything_is_looked_up(
    body: str | bytes, media_type: str, code: str
) -> None:
    assert code_of(asks(a_desk(), NOBODY_S, body, media_type=media_type)) == code


def test_a_plain_form_will_do() -> None:
    desk = a_desk()

    form = "recipient_id=acme&reason=duplicate&note=had+her+already"
    answer = asks(desk, desk.sells().lead_id, form, media_type=FORM_TYPE)

    assert (answer.status, answer.json()["reason"]) == (200, "duplicate")


@pytest.mark.parametrize(("returns", "reason", "status", "code"), [
    ({}, "changed_my_mind", 422, "return-reason-unknown"),
    ({"window_days": 0}, "duplicate", 409, "return-too-late"),
    ({"max_percent": 0}, "duplicate", 409, "too-many-returns"),
])  # fmt: skip
def test_what_the_campaign_does_not_take_back_is_refused_with_a_reason(
    returns: dict[str, Any], reason: str, status: int, code: str
) -> None:
    desk = a_desk(**returns)

    answer = asks(desk, desk.sells().lead_id, {**ASKED, "reason": reason})

    assert (answer.status, code_of(answer)) == (status, code)
    assert answer.json()["detail"]


def test_the_log_says_what_happened_and_nothing_of_the_person(caplog: pytest.LogCaptureFixture) -> None:
    """Invariant 9."""
    desk = a_desk()
    lead = desk.sells()
    caplog.set_level(logging.DEBUG)
    asks(desk, lead.lead_id)
    asks(desk, lead.lead_id, {**ASKED, "reason": "Maria"})

    logged = [str(vars(record)) for record in caplog.records]
    assert any("return asked for" in line for line in logged)
    assert not any("Maria" in line or KEY in line for line in logged)
