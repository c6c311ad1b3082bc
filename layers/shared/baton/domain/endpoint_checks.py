"""What makes an endpoint impossible: names that collide or cannot be written, and parts that do not go together."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from baton.domain.endpoint import AuthType, BodyFormat, Endpoint

OWN_HEADERS: Final = frozenset(
    {"user-agent", "idempotency-key", "webhook-id", "webhook-timestamp", "webhook-signature"}
)
"""Every request carries these, and what they say is known only when it is sent."""
WIRE_HEADERS: Final = frozenset(
    {
        *("host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"),
        *("te", "trailer", "upgrade", "expect", "accept-encoding", "proxy-connection"),
    }
)
"""These belong to the connection: a false one lets a request be taken for two."""
SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
"""These carry secrets, and a secret is never part of a document."""

_ELEMENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)

type Named = tuple[str, str]
"""Where a name was written, and the name."""


def problems(endpoint: Endpoint) -> list[str]:
    """Everything that is wrong, each with its place; empty if nothing is."""
    fields = [(f"fields[{index}].name", field.name) for index, field in enumerate(endpoint.fields)]
    in_query = [("url", name) for name, _ in parse_qsl(urlsplit(endpoint.url).query, keep_blank_values=True)]
    in_query += [(f"query[{index}].name", field.name) for index, field in enumerate(endpoint.query)]
    if endpoint.format is BodyFormat.QUERY:
        in_query += fields
    if endpoint.auth.type is AuthType.QUERY:
        in_query.append(("auth.name", endpoint.auth.name or ""))
    return [
        *_twice(in_query),
        *_body_problems(endpoint.format, fields),
        *_header_problems(endpoint),
        *_parts_that_clash(endpoint),
    ]


def _twice(names: Sequence[Named]) -> Iterator[str]:
    """Names that stand there already."""
    places: dict[str, str] = {}
    for place, name in names:
        if name in places:
            yield f"{place}: '{name}' is there already, at {places[name]}"
        places.setdefault(name, place)


def _body_problems(form: BodyFormat, names: Sequence[Named]) -> Iterator[str]:
    if form is not BodyFormat.QUERY:
        yield from _twice(names)
    if form in {BodyFormat.JSON, BodyFormat.XML}:
        yield from _unwritable(form, names)
        yield from _both_value_and_parent(names)


def _unwritable(form: BodyFormat, names: Sequence[Named]) -> Iterator[str]:
    for place, name in names:
        parts = name.split(".")
        if not all(parts):
            yield f"{place}: '{name}' has a dot with nothing before or after it"
        elif form is BodyFormat.XML and not all(map(_ELEMENT.fullmatch, parts)):
            yield (
                f"{place}: '{name}' cannot be the name of an XML element: letters, digits, _ and -, a letter first"
            )


def _both_value_and_parent(names: Sequence[Named]) -> Iterator[str]:
    places = {name: place for place, name in reversed(names)}
    for place, name in names:
        parts = name.split(".")
        for length in range(1, len(parts)):
            parent = ".".join(parts[:length])
            if parent in places:
                yield f"{place}: '{name}' lies inside '{parent}', which has a value itself, at {places[parent]}"


def _header_problems(endpoint: Endpoint) -> Iterator[str]:
    names = [(f"headers.{name}", name.lower()) for name in endpoint.headers]
    if endpoint.auth.type is AuthType.HEADER:
        names.append(("auth.name", (endpoint.auth.name or "").lower()))
    yield from _twice(names)
    for place, name in names:
        if name in OWN_HEADERS:
            yield f"{place}: Baton sends this header itself"
        elif name in WIRE_HEADERS:
            yield f"{place}: this header belongs to the connection and cannot be given"
        elif name in SECRET_HEADERS and place != "auth.name":
            yield f"{place}: this header carries a secret; use auth, which names one"
        elif name in {"content-type", "accept"} and place == "auth.name":
            yield f"{place}: this header has another meaning"
    for name, value in endpoint.headers.items():
        if name.lower() != "content-type":
            continue
        charset = _CHARSET.search(value)
        if endpoint.format is BodyFormat.QUERY:
            yield f"headers.{name}: format query sends no body, so there is no type of it"
        elif charset and charset[1].lower() != "utf-8":
            yield f"headers.{name}: bodies are always in UTF-8"


def _parts_that_clash(endpoint: Endpoint) -> Iterator[str]:
    if endpoint.format is BodyFormat.QUERY:
        if endpoint.auth.type is AuthType.SIGNATURE:
            yield "auth.type: a signature covers the body, and format query sends none"
    elif endpoint.method == "GET" and endpoint.fields:
        yield "method: GET sends no body; use format query, or POST"
    elif endpoint.method == "GET" and endpoint.auth.type is AuthType.SIGNATURE:
        yield "auth.type: a signature covers the body, and GET sends none"
