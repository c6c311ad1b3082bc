"""Masking: what was said to another company and what it answered, without anybody's data and without secrets.

A request is made anew from masked facts, so nothing personal can be in it. In an answer, values are looked for.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from baton.domain.endpoint import Auth, AuthType, Endpoint
from baton.domain.guises import MAX_ESCAPED, Span, spans_of
from baton.domain.places import text_of
from baton.domain.rendering import Facts, Proof, Rendered, as_text, assembled, found

MASK: Final = "***"
MAX_KEPT: Final = 4_000
"""Characters of a request or an answer that are kept."""
MAX_SEARCHED: Final = 16_000
"""Characters of an answer that are searched; the rest is not kept."""
MAX_ROUNDS: Final = 3
"""How often what masks have made of a text is searched for values that have the mask's own character in them."""


def kept_request(
    endpoint: Endpoint, facts: Facts, private_fields: Collection[str], webhook_id: str = ""
) -> str:
    """The request as `render` makes it, with the mask for every private fact and every secret, cut.

    A field is private if it is named, lies inside one that is, or holds one. Raises MissingField as `render` does.
    """
    shown = {
        one.field: MASK if _is_private(one.field, private_fields) else value
        for one in (*endpoint.fields, *endpoint.query)
        if one.field and (value := found(facts, one.field)) is not None
    }
    return _cut(_written(assembled(endpoint, shown, webhook_id, lambda _: _masked_proof(endpoint.auth))))


def private_values(facts: Facts, private_fields: Collection[str]) -> frozenset[str]:
    """The texts in private fields, for `masked`. Yes and no are nobody's in particular."""
    return frozenset(text for field in private_fields for text in _texts_in(found(facts, field)))


def masked(text: str | bytes, private: Collection[str], secrets: Collection[str] = ()) -> str:
    """The text, cut, with the mask for private values and secrets, however they are escaped or capitalized.

    Values of one or two characters are masked only where they are a whole field. Never raises.
    """
    whole = text_of(text) if isinstance(text, bytes) else text
    values = _sought(private, secrets)
    kept = len(whole)
    if kept > MAX_SEARCHED:
        # What begins near the end of what is searched may go on behind it, and would not be recognized.
        longest = max(map(len, values), default=0) + 1
        kept = max(0, MAX_SEARCHED - longest * MAX_ESCAPED)
    shown = whole[:MAX_SEARCHED].encode(errors="replace").decode()
    shown = _without(spans_of(values, shown), shown[:kept]) + ("…" if kept < len(whole) else "")
    # Values with the mask's character in them can have come about by a mask, and no others.
    starred = [value for value in values if "*" in value]
    for _ in range(MAX_ROUNDS if starred else 0):
        spans = spans_of(starred, shown)
        if not spans:
            break
        shown = _without(spans, shown)
    else:
        shown = MASK if starred else shown
    return _cut(shown)


def _without(spans: Iterable[Span], text: str) -> str:
    """The text with the mask for each of these parts, of which some may begin behind its end."""
    pieces: list[str] = []
    at = 0
    for begin, end in spans:
        if begin < len(text):
            pieces.append(text[at:begin])
            at = end
    return MASK.join([*pieces, text[at:]])


def _is_private(field: str, private_fields: Collection[str]) -> bool:
    return any(
        field == one or field.startswith(f"{one}.") or one.startswith(f"{field}.") for one in private_fields
    )


def _masked_proof(auth: Auth) -> Proof:
    match auth.type:
        case AuthType.HEADER:
            return Proof({(auth.name or "").lower(): MASK})
        case AuthType.QUERY:
            return Proof({}, [(auth.name or "", MASK)])
        case AuthType.BASIC | AuthType.BEARER:
            return Proof({"authorization": f"{auth.type.capitalize()} {MASK}"})
        case AuthType.SIGNATURE:
            return Proof({"webhook-signature": MASK})
        case AuthType.NONE:
            return Proof({})


def _written(request: Rendered) -> str:
    headers = "".join(f"{name}: {value}\n" for name, value in request.headers.items() if value)
    return f"{request.method} {request.url}\n{headers}\n{request.body.decode()}"


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts_in(one)
    elif isinstance(value, dict):
        yield from _texts_in(list(value.values()))
    elif value is not None and not isinstance(value, bool):
        yield as_text(value)


def _sought(private: Collection[str], secrets: Collection[str]) -> list[str]:
    """What is looked for, without what says nothing; of a secret also the part that is secret."""
    parts = [part for secret in secrets for part in (secret.partition(":")[2], secret.removeprefix("whsec_"))]
    return sorted(
        {
            value.encode(errors="replace").decode()
            for value in (*private, *secrets, *parts)
            if value.strip("* \t\n")
        }
    )


def _cut(text: str) -> str:
    return text if len(text) <= MAX_KEPT else f"{text[: MAX_KEPT - 1]}…"
