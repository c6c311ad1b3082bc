"""Deliveries of events to subscriptions: every route of function resend."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel

from baton.domain.errors import NotFound
from baton.domain.event_delivery import DELIVERY_ID_PATTERN, DeliveryState, EventDelivery
from baton.domain.subscription import Subscription
from baton.domain.timeline import EventKind
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import DEFAULT_PAGE, After, Key, Limit, Routes, existing_id
from baton.entrypoints.observability import logger

if TYPE_CHECKING:
    from baton.application.follow_deliveries import FollowDeliveries

State = Annotated[DeliveryState | None, Query(description="Only those that stand so.")]
DeliveryId = Annotated[str, Path(description="The delivery's id, as the list has it.")]
_ID: Final = re.compile(DELIVERY_ID_PATTERN)


class ShownEventDelivery(BaseModel):
    """An event on its way to a subscription."""

    delivery_id: str
    event_id: str
    """The header `webhook-id`: the same with every try."""
    lead_id: str
    seq: int
    kind: EventKind
    at: datetime
    """When it happened."""
    state: DeliveryState
    attempts: int
    last_at: datetime | None
    next_at: datetime | None
    """When it is tried next, unless an earlier event of the lead is still to be delivered; null: it is not."""
    status: int | None
    """The HTTP status of the last try."""
    trouble: str | None
    """Why there was none, or why it is not tried again."""
    said: str | None
    """Of a connector: which request failed, and the code that the system gave."""
    kept_until: datetime

    @classmethod
    def of(cls, delivery: EventDelivery) -> "ShownEventDelivery":
        """What the API shows of it."""
        event = delivery.announcement
        same = set(cls.model_fields) & set(EventDelivery.model_fields)
        return cls(
            delivery_id=delivery.delivery_id,
            event_id=event.id,
            lead_id=event.lead_id,
            seq=event.seq,
            kind=event.kind,
            at=event.at,
            **delivery.model_dump(include=same),
        )


class EventDeliveries(BaseModel):
    """Some of a subscription's deliveries."""

    items: list[ShownEventDelivery]
    next: str | None
    """Send it as `after` for the next ones; null: these were the last."""


class SubscriptionTrial(BaseModel):
    """What came of sending a made-up event."""

    event: dict[str, Any]
    """What was sent, without a contact."""
    delivered: bool
    status: int | None
    """HTTP status; null without an answer."""
    trouble: str | None
    """Why there was none, or why nothing was sent."""
    said: str | None
    """Of a connector: which request failed, and the code that the system gave."""


def deliveries_api(follow: Callable[[], "FollowDeliveries"]) -> Console:
    """The handler over this use case, made for every request: so it knows secrets that were just stored."""
    routes = Routes("subscriptions")

    def page(key: Key, limit: Limit = DEFAULT_PAGE, after: After = None, state: State = None) -> Answer:
        """List a subscription's deliveries, newest event first."""
        found = follow().page(existing_id(Subscription, key), limit, after, state)
        shown = EventDeliveries(items=[ShownEventDelivery.of(one) for one in found.items], next=found.after)
        return as_json(200, shown.model_dump(mode="json"))

    def replay(key: Key, delivery_id: DeliveryId) -> Answer:
        """Send an event once more, whatever became of it."""
        if not _ID.fullmatch(delivery_id):
            raise NotFound("delivery", delivery_id)
        again = follow().replay(existing_id(Subscription, key), delivery_id)
        logger.info(
            "event sent again", subscription_id=key, delivery_id=delivery_id, by=author_of(routes.router)
        )
        return as_json(202, ShownEventDelivery.of(again).model_dump(mode="json"))

    def try_out(key: Key) -> Answer:
        """Send a made-up event to a subscription now, and show what came of it. A connector only shows who we are."""
        event, outcome = follow().try_out(existing_id(Subscription, key))
        logger.info("subscription tried", subscription_id=key, by=author_of(routes.router))
        trial = SubscriptionTrial(
            event=event.model_dump(mode="json"),
            delivered=outcome.is_good,
            status=outcome.status or None,
            trouble=outcome.trouble,
            said=outcome.said,
        )
        return as_json(200, trial.model_dump(mode="json"))

    one = "/v1/subscriptions/<subscription_id>"
    listed = described(200, EventDeliveries, "The newest, within 30 days.", "not-found")
    sent = described(202, ShownEventDelivery, "It is on its way.", "not-found", "claim-contention")
    tried = described(200, SubscriptionTrial, "What the subscriber said.", "not-found")
    routes.add("GET", f"{one}/deliveries", page, "list_deliveries", listed)
    routes.add("POST", f"{one}/deliveries/<delivery_id>/replay", replay, "replay_delivery", sent)
    routes.add("POST", f"{one}/test", try_out, "try_subscription", tried)
    return Console([routes.router])
