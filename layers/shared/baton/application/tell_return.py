"""Tell a buyer's system what became of a return that it asked for."""

from typing import Final

from baton.application.archive import Configuration
from baton.application.call_buyers import Call, CallBuyers
from baton.application.ports import Leads
from baton.domain.exchange import Purpose
from baton.domain.lead import Lead
from baton.domain.lead_return import Return
from baton.domain.offer import Offer
from baton.domain.recipient import Recipient

WITHIN_MS: Final = 5_000
"""Somebody waits for the answer to the request that decided."""


class TellReturn:
    """One notice for each decision, with one id however often it is sent. Whatever comes back changes nothing."""

    def __init__(self, leads: Leads, configuration: Configuration, call: CallBuyers) -> None:
        self._leads = leads
        self._configuration = configuration
        self._call = call

    def __call__(self, lead: Lead, offer: Offer, decided: Return) -> None:
        """Raises StoreUnavailable, where what was said could not be kept."""
        found = self._configuration.get_many(Recipient, [decided.recipient_id]).get(decided.recipient_id)
        if found is None or found.buyer is None or found.buyer.return_notice is None:
            return
        facts = {
            "lead_id": lead.lead_id,
            "return_status": str(decided.state),
            "return_reason": decided.reason,
            "why": decided.why,
            "decided_at": decided.decided_at.isoformat() if decided.decided_at else None,
            "price_cents": decided.price_cents,
            "currency": decided.currency,
            "reference": offer.delivery.reference if offer.delivery else None,
            "webhook_id": f"return_{lead.lead_id}_{found.id}",
        }
        call = Call(found, found.buyer.return_notice, Purpose.RETURN, facts, str(facts["webhook_id"]))
        called = self._call.one(call, lead, min(WITHIN_MS, call.endpoint.timeout_ms))
        if kept := self._call.kept(called, lead):
            self._leads.keep([kept])
