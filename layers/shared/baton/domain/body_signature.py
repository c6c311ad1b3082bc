"""Signatures over a body in a header of the sender's choice: what systems can send that know no Standard Webhooks."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from baton.domain.documents import Document
from baton.domain.endpoint import HeaderName, SecretName

TOLERANCE_S: Final = 300
"""How far the time of a request may be off, where it has one."""
MAX_TIME_DIGITS: Final = 13
_IN_MILLISECONDS: Final = 10**11
"""A time beyond this is in milliseconds: in seconds it would be in the year 5138."""


class Digest(StrEnum):
    """The hash function of an HMAC."""

    SHA256 = "sha256"
    SHA512 = "sha512"
    SHA1 = "sha1"
    """Broken for certificates, not for HMAC; some systems know nothing newer."""


class Encoding(StrEnum):
    """How a signature is written."""

    HEX = "hex"
    BASE64 = "base64"


class BodySignature(Document):
    """Where a sender puts its HMAC over the body, and how it is made."""

    header: HeaderName
    secret: SecretName
    """Name of the secret, whose text is the key."""
    digest: Digest = Digest.SHA256
    encoding: Encoding = Encoding.HEX
    prefix: Annotated[str, Field(max_length=40)] = ""
    """What stands before the signature, as `sha256=`."""
    time_header: HeaderName | None = None
    """A header with the time in seconds or milliseconds; `<time>.<body>` is signed then, and good for five minutes."""

    def signature(self, key: str, body: bytes, time: str | None = None) -> str:
        """What the header has to hold."""
        signed = body if time is None else f"{time}.".encode() + body
        found = hmac.digest(key.encode(), signed, self.digest.value)
        return self.prefix + (found.hex() if self.encoding is Encoding.HEX else b64encode(found).decode())

    def verify(self, key: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """Whether the holder of the key sent this body, lately where a time is asked for. Never raises.

        Headers by lower-case name. Compares in a time that tells nothing about how close a forged one was.
        """
        if not key:
            return False
        time = headers.get(self.time_header.lower()) if self.time_header else None
        if self.time_header and not _is_now(time, now):
            return False
        sent, wanted = headers.get(self.header.lower(), ""), self.signature(key, body, time)
        if self.encoding is Encoding.HEX:
            sent = (
                self.prefix + sent.removeprefix(self.prefix).lower() if sent.startswith(self.prefix) else ""
            )
        return hmac.compare_digest(sent.encode(errors="replace"), wanted.encode())


def _is_now(time: str | None, now: datetime) -> bool:
    if not time or not (time.isascii() and time.isdigit()) or len(time) > MAX_TIME_DIGITS:
        return False
    seconds = int(time) / 1000 if int(time) > _IN_MILLISECONDS else int(time)
    return abs(now.timestamp() - seconds) <= TOLERANCE_S
