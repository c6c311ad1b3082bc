"""POST /v1/leads/{lead_id}/returns: a buyer gives a lead back."""

from typing import Any

from baton.bootstrap.intake import admit_caller
from baton.bootstrap.trade import return_lead
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.returns import take_back


@endpoint
def handler(request: Request, context: Any) -> Response:
    return take_back(admit_caller(), return_lead(), request, context)
