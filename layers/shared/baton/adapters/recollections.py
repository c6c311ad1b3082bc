"""Small things that are remembered for a while: in the Ledger table, and the twin in memory."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from baton.adapters.dynamo import get, put
from baton.adapters.items import to_item
from baton.domain.errors import StoreUnavailable


class DynamoRecollections:
    """The Recollections port over the Ledger table. Expired rows count as gone, also before they are deleted."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def recall(self, key: str, now: datetime) -> str | None:
        """See Recollections.recall."""
        row = get(self._client, self._table, _key(key))
        return str(row["value"]) if row and row["expires_epoch"] > now.timestamp() else None

    def remember(self, key: str, value: str, until: datetime) -> None:
        """See Recollections.remember."""
        row = {**_key(key), "value": value, "expires_epoch": int(until.timestamp())}
        put(self._client, {"TableName": self._table, "Item": to_item(row)})


@dataclass
class MemoryRecollections:
    """The Recollections port over a dictionary, which may be made to fail."""

    kept: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    available: bool = True

    def recall(self, key: str, now: datetime) -> str | None:
        """See Recollections.recall."""
        self._check()
        value, until = self.kept.get(key, ("", now))
        return value if now < until else None

    def remember(self, key: str, value: str, until: datetime) -> None:
        """See Recollections.remember."""
        self._check()
        # Whole seconds, as the table's own clock for rows that expire.
        self.kept[key] = (value, until.replace(microsecond=0))

    def _check(self) -> None:
        if not self.available:
            raise StoreUnavailable


def _key(key: str) -> dict[str, str]:
    return {"scope": f"heard#{key}", "id": "heard"}
