"""What reads reports.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import counting, parts

if TYPE_CHECKING:
    from baton.application.read_counters import ReadCounters
    from baton.application.report_tables import ReportTables
    from baton.application.show_overview import ShowOverview
    from baton.application.show_reports import ShowReports


@cache
def show_reports() -> ShowReports:
    """Use case of function report: tables."""
    from baton.application.read_shares import ReadShares
    from baton.application.show_reports import ShowReports

    return ShowReports(_tables(), ReadShares(parts.configuration(), parts.archive(), parts.clock()))


@cache
def show_overview() -> ShowOverview:
    """Use case of function report: what is going on, and the funnel."""
    from baton.application.show_overview import ShowOverview

    return ShowOverview(_tables(), _counters(), parts.clock())


@cache
def _tables() -> ReportTables:
    from baton.application.report_tables import ReportTables

    return ReportTables(_counters(), parts.configuration(), parts.clock())


@cache
def _counters() -> ReadCounters:
    from baton.application.read_counters import ReadCounters

    return ReadCounters(counting.reports(), counting.calendar())
