"""Configuration in DynamoDB, and a short memory in front of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from baton.adapters.dynamo import batch_get, get
from baton.adapters.items import to_item
from baton.application.ports import Clock, Configuration
from baton.domain.documents import Configured
from baton.domain.errors import NotFound


class DynamoConfiguration:
    """The Configuration port over the Config table: kind and key to document."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get[D: Configured](self, kind: type[D], key: str) -> D:
        """See Configuration.get."""
        row = get(self._client, self._table, {"kind": kind.kind, "id": key})
        if row is None:
            raise NotFound(kind.kind, key)
        return kind.model_validate(row["document"])

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """See Configuration.get_many."""
        wanted = [{"kind": kind.kind, "id": key} for key in dict.fromkeys(keys)]
        rows = batch_get(self._client, self._table, wanted)
        return {row["id"]: kind.model_validate(row["document"]) for row in rows}

    def put(self, document: Configured) -> None:
        """Write a document, replacing the one of that kind and key."""
        row = {
            "kind": document.kind,
            "id": document.key,
            "document": document.model_dump(mode="json", by_alias=True),
        }
        self._client.put_item(TableName=self._table, Item=to_item(row))


class CachedConfiguration:
    """Remembers documents for a few seconds: a warm function reads configuration almost for free.

    A change made by a person reaches every function within `ttl_s` seconds.
    """

    def __init__(self, inner: Configuration, clock: Clock, ttl_s: float) -> None:
        self._inner = inner
        self._clock = clock
        self._ttl_s = ttl_s
        self._known: dict[tuple[str, str], tuple[float, Any]] = {}

    def get[D: Configured](self, kind: type[D], key: str) -> D:
        """See Configuration.get."""
        found = self.get_many(kind, [key])
        if key not in found:
            raise NotFound(kind.kind, key)
        return found[key]

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """See Configuration.get_many. That a document does not exist is never remembered."""
        now = self._clock.now().timestamp()
        fresh = {}
        for key in keys:
            read_at, document = self._known.get((kind.kind, key), (float("-inf"), None))
            if now - read_at < self._ttl_s:
                fresh[key] = document
        missing = [key for key in keys if key not in fresh]
        if missing:
            for key, document in self._inner.get_many(kind, missing).items():
                self._known[kind.kind, key] = (now, document)
                fresh[key] = document
        return fresh
