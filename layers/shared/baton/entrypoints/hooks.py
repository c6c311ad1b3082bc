"""The hooks endpoint: what platforms send, answered as each of them expects."""

from typing import Any, Final

from baton.application.receive_hook import FORM, HookRequest, ReceiveHook
from baton.domain.errors import BatonError, NotFound
from baton.domain.hooks import adf
from baton.domain.hooks.enquiry import Format
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import follow, logger, problem_of
from baton.entrypoints.problems import RequestProblem
from baton.entrypoints.vendors import MAX_BODY_BYTES, refusal_of

LARGEST: Final = {Format.META: 1024 * 1024, Format.ADF: adf.MAX_MAIL_BYTES}
"""Bytes of a body, where it is not as with any lead: a thousand changes of Meta's have some 300 KB."""


def hook(receive: ReceiveHook, request: Request, context: Any) -> Response:
    """Answer one request of a platform. Never raises BatonError: a refusal says what is wrong."""
    source_id, platform = request.path.get("source_id", ""), _platform(request.path.get("format", ""))
    try:
        if request.method == "GET":
            return _challenge(receive, source_id, platform, request)
        max_bytes = LARGEST.get(platform, MAX_BODY_BYTES)
        if len(request.body) > max_bytes:
            raise RequestProblem("body-too-large", f"the body is larger than {max_bytes} bytes")
        fields = request.fields(max_bytes) if request.media_type == FORM else None
        asked = HookRequest(request.headers, request.body, request.query, request.media_type, fields)
        received = receive(source_id, platform, asked)
    except BatonError as error:
        logger.info("hook refused", source_id=source_id[:64], format=platform, error=problem_of(error))
        return refusal_of(error)
    for one in received:
        follow(one.lead_id, context)
        logger.info("lead received", source_id=source_id, format=platform, new=one.new, state=one.state)
    return Response.json(200, {"received": len(received)} if platform is not Format.GOOGLE_ADS else {})


def _platform(name: str) -> Format:
    """Raises NotFound."""
    if name not in list(Format):
        raise NotFound("hook", name[:64])
    return Format(name)


def _challenge(receive: ReceiveHook, source_id: str, platform: Format, request: Request) -> Response:
    answer = receive.challenge(source_id, platform, request.query)
    if isinstance(answer, dict):
        return Response.json(200, answer)
    # Whoever asks knows the verify token; as text nothing in it is ever run.
    headers = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    return Response(200, answer, headers)
