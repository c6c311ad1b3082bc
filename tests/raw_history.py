"""The way of events into the raw history, as the template has it: bus, rule, Firehose, files in folders.

Rule and stream are read from the template, so that what the tests ask of these files holds for what is deployed.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import jq
import jsonpath

from baton.adapters.event_bus import EventBridgeBus
from baton.domain.announcement import Announcement
from tests.infra.deployed import properties

FILES_OF_A_FOLDER: Final = 3
"""Firehose writes many: what belongs together is in several."""


class Bus:
    """What EventBridge makes of the entries that it is given."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def put_events(self, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 # boto3's
        """Take entries."""
        for entry in Entries:
            event = {"version": "0", "source": entry["Source"], "detail-type": entry["DetailType"]}
            self.events.append({**event, "account": "123456789012", "detail": json.loads(entry["Detail"])})
        return {"Entries": [{"EventId": "1"} for _ in Entries]}


def records(announcements: Iterable[Announcement]) -> list[str]:
    """What the rule gives to Firehose of each event."""
    bus = Bus()
    EventBridgeBus(bus, "leads").put([*announcements])
    rule = properties("AWS::Events::Rule")["HistoryRule"]
    (target,) = rule["Targets"]
    assert not {"Input", "InputTransformer"} & set(target)
    heard = [event for event in bus.events if event["source"] in rule["EventPattern"]["source"]]
    return [json.dumps(jsonpath.findall(target["InputPath"], event)[0]) for event in heard]


def stream() -> dict[str, Any]:
    """Firehose's destination."""
    (given,) = properties("AWS::KinesisFirehose::DeliveryStream").values()
    return dict(given["ExtendedS3DestinationConfiguration"])


def processor(kind: str) -> dict[str, str] | None:
    """The parameters of one of Firehose's processors; None where there is none."""
    for one in stream()["ProcessingConfiguration"]["Processors"]:
        if one["Type"] == kind:
            return {given["ParameterName"]: given["ParameterValue"] for given in one.get("Parameters", [])}
    return None


@cache
def extraction() -> Any:
    """What finds the keys of a record's folder."""
    given = processor("MetadataExtraction")
    assert given
    return jq.compile(given["MetadataExtractionQuery"])


def folder_of(record: str) -> str:
    """The folder in the bucket that a record is put in."""
    keys = extraction().input_text(record).first()
    return re.sub(r"!\{partitionKeyFromQuery:(\w+)\}", lambda found: keys[found[1]], stream()["Prefix"])


def deliver(announcements: Iterable[Announcement], bucket: Path) -> None:
    """Put events into a folder that stands for the bucket."""
    folders = defaultdict(list)
    for record in records(announcements):
        folders[folder_of(record)].append(record)
    end = "\n" if processor("AppendDelimiterToRecord") is not None else ""
    compress = {"GZIP": gzip.compress}[stream()["CompressionFormat"]]
    for folder, lines in folders.items():
        for n in range(FILES_OF_A_FOLDER):
            if part := "".join(line + end for line in lines[n::FILES_OF_A_FOLDER]):
                path = bucket / folder / f"baton-HistoryStream-1-{n}.gz"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(compress(part.encode()))
