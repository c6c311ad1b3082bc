"""What all use cases that change configuration share: one way to store a change, one to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.domain.campaign import Campaign
from baton.domain.editing import MAX_DOCUMENT_BYTES, Author, DraftPlan, json_text
from baton.domain.errors import EditConflict, EditContention, FieldError, InvalidConfiguration
from baton.domain.form_words import is_reworded
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.references import references
from baton.domain.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from baton.application.archive import Archive
    from baton.application.ports import Clock
    from baton.domain.documents import Configured
    from baton.domain.editing import Edit, Stored
    from baton.domain.references import Reference

ATTEMPTS: Final = 10
"""Races that one change may lose. Each is lost to somebody else's change that was stored."""

_NEEDED: Final[dict[str, type[Configured]]] = {
    Campaign.kind: Campaign,
    Recipient.kind: Recipient,
    Pool.kind: Pool,
    Plan.kind: PublishedPlan,
}
"""Where to look for what is referred to: a plan counts once it is published."""

_WORDS: Final = {Plan.kind: "published plan"}


def change[T](archive: Archive, clock: Clock, by: str, plan: Callable[[int], tuple[list[Edit], T]]) -> T:
    """Store what `plan` says, all of it or nothing, and hand on its result.

    `plan` gets the revision that the documents will have. It reads and checks all that the change is based on; when
    anything was changed meanwhile, it is asked again. Raises EditContention, StoreUnavailable.
    """
    for _ in range(ATTEMPTS):
        revision = archive.revision()
        edits, result = plan(revision + 1)
        if not edits or archive.apply(edits, revision, Author(by, clock.now())):
            return result
    message = "others keep changing the configuration; try again"
    raise EditContention(message)


def check_seen(stored: Stored[Configured], rev: int | None) -> None:
    """Raises EditConflict unless `rev` is the stored revision. None: the caller takes whichever there is."""
    if rev is not None and rev != stored.rev:
        raise EditConflict(stored.document.kind, stored.document.key)


def size_problems(document: Configured, place: str = "") -> list[FieldError]:
    """Why the document cannot be stored, whatever it means."""
    try:
        size = len(json_text(document).encode())
    except ValueError:
        return [FieldError(place, "contains a number or a character that cannot be stored")]
    if size > MAX_DOCUMENT_BYTES:
        return [FieldError(place, f"is larger than {MAX_DOCUMENT_BYTES // 1000} KB")]
    return []


def change_problems(before: Configured | None, after: Configured) -> list[FieldError]:
    """Why a document cannot become another one, though each is good by itself."""
    if isinstance(before, Source) and isinstance(after, Source) and is_reworded(before.form, after.form):
        return [FieldError("form.consent.version", "has to be another one, since the words are others")]
    return []


def missing(wanted: Collection[Reference], existing: Collection[tuple[str, str]]) -> list[FieldError]:
    """What is referred to and is not among `existing` (kind and id), each at its place."""
    return [
        FieldError(found.place, f"{_WORDS.get(found.kind, found.kind)} '{found.id}' does not exist")
        for found in sorted(wanted, key=lambda reference: reference.place)
        if (found.kind, found.id) not in existing
    ]


def check_storable(archive: Archive, document: Configured) -> None:
    """Raises InvalidConfiguration where the document is too large or refers to what does not exist."""
    wanted = references(document)
    existing: set[tuple[str, str]] = set()
    for kind in {found.kind for found in wanted}:
        keys = sorted({found.id for found in wanted if found.kind == kind})
        existing.update((kind, key) for key in archive.find_many(_NEEDED[kind], keys))
    if problems := size_problems(document) or missing(wanted, existing):
        raise InvalidConfiguration(problems)


def published_plans(archive: Archive) -> Mapping[str, Stored[Plan]]:
    """The version of each plan that new leads follow, by the plan's id."""
    pointers = archive.every(PublishedPlan)
    keys = {Plan.key_of(found.document.id, found.document.version) for found in pointers}
    versions = archive.find_many(Plan, sorted(keys))
    return {stored.document.id: stored for stored in versions.values()}


def plans_in_use(archive: Archive) -> list[Configured]:
    """Published versions and drafts: the plans whose references count. Older versions do not."""
    drafts: list[Configured] = [found.document for found in archive.every(DraftPlan)]
    return [*(found.document for found in published_plans(archive).values()), *drafts]


def versions_of(plan_id: str) -> str:
    """How the keys of all versions of a plan begin."""
    return Plan.key_of(plan_id, 0).removesuffix("000000")


def newest_version(archive: Archive, plan_id: str) -> int:
    """The plan's highest version, also after it was deleted: a version's number is never used again. 0: none."""
    last = archive.last(Plan, versions_of(plan_id))
    return last.document.version if last else 0
