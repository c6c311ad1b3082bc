"""Contact hours: until when a lead's person is to be left in peace, as its campaign has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baton.domain.quiet import HoldOff, hold_off, whereabouts, zones_of

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead


def hold_off_of(lead: Lead, campaign: Campaign, now: datetime) -> HoldOff | None:
    """Until when nobody may call or text the lead's person; None: they may now, or the campaign has no quiet hours."""
    quiet = campaign.quiet_hours
    if quiet is None:
        return None
    where = whereabouts(lead.contact.model_dump(exclude_none=True), lead.quality)
    return hold_off(quiet, zones_of(where, quiet, campaign.region), now)


def hold_off_words(lead: Lead, campaign: Campaign, now: datetime) -> str:
    """The same as a sentence for whoever gets the lead; '' where there is nothing to say."""
    found = hold_off_of(lead, campaign, now)
    return f"Do not call or text before {found.words}" if found else ""


def contact_facts(lead: Lead, campaign: Campaign, now: datetime) -> dict[str, Any]:
    """What a buyer is told of it: `contact_from`, the moment in UTC; without a value where it is now."""
    found = hold_off_of(lead, campaign, now)
    return {"contact_from": found.until.isoformat() if found else None}
