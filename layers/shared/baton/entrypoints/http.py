"""Requests and responses of API Gateway's REST proxy integration.

Powertools' resolver would route and validate too, for 60 ms more of every cold start; the two public endpoints
have one path each and read bodies that no schema describes.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from baton.domain.errors import BatonError
from baton.entrypoints.observability import follow, logger, places_of, problem_of
from baton.entrypoints.problems import RequestProblem, problem_body

MAX_FORM_FIELDS: Final = 1000
RETRY_AFTER_S: Final = 2


@dataclass(frozen=True, slots=True)
class Request:
    """One request, headers in lower case."""

    method: str
    path: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    ip: str | None = None
    """The address that it came from, as API Gateway saw it: never what a header says, which anybody may write."""
    query: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    """The path as it was asked for, without the stage's."""
    stage: Mapping[str, str] = field(default_factory=dict)
    """What the deployment says to the functions behind it: the stage's variables."""

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Request":
        """Read API Gateway's event. Raises RequestProblem for a body that is not what it claims to be."""
        body = event.get("body") or ""
        try:
            raw = b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        except ValueError as error:
            raise RequestProblem("malformed-body", "the body is not valid") from error
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        ip = ((event.get("requestContext") or {}).get("identity") or {}).get("sourceIp")
        path, query = event.get("pathParameters") or {}, event.get("queryStringParameters") or {}
        target, stage = event.get("path") or "", event.get("stageVariables") or {}
        return cls(event["httpMethod"], path, headers, raw, ip, query, target, stage)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_form(self) -> bool:
        """Whether a plain form was sent."""
        return self.media_type == "application/x-www-form-urlencoded"

    @property
    def wants_page(self) -> bool:
        """Whether a person looks at the answer in a browser."""
        return "text/html" in self.headers.get("accept", "")

    def fields(self, max_bytes: int) -> dict[str, Any]:
        """The body's fields, from JSON or a form. Raises RequestProblem."""
        if len(self.body) > max_bytes:
            raise RequestProblem("body-too-large", f"the body is larger than {max_bytes} bytes")
        if self.is_form:
            return self._form()
        if self.media_type == "application/json":
            return self._json()
        raise RequestProblem(
            "unsupported-media-type", "send application/json or application/x-www-form-urlencoded"
        )

    def text(self) -> str:
        """The body as text. Raises RequestProblem."""
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:
            raise RequestProblem("malformed-body", f"byte {error.start} is not valid UTF-8") from error

    def _json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.text(), parse_constant=_refuse_constant, object_pairs_hook=_unique)
        except json.JSONDecodeError as error:
            where = f"line {error.lineno} column {error.colno}"
            raise RequestProblem("malformed-body", f"not valid JSON at {where}") from error
        except RecursionError as error:
            raise RequestProblem("malformed-body", "nested too deeply") from error
        except ValueError as error:
            raise RequestProblem("malformed-body", str(error)[:200]) from error
        if not isinstance(value, dict):
            raise RequestProblem("malformed-body", "the body must be a JSON object")
        return value

    def _form(self) -> dict[str, Any]:
        text = self.text()
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS, errors="strict")
        except UnicodeDecodeError as error:
            raise RequestProblem("malformed-body", "a form field is not valid UTF-8") from error
        except ValueError as error:
            raise RequestProblem("malformed-body", f"more than {MAX_FORM_FIELDS} form fields") from error
        fields: dict[str, Any] = {}
        for name, value in pairs:
            if name in fields:
                earlier = fields[name]
                fields[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
            else:
                fields[name] = value
        return fields


@dataclass(frozen=True, slots=True)
class Response:
    """One response."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, body: Mapping[str, Any], **headers: str) -> "Response":
        """A JSON document."""
        return cls(status, json.dumps(body), {"Content-Type": "application/json", **_named(headers)})

    @classmethod
    def page(cls, status: int, html: str) -> "Response":
        """A web page that nobody caches, frames, or loads anything into."""
        return cls(
            status,
            html,
            {
                "Content-Type": "text/html; charset=utf-8",
                "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Robots-Tag": "noindex",
            },
        )

    @classmethod
    def problem(cls, error: BatonError) -> "Response":
        """An error as a problem document."""
        status, body = problem_body(error)
        headers = {"Content-Type": "application/problem+json"}
        if status == 503:  # noqa: PLR2004
            headers["Retry-After"] = str(RETRY_AFTER_S)
        return cls(status, json.dumps(body), headers)

    def with_headers(self, headers: Mapping[str, str]) -> "Response":
        """The response with more headers."""
        return Response(self.status, self.body, {**self.headers, **headers})

    def event(self) -> dict[str, Any]:
        """What API Gateway expects."""
        return {"statusCode": self.status, "headers": dict(self.headers), "body": self.body}


def endpoint(answer: Callable[[Request, Any], Response]) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Make a Lambda handler of a function from request and context to response.

    An error of Baton's own becomes a problem response.
    """

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        follow("", context)
        try:
            return answer(Request.of(event), context).event()
        except BatonError as error:
            response = Response.problem(error)
            log = logger.error if response.status >= 500 else logger.info  # noqa: PLR2004
            log("request refused", status=response.status, error=problem_of(error))
            return response.event()
        except Exception as error:  # the last line of defence: the caller gets an answer, and the log no data
            logger.error("request failed unexpectedly", error=problem_of(error), at=places_of(error))
            return Response.problem(BatonError()).event()

    return handler


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _refuse_constant(name: str) -> Any:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name appears twice in one object"
        raise ValueError(message)
    return found
