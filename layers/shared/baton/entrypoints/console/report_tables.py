"""Reports as tables of CSV: a row for each line, or for each of its days or hours."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from baton.domain.documents import Record
from baton.domain.reports.figures import flat
from baton.domain.reports.labels import PARTS
from baton.entrypoints.console.csv_table import csv_table

if TYPE_CHECKING:
    from baton.application.report_tables import Line, Table
    from baton.application.show_overview import Funnel, Overview


def csv_of_table(table: "Table") -> str:
    """A report as CSV. Money has a column for each currency, such as `profit_cents.USD`."""
    rows = [{**line.ids, "name": line.name, **cells} for line in table.lines for cells in _cells(line, table)]
    header = [*PARTS[table.dimension], "name", *(() if rows else flat(table.total.figures))]
    columns = list(dict.fromkeys([*header, *(column for row in rows for column in row)]))
    return csv_table(columns, ([row.get(column) for column in columns] for row in rows))


def csv_of_overview(overview: "Overview") -> str:
    """The overview as CSV: a row for each stretch of time that it has figures of, and one for leads by state."""
    theirs, today = overview.today.days.zone, overview.today
    spans = (
        ("last_hour", overview.last_hour, overview.of_last_hour),
        ("so_far", today.days.period, overview.so_far),
        ("in_full_hours", today.period, overview.in_full_hours),
        ("week_before", today.before or today.period, overview.week_before),
    )
    rows: list[dict[str, Any]] = [
        {
            "period": name,
            **{part: at.astimezone(theirs).isoformat() for part, at in span._asdict().items()},
            **flat(figures),
        }
        for name, span, figures in spans
    ]
    rows.append({"period": "states", **{f"state_{state}": n for state, n in overview.states.items()}})
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return csv_table(columns, ([row.get(column) for column in columns] for row in rows))


def csv_of_steps(funnel: "Funnel") -> str:
    """A funnel as CSV."""
    before: Sequence[Record] = funnel.before or ()
    rows = [flat(step) for step in funnel.steps]
    for row, old in zip(rows, before, strict=False):
        row |= {f"before_{name}": figure for name, figure in flat(old).items() if name != "step"}
    return csv_table(list(rows[0]), (list(row.values()) for row in rows))


def _cells(line: "Line", table: "Table") -> Iterator[dict[str, Any]]:
    for begin, figures in line.parts:
        yield {"begin": begin.astimezone(table.frame.days.zone).isoformat(), **flat(figures)}
    if not line.parts:
        cells = flat(line.figures)
        for extra in (line.share, line.certainty):
            cells |= flat(extra) if extra is not None else {}
        before = flat(line.before) if line.before is not None else {}
        yield cells | {f"before_{name}": figure for name, figure in before.items()}
