"""The pings endpoint: one ping to one price, or to the reason why there is none."""

from typing import Any

from baton.application.admit_vendor import AdmitVendor
from baton.application.quote_lead import Quote, QuoteLead
from baton.domain.errors import BatonError
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import follow, logger, problem_of
from baton.entrypoints.vendors import MAX_BODY_BYTES, idempotency_key, refusal_of


def quote(
    quote_lead: QuoteLead,
    admit: AdmitVendor,
    request: Request,
    context: Any,
    max_bytes: int = MAX_BODY_BYTES,
) -> Response:
    """Answer one ping. Raises BatonError only where the source itself is unknown or off."""
    begun = quote_lead.begins()
    source = quote_lead.source(request.path.get("source_id", ""))
    try:
        proof = admit.ping(source, request.headers, request.body)
        fields = request.fields(max_bytes)
        found = quote_lead(source.id, fields, begun=begun, key=idempotency_key(request, proof))
    except BatonError as error:
        logger.info("ping refused", source_id=source.id, error=problem_of(error))
        return refusal_of(error)
    if found.promise:
        follow(found.promise.ping_id, context)
    logger.info("ping answered", source_id=source.id, reason=found.reason)
    return Response.json(200, _answer(found))


def _answer(found: Quote) -> dict[str, Any]:
    promise = found.promise
    if promise is None:
        return {"status": "no_price", "reason": found.reason}
    return {
        "ping_id": promise.ping_id,
        "status": "priced",
        "price_cents": promise.price_cents,
        "currency": promise.currency,
        "expires_at": f"{promise.good_until:%Y-%m-%dT%H:%M:%SZ}",
        "bids": [{"bid_id": bid.bid_id, "price_cents": bid.price_cents} for bid in promise.bids],
        **({"test": True} if promise.test else {}),
    }
