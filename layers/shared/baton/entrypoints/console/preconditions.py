"""Optimistic locking on the wire: a document's ETag is its revision, and whoever writes says which one they saw."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from baton.entrypoints.problems import RequestProblem

# A weak tag promises too little to write by.
_STRONG_TAG: Final = re.compile(r'(?<!/)"(\d{1,15})"')


def etag(rev: int) -> str:
    """The ETag of that revision."""
    return f'"{rev}"'


def expected_rev(headers: Mapping[str, str], current: Callable[[], int]) -> int | None:
    """The revision that the caller has seen, by If-Match; None for `*`, whichever there is.

    Asks for the current one only where several would do. Raises RequestProblem where the header is missing, or names
    nothing that could match.
    """
    header = headers.get("if-match", "").strip()
    if not header:
        raise RequestProblem(
            "precondition-required",
            "send If-Match with the ETag that you read, so that nobody's edit is lost",
        )
    if header == "*":
        return None
    revs = [int(tag) for tag in _STRONG_TAG.findall(header)]
    if len(revs) == 1:
        return revs[0]
    if revs and (now := current()) in revs:
        return now
    raise RequestProblem("edit-conflict", "If-Match names no ETag that this has now")


def must_be_new(headers: Mapping[str, str]) -> bool:
    """Whether the caller wants to create and never to replace."""
    return headers.get("if-none-match", "").strip() == "*"


def is_known(headers: Mapping[str, str], rev: int) -> bool:
    """Whether the caller has this revision already."""
    header = headers.get("if-none-match", "")
    return header.strip() == "*" or etag(rev) in re.findall(r'"[^"]*"', header)
