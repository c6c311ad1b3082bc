"""The event bus in EventBridge, and its twin in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from baton.adapters.aws import AwsError
from baton.adapters.dynamo import translated
from baton.domain.announcement import Announcement
from baton.domain.errors import StoreUnavailable

SOURCE: Final = "baton"
"""Of every event: what rules go by."""
BATCH: Final = 10
"""Events that one PutEvents takes."""


class EventBridgeBus:
    """The EventBus port over a bus of its own."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, announcements: Sequence[Announcement]) -> int:
        """See EventBus.put."""
        for begin in range(0, len(announcements), BATCH):
            entries = [self._entry(one) for one in announcements[begin : begin + BATCH]]
            try:
                answer = self._client.put_events(Entries=entries)
            except AwsError as error:
                if begin:
                    return begin
                raise translated(error) from error
            for place, result in enumerate(answer["Entries"]):
                if "ErrorCode" in result:
                    return begin + place
        return len(announcements)

    def _entry(self, announcement: Announcement) -> dict[str, Any]:
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": announcement.kind.value,
            "Time": announcement.at,
            "Detail": announcement.model_dump_json(),
        }


@dataclass
class MemoryBus:
    """The EventBus port: remembers what was put, and fails when it is told to."""

    heard: list[Announcement] = field(default_factory=list)
    available: bool = True
    takes: int | None = None
    """How many it takes before it fails once; None: all."""

    def put(self, announcements: Sequence[Announcement]) -> int:
        """See EventBus.put."""
        if not self.available:
            raise StoreUnavailable
        taken, self.takes = len(announcements) if self.takes is None else self.takes, None
        self.heard += announcements[:taken]
        return min(taken, len(announcements))
