"""Trying a lead: who would get it and why, under which rules, at which time. Changes nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, Field

from baton.application.simulate_lead import Rules
from baton.domain.documents import Document, Id, Instant
from baton.domain.errors import FieldError
from baton.domain.scoring import Score
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.moments import Moment
from baton.entrypoints.console.plans import MAX_VERSION
from baton.entrypoints.console.routes import LEAD_ID_PATTERN, Router, Routes
from baton.entrypoints.console.traces import ShownCandidate, ShownStage, ShownTrace, shown
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baton.application.simulate_lead import Due, SimulateLead, Tried
    from baton.domain.situation import Choice

MAX_IN_A_ROW: Final = 20
"""Leads that are tried one after the other: each is a decision of its own, over the whole plan."""


class LeadToTry(Document):
    """A past lead, or a source and a form's fields; and the rules to try it on."""

    lead_id: Annotated[str, Field(pattern=LEAD_ID_PATTERN)] | None = None
    source_id: Id | None = None
    fields: dict[str, Any] | None = None
    """What a form of that source would send."""
    plan_id: Id | None = None
    """By default the plan of the lead's campaign."""
    version: Annotated[int, Field(ge=1, le=MAX_VERSION)] | None = None
    """By default the version that new leads follow."""
    draft: bool = False
    """The plan's draft instead."""
    at: Moment | None = None
    """By default now."""
    in_a_row: Annotated[int, Field(ge=1, le=MAX_IN_A_ROW)] = 1
    """So many leads of different people who all say the same, each as if who got the one before had taken it."""


class Chosen(BaseModel):
    """Who would get the lead."""

    recipient_id: str
    stage: int | None
    """Index in the plan; null for the fallback owner."""
    stage_name: str
    pool_id: str | None
    price_cents: int | None
    """What the buyer would pay; null for a rep."""

    @classmethod
    def of(cls, choice: "Choice") -> "Chosen":
        """A decision's choice."""
        return cls(
            recipient_id=choice.recipient.id,
            stage=choice.stage if choice.pool else None,
            stage_name=choice.stage_name,
            pool_id=choice.pool.id if choice.pool else None,
            price_cents=choice.price_cents,
        )


class ToAsk(BaseModel):
    """A buyer that would take part in an auction."""

    recipient_id: str
    pinged: bool
    """Whether it would be asked for a bid. If not it takes part at its fixed price."""
    price_cents: int | None
    """The fixed price."""


class DueAuction(BaseModel):
    """An auction that would decide who gets the lead. Nobody was asked now."""

    stage: int
    """Index in the plan."""
    stage_name: str
    pool_id: str
    deadline_ms: int
    floor_cents: int
    """Lowest bid that would be taken."""
    buyers: list[ToAsk]
    """Those who would take part, in the order in which equal bids would win."""
    others: list[ShownCandidate]
    """The others of the pool, and why they would not."""
    more: dict[str, int]
    """How many further members would not, by reason."""

    @classmethod
    def of(cls, due: "Due", stage: ShownStage) -> "DueAuction":
        """An auction, with what the trace says of its stage."""
        buyers = [
            ToAsk(
                recipient_id=who,
                pinged=buyer.price_cents is None and buyer.ping is not None,
                price_cents=buyer.price_cents,
            )
            for who, buyer in due.buyers.items()
        ]
        return cls(
            stage=due.index,
            stage_name=due.stage.name,
            pool_id=due.stage.pool_id,
            deadline_ms=due.stage.auction.deadline_ms,
            floor_cents=due.stage.auction.floor_cents,
            buyers=buyers,
            others=stage.candidates,
            more=stage.more,
        )


class TriedLead(BaseModel):
    """What would happen to the lead."""

    score: Score
    decision: Chosen | None
    """Null: nobody would get it, or an auction would decide."""
    auction: DueAuction | None
    """Null: no auction would be held, or the lead would go to somebody before it came to one."""
    trace: ShownTrace | None
    """Null: its score would disqualify it."""
    row: list[Chosen | None]
    """Who would get each of the leads in a row; `decision` is the first. Empty: its score would disqualify it."""
    at: Instant

    @classmethod
    def of(cls, tried: "Tried") -> "TriedLead":
        """The outcome of a try."""
        decided = tried.decision
        chosen = decided and decided.choice and Chosen.of(decided.choice)
        trace = shown(decided.trace, tried.facts) if decided else None
        auction = DueAuction.of(tried.due, trace.stages[-1]) if tried.due and trace else None
        row = [one and Chosen.of(one) for one in tried.row]
        return cls(score=tried.score, decision=chosen, auction=auction, trace=trace, row=row, at=tried.at)


def simulations(use_case: Callable[[], "SimulateLead"]) -> Router:
    """The routes of simulations."""

    def try_lead(document: Any) -> Answer:
        """Try a lead: who would get it, or be asked for a bid, and why."""
        if errors := list(_contradictions(document)):
            raise InvalidRequest(errors)
        rules = Rules(document.plan_id, document.version, document.draft)
        how = (rules, document.at, document.in_a_row)
        if document.lead_id:
            tried = use_case().past(document.lead_id, *how)
        else:
            tried = use_case().new(document.source_id, document.fields, *how)
        return as_json(200, TriedLead.of(tried).model_dump(mode="json"))

    routes = Routes("simulations")
    sent = ("malformed-body", "unsupported-media-type", "body-too-large", "invalid-lead")
    answer = described(200, TriedLead, "What would happen; nothing did.", "not-found", *sent)
    routes.add("POST", "/v1/simulations/lead", try_lead, "try_lead", answer, body=LeadToTry, reads=True)
    return routes.router


def _contradictions(asked: LeadToTry) -> "Iterator[FieldError]":
    """What cannot be meant together, each at its place."""
    if asked.lead_id is None and asked.source_id is None:
        yield FieldError("lead_id", "name a past lead; or send source_id and fields")
    if asked.lead_id is not None and asked.source_id is not None:
        yield FieldError("source_id", "goes not with lead_id: a past lead has its source")
    if asked.lead_id is not None and asked.fields is not None:
        yield FieldError("fields", "goes not with lead_id: a past lead has its fields")
    if asked.lead_id is None and asked.source_id is not None and asked.fields is None:
        yield FieldError("fields", "goes with source_id: what a form would send")
    if asked.draft and asked.version is not None:
        yield FieldError("version", "goes not with draft: a draft is no version yet")
