"""Follow deliveries: what became of events for a subscription, sent again, and a try with a made-up one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.domain.announcement import Announcement
from baton.domain.errors import ClaimContention, NotFound
from baton.domain.event_delivery import DeliveryState, EventDelivery
from baton.domain.lead import Contact, LeadState
from baton.domain.made_up import PERSON
from baton.domain.subscription import Subscription
from baton.domain.timeline import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from baton.application.archive import Archive
    from baton.application.converse import CheckSystem
    from baton.application.ports import Clock
    from baton.application.post_event import PostEvent
    from baton.application.subscriptions import Deliveries, DeliveryQueue
    from baton.domain.editing import Page
    from baton.domain.event_delivery import Outcome

ATTEMPTS: Final = 3
NOBODY: Final = Contact.model_validate(
    {name: PERSON[name] for name in ("email", "phone", "city", "state", "country")}
)


class FollowDeliveries:
    """What people do with the deliveries of a subscription."""

    def __init__(
        self,
        archive: Archive,
        deliveries: Deliveries,
        queue: DeliveryQueue,
        post: PostEvent,
        check: CheckSystem,
        clock: Clock,
        new_lead_id: Callable[[], str],
    ) -> None:
        self._archive = archive
        self._deliveries = deliveries
        self._queue = queue
        self._post = post
        self._check = check
        self._clock = clock
        self._new_lead_id = new_lead_id

    def page(
        self, subscription_id: str, limit: int, after: str | None, state: DeliveryState | None
    ) -> Page[EventDelivery]:
        """See Deliveries.page. Raises NotFound, StoreUnavailable."""
        self._subscription(subscription_id)
        return self._deliveries.page(subscription_id, limit, after, state)

    def replay(self, subscription_id: str, delivery_id: str) -> EventDelivery:
        """Send an event once more, whatever became of it before. Under its id, so that it can be told for the same.

        One that is waiting is tried now. Raises NotFound, ClaimContention, StoreUnavailable.
        """
        self._subscription(subscription_id)
        for _ in range(ATTEMPTS):
            found = self._deliveries.get(subscription_id, delivery_id)
            if found is None:
                raise NotFound("delivery", delivery_id)
            again = found.again(self._clock.now())
            if self._deliveries.put(again, found):
                # A lane knows already of an event that was delivered before: what it knows does not change.
                lead_id, seq = again.announcement.lead_id, again.announcement.seq
                known = max(seq, self._deliveries.lane(subscription_id, lead_id).known)
                self._deliveries.enter(subscription_id, lead_id, [delivery_id], known, again.kept_until)
                self._queue.put(subscription_id, delivery_id, timedelta())
                return again
        raise ClaimContention(delivery_id)

    def try_out(self, subscription_id: str) -> tuple[Announcement, Outcome]:
        """Send an event of a lead that there is not, marked as a test. Nothing is kept. Raises NotFound.

        A connector sends none: it asks its system for something that only shows whether we are let in.
        """
        subscription = self._subscription(subscription_id)
        sample = self._sample(subscription)
        if subscription.connector:
            return sample, self._check(subscription)
        return sample, self._post(subscription, sample, NOBODY)

    def _subscription(self, subscription_id: str) -> Subscription:
        stored = self._archive.find(Subscription, subscription_id)
        if stored is None:
            raise NotFound(Subscription.kind, subscription_id)
        return stored.document

    def _sample(self, subscription: Subscription) -> Announcement:
        """An assignment, which every subscriber has to be able to read: who wants other kinds ignores it."""
        lead_id, now = self._new_lead_id(), self._clock.now()
        facts = {"offer": 1, "recipient_id": "example", "stage": "example", "pool_id": "example"}
        return Announcement(
            id=f"{lead_id}-1",
            lead_id=lead_id,
            seq=1,
            at=now,
            kind=EventKind.LEAD_ASSIGNED,
            state=LeadState.ASSIGNED,
            campaign_id=next(iter(subscription.campaigns), "example"),
            source_id="example",
            recipient_id="example",
            test=True,
            facts=facts,
        )
