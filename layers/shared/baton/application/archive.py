"""Where documents are kept: as use cases read them while leads flow, and as people edit them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.domain.documents import Configured
    from baton.domain.editing import Author, Edit, Page, Stored
    from baton.domain.editing import Change as LoggedChange


class Configuration(Protocol):
    """Sources, campaigns, recipients, pools and plan versions."""

    def get[D: Configured](self, kind: type[D], key: str) -> D:
        """The document of that kind and id (`key`: its id, for a plan with its version). Raises NotFound."""
        ...

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """The documents that exist, by key."""
        ...


class RevisedConfiguration(Configuration, Protocol):
    """Configuration that says whether a document is still the one that somebody knows."""

    def read[D: Configured](
        self, kind: type[D], keys: Sequence[str], known: Mapping[str, Stored[D]]
    ) -> Mapping[str, Stored[D]]:
        """The documents that exist, by key. Of `known`, those of unchanged revision are given back as they are."""
        ...


class Archive(Protocol):
    """Configuration as those see it who edit it: with revisions, whole, and with a log of every change.

    All changes go through one counter, `revision`: what was read before it is still true when a change is stored.
    """

    def revision(self) -> int:
        """The number of the last change; 0 before the first. Read it before what a change is based on."""
        ...

    def find[D: Configured](self, kind: type[D], key: str) -> Stored[D] | None:
        """The document as last written, with its revision."""
        ...

    def find_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, Stored[D]]:
        """The documents that exist, by key."""
        ...

    def last[D: Configured](self, kind: type[D], prefix: str) -> Stored[D] | None:
        """Of the documents of that kind with keys that begin so, the one with the highest key."""
        ...

    def every[D: Configured](self, kind: type[D]) -> list[Stored[D]]:
        """All documents of that kind, by key."""
        ...

    def page[D: Configured](
        self, kind: type[D], limit: int, after: str | None = None, prefix: str = ""
    ) -> Page[Stored[D]]:
        """At most `limit` documents of that kind, by key, after the key `after`, with keys that begin so.

        Fewer, where they are large: `Page.after` tells whether there are more.
        """
        ...

    def apply(self, edits: Sequence[Edit], revision: int, author: Author) -> bool:
        """Make all edits and their entries in the change log true at one moment, however many they are.

        The documents then have the revision `revision` + 1. False: configuration has changed since `revision`, or
        somebody else is changing it now, and nothing has become true. Raises StoreUnavailable; then the edits may have
        become true or not, but never some of them.
        """
        ...

    def changes(self, limit: int, after: str | None = None) -> Page[LoggedChange]:
        """At most `limit` entries of the change log, newest first; `after` is a page's, see `page`."""
        ...
