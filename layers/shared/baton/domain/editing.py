"""What editing configuration is about: documents with revisions, drafts, and the log of every change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from baton.domain.documents import Configured, Id, Instant, Record
from baton.domain.plan import Stage


@dataclass(frozen=True, slots=True)
class Stored[D: Configured]:
    """A document as it is stored."""

    document: D
    rev: int
    """How often the document was written: its ETag. 1 when new."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One document's change."""

    before: Stored[Any] | None
    """None: the document is new."""
    after: Configured | None
    """None: the document goes."""
    rev: int = 0
    """The revision that the document then has."""


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
