"""Tell a system of an event, as its connector does it: a CRM, or a marketing tool."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.application.converse import DONE, Refused, connector_of
from baton.domain.connectors.connector import Crm
from baton.domain.connectors.talk import Linked, News, facts_to_tell
from baton.domain.errors import NotFound
from baton.domain.event_delivery import NOTHING_NEW, Outcome
from baton.domain.recipient import Recipient
from baton.domain.rendering import MissingField

if TYPE_CHECKING:
    from datetime import datetime

    from baton.application.archive import Configuration
    from baton.application.converse import Converse
    from baton.application.links import Links
    from baton.application.ports import Clock, Leads
    from baton.domain.announcement import Announcement
    from baton.domain.connectors.connector import Connector
    from baton.domain.connectors.talk import Known
    from baton.domain.lead import Lead
    from baton.domain.subscription import Subscription

LINKED_FOR: Final = timedelta(days=730)
"""How long it is remembered what a lead is called there, from when the system was last told of it."""
OWNERS_KEPT: Final = timedelta(minutes=15)
"""How long each process believes that a rep is this user there, or none."""
NOTHING: Final = Outcome(trouble=NOTHING_NEW)


class TellSystem:
    """What a lead is called there is stored as soon as it is known, so that whatever fails goes on from there.

    Nothing is told of a lead that is gone, or whose person was forgotten.
    """

    def __init__(
        self, leads: Leads, configuration: Configuration, links: Links, converse: Converse, clock: Clock
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._links = links
        self._converse = converse
        self._clock = clock
        self._owners: dict[tuple[str, str], tuple[str | None, datetime]] = {}

    def __call__(self, subscription: Subscription, announcement: Announcement) -> Outcome:
        """What came of it. Only for who has begun this delivery's try. Raises StoreUnavailable."""
        connector, now = connector_of(subscription), self._clock.now()
        lead = self._lead(announcement.lead_id)
        if lead is None:
            return NOTHING
        linked = self._linked(subscription, connector, lead.lead_id)
        facts = facts_to_tell(lead, announcement, now)
        # The subscription may have been edited since the event came to it.
        is_news = connector.wants(announcement) and connector.when_test(facts)
        if not is_news or _is_told(connector, linked, announcement):
            return NOTHING
        memory = _Memory(self._links, subscription.id, lead.lead_id, linked, now + LINKED_FOR)
        until = self._converse.deadline()
        try:
            owner = self._owner(subscription, connector, announcement, until)
            news = News(announcement, lead, facts, linked.known, now, owner)
            said = self._converse(subscription.id, connector, connector.tell(news), until, memory.note)
        except Refused as refused:
            return refused.outcome
        except MissingField as missing:
            return Outcome(trouble=MissingField.code, said=missing.field)
        memory.told(connector, announcement)
        return DONE._replace(said=said)

    def _lead(self, lead_id: str) -> Lead | None:
        try:
            lead = self._leads.get(lead_id)
        except NotFound:
            return None
        return None if lead.forgotten_at else lead

    def _linked(self, subscription: Subscription, connector: Connector, lead_id: str) -> Linked:
        linked = self._links.get(subscription.id, lead_id)
        home = _home(connector)
        return linked if linked.home == home else Linked(home=home)

    def _owner(
        self, subscription: Subscription, connector: Connector, announcement: Announcement, until: datetime
    ) -> str | None:
        """The id there of who has the lead. Raises Refused."""
        if not isinstance(connector, Crm):
            return None
        owners, recipient_id = connector.owners, announcement.recipient_id
        if recipient_id is None:
            return owners.fallback
        if recipient_id in owners.ids:
            return owners.ids[recipient_id]
        email = self._email_of(recipient_id) if owners.by_email else None
        found = self._user(subscription, connector, email, until) if email else None
        return found or owners.fallback

    def _email_of(self, recipient_id: str) -> str | None:
        """Of a rep; buyers are no users there."""
        recipient = self._configuration.get_many(Recipient, [recipient_id]).get(recipient_id)
        return recipient.email if recipient and recipient.buyer is None else None

    def _user(self, subscription: Subscription, connector: Crm, email: str, until: datetime) -> str | None:
        key, now = (f"{subscription.id} {_home(connector)}", email), self._clock.now()
        found, kept_until = self._owners.get(key, (None, now))
        if now >= kept_until:
            found = self._converse(subscription.id, connector, connector.owner_of(email), until)
            self._owners[key] = (found, now + OWNERS_KEPT)
        return found


class _Memory:
    """What is known of a lead there, stored with everything that is added."""

    def __init__(
        self, links: Links, subscription_id: str, lead_id: str, linked: Linked, until: datetime
    ) -> None:
        self._links = links
        self._key = (subscription_id, lead_id)
        self._linked = linked
        self._until = until

    def note(self, known: Known) -> None:
        """Add it."""
        self._put(known={**self._linked.known, known.name: known.value})

    def told(self, connector: Connector, announcement: Announcement) -> None:
        """The system was told of the event."""
        once = {} if connector.keeps_state else {announcement.state.value: str(announcement.seq)}
        self._put(known={**self._linked.known, **once}, told=max(self._linked.told, announcement.seq))

    def _put(self, **facts: object) -> None:
        self._linked = self._linked.model_copy(update=facts)
        self._links.put(*self._key, self._linked, self._until)


def _is_told(connector: Connector, linked: Linked, announcement: Announcement) -> bool:
    """Whether the system knows it, or something later that makes it old. The newest may be told a second time."""
    if connector.keeps_state:
        return announcement.seq < linked.told
    return announcement.state in linked.known


def _home(connector: Connector) -> str:
    return f"{connector.system} {connector.url}"
