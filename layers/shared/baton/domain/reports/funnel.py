"""The funnel: how many leads come how far, each step of those of the step before."""

from typing import Final

from baton.domain.documents import Record
from baton.domain.lead import Lead
from baton.domain.reports.figures import share
from baton.domain.reports.tally import ALL, Cell, Dimension, Measures, tally_of

STEPS: Final = {
    "received": "received",
    "qualified": "qualified",
    "offered": "asked",
    "placed": "placed",
    "contacted": "reached",
    "converted": "converted",
}
"""The measure of each step. Whoever converted was contacted, also where nobody said so."""
_ALL: Final = Cell(ALL, Dimension.TOTAL, ALL)


class Step(Record):
    """One step of the funnel."""

    step: str
    leads: int
    of_received: float | None
    of_step_before: float | None
    dropped: int
    """Leads of the step before that have not come to this one."""


def came_to(step: str, lead: Lead) -> bool:
    """Whether the funnel counts a lead at that step. Tests it counts nowhere."""
    return tally_of(lead).get(_ALL, {}).get(STEPS[step], 0) > 0


def funnel(measures: Measures) -> list[Step]:
    """The steps, the widest first."""
    counts = [measures.get(name, 0) for name in STEPS.values()]
    return [
        Step(
            step=step,
            leads=leads,
            of_received=share(leads, counts[0]),
            of_step_before=share(leads, before),
            dropped=max(0, before - leads),
        )
        for step, leads, before in zip(STEPS, counts, [counts[0], *counts], strict=False)
    ]
