"""POST /v1/sources/{source_id}/outcomes: other systems say what became of a source's leads."""

from typing import Any

from baton.bootstrap.intake import admit_vendor, hear_outcomes
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.outcomes import hear


@endpoint
def handler(request: Request, context: Any) -> Response:
    return hear(hear_outcomes(), admit_vendor(), request, context)
