"""Standard Webhooks, version 1: signatures that show who sent a request, and that it was not changed or sent again.

https://github.com/standard-webhooks/standard-webhooks: HMAC-SHA256 over id, time and body.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from baton.domain.errors import BatonError

PREFIX: Final = "whsec_"
"""What a secret begins with; a key in base64 follows."""
VERSION: Final = "v1"
TOLERANCE_S: Final = 300
"""How far a request's time may be off; an older one may have been overheard and sent again."""
MAX_SIGNATURES: Final = 20
"""More than one while a secret is being replaced, but never many."""
MAX_TIME_DIGITS: Final = 12
"""Digits of a time in seconds."""


class UnusableSecret(BatonError):
    """A secret is missing, or is not what its use asks for. Never says what it is."""

    code = "unusable-secret"


def sign(secret: str, webhook_id: str, at: datetime, body: bytes) -> str:
    """The `webhook-signature` of a body sent under that id at that moment. Raises UnusableSecret."""
    return _signature(_key(secret), webhook_id, int(at.timestamp()), body)


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether one of the secrets signed the request, at most TOLERANCE_S from now. Never raises for what was sent.

    Names of headers count without regard to case. A secret that is none lets nobody in.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    webhook_id, at = sent.get("webhook-id", ""), sent.get("webhook-timestamp", "")
    if not webhook_id or not (at.isascii() and at.isdigit()) or len(at) > MAX_TIME_DIGITS:
        return False
    if abs(now.timestamp() - int(at)) > TOLERANCE_S:
        return False
    signatures = sent.get("webhook-signature", "").split(" ", MAX_SIGNATURES)[:MAX_SIGNATURES]
    # All are compared, whichever fits, in a time that tells nothing about how close one was.
    fits = [
        hmac.compare_digest(one.encode(errors="replace"), expected.encode())
        for expected in _expected(secrets, webhook_id, int(at), body)
        for one in signatures
    ]
    return any(fits)


def _expected(secrets: Sequence[str], webhook_id: str, at_s: int, body: bytes) -> list[str]:
    expected = []
    for secret in secrets:
        try:
            expected.append(_signature(_key(secret), webhook_id, at_s, body))
        except UnusableSecret:
            continue
    return expected


def _signature(key: bytes, webhook_id: str, at_s: int, body: bytes) -> str:
    signed = f"{webhook_id}.{at_s}.".encode(errors="surrogatepass") + body
    return f"{VERSION},{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def _key(secret: str) -> bytes:
    """The key in a secret, with or without the padding of its base64."""
    encoded = secret.removeprefix(PREFIX).rstrip("=")
    try:
        key = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (NotBase64, ValueError):
        key = b""
    if not key or not secret.startswith(PREFIX):
        message = f"a secret for signatures is {PREFIX} and a key in base64"
        raise UnusableSecret(message)
    return key
