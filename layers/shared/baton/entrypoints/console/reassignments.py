"""Leads that a person gives to somebody else: the route of function reassign."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from baton.domain.documents import Document, Id
from baton.domain.errors import FieldError
from baton.domain.reassignment import Order
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.leads import MAX_OFFER_NO
from baton.entrypoints.console.reviews import ReviewedLead
from baton.entrypoints.console.routes import Key, Routes, existing_lead
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.reassign_lead import ReassignLead

_CODES: Final = (
    "not-found",
    "illegal-transition",
    "claim-contention",
    "store-unavailable",
    "workflow-unavailable",
    "malformed-body",
    "unsupported-media-type",
    "body-too-large",
)


class Reassignment(Document):
    """Who is to have a lead, and why."""

    recipient_id: Id | None = None
    """An active rep, who has it at once, whatever hours and caps say; null: whoever its plan has for it, of those who
    have not had it."""
    reason: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = "by-hand"
    """A code, such as `away`. Nothing about the person: everybody sees it."""
    offer_no: Annotated[int, Field(ge=0, le=MAX_OFFER_NO)] | None = None
    """How many offers of the lead you have seen: where there is another by now, nothing is done. Needed without a
    `recipient_id`: ordered twice, the lead would else go on twice. null: do not look."""


def reassignments_api(reassign: Callable[[], "ReassignLead"]) -> Console:
    """The handler over this use case, made when the first request needs it."""
    routes = Routes("leads")

    def give(key: Key, document: Any) -> Answer:
        """Take a lead from whoever has it, and give it to a rep, or let it find somebody anew."""
        lead_id, to = existing_lead(key), document.recipient_id
        if to is not None and not reassign().may_get_leads(to):
            problem = "is no active rep: choose one who is switched on"
            raise InvalidRequest([FieldError("recipient_id", problem)])
        if to is None and document.offer_no is None:
            problem = "is needed where nobody is chosen: how many offers of the lead you have seen"
            raise InvalidRequest([FieldError("offer_no", problem)])
        order = Order(author_of(routes.router), to, document.reason)
        lead = reassign()(lead_id, order, document.offer_no)
        return as_json(200, ReviewedLead(lead_id=lead.lead_id, state=lead.state).model_dump(mode="json"))

    answer = described(200, ReviewedLead, "It is on its way to somebody else.", *_CODES)
    path = "/v1/leads/<lead_id>/reassignment"
    routes.add("POST", path, give, "reassign_lead", answer, body=Reassignment)
    return Console([routes.router])
