"""Send an event: one try of a delivery whose time and turn have come."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from baton.domain.errors import EditConflict, NotFound, NotificationFailed
from baton.domain.event_delivery import DeliveryState, Ending, EventDelivery, seq_of
from baton.domain.subscription import Subscription

if TYPE_CHECKING:
    from baton.application.archive import Configuration
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.ports import Alerts, Clock, Leads, Resting
    from baton.application.post_event import PostEvent
    from baton.application.subscriptions import Deliveries, DeliveryQueue
    from baton.application.tell_system import TellSystem
    from baton.domain.announcement import Announcement
    from baton.domain.event_delivery import Outcome
    from baton.domain.lead import Contact

BY_ITSELF: Final = "baton"
"""The author of what Baton does by itself, in the change log."""
TOLD_AGAIN: Final = timedelta(hours=1)
"""While one subscriber's deliveries keep dying, operations hear of it so often from each process."""


class SendEvent:
    """A subscriber hears of a lead's events one after another, each at least once.

    Whoever comes too early goes back into the queue; whoever comes before their turn goes, for the one before them
    calls them. A try is stored before it leaves, so two processes never make the same one. A subscriber that keeps
    not answering is left in peace for a minute at a time, so that it takes no other's place.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        queue: DeliveryQueue,
        configuration: Configuration,
        leads: Leads,
        post: PostEvent,
        tell: TellSystem,
        resting: Resting,
        edit: EditConfiguration,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._deliveries = deliveries
        self._queue = queue
        self._configuration = configuration
        self._leads = leads
        self._post = post
        self._tell = tell
        self._resting = resting
        self._edit = edit
        self._alerts = alerts
        self._clock = clock
        self._told: dict[str, datetime] = {}

    def __call__(self, subscription_id: str, delivery_id: str) -> EventDelivery | None:
        """The delivery after that; None where there is none. Doing it twice is harmless. Raises StoreUnavailable."""
        found = self._deliveries.get(subscription_id, delivery_id)
        if found is None:
            return None
        if found.state is not DeliveryState.PENDING or found.next_at is None:
            self._call_next(found)
            return found
        now = self._clock.now()
        if found.next_at > now:
            self._queue.put(subscription_id, delivery_id, found.next_at - now)
            return found
        first = self._deliveries.lane(subscription_id, found.announcement.lead_id).first
        if first is not None and seq_of(first) < seq_of(delivery_id):
            return found
        return self._try(found, now)

    def _try(self, found: EventDelivery, now: datetime) -> EventDelivery:
        subscription = self._configuration.get_many(Subscription, [found.subscription_id]).get(
            found.subscription_id
        )
        if subscription is None or not subscription.active:
            return self._store(found.ended(Ending.INACTIVE if subscription else Ending.DELETED))
        system = subscription.system
        if not self._resting.allowed_among([system]):
            return self._store(found.postponed(now))
        begun = found.begun(now)
        if not self._deliveries.put(begun):
            return found
        outcome = self._say(subscription, begun.announcement)
        if outcome.is_silence or outcome.is_throttled:
            self._resting.failed(system)
        else:
            self._resting.succeeded(system)
        after = begun.tried(outcome, self._clock.now())
        if outcome.is_farewell:
            self._switch_off(subscription.id)
        elif after.state is DeliveryState.DEAD:
            self._tell_of_death(after)
        return self._store(after)

    def _say(self, subscription: Subscription, announcement: Announcement) -> Outcome:
        if subscription.connector:
            return self._tell(subscription, announcement)
        contact = self._contact(announcement.lead_id) if subscription.personal_data else None
        return self._post(subscription, announcement, contact)

    def _store(self, delivery: EventDelivery) -> EventDelivery:
        """Store it, and let go on what comes after it."""
        if not self._deliveries.put(delivery):
            return delivery
        if delivery.next_at is None:
            self._call_next(delivery)
        else:
            wait = delivery.next_at - self._clock.now()
            self._queue.put(delivery.subscription_id, delivery.delivery_id, max(wait, timedelta()))
        return delivery

    def _call_next(self, done: EventDelivery) -> None:
        lane = self._deliveries.leave(
            done.subscription_id, done.announcement.lead_id, done.delivery_id, done.kept_until
        )
        if lane.first is not None:
            self._queue.put(done.subscription_id, lane.first, timedelta())

    def _contact(self, lead_id: str) -> Contact | None:
        """The lead's person, as the lead has it now."""
        try:
            lead = self._leads.get(lead_id)
        except NotFound:
            return None
        return None if lead.forgotten_at else lead.contact

    def _switch_off(self, subscription_id: str) -> None:
        """The subscriber wants nothing any more. Whoever edits the subscription at this moment is right."""
        try:
            stored = self._edit.find(Subscription, subscription_id)
            if not stored.document.active:
                return
            off = stored.document.model_copy(update={"active": False})
            self._edit.replace(off, stored.rev, BY_ITSELF)
        except (NotFound, EditConflict):
            return
        with suppress(NotificationFailed):
            self._alerts.alert(
                "A subscription was switched off: its subscriber answers 410 Gone",
                subscription_id=subscription_id,
            )

    def _tell_of_death(self, dead: EventDelivery) -> None:
        now, told = self._clock.now(), self._told.get(dead.subscription_id)
        if told is not None and now - told < TOLD_AGAIN:
            return
        with suppress(NotificationFailed):
            self._alerts.alert(
                "An event could not be brought to a subscriber for three days",
                subscription_id=dead.subscription_id,
                delivery_id=dead.delivery_id,
                status=dead.status,
                trouble=dead.trouble,
                said=dead.said,
            )
            self._told[dead.subscription_id] = now
