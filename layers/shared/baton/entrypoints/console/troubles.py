"""What is wrong now: the route of function diagnose."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from pydantic import BaseModel

from baton.domain.channels import Channel
from baton.domain.documents import Instant
from baton.domain.trouble import TroubleKind
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.routes import Routes

if TYPE_CHECKING:
    from baton.application.show_troubles import ShowTroubles


class ShownTrouble(BaseModel):
    """One thing that is wrong."""

    kind: TroubleKind
    of: str
    """The id of the source, campaign, recipient or subscription; of dead letters, the queue's short name."""
    words: str
    next: str
    """What to do about it."""
    count: int | None
    """How many, where there are many."""
    until: Instant | None
    """When it is tried again by itself."""
    channel: Channel | None
    """By which a rep cannot be told."""


class Troubles(BaseModel):
    """What is wrong now."""

    items: list[ShownTrouble]
    """The most pressing first. Empty: all is well."""


def troubles_api(show: Callable[[], "ShowTroubles"]) -> Console:
    """The handler over this use case, made when the first request needs it."""
    routes = Routes("troubles")

    def read() -> Answer:
        """Say what is wrong now and a person has to act on, each with the next step."""
        found = Troubles(items=[ShownTrouble(**asdict(one)) for one in show()()])
        return as_json(200, found.model_dump(mode="json"))

    answer = described(200, Troubles, "What is wrong now.", "store-unavailable")
    routes.add("GET", "/v1/troubles", read, "list_troubles", answer)
    return Console([routes.router])
