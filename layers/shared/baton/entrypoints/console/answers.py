"""Responses of the console's API, and how the OpenAPI document describes them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from baton.domain.editing import Stored, plain
from baton.domain.plan_findings import Severity
from baton.entrypoints.console.preconditions import etag, is_known
from baton.entrypoints.problems import PROBLEMS

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
Answer = Response[Any]


class FieldProblem(BaseModel):
    """One thing that is wrong with a request."""

    field: str
    """Where: a path such as `members[2].weight`; `body` for the whole."""
    problem: str


class Found(BaseModel):
    """One thing that would go wrong with a plan."""

    place: str
    """Where: a path such as `stages[1].when.all[0]`."""
    severity: Severity
    problem: str


class Findings(BaseModel):
    """Everything that would go wrong with a plan. An error keeps it from being published, a warning does not."""

    findings: list[Found]


class Problem(BaseModel):
    """RFC 9457. Go by `type`: it stays, whatever the texts become."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldProblem] | None = None
    """What is wrong, each with its place."""
    used_by: list[str] | None = None
    """What still refers to something that was to be deleted."""
    findings: list[Found] | None = None
    """Why a plan is not published."""


class Listing[D](BaseModel):
    """Some of many documents."""

    items: list[D]
    etags: dict[str, str]
    """ETag by id: what If-Match wants."""
    next: str | None
    """Send it as `after` for the next ones; null: these were the last."""


def as_json(status: int, body: Any, **headers: str) -> Answer:
    """A JSON body."""
    named: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, JSON, json.dumps(body, ensure_ascii=False), named)


def of_stored(
    stored: Stored[Any], headers: Mapping[str, str] | None = None, status: int = 200, **more: str
) -> Answer:
    """A document with its ETag; nothing but the ETag for a caller who has it already."""
    tag = etag(stored.rev)
    if headers is not None and is_known(headers, stored.rev):
        return Response(304, headers={"ETag": tag})
    return as_json(status, plain(stored.document), ETag=tag, **more)


def listing(stored: Sequence[Stored[Any]], after: str | None) -> Answer:
    """A page of documents."""
    return as_json(
        200,
        {
            "items": [plain(one.document) for one in stored],
            "etags": {one.document.id: etag(one.rev) for one in stored},
            "next": after,
        },
    )


def nothing() -> Answer:
    """It is done, and there is nothing to show."""
    return Response(204)


def described(status: int, model: Any, what: str, *codes: str) -> dict[int, Any]:
    """For OpenAPI: what an operation answers, and the codes with which it says no. No model: an empty body."""
    content = {JSON: {"model": model}} if model is not None else {}
    found: dict[int, Any] = {status: {"description": what, "content": content}}
    refusals: dict[int, list[str]] = {}
    for code in ("unauthenticated", "forbidden", "invalid-request", *codes):
        refusals.setdefault(PROBLEMS[code][0], []).append(code)
    for refusal, named in refusals.items():
        types = ", ".join(f"`urn:baton:{code}`" for code in named)
        found[refusal] = {"description": types, "content": {PROBLEM: {"model": Problem}}}
    return found
