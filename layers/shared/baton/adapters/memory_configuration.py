"""In-memory twins of the Configuration and Archive ports. Product code: the simulator and the unit tests run on them.

One lock makes a change as atomic as what it stands for.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

from baton.domain.documents import Configured
from baton.domain.editing import Author, Change, Edit, Page, Stored, json_text
from baton.domain.errors import NotFound


class MemoryConfiguration:
    """The Configuration port over a dictionary."""

    def __init__(self, *documents: Configured) -> None:
        self.lock = Lock()
        self.revision = 0
        self.stored: dict[tuple[str, str], Stored[Any]] = {}
        for document in documents:
            self.put(document)

    def get[D: Configured](self, kind: type[D], key: str) -> D:
        """See Configuration.get."""
        found = self.get_many(kind, [key])
        if key not in found:
            raise NotFound(kind.kind, key)
        return found[key]

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """See Configuration.get_many."""
        return {key: stored.document for key, stored in self.read(kind, keys, {}).items()}

    def read[D: Configured](
        self, kind: type[D], keys: Sequence[str], known: Mapping[str, Stored[D]]
    ) -> Mapping[str, Stored[D]]:
        """See RevisedConfiguration.read."""
        with self.lock:
            found = {key: self.stored.get((kind.kind, key)) for key in keys}
        return {key: stored for key, stored in found.items() if stored}

    def put(self, document: Configured) -> None:
        """Write a document, replacing the one of that kind and key."""
        with self.lock:
            self.revision += 1
            self.stored[document.kind, document.key] = Stored(document, self.revision)


class MemoryArchive:
    """The Archive port over the documents of a MemoryConfiguration."""

    def __init__(self, configuration: MemoryConfiguration) -> None:
        self._configuration = configuration
        self._log: dict[str, Change] = {}

    def revision(self) -> int:
        """See Archive.revision."""
        return self._configuration.revision

    def find[D: Configured](self, kind: type[D], key: str) -> Stored[D] | None:
        """See Archive.find."""
        return self.find_many(kind, [key]).get(key)

    def find_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, Stored[D]]:
        """See Archive.find_many."""
        return self._configuration.read(kind, keys, {})

    def last[D: Configured](self, kind: type[D], prefix: str) -> Stored[D] | None:
        """See Archive.last."""
        return max(self._of(kind, prefix), key=lambda stored: stored.document.key, default=None)

    def every[D: Configured](self, kind: type[D]) -> list[Stored[D]]:
        """See Archive.every."""
        return sorted(self._of(kind, ""), key=lambda stored: stored.document.key)

    def page[D: Configured](
        self, kind: type[D], limit: int, after: str | None = None, prefix: str = ""
    ) -> Page[Stored[D]]:
        """See Archive.page."""
        rows = sorted((stored.document.key, stored) for stored in self._of(kind, prefix))
        return _page([row for row in rows if after is None or row[0] > after], limit)

    def apply(self, edits: Sequence[Edit], revision: int, author: Author) -> bool:
        """See Archive.apply."""
        stored = self._configuration.stored
        with self._configuration.lock:
            if self._configuration.revision != revision:
                return False
            rev = self._configuration.revision = revision + 1
            for index, edit in enumerate(edits):
                place = (edit.document.kind, edit.document.key)
                if edit.after is None:
                    stored.pop(place, None)
                else:
                    stored[place] = Stored(edit.after, rev)
                self._log[f"{rev:010d}.{index:06d}"] = _entry(edit, rev, author)
            return True

    def changes(self, limit: int, after: str | None = None) -> Page[Change]:
        """See Archive.changes."""
        with self._configuration.lock:
            rows = sorted(self._log.items(), reverse=True)
        return _page([row for row in rows if after is None or row[0] < after], limit)

    def _of[D: Configured](self, kind: type[D], prefix: str) -> Iterable[Stored[D]]:
        with self._configuration.lock:
            items = list(self._configuration.stored.items())
        return [stored for (name, key), stored in items if name == kind.kind and key.startswith(prefix)]


def _page[T](rows: Sequence[tuple[str, T]], limit: int) -> Page[T]:
    after = rows[limit - 1][0] if len(rows) > limit else None
    return Page(tuple(item for _, item in rows[:limit]), after)


def _entry(edit: Edit, no: int, author: Author) -> Change:
    before = edit.before.document if edit.before else None
    return Change(
        no=no,
        at=author.at,
        by=author.name,
        kind=edit.document.kind,
        key=edit.document.key,
        before=json.loads(json_text(before)) if before else None,
        after=json.loads(json_text(edit.after)) if edit.after else None,
    )
