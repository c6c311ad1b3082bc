"""What pydantic found wrong, for the person who has to mend it: each place as they wrote it, each problem in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from baton.domain.configuration_file import place_of
from baton.domain.errors import FieldError


def field_errors(found: Sequence[Mapping[str, Any]], body: Any) -> list[FieldError]:
    """One entry for each place, in order, with everything that is wrong there."""
    problems: dict[str, list[str]] = {}
    for error in found:
        place = _place(error, body)
        problem = str(error["msg"]).removeprefix("Value error, ")
        if problem not in problems.setdefault(place, []):
            problems[place].append(problem)
    return [FieldError(place, "; ".join(texts)) for place, texts in problems.items()]


def _place(error: Mapping[str, Any], body: Any) -> str:
    """The path of an error, as `stages[1].when`, or the name of a parameter."""
    where, *path = error["loc"]
    if where != "body":
        return ".".join(str(part) for part in path)
    missing = error["type"] == "missing"
    return place_of(path, body, where, missing=missing).removeprefix(where).removeprefix(".")
