"""What is remembered of digests that were sent, in one partition of the Reports table; and the same in memory."""

from collections.abc import Mapping
from datetime import date, datetime
from threading import Lock
from typing import Any, Final

from baton.adapters.dynamo import get, put, put_if_next
from baton.domain.reports.digest import Mark

PARTITION: Final = "digest"


class DynamoMarks:
    """The Marks port."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, digest_id: str, address: str) -> Mark | None:
        """See Marks.get."""
        row = get(self._client, self._table, _key(digest_id, address))
        return _mark_of(row) if row else None

    def put(self, digest_id: str, address: str, mark: Mark) -> bool:
        """See Marks.put."""
        values = {
            **_key(digest_id, address),
            "rev": mark.rev,
            "day": mark.day.isoformat(),
            "until": mark.until.isoformat(),
            "sent": mark.sent,
        }
        return put(self._client, put_if_next(self._table, values, mark.rev))


class MemoryMarks:
    """The Marks port in a dictionary."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._marks: dict[tuple[str, str], Mark] = {}

    def get(self, digest_id: str, address: str) -> Mark | None:
        """See Marks.get."""
        return self._marks.get((digest_id, address))

    def put(self, digest_id: str, address: str, mark: Mark) -> bool:
        """See Marks.put."""
        with self._lock:
            stored = self._marks.get((digest_id, address))
            if mark.rev - 1 != (stored.rev if stored else 0):
                return False
            self._marks[digest_id, address] = mark
            return True


def _key(digest_id: str, address: str) -> dict[str, str]:
    return {"report": PARTITION, "bucket": f"{digest_id}|{address}"}


def _mark_of(row: Mapping[str, Any]) -> Mark:
    day, until = date.fromisoformat(row["day"]), datetime.fromisoformat(row["until"])
    return Mark(day, row["rev"], until, row["sent"])
