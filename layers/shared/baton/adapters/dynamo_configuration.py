"""Configuration in DynamoDB, and a short memory in front of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from baton.adapters.config_rows import ConfigRows, counter_put, document_row
from baton.adapters.dynamo import transact
from baton.adapters.items import to_item
from baton.application.archive import RevisedConfiguration
from baton.application.ports import Clock
from baton.domain.documents import Configured
from baton.domain.editing import Stored
from baton.domain.errors import NotFound


class DynamoConfiguration:
    """The Configuration port over the Config table: kind and key to document."""

    def __init__(self, client: Any, table: str) -> None:
        self._rows = ConfigRows(client, table)

    def get[D: Configured](self, kind: type[D], key: str) -> D:
        """See Configuration.get."""
        found = self.get_many(kind, [key])
        if key not in found:
            raise NotFound(kind.kind, key)
        return found[key]

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """See Configuration.get_many."""
        return {key: stored.document for key, stored in self.read(kind, keys, {}).items()}

    def read[D: Configured](
        self, kind: type[D], keys: Sequence[str], known: Mapping[str, Stored[D]]
    ) -> Mapping[str, Stored[D]]:
        """See RevisedConfiguration.read."""
        found = {}
        for key, truth in self._rows.read(kind.kind, keys).items():
            before = known.get(key)
            if before and before.rev == truth.rev:
                found[key] = before
            else:
                found[key] = Stored(kind.model_validate_json(truth.text), truth.rev)
        return found

    def put(self, document: Configured) -> None:
        """Write a document, replacing the one of that kind and key, past all checks and the change log."""
        rows, no = self._rows, None
        while no is None or not transact(
            rows.client,
            [
                counter_put(rows.table, no, no + 1),
                {"TableName": rows.table, "Item": to_item(document_row(document, no + 1))},
            ],
        ):
            no = rows.counter()["no"]


class CachedConfiguration:
    """Remembers documents for a few seconds: a warm function reads configuration almost for free.

    A change made by a person reaches every function within `ttl_s` seconds. A document that did not change stays the
    same object, and with it everything that was compiled from it.
    """

    def __init__(self, inner: RevisedConfiguration, clock: Clock, ttl_s: float) -> None:
        self._inner = inner
        self._clock = clock
        self._ttl_s = ttl_s
        self._known: dict[tuple[str, str], tuple[float, Stored[Any]]] = {}

    def get[D: Configured](self, kind: type[D], key: str) -> D:
        """See Configuration.get."""
        found = self.get_many(kind, [key])
        if key not in found:
            raise NotFound(kind.kind, key)
        return found[key]

    def get_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, D]:
        """See Configuration.get_many. That a document does not exist is never remembered."""
        now = self._clock.now().timestamp()
        known: dict[str, Stored[D]] = {}
        fresh: dict[str, D] = {}
        for key in keys:
            read_at, stored = self._known.get((kind.kind, key), (float("-inf"), None))
            if stored is None:
                continue
            known[key] = stored
            if now - read_at < self._ttl_s:
                fresh[key] = stored.document
        missing = [key for key in keys if key not in fresh]
        if missing:
            for key, stored in self._inner.read(kind, missing, known).items():
                self._known[kind.kind, key] = (now, stored)
                fresh[key] = stored.document
        return fresh
