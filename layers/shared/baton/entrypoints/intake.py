"""The intake endpoint: one request to one lead, answered for programs, scripts in pages, and plain forms."""

from html import escape
from typing import Any, Final

from baton.application.accept_lead import AcceptLead, Received
from baton.application.admit_vendor import AdmitVendor, Proof
from baton.application.await_verdict import AwaitVerdict
from baton.domain.errors import BatonError, DuplicateLead, FieldError, InvalidSubmission, StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.sender import Sender
from baton.domain.source import Source
from baton.domain.verdict import Ruling
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import follow, logger, problem_of
from baton.entrypoints.page import page
from baton.entrypoints.problems import problem_body
from baton.entrypoints.vendors import MAX_BODY_BYTES, idempotency_key, preferred_wait_s, refusal_of

REDIRECT: Final = "_redirect"
UNSEEN: Final = frozenset({LeadState.QUARANTINED, LeadState.DUPLICATE, LeadState.DISQUALIFIED})
"""States in which a lead may be at once, and of which a receipt says nothing."""


def take(
    accept: AcceptLead,
    request: Request,
    context: Any,
    max_bytes: int = MAX_BODY_BYTES,
    *,
    admit: AdmitVendor,
    await_verdict: AwaitVerdict,
) -> Response:
    """Answer one request to a source's leads. Raises BatonError only where the source itself is unknown or off."""
    source = accept.source(request.path.get("source_id", ""))
    cors = cors_headers(source, request)
    if request.method == "OPTIONS":
        return Response(204 if cors else 403, headers=cors)
    try:
        proof = admit.lead(source, request.headers, request.body)
        fields = request.fields(max_bytes)
        redirect = _redirect(source, fields)
        key = idempotency_key(request, proof, one_body=True)
        received = accept(source.id, fields, key=key, sender=_sender(request, proof))
    except BatonError as error:
        logger.info("lead refused", source_id=source.id, error=problem_of(error))
        return _refusal(request, error).with_headers(cors)
    if received.duplicate and proof is not Proof.NONE:
        # Only who showed who it is hears that the person is known already.
        return _refusal(request, DuplicateLead(received.lead_id)).with_headers(cors)
    follow(received.lead_id, context)
    logger.info("lead received", source_id=source.id, new=received.new, state=received.state)
    if not received.started:
        logger.warning("workflow not started; the sweep will", source_id=source.id)
    answer = _receipt(request, received, redirect, proof)
    wait_s = preferred_wait_s(request, proof)
    if wait_s is not None and answer.headers.get("Content-Type") == "application/json":
        answer = _verdict(await_verdict, received, wait_s) or answer
    return answer.with_headers(cors)


def cors_headers(source: Source, request: Request) -> dict[str, str]:
    """What a browser has to hear before a page of another site may post here and read the answer."""
    origin = request.headers.get("origin")
    if not origin or not source.allows_page(origin):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key",
        "Access-Control-Expose-Headers": "Retry-After",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }


def _sender(request: Request, proof: Proof) -> Sender:
    """A browser names the page's site whenever it posts from a page, or says so in a header that no script can set."""
    headers, known = request.headers, proof is not Proof.NONE
    return Sender(
        origin=headers.get("origin"),
        ip=request.ip,
        user_agent=headers.get("user-agent"),
        known=known,
        browser=not known and ("origin" in headers or "sec-fetch-mode" in headers),
        page=headers.get("referer"),
    )


def _redirect(source: Source, fields: dict[str, Any]) -> str | None:
    url = fields.get(REDIRECT)
    if url is None or url == "":
        return None
    if not isinstance(url, str) or not source.allows_redirect(url):
        problem = "must be an address on one of the source's allowed origins"
        raise InvalidSubmission([FieldError(REDIRECT, problem)])
    return url


def _receipt(request: Request, received: Received, redirect: str | None, proof: Proof) -> Response:
    if redirect:
        return Response(303, headers={"Location": redirect})
    if request.is_form and request.wants_page:
        return Response.page(202, page("Thank you", "<p>We have received your request.</p>"))
    # A caller must not learn that it fell into the honeypot, nor whom we know; and who sends once more would, if only
    # leads that are on their way had a state.
    hidden = proof is Proof.NONE or received.state in UNSEEN
    shown = LeadState.RECEIVED if hidden else received.state
    return Response.json(202, {"lead_id": received.lead_id, "status": shown})


def _verdict(await_verdict: AwaitVerdict, received: Received, wait_s: int) -> Response | None:
    """What became of the lead; None where that cannot be read: the receipt has to do then, the lead is stored."""
    try:
        verdict = await_verdict(received.lead_id, wait_s)
    except StoreUnavailable:
        logger.warning("the verdict could not be read")
        return None
    body = {
        "lead_id": verdict.lead_id,
        "status": verdict.state,
        "verdict": verdict.ruling,
        "reason": verdict.reason,
        "price_cents": verdict.price_cents,
        "currency": verdict.currency,
        "reference": verdict.reference,
    }
    status = 202 if verdict.ruling is Ruling.PENDING else 200
    return Response.json(status, body, Preference_Applied=f"wait={wait_s}")


def _refusal(request: Request, error: BatonError) -> Response:
    if not (request.is_form and request.wants_page):
        return refusal_of(error)
    status, body = problem_body(error)
    items = "".join(f"<li>{escape(e['field'])} {escape(e['problem'])}</li>" for e in body.get("errors", []))
    html = f"<p>{escape(body['title'])}.</p><ul>{items}</ul><p>Please go back and correct it.</p>"
    return Response.page(status, page("Not sent", html))
