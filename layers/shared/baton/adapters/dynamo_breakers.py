"""Circuit breakers' rows in the Ledger table, so that all processes leave the same buyers alone."""

from collections.abc import Collection, Mapping
from typing import Any

from baton.adapters.dynamo import batch_get, put
from baton.adapters.items import to_item


class DynamoBreakers:
    """The BreakerStore of all processes together. The last to write is right."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, keys: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """See BreakerStore.get."""
        rows = batch_get(self._client, self._table, [_place(key) for key in keys])
        return {row["key"]: row["breaker"] for row in rows}

    def put(self, key: str, row: Mapping[str, Any]) -> None:
        """See BreakerStore.put."""
        item = to_item({**_place(key), "key": key, "breaker": row})
        put(self._client, {"TableName": self._table, "Item": item})


def _place(key: str) -> dict[str, str]:
    return {"scope": f"breaker#{key}", "id": "breaker"}
