"""The do-not-contact list: people who want no contact, kept as keyed hashes that say nothing of who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from baton.domain.contact_entry import ContactEntry, EntryProblem, read_entries

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from baton.application.ports import Clock, Identities


class DoNotContact(Protocol):
    """Who wants no contact, by keyed hashes of addresses and numbers, for the whole account."""

    def listed(self, marks: Collection[str]) -> set[str]:
        """Those of the marks that are on the list. Raises StoreUnavailable."""
        ...

    def add(self, marks: Collection[str], at: datetime, by: str) -> None:
        """Put marks on the list. Again is harmless. Raises StoreUnavailable; then some may be on it."""
        ...

    def remove(self, marks: Collection[str]) -> None:
        """Take marks off the list. Again is harmless. Raises StoreUnavailable; then some may be off it."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """What became of entries."""

    listed: Mapping[int, bool]
    """Whether each good one is on the list now, by row. With an address and a number: whether either is."""
    problems: Sequence[EntryProblem]
    """What is wrong with the others."""


class RefuseContact:
    """Good entries are taken although others are not: a list that somebody sends must not wait for one typing error."""

    def __init__(self, listed: DoNotContact, identities: Identities, clock: Clock) -> None:
        self._list = listed
        self._identities = identities
        self._clock = clock

    def add(self, entries: Sequence[ContactEntry], region: str, by: str) -> Listing:
        """Put these people on the list."""
        marks, problems = self._marks(entries, region)
        self._list.add({mark for found in marks.values() for mark in found}, self._clock.now(), by)
        return Listing(dict.fromkeys(marks, True), problems)

    def check(self, entries: Sequence[ContactEntry], region: str) -> Listing:
        """Say who of these people is on the list."""
        marks, problems = self._marks(entries, region)
        known = self._list.listed({mark for found in marks.values() for mark in found})
        return Listing({row: not known.isdisjoint(found) for row, found in marks.items()}, problems)

    def remove(self, entries: Sequence[ContactEntry], region: str) -> Listing:
        """Take these people off the list, by all that is said of each."""
        marks, problems = self._marks(entries, region)
        self._list.remove({mark for found in marks.values() for mark in found})
        return Listing(dict.fromkeys(marks, False), problems)

    def _marks(
        self, entries: Sequence[ContactEntry], region: str
    ) -> tuple[dict[int, tuple[str, ...]], list[EntryProblem]]:
        """What distinguishes each good entry, as it would a lead."""
        good, problems = read_entries(entries, region)
        return {row: self._identities.person(contact) for row, contact in good.items()}, problems
