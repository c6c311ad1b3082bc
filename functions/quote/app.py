"""POST /v1/sources/{source_id}/pings: what a lead would bring, before it is sent."""

from typing import Any

from baton.bootstrap.intake import admit_vendor, quote_lead
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.quotes import quote


@endpoint
def handler(request: Request, context: Any) -> Response:
    return quote(quote_lead(), admit_vendor(), request, context)
