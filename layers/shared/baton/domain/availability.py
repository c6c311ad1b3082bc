"""Availability: does this recipient take leads at this moment, and if not, from when on?"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from baton.domain.recipient import Recipient
from baton.domain.schedule import ClosedBecause, opening_words


class AbsentBecause(StrEnum):
    """Why a recipient takes no leads whatever the hour."""

    INACTIVE = "inactive"
    PAUSED = "paused"
    AWAY = "away"


class Unavailable(NamedTuple):
    """Why a recipient takes no leads at a moment, also in words for a person."""

    reason: AbsentBecause | ClosedBecause
    words: str


def unavailable(recipient: Recipient, now: datetime) -> Unavailable | None:
    """What keeps the recipient from taking leads at `now`; None when nothing does."""
    if not recipient.active:
        return Unavailable(AbsentBecause.INACTIVE, "switched off by operations")
    if recipient.paused:
        return Unavailable(AbsentBecause.PAUSED, "until further notice")
    if recipient.away_until is not None and now < recipient.away_until:
        words = f"until {opening_words(recipient.away_until, recipient.zone)}"
        return Unavailable(AbsentBecause.AWAY, words)
    closed = recipient.schedule.closed(now, recipient.zone)
    return Unavailable(*closed) if closed else None


def next_available(recipient: Recipient, now: datetime) -> datetime | None:
    """The first moment from `now` on at which the recipient takes leads, on the recipient's clock.

    None: inactive, paused, or not within `DAYS_AHEAD` days after the recipient is back.
    """
    if not recipient.active or recipient.paused:
        return None
    back = max(now, recipient.away_until) if recipient.away_until else now
    return recipient.schedule.next_opening(back, recipient.zone)
