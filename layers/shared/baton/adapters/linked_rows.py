"""What is remembered of leads in other systems: in the Ledger table, where it expires, and the twin in memory."""

from datetime import datetime
from typing import Any

from baton.adapters.dynamo import get, put
from baton.adapters.items import to_item
from baton.adapters.retention import epoch
from baton.domain.connectors.talk import Linked


class DynamoLinks:
    """The Links port over the Ledger table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, subscription_id: str, lead_id: str) -> Linked:
        """See Links.get."""
        row = get(self._client, self._table, _key(subscription_id, lead_id))
        return Linked.model_validate(row or {})

    def put(self, subscription_id: str, lead_id: str, linked: Linked, until: datetime) -> None:
        """See Links.put."""
        row = {**_key(subscription_id, lead_id), "expires_epoch": epoch(until), **linked.model_dump()}
        put(self._client, {"TableName": self._table, "Item": to_item(row)})


class MemoryLinks:
    """The Links port over a dictionary. Nothing expires here."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Linked] = {}

    def get(self, subscription_id: str, lead_id: str) -> Linked:
        """See Links.get."""
        return self.known.get((subscription_id, lead_id), Linked())

    def put(self, subscription_id: str, lead_id: str, linked: Linked, until: datetime) -> None:
        """See Links.put."""
        self.known[subscription_id, lead_id] = linked


def _key(subscription_id: str, lead_id: str) -> dict[str, str]:
    return {"scope": f"linked#{subscription_id}#{lead_id}", "id": "linked"}
