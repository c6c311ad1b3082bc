"""Leads are counted, one that nobody can read is set aside, and a counter that somebody broke is repaired."""

import json
from dataclasses import replace
from typing import Any, Final

import boto3

from baton.adapters.dynamo_reports import DynamoReports
from baton.application.reports import Row
from baton.domain.reports.calendar import Bucket, Grain
from baton.domain.reports.counting import Step
from baton.domain.reports.tally import ALL, Cell, Dimension
from tests.infra.recorder import QUEUES, VALUES, Recorder, sample

DAY: Final = Bucket(Grain.DAY, "2026-11-23")
CELL: Final = Cell(ALL, Dimension.SOURCE, "web-form")


def live_with_reports(recorder: Recorder) -> None:
    """Everything, one after another."""
    recorder.invoke("count", sample("count/leads"))
    queue = boto3.client("sqs").receive_message(QueueUrl=f"{QUEUES}/Uncounted")
    assert [json.loads(message["Body"]) for message in queue["Messages"]] == [{"lead_id": "f" * 32}]

    reports = DynamoReports(boto3.client("dynamodb"), "ReportsTable", VALUES["REPORT_ZONE"])
    assert proof(recorder, "rebuild_reports")["next"] is None
    assert proof(recorder, "prove_reports")["clean"]
    rows = reports.rows(CELL.scope, CELL.dimension, DAY.grain, DAY.name, DAY.name)
    row = next(row for row in rows if row.cell == CELL)
    reports.replace(Row(DAY, CELL, row.rev + 1, {"received": 5}))
    assert not proof(recorder, "prove_reports")["clean"]
    assert proof(recorder, "rebuild_reports")["repaired"] == 1
    ahead(reports)
    assert not proof(recorder, "prove_reports")["clean"]


def ahead(reports: DynamoReports) -> None:
    """A lead is restored from a backup: it is counted as what it was to become."""
    hours = (Bucket(Grain.HOUR, "2026-11-23T00:00"), Bucket(Grain.HOUR, "2026-11-24T23:00"))
    counted = next(reports.counted_in(DAY, *hours))
    reports.add([Step(replace(counted, rev=counted.rev + 1, lead_rev=99, tally={}), {})])


def proof(recorder: Recorder, case: str) -> dict[str, Any]:
    """What an admin is told."""
    answer = recorder.invoke("recount", sample(f"recount/{case}"))
    assert answer["statusCode"] == 200, answer
    return dict(json.loads(answer["body"]))
