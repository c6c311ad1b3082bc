"""Imports of leads: a file in parts, each of which is loaded by itself, and what became of every row."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

from baton.domain.documents import Instant, Record
from baton.domain.lead_file import MAX_ROW_BYTES, Row

PART_ROWS: Final = 50
"""Rows of a part: they are loaded in a few seconds, and fit a row of the store."""
PART_BYTES: Final = 2 * MAX_ROW_BYTES
"""Of the store's 400 KB for a row; a part whose rows are long has fewer of them."""


class RowProblem(Record):
    """What is wrong with one row."""

    row: int
    """As spreadsheets count: the header is row 1."""
    field: str
    problem: str


class PartRow(Record):
    """A row as it was sent."""

    no: int
    cells: tuple[str, ...]


class Tally(Record):
    """What became of rows."""

    taken: int = 0
    """They are leads now."""
    held: int = 0
    """They are leads that wait for somebody to look at them."""
    duplicates: int = 0
    """They are leads of people who had sent one before, as the campaign sees it, and go no further."""
    repeated: int = 0
    """They say exactly what another row, or a lead of the last minute, says: one lead."""
    refused: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in Tally.model_fields})


class ImportPart(Record):
    """Some rows of an import. Once loaded, only those that were refused are kept."""

    import_id: str
    no: int
    rev: int = 1
    rows: tuple[PartRow, ...]
    done: bool = False
    tally: Tally = Tally()
    problems: tuple[RowProblem, ...] = ()
    expires_at: Instant

    def loaded(self, tally: Tally, problems: Sequence[RowProblem]) -> "ImportPart":
        """The part once every row of it was loaded or refused."""
        refused = {problem.row for problem in problems}
        return self.model_copy(
            update={
                "rev": self.rev + 1,
                "done": True,
                "rows": tuple(row for row in self.rows if row.no in refused),
                "tally": tally,
                "problems": tuple(problems),
            }
        )


class LeadImport(Record):
    """A file of leads for one source."""

    import_id: str
    source_id: str
    by: str
    at: Instant
    expires_at: Instant
    columns: tuple[tuple[str, str | None], ...]
    """Each column with its field, in the file's order; None: left out."""
    rows: int
    parts: int


def import_id_of(source_id: str, columns: Mapping[str, str | None], rows: Iterable[Row]) -> str:
    """The same file for the same source, read in the same way, is the same import."""
    digest = sha256(f"{source_id}\n{list(columns.items())!r}\n".encode())
    for row in rows:
        digest.update(f"{row!r}\n".encode())
    return digest.hexdigest()[:32]


def row_key(import_id: str, row: int) -> str:
    """What makes a row one lead, however often it is loaded."""
    return f"import {import_id} {row}"


def in_parts(rows: Sequence[Row]) -> list[list[PartRow]]:
    """The rows in parts that fit the store."""
    parts: list[list[PartRow]] = [[]]
    size = 0
    for row in rows:
        length = sum(len(cell.encode()) for cell in row.cells)
        if parts[-1] and (len(parts[-1]) >= PART_ROWS or size + length > PART_BYTES):
            parts.append([])
            size = 0
        parts[-1].append(PartRow(no=row.no, cells=row.cells))
        size += length
    return parts
