"""What reads reports, and the daily digests.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import counting, parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.read_counters import ReadCounters
    from baton.application.read_shares import ReadShares
    from baton.application.report_tables import ReportTables
    from baton.application.send_digests import SendDigests
    from baton.application.show_overview import ShowOverview
    from baton.application.show_reports import ShowReports


@cache
def show_reports() -> ShowReports:
    """Use case of function report: tables."""
    from baton.application.show_reports import ShowReports

    return ShowReports(_tables(), _shares())


@cache
def show_overview() -> ShowOverview:
    """Use case of function report: what is going on, and the funnel."""
    from baton.application.show_overview import ShowOverview

    return ShowOverview(_tables(), _counters(), parts.clock())


@cache
def send_digests() -> SendDigests:
    """Use case of function digest."""
    from baton.adapters.aws import client
    from baton.adapters.digest_marks import DynamoMarks
    from baton.application.gather_news import GatherNews
    from baton.application.send_digests import SendDigests

    marks = DynamoMarks(client("dynamodb"), SETTINGS.reports_table)
    news = GatherNews(_tables(), _counters(), _shares(), parts.configuration())
    return SendDigests(parts.archive(), marks, news, parts.notifier(), parts.clock())


def _shares() -> ReadShares:
    from baton.application.read_shares import ReadShares

    return ReadShares(parts.configuration(), parts.archive(), parts.clock())


@cache
def _tables() -> ReportTables:
    from baton.application.report_tables import ReportTables

    return ReportTables(_counters(), parts.configuration(), parts.clock())


@cache
def _counters() -> ReadCounters:
    from baton.adapters.aws import client
    from baton.adapters.dynamo import read_items_plainly
    from baton.application.read_counters import ReadCounters

    read_items_plainly(client("dynamodb"))
    return ReadCounters(counting.reports(), counting.calendar())
