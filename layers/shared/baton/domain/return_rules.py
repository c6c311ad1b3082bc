"""Rules of returns: for which reasons, how long after the sale, and how many leads a buyer may give back.

Shares are counted over four calendar weeks, this one and the three before it, by the week of the sale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from baton.domain.campaign import ReturnPolicy
from baton.domain.caps import Span, window
from baton.domain.lead_return import Return
from baton.domain.standing import Usage
from baton.domain.trade_errors import ReturnReasonUnknown, ReturnTooLate, TooManyReturns
from baton.domain.zones import zone

COUNTED_WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Share:
    """Leads sold in the four weeks that count, and how many of them came back."""

    sold: int
    returned: int

    @classmethod
    def of(cls, sold: Mapping[str, int], returned: Mapping[str, int], weeks: frozenset[str]) -> "Share":
        """Counted from counts by week."""
        return cls(*(sum(count for week, count in by.items() if week in weeks) for by in (sold, returned)))

    def exceeds(self, percent: float) -> bool:
        """Whether more came back than that percentage."""
        return self.returned * 100 > percent * self.sold


def check(
    policy: ReturnPolicy, wanted: Return, usage: Usage, waiting: Mapping[str, int], zone_name: str
) -> None:
    """Raises ReturnReasonUnknown, ReturnTooLate or TooManyReturns where the campaign does not take the lead back.

    `waiting` counts the buyer's returns that wait for a person, by the week of the sale: they may all be approved.
    """
    if wanted.reason not in policy.reasons:
        message = f"this campaign takes leads back for: {', '.join(policy.reasons) or 'no reason at all'}"
        raise ReturnReasonUnknown(message)
    if not policy.window_days or wanted.asked_at > wanted.sold_at + timedelta(days=policy.window_days):
        until = f"within {policy.window_days} days of the sale" if policy.window_days else "at no time"
        message = (
            f"this campaign takes leads back {until}; this one was sold {wanted.sold_at:%Y-%m-%d %H:%M} UTC"
        )
        raise ReturnTooLate(message)
    weeks = _weeks_counted(wanted, zone_name)
    counts = Share.of(usage.bought, usage.returned, weeks)
    pending = sum(count for week, count in waiting.items() if week in weeks)
    most = most_returns(counts.sold, policy.max_percent)
    if counts.returned + pending + 1 > most:
        message = (
            f"of {counts.sold} leads bought in four weeks {counts.returned} are returned and {pending} wait for a"
            f" decision; at most {most} may be ({policy.max_percent:g} percent)"
        )
        raise TooManyReturns(message)


def most_returns(bought: int, percent: float) -> int:
    """How many of so many leads may be given back: one always, or a small buyer had no returns; at 0 percent none."""
    return max(1, int(bought * percent // 100)) if percent else 0


def can_be_counted(wanted: Return, usage: Usage) -> bool:
    """Whether it is still known how many leads the buyer bought in the week of the sale."""
    return wanted.week in usage.bought


def weeks_up_to(moment: datetime, zone_name: str) -> frozenset[str]:
    """The keys of the calendar week of that moment, on that zone's clock, and of the three before it."""
    noon = moment.astimezone(zone(zone_name)).replace(hour=12, minute=0)
    return frozenset(
        window(Span.WEEK, noon - timedelta(weeks=back), zone_name) for back in range(COUNTED_WEEKS)
    )


def _weeks_counted(wanted: Return, zone_name: str) -> frozenset[str]:
    """The four weeks up to now; of a lead sold before them, the four up to its sale: they must not go uncounted."""
    weeks = weeks_up_to(wanted.asked_at, zone_name)
    return weeks if wanted.week in weeks else weeks_up_to(wanted.sold_at, zone_name)
