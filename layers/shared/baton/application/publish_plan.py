"""Use case: people draft the next version of a plan, check it, publish it, and go back to an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.application.editing import change, check_seen, newest_version, size_problems, versions_of
from baton.domain.campaign import Campaign
from baton.domain.documents import Record
from baton.domain.editing import DraftPlan, Edit, Stored, same
from baton.domain.errors import AlreadyExists, InUse, InvalidConfiguration, NotFound, PlanNotValid
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.plan_check import findings
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.references import users

if TYPE_CHECKING:
    from baton.application.archive import Archive
    from baton.application.ports import Clock
    from baton.domain.plan_findings import Finding


class PlanSummary(Record):
    """How a plan stands."""

    id: str
    published: int | None
    """The version that new leads follow. None: it was never published, and no campaign can use it."""
    newest: int | None
    """The highest version; more than `published` after going back to an earlier one."""
    draft_rev: int | None
    """The revision of the draft, where there is one."""


class PublishPlan:
    """Drafts change as people like, versions never; publishing makes a draft the next version and moves the pointer."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    def plans(self) -> list[PlanSummary]:
        """Every plan that is published or has a draft, by id."""
        published = {found.document.id: found.document for found in self._archive.every(PublishedPlan)}
        drafts = {found.document.id: found for found in self._archive.every(DraftPlan)}
        return [
            PlanSummary(
                id=plan_id,
                published=published[plan_id].version if plan_id in published else None,
                newest=newest_version(self._archive, plan_id) or None,
                draft_rev=drafts[plan_id].rev if plan_id in drafts else None,
            )
            for plan_id in sorted(published.keys() | drafts.keys())
        ]

    def published(self, plan_id: str) -> Stored[Plan]:
        """The version that new leads follow, with the revision of the pointer to it. Raises NotFound."""
        pointer = self._pointer(plan_id)
        return Stored(self.version(plan_id, pointer.document.version).document, pointer.rev)

    def standing(self, plan_id: str) -> Stored[PublishedPlan] | Stored[DraftPlan]:
        """What a plan that is not published yet has of its own is its draft. Raises NotFound."""
        return self._archive.find(PublishedPlan, plan_id) or self.draft(plan_id)

    def versions(self, plan_id: str) -> list[Plan]:
        """Every version there ever was, the newest first. Raises NotFound where there is none."""
        found: list[Plan] = []
        after: str | None = None
        while True:
            page = self._archive.page(Plan, 100, after, prefix=versions_of(plan_id))
            found.extend(stored.document for stored in page.items)
            if (after := page.after) is None:
                break
        if not found:
            raise NotFound(Plan.kind, plan_id)
        return found[::-1]

    def version(self, plan_id: str, version: int) -> Stored[Plan]:
        """One version. Raises NotFound."""
        key = Plan.key_of(plan_id, version)
        stored = self._archive.find(Plan, key)
        if stored is None:
            raise NotFound(Plan.kind, key)
        return stored

    def draft(self, plan_id: str) -> Stored[DraftPlan]:
        """The draft. Raises NotFound."""
        stored = self._archive.find(DraftPlan, plan_id)
        if stored is None:
            raise NotFound(DraftPlan.kind, plan_id)
        return stored

    def save_draft(self, draft: DraftPlan, rev: int | None, by: str) -> Stored[DraftPlan]:
        """Store a draft, good or bad: in place of the one of revision `rev`, or as the first one (None).

        Raises AlreadyExists, NotFound, EditConflict; InvalidConfiguration where it is too large.
        """

        def plan(next_rev: int) -> tuple[list[Edit], Stored[DraftPlan]]:
            before = self._archive.find(DraftPlan, draft.id)
            if problems := size_problems(draft):
                raise InvalidConfiguration(problems)
            if rev is None and before is not None:
                raise AlreadyExists(DraftPlan.kind, draft.id)
            if rev is not None:
                before = self.draft(draft.id)
                if same(before.document, draft):
                    return [], before
                check_seen(before, rev)
            return [Edit(before, draft)], Stored(draft, next_rev)

        return change(self._archive, self._clock, by, plan)

    def delete_draft(self, plan_id: str, rev: int | None, by: str) -> None:
        """Drop the draft of revision `rev` (None: whichever it has). Raises NotFound, EditConflict."""

        def plan(_: int) -> tuple[list[Edit], None]:
            before = self.draft(plan_id)
            check_seen(before, rev)
            return [Edit(before, None)], None

        change(self._archive, self._clock, by, plan)

    def check(self, draft: DraftPlan | Plan) -> list[Finding]:
        """What would go wrong with leads that follow this, each with its place."""
        pools = self._archive.find_many(Pool, sorted({stage.pool_id for stage in draft.stages}))
        members = {member.recipient_id for found in pools.values() for member in found.document.members}
        who = self._archive.find_many(
            Recipient, sorted(members | ({draft.fallback} if draft.fallback else set()))
        )
        return findings(
            draft,
            {key: found.document for key, found in pools.items()},
            {key: found.document for key, found in who.items()},
            self._campaigns(draft.id),
            self._clock.now(),
        )

    def publish(self, plan_id: str, rev: int | None, by: str) -> Stored[Plan]:
        """Make the draft of revision `rev` the plan's next version, which new leads follow from then on.

        The draft is gone with it. Raises NotFound, EditConflict, PlanNotValid.
        """

        def plan(next_rev: int) -> tuple[list[Edit], Stored[Plan]]:
            draft = self.draft(plan_id)
            check_seen(draft, rev)
            self._check_sound(draft.document)
            document = draft.document
            version = newest_version(self._archive, plan_id) + 1
            new = Plan(id=plan_id, version=version, stages=document.stages, fallback=document.fallback)
            before = self._archive.find(PublishedPlan, plan_id)
            pointer = PublishedPlan(id=plan_id, version=version)
            return [Edit(None, new), Edit(before, pointer), Edit(draft, None)], Stored(new, next_rev)

        return change(self._archive, self._clock, by, plan)

    def roll_back(self, plan_id: str, version: int, rev: int | None, by: str) -> Stored[Plan]:
        """Let new leads follow a version that exists already, where `rev` is what `published` says (None: whichever).

        Raises NotFound, EditConflict, PlanNotValid.
        """

        def plan(next_rev: int) -> tuple[list[Edit], Stored[Plan]]:
            before = self._pointer(plan_id)
            wanted = self.version(plan_id, version).document
            if before.document.version == version:
                return [], Stored(wanted, before.rev)
            check_seen(before, rev)
            self._check_sound(wanted)
            pointer = PublishedPlan(id=plan_id, version=version)
            return [Edit(before, pointer)], Stored(wanted, next_rev)

        return change(self._archive, self._clock, by, plan)

    def delete(self, plan_id: str, rev: int | None, by: str) -> None:
        """Remove the plan and its draft. Its versions stay, for the leads that follow them.

        `rev` is the revision of what is published or, where nothing is, of the draft; None: whichever it has. Raises
        NotFound, EditConflict; InUse while a campaign uses the plan.
        """

        def plan(_: int) -> tuple[list[Edit], None]:
            kinds: tuple[type[PublishedPlan | DraftPlan], ...] = (PublishedPlan, DraftPlan)
            found = [stored for kind in kinds if (stored := self._archive.find(kind, plan_id))]
            if not found:
                raise NotFound(Plan.kind, plan_id)
            check_seen(found[0], rev)
            if used := users(Plan.kind, plan_id, self._campaigns(plan_id)):
                raise InUse(Plan.kind, plan_id, used)
            return [Edit(stored, None) for stored in found], None

        change(self._archive, self._clock, by, plan)

    def _check_sound(self, draft: DraftPlan | Plan) -> None:
        if wrong := [found for found in self.check(draft) if found.is_error]:
            raise PlanNotValid(wrong)

    def _campaigns(self, plan_id: str) -> list[Campaign]:
        every = (stored.document for stored in self._archive.every(Campaign))
        return [campaign for campaign in every if campaign.plan_id == plan_id]

    def _pointer(self, plan_id: str) -> Stored[PublishedPlan]:
        stored = self._archive.find(PublishedPlan, plan_id)
        if stored is None:
            raise NotFound(Plan.kind, plan_id)
        return stored
