"""Contracts between the workflow and its steps. Ids and small facts only; everything else stays in the table."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field

from baton.application.deliver_lead import Delivered
from baton.application.deliver_lead import Then as Delivery
from baton.application.route_lead import Next, Routed
from baton.application.score_lead import Scored, Then
from baton.application.sweep_leads import Sweep
from baton.domain.announcement import Announcement
from baton.domain.documents import ID_PATTERN
from baton.domain.errors import BatonError, StepFailed
from baton.domain.event_delivery import DELIVERY_ID_PATTERN
from baton.domain.hooks.enquiry import Format
from baton.domain.lead import Lead, LeadState
from baton.domain.timeline import EventKind
from baton.entrypoints.observability import follow, logger, places_of, problem_of

if TYPE_CHECKING:
    from baton.application.reweigh_pools import Reweighed
    from baton.application.send_digests import Sent


class LeadTask(BaseModel):
    """A step's input."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead_id: str = Field(pattern=r"^[0-9a-f]{32}$")


RETRIES: Final = 6
"""How often the workflow repeats a step that failed in a way which passes; its definition says the same."""


class OfferTask(LeadTask):
    """Input of Offer (with the token that resumes the workflow) and Notify (without)."""

    offer_no: int = Field(ge=1)
    task_token: str | None = None
    retried: int = Field(0, ge=0)
    """How often the step was tried before."""

    @property
    def is_last(self) -> bool:
        """Whether the workflow will not try again."""
        return self.retried >= RETRIES


class AttendTask(LeadTask):
    """Input of Attend, and of the workflow that it is a step of: which assignment."""

    offer_no: int = Field(ge=1)


class EntrustedFacts(BaseModel):
    """Of what a rep has got, which offer it was."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    offer: int = Field(ge=1)


class EntrustedDetail(BaseModel):
    """Of an event that says that a rep has a lead, or has it no more, which one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lead_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    kind: EventKind
    at: datetime
    facts: EntrustedFacts

    @property
    def taken_back_at(self) -> datetime | None:
        """When a person took the lead from the rep; None: the rep has just got it."""
        return self.at if self.kind is EventKind.LEAD_REASSIGNED else None


class EntrustedTask(BaseModel):
    """A message of the queue behind the event bus: a rep has a lead that is to be seen to, or has lost one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    detail: EntrustedDetail


class AttendResult(BaseModel):
    """Whether something is still to be done, and when."""

    then: Literal["wait", "done"]
    wait_s: int = Field(ge=0)

    @classmethod
    def of(cls, wait_s: int) -> "AttendResult":
        """0: nothing more is to be done."""
        return cls(then="wait" if wait_s else "done", wait_s=wait_s)


class ParkTask(LeadTask):
    """Input of Park: where the workflow could not go on."""

    step: str
    error: str


class SweepTask(BaseModel):
    """Input of the sweep: the schedule's event, of which nothing is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ReweighTask(BaseModel):
    """Input of the daily weighing: the schedule's event, of which nothing is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class DigestTask(BaseModel):
    """Input of the digests: the schedule's event, of which nothing is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class NoticeTask(BaseModel):
    """A message of the notices' queue: which lead of which platform is to be fetched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str = Field(pattern=ID_PATTERN)
    platform: Format
    ref: str = Field(min_length=1, max_length=300)


class LookTask(BaseModel):
    """Input of the look for missed leads: the schedule's event, of which nothing is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class LookResult(BaseModel):
    """How many leads had been missed, and how many forms could not be looked through."""

    new: int
    failed: int


class PartTask(BaseModel):
    """A message of the imports' queue: which part of which import is to be loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    import_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    part: int = Field(ge=1)


class HeardTask(BaseModel):
    """A message of the queue behind the event bus: an event as EventBridge wraps it, of which its detail is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    detail: Announcement


class DeliveryTask(BaseModel):
    """A message of the deliveries' queue: which event is due at which subscription."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subscription_id: str = Field(pattern=ID_PATTERN)
    delivery_id: str = Field(pattern=DELIVERY_ID_PATTERN)


class ScoreResult(BaseModel):
    """What Score found, and what the workflow does next."""

    next: Then
    state: LeadState

    @classmethod
    def of(cls, scored: Scored) -> "ScoreResult":
        """A lead goes on unless scoring, or somebody since, stopped it."""
        return cls(next=scored.then, state=scored.lead.state)


class MergeResult(BaseModel):
    """Whether a duplicate was merged into the first lead; if not, it goes its own way."""

    merged: bool

    @classmethod
    def of(cls, lead: Lead) -> "MergeResult":
        """What the workflow has to know of the duplicate."""
        return cls(merged=lead.state is not LeadState.RECEIVED)


class VetResult(BaseModel):
    """What Vet heard outside, in codes, and how the lead stands."""

    state: LeadState
    findings: dict[str, str | float]

    @classmethod
    def of(cls, lead: Lead) -> "VetResult":
        """What the workflow, and whoever reads its logs, has to know."""
        return cls(state=lead.state, findings=lead.vetted.findings if lead.vetted else {})


class RouteResult(BaseModel):
    """What the workflow does next, with which offer, and for how long it waits."""

    next: Next
    state: LeadState
    offer_no: int
    wait_s: int

    @classmethod
    def of(cls, routed: Routed) -> "RouteResult":
        """What the workflow has to know of a routing."""
        lead = routed.lead
        return cls(next=routed.next, state=lead.state, offer_no=lead.offer_no, wait_s=routed.wait_s)


class AuctionResult(BaseModel):
    """What came of an auction, in numbers."""

    state: LeadState
    auction_no: int

    @classmethod
    def of(cls, lead: Lead) -> "AuctionResult":
        """What the workflow has to know: the bids are with the lead."""
        return cls(state=lead.state, auction_no=lead.auctions)


class DeliverResult(BaseModel):
    """What the workflow does after a post to a buyer, and how long it waits before it repeats it."""

    then: Delivery
    state: LeadState
    wait_s: int

    @classmethod
    def of(cls, delivered: Delivered) -> "DeliverResult":
        """What the workflow has to know of a delivery."""
        return cls(then=delivered.then, state=delivered.lead.state, wait_s=delivered.wait_s)


class SweepResult(BaseModel):
    """What a sweep found, in numbers."""

    started: int
    running: int
    parked: int
    rejected: int
    lapsed: int
    failed: int

    @classmethod
    def of(cls, sweep: Sweep) -> "SweepResult":
        """The sweep's own numbers."""
        return cls(**asdict(sweep))


class ReweighResult(BaseModel):
    """How many pools were measured, and how many have other weights now."""

    measured: int
    changed: int

    @classmethod
    def of(cls, pools: "Sequence[Reweighed]") -> "ReweighResult":
        """The pools, counted."""
        return cls(measured=len(pools), changed=sum(pool.changed for pool in pools))


class DigestResult(BaseModel):
    """What became of the digests that were due, in numbers."""

    sent: int
    refused: int

    @classmethod
    def of(cls, digests: "Sent") -> "DigestResult":
        """The numbers."""
        return cls(sent=digests.sent, refused=digests.refused)


class Done(BaseModel):
    """A step that has nothing to tell."""

    done: Literal[True] = True


def task[E: BaseModel, R: BaseModel](
    step: Callable[[E], R],
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Make a Lambda handler of a step: read the event by the step's own type, log, answer in plain JSON.

    An error of Baton's own leaves as it is: the workflow retries or catches it by its class name.
    """
    expected = next(iter(get_type_hints(step).values()))

    @wraps(step)
    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        follow(str(event.get("lead_id", "")), context)
        try:
            result = step(expected.model_validate(event))
        except BatonError as error:
            logger.warning("step failed", error=problem_of(error))
            raise
        except Exception as error:
            # Whatever it says may hold a person's data, and Step Functions would keep it in the execution's history.
            logger.error("step failed unexpectedly", error=problem_of(error), at=places_of(error))
            raise StepFailed(problem_of(error)) from None
        answer = result.model_dump(mode="json")
        logger.info("step done", **answer)
        return answer

    return handler
