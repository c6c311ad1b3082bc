"""Tell a rep by the channels that they want, in their order: what fails at one step falls to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from baton.domain.channels import Channel, address_mark
from baton.domain.errors import NotificationFailed
from baton.domain.telling import next_ways
from baton.domain.timeline import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from baton.application.messages import Message
    from baton.application.ports import Notifier
    from baton.domain.recipient import Recipient

REFUSED: Final = "refused"
"""The address itself was refused, in words that say no more."""
NOT_SET_UP: Final = "not_set_up"
"""This deployment has no such channel, or a secret of it is missing."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a rep is to hear, for every channel."""

    message: Message
    lead_id: str
    offer_no: int | None = None
    """None: it is about no offer, and cannot be answered."""
    held_by: int | None = None
    """The offer by which the rep has the lead, where it is about none: what comes back is looked for there."""
    id: str = ""
    """The same with every repetition, so that the other side can tell that it is one."""
    kind: EventKind = EventKind.LEAD_ASSIGNED
    """What has happened, in the words of the timeline."""
    link: str = ""
    answer_until: datetime | None = None
    """When an answer comes too late; None: none is asked for."""
    lead_phone: str | None = None
    """Whom to connect the rep with, once the rep may know it."""

    @property
    def answerable(self) -> bool:
        """Whether the rep is asked to accept or decline."""
        return self.answer_until is not None


class Sender(Protocol):
    """One channel."""

    def __call__(self, recipient: Recipient, note: Note) -> str | None:
        """Why the message was refused for good, as a code; None: it was taken. Raises NotificationFailed."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling somebody."""

    by: tuple[Channel, ...] = ()
    """The channels that took the message."""
    refused: Mapping[Channel, str] = field(default_factory=dict)
    """Why, of those that never will."""
    passing: Mapping[Channel, NotificationFailed] = field(default_factory=dict)
    """Of those that may take it another time."""
    held: tuple[Channel, ...] = ()
    """The channels that wait for the end of quiet hours."""
    until: datetime | None = None
    """When that is."""


class Channels:
    """Every channel that there is. SMS and mail go by the notifier, the others by senders of their own."""

    def __init__(
        self, notifier: Notifier, sender: Callable[[Channel], Sender | None] = lambda _: None
    ) -> None:
        """`sender`: asked for a channel's at its first use; None: there is none."""
        self._notifier = notifier
        self._sender = cache(sender)

    def tell(
        self,
        recipient: Recipient,
        note: Note,
        now: datetime,
        sent: Collection[str] = (),
        failed: Collection[str] = (),
        taken: Callable[[Channel], None] = lambda _: None,
    ) -> Told:
        """Tell somebody what by `sent` they have not heard yet; `taken` hears of each channel at once.

        Never raises for a channel that failed. Done twice it may tell twice, and never nobody.
        """
        by: list[Channel] = []
        refused: dict[Channel, str] = {}
        passing: dict[Channel, NotificationFailed] = {}
        while (ways := next_ways(recipient, {*sent, *by}, {*failed, *refused, *passing}, now)).now:
            for channel in ways.now:
                try:
                    why = self._hand_over(channel, recipient, note)
                except NotificationFailed as error:
                    passing[channel] = error
                    continue
                if why is None:
                    by.append(channel)
                    taken(channel)
                else:
                    refused[channel] = why
        return Told(tuple(by), refused, passing, ways.held, ways.until)

    def tell_at_once(
        self,
        recipient: Recipient,
        note: Note,
        now: datetime,
        sent: Collection[str] = (),
        taken: Callable[[Channel], None] = lambda _: None,
    ) -> Told:
        """As `tell`, of what nobody would think of in the morning: what everything would keep back goes out at once."""
        told = self.tell(recipient, note, now, sent, taken=taken)
        if told.held and not told.by and not sent:
            awake = recipient.model_copy(update={"quiet": None})
            told = self.tell(awake, note, now, sent, taken=taken)
        return told

    def _hand_over(self, channel: Channel, recipient: Recipient, note: Note) -> str | None:
        message = note.message
        if channel is Channel.SMS:
            return None if self._notifier.sms(recipient.phone or "", message.sms) else REFUSED
        if channel is Channel.EMAIL:
            return None if self._mail(recipient.email or "", note) else REFUSED
        sender = self._sender(channel)
        return sender(recipient, note) if sender else NOT_SET_UP

    def _mail(self, address: str, note: Note) -> bool:
        """With ids and a mark, so that it is known whose it was when it comes back."""
        message, no = note.message, note.offer_no or note.held_by
        mark = address_mark(address, note.lead_id)
        about = {"lead_id": note.lead_id, "offer_no": str(no), "to": mark} if no else None
        return self._notifier.email(address, message.subject, message.text, message.html, about)
