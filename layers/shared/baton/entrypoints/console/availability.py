"""How a recipient stands: the availability route of function explore."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from baton.domain.caps import Span
from baton.domain.recipient import Recipient
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.routes import Key, Router, Routes, existing_id

if TYPE_CHECKING:
    from baton.application.show_recipient import RecipientView, ShowRecipient


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


def availability(show: Callable[[], "ShowRecipient"]) -> Router:
    """The route over this use case, made when the first request needs it."""
    routes = Routes("recipients")

    def read(key: Key) -> Answer:
        """Say whether a recipient is available, from when on, and what is used of every cap."""
        view = show()(existing_id(Recipient, key))
        return as_json(200, Availability.of(view).model_dump(mode="json"))

    answer = described(200, Availability, "How the recipient stands at this moment.", "not-found")
    routes.add("GET", "/v1/recipients/<recipient_id>/availability", read, "read_availability", answer)
    return routes.router
