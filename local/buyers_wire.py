"""What travels between Baton and a simulated buyer, and how each buyer's system writes it.

Written without Baton's own code on purpose: what the two agree on has been understood twice.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal
from urllib.parse import parse_qsl
from xml.etree import ElementTree

MEDIA_TYPES: Final = {
    "json": ("application/json",),
    "form": ("application/x-www-form-urlencoded",),
    "xml": ("application/xml", "text/xml"),
}


class Unreadable(Exception):
    """A request's body is not what the buyer reads; the text says why."""


class Break(StrEnum):
    """How a connection ends."""

    NOT = "not"
    UNANSWERED = "unanswered"
    """Closed without a byte of the answer."""
    HALF = "half"
    """Closed in the middle of the answer's body."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a buyer gets it."""

    headers: Mapping[str, str]
    """By lower-case name."""
    query: Mapping[str, str]
    body: bytes

    @property
    def fingerprint(self) -> str:
        """The same for the same content, whoever sends it and when."""
        return hashlib.sha256(repr(sorted(self.query.items())).encode() + self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and what happens to it on the way."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"
    after_ms: int = 0
    """How long the buyer takes to answer."""
    breaks: Break = Break.NOT


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one buyer's system speaks: the format and names of what it reads, and those of what it answers."""

    reads: Literal["json", "form", "xml"]
    names: Mapping[str, str]
    """Their name for a field, with dots where it is nested, to ours."""
    writes: Literal["json", "xml"]
    places: Mapping[str, str]
    """Where in an answer stand our `status`, `price`, `reference` and `reason`."""
    words: Mapping[str, str]
    """Their word for ours: bid, no_bid, accepted, rejected, unknown."""
    cents: bool = False
    """Whether prices in answers are cents; dollars if not."""

    def read(self, asked: Asked) -> dict[str, str]:
        """All that a request carries, in its query and its body, as it is called there. Raises Unreadable."""
        return {**asked.query, **(self._body(asked) if asked.body else {})}

    def known(self, sent: Mapping[str, str]) -> dict[str, str]:
        """What the buyer understands of that, under our names."""
        return {ours: sent[theirs] for theirs, ours in self.names.items() if sent.get(theirs)}

    def say(self, word: str, price_cents: int | None = None, **texts: str) -> bytes:
        """An answer: one of our words, with what else there is to say."""
        said: dict[str, Any] = {"status": self.words[word], **{k: text for k, text in texts.items() if text}}
        if price_cents is not None:
            said["price"] = price_cents if self.cents else price_cents / 100
        answer = nested({self.places[key]: value for key, value in said.items()})
        if self.writes == "json":
            return json.dumps(answer).encode()
        return ElementTree.tostring(element("answer", answer), encoding="unicode").encode()

    @property
    def media_type(self) -> str:
        """Of the answers."""
        return MEDIA_TYPES[self.writes][0]

    def _body(self, asked: Asked) -> dict[str, str]:
        media_type = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in MEDIA_TYPES[self.reads]:
            raise Unreadable(
                f"the body is {media_type or 'of no type'}; it must be {MEDIA_TYPES[self.reads][0]}"
            )
        try:
            if self.reads == "json":
                return dict(flat(json.loads(asked.body)))
            if self.reads == "xml":
                # From this machine only: nobody sends it entities that blow up.
                root = ElementTree.fromstring(asked.body)  # noqa: S314
                return dict(flat_element(root))
            return dict(parse_qsl(asked.body.decode(), strict_parsing=True))
        except (ValueError, ElementTree.ParseError) as error:
            raise Unreadable(f"the body is no {self.reads}: {error}") from None


def flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a JSON document with the path to it, dots between the names."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from flat(inner, f"{place}.{name}" if place else name)
    elif value is not None:
        yield place, value if isinstance(value, str) else json.dumps(value)


def flat_element(parent: ElementTree.Element, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text below an XML element with the path to it, without the element's own name."""
    for child in parent:
        path = f"{place}.{child.tag}" if place else child.tag
        if len(child):
            yield from flat_element(child, path)
        else:
            yield path, child.text or ""


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The opposite of `flat`."""
    root: dict[str, Any] = {}
    for path, value in values.items():
        *parents, name = path.split(".")
        at = root
        for parent in parents:
            at = at.setdefault(parent, {})
        at[name] = value
    return root


def element(name: str, value: Any) -> ElementTree.Element:
    """A value as an XML element of that name."""
    made = ElementTree.Element(name)
    if isinstance(value, Mapping):
        made.extend(element(child, inner) for child, inner in value.items())
    else:
        made.text = str(value)
    return made
