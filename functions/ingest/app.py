"""POST and OPTIONS /v1/sources/{source_id}/leads: take a lead in, answer 202 once it is durable."""

from typing import Any

from baton.bootstrap.intake import accept_lead, admit_vendor, await_verdict
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.intake import take


@endpoint
def handler(request: Request, context: Any) -> Response:
    return take(accept_lead(), request, context, admit=admit_vendor(), await_verdict=await_verdict())
