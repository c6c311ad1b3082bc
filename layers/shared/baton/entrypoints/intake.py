"""The intake endpoint: one request to one lead, answered for programs, scripts in pages, and plain forms."""

import re
from html import escape
from typing import Any, Final

from baton.application.accept_lead import AcceptLead, Received
from baton.domain.errors import BatonError, FieldError, InvalidSubmission
from baton.domain.lead import LeadState
from baton.domain.source import Source
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import follow, logger, problem_of
from baton.entrypoints.page import page
from baton.entrypoints.problems import RequestProblem, problem_body

MAX_BODY_BYTES: Final = 128 * 1024
"""Far more than any form needs, and far below the 400 KB that a DynamoDB item may have."""
REDIRECT: Final = "_redirect"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


def take(accept: AcceptLead, request: Request, context: Any, max_bytes: int = MAX_BODY_BYTES) -> Response:
    """Answer one request to a source's leads. Raises BatonError only where the source itself is unknown or off."""
    source = accept.source(request.path.get("source_id", ""))
    cors = cors_headers(source, request)
    if request.method == "OPTIONS":
        return Response(204 if cors else 403, headers=cors)
    try:
        fields = request.fields(max_bytes)
        redirect = _redirect(source, fields)
        key, origin = _idempotency_key(request), request.headers.get("origin")
        received = accept(source.id, fields, key=key, origin=origin)
    except BatonError as error:
        logger.info("lead refused", source_id=source.id, error=problem_of(error))
        return _refusal(request, error).with_headers(cors)
    follow(received.lead_id, context)
    logger.info("lead received", source_id=source.id, new=received.new, state=received.state)
    if not received.started:
        logger.warning("workflow not started; the sweep will", source_id=source.id)
    return _receipt(request, received, redirect).with_headers(cors)


def cors_headers(source: Source, request: Request) -> dict[str, str]:
    """What a browser has to hear before a page of another site may post here and read the answer."""
    origin = request.headers.get("origin")
    if not origin or not source.allows_page(origin):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }


def _redirect(source: Source, fields: dict[str, Any]) -> str | None:
    url = fields.get(REDIRECT)
    if url is None or url == "":
        return None
    if not isinstance(url, str) or not source.allows_redirect(url):
        problem = "must be an address on one of the source's allowed origins"
        raise InvalidSubmission([FieldError(REDIRECT, problem)])
    return url


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise RequestProblem("invalid-idempotency-key", "it must be 1 to 200 visible ASCII characters")
    return key


def _receipt(request: Request, received: Received, redirect: str | None) -> Response:
    if redirect:
        return Response(303, headers={"Location": redirect})
    if request.is_form and request.wants_page:
        return Response.page(202, page("Thank you", "<p>We have received your request.</p>"))
    # A caller must not learn that it fell into the honeypot.
    shown = LeadState.RECEIVED if received.state is LeadState.QUARANTINED else received.state
    return Response.json(202, {"lead_id": received.lead_id, "status": shown})


def _refusal(request: Request, error: BatonError) -> Response:
    if not (request.is_form and request.wants_page):
        return Response.problem(error)
    status, body = problem_body(error)
    items = "".join(f"<li>{escape(e['field'])} {escape(e['problem'])}</li>" for e in body.get("errors", []))
    html = f"<p>{escape(body['title'])}.</p><ul>{items}</ul><p>Please go back and correct it.</p>"
    return Response.page(status, page("Not sent", html))
