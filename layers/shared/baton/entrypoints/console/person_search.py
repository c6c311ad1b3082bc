"""Somebody's leads, by their address or number. It is sent in a body: addresses of requests stand in logs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from baton.domain.documents import Document
from baton.domain.errors import FieldError
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.routes import Router, Routes
from baton.entrypoints.console.stories import LeadPage, LeadRow
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.find_person import FindPerson

_SENT: Final = ("malformed-body", "unsupported-media-type", "body-too-large", "store-unavailable")


class PersonToFind(Document):
    """Whom to look for: by an address, a number, or either."""

    email: Annotated[str, Field(max_length=400)] | None = None
    phone: Annotated[str, Field(max_length=400)] | None = None


def person_search(find: Callable[[], "FindPerson"]) -> Router:
    """The route."""
    routes = Routes("leads")

    def search(document: Any) -> Answer:
        """Find the leads of a person by email or phone."""
        leads, problems = find()(document.email, document.phone)
        if problems:
            raise InvalidRequest([FieldError(one.field, one.problem) for one in problems])
        return as_json(
            200, LeadPage(items=[LeadRow.of(lead) for lead in leads], next=None).model_dump(mode="json")
        )

    found = described(200, LeadPage, "The newest first, 50 at most.", *_SENT)
    routes.add("POST", "/v1/persons/search", search, "search_person", found, body=PersonToFind, reads=True)
    return routes.router
