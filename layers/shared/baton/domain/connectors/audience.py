"""What marketing tools want to know people by: digests of their address and number, made from one spelling."""

from hashlib import sha256
from typing import Final

_GMAIL: Final = frozenset({"gmail.com", "googlemail.com"})
"""Where `a.b+c@` is `ab@`."""


def email_digest(email: str, *, google: bool = False) -> str:
    """SHA-256 of an address in lower case; `google`: as Google has it, without what says nothing at Gmail.

    https://developers.google.com/data-manager/api/devguides/concepts/formatting
    """
    name, _, domain = email.strip().lower().rpartition("@")
    if google and domain in _GMAIL:
        name = name.partition("+")[0].replace(".", "")
    return _sha256(f"{name}@{domain}")


def phone_digest(phone: str, *, plus: bool) -> str:
    """SHA-256 of an E.164 number; `plus`: whether its plus belongs to it."""
    digits = "".join(one for one in phone if one.isdigit())
    return _sha256(f"+{digits}" if plus else digits)


def text_digest(text: str) -> str:
    """SHA-256 of a name or place in lower case."""
    return _sha256(text.strip().lower())


def plain_digest(text: str) -> str:
    """SHA-256 of a place in lower case, letters and digits alone."""
    return _sha256("".join(one for one in text.lower() if one.isalnum()))


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()
