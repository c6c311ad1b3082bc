"""Quote a price for a lead that is not here yet: run the auction, or price by rule, and promise the outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from baton.application.score_lead import rated
from baton.application.sources import active_source, campaign_of
from baton.domain.asides import MAX_TIMEOUT_MS, with_ping
from baton.domain.decision import decide
from baton.domain.errors import ConfigurationBroken, IdempotencyConflict, InvalidSubmission, NotFound
from baton.domain.intake import lead_of
from baton.domain.lead import Lead, LeadState, facts_of
from baton.domain.ping_reader import PingReader
from baton.domain.plan import PublishedPlan
from baton.domain.pricing import NoPrice, after_auction, at_fixed_price, promised_bids, why_nobody
from baton.domain.promise import PingExchange, Promise, digests_of
from baton.domain.source_limits import check_limits, fits_budget
from baton.domain.vendor_errors import InvalidPing, PingExpired

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from baton.application.archive import Configuration
    from baton.application.hold_auction import HoldAuction
    from baton.application.ports import Clock, Leads, Ledger
    from baton.application.score_lead import Likelihoods
    from baton.application.situations import ReadSituation
    from baton.domain.auction import Auction
    from baton.domain.campaign import Campaign
    from baton.domain.dealings import Intake
    from baton.domain.exchange import Exchange
    from baton.domain.situation import Decision, Situation
    from baton.domain.source import Source

MAX_ROUNDS: Final = 5
"""Auctions of one ping: a plan may ask further buyers where the first bid too little."""
FIRST_OVERHEAD_MS: Final = 60.0
"""What storing a promise is taken to cost until it has been measured."""
ON_THE_WAY_MS: Final = 30
"""Between the vendor's side of the door and ours, there and back."""
REMEMBERED: Final = 20
"""Quotes whose own overhead counts: the worst of them is kept free."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer to a ping: a promise, or why there is none."""

    promise: Promise | None = None
    reason: NoPrice | None = None


@dataclass(slots=True)
class _Asked:
    """What came of asking buyers."""

    situation: Situation
    decision: Decision
    auctions: list[Auction]
    exchanges: list[Exchange]
    ended: datetime


class QuoteLead:
    """Price a ping as its lead will be sold.

    Of what the ping says digests are stored; what buyers were told of it, and answered, is kept for a while.
    """

    def __init__(
        self,
        leads: Leads,
        ledger: Ledger,
        configuration: Configuration,
        situation: ReadSituation,
        hold: HoldAuction,
        clock: Clock,
        new_id: Callable[[], str],
        likelihoods: Likelihoods,
    ) -> None:
        self._leads = leads
        self._likelihoods = likelihoods
        self._ledger = ledger
        self._configuration = configuration
        self._situation = situation
        self._hold = hold
        self._clock = clock
        self._new_id = new_id
        self._overheads_ms: list[float] = []

    def begins(self) -> datetime:
        """The present moment: from here on the vendor's time is counted."""
        return self._clock.now()

    def source(self, source_id: str) -> Source:
        """The source, if it takes leads. Raises NotFound, SourceInactive."""
        return active_source(self._configuration, source_id)

    def __call__(
        self,
        source_id: str,
        fields: Mapping[str, Any],
        *,
        begun: datetime,
        key: str | None = None,
    ) -> Quote:
        """The price, within the vendor's `timeout_ms` from `begun`. The same `key` and ping get the same answer.

        Its caller is known. Raises NotFound, SourceInactive, InvalidPing, SourceLimitReached, IdempotencyConflict,
        PingExpired, ConfigurationBroken, StoreUnavailable.
        """
        source = self.source(source_id)
        campaign = campaign_of(self._configuration, source)
        ping_id = _id_for(source.id, key) if key else self._new_id()
        lead, timeout_ms = self._lead(source, campaign, fields, ping_id)
        earlier = self._earlier(lead) if key else None
        if earlier:
            return earlier
        intake = self._intake(source, lead)
        if lead.state is LeadState.QUARANTINED:
            return Quote(reason=NoPrice.NO_BUYER)
        score, _ = rated(campaign, lead, source, self._likelihoods, facts_of(lead, lead.received_at))
        if not score.qualified:
            return Quote(reason=NoPrice.DISQUALIFIED)
        lead = self._on_its_plan(lead, campaign, score.points)
        asked = self._ask(lead, campaign, begun, timeout_ms)
        quote = self._priced(source, campaign, asked, intake)
        self._keep(asked, quote)
        if quote.promise is None:
            return quote
        quote = self._promised(quote.promise, lead)
        self._note_overhead(asked.ended)
        return quote

    def _lead(
        self, source: Source, campaign: Campaign, fields: Mapping[str, Any], ping_id: str
    ) -> tuple[Lead, int]:
        """The lead as far as the ping tells of it, and how long its vendor waits."""
        reader = PingReader()
        asides = with_ping(fields, reader)
        now = self._clock.now()
        try:
            lead = lead_of(
                source,
                campaign,
                asides.fields,
                lead_id=ping_id,
                now=now,
                test=asides.test,
                reader=reader,
                complete=False,
            )
        except InvalidSubmission as error:
            raise InvalidPing(error.errors) from error
        return lead, asides.timeout_ms or MAX_TIMEOUT_MS

    def _earlier(self, lead: Lead) -> Quote | None:
        """The answer that this ping got before."""
        try:
            promise = self._leads.promise(lead.lead_id)
        except NotFound:
            return None
        if promise.digests != digests_of(lead.lead_id, lead) or promise.test != lead.test:
            message = "this Idempotency-Key was used before with another ping"
            raise IdempotencyConflict(message)
        if self._clock.now() >= promise.good_until:
            message = "the price of this ping is no longer good; ask again with another Idempotency-Key"
            raise PingExpired(message)
        return Quote(promise)

    def _intake(self, source: Source, lead: Lead) -> Intake | None:
        """What the source has sent and got, where it has limits. Raises SourceLimitReached."""
        if lead.test or not source.limits.are_daily:
            return None
        intake = self._ledger.standings([], [], intakes=[source.id]).intake(source.id)
        check_limits(source.limits, intake, 0, lead.received_at)
        return intake

    def _on_its_plan(self, lead: Lead, campaign: Campaign, points: int) -> Lead:
        """The lead as it will be once it is scored."""
        try:
            version = self._configuration.get(PublishedPlan, campaign.plan_id).version
        except NotFound as error:
            raise ConfigurationBroken(str(error)) from error
        facts = {"plan_id": campaign.plan_id, "plan_version": version, "score": points}
        return lead.model_copy(update={"state": LeadState.SCORED, **facts})

    def _ask(self, lead: Lead, campaign: Campaign, begun: datetime, timeout_ms: int) -> _Asked:
        """Walk the plan and hold its auctions, as long as there is time."""
        situation = replace(self._situation(lead, lead.received_at), ping=True)
        auctions: list[Auction] = []
        exchanges: list[Exchange] = []
        reserve_ms = ON_THE_WAY_MS + max(self._overheads_ms, default=FIRST_OVERHEAD_MS)
        decision = decide(situation)
        while decision.auction is not None and len(auctions) < MAX_ROUNDS:
            spent_ms = (self._clock.now() - begun).total_seconds() * 1000
            left_ms = max(1, round(timeout_ms - spent_ms - reserve_ms))
            held = self._hold(situation, decision.auction, campaign, decision.trace, deadline_ms=left_ms)
            auctions.append(held.auction)
            exchanges.extend(held.exchanges)
            situation = after_auction(situation, held.auction)
            decision = decide(situation)
        return _Asked(situation, decision, auctions, exchanges, self._clock.now())

    def _priced(self, source: Source, campaign: Campaign, asked: _Asked, intake: Intake | None) -> Quote:
        situation, choice = asked.situation, asked.decision.choice
        if choice is None or choice.price_cents is None:
            return Quote(reason=why_nobody(situation.plan, asked.auctions))
        auction = situation.auction
        if auction is None or auction.stage != choice.stage:
            auction = at_fixed_price(situation, choice, asked.decision.trace)
            situation = after_auction(situation, auction)
        bids = promised_bids(situation, source.payout)
        if not bids:
            return Quote(reason=NoPrice.NO_BUYER)
        price_cents = sum(bid.price_cents for bid in bids)
        if price_cents < source.limits.min_price_cents:
            return Quote(reason=NoPrice.BELOW_MINIMUM)
        if intake and not fits_budget(source.limits, intake, price_cents, situation.now):
            return Quote(reason=NoPrice.OVER_BUDGET)
        lead = situation.lead
        promise = Promise(
            ping_id=lead.lead_id,
            source_id=source.id,
            campaign_id=campaign.id,
            plan_id=situation.plan.id,
            plan_version=situation.plan.version,
            test=lead.test,
            made_at=situation.now,
            good_until=auction.good_until,
            digests=digests_of(lead.lead_id, lead),
            auction=auction.model_copy(update={"promised": True}),
            bids=bids,
            price_cents=price_cents,
            currency=campaign.currency,
        )
        return Quote(promise)

    def _keep(self, asked: _Asked, quote: Quote) -> None:
        """What buyers said is kept before anything is promised, and also where nothing is: that may be disputed."""
        good_until = quote.promise.good_until if quote.promise else asked.ended
        self._leads.keep([PingExchange.of(one, good_until) for one in asked.exchanges])

    def _promised(self, promise: Promise, lead: Lead) -> Quote:
        """The promise, once it is stored. Of equal pings at once, one promise counts for all."""
        if self._leads.promised(promise):
            return Quote(promise)
        return self._earlier(lead) or Quote(promise)

    def _note_overhead(self, since: datetime) -> None:
        took_ms = (self._clock.now() - since).total_seconds() * 1000
        self._overheads_ms = [*self._overheads_ms[1 - REMEMBERED :], took_ms]


def _id_for(source_id: str, key: str) -> str:
    """The ping id that belongs to an Idempotency-Key; another one than that of a lead with the same key."""
    return sha256(f"ping\n{source_id}\n{key}".encode()).hexdigest()[:32]
