"""Guises: where in a text a value is, also where it is escaped, encoded, capitalized or spaced in another way."""

import re
import sys
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

type Span = tuple[int, int]
"""Where something begins in a text, and where it has ended."""

MAX_ESCAPED: Final = 12
"""Characters that one character takes at most, escaped: four bytes of UTF-8, each of them as `%F0`."""
SHORT: Final = 3
"""A value with fewer characters counts only where it is a whole field: a state such as NY is a part of many words."""
LAYERS: Final = 3
"""Escapes inside escapes that are seen through, as of JSON in a form's field in JSON."""
BASE64_TELLS: Final = 4
"""Characters of base64 that tell one value from others."""
NUMBER_TELLS: Final = 8
"""Last digits of a phone number that tell it from others. How country and area are written differs."""

_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BACKSLASH: Final = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|\\x[0-9A-Fa-f]{2}|\\[\"'\\/bfnrt]")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,30});")
_SEPARATORS: Final = re.compile(r"(?<=[0-9])[ ()./-]{1,3}(?=[0-9])")
_PHONE: Final = re.compile(r"\+?[0-9 ()./-]+")
_DIGITS: Final = frozenset("+0123456789")
_BASE64: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_LETTERS: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _View(NamedTuple):
    """A text with escapes resolved, and where in the original each of its characters begins and ends."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    def span(self, begin: int, end: int) -> Span:
        """Where that part is in the original."""
        return self.begins[begin], self.ends[end - 1]


def spans_of(values: Collection[str], text: str) -> list[Span]:
    """Where in the text any of the values is, in order; what overlaps or touches is one."""
    long = [value for value in values if len(value) >= SHORT]
    folded = [_folded(value)[0] for value in long]
    encoded = [core for value in long for core in _base64_cores(value.encode())]
    numbers = [digits for value in long if (digits := _last_digits(value))]
    fields = [_as_field(value) for value in values if value and len(value) < SHORT]
    spans: set[Span] = set()
    for view in _views(text):
        parts = [*_as_text(view.text, folded), *_as_base64(view.text, encoded)]
        parts += [found.span(1) for field in fields for found in field.finditer(view.text)]
        spans.update(view.span(*part) for part in parts)
        if numbers:
            spans.update(_as_number(view, numbers))
    return _merged(sorted(spans))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _views(text: str) -> list[_View]:
    """The text, and what it says where escapes of one kind are resolved, and then those of one kind in that."""
    places = range(len(text) + 1)
    newest = [_View(text, places[:-1], places[1:])]
    seen = {text: newest[0]}
    for _ in range(LAYERS):
        deeper = [
            view
            for shallow in newest
            for pattern, resolve in _ESCAPES
            if (view := _resolved(shallow, pattern, resolve)) and view.text not in seen
        ]
        newest = list({view.text: view for view in deeper}.values())
        seen |= {view.text: view for view in newest}
    return list(seen.values())


def _resolved(view: _View, pattern: re.Pattern[str], resolve: Callable[[str], str]) -> _View | None:
    """The view with all escapes of one kind resolved; None if there are none."""
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for escape in pattern.finditer(view.text):
        begin, end = escape.span()
        meant = resolve(escape[0])
        pieces += [view.text[at:begin], meant]
        begins += [*view.begins[at:begin], *[view.begins[begin]] * len(meant)]
        ends += [*view.ends[at:begin], *[view.ends[end - 1]] * len(meant)]
        at = end
    if not at:
        return None
    pieces.append(view.text[at:])
    return _View("".join(pieces), [*begins, *view.begins[at:]], [*ends, *view.ends[at:]])


def _percent(escaped: str) -> str:
    octets = bytes.fromhex(escaped.replace("%", ""))
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _backslash(escaped: str) -> str:
    if escaped[1] == "u":
        units = bytes.fromhex(escaped.replace("\\u", ""))
        return units.decode("utf-16-be", errors="replace")
    return chr(int(escaped[2:], 16)) if escaped[1] == "x" else _LETTERS.get(escaped[1], escaped[1])


def _entity(escaped: str) -> str:
    if escaped[1] == "#":
        # Not as in HTML, which reads some numbers as others.
        code = int(escaped[3:-1], 16) if escaped[2] in "xX" else int(escaped[2:-1])
        return chr(code) if code <= sys.maxunicode else "\ufffd"
    # Here, because it brings a table of two thousand names.
    from html import unescape

    return unescape(escaped)


_ESCAPES: Final = ((_PERCENT, _percent), (_BACKSLASH, _backslash), (_ENTITY, _entity))


def _occurrences(text: str, values: Iterable[str]) -> Iterator[Span]:
    for value in values:
        at = text.find(value)
        while at >= 0:
            yield at, at + len(value)
            at = text.find(value, at + 1)


def _folded(text: str) -> tuple[str, Sequence[int] | None]:
    """The text without capitals, a plus for a space, which forms do; and the place of each character, if it moved."""
    folded = text.casefold().replace("+", " ")
    if len(folded) == len(text):
        return folded, None
    return folded, [place for place, one in enumerate(text) for _ in one.casefold()]


def _as_text(text: str, folded_values: Iterable[str]) -> Iterator[Span]:
    folded, places = _folded(text)
    for begin, end in _occurrences(folded, folded_values):
        yield (begin, end) if places is None else (places[begin], places[end - 1] + 1)


def _as_base64(text: str, cores: Collection[str]) -> Iterator[Span]:
    alphabet = text.translate(_URL_SAFE)
    return (_grown(text, span, _BASE64) for span in _occurrences(alphabet, cores))


def _base64_cores(value: bytes) -> Iterator[str]:
    """What of a value's base64 is the same whatever stands around it, for each way in which it can fall."""
    for before in range(3):
        encoded = b64encode(bytes(before) + value).decode()
        core = encoded[-(-before * 8 // 6) : (before + len(value)) * 8 // 6]
        if len(core) >= BASE64_TELLS:
            yield core


def _as_number(view: _View, numbers: Iterable[str]) -> Iterator[Span]:
    bare = _resolved(view, _SEPARATORS, lambda _: "") or view
    return (bare.span(*_grown(bare.text, span, _DIGITS)) for span in _occurrences(bare.text, numbers))


def _last_digits(value: str) -> str | None:
    """The digits by which a phone number is known; None if the value is none."""
    digits = "".join(filter(str.isdigit, value)) if _PHONE.fullmatch(value) else ""
    return digits[-NUMBER_TELLS:] if len(digits) >= NUMBER_TELLS else None


def _as_field(value: str) -> re.Pattern[str]:
    """Finds a short value that is all there is between two marks."""
    return re.compile(
        rf"(?:^|[\"'>=:|,;&?\[])\s*({re.escape(value)})(?=\s*(?:$|[\"'<&|,;}}\]]))", re.IGNORECASE
    )


def _grown(text: str, span: Span, alphabet: Collection[str]) -> Span:
    """The span with all that goes on in the same alphabet before and after it."""
    begin, end = span
    while begin > 0 and text[begin - 1] in alphabet:
        begin -= 1
    while end < len(text) and text[end] in alphabet:
        end += 1
    return begin, end
