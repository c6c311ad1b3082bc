"""Tell a person something once, by every channel that they have, whatever is repeated; and the notes that see to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from baton.domain.errors import ClaimContention, NotificationFailed
from baton.domain.recipient import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baton.application.messages import Message
    from baton.application.ports import Clock, Leads, Notifier
    from baton.domain.offer import Offer

ATTEMPTS: Final = 8
BUSY: Final = timedelta(seconds=30)
"""Longer than a run that sends may take: who finds that it has begun waits so long before sending it themselves."""
_BEGUN: Final = "begun"


class Address(NamedTuple):
    """Where somebody is reached."""

    channel: Channel
    where: str


class Marks:
    """What is noted of a message, with an offer: that it is begun, before it leaves; that it was taken, afterwards."""

    def __init__(self, leads: Leads, clock: Clock) -> None:
        self._leads = leads
        self._clock = clock

    def begin(self, lead_id: str, no: int, key: str) -> bool:
        """Whether it was taken before; if not, it is noted that it begins now.

        Raises NotificationFailed where another run is at it; ClaimContention.
        """
        for _ in range(ATTEMPTS):
            offer, now = self._leads.offer(lead_id, no), self._clock.now()
            known = offer.sent.get(key)
            if isinstance(known, str):
                return True
            if known and now < datetime.fromisoformat(known[_BEGUN]) + BUSY:
                raise NotificationFailed
            if self._leads.note(_with(offer, key, {_BEGUN: now.isoformat()})):
                return False
        raise ClaimContention(lead_id)

    def end(self, lead_id: str, no: int, key: str, *, taken: bool) -> None:
        """Note that it was taken; or that it is begun no more, and may be at once."""
        said = self._clock.now().isoformat() if taken else None
        for _ in range(ATTEMPTS):
            if self._leads.note(_with(self._leads.offer(lead_id, no), key, said)):
                return

    def taken(self, lead_id: str, no: int, name: str) -> list[Channel]:
        """The channels of which it is noted, each under its own name, that they took the message of that name."""
        sent = self._leads.offer(lead_id, no).sent
        return [channel for channel in Channel if isinstance(sent.get(f"{name}.{channel}"), str)]


class TellOnce:
    """Each channel for itself."""

    def __init__(self, marks: Marks, notifier: Notifier) -> None:
        self._marks = marks
        self._notifier = notifier

    def __call__(
        self, lead_id: str, no: int, name: str, addresses: Iterable[Address], message: Message
    ) -> list[Channel]:
        """The channels that took the message, now or before. `name`: what is told to whom, the same when repeated.

        Raises NotificationFailed where no channel works now, or another run is sending it; ClaimContention.
        """
        taken, failure = [], None
        for address in addresses:
            try:
                if self._told(lead_id, no, f"{name}.{address.channel}", address, message):
                    taken.append(address.channel)
            except NotificationFailed as error:
                failure = error
        if failure and not taken:
            raise failure
        return taken

    def _told(self, lead_id: str, no: int, key: str, address: Address, message: Message) -> bool:
        if self._marks.begin(lead_id, no, key):
            return True
        try:
            taken = self._hand_over(address, message)
        except NotificationFailed:
            self._marks.end(lead_id, no, key, taken=False)
            raise
        self._marks.end(lead_id, no, key, taken=taken)
        return taken

    def _hand_over(self, address: Address, message: Message) -> bool:
        if address.channel is Channel.SMS:
            return self._notifier.sms(address.where, message.sms)
        return self._notifier.email(address.where, message.subject, message.text, message.html)


def _with(offer: Offer, key: str, said: Any) -> Offer:
    others = {name: one for name, one in offer.sent.items() if name != key}
    return offer.noted(sent={**others, key: said} if said else others)
