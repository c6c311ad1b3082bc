"""Workflow step Park: a lead that cannot be moved on waits for a person, and operations are told."""

from typing import Final

from baton.application.ports import Alerts, Clock, Leads
from baton.application.release_offer import ReleaseOffer
from baton.domain.change import parked
from baton.domain.errors import ClaimContention
from baton.domain.lead import MOVING, LeadState
from baton.domain.pool import Release

ATTEMPTS: Final = 8
_UNTOLD: Final = frozenset({LeadState.UNASSIGNED, LeadState.ASSIGNED, LeadState.DUPLICATE})
"""Where a lead may be that somebody should have been told of."""


class ParkLead:
    """Take a moving lead off its plan, give back an offer that nobody can answer, and say why."""

    def __init__(self, leads: Leads, release: ReleaseOffer, alerts: Alerts, clock: Clock) -> None:
        self._leads = leads
        self._release = release
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str, step: str, error: str) -> None:
        """Changes nothing about a lead that moves no more. Raises NotFound, ClaimContention."""
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state is LeadState.OFFERED:
                self._release(lead, self._leads.offer(lead_id, lead.offer_no), Release.UNDELIVERED)
                continue
            if lead.state is LeadState.DELIVERING:
                offer = self._leads.offer(lead_id, lead.offer_no)
                if offer.delivery is None or not offer.delivery.tries:
                    self._release(lead, offer, Release.UNDELIVERED)
                    continue
                # The buyer may have it: nobody else gets it. The sweep starts its workflow again, which asks once more.
                subject = "A lead may be with a buyer that was not heard of, and its workflow failed"
                self._alerts.alert(subject, lead_id=lead_id, step=step, error=error)
                return
            if lead.state in MOVING and not self._leads.commit(
                parked(lead, self._clock.now(), step=step, error=error)
            ):
                continue
            if lead.state in MOVING or lead.state in _UNTOLD:
                # An assigned or merged one comes here when its recipient could not be told of it. Told again when the
                # step is repeated: the first alert may have been lost.
                self._alerts.alert("A lead is stuck and was parked", lead_id=lead_id, step=step, error=error)
            return
        raise ClaimContention(lead_id)
