"""The funnel: how many leads come how far, each step of those of the step before."""

from typing import Final

from baton.domain.documents import Record
from baton.domain.reports.figures import share
from baton.domain.reports.tally import Measures

STEPS: Final = {
    "received": "received",
    "qualified": "qualified",
    "offered": "asked",
    "placed": "placed",
    "contacted": "reached",
    "converted": "converted",
}
"""The measure of each step. Whoever converted was contacted, also where nobody said so."""


class Step(Record):
    """One step of the funnel."""

    step: str
    leads: int
    of_received: float | None
    of_step_before: float | None
    dropped: int
    """Leads of the step before that have not come to this one."""


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
