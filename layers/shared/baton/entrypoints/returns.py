"""The endpoint for buyers that give leads back: they show who they are by a key or a signature."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError

from baton.application.admit_caller import AdmitCaller
from baton.application.admit_vendor import Proof
from baton.application.return_lead import ReturnLead
from baton.domain.documents import Document
from baton.domain.errors import BatonError, FieldError, NotFound
from baton.domain.lead_return import Return, ReturnState
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import follow, logger, problem_of
from baton.entrypoints.problems import InvalidRequest

MAX_BODY_BYTES: Final = 16 * 1024
_LEAD_ID: Final = re.compile(r"[0-9a-f]{32}")


class WantedReturn(Document):
    """What a buyer sends."""

    recipient_id: str
    lead_id: str | None = None
    """The lead, as in the path; not to be left out of what is signed."""
    reason: Annotated[str, Field(min_length=1, max_length=64)]
    note: Annotated[str, Field(max_length=2000)] | None = None
    """What is wrong with the lead, in words. May hold personal data: it is kept with the lead alone."""


def take_back(admit: AdmitCaller, return_lead: ReturnLead, request: Request, context: Any) -> Response:
    """Answer one request: 202 where a person has to decide, 200 where it is decided. Raises BatonError."""
    lead_id = request.path.get("lead_id", "")
    fields = request.fields(MAX_BODY_BYTES)
    who = fields.get("recipient_id")
    buyer, proof = admit.buyer(who if isinstance(who, str) else "", request.headers, request.body)
    if not _LEAD_ID.fullmatch(lead_id):
        kind = "lead"
        raise NotFound(kind, lead_id)
    follow(lead_id, context)
    wanted = _read(fields, lead_id, signed=proof is Proof.SIGNATURE)
    try:
        found = return_lead(lead_id, buyer, wanted.reason, wanted.note)
    except BatonError as error:
        logger.info("return refused", recipient_id=buyer.id, error=problem_of(error))
        raise
    logger.info("return asked for", recipient_id=buyer.id, state=found.state, offer=found.offer_no)
    return Response.json(202 if found.state is ReturnState.WAITING else 200, _shown(found))


def _read(fields: Mapping[str, Any], lead_id: str, *, signed: bool) -> WantedReturn:
    """What is asked for, of the lead in the path. Raises InvalidRequest with every invalid field, and no value.

    A signature covers the body alone: without the lead in it, one request would give back every lead of the buyer.
    """
    errors: list[FieldError] = []
    named = fields.get("lead_id")
    if signed and named is None:
        errors.append(FieldError("lead_id", "is required where a request is signed: the path is not"))
    elif isinstance(named, str) and named != lead_id:
        errors.append(FieldError("lead_id", "is not the lead in the path"))
    try:
        wanted = WantedReturn.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        errors += [FieldError(".".join(map(str, one["loc"])), one["msg"]) for one in found]
        raise InvalidRequest(errors) from None
    if errors:
        raise InvalidRequest(errors)
    return wanted


def _shown(found: Return) -> dict[str, Any]:
    """What a buyer is told of its return. Its own note is not sent back."""
    names = {"lead_id", "recipient_id", "state", "reason", "asked_at", "decided_at", "why", "currency"}
    refund = found.price_cents if found.state is ReturnState.APPROVED else 0
    return {**found.model_dump(mode="json", include=names), "refund_cents": refund}
