"""The do-not-contact list: in the Ledger table, a row for each keyed hash, and in memory."""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from baton.adapters.aws import AwsError
from baton.adapters.dynamo import PUT_BATCH, batch_get, batch_put, translated
from baton.adapters.items import to_item
from baton.domain.errors import StoreUnavailable

_SCOPE: Final = "dnc#"
_RETRIES: Final = 6


class DynamoDoNotContact:
    """The DoNotContact port over the Ledger table. Its rows never expire."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def listed(self, marks: Collection[str]) -> set[str]:
        """See DoNotContact.listed."""
        keys = [_key(mark) for mark in dict.fromkeys(marks)]
        rows = batch_get(self._client, self._table, keys)
        return {str(row["scope"]).removeprefix(_SCOPE) for row in rows}

    def add(self, marks: Collection[str], at: datetime, by: str) -> None:
        """See DoNotContact.add."""
        rows = [{**_key(mark), "at": at.isoformat(), "by": by} for mark in dict.fromkeys(marks)]
        batch_put(self._client, self._table, rows)

    def remove(self, marks: Collection[str]) -> None:
        """See DoNotContact.remove."""
        keys = [_key(mark) for mark in dict.fromkeys(marks)]
        for begin in range(0, len(keys), PUT_BATCH):
            self._delete(keys[begin : begin + PUT_BATCH])

    def _delete(self, keys: Sequence[dict[str, str]]) -> None:
        wanted = [{"DeleteRequest": {"Key": to_item(key)}} for key in keys]
        for attempt in range(_RETRIES):
            try:
                answer = self._client.batch_write_item(RequestItems={self._table: wanted})
            except AwsError as error:
                raise translated(error) from error
            wanted = answer.get("UnprocessedItems", {}).get(self._table, [])
            if not wanted:
                return
            time.sleep(0.02 * 2**attempt)
        message = "the table is throttled"
        raise StoreUnavailable(message)


class MemoryDoNotContact:
    """The DoNotContact port over a dictionary."""

    def __init__(self) -> None:
        self.marks: dict[str, tuple[datetime, str]] = {}

    def listed(self, marks: Collection[str]) -> set[str]:
        """See DoNotContact.listed."""
        return set(marks) & self.marks.keys()

    def add(self, marks: Collection[str], at: datetime, by: str) -> None:
        """See DoNotContact.add."""
        self.marks.update(dict.fromkeys(marks, (at, by)))

    def remove(self, marks: Collection[str]) -> None:
        """See DoNotContact.remove."""
        for mark in marks:
            self.marks.pop(mark, None)


def _key(mark: str) -> dict[str, str]:
    """A partition for each: nobody asks for the whole list, and imports are spread."""
    return {"scope": f"{_SCOPE}{mark}", "id": "listed"}
