"""Eligibility: may this recipient have this lead now? Every no has its reason and the facts behind it."""

from datetime import datetime

from baton.domain.conditions import Facts, failed_leaf
from baton.domain.recipient import Recipient
from baton.domain.standing import Usage, day_window
from baton.domain.trace import Reason, Verdict


def obstacle(
    recipient: Recipient | None, usage: Usage, facts: Facts, offered: frozenset[str], now: datetime
) -> Verdict | None:
    """The first thing that keeps `recipient` from the lead; None where nothing does.

    Checked from what changes least to what changes most, so that the reason named is the one to mend first.
    """
    if recipient is None:
        return Verdict(Reason.UNKNOWN_RECIPIENT, {})
    if not recipient.active:
        return Verdict(Reason.INACTIVE, {})
    if recipient.id in offered:
        return Verdict(Reason.ALREADY_OFFERED, {})
    if not recipient.accepts_test(facts):
        return Verdict(Reason.CONDITIONS_NOT_MET, {"failed": failed_leaf(recipient.accepts, facts)})
    if not recipient.schedule.is_open(now, recipient.zone):
        return Verdict(Reason.OUTSIDE_WORKING_HOURS, {"zone": recipient.zone})
    return _full(recipient, usage, now)


def _full(recipient: Recipient, usage: Usage, now: datetime) -> Verdict | None:
    caps = recipient.caps
    if caps.per_day is not None:
        used = usage.taken.get(day_window(now, recipient.zone), 0)
        if used >= caps.per_day:
            facts = {"used": used, "cap": caps.per_day, "resets": f"00:00 {recipient.zone}"}
            return Verdict(Reason.DAILY_CAP_REACHED, facts)
    if caps.open_leads is not None and usage.open_leads >= caps.open_leads:
        return Verdict(Reason.OPEN_LEADS_FULL, {"open": usage.open_leads, "cap": caps.open_leads})
    return None
