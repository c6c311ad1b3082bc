"""XML answers: read without anything that could make a small answer a large one, and the places in them.

Imported where an answer is XML. Namespaces are left out, so that a path need not know them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from xml.etree import ElementTree

type Texts = Callable[[Any], Iterator[str]]

MAX_DEPTH: Final = 200
"""Elements inside each other: far deeper than any answer."""

_NAME = r"[A-Za-z_][\w.-]*"
_LITERAL = r"(?:'[^']*'|\"[^\"]*\")"
_COMPARED = rf"(?:@{_NAME}|{_NAME}|\.)\s*!?=\s*{_LITERAL}"
_PREDICATE = rf"\[(?:{_COMPARED}|@{_NAME}|{_NAME}|[1-9][0-9]{{0,8}}|last\(\)(?:-[1-9][0-9]{{0,8}})?)\]"
_STEP = rf"(?:{_NAME}|\*)(?:{_PREDICATE})*"
_PATH: Final = re.compile(rf"(?:(?:\.|(?://?)?{_STEP})(?://?{_STEP})*(?:/@({_NAME}))?|@({_NAME}))")
"""What is known of XPath here; the rest of what ElementTree takes is rather a mistake than meant."""


class _Refused(Exception):
    """The answer has something that no honest answer needs."""


class _Builder(ElementTree.TreeBuilder):
    """Refuses document types, and with them every entity and every reference to something elsewhere."""

    depth = 0

    def doctype(self, *_: Any) -> None:
        raise _Refused

    def start(self, tag: Any, attrs: dict[Any, Any], /) -> Any:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused
        return super().start(_local(tag), {_local(name): value for name, value in attrs.items()})

    def end(self, tag: Any, /) -> Any:
        self.depth -= 1
        return super().end(_local(tag))


def root_of(body: bytes) -> ElementTree.Element | None:
    """The outermost element; None if the answer is no XML or has a document type. Never raises."""
    # What makes XML from others dangerous is in document types, and the builder refuses these.
    parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314
    try:
        parser.feed(body)
        return parser.close()
    except (ElementTree.ParseError, _Refused, LookupError, ValueError):
        return None


def texts_at(path: str) -> Texts:
    """The texts of what a path leads to: elements with all that is inside them, or with `@name` at its end attributes.

    A path that starts with `/` starts at the document, any other at its outermost element. Raises ValueError.
    """
    known = _PATH.fullmatch(path)
    if known is None:
        message = "must be an XPath such as .//status or deal/@id, without the prefixes of namespaces"
        raise ValueError(message)
    if path.count("//") > 1:
        message = "must be an XPath with one '//' at most: with more, a large answer takes too long"
        raise ValueError(message)
    attribute = known[1] or known[2] or ""
    elements = path.removesuffix(f"@{attribute}").removesuffix("/") if attribute else path
    from_document = elements.startswith("/")
    steps = f".{elements}" if from_document else elements or "."

    def texts(root: ElementTree.Element | None) -> Iterator[str]:
        if root is None:
            return
        start = root
        if from_document:
            start = ElementTree.Element("document")
            start.append(root)
        for element in start.iterfind(steps):
            yield element.get(attribute, "") if attribute else "".join(element.itertext())

    return texts


def _local(name: str) -> str:
    return name.rpartition("}")[2]
