"""Conservation: whether counters are the sum of what is counted, and what is counted what leads are.

Three comparisons, each of which names what disagrees: a lead with what is counted of it, an hour's counters with all
that is counted of its leads, a day's counters with its hours'.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from baton.domain.lead import Lead
from baton.domain.reports.calendar import Bucket
from baton.domain.reports.counting import Counted, difference
from baton.domain.reports.tally import Cell, Measures, Tally, tally_of

MAX_NAMED: Final = 100
"""How many disagreements a report names; it counts all of them."""


class Fault(StrEnum):
    """What disagrees."""

    LEAD = "lead"
    """A lead is not counted as it is."""
    BEHIND = "behind"
    """A lead has changed since it was counted: it will be counted within seconds, unless what told of it was lost."""
    UNREADABLE = "unreadable"
    """A lead's row cannot be read, or not counted: nothing can be said of it before it is mended."""
    HOUR = "hour"
    """A counter of an hour is not the sum of what is counted of its leads."""
    DAY = "day"
    """A counter of a day is not the sum of its hours."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that does not add up."""

    fault: Fault
    bucket: Bucket
    where: str
    """A lead's id, or a counter as `scope|dimension|value`."""
    expected: Measures
    """The measures that differ, as they should be."""
    found: Measures


@dataclass(slots=True)
class Balance:
    """What was compared, and what did not agree."""

    leads: int = 0
    """Leads that there are; tests are none."""
    counted: int = 0
    """Leads of which something is counted: those that have expired since are among them."""
    states: dict[str, int] = field(default_factory=dict)
    """How many leads are in each state, as the leads say."""
    counters: int = 0
    """Counters that were compared."""
    unsettled: int = 0
    """Counters that were written so often meanwhile that nothing can be said of them: ask again."""
    repaired: int = 0
    """Leads that were counted anew, and counters that were written anew."""
    disagreements: int = 0
    named: list[Disagreement] = field(default_factory=list)
    """The first of them."""

    def saw(self, lead: Lead) -> None:
        """Count one lead that there is."""
        if not lead.test:
            self.leads += 1
            self.states[lead.state] = self.states.get(lead.state, 0) + 1

    def note(self, found: Disagreement) -> None:
        """Add a disagreement."""
        self.disagreements += 1
        if len(self.named) < MAX_NAMED:
            self.named.append(found)


def lead_disagrees(lead: Lead, counted: Counted) -> Disagreement | None:
    """Where a lead is not counted as it is."""
    expected, found = _flat(tally_of(lead)), _flat(counted.tally)
    names = [name for name in {**expected, **found} if expected.get(name) != found.get(name)]
    if not names:
        return None
    return Disagreement(
        Fault.BEHIND if lead.rev > counted.lead_rev else Fault.LEAD,
        counted.hour,
        lead.lead_id,
        {name: expected.get(name, 0) for name in names},
        {name: found.get(name, 0) for name in names},
    )


def cannot_be_read(hour: Bucket, lead_id: str) -> Disagreement:
    """A lead of which nothing can be said."""
    return Disagreement(Fault.UNREADABLE, hour, lead_id, {}, {})


def disagreement(
    fault: Fault, bucket: Bucket, cell: Cell, expected: Measures, found: Measures
) -> Disagreement:
    """What is wrong with a counter that is not what it should be."""
    names = difference({cell: expected}, {cell: found})[cell]
    return Disagreement(
        fault,
        bucket,
        str(cell),
        {name: expected.get(name, 0) for name in names},
        {name: found.get(name, 0) for name in names},
    )


def _flat(tally: Tally) -> dict[str, int]:
    return {f"{cell} {name}": n for cell, measures in tally.items() for name, n in measures.items()}
