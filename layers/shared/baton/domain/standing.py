"""Standings: the mutable facts that a decision reads.

One row each, so that leads of different members never wait for one another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from baton.domain.caps import Span, window
from baton.domain.documents import Instant, Record

NEIGHBOURS: Final = 3
"""Windows of a kind that are remembered: the last one's, this one's and the next one's, as the Earth turns."""
WEEKS: Final = 14
"""Calendar weeks for which a member's leads and conversions are remembered: a quarter and this week."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A member's place in a queue of its pool, and what it made of the leads that it got there.

    A plain dataclass like `Usage`: a decision reads thousands of their fields, each four times faster than a model's.
    """

    queue: str
    recipient_id: str
    rev: int = 0
    turns: float = 0
    """Turns taken, on the queue's scale: somebody who was away is moved up to where the others are.

    A whole number as long as the weight stays the same.
    """
    last_at: Instant | None = None
    weight: int = 1
    """The member's weight when it took its last turn."""
    level: float = 0
    """How far everybody was then, in turns per weight."""
    taken: dict[str, int] = field(default_factory=dict)
    """Leads got through this queue, by calendar week; those given back do not count."""
    converted: dict[str, int] = field(default_factory=dict)
    """How many of them converted, by the week in which they were got."""

    def after(
        self, turns: float, weight: int, level: float, now: datetime, week: str | None = None
    ) -> "Turn":
        """After one more turn, taken from position `turns` in that week."""
        taken = _newest(_added(self.taken, (week,), 1), WEEKS) if week else self.taken
        return replace(
            self,
            rev=self.rev + 1,
            turns=turns + 1,
            weight=weight,
            level=level,
            last_at=now,
            taken=taken,
        )

    def settled(
        self, week: str | None, *, conversions: int = 0, returned: bool = False, refund: bool = False
    ) -> "Turn":
        """After a lead of that week converted, turned out not to have (-1), or was given back.

        With `refund` the member is due one turn earlier, too.
        """
        return replace(
            self,
            rev=self.rev + 1,
            turns=self.turns - refund,
            taken=_added(self.taken, (week,), -1) if returned else self.taken,
            converted=_newest(_added(self.converted, (week,), conversions), WEEKS),
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """What a recipient has used of its caps."""

    recipient_id: str
    rev: int = 0
    open_leads: int = 0
    last_at: Instant | None = None
    """When the last lead was offered."""
    taken: dict[str, int] = field(default_factory=dict)
    """Offers by window, such as `{"day:2026-11-23": 4, "pool/team/day:2026-11-23": 1}`: those that may still count."""

    def booked(self, windows: tuple[str, ...], now: datetime) -> "Usage":
        """After one more offer in these windows. Windows long past are dropped: no cap reads them any more.

        Neighbours stay: clocks and time zones that differ a little must not wipe out each other's day.
        """
        counts = _added(self.taken, windows, 1)
        taken = _newest(counts, NEIGHBOURS) | {key: counts[key] for key in windows}
        return replace(self, rev=self.rev + 1, open_leads=self.open_leads + 1, taken=taken, last_at=now)

    def released(self, windows: tuple[str, ...], finished: int = 1) -> "Usage":
        """After an offer was given back into the windows that it was taken from, where those still count.

        `finished` is 0 where the lead had been finished before.
        """
        return replace(
            self,
            rev=self.rev + 1,
            open_leads=self.open_leads - finished,
            taken=_added(self.taken, windows, -1),
        )

    def freed(self, leads: int = 1) -> "Usage":
        """After so many leads were finished (or, below 0, taken up again): they count in their windows all the same."""
        return replace(self, rev=self.rev + 1, open_leads=self.open_leads - leads)


class Owner(Record):
    """Who looks after a person or a company: the recipient that got their last lead."""

    key: str
    """Keyed hash of an address, a number or a domain."""
    recipient_id: str
    lead_id: str
    """By which lead."""
    at: Instant
    expires_at: Instant


def day_window(now: datetime, zone_name: str) -> str:
    """The key of the calendar day that `now` falls on in that zone."""
    return window(Span.DAY, now, zone_name)


def week_of(windows: Iterable[str]) -> str | None:
    """The calendar week among the windows that an offer was booked in."""
    return next((key for key in windows if key.startswith(f"{Span.WEEK}:")), None)


@dataclass(frozen=True, slots=True)
class Standings:
    """The standings of everybody whom one decision may choose. Whoever has no row yet stands at zero."""

    turns: Mapping[tuple[str, str], Turn] = field(default_factory=dict)
    """By queue and recipient id."""
    usage: Mapping[str, Usage] = field(default_factory=dict)
    """By recipient id."""
    owners: Mapping[str, Owner] = field(default_factory=dict)
    """By key."""

    def turn(self, queue: str, recipient_id: str) -> Turn:
        """The member's place in the queue."""
        return self.turns.get((queue, recipient_id)) or Turn(queue, recipient_id)

    def used(self, recipient_id: str) -> Usage:
        """What the recipient has used of its caps."""
        return self.usage.get(recipient_id) or Usage(recipient_id=recipient_id)


def _added(counts: Mapping[str, int], keys: Iterable[str | None], by: int) -> dict[str, int]:
    """The counts with `by` more at these keys. Nothing is taken off a count that is no longer kept."""
    after = dict(counts)
    for key in keys:
        if key is not None and (key in after or by > 0):
            after[key] = after.get(key, 0) + by
    return after


def _newest(counts: Mapping[str, int], keep: int) -> dict[str, int]:
    """The counts of the newest windows of each kind. Keys of a kind sort as time does."""
    kept: dict[str, list[str]] = {}
    for key in sorted(counts, reverse=True):
        kind = kept.setdefault(key.partition(":")[0], [])
        if len(kind) < keep:
            kind.append(key)
    return {key: counts[key] for key in sorted(key for keys in kept.values() for key in keys)}
