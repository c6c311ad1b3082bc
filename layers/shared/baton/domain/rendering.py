"""Rendering: facts written as the request that another company's system wants."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from baton.domain.condition_tests import reader
from baton.domain.endpoint import Auth, AuthType, BodyFormat, Endpoint, Mapped
from baton.domain.errors import BatonError
from baton.domain.webhooks import UnusableSecret, sign

type Facts = Mapping[str, Any]
"""What is known, by name. Names may be nested, such as `postal_code` in `contact`, or whole: `contact.postal_code`."""
type Pairs = Sequence[tuple[str, Any]]
"""Names in a request with their values: texts, numbers, booleans, lists and mappings of these."""

USER_AGENT: Final = "Baton/1"
CONTENT_TYPES: Final = {
    BodyFormat.JSON: "application/json",
    BodyFormat.FORM: "application/x-www-form-urlencoded",
    BodyFormat.XML: "application/xml",
}
ACCEPTS: Final = {"json": "application/json", "xml": "application/xml, text/xml", "text": "*/*"}

_XML_ESCAPES: Final = {
    # No XML document can have these, escaped or not.
    **dict.fromkeys([*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]),
    ord("\t"): "\t",
    ord("\n"): "\n",
    # Not escaped it would be read as a line feed.
    ord("\r"): "&#13;",
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
}


class MissingField(BatonError):
    """A request was not made, because it needs a field that there is no value for. Not passing."""

    code = "missing-field"

    def __init__(self, field: str) -> None:
        super().__init__(f"the request needs '{field}', and there is none")
        self.field = field


@dataclass(frozen=True, slots=True)
class Rendered:
    """One HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str]
    """By lower-case name; visible ASCII and spaces."""
    body: bytes


class Proof(NamedTuple):
    """What shows the other side who we are."""

    headers: Mapping[str, str]
    query: Pairs = ()


def render(endpoint: Endpoint, facts: Facts, secret: str | None, webhook_id: str, now: datetime) -> Rendered:
    """The request that tells the endpoint these facts. `webhook_id` stays the same when it is sent again.

    Raises MissingField where there is no value for a required field, UnusableSecret where the secret is missing or
    does not fit its use.
    """
    return assembled(
        endpoint, facts, webhook_id, lambda body: _proof(endpoint.auth, secret, webhook_id, now, body)
    )


def assembled(endpoint: Endpoint, facts: Facts, webhook_id: str, prove: Callable[[bytes], Proof]) -> Rendered:
    """The request with whatever proof is made for its body. Raises MissingField."""
    if not (webhook_id.isascii() and webhook_id.isprintable()):
        message = "an id that no header can carry"
        raise ValueError(message)
    fields, query = filled(endpoint.fields, facts), filled(endpoint.query, facts)
    in_url = endpoint.format is BodyFormat.QUERY
    has_body = not in_url and endpoint.method != "GET"
    body = _body(endpoint, fields) if has_body else b""
    proof = prove(body)
    own = {"user-agent": USER_AGENT, "idempotency-key": webhook_id, "webhook-id": webhook_id, **proof.headers}
    return Rendered(
        method=endpoint.method,
        url=_url(endpoint.url, [*query, *(fields if in_url else ()), *proof.query]),
        headers={
            "accept": ACCEPTS[endpoint.reads.format],
            **({"content-type": CONTENT_TYPES[endpoint.format]} if has_body else {}),
            **{name.lower(): value for name, value in endpoint.headers.items()},
            **own,
        },
        body=body,
    )


def found(facts: Facts, field: str) -> Any:
    """What there is in a field, as plain values of JSON; None if it is missing or empty."""
    return _plain(facts[field] if field in facts else reader(field)(facts))


def as_text(value: Any) -> str:
    """A plain value where only text can stand."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def filled(mapped: Sequence[Mapped], facts: Facts) -> list[tuple[str, Any]]:
    """The fields that have a value, under their names there."""
    return [(one.name, value) for one in mapped if (value := _value(one, facts)) is not None]


def _value(mapped: Mapped, facts: Facts) -> Any:
    value = None if mapped.field is None else found(facts, mapped.field)
    if value is None:
        if mapped.value is None and mapped.required:
            raise MissingField(mapped.field or mapped.name)
        return mapped.value
    if not mapped.values:
        return value
    if isinstance(value, list):
        return [mapped.values.get(as_text(item), item) for item in value]
    return mapped.values.get(as_text(value), value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, datetime):
        utc = value.astimezone(UTC) if value.tzinfo else value
        return utc.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        inner = {str(name): plain for name, one in value.items() if (plain := _plain(one)) is not None}
        return inner or None
    if isinstance(value, list | tuple | set | frozenset):
        return [plain for one in value if (plain := _plain(one)) is not None] or None
    return str(value) or None


def _body(endpoint: Endpoint, fields: Pairs) -> bytes:
    if endpoint.format is BodyFormat.FORM:
        return _encoded(fields).encode()
    if endpoint.format is BodyFormat.XML:
        tree = _nested([(name, _texts(value)) for name, value in fields])
        declared = f'<?xml version="1.0" encoding="UTF-8"?>{_element(endpoint.root, tree)}'
        return declared.encode()
    # In ASCII: a reader that errs about the encoding still reads every name as it is.
    return json.dumps(_nested(fields), separators=(",", ":")).encode()


def _nested(fields: Pairs) -> dict[str, Any]:
    """Names with dots as mappings inside each other."""
    tree: dict[str, Any] = {}
    for name, value in fields:
        *parents, last = name.split(".")
        at = tree
        for parent in parents:
            at = at.setdefault(parent, {})
        at[last] = value
    return tree


def _texts(value: Any) -> list[str]:
    return [as_text(item) for item in value] if isinstance(value, list) else [as_text(value)]


def _element(name: str, content: Any) -> str:
    """An XML element of nested elements, or one for each of several texts."""
    if isinstance(content, dict):
        inner = "".join(_element(child, value) for child, value in content.items())
        return f"<{name}>{inner}</{name}>"
    return "".join(f"<{name}>{text.translate(_XML_ESCAPES)}</{name}>" for text in content)


def _encoded(pairs: Pairs) -> str:
    """Names and values as in a form, a list as its name several times."""
    flat = [(name, text) for name, value in pairs for text in _texts(value)]
    return urlencode(flat, safe="*", errors="replace")


def _url(url: str, pairs: Pairs) -> str:
    if not pairs:
        return url
    joint = "?" if "?" not in url else "" if url[-1] in "?&" else "&"
    path = url if url.count("/") > len("//") else f"{url}/"
    return f"{path}{joint}{_encoded(pairs)}"


def _proof(auth: Auth, secret: str | None, webhook_id: str, now: datetime, body: bytes) -> Proof:
    """What the secret makes of the request. Raises UnusableSecret."""
    if auth.type is AuthType.NONE:
        return Proof({})
    if not secret:
        message = f"there is no secret '{auth.secret}'"
        raise UnusableSecret(message)
    if auth.type is AuthType.SIGNATURE:
        stamp = {"webhook-timestamp": str(int(now.timestamp()))}
        return Proof({**stamp, "webhook-signature": sign(secret, webhook_id, now, body)})
    if auth.type is AuthType.QUERY:
        return Proof({}, [(auth.name or "", secret)])
    if auth.type is AuthType.BASIC:
        if ":" not in secret:
            message = f"the secret '{auth.secret}' is not user:password"
            raise UnusableSecret(message)
        return Proof({"authorization": f"Basic {b64encode(secret.encode(errors='replace')).decode()}"})
    if not (secret.isascii() and secret.isprintable()):
        message = f"the secret '{auth.secret}' has characters that no header can carry"
        raise UnusableSecret(message)
    if auth.type is AuthType.BEARER:
        return Proof({"authorization": f"Bearer {secret}"})
    return Proof({(auth.name or "").lower(): secret})
