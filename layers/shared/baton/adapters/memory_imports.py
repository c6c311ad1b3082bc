"""In-memory twins of imports and of the queue of their parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from baton.domain.errors import NotFound, StoreUnavailable
from baton.domain.lead_import import ImportPart, LeadImport


@dataclass
class MemoryImports:
    """The Imports port over dictionaries."""

    imports: dict[str, LeadImport] = field(default_factory=dict)
    kept: dict[tuple[str, int], ImportPart] = field(default_factory=dict)
    seconds: Callable[[], float] = lambda: 0.0
    """The present second of the epoch, by which imports expire; by itself they do not."""

    def find(self, import_id: str) -> LeadImport:
        """See Imports.find."""
        found = self.imports.get(import_id)
        if found is None or self._is_over(found):
            raise NotFound("import", import_id)
        return found

    def part(self, import_id: str, no: int) -> ImportPart:
        """See Imports.part."""
        found = self.kept.get((import_id, no))
        if found is None or self._is_over(found):
            raise NotFound("part", f"{import_id}/{no}")
        return found

    def parts(self, import_id: str) -> list[ImportPart]:
        """See Imports.parts."""
        found = (self.kept[key] for key in sorted(self.kept) if key[0] == import_id)
        return [part for part in found if not self._is_over(part)]

    def _is_over(self, row: LeadImport | ImportPart) -> bool:
        return int(row.expires_at.timestamp()) <= self.seconds()

    def create(self, new: LeadImport, parts: Sequence[ImportPart]) -> None:
        """See Imports.create."""
        self.kept.update({(part.import_id, part.no): part for part in parts})
        self.imports[new.import_id] = new

    def finish(self, part: ImportPart) -> bool:
        """See Imports.finish."""
        if self.part(part.import_id, part.no).rev != part.rev - 1:
            return False
        self.kept[part.import_id, part.no] = part
        return True


@dataclass
class MemoryImportQueue:
    """The ImportQueue port: remembers what waits."""

    waiting: list[tuple[str, int]] = field(default_factory=list)
    available: bool = True

    def put(self, import_id: str, nos: Sequence[int]) -> None:
        """See ImportQueue.put."""
        if not self.available:
            raise StoreUnavailable
        self.waiting += [(import_id, no) for no in nos]
