"""GET and POST /v1/offers/{token}/settings: a rep's own settings."""

from typing import Any

from baton.bootstrap.reps import adjust_rep
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.rep_settings import adjust_settings


@endpoint
def handler(request: Request, _: Any) -> Response:
    return adjust_settings(adjust_rep(), request)
