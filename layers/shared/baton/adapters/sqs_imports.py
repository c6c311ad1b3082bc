"""The queue of imports' parts that wait to be loaded, in SQS. A message holds the import's id and a number."""

from collections.abc import Sequence
from typing import Any

from baton.adapters.sqs import send_all


class SqsImportQueue:
    """The ImportQueue port."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._url = queue_url

    def put(self, import_id: str, nos: Sequence[int]) -> None:
        """See ImportQueue.put."""
        send_all(self._client, self._url, [{"import_id": import_id, "part": no} for no in nos])
