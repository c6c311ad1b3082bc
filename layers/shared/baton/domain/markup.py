"""XML answers: read without anything that could make a small answer a large one, and the places in them.

Imported where an answer is XML. Namespaces are left out, so that a path need not know them. Paths mean
what they mean to ElementTree, which counts all siblings anew for each position: a small answer could take seconds.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

type Texts = Callable[[Any], Iterator[str]]

MAX_DEPTH: Final = 200
"""Elements inside each other: far deeper than any answer."""
MAX_ELEMENTS: Final = 2_000
"""Elements in an answer: a buyer says yes or no with a few."""

_NAME = r"[A-Za-z_][\w.-]*"
_LITERAL = r"(?:'[^']*'|\"[^\"]*\")"
_COMPARED = rf"(?:@{_NAME}|{_NAME}|\.)\s*!?=\s*{_LITERAL}"
_PREDICATE = rf"\[(?:{_COMPARED}|@{_NAME}|{_NAME}|[1-9][0-9]{{0,8}}|last\(\)(?:-[1-9][0-9]{{0,8}})?)\]"
_STEP = rf"(?:{_NAME}|\*)(?:{_PREDICATE})*"
_PATH: Final = re.compile(rf"(?:(?:\.|(?://?)?{_STEP})(?://?{_STEP})*(?:/@({_NAME}))?|@({_NAME}))")
"""What is known of XPath here; the rest of what ElementTree takes is rather a mistake than meant."""
_STEPS: Final = re.compile(rf"(//?)({_NAME}|\*)((?:{_PREDICATE})*)")
_PREDICATES: Final = re.compile(
    rf"\[(?:(@?{_NAME}|\.)(?:\s*(!?=)\s*({_LITERAL}))?|([1-9][0-9]*)|last\(\)(?:-([1-9][0-9]*))?)\]"
)


_NAMESPACE: Final = re.compile("xmlns(?::|$)")


class _Refused(Exception):
    """The answer has something that no honest answer needs."""


class _Builder(ElementTree.TreeBuilder):
    """Refuses document types, and with them every entity and every reference to something elsewhere."""

    depth = 0
    elements = 0

    def refuse(self, *_: Any) -> None:
        raise _Refused

    def start(self, tag: Any, attrs: dict[Any, Any], /) -> Any:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise _Refused
        named = {_local(name): value for name, value in attrs.items() if not _NAMESPACE.match(name)}
        return super().start(_local(tag), named)

    def end(self, tag: Any, /) -> Any:
        self.depth -= 1
        return super().end(_local(tag))


def root_of(body: bytes) -> ElementTree.Element | None:
    """The outermost element; None if the answer is no XML, too large, or has a document type. Never raises."""
    # What makes XML from others dangerous is in document types, and the builder refuses these. ElementTree's own parser
    # writes out the whole namespace before each name: a long one makes gigabytes of an answer.
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(body, True)
        return builder.close()
    except (expat.ExpatError, _Refused, LookupError, ValueError):
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
    relative = elements.removeprefix(".")
    steps = [
        _step(*found) for found in _STEPS.findall(relative if relative[:1] in {"", "/"} else f"/{relative}")
    ]

    def texts(root: ElementTree.Element | None) -> Iterator[str]:
        if root is None:
            return
        start = root
        if from_document:
            start = ElementTree.Element("document")
            start.append(root)
        families, beginnings = _Families(), _Beginnings(len(path))
        found: Iterator[ElementTree.Element] = iter((start,))
        for step in steps:
            found = _reached(found, step, families, beginnings)
        for element in found:
            yield element.get(attribute, "") if attribute else "".join(element.itertext())

    return texts


class _Beginnings(dict[ElementTree.Element, str]):
    """The texts of elements, each made once, and only as much of them as tells whether a path has the same."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def __missing__(self, element: ElementTree.Element) -> str:
        text = element.text or ""
        for child in element:
            if len(text) > self.longest:
                break
            text += self[child] + (child.tail or "")
        self[element] = text[: self.longest + 1]
        return self[element]


class _Sibling(NamedTuple):
    """An element, and which it is of how many of its name in its parent, counted from one."""

    element: ElementTree.Element
    position: int
    siblings: int


class _Families(dict[ElementTree.Element, list[_Sibling]]):
    """The children of elements, the last one first, each family counted once however often a path comes by."""

    def __missing__(self, parent: ElementTree.Element) -> list[_Sibling]:
        counts = Counter(child.tag for child in parent) if len(parent) else {}
        passed = dict.fromkeys(counts, 0)
        siblings = []
        for child in parent:
            passed[child.tag] += 1
            siblings.append(_Sibling(child, passed[child.tag], counts[child.tag]))
        self[parent] = siblings[::-1]
        return self[parent]


type _Test = Callable[[_Sibling, _Beginnings], bool]
"""Whether an element is as brackets say."""


class _Step(NamedTuple):
    """Where a part of a path leads: to children or to all that is inside, of a name, that pass the tests."""

    deep: bool
    name: str
    tests: Sequence[_Test]


def _step(slashes: str, name: str, predicates: str) -> _Step:
    return _Step(slashes == "//", name, [_test(*found) for found in _PREDICATES.findall(predicates)])


def _reached(
    parents: Iterator[ElementTree.Element], step: _Step, families: _Families, beginnings: _Beginnings
) -> Iterator[ElementTree.Element]:
    """Where a step leads from these elements, in the order of the answer."""
    for parent in parents:
        ahead = list(families[parent])
        while ahead:
            sibling = ahead.pop()
            named = step.name in {"*", sibling.element.tag}
            if named and all(test(sibling, beginnings) for test in step.tests):
                yield sibling.element
            if step.deep:
                ahead += families[sibling.element]


def _test(subject: str, sign: str, literal: str, position: str, before_last: str) -> _Test:
    if not subject:
        nth = int(position or 0)
        before = int(before_last or 0)
        return lambda one, _: one.position == (nth or one.siblings - before)
    equal, value = sign != "!=", literal[1:-1]
    if subject[0] == "@":
        name = subject[1:]
        if not sign:
            return lambda one, _: name in one.element.attrib
        return lambda one, _: name in one.element.attrib and (one.element.attrib[name] == value) == equal
    if subject == ".":
        return lambda one, texts: (texts[one.element] == value) == equal
    if not sign:
        return lambda one, _: one.element.find(subject) is not None
    return lambda one, texts: any((texts[child] == value) == equal for child in one.element.iterfind(subject))


def _local(name: str) -> str:
    return name.rpartition(":")[2]
