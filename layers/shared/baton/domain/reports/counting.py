"""Counting: how a lead's tally gets into the counters exactly once, whatever is repeated, reordered or lost.

Beside the counters stands, for every lead, what of it is in them. A lead that has changed adds the difference between
its tally and that, and both are written in one transaction. So what is in the counters is the sum of what is counted,
at every moment, and counting a lead again, late or in another order makes of it what it is now.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from baton.domain.lead import Lead
from baton.domain.reports.calendar import Bucket, Calendar
from baton.domain.reports.tally import Cell, Measures, Tally, tally_of

MAX_ROWS: Final = 100
"""Rows that one transaction writes."""
MAX_CELLS: Final = 40
"""Cells of a lead that one transaction changes, each in an hour and a day: the rest is for a lead with more offers."""


type Place = tuple[Bucket, Cell]
"""Where a counter stands."""
type Sums = dict[Place, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a lead is in the counters."""

    lead_id: str
    hour: Bucket
    day: Bucket
    rev: int = 0
    """How often it was written."""
    lead_rev: int = 0
    """The lead's revision that is counted whole; 0: none yet."""
    tally: Tally = field(default_factory=dict)

    @classmethod
    def nothing_of(cls, lead: Lead, calendar: Calendar) -> "Counted":
        """Before anything of the lead is counted."""
        hour, day = calendar.buckets_of(lead.received_at)
        return cls(lead.lead_id, hour, day)


@dataclass(frozen=True, slots=True)
class Step:
    """One lead's part of a transaction."""

    counted: Counted
    """As it is to become, one revision on."""
    changes: Tally
    """What its cells change by, in its hour and its day."""


def difference(after: Tally, before: Tally) -> dict[Cell, Measures]:
    """By what one tally differs from another, as far as it does."""
    changes = {cell: _minus(after.get(cell, {}), before.get(cell, {})) for cell in {**before, **after}}
    return {cell: measures for cell, measures in changes.items() if measures}


def _minus(after: Measures, before: Measures) -> dict[str, int]:
    changes = {name: after.get(name, 0) - before.get(name, 0) for name in {**before, **after}}
    return {name: change for name, change in changes.items() if change}


def next_step(lead: Lead, counted: Counted, *, ahead: bool = False) -> Step | None:
    """What is to be counted next of a lead; None where it is counted as it is.

    A lead with very many offers takes several steps. Of a lead that is older than what is counted there is nothing,
    unless it is known that the lead has gone back (`ahead`): restored from a backup, say.
    """
    if lead.rev < counted.lead_rev and not ahead:
        return None
    tally = tally_of(lead)
    changes = difference(tally, counted.tally)
    if not changes and (lead.rev == counted.lead_rev or not counted.rev):
        return None
    chosen = dict(sorted(changes.items())[:MAX_CELLS])
    whole = len(chosen) == len(changes)
    after = {**counted.tally, **{cell: tally.get(cell, {}) for cell in chosen}}
    return Step(
        Counted(
            lead_id=counted.lead_id,
            hour=counted.hour,
            day=counted.day,
            rev=counted.rev + 1,
            lead_rev=lead.rev if whole else counted.lead_rev,
            tally={cell: measures for cell, measures in after.items() if measures},
        ),
        chosen,
    )


def transactions(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The steps in as few transactions as they fit in: leads of the same hour mostly change the same counters."""
    packed: list[Step] = []
    rows: set[Place] = set()
    for step in steps:
        its_rows = {
            (bucket, cell) for bucket in (step.counted.hour, step.counted.day) for cell in step.changes
        }
        if packed and len(packed) + 1 + len(rows | its_rows) > MAX_ROWS:
            yield packed
            packed, rows = [], set()
        packed.append(step)
        rows |= its_rows
    if packed:
        yield packed


def increments(steps: Iterable[Step]) -> Sums:
    """What the steps together add to each counter."""
    return sums((bucket, step.changes) for step in steps for bucket in (step.counted.hour, step.counted.day))


def sums(tallies: Iterable[tuple[Bucket, Tally]]) -> Sums:
    """What tallies come to together, by bucket and cell."""
    found: dict[Place, Counter[str]] = {}
    for bucket, tally in tallies:
        for cell, measures in tally.items():
            found.setdefault((bucket, cell), Counter()).update(measures)
    return {place: {name: n for name, n in counts.items() if n} for place, counts in found.items()}
