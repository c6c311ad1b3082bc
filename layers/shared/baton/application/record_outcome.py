"""Say what became of a lead: contacted, converted, lost, returned."""

from typing import Final

from baton.application.ports import Clock, Configuration, Leads, Ledger
from baton.domain.conclusion import Outcome, concluded
from baton.domain.errors import ClaimContention, IllegalTransition
from baton.domain.lead import Lead
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Fairness, Pool

ATTEMPTS: Final = 8


class RecordOutcome:
    """One transaction: the lead's state, its recipient's capacity, and what the recipient made of its leads."""

    def __init__(self, leads: Leads, ledger: Ledger, configuration: Configuration, clock: Clock) -> None:
        self._leads = leads
        self._ledger = ledger
        self._configuration = configuration
        self._clock = clock

    def __call__(self, lead_id: str, outcome: Outcome, by: str) -> Lead:
        """The lead afterwards; unchanged where that outcome was recorded last.

        Raises NotFound; IllegalTransition for a lead that nobody has, or that its buyer has to return; ClaimContention.
        """
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state == outcome.state:
                return lead
            if not lead.is_held:
                message = f"a lead that is {lead.state} is nobody's: it has no outcome"
                raise IllegalTransition(message)
            offer = self._taken(lead)
            members = [(offer.queue, offer.recipient_id)] if offer.queue else []
            standings = self._ledger.standings(members, [offer.recipient_id])
            fairness = self._fairness(offer.pool_id)
            change = concluded(lead, offer, outcome, fairness, standings, by, self._clock.now())
            if self._leads.commit(change):
                return change.lead
        raise ClaimContention(lead_id)

    def _taken(self, lead: Lead) -> Offer:
        """The newest offer that was taken. Of a lead for several buyers, the last one asked may have refused."""
        for no in range(lead.offer_no, 0, -1):
            offer = self._leads.offer(lead.lead_id, no)
            if offer.state is OfferState.ACCEPTED:
                return offer
        message = "a lead that nobody took is nobody's: it has no outcome"
        raise IllegalTransition(message)

    def _fairness(self, pool_id: str | None) -> Fairness | None:
        pool = self._configuration.get_many(Pool, [pool_id]).get(pool_id) if pool_id else None
        return pool.fairness if pool else None
