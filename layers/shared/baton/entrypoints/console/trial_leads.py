"""Test leads through the API: somebody who has signed in sends one, as the source itself would."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import BaseModel, Field

from baton.domain.documents import Document
from baton.domain.lead import LeadState
from baton.domain.sender import Sender
from baton.domain.source import Source
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Router, Routes, existing_id
from baton.entrypoints.observability import logger

if TYPE_CHECKING:
    from baton.application.accept_lead import AcceptLead


SendKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,200}$",
        description="The same key is the same test lead, however often it is sent.",
    ),
]


class LeadToSend(Document):
    """A lead as the source would send it."""

    fields: dict[str, Any] = Field(max_length=1000)


class SentLead(BaseModel):
    """A test lead that was taken."""

    lead_id: str
    state: LeadState


def trial_leads(accept: Callable[[], "AcceptLead"]) -> Router:
    """The route of test leads."""
    routes = Routes("sources")

    def send(key: Key, document: Any, idempotency_key: SendKey = None) -> Answer:
        """Send a test lead: it goes the way of all others, costs nothing, and is in no report."""
        source_id = existing_id(Source, key)
        # Who has signed in is known, as a vendor with a key is; so neither keys nor web sites are asked for.
        # With a space, as no key of the form itself has one.
        once = f"test {idempotency_key}" if idempotency_key else None
        received = accept()(source_id, {**document.fields, "test": True}, key=once, sender=Sender(known=True))
        logger.info(
            "test lead sent", source_id=source_id, lead_id=received.lead_id, by=author_of(routes.router)
        )
        return as_json(202, SentLead(lead_id=received.lead_id, state=received.state).model_dump(mode="json"))

    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    taken = (
        "not-found",
        "source-inactive",
        "invalid-lead",
        "configuration-broken",
        "idempotency-key-reused",
        "store-unavailable",
        *sent,
    )
    answer = described(202, SentLead, "It is on its way.", *taken)
    routes.add("POST", "/v1/sources/<source_id>/test", send, "send_test_lead", answer, body=LeadToSend)
    return routes.router
