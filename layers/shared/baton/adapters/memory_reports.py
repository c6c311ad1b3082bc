"""The Reports port in memory."""

from collections.abc import Iterable, Iterator, Sequence
from threading import Lock

from baton.application.reports import Row
from baton.domain.reports.calendar import Bucket, Grain
from baton.domain.reports.counting import Counted, Step, increments
from baton.domain.reports.tally import Cell, Dimension


class MemoryReports:
    """Counters in dictionaries; a lock makes adding as atomic as the transaction that it stands for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[tuple[Bucket, Cell], Row] = {}
        self._counted: dict[tuple[Bucket, str], Counted] = {}

    def counted(self, nothing: Iterable[Counted]) -> dict[str, Counted]:
        """See Reports.counted."""
        with self._lock:
            return {one.lead_id: self._counted.get((one.hour, one.lead_id), one) for one in nothing}

    def add(self, steps: Sequence[Step]) -> bool:
        """See Reports.add."""
        with self._lock:
            for step in steps:
                stored = self._counted.get((step.counted.hour, step.counted.lead_id))
                if step.counted.rev - 1 != (stored.rev if stored else 0):
                    return False
            for step in steps:
                self._counted[step.counted.hour, step.counted.lead_id] = step.counted
            for (bucket, cell), measures in increments(steps).items():
                before = self._rows.get((bucket, cell), Row(bucket, cell, 0, {}))
                after = {
                    name: before.measures.get(name, 0) + measures.get(name, 0)
                    for name in {**before.measures, **measures}
                }
                self._rows[bucket, cell] = Row(bucket, cell, before.rev + 1, after)
            return True

    def rows(self, scope: str, dimension: Dimension, grain: Grain, first: str, last: str) -> Iterator[Row]:
        """See Reports.rows."""
        with self._lock:
            found = [
                row
                for (bucket, cell), row in self._rows.items()
                if bucket.grain is grain
                and first <= bucket.name <= last
                and (cell.scope, cell.dimension) == (scope, dimension)
            ]
        yield from sorted(found, key=lambda row: (row.bucket.name, row.cell.value))

    def counted_in(self, day: Bucket, first: Bucket, last: Bucket) -> Iterator[Counted]:
        """See Reports.counted_in."""
        with self._lock:
            found = [
                one for (hour, _), one in self._counted.items() if one.day == day and first <= hour <= last
            ]
        yield from found

    def replace(self, row: Row) -> bool:
        """See Reports.replace."""
        with self._lock:
            stored = self._rows.get((row.bucket, row.cell))
            if row.rev - 1 != (stored.rev if stored else 0):
                return False
            self._rows[row.bucket, row.cell] = row
            return True


class MemoryAside:
    """The Aside port: remembers whom it was given."""

    def __init__(self) -> None:
        self.lead_ids: list[str] = []

    def put(self, lead_ids: Sequence[str]) -> None:
        """See Aside.put."""
        self.lead_ids += lead_ids
