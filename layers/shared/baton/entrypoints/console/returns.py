"""Returns through the API: those that wait for a person, who decides, and what a person takes back for a buyer."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from baton.domain.documents import Document
from baton.domain.lead_return import Return, ReturnState
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import DEFAULT_PAGE, After, Key, Limit, Router, Routes, existing_lead

if TYPE_CHECKING:
    from baton.application.return_lead import ReturnLead

OfferNo = Annotated[int, Path(ge=1, le=9999, description="The offer by which the lead was sold.")]


class ReturnDecision(Document):
    """What a person decides."""

    approve: bool
    why: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """Told to the buyer."""


class ReturnOnBehalf(Document):
    """A return that a person makes for a buyer, who has said so in another way."""

    reason: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    """A code, as in the campaign's list; but any will do."""
    note: Annotated[str, Field(max_length=2000)] | None = None
    """What the buyer said. May hold personal data: it is kept with the lead alone."""


class LeadReturn(BaseModel):
    """A lead that its buyer gives back."""

    lead_id: str
    offer_no: int
    recipient_id: str
    source_id: str
    campaign_id: str
    state: ReturnState
    reason: str
    note: str | None
    """What the buyer says of it; may hold personal data."""
    price_cents: int
    currency: str
    sold_at: datetime
    asked_at: datetime
    decided_at: datetime | None
    by: str | None
    why: str | None

    @classmethod
    def of(cls, found: Return) -> "LeadReturn":
        """What the API shows of it."""
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class WaitingReturns(BaseModel):
    """Some of the returns that wait for a person."""

    items: list[LeadReturn]
    next: str | None
    """Send it as `after` for the next ones; null: these were the last."""


def returns(take_back: Callable[[], "ReturnLead"]) -> Router:
    """The routes of returns."""
    routes = Routes("returns")

    def waiting(limit: Limit = DEFAULT_PAGE, after: After = None) -> Answer:
        """List the returns that wait for a person, longest first."""
        page = take_back().waiting(limit, after)
        shown = WaitingReturns(items=[LeadReturn.of(one) for one in page.items], next=page.after)
        return as_json(200, shown.model_dump(mode="json"))

    def decide(key: Key, offer_no: OfferNo, document: Any) -> Answer:
        """Approve or refuse a return; approved, the money goes back at once."""
        decided = take_back().decide(
            existing_lead(key),
            offer_no,
            approve=document.approve,
            by=author_of(routes.router),
            why=document.why,
        )
        return as_json(200, LeadReturn.of(decided).model_dump(mode="json"))

    def take(key: Key, offer_no: OfferNo, document: Any) -> Answer:
        """Take a sold lead back for its buyer: the money goes back at once, whatever the campaign limits."""
        by = author_of(routes.router)
        taken = take_back().on_behalf(existing_lead(key), offer_no, document.reason, document.note, by)
        return as_json(200, LeadReturn.of(taken).model_dump(mode="json"))

    listed = described(200, WaitingReturns, "Those that have waited longest first.")
    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    codes = ("not-found", "return-decided", "illegal-transition", *sent)
    made = described(200, LeadReturn, "It is decided.", *codes)
    taken = described(200, LeadReturn, "It is taken back.", "lead-not-sold", *codes)
    one = "/v1/leads/<lead_id>/returns/<offer_no>"
    routes.add("GET", "/v1/returns", waiting, "list_returns", listed)
    routes.add("POST", one, take, "take_return", taken, body=ReturnOnBehalf)
    routes.add("POST", f"{one}/decision", decide, "decide_return", made, body=ReturnDecision)
    return routes.router
