"""GET and POST /v1/offers/{token}: show an offer to its rep, and take the answer."""

from typing import Any

from baton.application.answer_offer import Answer
from baton.bootstrap import answer_offer, show_offer
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.observability import logger
from baton.entrypoints.pages import offer_page

MAX_BODY_BYTES = 4096


@endpoint
def handler(request: Request, _: Any) -> Response:
    token = request.path.get("token", "")
    if request.method != "POST":
        return Response.page(*offer_page(show_offer()(token)))
    sent = request.fields(MAX_BODY_BYTES).get("answer")
    if sent not in list(Answer):
        return Response.page(*offer_page(show_offer()(token), unanswered=True))
    view = answer_offer()(token, Answer(sent))
    logger.info("offer answered", answer=sent, status=view.status)
    return Response.page(*offer_page(view))
