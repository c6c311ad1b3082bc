"""Guises: where in a text a value is, also where it is escaped, encoded, capitalized or spaced in another way."""

import re
import sys
from base64 import b64encode
from bisect import bisect_right
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
MAX_ESCAPES: Final = 10_000
"""Escapes that are resolved, over all layers. A text with more is meant to take long, and counts as private in all."""
MAX_REPEATS: Final = 200
"""How often a value is looked for in one text. Where it is once more, all that follows counts as private."""
BASE64_TELLS: Final = 4
"""Characters of base64 that tell one value from others."""
NUMBER_TELLS: Final = 8
"""Last digits of a phone number that tell it from others. How country and area are written differs."""

_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BACKSLASH: Final = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|\\x[0-9A-Fa-f]{2}|\\[\"'\\/bfnrt]")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,30});")
_SEPARATORS: Final = re.compile(r"(?<=[0-9])[ ()./-]{1,3}(?=[0-9])")
_PHONE: Final = re.compile(r"\+?[0-9 ()./-]+")
_DIGITS: Final = re.compile(r"[+0-9]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=]+")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_LETTERS: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _Escape(NamedTuple):
    """Where what an escape means is in the text that was made of another, and where the escape is in that one."""

    begin: int
    end: int
    outer_begin: int
    outer_end: int


class _View(NamedTuple):
    """A text, and if escapes were resolved to make it, of which other and where."""

    text: str
    outer: "_View | None" = None
    escapes: Sequence[_Escape] = ()

    def span(self, begin: int, end: int) -> Span:
        """Where that part is in the original."""
        if self.outer is None:
            return begin, end
        return self.outer.span(self._outside(begin)[0], self._outside(end - 1)[1])

    def _outside(self, at: int) -> Span:
        """Where the character there begins and ends in the outer text."""
        before = bisect_right(self.escapes, at, key=_begin)
        if not before:
            return at, at + 1
        escape = self.escapes[before - 1]
        if at < escape.end:
            return escape.outer_begin, escape.outer_end
        outside = escape.outer_end + at - escape.end
        return outside, outside + 1


def spans_of(values: Collection[str], text: str) -> list[Span]:
    """Where in the text any of the values is, in order; what overlaps or touches is one.

    Takes time in proportion to the text, whatever is in it.
    """
    long = [value for value in values if len(value) >= SHORT]
    folded = [_folded(value)[0] for value in long]
    encoded = [core for value in long for core in _base64_cores(value.encode())]
    numbers = {digits for value in long if (digits := _last_digits(value))}
    fields = [_as_field(value) for value in values if len(value) < SHORT and value.strip()]
    views = _views(text)
    if views is None:
        return [(0, len(text))]
    spans: set[Span] = set()
    for view in views:
        parts = {*_as_text(view.text, folded), *_as_base64(view.text, encoded)}
        parts.update(found.span(1) for field in fields for found in field.finditer(view.text))
        spans.update(view.span(*part) for part in _merged(sorted(parts)))
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


def _begin(escape: _Escape) -> int:
    return escape.begin


def _views(text: str) -> list[_View] | None:
    """The text, and what it says where escapes of one kind are resolved, and then those of one kind in that.

    None if there are too many escapes.
    """
    newest = [_View(text)]
    seen = {text: newest[0]}
    resolved = 0
    for _ in range(LAYERS):
        deeper: dict[str, _View] = {}
        for shallow in newest:
            for mark, pattern, resolve in _ESCAPES:
                if mark not in shallow.text:
                    continue
                view = _resolved(shallow, pattern, resolve)
                resolved += len(view.escapes)
                if resolved > MAX_ESCAPES:
                    return None
                if view.text not in seen:
                    deeper[view.text] = view
        newest = list(deeper.values())
        seen |= deeper
    return list(seen.values())


def _resolved(view: _View, pattern: re.Pattern[str], resolve: Callable[[str], str]) -> _View:
    """The view with all escapes of one kind resolved."""
    escapes: list[_Escape] = []
    grown = 0

    def swap(escape: re.Match[str]) -> str:
        nonlocal grown
        begin, end = escape.span()
        meant = resolve(escape[0])
        here = begin + grown
        escapes.append(_Escape(here, here + len(meant), begin, end))
        grown += len(meant) - (end - begin)
        return meant

    return _View(pattern.sub(swap, view.text), view, escapes)


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


_ESCAPES: Final = (("%", _PERCENT, _percent), ("\\", _BACKSLASH, _backslash), ("&", _ENTITY, _entity))


def _occurrences(text: str, values: Iterable[str]) -> Iterator[Span]:
    """Where the values are, also where one overlaps itself."""
    for value in values:
        at = text.find(value)
        for _ in range(MAX_REPEATS):
            if at < 0:
                break
            yield at, at + len(value)
            at = text.find(value, at + 1)
        if at >= 0:
            yield at, len(text)


def _runs(text: str, cores: Iterable[str], alphabet: re.Pattern[str]) -> Iterator[Span]:
    """All of each run in that alphabet in which any of the cores is, for what stands around a core belongs to it."""
    runs: list[Span] = []
    for core in cores:
        at = text.find(core)
        while at >= 0:
            runs = runs or [run.span() for run in alphabet.finditer(text)]
            run = runs[bisect_right(runs, (at, len(text))) - 1]
            yield run
            at = text.find(core, run[1])


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


def _as_base64(text: str, cores: Iterable[str]) -> Iterator[Span]:
    return _runs(text.translate(_URL_SAFE), cores, _BASE64)


def _base64_cores(value: bytes) -> Iterator[str]:
    """What of a value's base64 is the same whatever stands around it, for each way in which it can fall."""
    for before in range(3):
        encoded = b64encode(bytes(before) + value).decode()
        core = encoded[-(-before * 8 // 6) : (before + len(value)) * 8 // 6]
        if len(core) >= BASE64_TELLS:
            yield core


def _as_number(view: _View, numbers: Collection[str]) -> Iterator[Span]:
    bare = _SEPARATORS.sub("", view.text)
    if any(number in bare for number in numbers):
        apart = _resolved(view, _SEPARATORS, lambda _: "")
        yield from (apart.span(*run) for run in _runs(bare, numbers, _DIGITS))


def _last_digits(value: str) -> str | None:
    """The digits by which a phone number is known; None if the value is none."""
    digits = "".join(filter(str.isdigit, value)) if _PHONE.fullmatch(value) else ""
    return digits[-NUMBER_TELLS:] if len(digits) >= NUMBER_TELLS else None


def _as_field(value: str) -> re.Pattern[str]:
    """Finds a short value that is all there is between two marks."""
    return re.compile(
        rf"(?:^|[\"'>=:|,;&?\[])\s*({re.escape(value)})(?=\s*(?:$|[\"'<&|,;}}\]]))", re.IGNORECASE
    )
