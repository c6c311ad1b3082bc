"""Sticky leads: a person, or a company, that somebody already looks after goes to them before anybody's turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from baton.domain.campaign import Policy
from baton.domain.eligibility import obstacles
from baton.domain.roster import Roster, roster_of
from baton.domain.situation import Choice, Situation
from baton.domain.stages import choice_of, closed_stage, numbers, order_of
from baton.domain.trace import MAX_CANDIDATES, CandidateTrace, Reason, StageOutcome, StageTrace


@dataclass(frozen=True, slots=True)
class Tie:
    """Who looks after a lead's person or company, and what that means."""

    recipient_id: str
    policy: Policy
    by: str
    """`person` or `company`."""


def owner_of(situation: Situation) -> Tie | None:
    """Whom the lead is tied to: by its person first, then by its company; by what was last."""
    ties, sticky = situation.lead.ties, situation.sticky
    if ties is None:
        return None
    by_company = (ties.company,) if ties.company else ()
    since = situation.now - timedelta(days=sticky.window_days)
    for by, policy, keys in (("person", sticky.person, ties.person), ("company", sticky.company, by_company)):
        owners = [situation.standings.owners[key] for key in keys if key in situation.standings.owners]
        # Who took this very lead for a moment and gave it back owns nobody by it.
        recent = [o for o in owners if o.at >= since and o.lead_id != situation.lead.lead_id]
        if policy is not Policy.OFF and recent:
            last = max(recent, key=lambda owner: (owner.at, owner.recipient_id))
            return Tie(last.recipient_id, policy, by)
    return None


def to_owner(situation: Situation, tie: Tie) -> tuple[Choice | None, list[StageTrace]]:
    """Give the lead to its owner at the first stage whose pool has them, if they may have it now.

    It counts as a turn taken there. That makes good what the others missed by a few such leads, not by many: see
    docs/fairness.md.
    """
    tried: list[StageTrace] = []
    for index in range(situation.lead.stage, len(situation.plan.stages)):
        if closed_stage(situation, index):
            continue
        stage = situation.plan.stages[index]
        roster = roster_of(situation.pools[stage.pool_id], situation.recipients)
        bit = roster.bit(tie.recipient_id)
        if not bit:
            continue
        seat = next(roster.members(bit))
        used = situation.standings.used(tie.recipient_id)
        found = list(obstacles(seat.member, seat.recipient, used, situation.case(stage)))
        facts: dict[str, object] = {"by": tie.by, "policy": str(tie.policy)}
        if found:
            owner = CandidateTrace(tie.recipient_id, found[0].reason, found[0].facts, tuple(found[1:]))
            if tie.policy is Policy.REQUIRE:
                tried.append(
                    _trace(index, stage.name, StageOutcome.KEPT_FOR_OWNER, facts, owner, roster, tried)
                )
            continue
        place = order_of(situation, stage, [seat], first=1)[0]
        owner = CandidateTrace(tie.recipient_id, Reason.CHOSEN, numbers(stage, place))
        trace = _trace(index, stage.name, StageOutcome.OWNER, facts, owner, roster, tried)
        # The others were not asked: should the owner decline, the plan goes on from where the lead was.
        return choice_of(situation, index, place, situation.lead.stage), [*tried, trace]
    if tie.policy is Policy.REQUIRE and not tried:
        facts = {"by": tie.by, "policy": str(tie.policy)}
        owner = CandidateTrace(tie.recipient_id, Reason.NOT_A_MEMBER)
        tried.append(_trace(None, "owner", StageOutcome.KEPT_FOR_OWNER, facts, owner, None, tried))
    return None, tried


def _trace(
    index: int | None,
    name: str,
    outcome: StageOutcome,
    facts: dict[str, object],
    owner: CandidateTrace,
    roster: Roster | None,
    before: Sequence[StageTrace],
) -> StageTrace:
    """The owner by name and reason, and everybody else of the pool: the lead is not for them.

    The others are named at the first stage and counted at those after, so that a trace fits its row.
    """
    others = [s.recipient_id for s in roster.seats if s.recipient_id != owner.recipient_id] if roster else []
    shown = () if before else others[: MAX_CANDIDATES - 1]
    named = (owner, *(CandidateTrace(who, Reason.KEPT_FOR_OWNER) for who in shown))
    rest = len(others) + 1 - len(named)
    more = {str(Reason.KEPT_FOR_OWNER): rest} if rest else {}
    return StageTrace(stage=index, name=name, outcome=outcome, facts=facts, candidates=named, more=more)
