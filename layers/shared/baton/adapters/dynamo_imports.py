"""Imports of leads in DynamoDB: in the Leads table, under keys that no lead has, until they expire."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from baton.adapters.dynamo import batch_put, get, put, put_if_next, query
from baton.adapters.items import to_item
from baton.adapters.retention import is_live, live
from baton.domain.errors import NotFound
from baton.domain.lead_import import ImportPart, LeadImport

IMPORT = "IMPORT"


class DynamoImports:
    """The Imports port over the Leads table."""

    def __init__(self, client: Any, table: str, seconds: Callable[[], float] = time.time) -> None:
        """`seconds`: the present second of the epoch, by which imports expire."""
        self._client = client
        self._table = table
        self._seconds = seconds

    def find(self, import_id: str) -> LeadImport:
        """See Imports.find."""
        row = get(self._client, self._table, _key(import_id, IMPORT))
        if row is None or not is_live(row, self._seconds()):
            raise NotFound("import", import_id)
        return LeadImport.model_validate(row)

    def part(self, import_id: str, no: int) -> ImportPart:
        """See Imports.part."""
        row = get(self._client, self._table, _key(import_id, _part_item(no)))
        if row is None or not is_live(row, self._seconds()):
            raise NotFound("part", f"{import_id}/{no}")
        return ImportPart.model_validate(row)

    def parts(self, import_id: str) -> list[ImportPart]:
        """See Imports.parts."""
        rows = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="lead_id = :import AND begins_with(#item, :part)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":import": _scope(import_id), ":part": "PART#"}),
            ConsistentRead=True,
        )
        return [ImportPart.model_validate(row) for row in live(rows, self._seconds())]

    def create(self, new: LeadImport, parts: Sequence[ImportPart]) -> None:
        """See Imports.create. The import is written last."""
        batch_put(self._client, self._table, [_part_row(part) for part in parts])
        batch_put(
            self._client,
            self._table,
            [_row(new.import_id, IMPORT, new.model_dump(mode="json"), new.expires_at)],
        )

    def finish(self, part: ImportPart) -> bool:
        """See Imports.finish."""
        return put(self._client, put_if_next(self._table, _part_row(part), part.rev))


def _part_row(part: ImportPart) -> dict[str, Any]:
    return _row(part.import_id, _part_item(part.no), part.model_dump(mode="json"), part.expires_at)


def _row(import_id: str, item: str, values: dict[str, Any], expires_at: Any) -> dict[str, Any]:
    return {**values, **_key(import_id, item), "expires_epoch": int(expires_at.timestamp())}


def _key(import_id: str, item: str) -> dict[str, str]:
    return {"lead_id": _scope(import_id), "item": item}


def _scope(import_id: str) -> str:
    return f"import#{import_id}"


def _part_item(no: int) -> str:
    return f"PART#{no:04d}"
