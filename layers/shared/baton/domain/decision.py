"""The decision: walk the plan from where the lead is and choose a recipient, or say that the plan is exhausted.

Pure: the same lead, plan, standings, time and attempt give the same choice and the same trace, byte for byte.
"""

from typing import Final

from baton.domain.bidding import at_auction
from baton.domain.campaign import Policy
from baton.domain.lead import Answer
from baton.domain.plan import Model
from baton.domain.recipient import Recipient
from baton.domain.situation import Choice, Decision, Situation
from baton.domain.stages import at_stage
from baton.domain.stickiness import owner_of, to_owner
from baton.domain.trace import MAX_NAMED, CandidateTrace, Reason, StageOutcome, StageTrace, Trace

FALLBACK: Final = "fallback"
"""What the trace calls the plan's owner of last resort."""


def decide(situation: Situation) -> Decision:
    """Choose a recipient for the lead: its owner, or the one in turn at the first stage that has one."""
    stages: list[StageTrace] = []
    promised = _promised_at(situation)
    # Who has paid for a part of the lead, or for the promise of it, is not passed over for its person's rep.
    owner = owner_of(situation) if promised is None and not situation.lead.sales else None
    choice, auction = None, None
    if owner:
        choice, tried = to_owner(situation, owner)
        stages.extend(tried)
    if choice is None and not (owner and owner.policy is Policy.REQUIRE):
        room = MAX_NAMED
        for index in range(situation.lead.stage, len(situation.plan.stages)):
            if index == promised or situation.plan.stages[index].model is Model.PING_POST:
                choice, stage, due = at_auction(situation, index, room)
            else:
                (choice, stage), due = at_stage(situation, index, room), False
            room -= len(stage.candidates)
            stages.append(stage)
            if due:
                auction = index
            if choice or due or situation.lead.sales or index == promised:
                # A lead that is sold in part goes to no later stage: nobody there is told that others have it.
                # Neither does one that was promised: its vendor gave it for a price that nobody there pays.
                break
        else:
            choice = _fallback(situation, stages)
    trace = Trace(
        plan_id=situation.plan.id,
        plan_version=situation.plan.version,
        attempt=situation.attempt,
        stages=tuple(stages),
        owner=owner.recipient_id if owner else None,
    )
    return Decision(choice, trace, auction)


def _promised_at(situation: Situation) -> int | None:
    """The stage at which the lead's vendor was told a price, also where it is a fixed one and nobody bid."""
    auction = situation.auction
    return auction.stage if auction and auction.promised else None


def _fallback(situation: Situation, stages: list[StageTrace]) -> Choice | None:
    """The plan's owner of last resort: asked nothing, so hours and caps do not count; but not somebody inactive."""
    who = situation.plan.fallback
    if who is None:
        return None
    owner = situation.recipients.get(who)
    reason = _why_not(situation, who, owner)
    stages.append(
        StageTrace(
            stage=None,
            name=FALLBACK,
            outcome=StageOutcome.NOBODY_ELIGIBLE if reason else StageOutcome.FALLBACK,
            candidates=(CandidateTrace(recipient_id=who, reason=reason or Reason.CHOSEN),),
        )
    )
    if owner is None or reason:
        return None
    last = len(situation.plan.stages)
    return Choice(
        recipient=owner,
        stage=last,
        stage_name=FALLBACK,
        pool=None,
        queue=None,
        member=None,
        place=None,
        accept_within=None,
        resume_at=last,
    )


def _why_not(situation: Situation, who: str, owner: Recipient | None) -> Reason | None:
    """Why the owner of last resort cannot have the lead, as who lost it by being slow; None: they can."""
    if owner is None:
        return Reason.UNKNOWN_RECIPIENT
    if not owner.active:
        return Reason.INACTIVE
    if owner.buyer is not None:
        return Reason.NO_PRICE
    slow = any(
        offer.recipient_id == who and offer.answer is Answer.REASSIGNED for offer in situation.lead.offers
    )
    return Reason.ALREADY_OFFERED if slow else None
