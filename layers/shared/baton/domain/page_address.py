"""Addresses of web pages, as evidence of where something stood."""

from typing import Final
from urllib.parse import urlsplit

MAX_CHARACTERS: Final = 2000
"""What browsers and proxies make of a longer address differs."""


def page_address(text: str, *, bare: bool = False) -> str | None:
    """The page without its fragment; None for what is no address of a web page, or gives away a password.

    `bare`: without its query too, in which people's own data may be.
    """
    if len(text) > MAX_CHARACTERS or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return parts._replace(fragment="", query="" if bare else parts.query).geturl()
