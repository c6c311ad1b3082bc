"""Changes: what one transaction writes. Built here, purely; stored by an adapter, whole or not at all.

Every row carries its revision. A change holds each row as it is to become, one revision on; it is stored only
when all of them still are at the revision before. That makes a claim atomic, and makes doing it twice harmless.
Here are the changes of a lead alone; those that book and give back are in `claims` and `conclusion`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baton.domain.lead import WATCH_AFTER, Lead, LeadState, Ties
from baton.domain.quarantine import BY_RULE
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from baton.domain.auction import Auction
    from baton.domain.dealings import Intake, Purchase
    from baton.domain.dedupe import Mark
    from baton.domain.lead_return import Return
    from baton.domain.learned_document import LearnedDocument
    from baton.domain.money import Entry
    from baton.domain.offer import Offer
    from baton.domain.outcome import Reported
    from baton.domain.promise import Promise
    from baton.domain.scoring import Score
    from baton.domain.standing import Owner, Turn, Usage
    from baton.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class Change:
    """One lead's next revision, its event, and whatever else must become true at the same moment."""

    lead: Lead
    event: Event
    offer: Offer | None = None
    turn: Turn | None = None
    usage: Usage | None = None
    owners: tuple[Owner, ...] = ()
    """Who looks after the lead's person and company from now on. The last to write is right: no revision."""
    auction: Auction | None = None
    """Written once: an auction never changes."""
    entries: tuple[Entry, ...] = ()
    """Written once each: no entry ever changes."""
    purchases: tuple[Purchase, ...] = ()
    """Written where the buyer has no purchase of that person which is still valid and of another lead."""
    intake: Intake | None = None
    promise: Promise | None = None
    """A ping's promise, once its lead has come."""
    learned: LearnedDocument | None = None
    """What the lead's campaign has learned, with this lead's outcome."""
    marks: tuple[Mark, ...] = ()
    """Written where nobody else has a mark of that key which is still valid."""
    other: tuple[Lead, Event] | None = None
    """Another lead's next revision and its event, where two leads change together."""
    reported: Reported | None = None
    """Which report of an outcome this is, written where there is none of that id yet."""
    lead_return: Return | None = None
    """What a buyer asks to be taken back, or what was decided of it."""


TOLD_OF_BIDS: Final = {"recipient_id", "reason", "cents", "price_cents", "took_ms"}
"""What a timeline says of each buyer that was asked; the auction itself has all."""
MOST_BIDS_TOLD: Final = 100
"""Ten events go to the bus at a time, in 256 KB, and a pool may have a thousand buyers."""
_ARRIVED: Final = {
    LeadState.QUARANTINED: EventKind.LEAD_QUARANTINED,
    LeadState.DISQUALIFIED: EventKind.LEAD_DISQUALIFIED,
    LeadState.DUPLICATE: EventKind.LEAD_DUPLICATE,
}


def received(
    lead: Lead,
    now: datetime,
    promise: Promise | None = None,
    intake: Intake | None = None,
    marks: tuple[Mark, ...] = (),
) -> Change:
    """A lead's first revision; one that was promised a price takes over its promise's terms and auction.

    `promise` is as it was read, `intake` as it is to become.
    """
    kind = _ARRIVED.get(lead.state, EventKind.LEAD_RECEIVED)
    facts: dict[str, object] = {"source_id": lead.source_id}
    if lead.cost_cents:
        facts["cost_cents"] = lead.cost_cents
    if lead.suspicions:
        facts |= {"why": list(lead.suspicions), **({"fields": list(lead.invalid)} if lead.invalid else {})}
    if lead.suspicions and lead.state in (LeadState.RECEIVED, LeadState.DISQUALIFIED):
        facts["by"] = BY_RULE
    if lead.duplicate_of:
        facts |= {"duplicate_of": lead.duplicate_of, "policy": lead.on_duplicate}
    if promise is None:
        return Change(lead=lead, event=Event.of(lead, kind, now, facts), intake=intake, marks=marks)
    lead = promise.terms_for(lead)
    facts |= {"ping_id": promise.ping_id, "promised_cents": promise.price_cents}
    return Change(
        lead=lead,
        event=Event.of(lead, kind, now, facts),
        auction=promise.auction_for(lead),
        intake=intake,
        promise=promise.used_by(lead),
        marks=marks,
    )


def scored(
    lead: Lead,
    score: Score,
    plan_id: str,
    plan_version: int,
    now: datetime,
    ties: Ties | None = None,
    person: tuple[str, ...] = (),
    known: Mapping[str, Any] | None = None,
) -> Change:
    """The lead with its points; qualified, on the plan version that it will follow to the end.

    A lead whose price was promised follows the version that it was promised under. One that a person released goes on
    whatever its points. `known` is what else the lead is to remember of its score.
    """
    known = {"score": score.points, "band": score.band, "probability": score.probability, **(known or {})}
    facts = {
        "points": score.points,
        "reasons": [reason.model_dump(exclude_none=True) for reason in score.reasons],
        **({"band": score.band} if score.band else {}),
        **({"probability": score.probability} if score.probability is not None else {}),
    }
    plan_id, plan_version = lead.plan_id or plan_id, lead.plan_version or plan_version
    if not score.qualified and not lead.cleared:
        after = lead.moved(LeadState.DISQUALIFIED, now, **known)
        return Change(lead=after, event=Event.of(after, EventKind.LEAD_DISQUALIFIED, now, facts))
    after = lead.moved(
        LeadState.SCORED,
        now,
        **known,
        ties=ties,
        person=person,
        plan_id=plan_id,
        plan_version=plan_version,
    )
    facts |= {"plan_id": plan_id, "plan_version": plan_version}
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_SCORED, now, facts))


def auctioned(lead: Lead, auction: Auction, now: datetime) -> Change:
    """The lead with what an auction brought. Who gets it is decided next."""
    after = lead.moved(
        LeadState.SCORED,
        now,
        stage=auction.stage,
        auctions=auction.no,
        auction_stage=auction.stage,
        shares=max(auction.shares, lead.sales),
    )
    good, told = auction.acceptable(), auction.bids[:MOST_BIDS_TOLD]
    facts = {
        "auction": auction.no,
        "stage": auction.stage_name,
        "asked": len(auction.bids),
        "acceptable": len(good),
        "best_cents": good[0].cents if good else None,
        "took_ms": auction.took_ms,
        "late": auction.late,
        "bids": [bid.model_dump(mode="json", include=TOLD_OF_BIDS) for bid in told],
    }
    return Change(lead=after, event=Event.of(after, EventKind.AUCTION_HELD, now, facts), auction=auction)


def unclear(lead: Lead, offer: Offer, next_at: datetime, now: datetime) -> Change:
    """A buyer did not say whether it took the lead: it stays where it is until it is asked again."""
    after = lead.revised(watch_at=next_at + WATCH_AFTER)
    delivery = offer.delivery
    facts = {
        "recipient_id": offer.recipient_id,
        "reason": delivery.reason if delivery else None,
        "tries": delivery.tries if delivery else 0,
        "asked_again_at": next_at.isoformat(),
    }
    event = Event.of(after, EventKind.DELIVERY_UNCLEAR, now, facts)
    return Change(lead=after, event=event, offer=offer)


def exhausted(lead: Lead, trace: Trace, now: datetime) -> Change:
    """The plan has nobody (else) for the lead: it waits, unassigned, with the trace that says why.

    One that is sold in part is sold to as many as wanted it.
    """
    if lead.sales:
        after = lead.moved(LeadState.SOLD, now, recipient_id=lead.buyers[-1] if lead.buyers else None)
        facts = {"why": "nobody else bought it", "sales": lead.sales, "shares": lead.shares}
        return Change(lead=after, event=Event.of(after, EventKind.LEAD_SOLD, now, facts, trace))
    after = lead.moved(LeadState.UNASSIGNED, now, recipient_id=None, meant_for=None)
    facts = {"why": "plan exhausted", "plan_version": trace.plan_version}
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_UNASSIGNED, now, facts, trace))


def parked(lead: Lead, now: datetime, **why: str) -> Change:
    """A lead that could not be moved on waits, unassigned, for a person. It must not be on offer.

    One that is sold in part is sold to those who have it.
    """
    if lead.sales:
        after = lead.moved(LeadState.SOLD, now, recipient_id=lead.buyers[-1] if lead.buyers else None)
        facts = {**why, "sales": lead.sales, "shares": lead.shares}
        return Change(lead=after, event=Event.of(after, EventKind.LEAD_SOLD, now, facts))
    after = lead.moved(LeadState.UNASSIGNED, now, recipient_id=None, meant_for=None)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_UNASSIGNED, now, why))


def restarted(lead: Lead, attempt: int, now: datetime) -> Change:
    """The lead's workflow is started anew, as execution number `attempt`."""
    after = lead.revised(attempt=attempt, watch_at=now + WATCH_AFTER)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_RESTARTED, now, {"attempt": attempt}))
