"""The queue of leads that platforms told of, in SQS: messages hold ids alone. And its twin in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from baton.adapters.sqs import send_all
from baton.domain.errors import StoreUnavailable
from baton.domain.hooks.enquiry import Format, Notice


class SqsNotices:
    """The Notices port."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._url = queue_url

    def put(self, source_id: str, platform: Format, notices: Sequence[Notice]) -> None:
        """See Notices.put."""
        messages = [{"source_id": source_id, "platform": platform, "ref": one.ref} for one in notices]
        send_all(self._client, self._url, messages)


@dataclass
class MemoryNotices:
    """The Notices port: remembers what waits."""

    waiting: list[tuple[str, Format, str]] = field(default_factory=list)
    available: bool = True

    def put(self, source_id: str, platform: Format, notices: Sequence[Notice]) -> None:
        """See Notices.put."""
        if not self.available:
            raise StoreUnavailable
        self.waiting += [(source_id, platform, one.ref) for one in notices]
