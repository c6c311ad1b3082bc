"""Counters that stand in the table, and people who look at reports."""

import json
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_reports import DynamoReports
from baton.application.count_leads import CountLeads
from baton.domain.reports.calendar import Calendar
from baton.domain.reports.digest import Digest
from tests.infra.recorder import VALUES, Recorder, sample

CASES: Final = ("sources", "sources_csv", "recipients", "members", "overview", "service_level")


def live_with_readers(recorder: Recorder, leads: DynamoLeads, lead_id: str) -> None:
    """A lead is counted, and every kind of report is read."""
    reports = DynamoReports(boto3.client("dynamodb"), "ReportsTable", VALUES["REPORT_ZONE"])
    calendar, lead = Calendar(ZoneInfo(VALUES["REPORT_ZONE"])), leads.get(lead_id)
    CountLeads(reports, calendar)([lead])
    for case in CASES:
        answer = recorder.invoke("report", sample(f"report/{case}"))
        assert answer["statusCode"] == 200, answer
    send_digest(recorder)
    day = calendar.day_of(lead.received_at).name
    asked = {"queryStringParameters": {"from": day}, "multiValueQueryStringParameters": {"from": [day]}}
    answer = recorder.invoke("report", sample("report/recipients", **asked))
    assert json.loads(answer["body"])["total"]["offers"] == len(lead.offers), answer


def send_digest(recorder: Recorder) -> None:
    """Somebody wants the digest at this hour; it is sent once."""
    now = datetime.now(UTC)
    digest = Digest(id="now", name="Now", emails=("maria@example.com",), zone="UTC", hour=now.hour)
    DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable").put(digest)
    sent = [recorder.invoke("digest", sample("digest/schedule"))["sent"] for _ in range(2)]
    assert sent == [1, 0]
