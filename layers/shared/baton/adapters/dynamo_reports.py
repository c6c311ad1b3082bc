"""The Reports table: a partition per dimension and month or year, and beside them what is counted of each lead."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from baton.adapters.dynamo import batch_get, put, put_if_next, query, transact
from baton.adapters.items import to_item
from baton.adapters.sqs import send_all
from baton.application.reports import Row
from baton.domain.reports.calendar import Bucket, Grain
from baton.domain.reports.counting import Counted, Step, increments
from baton.domain.reports.tally import Cell, Dimension, Measures

SHARDS: Final = 4
"""Partitions of what is counted of a day's leads: one alone would limit them to some 100 leads a second."""
_KEYS: Final = frozenset({"report", "bucket", "rev"})


class DynamoReports:
    """The Reports port. All is under the name of the house's zone: in another zone, hours and days are others."""

    def __init__(self, client: Any, table: str, zone: str) -> None:
        self._client = client
        self._table = table
        self._zone = zone

    def counted(self, nothing: Iterable[Counted]) -> dict[str, Counted]:
        """See Reports.counted."""
        found = {one.lead_id: one for one in nothing}
        by_key = {tuple(self._counted_key(one).values()): one for one in found.values()}
        keys = [self._counted_key(one) for one in found.values()]
        for row in batch_get(self._client, self._table, keys):
            one = by_key[row["report"], row["bucket"]]
            found[one.lead_id] = _counted_of(row)
        return found

    def add(self, steps: Sequence[Step]) -> bool:
        """See Reports.add."""
        puts = [put_if_next(self._table, self._counted_row(step.counted), step.counted.rev) for step in steps]
        updates = [
            self._addition(bucket, cell, measures)
            for (bucket, cell), measures in sorted(increments(steps).items())
        ]
        return transact(self._client, puts, updates=updates)

    def rows(self, scope: str, dimension: Dimension, grain: Grain, first: str, last: str) -> Iterator[Row]:
        """See Reports.rows."""
        for period in _periods(grain, first, last):
            report = self._report(scope, dimension, grain, period)
            for row in self._between(report, first, last):
                name, _, value = row["bucket"].partition("|")
                measures = {key: number for key, number in row.items() if key not in _KEYS}
                yield Row(Bucket(grain, name), Cell(scope, dimension, value), row["rev"], measures)

    def counted_in(self, day: Bucket, first: Bucket, last: Bucket) -> Iterator[Counted]:
        """See Reports.counted_in."""
        for shard in range(SHARDS):
            rows = self._between(self._counted_report(day, shard), first.name, last.name)
            yield from map(_counted_of, rows)

    def replace(self, row: Row) -> bool:
        """See Reports.replace."""
        values = {**self._key(row.bucket, row.cell), "rev": row.rev, **row.measures}
        return put(self._client, put_if_next(self._table, values, row.rev))

    def _between(self, report: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        """The rows of the buckets from the first to the last."""
        return query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="report = :report AND #bucket BETWEEN :first AND :last",
            ExpressionAttributeNames={"#bucket": "bucket"},
            ExpressionAttributeValues=to_item(
                {":report": report, ":first": f"{first}|", ":last": f"{last}|\uffff"}
            ),
            ConsistentRead=True,
        )

    def _addition(self, bucket: Bucket, cell: Cell, measures: Measures) -> dict[str, Any]:
        names = {f"#m{place}": name for place, name in enumerate(measures)}
        values = {f":m{place}": number for place, number in enumerate(measures.values())}
        added = ", ".join(f"#m{place} :m{place}" for place in range(len(measures)))
        return {
            "TableName": self._table,
            "Key": to_item(self._key(bucket, cell)),
            "UpdateExpression": f"ADD rev :one{', ' if added else ''}{added}",
            "ExpressionAttributeValues": to_item({":one": 1, **values}),
            **({"ExpressionAttributeNames": names} if names else {}),
        }

    def _key(self, bucket: Bucket, cell: Cell) -> dict[str, str]:
        report = self._report(cell.scope, cell.dimension, bucket.grain, _period(bucket.grain, bucket.name))
        return {"report": report, "bucket": f"{bucket.name}|{cell.value}"}

    def _report(self, scope: str, dimension: Dimension, grain: Grain, period: str) -> str:
        return f"{self._zone}|{scope}|{dimension}|{grain}|{period}"

    def _counted_key(self, counted: Counted) -> dict[str, str]:
        shard = zlib.crc32(counted.lead_id.encode()) % SHARDS
        return {
            "report": self._counted_report(counted.day, shard),
            "bucket": f"{counted.hour.name}|{counted.lead_id}",
        }

    def _counted_report(self, day: Bucket, shard: int) -> str:
        return f"{self._zone}|counted|{day.name}|{shard}"

    def _counted_row(self, counted: Counted) -> dict[str, Any]:
        # In one order, so that who counts a lead anew writes the same row.
        written = sorted(
            ([*cell, measures] for cell, measures in counted.tally.items()), key=lambda one: one[:3]
        )
        return {
            **self._counted_key(counted),
            "rev": counted.rev,
            "lead_rev": counted.lead_rev,
            "day": counted.day.name,
            # The same few measures over and over: a tenth of its size.
            "tally": zlib.compress(json.dumps(written, separators=(",", ":"), sort_keys=True).encode()),
        }


def _counted_of(row: Mapping[str, Any]) -> Counted:
    written = json.loads(zlib.decompress(row["tally"]))
    hour, _, lead_id = row["bucket"].partition("|")
    return Counted(
        lead_id=lead_id,
        hour=Bucket(Grain.HOUR, hour),
        day=Bucket(Grain.DAY, row["day"]),
        rev=row["rev"],
        lead_rev=row["lead_rev"],
        tally={
            Cell(scope, Dimension(dimension), value): measures
            for scope, dimension, value, measures in written
        },
    )


def _period(grain: Grain, name: str) -> str:
    """What a bucket's partition is named after: days lie by the year, hours by the month."""
    return name[:4] if grain is Grain.DAY else name[:7]


def _periods(grain: Grain, first: str, last: str) -> Iterator[str]:
    """The periods that the buckets from the first to the last lie in."""
    at, end = _period(grain, first), _period(grain, last)
    while at <= end:
        yield at
        later = date(int(at[:4]), int(at[5:] or 12), 28) + timedelta(days=10)
        at = _period(grain, later.isoformat())


class SqsAside:
    """The Aside port: ids alone, in a queue with an alarm."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._url = queue_url

    def put(self, lead_ids: Sequence[str]) -> None:
        """See Aside.put."""
        send_all(self._client, self._url, [{"lead_id": lead_id} for lead_id in lead_ids])
