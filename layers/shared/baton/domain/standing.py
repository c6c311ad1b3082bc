"""Standings: the mutable facts that a decision reads.

One row each, so that leads of different members never wait for one another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from baton.domain.caps import Span, window
from baton.domain.counts import WEEKS, added, kept, newest
from baton.domain.dealings import Intake, Purchase
from baton.domain.documents import Instant, Record


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
        taken = newest(added(self.taken, (week,), 1), WEEKS) if week else self.taken
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
            taken=added(self.taken, (week,), -1) if returned else self.taken,
            converted=newest(added(self.converted, (week,), conversions), WEEKS),
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
    balance_cents: int = 0
    """The sum of the account's entries. Below zero: what an invoiced buyer owes."""
    held_cents: int = 0
    """Prices of leads that are being delivered: neither spent nor free."""
    spent: dict[str, int] = field(default_factory=dict)
    """Cents by window: what was spent in it and is held."""
    bought: dict[str, int] = field(default_factory=dict)
    """Leads bought, by calendar week."""
    returned: dict[str, int] = field(default_factory=dict)
    """Returns approved, by the week of the sale."""

    def booked(self, windows: tuple[str, ...], now: datetime, cents: int = 0) -> "Usage":
        """After one more offer in these windows. Windows long past are dropped: no cap reads them any more.

        Neighbours stay: clocks and time zones that differ a little must not wipe out each other's day. `cents` is the
        price that is held until the buyer has answered.
        """
        after = replace(self, rev=self.rev + 1, open_leads=self.open_leads + 1, last_at=now)
        after = replace(after, taken=kept(added(self.taken, windows, 1), windows))
        if not cents:
            return after
        budgets = money_windows(windows)
        spent = kept(added(self.spent, budgets, cents), budgets)
        return replace(after, held_cents=self.held_cents + cents, spent=spent)

    def released(
        self, windows: tuple[str, ...], finished: int = 1, *, held_cents: int = 0, refund_cents: int = 0
    ) -> "Usage":
        """After an offer was given back into the windows that it was taken from, where those still count.

        `finished` is 0 where the lead had been finished before. Its price was held, or is refunded.
        """
        back = held_cents + refund_cents
        return replace(
            self,
            rev=self.rev + 1,
            open_leads=self.open_leads - finished,
            taken=added(self.taken, windows, -1),
            held_cents=self.held_cents - held_cents,
            balance_cents=self.balance_cents + refund_cents,
            spent=added(self.spent, money_windows(windows), -back) if back else self.spent,
        )

    def charged(self, held_cents: int, week: str | None) -> "Usage":
        """After a buyer took a lead: what was held is spent. It is the buyer's own business from then on."""
        return replace(
            self,
            rev=self.rev + 1,
            open_leads=self.open_leads - 1,
            held_cents=self.held_cents - held_cents,
            balance_cents=self.balance_cents - held_cents,
            bought=newest(added(self.bought, (week,), 1), WEEKS),
        )

    def returning(self, week: str | None) -> "Usage":
        """After a return of a lead bought in that week, besides what is given back; the same revision."""
        return replace(self, returned=newest(added(self.returned, (week,), 1), WEEKS))

    def credited(self, cents: int) -> "Usage":
        """After a payment, or a correction of either sign."""
        return replace(self, rev=self.rev + 1, balance_cents=self.balance_cents + cents)

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


def money_windows(windows: Iterable[str]) -> tuple[str, ...]:
    """The windows of spend caps among those that an offer was booked in: the buyer's own days and months."""
    return tuple(key for key in windows if key.startswith((f"{Span.DAY}:", f"{Span.MONTH}:")))


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
    purchases: Mapping[tuple[str, str], Purchase] = field(default_factory=dict)
    """By recipient id and person."""
    intakes: Mapping[str, Intake] = field(default_factory=dict)
    """By source id."""

    def intake(self, source_id: str) -> Intake:
        """What the source sent, sold and got back."""
        return self.intakes.get(source_id) or Intake(source_id=source_id)

    def turn(self, queue: str, recipient_id: str) -> Turn:
        """The member's place in the queue."""
        return self.turns.get((queue, recipient_id)) or Turn(queue, recipient_id)

    def used(self, recipient_id: str) -> Usage:
        """What the recipient has used of its caps."""
        return self.usage.get(recipient_id) or Usage(recipient_id=recipient_id)

    def after(self, turn: Turn | None, usage: Usage | None) -> "Standings":
        """These once a claim has booked that turn and that usage."""
        turns = {**self.turns, (turn.queue, turn.recipient_id): turn} if turn else self.turns
        used = {**self.usage, usage.recipient_id: usage} if usage else self.usage
        return replace(self, turns=turns, usage=used)
