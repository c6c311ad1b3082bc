"""What is wrong now, from everything that knows: queues, configuration, breakers and deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from baton.domain.campaign import Campaign
from baton.domain.plan import PublishedPlan
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.subscription import Subscription
from baton.domain.trouble import (
    Trouble,
    TroubleKind,
    dead_letters,
    of_campaign,
    of_recipient,
    of_source,
    of_subscription,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from baton.application.archive import Archive
    from baton.application.ports import Clock
    from baton.application.subscriptions import Deliveries
    from baton.domain.documents import Configured

_PLACES: Final = {kind: place for place, kind in enumerate(TroubleKind)}


class DeadLetters(Protocol):
    """The queues of messages that a function failed at, again and again."""

    def counts(self) -> Mapping[str, int | None]:
        """About how many there are, by the queue's short name; None: it could not be looked at."""
        ...


class Rests(Protocol):
    """Whose systems are left in peace for a while because calls to them keep failing."""

    def resting(self, keys: Collection[str]) -> Mapping[str, datetime]:
        """Those of them who are, and when they are tried again. Raises StoreUnavailable."""
        ...


class ShowTroubles:
    """The most pressing first. Reads, and changes nothing: it asks for no trial call."""

    def __init__(
        self, archive: Archive, queues: DeadLetters, rests: Rests, deliveries: Deliveries, clock: Clock
    ) -> None:
        self._archive = archive
        self._queues = queues
        self._rests = rests
        self._deliveries = deliveries
        self._clock = clock

    def __call__(self) -> tuple[Trouble, ...]:
        """Raises StoreUnavailable."""
        found = [*self._in_queues(), *self._in_configuration()]
        return tuple(sorted(found, key=lambda one: (_PLACES[one.kind], one.of)))

    def _in_queues(self) -> Iterator[Trouble]:
        for queue, count in self._queues.counts().items():
            if found := dead_letters(queue, count):
                yield found

    def _in_configuration(self) -> Iterator[Trouble]:
        now = self._clock.now()
        yield from filter(None, map(of_source, self._every(Source)))
        campaigns, recipients = self._every(Campaign), self._every(Recipient)
        plans = self._archive.find_many(PublishedPlan, sorted({one.plan_id for one in campaigns}))
        for campaign in campaigns:
            if found := of_campaign(campaign, published=campaign.plan_id in plans):
                yield found
        buyers = [one.id for one in recipients if one.buyer]
        subscriptions = self._every(Subscription)
        rests = self._rests.resting([*buyers, *(one.system for one in subscriptions)])
        for recipient in recipients:
            yield from of_recipient(recipient, rests.get(recipient.id) if recipient.buyer else None)
        for subscription in subscriptions:
            given_up = self._deliveries.given_up(subscription.id, now)
            yield from of_subscription(subscription, given_up, rests.get(subscription.system))

    def _every[D: Configured](self, kind: type[D]) -> list[D]:
        return [stored.document for stored in self._archive.every(kind)]
