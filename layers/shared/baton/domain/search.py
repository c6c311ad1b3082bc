"""Looking for leads."""

from dataclasses import dataclass
from datetime import datetime

from baton.domain.lead import Lead, LeadState
from baton.domain.reports.funnel import came_to


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads are looked for; what is None does not matter."""

    campaign_id: str | None = None
    recipient_id: str | None = None
    source_id: str | None = None
    state: LeadState | None = None
    since: datetime | None = None
    """Received at this moment or later."""
    until: datetime | None = None
    """Received before this moment."""
    sub_source: str | None = None
    band: str | None = None
    plan_id: str | None = None
    version: int | None = None
    step: str | None = None
    """That came at least to this step of the funnel."""
    test: bool | None = None
    """Whether they are tests."""

    def fits(self, lead: Lead) -> bool:
        """Whether a lead is one of them."""
        return (
            self.campaign_id in (None, lead.campaign_id)
            and self.recipient_id in (None, lead.recipient_id)
            and self.source_id in (None, lead.source_id)
            and self.state in (None, lead.state)
            and self.sub_source in (None, lead.sub_source)
            and self.band in (None, lead.band)
            and self.plan_id in (None, lead.plan_id)
            and self.version in (None, lead.plan_version)
            and self.test in (None, lead.test)
            and (self.since is None or lead.received_at >= self.since)
            and (self.until is None or lead.received_at < self.until)
            and (self.step is None or came_to(self.step, lead))
        )
