"""The handler of every function behind the sign-in: check who calls, read the body, route, and refuse in one way.

Routed by Powertools' resolver, which checks parameters and bodies by the models and gives the OpenAPI document. The
public endpoints do without: a lead that waits pays for every cold start, a person who edits does not.
"""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from baton.domain.errors import BatonError
from baton.entrypoints import http
from baton.entrypoints.console.bodies import with_plain_body
from baton.entrypoints.console.places import field_errors
from baton.entrypoints.console.routes import Router
from baton.entrypoints.console.users import READING, User
from baton.entrypoints.observability import follow, logger, places_of, problem_of
from baton.entrypoints.problems import InvalidRequest, RequestProblem

MAX_ANSWER_BYTES: Final = 5_500_000
"""Lambda gives back 6 MB with everything around it."""
_TAG: Final = re.compile(r'"[^"]*"')
# A domain of one's own may put a path of its own in front.
_MAPPED: Final = re.compile(r"^.*?(?=/v1/)")


class Console:
    """A Lambda handler over these routes."""

    def __init__(self, routers: Iterable[Router]) -> None:
        self._reading: list[tuple[str, re.Pattern[str]]] = []
        self.resolver = APIGatewayRestResolver(
            enable_validation=True, strip_prefixes=[_MAPPED], serializer=json.dumps, debug=False
        )
        self.resolver.exception_handler(Exception)(self._refuse)
        for router in routers:
            self.resolver.include_router(router)
            self._reading += router.reading

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """Answer one request."""
        follow("", context)
        try:
            User.of(event).check(reads=self._only_reads(event))
            answer = self.resolver.resolve(with_plain_body(event), context)
        except Exception as error:  # whatever it is, the caller gets an answer: see `refusal`
            answer = refusal(error).event()
        answer["body"] = answer["body"] or ""
        if len(answer["body"].encode()) > MAX_ANSWER_BYTES:
            too_large = RequestProblem("answer-too-large", "ask for less: a smaller limit, no traces")
            answer = refusal(too_large).event()
        headers = answer.setdefault("multiValueHeaders", {})
        answer = {**answer, "multiValueHeaders": {**headers, "Cache-Control": ["private, no-cache"]}}
        return (
            tagged(event, answer)
            if event["httpMethod"] == "GET" and answer["statusCode"] == HTTPStatus.OK
            else answer
        )

    def _only_reads(self, event: Mapping[str, Any]) -> bool:
        """Whether the request changes nothing, by its method or because its route says so."""
        method, path = event["httpMethod"], _MAPPED.sub("", event["path"])
        return method in READING or any(
            method == its_method and its_path.fullmatch(path) for its_method, its_path in self._reading
        )

    def _refuse(self, error: Exception) -> Response[str]:
        """What the resolver answers to an error of a route."""
        if isinstance(error, RequestValidationError):
            error = InvalidRequest(field_errors(error.errors(), self.resolver.current_event.json_body))
        elif isinstance(error, NotFoundError):
            error = RequestProblem("not-found", "there is no such address, or not for this method")
        said = refusal(error)
        return Response(said.status, body=said.body, headers=dict(said.headers))


def tagged(event: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with an ETag, and without its body for who has it already: a screen that is open asks all the time.

    A document's own is its revision; any other answer's is made of its text, and weak, so that nobody writes by it.
    """
    headers = answer["multiValueHeaders"]
    (tag,) = headers.get("ETag") or [f'W/"{sha256(answer["body"].encode()).hexdigest()[:16]}"']
    given = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    answer = {**answer, "multiValueHeaders": {**headers, "ETag": [tag]}}
    if tag.removeprefix("W/") not in _TAG.findall(given.get("if-none-match", "")):
        return answer
    return {**answer, "statusCode": HTTPStatus.NOT_MODIFIED.value, "body": ""}


def refusal(error: Exception) -> http.Response:
    """An error as a problem response, and as a log line without any value."""
    if not isinstance(error, BatonError):
        # The last line of defence: a caller gets an answer, the alarm on 5xx rings, and no data gets into the log.
        logger.error("request failed unexpectedly", error=problem_of(error), at=places_of(error))
        return http.Response.problem(BatonError())
    response = http.Response.problem(error)
    log = logger.error if response.status >= 500 else logger.info  # noqa: PLR2004
    log("request refused", status=response.status, error=problem_of(error))
    return response
