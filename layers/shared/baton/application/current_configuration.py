"""The whole configuration at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baton.application.editing import published_plans
from baton.domain.campaign import Campaign
from baton.domain.configuration_file import FileDraft, FilePlan
from baton.domain.editing import DraftPlan
from baton.domain.plan import PublishedPlan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.digest import Digest
from baton.domain.source import Source
from baton.domain.subscription import Subscription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.archive import Archive
    from baton.domain.documents import Configured
    from baton.domain.editing import Stored
    from baton.domain.plan import Plan

PLAIN: Final[dict[str, type[Configured]]] = {
    "recipients": Recipient,
    "pools": Pool,
    "campaigns": Campaign,
    "sources": Source,
    "subscriptions": Subscription,
    "digests": Digest,
}
"""The sections of a file whose entries are stored as they are."""


@dataclass(frozen=True, slots=True)
class Current:
    """Everything that is configured, by id, with revisions."""

    documents: Mapping[str, Mapping[str, Stored[Any]]]
    """By section and id."""
    pointers: Mapping[str, Stored[PublishedPlan]]
    published: Mapping[str, Stored[Plan]]
    drafts: Mapping[str, Stored[DraftPlan]]

    @property
    def plan_ids(self) -> list[str]:
        """Of every plan that is published or has a draft."""
        return sorted(self.pointers.keys() | self.drafts.keys())

    def file_plan(self, plan_id: str) -> FilePlan:
        """A plan as a file has it."""
        draft = self.drafts.get(plan_id)
        of_file = draft and FileDraft(stages=draft.document.stages, fallback=draft.document.fallback)
        if plan_id not in self.published:
            return FilePlan(id=plan_id, draft=of_file)
        plan = self.published[plan_id].document
        return FilePlan(
            id=plan_id, version=plan.version, stages=plan.stages, fallback=plan.fallback, draft=of_file
        )


def read_current(archive: Archive) -> Current:
    """Whoever stores what is based on it does so by the revision of before: then it was of one moment."""
    return Current(
        {section: by_id(archive, kind) for section, kind in PLAIN.items()},
        by_id(archive, PublishedPlan),
        published_plans(archive),
        by_id(archive, DraftPlan),
    )


def by_id[D: Configured](archive: Archive, kind: type[D]) -> dict[str, Stored[D]]:
    """All documents of that kind."""
    return {stored.document.id: stored for stored in archive.every(kind)}
