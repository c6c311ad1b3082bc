"""Give an offer's claim back: by decline, expiry, undo, or because nothing could deliver it."""

from collections.abc import Callable

from baton.application.archive import Configuration
from baton.application.ports import Clock, Leads, Ledger
from baton.domain.change import Change
from baton.domain.claims import released
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.pool import Pool, Release


class ReleaseOffer:
    """One transaction: offer closed, caps and turn given back, lead free for the next recipient."""

    def __init__(self, leads: Leads, ledger: Ledger, configuration: Configuration, clock: Clock) -> None:
        self._leads = leads
        self._ledger = ledger
        self._configuration = configuration
        self._clock = clock

    def __call__(
        self, lead: Lead, offer: Offer, why: Release, also: Callable[[Change], Change] | None = None
    ) -> Change | None:
        """What became true. None: lead, offer or standings changed meanwhile and nothing was written; read again.

        `also`: adds what else is to be true at the same moment.
        """
        members = [(offer.queue, offer.recipient_id)] if offer.queue else []
        persons = [(offer.recipient_id, person) for person in offer.person]
        standings = self._ledger.standings(members, [offer.recipient_id], purchases=persons)
        pool = (
            self._configuration.get_many(Pool, [offer.pool_id]).get(offer.pool_id) if offer.pool_id else None
        )
        fairness = pool.fairness if pool else None
        change = released(lead, offer, why, fairness, standings, self._clock.now())
        change = also(change) if also else change
        return change if self._leads.commit(change) else None
