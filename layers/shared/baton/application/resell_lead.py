"""Sell a lead again that a buyer gave back: to those who have not had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.domain.lead import Lead, LeadState
from baton.domain.sales import resold

if TYPE_CHECKING:
    from datetime import datetime

    from baton.application.ports import Leads


def is_to_be_resold(lead: Lead) -> bool:
    """Whether the lead came back and is to go on: a returned lead that stays so is watched by nobody."""
    return lead.state is LeadState.RETURNED and lead.watch_at is not None and lead.forgotten_at is None


def resell(leads: Leads, lead: Lead, now: datetime) -> bool:
    """Let the lead go on in its plan. False: somebody else wrote it first, and nothing was written."""
    return leads.commit(resold(lead, now))
