"""Use case: the whole configuration as one file, out and in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from baton.application.current_configuration import read_current
from baton.application.editing import change
from baton.application.merge_file import FileMerge, ImportReport
from baton.domain.configuration_file import SECTIONS, read_file
from baton.domain.editing import plain
from baton.domain.errors import EditContention, InvalidConfiguration

if TYPE_CHECKING:
    from baton.application.archive import Archive
    from baton.application.ports import Clock
    from baton.domain.documents import Configured
    from baton.domain.editing import Edit

_EXPORTS: Final = 5
"""Times that an export begins anew because configuration changed while it was read."""


class ExchangeConfiguration:
    """Export everything, import everything: checked as a whole, stored as a whole or not at all."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    def export(self) -> dict[str, list[dict[str, Any]]]:
        """All documents by section, in a stable order, without what is the default. Raises EditContention.

        Earlier versions of plans are not in it: a file says what is to be, the change log what was.
        """
        for _ in range(_EXPORTS):
            revision = self._archive.revision()
            current = read_current(self._archive)
            if self._archive.revision() == revision:
                break
        else:
            message = "the configuration changes faster than it can be read; try again"
            raise EditContention(message)
        found: dict[str, list[Configured]] = {
            section: [stored.document for stored in documents.values()]
            for section, documents in current.documents.items()
        }
        found["plans"] = [current.file_plan(plan_id) for plan_id in current.plan_ids]
        return {
            section: [
                plain(document, short=True) for document in sorted(found[section], key=lambda one: one.id)
            ]
            for section in SECTIONS
        }

    def import_(self, sections: Any, replace: bool, by: str, *, new: bool = False) -> ImportReport:
        """Make the configuration what the file says, and with `replace` nothing else: what it does not have goes.

        Plans whose content is not the published one become the next version, and are published. Raises
        InvalidConfiguration with everything that is wrong, at places such as `recipients[3].zone`; AlreadyExists where
        all of the file is to be `new` and something is not.
        """
        entries, places, errors = read_file(sections)
        if errors:
            raise InvalidConfiguration(errors)

        def plan(_: int) -> tuple[list[Edit], ImportReport]:
            current = read_current(self._archive)
            merge = FileMerge(self._archive, current, entries, places, replace=replace)
            if new:
                merge.only_creates()
            if problems := merge.problems(self._clock.now()):
                raise InvalidConfiguration(problems)
            return merge.edits(), merge.report()

        return change(self._archive, self._clock, by, plan)
