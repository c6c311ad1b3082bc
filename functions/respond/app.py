"""GET and POST /v1/offers/{token}: show an offer to its rep, and take the answer."""

from typing import Any

from baton.bootstrap.reps import answer_offer, note_progress, show_offer
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.offers import respond


@endpoint
def handler(request: Request, _: Any) -> Response:
    return respond(show_offer(), answer_offer(), note_progress, request)
