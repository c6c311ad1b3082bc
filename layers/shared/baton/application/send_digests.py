"""Send digests: each to everybody whose local hour has come, once a local day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from baton.application.digest_mail import mail_of
from baton.domain.errors import BatonError, NotificationFailed
from baton.domain.reports.digest import Digest, taken_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from baton.application.archive import Archive
    from baton.application.gather_news import GatherNews
    from baton.application.ports import Clock, Notifier
    from baton.domain.reports.digest import Mark


class Marks(Protocol):
    """What is remembered of digests, by digest and address; of the address a digest alone."""

    def get(self, digest_id: str, address: str) -> Mark | None:
        """The mark as last written. Raises StoreUnavailable."""
        ...

    def put(self, digest_id: str, address: str, mark: Mark) -> bool:
        """Write the mark that is one revision on. False: somebody else wrote it. Raises StoreUnavailable."""
        ...


@dataclass(slots=True)
class Sent:
    """What became of the mails that were due, in numbers."""

    sent: int = 0
    refused: int = 0
    """Addresses that were refused for good. They are not tried again on that day."""
    failed: int = 0
    """Mails that could not be sent now. Whoever comes next tries again."""


class SendDigests:
    """Run it as often as you like: what is sent is marked."""

    def __init__(
        self, archive: Archive, marks: Marks, news: GatherNews, notifier: Notifier, clock: Clock
    ) -> None:
        self._archive = archive
        self._marks = marks
        self._news = news
        self._notifier = notifier
        self._clock = clock

    def __call__(self) -> Sent:
        """What became of the mails that are due now. One that fails holds up no other.

        Raises NotificationFailed when all are tried and some have failed.
        """
        found = Sent()
        for stored in self._archive.every(Digest):
            day = stored.document.due(self._clock.now())
            if day is None:
                continue
            try:
                self._send(stored.document, day, found)
            except BatonError:
                found.failed += 1
        if found.failed:
            message = f"{found.failed} digests could not be gathered or sent"
            raise NotificationFailed(message)
        return found

    def _send(self, digest: Digest, day: date, found: Sent) -> None:
        now = self._clock.now()
        due = {
            address: mark for address in digest.emails if (mark := self._taken_on(digest, address, day, now))
        }
        if not due:
            return
        mail = mail_of(digest, self._news(digest, day))
        for address, mark in due.items():
            # Only now: who dies while the news are gathered has taken nothing on.
            if not self._marks.put(digest.id, _digest_of(address), mark):
                continue
            try:
                accepted = self._notifier.email(address, *mail)
            except NotificationFailed:
                self._marks.put(digest.id, _digest_of(address), mark.settled(sent=False, now=now))
                found.failed += 1
                continue
            self._marks.put(digest.id, _digest_of(address), mark.settled(sent=True, now=now))
            found.sent += accepted
            found.refused += not accepted

    def _taken_on(self, digest: Digest, address: str, day: date, now: datetime) -> Mark | None:
        return taken_on(self._marks.get(digest.id, _digest_of(address)), day, now)


def _digest_of(address: str) -> str:
    """What stands for an address in a key."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
