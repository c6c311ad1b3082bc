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

from baton.application.call_buyers import Call
from baton.domain.change import unclear
from baton.domain.disclosure import post_facts
from baton.domain.errors import ClaimContention, NotFound, NotificationFailed
from baton.domain.exchange import Purpose
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

    from baton.application.call_buyers import CallBuyers
    from baton.application.mail_lead import MailLead
    from baton.application.ports import Alerts, Clock, Configuration, Leads, Ledger
    from baton.application.release_offer import ReleaseOffer
    from baton.domain.lead import Lead
    from baton.domain.offer import Offer

ATTEMPTS: Final = 8
AGAIN_AFTER_S: Final = (5, 15, 60, 300, 900, 1800, 3600)
"""How long to wait before each repetition; the last holds for all that follow."""

WITHIN_MS: Final = {Purpose.STATUS: 7_000, Purpose.POST: 22_000}
"""When the answers have to be there, counted from the first call: the step itself has 28 seconds."""


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
    """Count the try, post, read the answer, write down what it means."""

    def __init__(
        self,
        leads: Leads,
        ledger: Ledger,
        configuration: Configuration,
        call: CallBuyers,
        mail: MailLead,
        release: ReleaseOffer,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._ledger = ledger
        self._configuration = configuration
        self._call = call
        self._mail = mail
        self._release = release
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str) -> Delivered:
        """Raises NotFound; NotificationFailed where mail cannot be handed over now; ClaimContention."""
        lead = self._leads.get(lead_id)
        if lead.state is not LeadState.DELIVERING:
            return _standing(lead)
        offer = self._leads.offer(lead_id, lead.offer_no)
        now = self._clock.now()
        delivery = offer.delivery
        if delivery is None or offer.state is not OfferState.PENDING:
            raise ClaimContention(lead_id)
        if delivery.next_at and now < delivery.next_at:
            return Delivered(lead, Then.WAIT, _seconds(delivery.next_at, now))
        recipient = self._recipient(offer)
        if recipient is None:
            return self._over(lead, offer, "the buyer was deleted")
        noted = offer.noted(delivery=delivery.tried(now))
        if not self._leads.note(noted):
            raise ClaimContention(lead_id)
        reading, certain = self._posted(lead, noted, recipient)
        return self._settled(lead, noted, reading, certain=certain)

    def _posted(self, lead: Lead, offer: Offer, recipient: Recipient) -> tuple[Reading, bool]:
        """What the buyer says, and whether it is certain that it has not got the lead."""
        buyer, delivery = recipient.buyer, offer.delivery
        assert buyer is not None
        assert delivery is not None
        repeated = delivery.tries > 1
        facts = post_facts(lead, offer, self._clock.now())
        if buyer.post is None:
            taken = self._mail(lead, offer, recipient)
            return Reading(
                Verdict.ACCEPTED if taken else Verdict.REJECTED, reason=None if taken else "mail refused"
            ), True
        calls = [Call(recipient, buyer.post, Purpose.POST, facts, delivery.webhook_id)]
        if repeated and buyer.status_check:
            calls.insert(0, Call(recipient, buyer.status_check, Purpose.STATUS, facts, delivery.webhook_id))
        reading, certain = Reading(Verdict.UNCLEAR), False
        begun = self._clock.now()
        for call in calls:
            spent_ms = round((self._clock.now() - begun).total_seconds() * 1000)
            called = self._call.one(
                call, lead, min(call.endpoint.timeout_ms, WITHIN_MS[call.purpose] - spent_ms)
            )
            if kept := self._call.kept(called, lead):
                self._leads.keep([kept])
            reading = called.reading
            if called.answer is None:
                reading = Reading(Verdict.UNCLEAR, reason=called.why)
            # Of a post that went out before, a connection that fails now says nothing.
            certain = not called.may_have_arrived and not repeated
            if reading.verdict is not Verdict.UNCLEAR:
                return reading, True
        return reading, certain

    def _settled(self, lead: Lead, offer: Offer, reading: Reading, *, certain: bool) -> Delivered:
        if reading.verdict is Verdict.ACCEPTED:
            return self._sold(lead, offer, reading)
        if reading.verdict is Verdict.REJECTED:
            return self._freed(lead, offer, Release.DECLINED, reading)
        if certain:
            return self._freed(lead, offer, Release.UNDELIVERED, reading)
        return self._unknown(lead, offer, reading)

    def _sold(self, lead: Lead, offer: Offer, reading: Reading, why: str | None = None) -> Delivered:
        """Written until it is written: the buyer has the lead."""
        assert offer.delivery is not None
        delivery = offer.delivery.settled(reading.reference, why)
        if reading.price_cents is not None and reading.price_cents != offer.price_cents:
            delivery = delivery.settled(
                reading.reference, f"said a price of {reading.price_cents} cents afterwards"
            )
        for _ in range(ATTEMPTS):
            standings = self._ledger.standings([], [offer.recipient_id], intakes=[lead.source_id])
            source = self._configuration.get_many(Source, [lead.source_id]).get(lead.source_id)
            change = sold(Deal(lead, offer, source), delivery, standings, self._clock.now())
            if self._leads.commit(change):
                return _standing(change.lead)
            lead = self._leads.get(lead.lead_id)
            if lead.state is not LeadState.DELIVERING:
                return _standing(lead)
            offer = self._leads.offer(lead.lead_id, lead.offer_no)
        raise ClaimContention(lead.lead_id)

    def _freed(self, lead: Lead, offer: Offer, why: Release, reading: Reading) -> Delivered:
        """The buyer does not have the lead: what was claimed goes back, and the next is asked."""
        assert offer.delivery is not None
        for _ in range(ATTEMPTS):
            refused = offer.model_copy(
                update={"delivery": offer.delivery.settled(reading.reference, reading.reason)}
            )
            change = self._release(lead, refused, why)
            if change:
                return _standing(change.lead)
            lead = self._leads.get(lead.lead_id)
            if lead.state is not LeadState.DELIVERING:
                return _standing(lead)
            offer = self._leads.offer(lead.lead_id, lead.offer_no)
            assert offer.delivery is not None
        raise ClaimContention(lead.lead_id)

    def _unknown(self, lead: Lead, offer: Offer, reading: Reading) -> Delivered:
        """The buyer may have the lead: it is held and asked about again."""
        delivery, now = offer.delivery, self._clock.now()
        assert delivery is not None
        assert delivery.first_at is not None
        terms = self._terms(lead, offer)
        over_at = delivery.first_at + timedelta(seconds=terms.unknown_after_s)
        if now >= over_at:
            if terms.unknown_counts_as == "sold":
                return self._sold(
                    lead, offer, Reading(Verdict.ACCEPTED), "never answered: the plan counts it as sold"
                )
            return self._over(lead, offer, "never answered: the plan lets the lead go on")
        wait_s = AGAIN_AFTER_S[min(delivery.tries, len(AGAIN_AFTER_S)) - 1]
        next_at = min(now + timedelta(seconds=wait_s), over_at)
        waiting = offer.noted(delivery=delivery.waiting(next_at, reading.reason))
        change = unclear(lead, waiting, next_at, now)
        if not self._leads.commit(change):
            raise ClaimContention(lead.lead_id)
        if delivery.tries == 1:
            with suppress(NotificationFailed):
                self._alerts.alert(
                    "A buyer did not say whether it took a lead; it is asked again",
                    lead_id=lead.lead_id,
                    recipient_id=offer.recipient_id,
                )
        return Delivered(change.lead, Then.WAIT, _seconds(next_at, now))

    def _over(self, lead: Lead, offer: Offer, why: str) -> Delivered:
        return self._freed(lead, offer, Release.UNDELIVERED, Reading(Verdict.UNCLEAR, reason=why))

    def _recipient(self, offer: Offer) -> Recipient | None:
        found = self._configuration.get_many(Recipient, [offer.recipient_id]).get(offer.recipient_id)
        return found if found and found.buyer else None

    def _terms(self, lead: Lead, offer: Offer) -> DeliveryTerms:
        """The terms of the stage that sold the lead, of the plan version that the lead follows."""
        try:
            plan = self._configuration.get(Plan, Plan.key_of(lead.plan_id or "", lead.plan_version or 0))
        except NotFound:
            return DeliveryTerms()
        return plan.stages[offer.stage].delivery if offer.stage < len(plan.stages) else DeliveryTerms()


def _standing(lead: Lead) -> Delivered:
    """What a lead that is not being delivered needs next."""
    return Delivered(lead, Then.ROUTE if lead.state is LeadState.SCORED else Then.STOP)


def _seconds(until: datetime, now: datetime) -> int:
    return max(1, -int(-(until - now).total_seconds() // 1))
