"""Forgetting: what of a lead is a person's, and what may stay when the person is removed: the numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from baton.domain.change import Change
from baton.domain.consent import Consent
from baton.domain.errors import BatonError
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.lead_return import Return
    from baton.domain.offer import Offer

REMOVED: Final = "removed on request"
"""What stands where a person's name stood."""
_ADVERTS: Final = ("utm_source", "utm_medium", "utm_campaign")
"""Which advertisement brought the lead; not which click, page or search did."""
_SHORT_WORD: Final = re.compile(r"[A-Za-z0-9 ._|+-]{1,64}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_STATE: Final = re.compile(r"[A-Z0-9]{1,3}")
_FREE_WORDS: Final = frozenset({"reason", "note", "fields", "paths"})
"""Facts of events that others worded, or that are called as a sender chose."""
_OFF: Final[Mapping[LeadState, LeadState]] = {
    LeadState.RECEIVED: LeadState.DISQUALIFIED,
    LeadState.QUARANTINED: LeadState.DISQUALIFIED,
    LeadState.SCORED: LeadState.UNASSIGNED,
}
"""Where a lead ends that nobody has: it goes nowhere any more."""


class LeadInMotion(BatonError):
    """A person cannot be forgotten at this moment: a buyer may be about to take the lead and has not said so yet."""

    code = "lead-in-motion"

    def __init__(self, lead_id: str) -> None:
        super().__init__(
            f"lead {lead_id} was sent to a buyer that has not said whether it took it; "
            "ask again once that is settled"
        )


def without_person(lead: Lead) -> Lead:
    """The lead without anything that says, or tells somebody who knows the person, whose it is. At no new revision."""
    return lead.model_copy(
        update={
            "contact": _region(lead.contact),
            "attributes": {},
            "consent": Consent(given=lead.consent.given) if lead.consent else None,
            "attribution": _advert(lead.attribution),
            "fingerprint": "",
            "raw": {},
            "quality": {name: value for name, value in lead.quality.items() if isinstance(value, bool)},
            "invalid": (),
            "challenge": None,
            "additions": {},
            "lost_reason": None,
            "ties": None,
            "person": (),
            "external_id": None,
            "ping_id": None,
            "duties": (),
        }
    )


def _region(contact: Contact) -> Contact:
    """The state and the country, where they are codes: millions live there."""
    state, country = contact.state or "", contact.country or ""
    return Contact(
        state=state if _STATE.fullmatch(state) else None,
        country=country if _COUNTRY.fullmatch(country) else None,
    )


def _advert(attribution: Mapping[str, str]) -> dict[str, str]:
    return {
        name: attribution[name]
        for name in _ADVERTS
        if name in attribution and _SHORT_WORD.fullmatch(attribution[name])
    }


def forgotten(lead: Lead, by: str, now: datetime, *, leads: int, rows: int) -> Change:
    """The lead without its person, off its plan, and the record that it was done, by whom and how much of it.

    Its offer is released before; a lead that somebody has stays theirs. `leads` and `rows`: what was removed so far.
    """
    bare = without_person(lead).model_copy(update={"forgotten_at": now})
    state = LeadState.SOLD if lead.state is LeadState.SCORED and lead.sales else _OFF.get(lead.state)
    if state is None:
        # Whoever has it still has it: it lapses like others, or it would take up their capacity for ever.
        after = bare.revised(watch_at=bare.last_day_at)
    else:
        holder = lead.buyers[-1] if state is LeadState.SOLD and lead.buyers else None
        after = bare.moved(state, now, recipient_id=holder)
    facts = {"by": by, "leads": leads, "rows": rows}
    return Change(lead=after, event=Event.of(after, EventKind.PERSON_FORGOTTEN, now, facts))


def sealed(change: Change) -> Change:
    """The change without what would bring a forgotten person back, whoever makes it and however late."""
    if change.lead.forgotten_at is None and (change.other is None or change.other[0].forgotten_at is None):
        return change
    lead, other = change.lead, change.other
    if lead.forgotten_at is not None:
        change = replace(
            change,
            lead=without_person(lead),
            event=bare_event(change.event) or change.event,
            offer=change.offer and (bare_offer(change.offer, bump=False) or change.offer),
            lead_return=change.lead_return
            and (bare_return(change.lead_return, bump=False) or change.lead_return),
            owners=(),
            marks=(),
        )
    if other is not None and other[0].forgotten_at is not None:
        change = replace(change, other=(without_person(other[0]), bare_event(other[1]) or other[1]))
    return change


def bare_offer(offer: Offer, *, bump: bool = True) -> Offer | None:
    """The offer, one revision on, without the person's keys and the buyer's words; None where it has neither."""
    delivery = offer.delivery
    worded = delivery is not None and delivery.reason is not None
    if not offer.person and not worded:
        return None
    known = {"person": (), "delivery": delivery.model_copy(update={"reason": None}) if delivery else None}
    return offer.model_copy(update={**known, "rev": offer.rev + bump})


def bare_return(wanted: Return, *, bump: bool = True) -> Return | None:
    """The return, one revision on, without what people wrote into it; None where nobody has."""
    if wanted.note is None and wanted.why is None:
        return None
    return wanted.model_copy(update={"note": None, "why": None, "rev": wanted.rev + bump})


def bare_event(event: Event) -> Event | None:
    """The event without words of others; None where it has none."""
    if not _FREE_WORDS & event.facts.keys():
        return None
    kept: dict[str, Any] = {name: fact for name, fact in event.facts.items() if name not in _FREE_WORDS}
    return event.model_copy(update={"facts": kept})
