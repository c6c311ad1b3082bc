"""Try a buyer: send a marked test ping, and a test post, and show what was said and how it was read.

Nobody's lead is sold: nothing is claimed, charged or kept, and a failure rests nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baton.application.call_buyers import Call
from baton.domain.campaign import Campaign
from baton.domain.claims import webhook_id
from baton.domain.disclosure import ping_facts, ping_id_of, post_facts
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange, Purpose
from baton.domain.intake import lead_of
from baton.domain.lead import Lead, facts_of
from baton.domain.made_up import made_up_fields, pingable_of
from baton.domain.offer import Delivery, Offer, OfferState
from baton.domain.reading import Reading, Verdict
from baton.domain.recipient import Recipient
from baton.domain.scoring import rate
from baton.domain.source import Source
from baton.domain.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from baton.application.archive import Archive
    from baton.application.call_buyers import CallBuyers, Called
    from baton.application.ports import Clock
    from baton.domain.buyer import Buyer
    from baton.domain.endpoint import Endpoint

ALL_MS: Final = 25_000
"""For ping and post together: whoever asked hears nothing after 29 seconds."""
PING_MS: Final = 8_000
"""For a ping that a post follows: so the post has most of the time."""
MARK: Final = "baton-test"
"""The header that says of every request that it is a test, also where the buyer's mapping does not."""
NAME: Final = "test"
"""Of the source, and of the campaign where none is named, that the buyer hears of."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be tried."""

    post: bool = False
    """Whether a lead is posted too."""
    campaign_id: str | None = None
    """Whose fields and currency count. None: as if a campaign marked all fields as pingable that it may."""
    fields: Mapping[str, Any] | None = None
    """What a form would send: it takes the place of what is made up, and is masked."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One request, and what came of it."""

    purpose: Purpose
    called: Called | None = None
    """None: the buyer has no such endpoint."""
    why_not: str | None = None
    """Why nothing was sent."""
    notes: tuple[str, ...] = ()
    """What a person should know of it."""
    kept: Exchange | None = None
    """What was sent and answered, masked."""

    @property
    def reading(self) -> Reading | None:
        """How the answer was read; None where nothing was sent."""
        return self.called.reading if self.called and self.why_not is None else None


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of trying a buyer."""

    recipient_id: str
    lead_id: str
    """What the buyer was told as the lead's id; there is no such lead."""
    made_up: bool
    """Whether the person was nobody, and so is not masked."""
    probes: tuple[Probe, ...]


class TryBuyer:
    """Call a buyer's endpoints as an auction and a delivery would, whatever its status."""

    def __init__(
        self, archive: Archive, call: CallBuyers, clock: Clock, new_lead_id: Callable[[], str]
    ) -> None:
        self._archive = archive
        self._call = call
        self._clock = clock
        self._new_lead_id = new_lead_id

    def __call__(self, recipient_id: str, trial: Trial) -> Probed:
        """Raises NotFound for whoever is no buyer, and for a campaign; InvalidSubmission; StoreUnavailable."""
        recipient, buyer = self._buyer(recipient_id)
        begun = self._clock.now()
        lead, campaign = self._lead(buyer, trial, begun)
        made_up = not trial.fields
        ping = self._ping(recipient, lead, campaign, PING_MS if trial.post else ALL_MS, made_up=made_up)
        probes = [ping]
        if trial.post:
            spent_ms = round((self._clock.now() - begun).total_seconds() * 1000)
            offer = _offer(recipient, lead, ping, begun)
            left_ms = ALL_MS - spent_ms
            probes.append(self._post(recipient, lead, offer, campaign, left_ms, made_up=made_up))
        return Probed(recipient.id, lead.lead_id, made_up, tuple(probes))

    def _buyer(self, recipient_id: str) -> tuple[Recipient, Buyer]:
        """As they are now: whoever has just mended an endpoint tries the mended one."""
        stored = self._archive.find(Recipient, recipient_id)
        if stored is None or stored.document.buyer is None:
            kind = "buyer"
            raise NotFound(kind, recipient_id)
        return stored.document, stored.document.buyer

    def _lead(self, buyer: Buyer, trial: Trial, now: datetime) -> tuple[Lead, Campaign]:
        """A lead that does not exist, scored, and the campaign that it is for."""
        campaign = self._campaign(trial.campaign_id)
        endpoints = [endpoint for endpoint in (buyer.ping, buyer.post) if endpoint]
        fields = {**made_up_fields(campaign, endpoints, now), **(trial.fields or {})}
        source = Source(id=NAME, name=NAME, campaign_id=campaign.id, test=True)
        lead = lead_of(
            source, campaign, fields, lead_id=self._new_lead_id(), now=now, test=True, complete=False
        )
        score = rate(campaign.scoring, facts_of(lead, now))
        lead = lead.model_copy(update={"score": score.points, "auctions": 1})
        if trial.campaign_id is None:
            campaign = campaign.model_copy(update={"pingable": pingable_of(lead)})
        return lead, campaign

    def _campaign(self, campaign_id: str | None) -> Campaign:
        if campaign_id is None:
            return Campaign(id=NAME, name=NAME, plan_id=NAME)
        stored = self._archive.find(Campaign, campaign_id)
        if stored is None:
            raise NotFound(Campaign.kind, campaign_id)
        return stored.document

    def _ping(
        self, recipient: Recipient, lead: Lead, campaign: Campaign, within_ms: int, *, made_up: bool
    ) -> Probe:
        buyer = recipient.buyer
        if buyer is None or buyer.ping is None:
            return Probe(
                Purpose.PING, why_not="the buyer has no endpoint for pings, and takes its fixed price"
            )
        ping_id = ping_id_of(lead.lead_id, lead.auctions)
        facts = ping_facts(lead, campaign, ping_id=ping_id, hashes=buyer.hashes, now=lead.received_at)
        call = Call(
            recipient, _marked(buyer.ping), Purpose.PING, facts, f"ping_{ping_id}_{recipient.id}", made_up
        )
        called = self._call.one(call, lead, min(within_ms, buyer.ping.timeout_ms))
        notes = _notes(called)
        if called.reading.verdict is Verdict.ACCEPTED and called.reading.price_cents is None:
            notes += ("no price can be read in the answer: an auction takes it for no bid",)
        if buyer.price_cents is not None:
            notes += ("the buyer has a fixed price: auctions do not ping it",)
        return Probe(Purpose.PING, called, _why_not(called), notes, self._call.kept(called, lead))

    def _post(
        self,
        recipient: Recipient,
        lead: Lead,
        offer: Offer,
        campaign: Campaign,
        within_ms: int,
        *,
        made_up: bool,
    ) -> Probe:
        endpoint = recipient.buyer.post if recipient.buyer else None
        if endpoint is None or offer.delivery is None:
            why_not = "the buyer has no endpoint for posts: leads go to its email address"
            return Probe(Purpose.POST, why_not=why_not)
        facts = post_facts(lead, offer, lead.received_at, campaign)
        call = Call(recipient, _marked(endpoint), Purpose.POST, facts, offer.delivery.webhook_id, made_up)
        called = self._call.one(call, lead, min(within_ms, endpoint.timeout_ms))
        notes = _notes(called)
        if called.may_have_arrived and called.reading.verdict is Verdict.UNCLEAR:
            notes += ("a real lead would be held, and posted again with the same webhook-id",)
        return Probe(Purpose.POST, called, _why_not(called), notes, self._call.kept(called, lead))


def _marked(endpoint: Endpoint) -> Endpoint:
    return endpoint.model_copy(update={"headers": {**endpoint.headers, MARK: "true"}})


def _why_not(called: Called) -> str | None:
    """Why the request has certainly not reached the buyer; None where it may have."""
    answer = called.answer
    if answer is None:
        return called.why
    return None if answer.may_have_arrived else f"{answer.trouble}: {answer.detail}"


def _notes(called: Called) -> tuple[str, ...]:
    endpoint, answer = called.call.endpoint, called.answer
    notes: tuple[str, ...] = ()
    if not any(one.field == "test" for one in (*endpoint.fields, *endpoint.query)):
        notes += (
            f"no field of the request is mapped from 'test': only its header {MARK} says that it is one",
        )
    if answer and not answer.trouble and called.reading.verdict is Verdict.UNCLEAR:
        notes += ("the reader finds neither a yes nor a no in the answer",)
    return notes


def _offer(recipient: Recipient, lead: Lead, ping: Probe, now: datetime) -> Offer:
    """The sale as the buyer hears of it: at what it bid, or at its fixed price."""
    buyer, reading = recipient.buyer, ping.reading
    assert buyer is not None
    bid_cents = reading.price_cents if reading else None
    return Offer(
        lead_id=lead.lead_id,
        no=1,
        recipient_id=recipient.id,
        stage=0,
        stage_name=NAME,
        state=OfferState.PENDING,
        made_at=now,
        trace=Trace(plan_id=NAME, plan_version=1, attempt=0, stages=()),
        price_cents=bid_cents if buyer.price_cents is None else buyer.price_cents,
        currency=buyer.billing.currency,
        bid_reference=reading.reference if reading else None,
        delivery=Delivery(webhook_id=webhook_id(lead.lead_id, recipient.id)),
    )
