"""A source's daily limits: how many leads it may send, and how much may be paid for them. Days are UTC."""

from datetime import datetime

from baton.domain.caps import Span, resets_at
from baton.domain.dealings import Intake, utc_windows
from baton.domain.source import Limits
from baton.domain.vendor_errors import SourceLimitReached


def check_limits(limits: Limits, intake: Intake, owed_cents: int, now: datetime) -> None:
    """Whether one more lead fits, for which at least `owed_cents` will be paid. Raises SourceLimitReached."""
    day, _ = utc_windows(now)
    if limits.per_day is not None and intake.leads.get(day, 0) >= limits.per_day:
        raise _reached("per_day", f"this source takes {limits.per_day} leads a day", now)
    if limits.budget_cents is not None and not fits_budget(limits, intake, owed_cents, now):
        raise _reached("budget_cents", "this source's budget of a day does not pay for another lead", now)


def fits_budget(limits: Limits, intake: Intake, owed_cents: int, now: datetime) -> bool:
    """Whether the day's budget has something left, and at least so much."""
    if limits.budget_cents is None:
        return True
    day, _ = utc_windows(now)
    paid = intake.paid.get(day, 0)
    return paid < limits.budget_cents and paid + owed_cents <= limits.budget_cents


def _reached(limit: str, what: str, now: datetime) -> SourceLimitReached:
    over = resets_at(Span.DAY, now, "UTC")
    left_s = -int(-(over - now).total_seconds() // 1)
    return SourceLimitReached(f"{what}; the next day begins at {over:%Y-%m-%d %H:%M} UTC", limit, left_s)
