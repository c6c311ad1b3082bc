"""Tables of figures."""

type Cell = str | int | float
type Row = dict[str, Cell]


def show(rows: list[Row]) -> None:
    """Print rows with the same keys, numbers to the right."""
    if not rows:
        print("  nothing measured")
        return
    names = list(rows[0])
    lines = [names, *([text(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    for line in lines:
        cells = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  " + "  ".join(cells))


def text(cell: Cell) -> str:
    """A cell as people read it."""
    return f"{cell:,.2f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else cell
