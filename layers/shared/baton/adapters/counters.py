"""Counters of what happened within a while: in the Ledger table, where they expire by themselves, and in memory."""

import hmac
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any

from baton.adapters.aws import AwsError
from baton.adapters.dynamo import translated
from baton.adapters.items import from_item, to_item
from baton.domain.errors import StoreUnavailable


class DynamoCounters:
    """The Counters port over the Ledger table: one row per key and window, added to without being read."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def count(self, key: str, window: str, expires_at: datetime) -> int:
        """See Counters.count."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item({"scope": f"rate#{key}", "id": window}),
                UpdateExpression="ADD taken :one SET expires_epoch = :expires",
                ExpressionAttributeValues=to_item({":one": 1, ":expires": int(expires_at.timestamp())}),
                ReturnValues="UPDATED_NEW",
            )
        except AwsError as error:
            raise translated(error) from error
        return int(from_item(answer["Attributes"])["taken"])


class MemoryCounters:
    """The Counters port over a dictionary. It may be made to fail."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.available = True
        self._lock = Lock()

    def count(self, key: str, window: str, expires_at: datetime) -> int:  # nothing expires here
        """See Counters.count."""
        if not self.available:
            raise StoreUnavailable
        with self._lock:
            self.counts[key, window] += 1
            return self.counts[key, window]


def keyed_digest(secret: Callable[[], bytes]) -> Callable[[str], str]:
    """A hash that only who has the deployment's secret can make: an address alone is soon guessed."""

    def digest(text: str) -> str:
        return hmac.digest(secret(), b"address\n" + text.encode(), "sha256").hex()[:32]

    return digest
