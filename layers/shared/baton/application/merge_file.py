"""What a file changes in the present configuration, and what is wrong with the outcome."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from baton.application.current_configuration import PLAIN
from baton.application.editing import change_problems, missing, newest_version, size_problems
from baton.domain.documents import Record
from baton.domain.editing import Edit, same
from baton.domain.errors import AlreadyExists, FieldError
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.plan_check import findings
from baton.domain.references import references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from baton.application.archive import Archive
    from baton.application.current_configuration import Current
    from baton.domain.configuration_file import Entries, FilePlan
    from baton.domain.documents import Configured
    from baton.domain.editing import Stored


class ImportReport(Record):
    """What an import did, in documents; a plan counts once, with its draft."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


class FileMerge:
    """One file laid over one state of the configuration."""

    def __init__(
        self,
        archive: Archive,
        current: Current,
        entries: Entries,
        places: Mapping[str, Mapping[str, str]],
        *,
        replace: bool,
    ) -> None:
        self._archive = archive
        self._current = current
        self._entries = entries
        self._places = places
        self._replace = replace

    def problems(self, now: datetime) -> list[FieldError]:
        """Everything that is wrong with the configuration as it would be, each at its place in the file."""
        return [*self._of_documents(), *self._of_plans(now)]

    def only_creates(self) -> None:
        """Raise AlreadyExists, with all of them, where things of the file are there already."""
        taken = [
            (document.kind, key)
            for section, documents in self._entries.items()
            for key, document in documents.items()
            if self._is_there(section, key)
        ]
        if taken:
            raise AlreadyExists(*taken[0], others=taken[1:])

    def edits(self) -> list[Edit]:
        """What has to change."""
        return [edit for edits in self._changes.values() for edit in edits]

    def report(self) -> ImportReport:
        """What changes, counted."""
        counts: Counter[str] = Counter()
        for (section, key), edits in self._changes.items():
            if not edits:
                counts["unchanged"] += 1
            elif key not in self._entries[section]:
                counts["removed"] += 1
            else:
                counts["changed" if self._is_there(section, key) else "created"] += 1
        return ImportReport(**counts)

    @cached_property
    def _changes(self) -> dict[tuple[str, str], list[Edit]]:
        """The edits of each entry of the file, and of each that goes."""
        found: dict[tuple[str, str], list[Edit]] = {}
        for section in PLAIN:
            stored = self._current.documents[section]
            for key, document in self._entries[section].items():
                found[section, key] = _edits(stored.get(key), document)
            if self._replace:
                gone = sorted(stored.keys() - self._entries[section].keys())
                found |= {(section, key): [Edit(stored[key], None)] for key in gone}
        for key, plan in self._plans.items():
            found["plans", key] = [*self._published_edits(plan), *self._draft_edits(plan)]
        if self._replace:
            for key in self._current.plan_ids:
                if key not in self._plans:
                    rows = (self._current.pointers.get(key), self._current.drafts.get(key))
                    found["plans", key] = [Edit(row, None) for row in rows if row]
        return found

    def _published_edits(self, plan: FilePlan) -> list[Edit]:
        pointer = self._current.pointers.get(plan.id)
        if not plan.stages:
            return [Edit(pointer, None)] if pointer and self._replace else []
        if not self._is_new(plan):
            return []
        new = self._as_version(plan, newest_version(self._archive, plan.id) + 1)
        return [Edit(None, new), Edit(pointer, PublishedPlan(id=plan.id, version=new.version))]

    def _draft_edits(self, plan: FilePlan) -> list[Edit]:
        stored = self._current.drafts.get(plan.id)
        if plan.draft_plan is not None:
            return _edits(stored, plan.draft_plan)
        return [Edit(stored, None)] if stored and self._replace else []

    def _of_documents(self) -> Iterator[FieldError]:
        for section in PLAIN:
            for key, document in self._entries[section].items():
                place = self._places[section][key]
                yield from size_problems(document, place)
                stored = self._current.documents[section].get(key)
                yield from _at(place, change_problems(stored.document if stored else None, document))
                yield from _at(place, missing(references(document), self._existing))

    def _of_plans(self, now: datetime) -> Iterator[FieldError]:
        """Drafts may be as bad as they like. A version that leads follow already is not held against the file."""
        for key, plan in self._plans.items():
            place = self._places["plans"][key]
            version = self._as_version(plan, 1) if plan.stages else None
            wrong = size_problems(version, place) if version else []
            wrong += size_problems(plan.draft_plan, f"{place}.draft") if plan.draft_plan else []
            if wrong:
                yield from wrong
            elif version and self._is_new(plan):
                campaigns = [found for found in self._outcome["campaigns"].values() if found.plan_id == key]
                found = findings(version, self._outcome["pools"], self._outcome["recipients"], campaigns, now)
                yield from _at(place, [FieldError(one.place, one.problem) for one in found if one.is_error])
            elif version:
                yield from _at(place, missing(references(version), self._existing))

    @cached_property
    def _outcome(self) -> dict[str, dict[str, Any]]:
        """The documents as they will be, by section and id."""
        return {
            section: ({} if self._replace else {key: one.document for key, one in stored.items()})
            | self._entries[section]
            for section, stored in self._current.documents.items()
        }

    @cached_property
    def _existing(self) -> set[tuple[str, str]]:
        """Kind and id of everything that may then be referred to."""
        found = {
            (PLAIN[section].kind, key) for section, documents in self._outcome.items() for key in documents
        }
        published = {key for key, plan in self._plans.items() if plan.stages}
        kept = set() if self._replace else self._current.pointers.keys()
        return found | {(Plan.kind, key) for key in published | kept}

    @property
    def _plans(self) -> dict[str, FilePlan]:
        plans: dict[str, Any] = self._entries["plans"]
        return plans

    def _is_new(self, plan: FilePlan) -> bool:
        """Whether the plan's content is not what leads follow now."""
        stored = self._current.published.get(plan.id)
        return stored is None or not same(self._as_version(plan, stored.document.version), stored.document)

    def _as_version(self, plan: FilePlan, version: int) -> Plan:
        return Plan(id=plan.id, version=version, stages=plan.stages, fallback=plan.fallback)

    def _is_there(self, section: str, key: str) -> bool:
        return key in (self._current.plan_ids if section == "plans" else self._current.documents[section])


def _edits(stored: Stored[Any] | None, document: Configured) -> list[Edit]:
    return [] if stored and same(stored.document, document) else [Edit(stored, document)]


def _at(place: str, errors: list[FieldError]) -> Iterator[FieldError]:
    return (FieldError(f"{place}.{found.field}", found.problem) for found in errors)
