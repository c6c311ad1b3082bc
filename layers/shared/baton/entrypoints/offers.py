"""The offer endpoint: what a rep sees behind a link, and what becomes of the answer. Always a page, never a riddle."""

from typing import Final

from baton.application.answer_offer import Answer, AnswerOffer
from baton.application.show_offer import ShowOffer
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import logger, places_of, problem_of
from baton.entrypoints.offer_pages import offer_page, retry_page
from baton.entrypoints.problems import RequestProblem

MAX_BODY_BYTES: Final = 4096


def respond(show: ShowOffer, answer: AnswerOffer, request: Request) -> Response:
    """GET shows and changes nothing. POST answers, if a person chose; a form without a choice changes nothing."""
    token = request.path.get("token", "")
    try:
        if request.method != "POST":
            return Response.page(*offer_page(show(token)))
        chosen = _choice(request)
        if chosen is None:
            return Response.page(*offer_page(show(token), unanswered=True))
        view = answer(token, chosen)
    except Exception as error:  # a rep on a phone gets a page; an answer that was committed before it stays
        logger.error("offer could not be answered now", error=problem_of(error), at=places_of(error))
        return Response.page(503, retry_page())
    logger.info("offer answered", answer=chosen, status=view.status)
    return Response.page(*offer_page(view))


def _choice(request: Request) -> Answer | None:
    """The one answer that was chosen; None for no choice, several, or something that is no form."""
    try:
        sent = request.fields(MAX_BODY_BYTES).get("answer")
    except RequestProblem:
        return None
    return Answer(sent) if isinstance(sent, str) and sent in list(Answer) else None
