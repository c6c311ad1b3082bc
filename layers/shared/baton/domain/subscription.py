"""Subscriptions: who hears of which events, and how: a webhook, or a system that a connector speaks with."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from baton.domain.announcement import Announcement
from baton.domain.connectors.catalogue import AnyConnector
from baton.domain.documents import Configured, Id
from baton.domain.endpoint import SecretName, Url
from baton.domain.timeline import EventKind


class Subscription(Configured):
    """Another system that hears of events: each as a signed HTTP request of its own, or as the system wants it."""

    kind = "subscription"

    name: str
    url: Url | None = None
    """Where events are posted to. Over https: anything else is not sent."""
    connector: AnyConnector | None = None
    """How a CRM or a marketing tool is told, in place of a webhook."""
    events: Annotated[tuple[EventKind, ...], Field(max_length=len(EventKind))] = ()
    """The kinds that it hears of; empty: all."""
    campaigns: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    """Whose leads it hears of; empty: those of all campaigns."""
    personal_data: bool = False
    """Whether the lead's contact goes with each event, as it is at the moment of the delivery."""
    secrets: Annotated[tuple[SecretName, ...], Field(min_length=1, max_length=2)] = ("signing",)
    """Names of Standard Webhooks secrets. All of them sign: two, while one follows the other."""
    active: bool = True

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if (self.url is None) is (self.connector is None):
            message = "a subscription has either a url, or a connector"
            raise ValueError(message)
        return self

    @property
    def author(self) -> str:
        """Who says it, where the subscriber tells what became of a lead."""
        return f"{self.kind}:{self.id}"

    @property
    def system(self) -> str:
        """Under which name its system is known to fail."""
        return f"subscription.{self.id}"

    def wants(self, announcement: Announcement) -> bool:
        """Whether it is to hear of that."""
        return (
            self.active
            and (not self.events or announcement.kind in self.events)
            and (not self.campaigns or announcement.campaign_id in self.campaigns)
            and (self.connector is None or self._is_news(announcement))
        )

    def _is_news(self, announcement: Announcement) -> bool:
        """Whether a connector is to tell of it. Not of what its system has told us itself."""
        assert self.connector is not None
        return self.connector.wants(announcement) and announcement.facts.get("by") != self.author
