"""How the simulated buyers check who calls them, each in its own way, and the made-up secrets they gave to Baton."""

import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Final

from local.buyers_wire import Asked

type Check = Callable[[Asked], bool]
"""Whether a request comes from somebody who knows the secret."""

TOLERANCE_S: Final = 300
"""How old a signature may be (Standard Webhooks); an older one may have been overheard and sent again."""
SECRETS: Final = {
    "harbor-ping": "harbor-demo-key",
    "harbor-post": "whsec_" + b64encode(b"harbor and baton share this one").decode(),
    "summit": "summit-demo-token",
    "slowpoke": "baton:slowpoke-demo-password",
    "mirage": "mirage-demo-key",
    "flaky": "flaky-demo-key",
}
"""By the names that the demo's configuration uses. They open nothing but this machine's simulated buyers."""


def by_header(name: str, secret: str) -> Check:
    """The secret stands in a header."""
    return lambda asked: is_same(asked.headers.get(name.lower()), secret)


def by_query(name: str, secret: str) -> Check:
    """The secret stands in the URL's query."""
    return lambda asked: is_same(asked.query.get(name), secret)


def by_bearer(secret: str) -> Check:
    """The secret is a bearer token (RFC 6750)."""
    return by_header("authorization", f"Bearer {secret}")


def by_basic(secret: str) -> Check:
    """The secret is `user:password` (RFC 7617)."""
    return by_header("authorization", f"Basic {b64encode(secret.encode()).decode()}")


def by_signature(secret: str) -> Check:
    """The request is signed with the secret (Standard Webhooks)."""
    key = b64decode(secret.removeprefix("whsec_"))

    def is_signed(asked: Asked) -> bool:
        sent_id, sent_at = (asked.headers.get(name, "") for name in ("webhook-id", "webhook-timestamp"))
        if not sent_id or not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > TOLERANCE_S:
            return False
        signed = f"{sent_id}.{sent_at}.".encode() + asked.body
        expected = f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
        # There are several while a secret is being replaced.
        return any(is_same(one, expected) for one in asked.headers.get("webhook-signature", "").split())

    return is_signed


def by_nothing(_: Asked) -> bool:
    """Anybody may call."""
    return True


def is_same(sent: str | None, secret: str) -> bool:
    """Whether that is the secret, in a time that tells nothing about how close it was."""
    return hmac.compare_digest((sent or "").encode(), secret.encode())
