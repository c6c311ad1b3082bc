"""Read counters: add them up over a period, by value of a dimension, and by day or hour where that is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from baton.domain.errors import FieldError
from baton.domain.reports.calendar import Bucket, Calendar, Grain
from baton.domain.reports.periods import Division, Period, ReportRefused, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from baton.application.reports import Reports, Row
    from baton.domain.reports.tally import Dimension

MAX_ROWS: Final = 100_000
"""Rows that one report adds up: some seconds of a function's time."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What was counted of one value of a dimension."""

    all: Counter[str] = field(default_factory=Counter)
    parts: dict[datetime, Counter[str]] = field(default_factory=dict)
    """By when the part of the period begins; empty where it is not divided."""

    @classmethod
    def sum(cls, some: Iterable[Counters]) -> Counters:
        """What was counted of all of them."""
        found = cls()
        for counters in some:
            found.all.update(counters.all)
            for begin, measures in counters.parts.items():
                found.parts.setdefault(begin, Counter()).update(measures)
        return found


class ReadCounters:
    """Adds counters up. How many rows that takes goes by days and values alone, never by how many leads there were."""

    def __init__(self, reports: Reports, house: Calendar) -> None:
        self._reports = reports
        self.house = house

    def __call__(
        self, scope: str, dimension: Dimension, period: Period, division: Division | None = None
    ) -> dict[str, Counters]:
        """What was counted in a period, by value. Raises ReportRefused, StoreUnavailable."""
        found: dict[str, Counters] = {}
        for row in self._rows(scope, dimension, period, division.grain if division else Grain.DAY):
            counters = found.setdefault(row.cell.value, Counters())
            counters.all.update(row.measures)
            if division:
                begin = division.begins[bisect_right(division.begins, self._begin(row.bucket)) - 1]
                counters.parts.setdefault(begin, Counter()).update(row.measures)
        return found

    def _begin(self, bucket: Bucket) -> datetime:
        if bucket.grain is Grain.DAY:
            return self.house.begin(date.fromisoformat(bucket.name))
        return datetime.fromisoformat(bucket.name).replace(tzinfo=UTC)

    def _rows(self, scope: str, dimension: Dimension, period: Period, grain: Grain) -> Iterator[Row]:
        read = 0
        for span in spans(period, self.house, grain):
            for row in self._reports.rows(scope, dimension, *span):
                read += 1
                if read > MAX_ROWS:
                    problem = f"more than {MAX_ROWS} rows would be added up: ask for fewer days"
                    raise ReportRefused(FieldError("from", problem))
                yield row
