"""Use case: people keep sources, campaigns, recipients, pools, subscriptions and digests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.application.editing import change, change_problems, check_seen, check_storable, plans_in_use
from baton.domain.campaign import Campaign
from baton.domain.editing import Edit, Stored, same
from baton.domain.errors import AlreadyExists, InUse, InvalidConfiguration, NotFound
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.references import users
from baton.domain.reports.digest import Digest
from baton.domain.source import Source
from baton.domain.subscription import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baton.application.archive import Archive
    from baton.application.ports import Clock
    from baton.domain.documents import Configured
    from baton.domain.editing import Change, Page

EDITED: Final[tuple[type[Configured], ...]] = (Source, Campaign, Recipient, Pool, Subscription, Digest)
"""The kinds that are edited document by document. Plans are drafted and published."""


class EditConfiguration:
    """List, read, create, replace and delete documents; never lose an edit, never leave a name without its document."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    def find[D: Configured](self, kind: type[D], key: str) -> Stored[D]:
        """The document with its revision. Raises NotFound."""
        stored = self._archive.find(kind, key)
        if stored is None:
            raise NotFound(kind.kind, key)
        return stored

    def page[D: Configured](self, kind: type[D], limit: int, after: str | None = None) -> Page[Stored[D]]:
        """At most `limit` documents of that kind, by id, after the id `after`."""
        return self._archive.page(kind, limit, after)

    def history(self, limit: int, after: str | None = None) -> Page[Change]:
        """Who changed what and when, newest first."""
        return self._archive.changes(limit, after)

    def create[D: Configured](self, document: D, by: str) -> Stored[D]:
        """Store a new document. Raises AlreadyExists, InvalidConfiguration."""

        def plan(rev: int) -> tuple[list[Edit], Stored[D]]:
            if self._archive.find(type(document), document.key):
                raise AlreadyExists(document.kind, document.key)
            check_storable(self._archive, document)
            return [Edit(None, document)], Stored(document, rev)

        return change(self._archive, self._clock, by, plan)

    def replace[D: Configured](self, document: D, rev: int | None, by: str) -> Stored[D]:
        """Store another state of a document, where `rev` is its present revision (None: whichever it has).

        Where the document is so already, nothing happens, whatever `rev` is: the caller's earlier, unanswered request
        may have done it. Raises NotFound, EditConflict, InvalidConfiguration.
        """

        def plan(next_rev: int) -> tuple[list[Edit], Stored[D]]:
            before = self.find(type(document), document.key)
            check_storable(self._archive, document)
            if same(before.document, document):
                return [], before
            check_seen(before, rev)
            if problems := change_problems(before.document, document):
                raise InvalidConfiguration(problems)
            return [Edit(before, document)], Stored(document, next_rev)

        return change(self._archive, self._clock, by, plan)

    def delete(self, kind: type[Configured], key: str, rev: int | None, by: str) -> None:
        """Remove a document that nothing refers to, where `rev` is its present revision (None: whichever it has).

        Raises NotFound, EditConflict, InUse.
        """

        def plan(_: int) -> tuple[list[Edit], None]:
            before = self.find(kind, key)
            check_seen(before, rev)
            if found := users(kind.kind, key, self._could_use(kind)):
                raise InUse(kind.kind, key, found)
            return [Edit(before, None)], None

        change(self._archive, self._clock, by, plan)

    def _could_use(self, kind: type[Configured]) -> Iterable[Configured]:
        """All documents that may refer to one of that kind."""
        if kind is Campaign:
            return [one for kind in (Source, Recipient, Subscription, Digest) for one in self._every(kind)]
        if kind is Recipient:
            return [*self._every(Pool), *plans_in_use(self._archive)]
        return plans_in_use(self._archive) if kind is Pool else []

    def _every(self, kind: type[Configured]) -> list[Configured]:
        return [stored.document for stored in self._archive.every(kind)]
