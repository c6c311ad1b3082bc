"""What became of a lead: every route of function conclude."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from baton.domain.lead import LeadState
from baton.domain.outcome import Report
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Routes, existing_lead
from baton.entrypoints.console.scores import promotion_routes

if TYPE_CHECKING:
    from baton.application.promote_challenger import PromoteChallenger
    from baton.application.record_outcome import RecordOutcome


class Concluded(BaseModel):
    """The lead afterwards."""

    lead_id: str
    state: LeadState


def outcomes_api(
    conclude: Callable[[], "RecordOutcome"], promote: Callable[[], "PromoteChallenger"]
) -> Console:
    """The handler over these use cases, made when the first request needs them."""
    routes = Routes("leads")

    def record(key: Key, document: Any) -> Answer:
        """Say what became of a lead; once finished, it frees its recipient's capacity."""
        lead = conclude()(existing_lead(key), document, author_of(routes.router))
        return as_json(200, Concluded(lead_id=lead.lead_id, state=lead.state).model_dump(mode="json"))

    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    refused = ("not-found", "illegal-transition", "outcome-id-reused", "invalid-outcome")
    answer = described(200, Concluded, "It is recorded.", *refused, *sent)
    routes.add("POST", "/v1/leads/<lead_id>/outcomes", record, "record_outcome", answer, body=Report)
    return Console([routes.router, promotion_routes(promote)])
