"""Subscriptions: who hears of which events, and where: a webhook."""

from typing import Annotated

from pydantic import Field

from baton.domain.announcement import Announcement
from baton.domain.documents import Configured, Id
from baton.domain.endpoint import SecretName, Url
from baton.domain.timeline import EventKind


class Subscription(Configured):
    """Another system that hears of events, each as a signed HTTP request of its own."""

    kind = "subscription"

    name: str
    url: Url
    """Where events are posted to. Over https: anything else is not sent."""
    events: Annotated[tuple[EventKind, ...], Field(max_length=len(EventKind))] = ()
    """The kinds that it hears of; empty: all."""
    campaigns: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    """Whose leads it hears of; empty: those of all campaigns."""
    personal_data: bool = False
    """Whether the lead's contact goes with each event, as it is at the moment of the delivery."""
    secrets: Annotated[tuple[SecretName, ...], Field(min_length=1, max_length=2)] = ("signing",)
    """Names of Standard Webhooks secrets. All of them sign: two, while one follows the other."""
    active: bool = True

    def wants(self, announcement: Announcement) -> bool:
        """Whether it is to hear of that."""
        return (
            self.active
            and (not self.events or announcement.kind in self.events)
            and (not self.campaigns or announcement.campaign_id in self.campaigns)
        )
