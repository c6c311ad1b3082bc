"""Who may send: sources that know their vendor by a key or a signature, and sources that are open to everybody."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.access import hash_of
from baton.domain.body_signature import BodySignature
from baton.domain.source import Source
from baton.domain.submission import CONTACT_FIELDS
from baton.domain.webhooks import sign
from tests.builders import MINUTE, MONDAY_9AM, SECOND, a_source
from tests.unit.vendor import PERSON, PING, Vendor, a_vendor
from tests.unit.wire import FORM_TYPE, Answer

KEY: Final = "vk_3f9c0a6e5d1b4c7f8a92"
SECRET: Final = "whsec_" + b64encode(b"thirty-two bytes that nobody knows").decode()
SECRET_OF_SAMPLES: Final = "whsec_" + b64encode(b"only sample events are signed so").decode()
EVENTS: Final = Path(__file__).parents[2] / "events"
LEAD: Final = json.dumps({**PING, **PERSON, "city": "Zürich"}, ensure_ascii=False)
type Door = Callable[..., Answer]


def keyed(*keys: str, **facts: Any) -> Vendor:
    """A vendor whose source asks for one of these keys."""
    return a_vendor(source={"api_keys": [hash_of(key) for key in keys or (KEY,)], **facts})


def signing(**facts: Any) -> Vendor:
    """A vendor whose source asks for a signature."""
    vendor = a_vendor(source={"secret": "signing", **facts})
    vendor.secrets.put("source/web-form/signing", SECRET)
    return vendor


def signed(
    vendor: Vendor, body: str = LEAD, *, webhook_id: str = "msg_1", age: timedelta = timedelta(0)
) -> dict[str, str]:
    """The headers of a signed request."""
    at = vendor.clock.now() - age
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(SECRET, webhook_id, at, body.encode()),
    }


def open_source(**facts: Any) -> Vendor:
    """A vendor whose source is open to everybody."""
    return a_vendor(source={"api_keys": [], **facts})


def leads_of(vendor: Vendor) -> int:
    """How many leads were stored."""
    return len(vendor.leads.leads)


def refused(answer: Answer) -> bool:
    """Whether the caller was not known, and told so as HTTP wants it."""
    return (
        answer.status == 401
        and answer.json()["type"] == "urn:baton:caller-unknown"
        and "www-authenticate" in answer.headers
    )


# ---- keys


@pytest.mark.parametrize(
    "headers", [{}, {"X-Api-Key": ""}, {"X-Api-Key": KEY[:-1]}, {"X-Api-Key": hash_of(KEY)}]
)
def test_without_its_key_a_source_takes_no_lead_and_answers_no_ping(headers: dict[str, str]) -> None:
    vendor = keyed()

    assert refused(vendor.sent(headers=headers))
    assert refused(vendor.pinged(headers=headers))
    assert leads_of(vendor) == 0
    assert vendor.asked() == []


@pytest.mark.parametrize("key", ["the old key", "the new key"])
def test_while_a_key_is_replaced_both_are_good(key: str) -> None:
    vendor = keyed("the old key", "the new key")

    assert vendor.sent(headers={"X-Api-Key": key}).status == 202
    assert vendor.pinged(headers={"x-api-key": key}).status == 200


def test_nothing_of_a_body_is_looked_at_before_its_caller_is_known() -> None:
    assert refused(keyed().sent("{"))


def test_a_refusal_says_what_to_send_and_repeats_nothing() -> None:
    answer = keyed().sent(headers={"X-Api-Key": "a wrong one"})

    assert "X-Api-Key" in answer.json()["detail"]
    assert "a wrong one" not in answer.body


def test_a_browser_may_still_ask_whether_it_may_post() -> None:
    assert keyed().sent("", method="OPTIONS", headers={"Origin": "https://a.example"}).status == 204


# ---- signatures


def test_a_signed_request_is_let_in_and_an_unsigned_one_is_not() -> None:
    vendor = signing()

    assert refused(vendor.sent(LEAD))
    assert vendor.sent(LEAD, headers=signed(vendor)).status == 202


def test_a_signed_ping_is_answered_and_an_unsigned_one_is_not() -> None:
    vendor, ping = signing(), json.dumps(PING)

    assert refused(vendor.pinged(ping))
    assert vendor.pinged(ping, headers=signed(vendor, ping)).json()["status"] == "priced"


def test_what_is_signed_are_the_bytes_that_were_sent_also_where_they_travel_as_base64() -> None:
    vendor = signing()

    assert vendor.sent(LEAD.encode(), headers=signed(vendor)).status == 202
    assert refused(vendor.sent(LEAD.encode() + b" ", headers=signed(vendor)))


def test_a_form_can_be_signed() -> None:
    vendor, form = signing(), "email=maria%40example.com&state=NY"

    assert vendor.sent(form, media_type=FORM_TYPE, headers=signed(vendor, form)).status == 202


@pytest.mark.parametrize(
    ("body", "change"),
    [
        (LEAD.replace("NY", "NJ"), {}),
        (LEAD, {"webhook-id": "msg_2"}),
        (LEAD, {"webhook-timestamp": "1"}),
        (LEAD, {"webhook-signature": "v1,AAAA"}),
        (LEAD, {"webhook-signature": ""}),
    ],
)
def test_whatever_of_a_signed_request_is_changed_keeps_it_out(body: str, change: dict[str, str]) -> None:
    vendor = signing()

    assert refused(vendor.sent(body, headers={**signed(vendor), **change}))
    assert leads_of(vendor) == 0


def test_a_request_that_was_overheard_cannot_be_sent_again_later() -> None:
    vendor = signing()

    assert refused(vendor.sent(LEAD, headers=signed(vendor, age=6 * MINUTE)))


def test_a_secret_that_is_named_but_not_stored_lets_nobody_in() -> None:
    vendor = a_vendor(source={"secret": "signing"})

    assert refused(vendor.sent(LEAD, headers=signed(vendor)))


def test_another_sources_secret_lets_nobody_in() -> None:
    other = a_source(id="other", secret="signing")
    vendor = a_vendor(source={"secret": "signing"}, documents=(other,))
    vendor.secrets.put("source/other/signing", SECRET)

    assert refused(vendor.sent(LEAD, headers=signed(vendor)))
    assert vendor.sent(LEAD, "other", headers=signed(vendor)).status == 202


def test_while_secrets_cannot_be_read_a_signed_request_is_to_be_sent_again() -> None:
    vendor = signing()
    vendor.secrets.available = False

    answer = vendor.sent(LEAD, headers=signed(vendor))

    assert (answer.status, "retry-after" in answer.headers) == (503, True)


@pytest.mark.parametrize(("name", "door"), [("ingest/signed", "sent"), ("quote/signed", "pinged")])
def test_the_signed_sample_events_are_signed(name: str, door: str) -> None:
    event = json.loads((EVENTS / f"{name}.json").read_text())
    vendor = a_vendor(documents=(a_source(id="insurance-vendor", secret="signing"),))
    vendor.secrets.put("source/insurance-vendor/signing", SECRET_OF_SAMPLES)
    vendor.clock.at = datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, UTC)

    answer = getattr(vendor, door)(event["body"], "insurance-vendor", headers=event["headers"])

    assert answer.status in {200, 202}


# ---- both


@pytest.mark.parametrize("way", ["key", "signature", "both", "key and a bad signature"])
def test_where_a_source_has_both_either_is_enough(way: str) -> None:
    vendor = signing(api_keys=[hash_of(KEY)])
    headers = {
        "key": {"X-Api-Key": KEY},
        "signature": signed(vendor),
        "both": {"X-Api-Key": KEY, **signed(vendor)},
        "key and a bad signature": {"X-Api-Key": KEY, **signed(vendor, "something else")},
    }[way]

    assert vendor.sent(LEAD, headers=headers).status == 202
    assert refused(vendor.sent(LEAD, headers={"X-Api-Key": "wrong"}))


# ---- repeated requests


def test_a_signed_request_sent_twice_is_one_lead() -> None:
    """Invariant 8: senders of webhooks repeat them with the same id, and sign anew."""
    vendor = signing()
    first = vendor.sent(LEAD, headers=signed(vendor))
    vendor.clock.forward(MINUTE)

    again = vendor.sent(LEAD, headers=signed(vendor))

    assert (first.status, again.body) == (202, first.body)
    assert vendor.sent(LEAD, headers=signed(vendor, webhook_id="msg_2")).body != first.body
    assert leads_of(vendor) == 2


def test_a_signed_request_that_was_overheard_is_no_new_lead_under_another_key() -> None:
    """An Idempotency-Key is not signed."""
    vendor = signing(api_keys=[hash_of(KEY)])
    overheard = signed(vendor)
    vendor.sent(LEAD, headers=overheard)

    answers = [vendor.sent(LEAD, headers={**overheard, "Idempotency-Key": f"fresh-{n}"}) for n in range(3)]

    assert {answer.status for answer in answers} == {422}
    assert [error["field"] for error in answers[0].json()["errors"]] == ["Idempotency-Key"]
    assert leads_of(vendor) == 1


def test_a_signed_ping_that_was_overheard_is_no_new_ping_under_another_key() -> None:
    vendor, ping = signing(), json.dumps(PING)
    overheard = signed(vendor, ping)
    vendor.pinged(ping, headers=overheard)

    answer = vendor.pinged(ping, headers={**overheard, "Idempotency-Key": "fresh"})

    assert (answer.status, vendor.asked()) == (422, ["acme", "bolt"])


@pytest.mark.parametrize("beside", [{}, {"Idempotency-Key": "msg_1"}])
def test_a_signed_request_may_say_its_id_twice(beside: dict[str, str]) -> None:
    vendor = signing()
    bodies = {vendor.sent(LEAD, headers={**signed(vendor), **beside}).body for _ in range(2)}

    assert len(bodies) == leads_of(vendor) == 1


def test_who_shows_a_key_alone_says_by_its_idempotency_key_what_is_one_request() -> None:
    vendor = keyed()
    for webhook_id in ("msg_1", "msg_2"):
        headers = {"X-Api-Key": KEY, "webhook-id": webhook_id, "Idempotency-Key": "order-1"}
        assert vendor.sent(headers=headers).status == 202

    assert leads_of(vendor) == 1


FIELDS: Final = dict.fromkeys(CONTACT_FIELDS, "x") | {
    **PERSON,
    "phone": "2025550143",
    "name": "Maria Lopez",
    "consent": True,
    "utm_source": "search",
    "timeout_ms": 900,
}


@given(
    names=st.sets(st.sampled_from(sorted(FIELDS))), required=st.sets(st.sampled_from(sorted(CONTACT_FIELDS)))
)
def test_no_signed_request_has_an_effect_both_as_a_ping_and_as_a_lead(
    names: set[str], required: set[str]
) -> None:
    """The path is not signed. What is a ping says how nobody is reached, what is a lead says how somebody is."""
    vendor = signing()
    vendor.change_campaign(required=[f"contact.{name}" for name in sorted(required)])
    body = json.dumps({name: FIELDS[name] for name in names})

    answers = [door(body, headers=signed(vendor, body)) for door in (vendor.pinged, vendor.sent)]

    assert sum(answer.status in {200, 202} for answer in answers) <= 1
    assert not (vendor.asked() and leads_of(vendor))


def test_a_webhooks_id_that_nobody_signed_says_nothing() -> None:
    vendor = open_source()
    for state in ("NY", "CA"):
        sent = LEAD.replace("NY", state)
        assert vendor.sent(sent, headers={"webhook-id": "msg_1"}).status == 202

    assert leads_of(vendor) == 2


# ---- open sources


def test_an_open_source_takes_what_it_always_took() -> None:
    vendor = open_source()
    form = vendor.sent(
        "email=a%40b.co&test=1", media_type=FORM_TYPE, headers={"Accept": "text/html", "X-Api-Key": "x"}
    )

    assert (form.status, form.headers["content-type"]) == (202, "text/html; charset=utf-8")
    (lead,) = vendor.leads.leads.values()
    assert (lead.test, lead.attributes) == (False, {"test": "1"})


@pytest.mark.parametrize("facts", [{}, {"test": True}])
@pytest.mark.parametrize(
    "headers", [{}, {"X-Api-Key": KEY}, {"webhook-id": "m", "webhook-signature": "v1,A"}]
)
def test_an_open_source_answers_no_ping_and_says_how_it_would(
    facts: dict[str, Any], headers: dict[str, str]
) -> None:
    vendor = open_source(**facts)

    answer = vendor.pinged({**PING, "test": True}, headers=headers)

    assert refused(answer)
    assert {"api_keys", "X-Api-Key", "secret"} <= set(answer.json()["detail"].replace(",", "").split())
    assert vendor.asked() == []


# ---- tests


@pytest.mark.parametrize(
    ("value", "test"), [(True, True), ("1", True), (False, False), ("0", False), ("", False)]
)
def test_a_caller_that_is_known_may_send_tests(value: Any, test: bool) -> None:
    vendor = keyed()
    vendor.sent({**PERSON, "test": value}, headers={"X-Api-Key": KEY})

    (lead,) = vendor.leads.leads.values()
    assert (lead.test, lead.attributes) == (test, {})


def test_a_form_may_say_that_it_is_a_test() -> None:
    vendor = keyed()
    vendor.sent("email=a%40b.co&test=1", media_type=FORM_TYPE, headers={"X-Api-Key": KEY})

    (lead,) = vendor.leads.leads.values()
    assert lead.test


@pytest.mark.parametrize("value", ["maybe", 2, [True], {}, None, 1.0])
def test_what_is_neither_yes_nor_no_is_refused(value: Any) -> None:
    """Invariant 11: a lead that was meant as a test must not be sold."""
    vendor = keyed()
    answer = vendor.sent({**PERSON, "test": value}, headers={"X-Api-Key": KEY})

    assert answer.json()["errors"] == [{"field": "test", "problem": "must be true or false"}]


def test_everything_that_a_test_source_sends_is_a_test() -> None:
    vendor = a_vendor(source={"test": True})
    vendor.sent()

    (lead,) = vendor.leads.leads.values()
    assert lead.test


def test_a_known_callers_test_ping_is_answered_as_one() -> None:
    vendor = keyed()
    answer = vendor.pinged({**PING, "test": True}, headers={"X-Api-Key": KEY})

    assert answer.json() == {"status": "no_price", "reason": "no_buyer"}
    assert vendor.asked() == []


def test_a_real_ping_and_a_test_one_are_not_the_same_request() -> None:
    vendor = keyed()
    headers = {"X-Api-Key": KEY, "Idempotency-Key": "k1"}
    assert vendor.pinged(headers=headers).json()["status"] == "priced"

    answer = vendor.pinged({**PING, "test": True}, headers=headers)

    assert answer.json()["type"] == "urn:baton:idempotency-key-reused"


# ---- signatures over the body, in a header of the sender's choice


def body_signing(**way: Any) -> Vendor:
    """A vendor whose source asks for a signature over the body alone."""
    vendor = a_vendor(source={"signature": {"header": "X-Acme-Signature", "secret": "acme", **way}})
    vendor.secrets.put("source/web-form/acme", "s3cret of Acme's own")
    return vendor


def body_signed(vendor: Vendor, body: str = LEAD, key: str = "s3cret of Acme's own") -> dict[str, str]:
    """The headers that Acme sends."""
    way = vendor.configuration.get(Source, "web-form").signature
    assert way
    time = str(int(vendor.clock.now().timestamp())) if way.time_header else None
    return {way.header: way.signature(key, body.encode(), time), **({way.time_header: time} if time else {})}  # type: ignore[dict-item]


WAYS: Final = [
    {},
    {"digest": "sha1", "prefix": "sha1="},
    {"digest": "sha512", "encoding": "base64"},
    {"prefix": "sha256=", "time_header": "X-Acme-Time"},
]


@pytest.mark.parametrize("way", WAYS)
def test_a_source_lets_in_who_signs_as_it_says(way: dict[str, str]) -> None:
    vendor = body_signing(**way)

    assert vendor.sent(LEAD, headers=body_signed(vendor)).status == 202
    assert refused(vendor.sent(LEAD))
    assert refused(vendor.sent(LEAD, headers=body_signed(vendor, key="a guess")))
    assert refused(vendor.sent(LEAD.replace("NY", "CA"), headers=body_signed(vendor)))
    assert leads_of(vendor) == 1


def test_a_signature_is_what_others_compute_too() -> None:
    """As `printf '{"a":1}' | openssl dgst -sha256 -hmac key` has it."""
    way = BodySignature(header="X-Sig", secret="s", prefix="sha256=")

    expected = hmac.new(b"key", b'{"a":1}', "sha256").hexdigest()
    assert way.signature("key", b'{"a":1}') == f"sha256={expected}"
    assert way.verify("key", {"x-sig": f"sha256={expected.upper()}"}, b'{"a":1}', MONDAY_9AM)
    assert not way.verify("key", {"x-sig": expected}, b'{"a":1}', MONDAY_9AM)


def test_a_signed_body_that_is_sent_again_is_the_same_lead_whatever_key_it_comes_with() -> None:
    vendor = body_signing()
    headers = body_signed(vendor)
    first = vendor.sent(LEAD, headers=headers)
    vendor.clock.forward(60 * MINUTE)

    again = vendor.sent(LEAD, headers={**headers, "Idempotency-Key": "another"})

    assert again.json()["lead_id"] == first.json()["lead_id"]
    assert leads_of(vendor) == 1


def test_a_time_that_is_signed_lets_nothing_in_that_is_older_than_five_minutes() -> None:
    vendor = body_signing(time_header="X-Acme-Time")
    headers = body_signed(vendor)

    vendor.clock.forward(5 * MINUTE + SECOND)

    assert refused(vendor.sent(LEAD, headers=headers))
    assert refused(
        vendor.sent(LEAD, headers={**headers, "X-Acme-Time": str(int(vendor.clock.now().timestamp()))})
    )


@pytest.mark.parametrize("time", ["", "soon", "-1", "9" * 40, "١٢٣"])
def test_a_time_that_is_none_lets_nobody_in(time: str) -> None:
    vendor = body_signing(time_header="X-Acme-Time")

    assert refused(vendor.sent(LEAD, headers={**body_signed(vendor), "X-Acme-Time": time}))
