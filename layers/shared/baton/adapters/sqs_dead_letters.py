"""How many messages lie in the queues of dead letters."""

from collections.abc import Mapping
from typing import Any

from baton.adapters.aws import AwsError

COUNT = "ApproximateNumberOfMessages"


class SqsDeadLetters:
    """The DeadLetters port. Each queue is asked alone: one that cannot be is no reason not to tell of the others."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls

    def counts(self) -> Mapping[str, int | None]:
        """See DeadLetters.counts."""
        return {name: self._count(url) for name, url in self._urls.items()}

    def _count(self, url: str) -> int | None:
        try:
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=[COUNT])
        except AwsError:
            return None
        return int(answer["Attributes"][COUNT])
