"""Standings: the mutable facts that a decision reads.

One row each, so that leads of different members never wait for one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pydantic import Field

from baton.domain.caps import Span, window
from baton.domain.documents import Instant, Record

NEIGHBOURS: Final = 3
"""Windows of a kind that are remembered: yesterday's, today's and tomorrow's, as the Earth turns."""


class Turn(Record):
    """A member's place in a pool's order."""

    pool_id: str
    recipient_id: str
    rev: int = 0
    turns: int = 0
    """Turns taken, on the pool's scale: somebody who was away is moved up to where the others are."""
    last_at: Instant | None = None
    weight: int = 1
    """The member's weight when it took its last turn."""
    level: float = 0
    """How far everybody was then, in turns per weight."""

    def taken(self, turns: int, weight: int, level: float, now: datetime) -> "Turn":
        """After one more turn, taken from position `turns`."""
        update = {"turns": turns + 1, "weight": weight, "level": level, "last_at": now, "rev": self.rev + 1}
        return self.model_copy(update=update)

    def given_back(self) -> "Turn":
        """After a turn was given back: the member is due one turn earlier."""
        return self.model_copy(update={"turns": self.turns - 1, "rev": self.rev + 1})


class Usage(Record):
    """What a recipient has used of its caps."""

    recipient_id: str
    rev: int = 0
    open_leads: int = 0
    taken: dict[str, int] = Field(default_factory=dict)
    """Offers by window, such as `{"day:2026-11-23": 4}`. Holds only windows that may still count."""

    def booked(self, windows: tuple[str, ...]) -> "Usage":
        """After one more offer in these windows. Windows long past are dropped: no cap reads them any more.

        Neighbours stay: clocks and time zones that differ a little must not wipe out each other's day.
        """
        taken = self.taken | {window: self.taken.get(window, 0) + 1 for window in windows}
        kept = {*sorted(taken, reverse=True)[: NEIGHBOURS * len(windows)], *windows}
        taken = {window: taken[window] for window in sorted(kept)}
        return self.model_copy(
            update={"open_leads": self.open_leads + 1, "taken": taken, "rev": self.rev + 1}
        )

    def released(self, windows: tuple[str, ...]) -> "Usage":
        """After an offer was given back into the windows that it was taken from, where those still count."""
        taken = {key: count - (key in windows) for key, count in self.taken.items()}
        return self.model_copy(
            update={"open_leads": self.open_leads - 1, "taken": taken, "rev": self.rev + 1}
        )


def day_window(now: datetime, zone_name: str) -> str:
    """The key of the calendar day that `now` falls on in that zone."""
    return window(Span.DAY, now, zone_name)


@dataclass(frozen=True, slots=True)
class Standings:
    """The standings of everybody whom one decision may choose. Whoever has no row yet stands at zero."""

    turns: Mapping[tuple[str, str], Turn] = field(default_factory=dict)
    """By pool id and recipient id."""
    usage: Mapping[str, Usage] = field(default_factory=dict)
    """By recipient id."""

    def turn(self, pool_id: str, recipient_id: str) -> Turn:
        """The member's place in the pool's order."""
        return self.turns.get((pool_id, recipient_id)) or Turn(pool_id=pool_id, recipient_id=recipient_id)

    def used(self, recipient_id: str) -> Usage:
        """What the recipient has used of its caps."""
        return self.usage.get(recipient_id) or Usage(recipient_id=recipient_id)
