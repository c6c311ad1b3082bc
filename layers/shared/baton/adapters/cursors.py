"""How far forms of platforms were looked through: a row of the Ledger table for each, and in memory."""

from datetime import UTC, datetime
from typing import Any

from baton.adapters.dynamo import get, put
from baton.adapters.items import to_item


class DynamoCursors:
    """The Cursors port over the Ledger table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, source_id: str, form: str) -> datetime | None:
        """See Cursors.get."""
        row = get(self._client, self._table, _key(source_id, form))
        return datetime.fromisoformat(row["until"]) if row else None

    def put(self, source_id: str, form: str, until: datetime) -> None:
        """See Cursors.put."""
        row = {**_key(source_id, form), "until": until.astimezone(UTC).isoformat()}
        put(self._client, {"TableName": self._table, "Item": to_item(row)})


class MemoryCursors:
    """The Cursors port over a dictionary."""

    def __init__(self) -> None:
        self.until: dict[tuple[str, str], datetime] = {}

    def get(self, source_id: str, form: str) -> datetime | None:
        """See Cursors.get."""
        return self.until.get((source_id, form))

    def put(self, source_id: str, form: str, until: datetime) -> None:
        """See Cursors.put."""
        self.until[source_id, form] = until


def _key(source_id: str, form: str) -> dict[str, str]:
    return {"scope": f"looked#{source_id}", "id": form}
