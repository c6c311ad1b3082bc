"""The offer endpoint: what a rep sees behind a link, and what becomes of the answer. Always a page, never a riddle."""

import re
from collections.abc import Callable
from typing import Final

from baton.application.answer_offer import Answer, AnswerOffer
from baton.application.note_progress import NoteProgress, Progress
from baton.application.show_offer import ShowOffer
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import logger, places_of, problem_of
from baton.entrypoints.offer_pages import offer_page, retry_page
from baton.entrypoints.problems import RequestProblem

MAX_BODY_BYTES: Final = 4096
_SEEN: Final = re.compile(r"[0-9]{1,9}")


def respond(
    show: ShowOffer, answer: AnswerOffer, note: Callable[[], NoteProgress], request: Request
) -> Response:
    """GET shows and changes nothing. POST answers, if a person chose; a form without a choice changes nothing.

    `note` is asked only for who says how it goes: nobody else waits for what it takes to record outcomes.
    """
    token = request.path.get("token", "")
    try:
        if request.method != "POST":
            return Response.page(*offer_page(show(token)))
        chosen = _choice(request)
        if chosen is None:
            return Response.page(*offer_page(show(token), unanswered=True))
        view = answer(token, chosen) if isinstance(chosen, Answer) else note()(token, *chosen)
    except Exception as error:  # a rep on a phone gets a page; an answer that was committed before it stays
        logger.error("offer could not be answered now", error=problem_of(error), at=places_of(error))
        return Response.page(503, retry_page())
    said = chosen if isinstance(chosen, Answer) else chosen[0]
    logger.info("offer answered", answer=said, status=view.status)
    return Response.page(*offer_page(view))


def _choice(request: Request) -> Answer | tuple[Progress, int] | None:
    """The one answer that was chosen, or how it goes and on which page; None for no choice, several, or no form."""
    try:
        fields = request.fields(MAX_BODY_BYTES)
    except RequestProblem:
        return None
    answer, progress, seen = (fields.get(name) for name in ("answer", "progress", "seen"))
    if progress is None:
        return Answer(answer) if isinstance(answer, str) and answer in list(Answer) else None
    if answer is not None or not isinstance(seen, str) or not _SEEN.fullmatch(seen):
        return None
    known = isinstance(progress, str) and progress in list(Progress)
    return (Progress(progress), int(seen)) if known else None
