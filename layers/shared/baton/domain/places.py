"""Places in an answer: a path, written in the language of the answer's format, and the texts that are found there.

JSON has JSONPath (RFC 9535), XML a subset of XPath (see `markup`), text a regular expression (RE2).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from baton.domain.patterns import MAX_MEMORY, MAX_PROGRAM, MAX_SEARCHED

type Place = Callable[[Any], list[str]]
"""What is found at a place in an answer that `parsed` made: texts without space around them, none of them empty."""
type Step = str | int | None
"""A name, an index, or everything there is."""

MAX_FOUND: Final = 100
"""Values that are taken of what one path finds."""
MAX_TEXT: Final = 100_000
"""Characters of a value that are looked at."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_STEP = rf"\.({_NAME}|\*)|\[(-?(?:0|[1-9][0-9]{{0,8}})|\*|'[^'\\\x00-\x1f]*'|\"[^\"\\\x00-\x1f]*\")\]"
_PLAIN: Final = re.compile(rf"\$(?:{_STEP})*")
_STEPS: Final = re.compile(_STEP)
_REGULAR_EXPRESSION: Final = re.compile(r"(match|search)\s*\(")


class WrittenFloat(float):
    """A number that remembers how it was written: a price is not to be rounded twice."""

    written: str

    def __new__(cls, written: str) -> "WrittenFloat":
        self = super().__new__(cls, written)
        self.written = written
        return self


def text_of(body: bytes) -> str:
    """The characters of an answer in whatever encoding it seems to be. Never raises."""
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        return body.decode("latin-1")


def parsed(form: str, body: bytes) -> Any:
    """The answer as places are looked up in it; None if it is not what it should be. Never raises."""
    if form == "text":
        return text_of(body)
    if form == "xml":
        from baton.domain.markup import root_of

        return root_of(body)
    try:
        # NaN and infinity are no JSON; an answer which has them may still say other things.
        return json.loads(body, parse_float=WrittenFloat, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=512)
def place(form: str, path: str) -> Place:
    """The place that a path names. Raises ValueError, which says what is wrong with the path."""
    if form == "text":
        return _in_text(path)
    if form == "xml":
        from baton.domain.markup import texts_at

        find = texts_at(path)
        return lambda root: _tidy(find(root))
    find_all = _plain(path) or _any(path)

    def texts(document: Any) -> list[str]:
        try:
            return _tidy(map(_text, islice(find_all(document), MAX_FOUND)))
        except RecursionError:  # Nested deeper than anything that is meant to be read.
            return []

    return texts


def _tidy(texts: Iterable[str]) -> list[str]:
    return [tidy for text in islice(texts, MAX_FOUND) if (tidy := text[:MAX_TEXT].strip())]


def _text(value: Any) -> str:
    """A JSON value as text; that of null and of what is empty is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, WrittenFloat):
        return value.written
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False) if value else ""


def _plain(path: str) -> Callable[[Any], Iterable[Any]] | None:
    """Finds what names, indexes and wildcards lead to; None for a path that has more.

    Nearly every path is of this kind, and the library that knows the others takes 60 ms to import.
    """
    if not _PLAIN.fullmatch(path):
        return None
    steps = [_step(dotted or bracketed) for dotted, bracketed in _STEPS.findall(path)]

    def find(document: Any) -> Iterable[Any]:
        found: Iterable[Any] = (document,)
        for step in steps:
            found = _children(found, step)
        return found

    return find


def _step(written: str) -> Step:
    if written == "*":
        return None
    if written[0] in "'\"":
        return written[1:-1]
    return int(written) if written.lstrip("-").isdigit() else written


def _children(parents: Iterable[Any], step: Step) -> Iterator[Any]:
    for parent in parents:
        if isinstance(parent, dict):
            if step is None:
                yield from parent.values()
            elif isinstance(step, str) and step in parent:
                yield parent[step]
        elif isinstance(parent, list):
            if step is None:
                yield from parent
            elif isinstance(step, int) and -len(parent) <= step < len(parent):
                yield parent[step]


def _any(path: str) -> Callable[[Any], Iterable[Any]]:
    """Finds what any JSONPath leads to that does not take too long."""
    if _REGULAR_EXPRESSION.search(path):
        message = "must be a JSONPath without match() and search(): an answer could bring them to a halt"
        raise ValueError(message)
    if path.count("..") > 1:
        message = "must be a JSONPath with one '..' at most: with more, a large answer takes too long"
        raise ValueError(message)
    import jsonpath

    try:
        compiled = jsonpath.compile(path, strict=True)
    except (jsonpath.JSONPathError, RecursionError) as error:
        message = f"must be a JSONPath such as $.result.status: {_reason(error)}"
        raise ValueError(message) from error

    def find(document: Any) -> Sequence[Any]:
        try:
            return [match.obj for match in islice(compiled.finditer(document), MAX_FOUND)]
        except jsonpath.JSONPathError:
            return []

    return find


def _reason(error: Exception) -> str:
    return str(error.args[0]) if error.args else "it cannot be read"


def _in_text(path: str) -> Place:
    """Finds a regular expression's first group, or without one all that it describes."""
    # Here, because few answers are mere text.
    import re2

    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    try:
        compiled = re2.compile(path, options)
    except (re2.error, UnicodeEncodeError) as error:
        message = f"must be a regular expression that RE2 can use: {_reason(error)}"
        raise ValueError(message) from error
    if compiled.programsize > MAX_PROGRAM:
        message = "must repeat less: the regular expression would take too long to search"
        raise ValueError(message)

    def find(text: str) -> list[str]:
        found = compiled.search(text[:MAX_SEARCHED].encode(errors="replace").decode())
        return _tidy([(found[1] if found.groups() else found[0]) or ""]) if found else []

    return find
