"""Show the overview: what is going on now; and the funnel, how far leads come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.application.read_counters import Counters
from baton.application.report_tables import Asked
from baton.domain.lead import LeadState
from baton.domain.reports.figures import LeadFigures
from baton.domain.reports.funnel import funnel
from baton.domain.reports.periods import Compare, Days, Period
from baton.domain.reports.tally import ALL, Dimension

if TYPE_CHECKING:
    from datetime import datetime

    from baton.application.ports import Clock
    from baton.application.read_counters import ReadCounters
    from baton.application.report_tables import Frame, ReportTables
    from baton.domain.reports.funnel import Step

RECENT_DAYS: Final = 30
"""Over how many days leads are counted that may still be on their way: of older ones hardly any moves."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What is going on."""

    now: datetime
    states: dict[LeadState, int]
    """Leads of the last RECENT_DAYS by the state that they are in now, those that are in any."""
    last_hour: Period
    """The last one that is over."""
    of_last_hour: LeadFigures
    today: Frame
    """Today as far as whole hours have passed, and the same of a week before."""
    so_far: LeadFigures
    """Of all of today."""
    in_full_hours: LeadFigures
    week_before: LeadFigures


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far leads come."""

    frame: Frame
    steps: list[Step]
    before: list[Step] | None


class ShowOverview:
    """Reads counters of all leads, or of a campaign's."""

    def __init__(self, tables: ReportTables, counters: ReadCounters, clock: Clock) -> None:
        self._tables = tables
        self._counters = counters
        self._clock = clock

    def overview(self, campaign_id: str | None, zone: str | None) -> Overview:
        """What is going on now, and what there was a week before. Raises ReportRefused, StoreUnavailable."""
        now, house = self._clock.now(), self._counters.house
        frame = self._tables.frame(Asked(zone=zone, compare=Compare.WEEK))
        hour = house.hour_began(now)
        last_hour = Period(house.hour_began(hour - timedelta(microseconds=1)), hour)
        today = now.astimezone(house.zone).date()
        recent = Days(today - timedelta(days=RECENT_DAYS - 1), today, house.zone).period
        counted = self._of(campaign_id, recent)
        return Overview(
            now=now,
            states={state: n for state in LeadState if (n := counted.all[f"state.{state}"])},
            last_hour=last_hour,
            of_last_hour=LeadFigures.of(self._of(campaign_id, last_hour).all),
            today=frame,
            so_far=LeadFigures.of(self._of(campaign_id, frame.days.period).all),
            in_full_hours=LeadFigures.of(self._of(campaign_id, frame.period).all),
            week_before=LeadFigures.of(self._of(campaign_id, frame.before).all),
        )

    def funnel(self, asked: Asked) -> Funnel:
        """How far leads come. Raises ReportRefused, StoreUnavailable."""
        frame = self._tables.frame(asked)
        before = funnel(self._of(asked.campaign_id, frame.before).all) if frame.before else None
        return Funnel(frame, funnel(self._of(asked.campaign_id, frame.period).all), before)

    def _of(self, campaign_id: str | None, period: Period | None) -> Counters:
        if period is None:
            return Counters()
        if campaign_id is None:
            return self._counters(ALL, Dimension.TOTAL, period).get(ALL, Counters())
        return self._counters(ALL, Dimension.CAMPAIGN, period).get(campaign_id, Counters())
