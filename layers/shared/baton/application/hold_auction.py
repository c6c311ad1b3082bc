"""Ask the buyers of a ping-post stage for bids, all at once, and rank what they answer by the deadline."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from baton.application.call_buyers import Call, missing_answer
from baton.application.outgoing import Trouble
from baton.domain.auction import Auction, Bid
from baton.domain.bidding import bidders, in_order
from baton.domain.disclosure import ping_facts, ping_id_of
from baton.domain.errors import NotificationFailed, StoreUnavailable
from baton.domain.exchange import Exchange, Purpose
from baton.domain.reading import Verdict
from baton.domain.trace import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from baton.application.call_buyers import CallBuyers, Called
    from baton.application.ports import Alerts, Clock, Resting
    from baton.domain.campaign import Campaign
    from baton.domain.recipient import Recipient
    from baton.domain.situation import Situation
    from baton.domain.trace import Trace

FIRST_OVERHEAD_MS: Final = 20.0
"""What reading and ranking is taken to cost until it has been measured."""
LEAST_BUDGET_MS: Final = 50
"""Who has less time than this cannot answer, and is not asked."""
REMEMBERED: Final = 20
"""Auctions whose own overhead counts: the worst of them is kept free before the deadline."""


@dataclass(frozen=True)
class Held:
    """An auction, and what was said in it."""

    auction: Auction
    said: Callable[[], tuple[Exchange, ...]]

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What is kept of it. Made when it is asked for: masking must not delay what the auction decides."""
        return self.said()


class HoldAuction:
    """Ping, wait no longer than the deadline, rank. Writes nothing."""

    def __init__(self, call: CallBuyers, resting: Resting, alerts: Alerts, clock: Clock) -> None:
        self._call = call
        self._resting = resting
        self._alerts = alerts
        self._clock = clock
        self._overheads_ms: list[float] = []

    def __call__(
        self,
        situation: Situation,
        index: int,
        campaign: Campaign,
        trace: Trace,
        *,
        deadline_ms: int | None = None,
        promised: bool = False,
    ) -> Held:
        """The auction at that stage of the lead's plan; within the stage's deadline, or an earlier one."""
        stage, lead = situation.plan.stages[index], situation.lead
        begun = self._clock.now()
        deadline = min(stage.auction.deadline_ms, deadline_ms or stage.auction.deadline_ms)
        no = lead.auctions + 1
        bids: list[Bid] = []
        calls: list[Call] = []
        asked = bidders(situation, index)
        pinged = [seat.recipient_id for seat in asked if seat.recipient and _is_pinged(seat.recipient)]
        # Who is asked in a hurry may be late without having failed: it counts for nothing, and is no trial.
        patient = deadline == stage.auction.deadline_ms
        rested = set(pinged) - self._resting.allowed_among(pinged, trial=patient) if pinged else set()
        for seat in asked:
            recipient = seat.recipient
            if recipient is None or recipient.buyer is None:
                continue
            buyer = recipient.buyer
            if buyer.ping is None or not _is_pinged(recipient):
                bids.append(_fixed(recipient.id, buyer.price_cents))
            elif recipient.id in rested:
                bids.append(Bid(recipient_id=recipient.id, reason=Reason.RESTED))
            else:
                facts = ping_facts(
                    lead,
                    campaign,
                    ping_id=ping_id_of(lead.lead_id, no),
                    hashes=buyer.hashes,
                    now=situation.now,
                )
                webhook_id = f"ping_{ping_id_of(lead.lead_id, no)}_{recipient.id}"
                calls.append(Call(recipient, buyer.ping, Purpose.PING, facts, webhook_id))
        budget_ms = round(deadline - self._since_ms(begun) - self._overhead_ms())
        if budget_ms < LEAST_BUDGET_MS:
            bids += [Bid(recipient_id=call.recipient.id, reason=Reason.NO_TIME) for call in calls]
            calls = []
        called = self._call.all(calls, lead, budget_ms) if calls else []
        answered = self._clock.now()
        bids += [self._bid(one, budget_ms) for one in called]
        ordered, shares = in_order(situation, index, bids)
        now = self._clock.now()
        self._note_overhead((now - answered).total_seconds() * 1000)
        auction = Auction(
            lead_id=lead.lead_id,
            no=no,
            stage=index,
            stage_name=stage.name,
            held_at=begun,
            deadline_ms=deadline,
            took_ms=round((now - begun).total_seconds() * 1000),
            good_until=now + timedelta(seconds=stage.auction.bids_good_for_s),
            bids=ordered,
            shares=shares,
            late=sum(bid.reason is Reason.TIMEOUT for bid in ordered),
            promised=promised,
            trace=trace,
        )
        if patient:
            self._rest(called)
        return Held(auction, lambda: tuple(kept for one in called if (kept := self._call.kept(one, lead))))

    def _bid(self, called: Called, budget_ms: int) -> Bid:
        """What a buyer's answer, or silence, means."""
        who, answer, reading = called.call.recipient.id, called.answer, called.reading
        if answer is None:
            return Bid(recipient_id=who, reason=Reason.CANNOT_BE_ASKED, facts={"why": called.why})
        took_ms = round(answer.took_ms)
        if answer.trouble is Trouble.TIMEOUT:
            facts = {"budget_ms": min(budget_ms, called.call.endpoint.timeout_ms)}
            return Bid(recipient_id=who, reason=Reason.TIMEOUT, took_ms=took_ms, facts=facts)
        if answer.trouble:
            reason = Reason.BAD_RESPONSE if answer.may_have_arrived else Reason.UNREACHABLE
            return Bid(
                recipient_id=who,
                reason=reason,
                took_ms=took_ms,
                facts={"why": answer.detail or str(answer.trouble)},
            )
        if reading.verdict is Verdict.REJECTED or answer.status == 204:  # noqa: PLR2004
            return Bid(
                recipient_id=who,
                reason=Reason.NO_BID,
                took_ms=took_ms,
                facts={"why": reading.reason or f"status {answer.status}"},
            )
        if reading.verdict is Verdict.UNCLEAR or reading.price_cents is None:
            why = f"status {answer.status}, no price"
            return Bid(recipient_id=who, reason=Reason.BAD_RESPONSE, took_ms=took_ms, facts={"why": why})
        return Bid(
            recipient_id=who,
            reason=Reason.ACCEPTABLE_BID,
            cents=reading.price_cents,
            reference=reading.reference,
            took_ms=took_ms,
        )

    def _rest(self, called: Sequence[Called]) -> None:
        """Buyers whose systems fail again and again are left alone for a while, and operations hear of it."""
        for one in called:
            who = one.call.recipient.id
            if one.answer is None:
                continue
            # Bids are there: that a breaker cannot be written, or nobody be told, must not lose them.
            with suppress(StoreUnavailable, NotificationFailed):
                if not missing_answer(one):
                    self._resting.succeeded(who)
                elif self._resting.failed(who):
                    subject = "A buyer fails again and again and is not asked for a while"
                    self._alerts.alert(subject, recipient_id=who)

    def _since_ms(self, begun: datetime) -> float:
        return (self._clock.now() - begun).total_seconds() * 1000

    def _overhead_ms(self) -> float:
        return max(self._overheads_ms, default=FIRST_OVERHEAD_MS)

    def _note_overhead(self, took_ms: float) -> None:
        self._overheads_ms = [*self._overheads_ms[1 - REMEMBERED :], took_ms]


def _is_pinged(recipient: Recipient) -> bool:
    """Whether the buyer is asked for a bid; one with a fixed price is not."""
    return recipient.buyer is not None and recipient.buyer.price_cents is None


def _fixed(recipient_id: str, cents: int | None) -> Bid:
    """A fixed price counts as a bid of it."""
    return Bid(recipient_id=recipient_id, reason=Reason.ACCEPTABLE_BID, cents=cents or 0)
