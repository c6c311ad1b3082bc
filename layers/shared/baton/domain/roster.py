"""The roster: a pool with its recipients, prepared so that the eligible of a thousand are found in a moment.

It says nothing of its own: who may have a lead is what `eligibility.obstacles` says, and a test holds the two to be
equal. The roster asks each question once for everybody whom it concerns alike. A set of members is an integer, one bit
each, in the pool's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple

from baton.domain.booking import scopes
from baton.domain.caps import Span, window
from baton.domain.eligibility import CAP_REASONS, CLOSED_REASONS, Case, hears_too_late
from baton.domain.matching import Matcher
from baton.domain.plan import weighted_queue
from baton.domain.purse import cannot_deal, cannot_pay, least_price
from baton.domain.schedule import Schedule
from baton.domain.standing import Standings, Turn, Usage
from baton.domain.trace import Reason

if TYPE_CHECKING:
    from baton.domain.consent import Evidence
    from baton.domain.pool import Member, Pool
    from baton.domain.recipient import Recipient

_ALWAYS: Final = Schedule()
MAX_KEPT: Final = 64
"""Rosters that a process keeps; more pools than this are rare, and making one anew takes some milliseconds."""


class Spot(NamedTuple):
    """Where a member's turn in a queue is found, and the turn of somebody who has had none."""

    key: tuple[str, str]
    newcomer: Turn

    @classmethod
    def of(cls, queue: str, recipient_id: str) -> Spot:
        """The member's spot in that queue."""
        return cls((queue, recipient_id), Turn(queue, recipient_id))


@dataclass(frozen=True, slots=True)
class Seat:
    """A member, with what is asked of it in every decision."""

    recipient_id: str
    member: Member
    recipient: Recipient | None
    in_turn: Spot
    by_weight: Spot


@dataclass(frozen=True, slots=True)
class Sifted:
    """The members who may have a lead, and the first reason of each of the others."""

    eligible: int
    refused: tuple[tuple[Reason, int], ...]


class Roster:
    """A pool's members and their recipients, as long as neither changes."""

    def __init__(self, pool: Pool, recipients: Mapping[str, Recipient]) -> None:
        self.pool = pool
        self.recipients = recipients
        self.seats = tuple(
            Seat(
                member.recipient_id,
                member,
                recipients.get(member.recipient_id),
                Spot.of(pool.id, member.recipient_id),
                Spot.of(weighted_queue(pool.id), member.recipient_id),
            )
            for member in pool.members
        )
        known = [(1 << n, seat.recipient) for n, seat in enumerate(self.seats)]
        self.everybody = (1 << len(known)) - 1
        self._bit = {seat.recipient_id: 1 << n for n, seat in enumerate(self.seats)}
        self._unknown = sum(bit for bit, recipient in known if recipient is None)
        self._inactive = sum(bit for bit, recipient in known if recipient and not recipient.active)
        self._buyers = [(bit, recipient) for bit, recipient in known if recipient and recipient.buyer]
        self._consent: dict[tuple[Evidence, ...], int] = {}
        for bit, who in self._buyers:
            if who.buyer and (asked := who.buyer.consent) is not None:
                self._consent[asked] = self._consent.get(asked, 0) | bit
        self._reps = self.everybody & ~self._unknown & ~sum(bit for bit, _ in self._buyers)
        self._away = [(bit, r) for bit, r in known if r and (r.paused or r.away_until)]
        self._quiet = [(bit, r) for bit, r in known if r and r.quiet]
        self._matcher = Matcher([recipient.accepts if recipient else None for _, recipient in known])
        calendars: dict[tuple[Schedule, str], int] = {}
        for bit, recipient in known:
            if recipient and recipient.schedule != _ALWAYS:
                calendar = recipient.schedule, recipient.zone
                calendars[calendar] = calendars.get(calendar, 0) | bit
        self._calendars = list(calendars.items())
        self._limits: dict[str, _Limits] = {}

    def sift(self, case: Case, standings: Standings) -> Sifted:
        """Whom nothing keeps from the lead, and what keeps the others, in the order of `obstacles`."""
        left, refused = self.everybody, list[tuple[Reason, int]]()

        def refuse(reason: Reason, who: int) -> None:
            nonlocal left
            if left & who:
                refused.append((reason, left & who))
                left &= ~who

        refuse(Reason.UNKNOWN_RECIPIENT, self._unknown)
        refuse(Reason.INACTIVE, self._inactive)
        for reason, who in self._dealing(case):
            refuse(reason, who)
        refuse(Reason.ALREADY_OFFERED, sum(self._bit.get(who, 0) for who in case.offered))
        refuse(Reason.CONDITIONS_NOT_MET, ~self._matcher.holds(case.facts))
        if case.bought:
            refuse(Reason.DUPLICATE_FOR_BUYER, sum(self._bit.get(who, 0) for who in case.bought))
        for asked, who in self._consent.items():
            if case.lacks(asked):
                refuse(Reason.CONSENT_MISSING, who)
        refuse(Reason.AWAY, sum(bit for bit, recipient in self._away if recipient.is_away(case.now)))
        for (schedule, zone_name), who in self._calendars:
            closed = schedule.closed(case.now, zone_name) if left & who else None
            if closed:
                refuse(CLOSED_REASONS[closed.reason], who)
        silent = (bit for bit, rep in self._quiet if left & bit and hears_too_late(rep, case))
        refuse(Reason.QUIET_HOURS, sum(silent))
        for reason, who in self._limits_for(case.campaign_id).reached(case, standings):
            refuse(reason, who)
        for bit, buyer in self._buyers:
            if left & bit:
                used = standings.used(buyer.id)
                for verdict in cannot_pay(buyer, used, least_price(buyer, case), case.now):
                    refuse(verdict.reason, bit)
        return Sifted(left, tuple(refused))

    def _dealing(self, case: Case) -> Iterator[tuple[Reason, int]]:
        """Who cannot deal in this way, whatever the lead."""
        if case.terms:
            yield Reason.CANNOT_BID, self._reps
        for bit, buyer in self._buyers:
            for verdict in cannot_deal(buyer, case):
                yield verdict.reason, bit

    def members(self, who: int) -> Iterator[Seat]:
        """The members of a set, in the pool's order."""
        if who == self.everybody:
            return iter(self.seats)
        return compress(self.seats, (bit == "1" for bit in reversed(f"{who:b}")))

    def bit(self, recipient_id: str) -> int:
        """The set of that one member; the empty set for somebody who is none."""
        return self._bit.get(recipient_id, 0)

    def _limits_for(self, campaign_id: str) -> _Limits:
        if campaign_id not in self._limits:
            self._limits[campaign_id] = _Limits(self, campaign_id)
        return self._limits[campaign_id]


class _Limits:
    """The caps of a roster's members on leads of one campaign: each with everybody who has just this one."""

    def __init__(self, roster: Roster, campaign_id: str) -> None:
        capped: dict[tuple[int, str, Span, str, int], _Group] = {}
        full: dict[int, _Group] = {}
        pausing: dict[int, _Group] = {}
        for n, seat in enumerate(roster.seats):
            recipient, who = seat.recipient, (1 << n, seat.recipient_id)
            if recipient is None:
                continue
            for place, (scope, caps) in enumerate(
                scopes(seat.member, recipient, roster.pool.id, campaign_id)
            ):
                for span, limit in caps.limits:
                    capped.setdefault((place, scope, span, recipient.zone, limit), []).append(who)
            if recipient.caps.open_leads is not None:
                full.setdefault(recipient.caps.open_leads, []).append(who)
            if recipient.caps.min_pause_s:
                pausing.setdefault(recipient.caps.min_pause_s, []).append(who)
        # As `obstacles` goes: by scope, then by span.
        spans = list(Span)
        self._capped = sorted(capped.items(), key=lambda group: (group[0][0], spans.index(group[0][2])))
        self._full = list(full.items())
        self._pausing = list(pausing.items())

    def reached(self, case: Case, standings: Standings) -> Iterator[tuple[Reason, int]]:
        """Who has reached each of the limits."""
        usage, none = standings.usage, _NOTHING
        for (_, scope, span, zone_name, limit), group in self._capped:
            key = f"{scope}{window(span, case.now, zone_name)}"
            yield (
                CAP_REASONS[span],
                sum([bit for bit, who in group if usage.get(who, none).taken.get(key, 0) >= limit]),
            )
        for limit, group in self._full:
            full = [bit for bit, who in group if usage.get(who, none).open_leads >= limit]
            yield Reason.OPEN_LEADS_FULL, sum(full)
        for pause_s, group in self._pausing:
            since = case.now - timedelta(seconds=pause_s)
            soon = [bit for bit, who in group if (last := usage.get(who, none).last_at) and last > since]
            yield Reason.TOO_SOON, sum(soon)


type _Group = list[tuple[int, str]]
"""Members, each as a set of one and by recipient id."""
_NOTHING: Final = Usage("")
_kept: Final[dict[int, Roster]] = {}


def roster_of(pool: Pool, recipients: Mapping[str, Recipient]) -> Roster:
    """The pool's roster, kept while the pool and its recipients are the same objects."""
    kept = _kept.get(id(pool))
    # A kept roster holds its pool, so that no other pool can have got its id meanwhile.
    if kept is not None and kept.pool is pool and _same(kept, recipients):
        return kept
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[id(pool)] = made = Roster(pool, recipients)
    return made


def _same(roster: Roster, recipients: Mapping[str, Recipient]) -> bool:
    return roster.recipients is recipients or all(
        recipients.get(seat.recipient_id) is seat.recipient for seat in roster.seats
    )
