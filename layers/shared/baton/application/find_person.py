"""Look for somebody's leads by their address or number, as a person of ours has it on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from baton.application.present_leads import present
from baton.domain.campaign import Campaign
from baton.domain.contact_entry import ContactEntry, EntryProblem, read_entries

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from baton.application.archive import Archive
    from baton.application.ports import Identities, Leads
    from baton.domain.lead import Lead

MOST: Final = 50
"""Leads that are read; somebody with more sends them by a program."""
MOST_REGIONS: Final = 20


class KnownPersons(Protocol):
    """Leads by what their persons are known by."""

    def leads_with(self, keys: Collection[str], limit: int) -> list[str]:
        """Ids of at most `limit` leads whose person is known by one of these keys, whichever. May lag by moments."""
        ...


class FindPerson:
    """By keyed hashes: an address is neither kept nor told for having been looked for."""

    def __init__(self, leads: Leads, persons: KnownPersons, identities: Identities, archive: Archive) -> None:
        self._leads = leads
        self._persons = persons
        self._identities = identities
        self._archive = archive

    def __call__(self, email: str | None, phone: str | None) -> tuple[Sequence[Lead], Sequence[EntryProblem]]:
        """Their leads, the newest first, or what is wrong with the address and the number.

        A number without a country is looked for in the country of every campaign.
        """
        entry, keys = ContactEntry(1, email, phone), []
        problems: Sequence[EntryProblem] = ()
        for region in self._regions():
            good, wrong = read_entries([entry], region)
            problems = problems or wrong
            keys += [key for contact in good.values() for key in self._identities.person(contact)]
        if not keys:
            return (), problems
        found = present(self._leads, self._persons.leads_with(tuple(dict.fromkeys(keys)), MOST))
        return sorted(found, key=lambda lead: (lead.received_at, lead.lead_id), reverse=True), ()

    def _regions(self) -> list[str]:
        campaigns = [stored.document.region for stored in self._archive.every(Campaign)]
        return list(dict.fromkeys(campaigns or ["US"]))[:MOST_REGIONS]
