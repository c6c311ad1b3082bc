"""Service level: how soon people were reached, and whether within what was promised."""

from datetime import timedelta
from typing import Self

from baton.domain.documents import Record
from baton.domain.reports.figures import Percentiles, histogram, share
from baton.domain.reports.histogram import bucket_of
from baton.domain.reports.tally import RESPONSE, Measures


class ServiceFigures(Record):
    """How soon people were reached."""

    leads: int
    """Leads that somebody had; of a recipient or a pool, the offers that were accepted."""
    contacted: int
    """Those whose first contact was reported."""
    contact_rate: float | None
    """Contacted, of the leads."""
    in_time: int
    """Contacted within the time that the report was asked for."""
    in_time_rate: float | None
    """In time, of the leads."""
    response: Percentiles
    """From the moment a lead came in to the first contact with its person."""
    met: int | None
    """Leads that were contacted by when their campaign promises it; None by recipient and by pool."""
    missed: int | None
    waiting: int | None
    """Leads whose time is not up."""
    met_rate: float | None
    """Met, of the met and missed."""

    @classmethod
    def of(cls, measures: Measures, within: timedelta) -> Self:
        """The figures of these measures."""
        leads = measures.get("placed", measures.get("accepted", 0))
        contacted, last = measures.get("contacted", 0), bucket_of(within)
        in_time = sum(n for bucket, n in histogram(measures, RESPONSE).items() if bucket <= last)
        met, missed, waiting = (measures.get(f"sla.{name}") for name in ("met", "missed", "waiting"))
        known = {met, missed, waiting} != {None}
        return cls(
            leads=leads,
            contacted=contacted,
            contact_rate=share(contacted, leads),
            in_time=in_time,
            in_time_rate=share(in_time, leads),
            response=Percentiles.of(measures, RESPONSE),
            met=(met or 0) if known else None,
            missed=(missed or 0) if known else None,
            waiting=(waiting or 0) if known else None,
            met_rate=share(met or 0, (met or 0) + (missed or 0)),
        )
