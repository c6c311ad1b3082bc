"""Workflow step Route: give a lead to the next recipient of its plan, or say that the plan is exhausted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from baton.application.archive import Configuration
from baton.application.entrust_lead import EntrustLead
from baton.application.ports import Alerts, Clock, Leads, Ledger
from baton.application.release_offer import ReleaseOffer
from baton.application.situations import ReadSituation
from baton.domain.change import Change
from baton.domain.claims import claim
from baton.domain.decision import decide
from baton.domain.errors import ClaimContention
from baton.domain.lead import Lead, LeadState
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Release
from baton.domain.reassignment import by_hand, may_be_chosen
from baton.domain.recipient import Recipient
from baton.domain.situation import Decision
from baton.domain.standing import Standings
from baton.domain.timeline import EventKind

MAX_ATTEMPTS: Final = 8
"""Lost races before the workflow's own, slower retry takes over. Each attempt spreads over more members."""


class Next(StrEnum):
    """What the workflow has to do after a routing."""

    OFFER = "offer"
    NOTIFY = "notify"
    AUCTION = "auction"
    DELIVER = "deliver"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a lead went."""

    lead: Lead
    next: Next
    wait_s: int = 0
    """How long to wait for the answer, in seconds, from now."""
    attempts: int = 0
    """Claims that were tried; more than one where others claimed the same members at the same moment."""


class RouteLead:
    """Load, decide, claim. Whoever loses the race for a claim reads again and decides again."""

    def __init__(
        self,
        leads: Leads,
        ledger: Ledger,
        configuration: Configuration,
        release: ReleaseOffer,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._ledger = ledger
        self._configuration = configuration
        self._situation = ReadSituation(leads, ledger, configuration)
        self._entrust = EntrustLead(configuration)
        self._release = release
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str) -> Routed:
        """Raises NotFound; ConfigurationBroken; ClaimContention after MAX_ATTEMPTS lost races."""
        for attempt in range(MAX_ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state is LeadState.OFFERED:
                standing = self._standing_offer(lead)
                if standing:
                    return standing
                lead = self._leads.get(lead_id)
                if lead.state is LeadState.OFFERED:
                    continue
            if lead.state is LeadState.DELIVERING:
                return Routed(lead, Next.DELIVER)
            if lead.state is not LeadState.SCORED:
                return self._settled(lead)
            now = self._clock.now()
            decision, standings = self._decided(lead, now, attempt)
            if decision.auction is not None:
                return Routed(lead, Next.AUCTION)
            change = claim(lead, decision, standings, now)
            change = self._entrust(change, now)
            if self._leads.commit(change):
                return self._routed(change, attempt + 1)
        raise ClaimContention(lead_id)

    def _decided(self, lead: Lead, now: datetime, attempt: int) -> tuple[Decision, Standings]:
        """Who gets the lead: whom a person chose for it, or whom its plan has. And what that was decided on."""
        if lead.meant_for is not None:
            found = self._configuration.get_many(Recipient, [lead.meant_for]).get(lead.meant_for)
            # One who was switched off meanwhile is passed over: the lead goes its way.
            if found and may_be_chosen(found):
                return by_hand(lead, found), self._ledger.standings([], [found.id])
        situation = self._situation(lead, now, attempt)
        return decide(situation), situation.standings

    def _standing_offer(self, lead: Lead) -> Routed | None:
        """Wait on for an offer that is still open; release one that has expired (None: decide anew)."""
        offer, now = self._leads.offer(lead.lead_id, lead.offer_no), self._clock.now()
        left = seconds_left(offer, now)
        if left > 0:
            return Routed(lead, Next.OFFER, wait_s=left)
        if offer.state is OfferState.PENDING:
            self._release(lead, offer, Release.EXPIRED)
        return None

    def _settled(self, lead: Lead) -> Routed:
        """A lead that needs no routing: what a repeated step finds. An alert may have been lost with the first."""
        if lead.state is LeadState.UNASSIGNED:
            self._tell(lead)
        if (
            lead.state is LeadState.ASSIGNED
            and self._leads.offer(lead.lead_id, lead.offer_no).expires_at is None
        ):
            return Routed(lead, Next.NOTIFY)
        return Routed(lead, Next.STOP)

    def _routed(self, change: Change, attempts: int) -> Routed:
        if change.event.kind is EventKind.LEAD_UNASSIGNED:
            self._tell(change.lead)
            return Routed(change.lead, Next.STOP, attempts=attempts)
        offer = change.offer
        if change.lead.state is LeadState.SOLD:
            return Routed(change.lead, Next.STOP, attempts=attempts)
        if change.lead.state is LeadState.DELIVERING:
            return Routed(change.lead, Next.DELIVER, attempts=attempts)
        if offer is None or offer.expires_at is None:
            return Routed(change.lead, Next.NOTIFY, attempts=attempts)
        return Routed(
            change.lead, Next.OFFER, wait_s=max(1, seconds_left(offer, self._clock.now())), attempts=attempts
        )

    def _tell(self, lead: Lead) -> None:
        subject = "A lead has no taker: its plan is exhausted"
        self._alerts.alert(subject, lead_id=lead.lead_id, campaign_id=lead.campaign_id)


def seconds_left(offer: Offer, now: datetime) -> int:
    """Whole seconds, rounded up, in which a pending offer can still be answered; 0 when there are none."""
    if offer.state is not OfferState.PENDING or offer.expires_at is None:
        return 0
    return max(0, -int(-(offer.expires_at - now).total_seconds() // 1))
