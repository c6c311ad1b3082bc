"""Reassignments: a person takes a lead from whoever has it, and says who gets it, or lets it find somebody anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from baton.domain.change import Change
from baton.domain.errors import IllegalTransition
from baton.domain.lead import NOT_CONCLUDED, WATCH_AFTER, Answer, LeadState
from baton.domain.situation import Choice, Decision
from baton.domain.timeline import Event, EventKind
from baton.domain.trace import BY_HAND, BY_HAND_STAGE, CandidateTrace, Reason, StageOutcome, StageTrace, Trace

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.lead import Lead
    from baton.domain.plan import PublishedPlan
    from baton.domain.recipient import Recipient

TAKEN_BACK: Final = frozenset({LeadState.OFFERED, LeadState.ASSIGNED})
"""States in which somebody has the lead, or is asked, and has not begun."""
BEGINS_ANEW: Final = frozenset({LeadState.UNASSIGNED, LeadState.RETURNED})
"""States in which nobody has it any more."""
_SAID: Final = {
    LeadState.RECEIVED: "it has not come to its plan yet: wait a moment",
    LeadState.QUARANTINED: "it is held: release it first",
    LeadState.DISQUALIFIED: "it was rejected: release it first",
    LeadState.DUPLICATE: "it is a duplicate: the lead that came first is the one to give to somebody",
    LeadState.DELIVERING: "a buyer may be about to take it: wait until the buyer has answered",
    LeadState.SOLD: "it is sold: it has to be returned first, with its money",
    LeadState.CONTACTED: "whoever has it has spoken with the person: record that it was given back first",
    LeadState.CONVERTED: "it has converted",
    LeadState.LOST: "it is lost: record that it was given back first",
}


class Order(NamedTuple):
    """What a person wants."""

    by: str
    """Who wants it."""
    to: str | None
    """Who is to get the lead; None: whoever its plan has for it, but nobody who has had it."""
    reason: str
    """A code."""

    @property
    def facts(self) -> dict[str, Any]:
        """What the timeline says of it."""
        return {"by": self.by, "reason": self.reason, **({"to": self.to} if self.to else {})}


def check(lead: Lead) -> None:
    """Raises IllegalTransition, in words for whoever asked, where the lead cannot go to somebody else."""
    if lead.forgotten_at is not None:
        message = "its person was removed on request: it goes to nobody any more"
        raise IllegalTransition(message)
    if lead.sales:
        raise IllegalTransition(_SAID[LeadState.SOLD])
    if lead.meant_for is not None:
        message = "somebody has just chosen another for it: look at it again"
        raise IllegalTransition(message)
    if lead.state not in TAKEN_BACK | BEGINS_ANEW | {LeadState.SCORED}:
        raise IllegalTransition(_SAID[lead.state])


def taken_back(change: Change, order: Order, *, next_attempt: bool) -> Change:
    """The release of an offer, by a person's order. `next_attempt`: no execution waits that could go on.

    Its rep had the lead then: the event is watched, so that whoever hears it tells them.
    """
    attempt = change.lead.attempt + 1
    lead = change.lead
    execution: dict[str, Any] = {}
    if next_attempt:
        offers = lead.answered(lead.offer_no, Answer.REASSIGNED, by_hand=True)
        execution = {"attempt": attempt, "ordered": attempt, "offers": offers}
    after = change.lead.model_copy(update={"meant_for": order.to, **execution})
    facts = {**change.event.facts, **order.facts, **({"watched": True} if next_attempt else {})}
    return replace(change, lead=after, event=change.event.model_copy(update={"facts": facts}))


def begun_anew(lead: Lead, order: Order, plan: PublishedPlan | None, now: datetime) -> Change:
    """A lead that nobody has any more, on its way again; from the first stage of the plan that holds now.

    Its workflow starts anew, as the next execution. Whatever was bid or promised before is over. One that was never
    scored is, unless somebody is chosen. Raises IllegalTransition where there is no plan to follow.
    """
    if plan is None and order.to is None:
        message = "its campaign has no published plan: publish one, or choose who gets the lead"
        raise IllegalTransition(message)
    unscored = lead.state is LeadState.UNASSIGNED and lead.plan_id is None and order.to is None
    state = LeadState.RECEIVED if unscored else LeadState.SCORED
    follows: dict[str, Any] = {}
    if plan and state is LeadState.SCORED:
        follows = {"plan_id": plan.id, "plan_version": plan.version}
    after = lead.moved(
        state,
        now,
        recipient_id=None,
        meant_for=order.to,
        attempt=lead.attempt + 1,
        ordered=lead.attempt + 1,
        stage=0,
        anew_after=lead.offer_no,
        auction_stage=None,
        shares=1,
        promised={},
        **follows,
        **NOT_CONCLUDED,
    )
    return Change(after, _restarted(after, order, now))


def chosen(lead: Lead, order: Order, now: datetime) -> Change:
    """A lead on its way, that is to go to somebody."""
    after = lead.revised(meant_for=order.to, watch_at=now + WATCH_AFTER)
    return Change(after, _restarted(after, order, now))


def by_hand(lead: Lead, recipient: Recipient) -> Decision:
    """The decision that a person has made: assigned at once, whatever hours, caps and turns say."""
    stage = StageTrace(
        stage=None,
        name=BY_HAND,
        outcome=StageOutcome.BY_HAND,
        candidates=(CandidateTrace(recipient_id=recipient.id, reason=Reason.CHOSEN),),
    )
    trace = Trace(plan_id=lead.plan_id or "", plan_version=lead.plan_version or 0, attempt=0, stages=(stage,))
    choice = Choice(
        recipient=recipient,
        stage=BY_HAND_STAGE,
        stage_name=BY_HAND,
        pool=None,
        queue=None,
        member=None,
        place=None,
        accept_within=None,
        resume_at=lead.stage,
    )
    return Decision(choice, trace)


def may_be_chosen(recipient: Recipient | None) -> bool:
    """Whether a person may give a lead to that recipient: an active rep. Buyers buy, by a plan."""
    return recipient is not None and recipient.active and recipient.buyer is None


def _restarted(after: Lead, order: Order, now: datetime) -> Event:
    return Event.of(after, EventKind.LEAD_RESTARTED, now, {"attempt": after.attempt, **order.facts})
