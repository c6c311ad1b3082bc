"""What editing configuration is about: documents with revisions, drafts, and the log of every change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from baton.domain.documents import Configured, Id, Instant, Record
from baton.domain.plan import Stage

MAX_DOCUMENT_BYTES: Final = 200_000
"""A row of the store has 400 KB, and must at times hold a document twice: before and after a change. A pool of 1,000
members with all their caps has 150 KB."""


@dataclass(frozen=True, slots=True)
class Stored[D: Configured]:
    """A document as it is stored."""

    document: D
    rev: int
    """The number of the change that wrote it: its ETag. No other state of the document ever has the same, not even
    after it was deleted and made anew."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One document's change."""

    before: Stored[Any] | None
    """None: the document is new."""
    after: Configured | None
    """None: the document goes."""

    @property
    def document(self) -> Configured:
        """The document that it is about, as it will be or, where it goes, as it was."""
        if self.after is not None:
            return self.after
        if self.before is None:
            message = "an edit of nothing"
            raise ValueError(message)
        before: Configured = self.before.document
        return before


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Some of many."""

    items: tuple[T, ...]
    after: str | None
    """Where the next page begins; None for the last."""


class Change(Record):
    """An entry of the change log. Holds what reps are called and where they are reached: for operations only."""

    no: int
    """Number of the change, the same for all documents of one import; later changes have higher ones."""
    at: Instant
    by: str
    """Who: a user's name, `rep:<id>` for a rep's own settings, `baton` for what Baton does by itself."""
    kind: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class DraftPlan(Configured):
    """What the next version of a plan may become. Leads never see it."""

    kind = "draft_plan"

    stages: Annotated[tuple[Stage, ...], Field(max_length=50)] = ()
    fallback: Id | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, and when."""

    name: str
    at: datetime


def plain(document: Configured, *, short: bool = False) -> dict[str, Any]:
    """The document as JSON values, the same at every time for equal documents. Short: without what is the default."""
    options: dict[str, Any] = {"by_alias": True, "exclude_defaults": short}
    values = document.model_dump(mode="json", **options)
    ordered: dict[str, Any] = _ordered(values, document.model_dump(**options))
    return ordered


def json_text(document: Configured) -> str:
    """The document as JSON, the same at every time for equal documents.

    Raises ValueError for what JSON or UTF-8 cannot say: an infinite number, half a character.
    """
    text = json.dumps(plain(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode()
    return text


def same(one: Configured, other: Configured) -> bool:
    """Whether two documents say the same. Python itself takes 1 and true for equal."""
    return type(one) is type(other) and json_text(one) == json_text(other)


def _ordered(values: Any, shape: Any) -> Any:
    """`values` with a fixed order for what is a set in `shape`: Python's own differs from process to process."""
    if isinstance(shape, set | frozenset):
        return sorted(values)
    if isinstance(shape, Mapping):
        return {
            key: _ordered(value, part)
            for (key, value), part in zip(values.items(), shape.values(), strict=True)
        }
    if isinstance(shape, list | tuple):
        return [_ordered(value, part) for value, part in zip(values, shape, strict=True)]
    return values
