"""Tell somebody something about a lead once, by every channel that they have, whatever is repeated."""

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


class TellOnce:
    """What is sent is noted with the offer: that it is begun, before it leaves, and that it was taken, afterwards."""

    def __init__(self, leads: Leads, notifier: Notifier, clock: Clock) -> None:
        self._leads = leads
        self._notifier = notifier
        self._clock = clock

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
        if self._begin(lead_id, no, key):
            return True
        try:
            taken = self._hand_over(address, message)
        except NotificationFailed:
            self._note(lead_id, no, key, None)
            raise
        self._note(lead_id, no, key, self._clock.now().isoformat() if taken else None)
        return taken

    def _begin(self, lead_id: str, no: int, key: str) -> bool:
        """Whether it was taken before; if not, it is noted that it begins now."""
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

    def _note(self, lead_id: str, no: int, key: str, said: str | None) -> None:
        for _ in range(ATTEMPTS):
            if self._leads.note(_with(self._leads.offer(lead_id, no), key, said)):
                return

    def _hand_over(self, address: Address, message: Message) -> bool:
        if address.channel is Channel.SMS:
            return self._notifier.sms(address.where, message.sms)
        return self._notifier.email(address.where, message.subject, message.text, message.html)


def _with(offer: Offer, key: str, said: Any) -> Offer:
    others = {name: one for name, one in offer.sent.items() if name != key}
    return offer.noted(sent={**others, key: said} if said else others)
