"""Values as a learner sees them: numbers, words, lists, or nothing.

A learner's document must not become a copy of what people wrote. A word is known by a digest; a number has five
significant digits; a long text counts only by its length.
"""

import math
import re
from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final, NamedTuple

LONGEST_WORD: Final = 40
"""Characters. What is longer is a text: it says something by its length, and its words are nobody's business."""
MAX_ELEMENTS: Final = 16
"""Elements of a list that are looked at."""
DIGITS: Final = 5
"""Significant digits of a number that count: enough for a postal code, too few for a phone number."""

_NUMBER: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_KEY_BYTES: Final = 6


class Word(NamedTuple):
    """A short text, a truth value, or an element of a list."""

    key: str
    """Digest of the word, eight characters."""
    text: str


class Number(NamedTuple):
    """A number, or the length of a long text."""

    value: float
    of_text: bool = False


type Seen = Word | Number | tuple[Word, ...] | None


def seen(value: object) -> Seen:
    """What a learner makes of a plain JSON value; None where there is nothing, or nothing that it understands."""
    match value:
        case bool():
            return word("true" if value else "false")
        case int() | float():
            return _number(value)
        case str():
            return _text(value)
        case list() | tuple():
            words = (element for element in map(_element, value[:MAX_ELEMENTS]) if element)
            return tuple(dict.fromkeys(words))
        case _:
            return None


def word(text: str) -> Word:
    """The word for this text: capitals and outer blanks do not count."""
    text = text.strip().casefold()
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
    return Word(urlsafe_b64encode(digest).decode(), text)


def _number(value: float) -> Number | None:
    try:
        rounded = float(f"{float(value):.{DIGITS}g}")
    except OverflowError:
        return None
    return Number(rounded + 0.0) if math.isfinite(rounded) else None


def _text(value: str) -> Word | Number | None:
    stripped = value.strip()
    if not stripped:
        return None
    if len(stripped) > LONGEST_WORD:
        return Number(float(len(stripped)), of_text=True)
    return _number(float(stripped)) if _NUMBER.fullmatch(stripped) else word(stripped)


def _element(value: object) -> Word | None:
    match value:
        case bool() | int() | float():
            return word(str(value))
        case str() if value.strip():
            return word(value[:LONGEST_WORD])
        case _:
            return None
