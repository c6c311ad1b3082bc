"""What counts leads for reports, proves that the counters are right, and repairs them.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.count_leads import CountEvery, CountLeads
    from baton.application.prove_reports import ProveReports
    from baton.application.reports import Reports
    from baton.domain.reports.calendar import Calendar


@cache
def reports() -> Reports:
    """The Reports table."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_reports import DynamoReports

    return DynamoReports(client("dynamodb"), SETTINGS.reports_table, SETTINGS.report_zone)


@cache
def calendar() -> Calendar:
    """The hours and days in which the house counts."""
    from baton.domain.reports.calendar import Calendar
    from baton.domain.zones import zone

    return Calendar(zone(SETTINGS.report_zone))


@cache
def count_every() -> CountEvery:
    """Use case of function count."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_reports import SqsAside
    from baton.application.count_leads import CountEvery

    return CountEvery(_count_leads(), SqsAside(client("sqs"), SETTINGS.uncounted_queue_url))


@cache
def prove_reports() -> ProveReports:
    """Use case of function recount."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_lead_search import DynamoLeadSearch
    from baton.application.prove_reports import ProveReports

    search = DynamoLeadSearch(client("dynamodb"), SETTINGS.leads_table)
    return ProveReports(
        reports(), calendar(), search, parts.leads(), parts.archive(), _count_leads(), parts.clock()
    )


def _count_leads() -> CountLeads:
    from baton.adapters.system import back_off
    from baton.application.count_leads import CountLeads

    return CountLeads(reports(), calendar(), back_off)
