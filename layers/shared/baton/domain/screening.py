"""Screening: what is suspicious about a lead that comes in, and what its campaign makes of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.domain.consent import Consent, OnFault, lacking
from baton.domain.lead import WATCH_AFTER, Lead, LeadState, facts_of
from baton.domain.quarantine import Verdict
from baton.domain.suspicion import Suspicion, together

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from baton.domain.campaign import Campaign
    from baton.domain.source import Source


@dataclass(frozen=True, slots=True)
class Signs:
    """What a request shows besides the lead itself."""

    trapped: bool = False
    """Whether the field that no person sees was filled."""
    fill_ms: int | None = None
    """How long the form took; None: it does not say."""
    challenged: bool = False
    """Whether the page's challenge was answered, with whatever."""
    known: bool = False
    """Whether the sender showed who it is: such senders show no challenge and fill no form."""


def lacking_consent(campaign: Campaign, consent: Consent | None) -> tuple[str, ...]:
    """Paths of what the campaign asks of a consent and this one has not: `consent.given`, `consent.trusted_form`."""
    known = consent.model_dump(exclude_none=True) if consent else {}
    return tuple(f"consent.{name}" for name in lacking(known, campaign.consent.asked))


def suspicions_of(lead: Lead, source: Source, campaign: Campaign, signs: Signs) -> tuple[Suspicion, ...]:
    """Everything suspicious about a lead and its request that can be known without asking anybody.

    `lead.invalid` are paths that are not as the campaign asks, those of the consent among them.
    """
    spam, lacks = source.spam, lacking_consent(campaign, lead.consent)
    found = {
        Suspicion.HONEYPOT: signs.trapped,
        Suspicion.TOO_FAST: signs.fill_ms is not None and signs.fill_ms < spam.min_fill_ms,
        Suspicion.CHALLENGE_MISSING: bool(spam.challenge) and not (signs.challenged or signs.known),
        Suspicion.INVALID_FIELD: bool(set(lead.invalid) - set(lacks)),
        Suspicion.NO_CONSENT: bool(lacks) and campaign.consent.missing is OnFault.QUARANTINE,
        Suspicion.DISPOSABLE_EMAIL: bool(lead.quality.get("email_disposable")) and not campaign.disposable,
    }
    return together(code for code, holds in found.items() if holds)


def screened(lead: Lead, found: Iterable[Suspicion], campaign: Campaign, now: datetime) -> Lead:
    """A lead that is not stored yet, with more suspicions, in the state that its campaign's rules give it then."""
    suspicions = together(lead.suspicions, found)
    lead = lead.model_copy(update={"suspicions": suspicions})
    if not suspicions:
        return lead
    verdict = campaign.quarantine.verdict(facts_of(lead, now))
    state = _STATES[verdict]
    watch_at = now + WATCH_AFTER if state is LeadState.RECEIVED else watched(campaign, verdict, now)
    return lead.model_copy(update={"state": state, "watch_at": watch_at})


def watched(campaign: Campaign, verdict: Verdict, now: datetime) -> datetime | None:
    """When a lead that nobody has looked at until then is rejected; None: never."""
    days = campaign.quarantine.reject_after_days
    return now + timedelta(days=days) if verdict is Verdict.HOLD and days else None


_STATES: Final = {
    Verdict.HOLD: LeadState.QUARANTINED,
    Verdict.RELEASE: LeadState.RECEIVED,
    Verdict.REJECT: LeadState.DISQUALIFIED,
}
