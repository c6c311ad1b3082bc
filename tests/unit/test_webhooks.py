"""Standard Webhooks: ours and the reference implementation accept and refuse the same."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import standardwebhooks.webhooks as reference
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.webhooks import UnusableSecret, sign, verify

KEY = b"a key of twenty-four bytes"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(b"another key altogether").decode()
NOW = datetime(2026, 11, 23, 14, 30, 5, tzinfo=UTC)
BODY = b'{"lead_id": "lead-1", "city": "Z\xc3\xbcrich"}'


class Stopped(datetime):
    """The reference implementation's clock, stopped."""

    @classmethod
    def now(cls, tz: Any = None) -> "Stopped":
        return cls.fromtimestamp(NOW.timestamp(), tz)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "datetime", Stopped)


def headers(at: datetime = NOW, webhook_id: str = "msg-1", **changed: str | None) -> dict[str, str]:
    """The headers of BODY signed at that moment, changed; None leaves one out."""
    signed = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(SECRET, webhook_id, at, BODY),
    }
    signed |= {f"webhook-{name}": value for name, value in changed.items() if value is not None}
    return {name: value for name, value in signed.items() if changed.get(name[8:], value) is not None}


def they_accept(sent: Mapping[str, str], body: bytes = BODY, secret: str = SECRET) -> bool:
    """Whether the reference implementation does."""
    try:
        reference.Webhook(secret).verify(body, dict(sent), json_parse=False)
    except (reference.WebhookVerificationError, ValueError):
        return False
    return True


SIGNATURE = sign(SECRET, "msg-1", NOW, BODY)


@pytest.mark.parametrize(
    "sent",
    [
        headers(),
        headers(NOW - timedelta(minutes=5)),
        headers(NOW + timedelta(minutes=5)),
        headers(signature=f"v1,bm90IHRoaXM= {SIGNATURE}"),
        headers(signature=f"v2,whatever {SIGNATURE} v1a,another"),
        {name.title(): value for name, value in headers().items()},
    ],
)
def test_a_good_signature_is_accepted_by_both(sent: dict[str, str]) -> None:
    assert they_accept(sent)
    assert verify([SECRET], sent, BODY, NOW)


@pytest.mark.parametrize(
    "sent",
    [
        headers(NOW - timedelta(minutes=5, seconds=1)),
        headers(NOW + timedelta(minutes=5, seconds=1)),
        headers(id=None),
        headers(timestamp=None),
        headers(signature=None),
        headers(id=""),
        headers(signature=""),
        headers(id="msg-2"),
        headers(timestamp=str(int(NOW.timestamp()) + 1)),
        headers(timestamp="yesterday"),
        headers(timestamp="inf"),
        headers(timestamp="-1"),
        headers(timestamp="9" * 400),
        headers(timestamp="²"),
        headers(signature=SIGNATURE.replace("v1,", "v2,")),
        headers(signature=SIGNATURE.removeprefix("v1,")),
        headers(signature="v1,not base64!"),
        headers(signature="v1,"),
        headers(signature="v1"),
        headers(signature=SIGNATURE[:-6]),
        headers(signature="v1,ünïcode"),
        headers(signature=sign(OTHER_SECRET, "msg-1", NOW, BODY)),
        {},
    ],
)
def test_what_is_not_signed_well_is_refused_by_both(sent: dict[str, str]) -> None:
    assert not they_accept(sent)
    assert not verify([SECRET], sent, BODY, NOW)


@pytest.mark.parametrize("body", [BODY + b" ", BODY[:-1], b"", BODY.replace(b"lead-1", b"lead-2")])
def test_another_body_is_refused_by_both(body: bytes) -> None:
    assert not they_accept(headers(), body)
    assert not verify([SECRET], headers(), body, NOW)


@given(
    body=st.text().map(str.encode),
    webhook_id=st.text("abcXYZ019-_~", min_size=1, max_size=40),
    key=st.binary(min_size=1, max_size=64),
    off_s=st.integers(-400, 400),
    fraction_us=st.integers(0, 999_999),
)
def test_both_sign_alike_and_accept_what_the_other_signs_in_time(
    body: bytes, webhook_id: str, key: bytes, off_s: int, fraction_us: int
) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    at = NOW + timedelta(seconds=off_s, microseconds=fraction_us)

    signature = reference.Webhook(secret).sign(webhook_id, at, body.decode())
    sent = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }

    assert sign(secret, webhook_id, at, body) == signature
    assert verify([secret], sent, body, NOW) is (abs(off_s) <= 300)
    with pytest.MonkeyPatch.context() as stopped:
        stopped.setattr(reference, "datetime", Stopped)
        assert they_accept(sent, body, secret) is (abs(off_s) <= 300)


@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "Webhook-Id"]),
        st.text() | st.sampled_from([str(int(NOW.timestamp())), "v1,AAAA", "v1,\ud800"]),
    ),
    st.binary(),
)
def test_nobody_gets_in_with_made_up_headers(sent: dict[str, str], body: bytes) -> None:
    assert not verify([SECRET, OTHER_SECRET], sent, body, NOW)


def test_while_a_secret_is_replaced_the_old_and_the_new_one_count() -> None:
    assert verify([OTHER_SECRET, SECRET], headers(), BODY, NOW)
    assert not verify([OTHER_SECRET], headers(), BODY, NOW)
    assert not verify([], headers(), BODY, NOW)


UNUSABLE = [
    "",
    "whsec_",
    "whsec_====",
    "whsec_ä",
    "whsec_not base64",
    "whsec_A",
    base64.b64encode(KEY).decode(),
]


@pytest.mark.parametrize("secret", UNUSABLE)
def test_a_secret_that_is_none_signs_nothing_and_the_error_does_not_repeat_it(secret: str) -> None:
    with pytest.raises(UnusableSecret) as refused:
        sign(secret, "msg-1", NOW, BODY)

    assert not secret or secret not in str(refused.value) or secret == "whsec_"


@pytest.mark.parametrize("secret", UNUSABLE)
def test_a_secret_that_is_none_lets_nobody_in_and_keeps_nobody_out(secret: str) -> None:
    assert not verify([secret], headers(), BODY, NOW)
    assert verify([secret, SECRET], headers(), BODY, NOW)


def test_a_secret_without_the_padding_of_its_base64_is_the_same_secret() -> None:
    assert sign(SECRET.rstrip("="), "msg-1", NOW, BODY) == SIGNATURE
