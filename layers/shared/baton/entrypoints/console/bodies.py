"""Bodies of the console's API: JSON, YAML or CSV in, plain JSON for the resolver out, and nothing unfit to be stored.

The resolver's own reading would take NaN, names that appear twice and forms, and fail on bytes that are no text.
"""

import json
import math
from collections.abc import Mapping, Set
from typing import Any, Final

from baton.domain.errors import FieldError
from baton.entrypoints.http import Request
from baton.entrypoints.problems import InvalidRequest, RequestProblem

JSON: Final = "application/json"
YAML: Final = "application/yaml"
YAMLS: Final = frozenset({YAML, "application/x-yaml", "text/yaml"})
CSV: Final = "text/csv"
MAX_BODY_BYTES: Final = 5_000_000
"""Lambda takes 6 MB with everything around it."""
MAX_DEPTH: Final = 24
"""Deeper than any condition that a person could follow, and far from where recursion ends."""
MAX_INTEGER: Final = 2**53 - 1
"""What every JSON reader reads without rounding."""


def with_plain_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event with its body as JSON that is safe to convert and store. Raises InvalidRequest, RequestProblem."""
    request = Request.of(event)
    headers = {**request.headers, "content-type": JSON}
    values = _read(request) if request.body else None
    if errors := _unusable(values, "", 0):
        raise InvalidRequest(errors)
    return {
        **event,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "body": None if values is None else json.dumps(values),
        "isBase64Encoded": False,
    }


def wants_yaml(headers: Mapping[str, str]) -> bool:
    """Whether the caller asks for YAML."""
    return accepts(headers, YAMLS)


def accepts(headers: Mapping[str, str], media_types: Set[str]) -> bool:
    """Whether the caller asks for one of these types by name."""
    accepted = {part.partition(";")[0].strip().lower() for part in headers.get("accept", "").split(",")}
    return bool(accepted & media_types)


def _read(request: Request) -> dict[str, Any]:
    if request.media_type in {*YAMLS, CSV} and len(request.body) > MAX_BODY_BYTES:
        raise RequestProblem("body-too-large", f"the body is larger than {MAX_BODY_BYTES} bytes")
    if request.media_type == CSV:
        return {"csv": request.text()}
    if request.media_type in YAMLS:
        from baton.entrypoints.console.plain_yaml import read

        return read(request.body)
    if request.media_type == JSON:
        return request.fields(MAX_BODY_BYTES)
    raise RequestProblem("unsupported-media-type", f"send {JSON} or {YAML}; a table as {CSV}")


def _unusable(value: Any, place: str, depth: int) -> list[FieldError]:
    """Everything that no table and no JSON reader could keep as it is, with its place."""
    if depth > MAX_DEPTH:
        return [FieldError(place, f"is nested more than {MAX_DEPTH} levels deep")]
    match value:
        case str() if not _is_text(value):
            return [FieldError(place, "is no valid Unicode text")]
        case float() if not math.isfinite(value):
            return [FieldError(place, "is larger than any number can be")]
        case int() if abs(value) > MAX_INTEGER:
            return [FieldError(place, f"must be between -{MAX_INTEGER} and {MAX_INTEGER}")]
        case dict() if bad := [name for name in value if not name or not _is_text(name)]:
            return [FieldError(place, f"has {len(bad)} names that are empty or no valid Unicode text")]
        case dict():
            dot = "." if place else ""
            parts = [(f"{place}{dot}{name}", part) for name, part in value.items()]
        case list():
            parts = [(f"{place}[{index}]", part) for index, part in enumerate(value)]
        case _:
            return []
    return [error for where, part in parts for error in _unusable(part, where, depth + 1)]


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
