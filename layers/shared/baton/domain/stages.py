"""One stage of a plan: is it for this lead, who of its pool may have it, and whose turn is it?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import chain, islice
from typing import Any, Final

from baton.domain.condition_words import failed_leaf
from baton.domain.eligibility import NEEDS, Case, obstacles
from baton.domain.plan import Model, Stage
from baton.domain.roster import Seat, roster_of
from baton.domain.situation import Choice, Situation
from baton.domain.standing import Standings
from baton.domain.trace import (
    IN_FULL,
    MAX_CANDIDATES,
    MAX_NAMED,
    CandidateTrace,
    Reason,
    StageOutcome,
    StageTrace,
)
from baton.domain.turns import Place, in_turn

SPREAD: Final = 4
"""Each further try spreads over so many times as many members: fewer lose more races, more are less fair (measured)."""
MAX_SPREAD: Final = 64
"""Most members that a retried decision spreads over; more would cost fairness and gain nothing (measured)."""


def at_stage(situation: Situation, index: int, room: int) -> tuple[Choice | None, StageTrace]:
    """Choose among the members of one stage's pool. The trace names at most `room` of them."""
    closed = closed_stage(situation, index)
    if closed:
        return None, closed
    stage = situation.plan.stages[index]
    roster = roster_of(situation.pools[stage.pool_id], situation.recipients)
    case = situation.case(stage)
    sifted = roster.sift(case, situation.standings)
    asked, later = _tier(stage, list(roster.members(sifted.eligible)))
    limit = max(1, min(MAX_CANDIDATES, room))
    order = order_of(situation, stage, asked, first=max(limit, MAX_SPREAD))
    picked = pick(order, situation.lead.lead_id, situation.attempt)
    out = roster.members(roster.everybody & ~sifted.eligible)
    in_full = room > MAX_NAMED - IN_FULL
    kept_out = (refused(seat, situation.standings, case, in_full=in_full) for seat in out)
    every = chain(_in_order(stage, order, picked), _waiting(asked, later), kept_out)
    named = tuple(islice(every, limit))
    more = Counter({str(Reason.CHOSEN): 1 if picked else 0, str(Reason.LATER_TURN): max(0, len(asked) - 1)})
    more[str(Reason.LATER_PRIORITY)] = len(later)
    for reason, who in sifted.refused:
        more[str(reason)] += who.bit_count()
    more.subtract(str(candidate.reason) for candidate in named)
    trace = StageTrace(
        stage=index,
        name=stage.name,
        outcome=StageOutcome.CHOSE if picked else StageOutcome.NOBODY_ELIGIBLE,
        candidates=named,
        in_full=in_full,
        more={reason: count for reason, count in sorted(more.items()) if count},
    )
    return (choice_of(situation, index, picked, index) if picked else None), trace


def closed_stage(situation: Situation, index: int) -> StageTrace | None:
    """Why a stage is not for this lead, or no longer; None where its members are to be asked."""
    stage, lead = situation.plan.stages[index], situation.lead
    if stage.off:
        return StageTrace(stage=index, name=stage.name, outcome=StageOutcome.SWITCHED_OFF)
    if not stage.when_test(situation.facts):
        why: dict[str, object] = {"failed": failed_leaf(stage.when, situation.facts)}
        return StageTrace(stage=index, name=stage.name, outcome=StageOutcome.NOT_FOR_THIS_LEAD, facts=why)
    made = sum(offer.stage == index for offer in lead.offers[lead.anew_after :])
    if stage.max_offers is not None and made >= stage.max_offers:
        why = {"made": made, "max_offers": stage.max_offers}
        return StageTrace(stage=index, name=stage.name, outcome=StageOutcome.OFFERS_USED_UP, facts=why)
    if stage.pool_id not in situation.pools:
        why = {"pool_id": stage.pool_id}
        return StageTrace(stage=index, name=stage.name, outcome=StageOutcome.POOL_MISSING, facts=why)
    return None


def choice_of(
    situation: Situation,
    index: int,
    place: Place,
    resume_at: int,
    *,
    price_cents: int | None = None,
    bid_reference: str | None = None,
) -> Choice:
    """The choice of a pool's member at a stage."""
    stage: Stage = situation.plan.stages[index]
    pool = situation.pools[stage.pool_id]
    who = place.recipient_id
    recipient = situation.recipients[who]
    if recipient.buyer and price_cents is None:
        price_cents = 0 if situation.lead.test else recipient.buyer.price_cents
    return Choice(
        recipient=recipient,
        stage=index,
        stage_name=stage.name,
        pool=pool,
        queue=stage.queue,
        member=next(member for member in pool.members if member.recipient_id == who),
        place=place,
        accept_within=None if stage.auto_accept else stage.accept_within,
        resume_at=resume_at,
        price_cents=price_cents,
        bid_reference=bid_reference,
    )


def order_of(situation: Situation, stage: Stage, asked: Sequence[Seat], first: int | None) -> list[Place]:
    """The members asked, in the order of the stage's model; at most `first` of them."""
    pool, standings = situation.pools[stage.pool_id], situation.standings
    known, weighted = standings.turns, stage.model is Model.WEIGHTED
    if weighted:
        turns = [known.get(seat.by_weight.key, seat.by_weight.newcomer) for seat in asked]
    else:
        turns = [known.get(seat.in_turn.key, seat.in_turn.newcomer) for seat in asked]
    weights = [seat.member.weight for seat in asked] if weighted else [1] * len(asked)
    ranks = _ranks(stage, asked, standings)
    return in_turn(turns, weights, pool.fairness.catch_up, situation.now, ranks=ranks, first=first)


def pick(order: Sequence[Place], lead_id: str, attempt: int) -> Place | None:
    """The first in turn; after a lost race one of the next 4, 16, 64, by a hash of lead and attempt.

    Leads that decide at the same moment would otherwise run after the same member again and again.
    """
    if not order:
        return None
    spread = min(SPREAD**attempt, MAX_SPREAD, len(order))
    digest = blake2b(f"{lead_id}/{attempt}".encode(), digest_size=8).digest()
    index: int = int.from_bytes(digest) % spread
    return order[index]


def _ranks(stage: Stage, asked: Sequence[Seat], standings: Standings) -> list[float] | None:
    """What the model goes by before turns; None where it goes by turns alone."""
    if stage.model is Model.LEAST_LOADED:
        return [float(standings.used(seat.recipient_id).open_leads) for seat in asked]
    if stage.model is Model.LONGEST_IDLE:
        lasts = (standings.used(seat.recipient_id).last_at for seat in asked)
        return [last.timestamp() if last else 0.0 for last in lasts]
    return None


def _tier(stage: Stage, eligible: list[Seat]) -> tuple[list[Seat], list[Seat]]:
    """Whom the model asks now, and who waits: a waterfall asks the lowest priority number first."""
    if stage.model is not Model.WATERFALL or not eligible:
        return eligible, []
    first = min(seat.member.priority for seat in eligible)
    return (
        [seat for seat in eligible if seat.member.priority == first],
        [seat for seat in eligible if seat.member.priority != first],
    )


def _in_order(stage: Stage, order: list[Place], picked: Place | None) -> Iterable[CandidateTrace]:
    """The members in turn with their numbers, the chosen one first."""
    if picked:
        yield CandidateTrace(picked.recipient_id, Reason.CHOSEN, numbers(stage, picked))
    later = Reason.LATER_TURN
    for place in order:
        if place is not picked:
            yield CandidateTrace(place.recipient_id, later, numbers(stage, place))


def numbers(stage: Stage, place: Place) -> dict[str, Any]:
    """The numbers behind a place in the order."""
    facts: dict[str, Any] = {
        "turns": round(place.turns, 3),
        "due": round(place.due, 3),
        "begun": place.begun,
        "last_s": round(place.last_at.timestamp()) if place.last_at else None,
    }
    if stage.model is Model.WEIGHTED:
        facts["weight"] = place.weight
    if stage.model is Model.LEAST_LOADED:
        facts["open"] = int(place.rank or 0)
    if stage.model is Model.LONGEST_IDLE:
        facts["last_lead_s"] = round(place.rank or 0)
    return facts


def _waiting(asked: list[Seat], later: list[Seat]) -> Iterable[CandidateTrace]:
    for seat in later:
        facts = {"priority": seat.member.priority, "asked_now": asked[0].member.priority}
        yield CandidateTrace(seat.recipient_id, Reason.LATER_PRIORITY, facts)


def refused(seat: Seat, standings: Standings, case: Case, *, in_full: bool) -> CandidateTrace:
    """Somebody who may not have the lead; `in_full` with all that speaks against it, else with the first of it."""
    found = obstacles(seat.member, seat.recipient, standings.used(seat.recipient_id), case)
    first = next(found)
    if in_full:
        return CandidateTrace(seat.recipient_id, first.reason, first.facts, tuple(found))
    facts = {name: fact for name, fact in first.facts.items() if name != NEEDS}
    return CandidateTrace(seat.recipient_id, first.reason, facts)
