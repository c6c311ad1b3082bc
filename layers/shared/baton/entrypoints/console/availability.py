"""How recipients stand: the availability routes of function explore."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from baton.domain.caps import Span
from baton.domain.recipient import Recipient
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.routes import DEFAULT_PAGE, After, Key, Router, Routes, existing_id

if TYPE_CHECKING:
    from baton.application.show_recipient import RecipientView, ShowRecipient


MAX_AT_ONCE: Final = 100
"""What they have used is then read with one call."""
AtOnce = Annotated[int, Query(ge=1, le=MAX_AT_ONCE, description="Of how many at most.")]


class CapInUse(BaseModel):
    """One cap, and how much of it is used."""

    span: Span
    used: int
    cap: int
    resets_at: datetime
    campaign_id: str | None
    """None: in total."""


class Availability(BaseModel):
    """How a recipient stands at this moment."""

    recipient_id: str
    available: bool
    reason: str | None
    next_available: datetime | None
    words: str
    """Such as "Ana is next available Mon 30 Nov 09:00 Europe/Madrid: outside working hours"."""
    open_leads: int
    caps: list[CapInUse]

    @classmethod
    def of(cls, view: "RecipientView") -> "Availability":
        """What the API shows of it."""
        return cls(
            recipient_id=view.recipient.id,
            available=view.obstacle is None,
            reason=str(view.obstacle.reason) if view.obstacle else None,
            next_available=view.next_available,
            words=view.words,
            open_leads=view.open_leads,
            caps=[
                CapInUse(**{name: getattr(cap, name) for name in CapInUse.model_fields}) for cap in view.caps
            ],
        )


class Availabilities(BaseModel):
    """How some recipients stand."""

    items: list[Availability]
    """By recipient_id, without those who are switched off: fewer than asked for, or none, and still not the last."""
    next: str | None
    """Send it as `after` for the next ones; null: these were the last."""


def availability(show: Callable[[], "ShowRecipient"]) -> Router:
    """The routes over this use case, made when the first request needs it."""
    routes = Routes("recipients")

    def page(limit: AtOnce = DEFAULT_PAGE, after: After = None) -> Answer:
        """Say of every active recipient whether they are available, and what is used of every cap."""
        found = show().page(limit, after)
        shown = Availabilities(items=[Availability.of(view) for view in found.items], next=found.after)
        return as_json(200, shown.model_dump(mode="json"))

    def read(key: Key) -> Answer:
        """Say whether a recipient is available, from when on, and what is used of every cap."""
        view = show()(existing_id(Recipient, key))
        return as_json(200, Availability.of(view).model_dump(mode="json"))

    answer = described(200, Availability, "How the recipient stands at this moment.", "not-found")
    listed = described(200, Availabilities, "How they stand at this moment.")
    routes.add("GET", "/v1/recipients/<recipient_id>/availability", read, "read_availability", answer)
    routes.add("GET", "/v1/availability", page, "list_availability", listed)
    return routes.router
