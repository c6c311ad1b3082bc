"""Compare counters with what they are the sum of, also while others write them, and repair them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.application.reports import Row
from baton.domain.reports.conservation import disagreement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from baton.application.reports import Reports
    from baton.domain.reports.conservation import Balance, Fault
    from baton.domain.reports.counting import Place, Sums
    from baton.domain.reports.tally import Measures

TRIES: Final = 5
"""Rounds of comparing counters that are being written meanwhile."""


class CompareCounters:
    """Counters and their parts cannot be read at one moment.

    A counter that had one revision before and after its parts were read had it in between too, and only then does it
    say anything that it differs from them. One that is written anew is written at that very revision.
    """

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def __call__(
        self,
        fault: Fault,
        balance: Balance,
        counters: Callable[[], Iterator[Row]],
        truth: Callable[[], Sums],
        *,
        repair: bool,
    ) -> None:
        """Note what disagrees, and with `repair` make it agree. Raises StoreUnavailable."""
        noted: set[Place] = set()
        before = _by_place(counters())
        moving: set[Place] = set()
        balance.counters += len(before)
        for _ in range(TRIES):
            expected = truth()
            if not _differing(expected, before):
                return
            after = _by_place(counters())
            differing = _differing(expected, after)
            moving = {place for place in differing if _rev(before, place) != _rev(after, place)}
            for place in sorted(differing - moving - noted):
                found = after[place].measures if place in after else {}
                balance.note(disagreement(fault, *place, expected.get(place, {}), found))
                noted.add(place)
            if not moving and not repair:
                return
            for place in differing - moving if repair else ():
                row = Row(*place, _rev(after, place) + 1, expected.get(place, {}))
                balance.repaired += self._reports.replace(row)
            before = _by_place(counters())
        balance.unsettled += len(moving)


def _by_place(rows: Iterator[Row]) -> dict[Place, Row]:
    return {(row.bucket, row.cell): row for row in rows}


def _differing(expected: Sums, rows: Mapping[Place, Row]) -> set[Place]:
    return {
        place
        for place in expected.keys() | rows.keys()
        if _nonzero(expected.get(place, {})) != _nonzero(rows[place].measures if place in rows else {})
    }


def _nonzero(measures: Measures) -> dict[str, int]:
    return {name: number for name, number in measures.items() if number}


def _rev(rows: Mapping[Place, Row], place: Place) -> int:
    return rows[place].rev if place in rows else 0
