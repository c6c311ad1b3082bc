"""Duplicates: which leads are one, and what becomes of the second."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from baton.domain.dedupe import Dedupe, DuplicatePolicy, Mark, Match, Scope
from baton.domain.identity import person_marks
from baton.domain.lead import Lead, LeadState

SAME_PAYLOAD: Final = timedelta(seconds=60)
"""What is sent again within this time was sent once: a double click, a retry."""
_SCOPED: Final = {Scope.CAMPAIGN, Scope.ACCOUNT}


def payload_mark(lead: Lead) -> Mark:
    """What says that a source has just sent exactly this. Whatever the policy, it is the same lead."""
    kind = "test" if lead.test else "live"
    key = f"payload#{kind}#{lead.source_id}#{lead.fingerprint}"
    at = lead.received_at
    return Mark(key=key, lead_id=lead.lead_id, at=at, expires_at=at + SAME_PAYLOAD)


def identity_values(lead: Lead, dedupe: Dedupe) -> tuple[str, ...]:
    """What distinguishes the lead, to be hashed: one value for each part, or one for all of them together.

    A lead that lacks a part is no duplicate by it; where all must match, it is none at all.
    """
    if dedupe.scope not in _SCOPED:
        return ()
    parts = [_part(lead, part) for part in dedupe.by]
    within = f"campaign {lead.campaign_id}" if dedupe.scope is Scope.CAMPAIGN else "account"
    kind = "test" if lead.test else "live"
    if dedupe.match is Match.ANY:
        return tuple(f"{kind}\n{within}\n{part}" for part in parts if part)
    return (f"{kind}\n{within}\n" + "\n".join(map(str, parts)),) if all(parts) else ()


def _part(lead: Lead, part: str) -> str | None:
    if part in {"email", "phone"}:
        return next((mark for mark in person_marks(lead.contact) if mark.startswith(f"{part}:")), None)
    value = lead.attributes.get(part.removeprefix("attributes."))
    if value is None or isinstance(value, list | dict):
        return None
    text = " ".join(str(value).casefold().split())
    return f"{part}={text}" if text else None


def identity_marks(lead: Lead, dedupe: Dedupe, hashes: Sequence[str]) -> tuple[Mark, ...]:
    """The lead's claims on what distinguishes it."""
    at, until = lead.received_at, lead.received_at + timedelta(days=dedupe.window_days)
    return tuple(Mark(key=f"identity#{one}", lead_id=lead.lead_id, at=at, expires_at=until) for one in hashes)


def is_first(lead: Lead) -> bool:
    """Whether a lead counts as the first of its person.

    One that was turned away, is held or was forgotten does not: it must not swallow a good one.
    """
    passed_over = {LeadState.DISQUALIFIED, LeadState.QUARANTINED, LeadState.DUPLICATE}
    return lead.state not in passed_over and lead.forgotten_at is None


def as_duplicate(lead: Lead, first: Lead, policy: DuplicatePolicy) -> Lead:
    """The lead, before it is stored, as the duplicate of an earlier one."""
    known = {"duplicate_of": first.lead_id, "on_duplicate": policy}
    if policy is DuplicatePolicy.REFUSE:
        return lead.model_copy(update={**known, "state": LeadState.DUPLICATE, "watch_at": None})
    return lead.model_copy(update=known)
