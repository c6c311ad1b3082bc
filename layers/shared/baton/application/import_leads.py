"""Import a file of leads: keep it in parts, have every part loaded, tell how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.sources import active_source
from baton.domain.errors import NotFound
from baton.domain.lead_file import chosen, read_file
from baton.domain.lead_import import ImportPart, LeadImport, RowProblem, Tally, import_id_of, in_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.application.archive import Configuration
    from baton.application.ports import Clock

KEPT: Final = timedelta(days=7)
"""How long an import can be asked about, and the rows that were refused be fetched."""
SHOWN_PROBLEMS: Final = 200


class Imports(Protocol):
    """Imports with their parts."""

    def find(self, import_id: str) -> LeadImport:
        """The import. Raises NotFound."""
        ...

    def part(self, import_id: str, no: int) -> ImportPart:
        """The import's part of that number. Raises NotFound."""
        ...

    def parts(self, import_id: str) -> list[ImportPart]:
        """All parts, by number."""
        ...

    def create(self, new: LeadImport, parts: Sequence[ImportPart]) -> None:
        """Store an import; there is one only once all of its parts are there. Raises StoreUnavailable."""
        ...

    def finish(self, part: ImportPart) -> bool:
        """Store a part that was loaded. False: somebody else has, and nothing was written."""
        ...


class ImportQueue(Protocol):
    """Parts of imports that wait to be loaded."""

    def put(self, import_id: str, nos: Sequence[int]) -> None:
        """Have these parts loaded, each at least once. Raises StoreUnavailable; then some may be loaded."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    of: LeadImport
    waiting: int
    """Rows that are not loaded yet."""
    tally: Tally
    problems: tuple[RowProblem, ...]
    """Of the rows that were refused, the first."""


class ImportLeads:
    """The same file for the same source is the same import: sending it again takes up where it stopped."""

    def __init__(
        self, imports: Imports, queue: ImportQueue, configuration: Configuration, clock: Clock
    ) -> None:
        self._imports = imports
        self._queue = queue
        self._configuration = configuration
        self._clock = clock

    def begin(self, source_id: str, text: str, columns: Mapping[str, str | None], by: str) -> Progress:
        """Store the file and have it loaded.

        Raises NotFound, SourceInactive; InvalidFile; StoreUnavailable, after which sending it again goes on.
        """
        source = active_source(self._configuration, source_id)
        file = read_file(text)
        read_as = chosen(file.columns, columns)
        import_id = import_id_of(source.id, read_as, file.rows)
        try:
            return self.resume(import_id)
        except NotFound:
            now = self._clock.now()
            until = now + KEPT
            parts = [
                ImportPart(import_id=import_id, no=no, rows=tuple(rows), expires_at=until)
                for no, rows in enumerate(in_parts(file.rows), start=1)
            ]
            new = LeadImport(
                import_id=import_id,
                source_id=source.id,
                by=by,
                at=now,
                expires_at=until,
                columns=tuple(read_as.items()),
                rows=len(file.rows),
                parts=len(parts),
            )
            self._imports.create(new, parts)
        return self.resume(import_id)

    def resume(self, import_id: str) -> Progress:
        """Have every part loaded that is not yet. Rows that are leads already stay what they are.

        Raises NotFound, also where parts of it are gone: imports expire row by row. Raises StoreUnavailable.
        """
        found, parts = self._imports.find(import_id), self._imports.parts(import_id)
        if len(parts) < found.parts:
            raise NotFound("import", import_id)
        if left := [part.no for part in parts if not part.done]:
            self._queue.put(import_id, left)
        return self.progress(import_id)

    def progress(self, import_id: str) -> Progress:
        """How far it is. Raises NotFound."""
        found = self._imports.find(import_id)
        problems: list[RowProblem] = []
        tally, waiting = Tally(), 0
        for part in self._imports.parts(import_id):
            tally = tally.plus(part.tally)
            problems += part.problems[: SHOWN_PROBLEMS - len(problems)]
            waiting += 0 if part.done else len(part.rows)
        return Progress(found, waiting, tally, tuple(problems))

    def refused(self, import_id: str) -> tuple[LeadImport, list[tuple[tuple[str, ...], str]]]:
        """The rows that were refused, each with why: to be mended and sent again as a file of their own.

        Raises NotFound.
        """
        found = self._imports.find(import_id)
        rows: list[tuple[tuple[str, ...], str]] = []
        for part in self._imports.parts(import_id):
            whys: dict[int, list[str]] = {}
            for problem in part.problems:
                whys.setdefault(problem.row, []).append(f"{problem.field} {problem.problem}".strip())
            rows += [(row.cells, "; ".join(whys[row.no])) for row in part.rows if row.no in whys]
        return found, rows
