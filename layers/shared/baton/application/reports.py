"""The Reports port: counters, and beside them what of every lead is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from baton.domain.reports.calendar import Bucket, Grain
    from baton.domain.reports.counting import Counted, Step
    from baton.domain.reports.tally import Cell, Dimension, Measures


@dataclass(frozen=True, slots=True)
class Row:
    """One counter: what came together in a cell, in an hour or a day."""

    bucket: Bucket
    cell: Cell
    rev: int
    """How often it was written."""
    measures: Measures


class Reports(Protocol):
    """Counters of one house's calendar."""

    def counted(self, nothing: Iterable[Counted]) -> dict[str, Counted]:
        """What is counted of these leads, by lead: as it was given where nothing is. Raises StoreUnavailable."""
        ...

    def add(self, steps: Sequence[Step]) -> bool:
        """Add to the counters, and note of each lead what is counted, in one transaction.

        False: somebody else counted one of the leads first, or was writing the same counters, and nothing was written.
        Raises StoreUnavailable; then it may have been written or not.
        """
        ...

    def rows(self, scope: str, dimension: Dimension, grain: Grain, first: str, last: str) -> Iterator[Row]:
        """The counters of a dimension in the buckets from `first` to `last`, by bucket and value, as last written.

        Raises StoreUnavailable.
        """
        ...

    def counted_in(self, day: Bucket, first: Bucket, last: Bucket) -> Iterator[Counted]:
        """What is counted of every lead of that day, from its hour `first` to `last`, as last written.

        Raises StoreUnavailable.
        """
        ...

    def replace(self, row: Row) -> bool:
        """Write a counter in place of the one that is one revision behind. False: it was written meanwhile.

        Raises StoreUnavailable.
        """
        ...
