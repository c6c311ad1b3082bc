"""Dealings: which persons a buyer has bought, and what a source has sent, sold and got back."""

from datetime import datetime

from pydantic import Field

from baton.domain.caps import Span, window
from baton.domain.counts import NEIGHBOURS, WEEKS, added, newest
from baton.domain.documents import Instant, Record


class Purchase(Record):
    """A buyer and a person whose lead it bought, or is being delivered now."""

    recipient_id: str
    person: str
    """Keyed hash of an address or a number."""
    lead_id: str
    at: Instant
    expires_at: Instant


class Intake(Record):
    """What a source sent, sold and got back: a vendor's limits are checked against it."""

    source_id: str
    rev: int = 0
    leads: dict[str, int] = Field(default_factory=dict)
    """Leads taken in, by day (UTC)."""
    paid: dict[str, int] = Field(default_factory=dict)
    """Payouts in cents, by day (UTC) of the sale."""
    sold: dict[str, int] = Field(default_factory=dict)
    """Sales by calendar week (UTC)."""
    returned: dict[str, int] = Field(default_factory=dict)
    """Returns by the week of the sale."""

    def took(self, day: str) -> "Intake":
        """After one more lead."""
        return self._revised(leads=newest(added(self.leads, (day,), 1), NEIGHBOURS))

    def sale(self, day: str, week: str, payout_cents: int) -> "Intake":
        """After a sale."""
        paid = newest(added(self.paid, (day,), payout_cents), NEIGHBOURS) if payout_cents else self.paid
        return self._revised(paid=paid, sold=newest(added(self.sold, (week,), 1), WEEKS))

    def gave_back(self, day: str, week: str, payout_cents: int) -> "Intake":
        """After a return of a lead that was sold on that day, in that week."""
        paid = added(self.paid, (day,), -payout_cents)
        return self._revised(paid=paid, returned=newest(added(self.returned, (week,), 1), WEEKS))

    def _revised(self, **facts: object) -> "Intake":
        return self.model_copy(update={"rev": self.rev + 1, **facts})


def utc_windows(now: datetime) -> tuple[str, str]:
    """The day and the calendar week of a moment, in UTC: sources have no time zone."""
    return window(Span.DAY, now, "UTC"), window(Span.WEEK, now, "UTC")
