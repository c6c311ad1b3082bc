"""Eligibility: may this recipient have this lead now? Every no has its reason and the facts behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from baton.domain.booking import scopes
from baton.domain.caps import Span, resets_words, window
from baton.domain.condition_repairs import repairs
from baton.domain.condition_tests import Facts
from baton.domain.condition_words import failed_leaf
from baton.domain.consent import Evidence, lacking
from baton.domain.pool import Member
from baton.domain.purse import cannot_deal, cannot_pay, least_price
from baton.domain.recipient import Recipient
from baton.domain.schedule import ClosedBecause, Schedule, opening_words
from baton.domain.standing import Usage
from baton.domain.terms import AuctionTerms
from baton.domain.trace import Reason, Verdict
from baton.domain.zones import zone

NEEDS: Final = "needs"
"""The fact that holds what would have passed."""
MAX_NEEDS: Final = 6
"""Failed parts of a condition that a trace keeps for each candidate: a trace has to fit its row."""
CAP_REASONS: Final = {
    Span.HOUR: Reason.HOURLY_CAP_REACHED,
    Span.DAY: Reason.DAILY_CAP_REACHED,
    Span.WEEK: Reason.WEEKLY_CAP_REACHED,
    Span.MONTH: Reason.MONTHLY_CAP_REACHED,
}
CLOSED_REASONS: Final = {
    ClosedBecause.OUTSIDE_HOURS: Reason.OUTSIDE_WORKING_HOURS,
    ClosedBecause.HOLIDAY: Reason.HOLIDAY,
    ClosedBecause.DAY_OFF: Reason.DAY_OFF,
    ClosedBecause.ON_LEAVE: Reason.ON_LEAVE,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked about everybody: this lead, at this moment, through this pool."""

    facts: Facts
    campaign_id: str
    pool_id: str | None
    offered: frozenset[str]
    """Who has been offered the lead before."""
    now: datetime
    terms: AuctionTerms | None = None
    """Where the stage asks for bids."""
    test: bool = False
    """Whether the lead is a test."""
    currency: str = "USD"
    bought: frozenset[str] = frozenset()
    """Buyers who have bought the lead's person lately."""
    evidence: bool = True
    """Whether what proves a consent would be there by now: it does not come with a ping, but with its lead."""

    accept_within: timedelta | None = None
    """How long an offer waits for its answer; None: nobody is asked."""

    def lacks(self, asked: tuple[Evidence, ...]) -> tuple[str, ...]:
        """What the lead has not of a consent that a buyer asks for."""
        return lacking(self.facts.get("consent") or {}, asked if self.evidence else ())


def obstacles(
    member: Member | None, recipient: Recipient | None, usage: Usage, case: Case
) -> Iterator[Verdict]:
    """Everything that keeps a recipient from the lead.

    From what changes least to what changes most: the first is the reason that is named, and the one to mend first.
    """
    if recipient is None:
        yield Verdict(Reason.UNKNOWN_RECIPIENT, {})
        return
    if not recipient.active:
        yield Verdict(Reason.INACTIVE, {})
    yield from cannot_deal(recipient, case)
    if recipient.id in case.offered:
        yield Verdict(Reason.ALREADY_OFFERED, {})
    if not recipient.accepts_test(case.facts):
        yield Verdict(Reason.CONDITIONS_NOT_MET, _unmet(recipient, case.facts))
    if recipient.id in case.bought and recipient.buyer:
        yield Verdict(Reason.DUPLICATE_FOR_BUYER, {"days": recipient.buyer.dedupe_days})
    if recipient.buyer and recipient.buyer.consent is not None:
        lacks = case.lacks(recipient.buyer.consent)
        if lacks:
            yield Verdict(Reason.CONSENT_MISSING, {"lacks": list(lacks)})
    if recipient.is_away(case.now):
        until = _clock(recipient.away_until, recipient.zone) if recipient.away_until else None
        yield Verdict(Reason.AWAY, {"until": "further notice" if recipient.paused else until})
    closed = _closed(recipient.schedule, recipient.zone, case.now)
    if closed:
        yield closed
    silent = hears_too_late(recipient, case)
    if silent:
        yield Verdict(Reason.QUIET_HOURS, {"until": _clock(silent, recipient.zone)})
    yield from _full(member, recipient, usage, case)


def hears_too_late(recipient: Recipient, case: Case) -> datetime | None:
    """Until when a rep hears of nothing whose offer would be over by then; None: of this one they would in time."""
    if recipient.quiet is None or recipient.buyer or case.accept_within is None:
        return None
    until = recipient.silent_until(case.now)
    return until if until and case.now + case.accept_within <= until else None


def _full(member: Member | None, recipient: Recipient, usage: Usage, case: Case) -> Iterator[Verdict]:
    now, zone_name = case.now, recipient.zone
    for scope, caps in scopes(member, recipient, case.pool_id, case.campaign_id):
        for span, limit in caps.limits:
            used = usage.taken.get(f"{scope}{window(span, now, zone_name)}", 0)
            if used >= limit:
                facts: dict[str, Any] = {
                    "used": used,
                    "cap": limit,
                    "resets": resets_words(span, now, zone_name),
                }
                yield Verdict(CAP_REASONS[span], facts | ({"of": scope.rstrip("/")} if scope else {}))
    caps = recipient.caps
    if caps.open_leads is not None and usage.open_leads >= caps.open_leads:
        yield Verdict(Reason.OPEN_LEADS_FULL, {"open": usage.open_leads, "cap": caps.open_leads})
    if caps.min_pause_s and usage.last_at and now < usage.last_at + timedelta(seconds=caps.min_pause_s):
        over = usage.last_at + timedelta(seconds=caps.min_pause_s)
        yield Verdict(Reason.TOO_SOON, {"pause_s": caps.min_pause_s, "over": _clock(over, zone_name)})
    yield from cannot_pay(recipient, usage, least_price(recipient, case), now)


def _unmet(recipient: Recipient, facts: Facts) -> dict[str, Any]:
    missing = repairs(recipient.accepts, facts) or ()
    needs = [f"{repair.field}: {repair.needs}" for repair in missing[:MAX_NEEDS]]
    if len(missing) > MAX_NEEDS:
        needs.append(f"and {len(missing) - MAX_NEEDS} more of what it asks for")
    return {"failed": failed_leaf(recipient.accepts, facts), NEEDS: needs}


@lru_cache(maxsize=512)
def _closed(schedule: Schedule, zone_name: str, now: datetime) -> Verdict | None:
    """Why a calendar is closed, and when it opens. Remembered: a team shares its hours."""
    closed = schedule.closed(now, zone_name)
    if closed is None:
        return None
    opens = schedule.next_opening(now, zone_name)
    facts = {
        "why": closed.words,
        "zone": zone_name,
        "opens": opening_words(opens, zone_name) if opens else "never",
    }
    return Verdict(CLOSED_REASONS[closed.reason], facts)


def _clock(at: datetime, zone_name: str) -> str:
    return f"{at.astimezone(zone(zone_name)):%a %d %b %H:%M:%S} {zone_name}"
