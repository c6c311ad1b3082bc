"""The decision: walk the plan from where the lead is and choose a recipient, or say that the plan is exhausted.

Pure: the same lead, plan, standings, time and attempt give the same choice and the same trace, byte for byte.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from baton.domain.conditions import Facts, failed_leaf
from baton.domain.eligibility import obstacle
from baton.domain.lead import Lead, facts_of
from baton.domain.plan import Model, Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.standing import Standings
from baton.domain.trace import (
    MAX_CANDIDATES,
    MAX_NAMED,
    CandidateTrace,
    Reason,
    StageOutcome,
    StageTrace,
    Trace,
    Verdict,
    bounded,
)
from baton.domain.turns import Entrant, Place, in_turn

type Finding = tuple[str, Verdict]
"""A recipient, and why it did or did not get the lead."""

MAX_SPREAD: Final = 64
"""Most members that a retried decision spreads over; more would cost fairness and gain nothing (measured)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision may look at."""

    lead: Lead
    plan: Plan
    pools: Mapping[str, Pool]
    recipients: Mapping[str, Recipient]
    standings: Standings
    now: datetime
    attempt: int = 0
    """How many claims of this lead have lost their race so far."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the lead, and on what terms."""

    recipient: Recipient
    stage: int
    stage_name: str
    pool: Pool | None
    """None, like `place`, for the fallback owner."""
    place: Place | None
    """The member's place in the pool's order."""
    accept_within: timedelta | None
    """None: assigned at once."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice (None: the plan is exhausted) and why."""

    choice: Choice | None
    trace: Trace


def decide(situation: Situation) -> Decision:
    """Choose a recipient for the lead at the first stage, from the lead's own on, that has one."""
    facts = facts_of(situation.lead)
    stages: list[StageTrace] = []
    choice, room = None, MAX_NAMED
    for index in range(situation.lead.stage, len(situation.plan.stages)):
        choice, tried = _at_stage(situation, index, facts, room)
        room -= len(tried.candidates)
        stages.append(tried)
        if choice:
            break
    else:
        choice = _fallback(situation, stages)
    trace = Trace(
        plan_id=situation.plan.id,
        plan_version=situation.plan.version,
        attempt=situation.attempt,
        stages=tuple(stages),
    )
    return Decision(choice, trace)


def _at_stage(situation: Situation, index: int, facts: Facts, room: int) -> tuple[Choice | None, StageTrace]:
    stage, lead = situation.plan.stages[index], situation.lead
    if not stage.when_test(facts):
        why = {"failed": failed_leaf(stage.when, facts)}
        return None, StageTrace(
            stage=index, name=stage.name, outcome=StageOutcome.NOT_FOR_THIS_LEAD, facts=why
        )
    made = sum(offer.stage == index for offer in lead.offers)
    if stage.max_offers is not None and made >= stage.max_offers:
        used = {"made": made, "max_offers": stage.max_offers}
        return None, StageTrace(stage=index, name=stage.name, outcome=StageOutcome.OFFERS_USED_UP, facts=used)
    pool = situation.pools[stage.pool_id]
    eligible, refused = _sift(situation, pool, facts)
    tier, later = _tier(stage, eligible)
    order = in_turn(
        [_entrant(situation, stage, pool, member) for member in tier], pool.fairness.catch_up, situation.now
    )
    picked = pick(order, lead.lead_id, situation.attempt)
    limit = max(1, min(MAX_CANDIDATES, room))
    candidates, more = bounded(limit, _candidates(order, picked), [*later, *refused])
    outcome = StageOutcome.CHOSE if picked else StageOutcome.NOBODY_ELIGIBLE
    trace = StageTrace(stage=index, name=stage.name, outcome=outcome, candidates=candidates, more=more)
    if picked is None:
        return None, trace
    choice = Choice(
        recipient=situation.recipients[picked.recipient_id],
        stage=index,
        stage_name=stage.name,
        pool=pool,
        place=picked,
        accept_within=None if stage.auto_accept else stage.accept_within,
    )
    return choice, trace


def _sift(situation: Situation, pool: Pool, facts: Facts) -> tuple[list[Member], list[Finding]]:
    """The members who may have the lead, and why the others may not."""
    offered = frozenset(offer.recipient_id for offer in situation.lead.offers)
    recipients, standings, now = situation.recipients, situation.standings, situation.now
    eligible: list[Member] = []
    refused: list[Finding] = []
    for member in pool.members:
        who = member.recipient_id
        found = obstacle(recipients.get(who), standings.used(who), facts, offered, now)
        if found is None:
            eligible.append(member)
        else:
            refused.append((who, found))
    return eligible, refused


def _tier(stage: Stage, eligible: list[Member]) -> tuple[list[Member], list[Finding]]:
    """Whom the model asks now, and who waits: a waterfall asks the lowest priority number first."""
    if stage.model is not Model.WATERFALL or not eligible:
        return eligible, []
    first = min(member.priority for member in eligible)
    later = [
        (
            member.recipient_id,
            Verdict(Reason.LATER_PRIORITY, {"priority": member.priority, "asked_now": first}),
        )
        for member in eligible
        if member.priority != first
    ]
    return [member for member in eligible if member.priority == first], later


def _entrant(situation: Situation, stage: Stage, pool: Pool, member: Member) -> Entrant:
    turn = situation.standings.turn(pool.id, member.recipient_id)
    weight = member.weight if stage.model is Model.WEIGHTED else 1
    return Entrant(weight, turn)


def pick(order: list[Place], lead_id: str, attempt: int) -> Place | None:
    """The first in turn; after a lost race one of the next 2, 4, 8, ... by a hash of lead and attempt.

    Leads that decide at the same moment would otherwise run after the same member again and again.
    """
    if not order:
        return None
    spread = min(2**attempt, MAX_SPREAD, len(order))
    digest = blake2b(f"{lead_id}/{attempt}".encode(), digest_size=8).digest()
    index: int = int.from_bytes(digest) % spread
    return order[index]


def _candidates(order: list[Place], picked: Place | None) -> Iterator[Finding]:
    """The members in turn with their numbers, the chosen one first."""
    if picked:
        yield picked.recipient_id, _numbers(picked, Reason.CHOSEN)
    for place in order:
        if place is not picked:
            yield place.recipient_id, _numbers(place, Reason.LATER_TURN)


def _numbers(place: Place, reason: Reason) -> Verdict:
    return Verdict(reason, {"turns": place.turns, "due": round(place.due, 3), "begun": place.begun})


def _fallback(situation: Situation, stages: list[StageTrace]) -> Choice | None:
    """The plan's owner of last resort: asked nothing, so hours and caps do not count; but not somebody inactive."""
    who = situation.plan.fallback
    owner = situation.recipients.get(who) if who else None
    if who is None:
        return None
    usable = owner is not None and owner.active
    reason = Reason.CHOSEN if usable else Reason.INACTIVE if owner else Reason.UNKNOWN_RECIPIENT
    stages.append(
        StageTrace(
            stage=None,
            name="fallback",
            outcome=StageOutcome.FALLBACK if usable else StageOutcome.NOBODY_ELIGIBLE,
            candidates=(CandidateTrace(recipient_id=who, reason=reason),),
        )
    )
    if owner is None or not usable:
        return None
    return Choice(
        recipient=owner,
        stage=len(situation.plan.stages),
        stage_name="fallback",
        pool=None,
        place=None,
        accept_within=None,
    )
