"""Workflow step Deliver: post a lead to the buyer that is to have it, and say what came of it.

No answer, or a broken one, after the request may have left means UNKNOWN: the lead is held, and the same post is
repeated with the same id until the buyer says yes or no, or until the plan says what the silence means.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from baton.application.post_lead import Said
from baton.domain.campaign import Campaign
from baton.domain.change import unclear
from baton.domain.errors import ClaimContention, NotFound, NotificationFailed
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.plan import Plan
from baton.domain.pool import Release
from baton.domain.reading import Reading, Verdict
from baton.domain.recipient import Recipient
from baton.domain.sales import Deal, sold
from baton.domain.source import Source
from baton.domain.terms import DeliveryTerms

if TYPE_CHECKING:
    from datetime import datetime

    from baton.application.archive import Configuration
    from baton.application.ports import Alerts, Clock, Leads, Ledger
    from baton.application.post_lead import PostLead
    from baton.application.release_offer import ReleaseOffer
    from baton.domain.lead import Lead
    from baton.domain.offer import Delivery, Offer

ATTEMPTS: Final = 8
AGAIN_AFTER_S: Final = (5, 15, 60, 300, 900, 1800, 3600)
"""How long to wait before each repetition; the last holds for all that follow."""


class Then(StrEnum):
    """What the workflow does after a delivery."""

    STOP = "stop"
    ROUTE = "route"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Delivered:
    """How the lead stands."""

    lead: Lead
    then: Then
    wait_s: int = 0


class DeliverLead:
    """Count the try, post, write down what the buyer says. One run at a time: see `Delivery.busy_until`."""

    def __init__(
        self,
        leads: Leads,
        ledger: Ledger,
        configuration: Configuration,
        post: PostLead,
        release: ReleaseOffer,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._ledger = ledger
        self._configuration = configuration
        self._post = post
        self._release = release
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str) -> Delivered:
        """Raises NotFound; ClaimContention, where others wrote the lead's rows meanwhile."""
        lead = self._leads.get(lead_id)
        if lead.state is not LeadState.DELIVERING:
            return _standing(lead)
        offer, now = self._leads.offer(lead_id, lead.offer_no), self._clock.now()
        delivery = offer.delivery
        if delivery is None or offer.state is not OfferState.PENDING:
            raise ClaimContention(lead_id)
        if delivery.taken_at:
            return self._sold(lead, offer, Reading(Verdict.ACCEPTED, reference=delivery.reference))
        if until := delivery.not_before(now):
            return Delivered(lead, Then.WAIT, _seconds(until, now))
        recipient, campaign = self._recipient(offer), self._campaign(lead)
        if recipient is None and not delivery.tries:
            return self._freed(lead, offer, Release.UNDELIVERED, Reading(Verdict.UNCLEAR, reason=DELETED))
        tried = offer.noted(delivery=delivery.tried(now))
        if not self._leads.note(tried):
            raise ClaimContention(lead_id)
        said = (
            self._post(lead, tried, recipient, campaign)
            if recipient
            else Said(Reading(Verdict.UNCLEAR, reason=DELETED))
        )
        try:
            return self._settled(lead, tried, said)
        finally:
            # Last: what the buyer said is written down before what is kept of it.
            self._post.keep(lead, said)

    def _settled(self, lead: Lead, offer: Offer, said: Said) -> Delivered:
        reading = said.reading
        if reading.verdict is Verdict.ACCEPTED:
            return self._sold(lead, self._taken(offer, reading), reading)
        if reading.verdict is Verdict.REJECTED:
            return self._freed(lead, offer, Release.DECLINED, reading)
        if said.certainly_not:
            return self._freed(lead, offer, Release.UNDELIVERED, reading)
        return self._unknown(lead, offer, said)

    def _taken(self, offer: Offer, reading: Reading) -> Offer:
        """The offer with the buyer's yes on it: should the sale not be written now, nobody asks the buyer again."""
        delivery = _delivery(offer)
        noted = offer.noted(delivery=delivery.taken(reading.reference, self._clock.now()))
        return noted if self._leads.note(noted) else offer

    def _sold(self, lead: Lead, offer: Offer, reading: Reading, why: str | None = None) -> Delivered:
        """The buyer has the lead. Nothing is written where the lead is on its way to another buyer by now."""
        if reading.price_cents is not None and reading.price_cents != offer.price_cents:
            why = f"said a price of {reading.price_cents} cents afterwards"
        for _ in range(ATTEMPTS):
            delivery = _delivery(offer).settled(reading.reference, why)
            standings = self._ledger.standings([], [offer.recipient_id], intakes=[lead.source_id])
            source = self._configuration.get_many(Source, [lead.source_id]).get(lead.source_id)
            change = sold(Deal(lead, offer, source), delivery, standings, self._clock.now())
            if self._leads.commit(change):
                return _standing(change.lead)
            lead, again = self._leads.get(lead.lead_id), self._leads.offer(lead.lead_id, offer.no)
            if again.state is OfferState.ACCEPTED:
                return _standing(lead)
            if not _is_under_way(lead, again):
                self._tell(
                    "A buyer took a lead that it is not offered any more: settle it by hand", lead, offer
                )
                return _standing(lead)
            offer = again
        raise ClaimContention(lead.lead_id)

    def _freed(self, lead: Lead, offer: Offer, why: Release, reading: Reading) -> Delivered:
        """The buyer does not have the lead: what was claimed goes back, and the next is asked.

        Nothing is written where another run has tried again since: what it finds out holds.
        """
        tries = _delivery(offer).tries
        for _ in range(ATTEMPTS):
            settled = _delivery(offer).settled(reading.reference, reading.reason)
            change = self._release(lead, offer.model_copy(update={"delivery": settled}), why)
            if change:
                return _standing(change.lead)
            lead, again = self._leads.get(lead.lead_id), self._leads.offer(lead.lead_id, offer.no)
            if not _is_under_way(lead, again) or _delivery(again).tries != tries or _delivery(again).taken_at:
                return _standing(lead)
            offer = again
        raise ClaimContention(lead.lead_id)

    def _unknown(self, lead: Lead, offer: Offer, said: Said) -> Delivered:
        """The buyer may have the lead: it is held and asked about again, until the plan says what the silence means."""
        delivery, now, reading = _delivery(offer), self._clock.now(), said.reading
        terms = self._terms(lead, offer)
        over_at = (delivery.first_at or now) + timedelta(seconds=terms.unknown_after_s)
        if now >= over_at:
            if terms.unknown_counts_as == "sold" and not said.by_mail:
                yes = Reading(Verdict.ACCEPTED)
                return self._sold(lead, offer, yes, "never answered: the plan counts it as sold")
            no = Reading(Verdict.UNCLEAR, reason="never answered: the lead goes on")
            return self._freed(lead, offer, Release.UNDELIVERED, no)
        wait_s = AGAIN_AFTER_S[min(delivery.tries, len(AGAIN_AFTER_S)) - 1]
        next_at = min(now + timedelta(seconds=wait_s), over_at)
        change = unclear(lead, offer.noted(delivery=delivery.waiting(next_at, reading.reason)), next_at, now)
        if not self._leads.commit(change):
            raise ClaimContention(lead.lead_id)
        if delivery.tries == 1:
            self._tell("A buyer did not say whether it took a lead; it is asked again", lead, offer)
        return Delivered(change.lead, Then.WAIT, _seconds(next_at, now))

    def _tell(self, subject: str, lead: Lead, offer: Offer) -> None:
        with suppress(NotificationFailed):
            self._alerts.alert(subject, lead_id=lead.lead_id, recipient_id=offer.recipient_id)

    def _recipient(self, offer: Offer) -> Recipient | None:
        found = self._configuration.get_many(Recipient, [offer.recipient_id]).get(offer.recipient_id)
        return found if found and found.buyer else None

    def _campaign(self, lead: Lead) -> Campaign | None:
        return self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)

    def _terms(self, lead: Lead, offer: Offer) -> DeliveryTerms:
        """The terms of the stage that sold the lead, of the plan version that the lead follows."""
        try:
            plan = self._configuration.get(Plan, Plan.key_of(lead.plan_id or "", lead.plan_version or 0))
        except NotFound:
            return DeliveryTerms()
        return plan.stages[offer.stage].delivery if offer.stage < len(plan.stages) else DeliveryTerms()


DELETED: Final = "the buyer was deleted"


def _delivery(offer: Offer) -> Delivery:
    assert offer.delivery is not None
    return offer.delivery


def _is_under_way(lead: Lead, offer: Offer) -> bool:
    """Whether the lead is still being delivered on that offer."""
    current = lead.state is LeadState.DELIVERING and lead.offer_no == offer.no
    return current and offer.state is OfferState.PENDING


def _standing(lead: Lead) -> Delivered:
    """What a lead needs next that is not this delivery's any more."""
    on_the_way = lead.state in {LeadState.SCORED, LeadState.DELIVERING}
    return Delivered(lead, Then.ROUTE if on_the_way else Then.STOP)


def _seconds(until: datetime, now: datetime) -> int:
    return max(1, -int(-(until - now).total_seconds() // 1))
