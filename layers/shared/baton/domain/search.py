"""Looking for leads."""

from dataclasses import dataclass
from datetime import datetime

from baton.domain.lead import Lead, LeadState


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

    def fits(self, lead: Lead) -> bool:
        """Whether a lead is one of them."""
        return (
            self.campaign_id in (None, lead.campaign_id)
            and self.recipient_id in (None, lead.recipient_id)
            and self.source_id in (None, lead.source_id)
            and self.state in (None, lead.state)
            and (self.since is None or lead.received_at >= self.since)
            and (self.until is None or lead.received_at < self.until)
        )
