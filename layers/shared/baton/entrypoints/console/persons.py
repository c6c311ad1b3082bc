"""Persons, forgotten through the API: every route of function forget."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import BaseModel

from baton.domain.documents import Instant
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Routes, existing_lead
from baton.entrypoints.observability import logger

if TYPE_CHECKING:
    from baton.application.forget_person import ForgetPerson, Forgotten


class PersonForgotten(BaseModel):
    """What was removed."""

    lead_id: str
    forgotten_at: Instant | None
    """Null: there was more than time; send it again."""
    leads: int
    """How many of the person's leads this request has emptied, this one included."""
    rows: int
    """How many other rows it has removed or emptied."""

    @classmethod
    def of(cls, found: "Forgotten") -> "PersonForgotten":
        """What came of a request."""
        at = found.lead.forgotten_at if found.done else None
        return cls(lead_id=found.lead.lead_id, forgotten_at=at, leads=found.leads, rows=found.rows)


def persons_api(forget: Callable[[], "ForgetPerson"]) -> Console:
    """The handler over this use case, made when the first request needs it."""
    routes = Routes("leads")

    def remove(key: Key) -> Answer:
        """Remove a lead's person, with their other leads: everything but the numbers. Again changes nothing."""
        by = author_of(routes.router)
        found = forget()(existing_lead(key), by)
        logger.info(
            "person forgotten", lead_id=key, leads=found.leads, rows=found.rows, done=found.done, by=by
        )
        body = PersonForgotten.of(found).model_dump(mode="json")
        return as_json(200 if found.done else 202, body)

    done = described(200, PersonForgotten, "The person is forgotten.", "not-found", "lead-in-motion")
    more = {202: {**done[200], "description": "There is more than there was time for: send it again."}}
    routes.add(
        "DELETE", "/v1/leads/<lead_id>/person", remove, "forget_person", done, more, summary="Forget a person"
    )
    return Console([routes.router])
