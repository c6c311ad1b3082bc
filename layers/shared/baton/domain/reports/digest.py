"""The daily digest: who gets it, when it is due, and what is remembered of its sending."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic import Field

from baton.domain.documents import Configured, Id
from baton.domain.recipient import Email
from baton.domain.zones import ZoneName, zone

LATE: Final = timedelta(hours=6)
"""How long after its hour a digest is still sent: after an outage rather late than not at all, but not at night."""
LEASE: Final = timedelta(minutes=10)
"""How long whoever sends a mail has for it, longer than a function runs: then somebody else may take it on."""


class Digest(Configured):
    """A mail with the day before in numbers, every day."""

    kind = "digest"

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
    """What its subject begins with."""
    emails: Annotated[tuple[Email, ...], Field(min_length=1, max_length=20)]
    """Whom it goes to, each in a mail of their own."""
    zone: ZoneName
    """Whose days it tells of, and on whose clock its hour is."""
    hour: Annotated[int, Field(ge=0, le=23)] = 7
    """When it is sent. On the day on which clocks skip this hour, when they show the next; if it comes twice, once."""
    campaigns: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    """Whose leads it tells of; empty: those of all campaigns."""
    active: bool = True

    def due(self, now: datetime) -> date | None:
        """The local day whose digest is to be sent at that moment; None: none is."""
        today = now.astimezone(zone(self.zone)).date()
        for day in (today, today - timedelta(days=1)):
            begin = datetime.combine(day, time(self.hour), zone(self.zone)).astimezone(UTC)
            if self.active and begin <= now < begin + LATE:
                return day
        return None


@dataclass(frozen=True, slots=True)
class Mark:
    """What is remembered of a digest to one address: that of its last day."""

    day: date
    rev: int
    """How often it was written."""
    until: datetime
    """Until when whoever took it on has time to send it."""
    sent: bool = False

    def settled(self, *, sent: bool, now: datetime) -> "Mark":
        """After the mail went out, or could not: then whoever comes next may try."""
        return Mark(self.day, self.rev + 1, now, sent)


def taken_on(mark: Mark | None, day: date, now: datetime) -> Mark | None:
    """The mark of who sends the day's digest now; None: it is sent already, or somebody else is at it.

    Of who dies between the mail and its last mark the mail is sent again when the lease is over. Marked as sent before,
    it would be lost instead, which is worse.
    """
    if mark is None:
        return Mark(day, 1, now + LEASE)
    if mark.day > day or (mark.day == day and (mark.sent or now < mark.until)):
        return None
    return Mark(day, mark.rev + 1, now + LEASE)
