"""Tables as CSV, with nothing in them that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula, at the beginning of a cell."""


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table whose first row names the columns. Numbers stay numbers, None is an empty cell."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([harmless(column) for column in columns])
    table.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs; a number with its sign stays one."""
    signed = cell[:1] in {"+", "-"} and cell[1:].replace(".", "", 1).replace(" ", "").isdigit()
    return f"'{cell}" if cell.startswith(_FORMULA) and not signed else cell
