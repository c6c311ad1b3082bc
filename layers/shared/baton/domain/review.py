"""Changes of leads that are held: how one comes to be held in the workflow, is released, and is rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baton.domain.change import Change
from baton.domain.lead import Lead, LeadState, facts_of
from baton.domain.quarantine import BY_RULE, Verdict
from baton.domain.screening import watched
from baton.domain.suspicion import Suspicion, together
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from baton.domain.campaign import Campaign
    from baton.domain.dedupe import Mark

NOBODY_LOOKED = "nobody_looked"
"""Why a lead is rejected that was held for as long as its campaign lets one be held."""


def held(
    lead: Lead,
    found: Iterable[Suspicion],
    campaign: Campaign,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    **known: Any,
) -> Change | None:
    """A lead on its way that turned out suspicious: held, or rejected, by its campaign's rules.

    None: it goes on, because a person released it or because a rule does; then `cleared_by_rule` says how it looks.
    A rule lets a lead go for what it was asked about, so only what is newly found counts: who was let go although the
    form was filled too fast is not let go, too, although they want no contact. `facts` are added to the event's,
    `known` to the lead (score, findings, ...).
    """
    fresh = together(set(found) - set(lead.suspicions))
    if lead.cleared or not fresh:
        return None
    suspicions = together(lead.suspicions, fresh)
    seen = lead.model_copy(update={**known, "suspicions": fresh})
    verdict = campaign.quarantine.verdict(facts_of(seen, now))
    if verdict is Verdict.RELEASE:
        return None
    said = {**(facts or {}), **why(seen.model_copy(update={"suspicions": suspicions}))}
    known = {**known, "suspicions": suspicions}
    if verdict is Verdict.REJECT:
        after = lead.moved(LeadState.DISQUALIFIED, now, **known)
        return Change(after, Event.of(after, EventKind.LEAD_DISQUALIFIED, now, {**said, "by": BY_RULE}))
    after = lead.moved(LeadState.QUARANTINED, now, watch_at=watched(campaign, verdict, now), **known)
    return Change(after, Event.of(after, EventKind.LEAD_QUARANTINED, now, said))


def cleared_by_rule(lead: Lead, found: Iterable[Suspicion]) -> dict[str, Any]:
    """What changes in a lead that is suspicious and that a rule lets go on: what was found stays with it."""
    return {"suspicions": together(lead.suspicions, found)}


def freed(lead: Lead, now: datetime) -> Lead:
    """A held lead, or one that was rejected, as it goes its way as if it had just come in. Raises IllegalTransition.

    Its workflow starts anew, as the next execution: the one that held it may have ended a moment ago.
    """
    return lead.moved(LeadState.RECEIVED, now, cleared=True, attempt=lead.attempt + 1)


def released(lead: Lead, after: Lead, marks: tuple[Mark, ...], now: datetime, by: str) -> Change:
    """A lead's release; `after` is the lead once it is freed and compared with others."""
    facts = {**why(lead), "by": by, "attempt": after.attempt}
    if after.duplicate_of:
        facts |= {"duplicate_of": after.duplicate_of, "policy": after.on_duplicate}
    return Change(after, Event.of(after, EventKind.LEAD_RELEASED, now, facts), marks=marks)


def rejected(lead: Lead, now: datetime, by: str, reason: str) -> Change:
    """A held lead goes nowhere, for good unless somebody thinks again. Raises IllegalTransition."""
    after = lead.moved(LeadState.DISQUALIFIED, now)
    facts = {**why(lead), "by": by, "reason": reason}
    return Change(after, Event.of(after, EventKind.LEAD_DISQUALIFIED, now, facts))


def why(lead: Lead) -> dict[str, Any]:
    """Why a lead is held, as events tell it: codes, and the paths of fields that are not as they should be."""
    codes = [str(code) for code in lead.suspicions]
    return {"why": codes, **({"fields": list(lead.invalid)} if lead.invalid else {})}
