"""The endpoint for Slack: who pressed which button, believed only where Slack has signed it."""

from collections.abc import Callable
from typing import Final

from baton.application.ports import Clock
from baton.application.press_button import PressButton
from baton.domain.slack import is_from_slack, press_of
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import logger, places_of, problem_of
from baton.entrypoints.problems import RequestProblem

MAX_BODY_BYTES: Final = 128 * 1024
"""Slack sends the message along."""


def pressed(press: PressButton, secret: Callable[[], str | None], clock: Clock, request: Request) -> Response:
    """Slack wants a 200 within three seconds, and says what is wrong with anything else. Raises RequestProblem."""
    if len(request.body) > MAX_BODY_BYTES:
        raise RequestProblem("body-too-large", f"the body is larger than {MAX_BODY_BYTES} bytes")
    if not is_from_slack(secret() or "", request.headers, request.body, clock.now()):
        raise RequestProblem("caller-unknown", "the request is not signed by this deployment's Slack app")
    payload = request.fields(MAX_BODY_BYTES).get("payload")
    found = press_of(payload) if isinstance(payload, str) else None
    if found is None:
        return Response(200)
    try:
        heard = press(found)
    except Exception as error:  # whoever pressed gets an answer; one that was committed before it stays
        logger.error("press could not be heard now", error=problem_of(error), at=places_of(error))
        press.fails(found)
        return Response(200)
    logger.info("button pressed", action=found.action, heard=heard)
    return Response(200)
