"""POST /v1/sources/{source_id}/outcomes and /v1/subscriptions/{subscription_id}/outcomes: what became of leads."""

from typing import Any

from baton.bootstrap.intake import admit_vendor, hear_outcomes
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.outcomes import hear


@endpoint
def handler(request: Request, context: Any) -> Response:
    if "subscription_id" in request.path:
        # Here, because most who speak of leads are no CRM that a connector tells of them.
        from baton.bootstrap.telling import heed_system
        from baton.entrypoints.heeding import heed

        return heed(heed_system(), request)
    return hear(hear_outcomes(), admit_vendor(), request, context)
