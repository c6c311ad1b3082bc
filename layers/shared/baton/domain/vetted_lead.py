"""The change that vetting makes of a lead: findings on it, and held where they are suspicious."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baton.domain.change import Change
from baton.domain.findings import Vetted
from baton.domain.review import cleared_by_rule, held
from baton.domain.timeline import Event, EventKind
from baton.domain.vetting import suspicions_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead


def vetted(lead: Lead, findings: Mapping[str, Any], campaign: Campaign, now: datetime) -> Change:
    """The lead with what was heard of it; held, rejected or let go on as its campaign's rules say.

    What the page's challenge gave is used up. A lead that somebody has released meanwhile goes on.
    """
    facts = {name: _plain(value) for name, value in findings.items()}
    known: dict[str, Any] = {"vetted": Vetted(at=now, findings=facts), "challenge": None}
    suspicions = suspicions_in(findings, test=lead.test)
    if suspicions and (change := held(lead, suspicions, campaign, now, {"findings": facts}, **known)):
        return change
    if suspicions and not lead.cleared:
        known |= cleared_by_rule(lead, suspicions)
    after = lead.revised(**known)
    return Change(lead=after, event=Event.of(after, EventKind.LEAD_VETTED, now, {"findings": facts}))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
