"""The queue of reps who are to be told by a further channel, in SQS, by ids alone; and its twin in memory."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Any, Final

from baton.adapters.aws import AwsError
from baton.adapters.dynamo import translated

MAX_DELAY_S: Final = 900
"""SQS keeps a message back no longer: who waits longer comes again."""


class SqsRetellings:
    """The Retellings port."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._url = queue_url

    def put(self, lead_id: str, offer_no: int, wait: timedelta) -> None:
        """See Retellings.put."""
        message = json.dumps({"lead_id": lead_id, "offer_no": offer_no})
        seconds = max(0, min(ceil(wait.total_seconds()), MAX_DELAY_S))
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=message, DelaySeconds=seconds)
        except AwsError as error:
            raise translated(error) from error


@dataclass
class MemoryRetellings:
    """The Retellings port: remembers who waits, and for how long."""

    waiting: list[tuple[str, int, timedelta]] = field(default_factory=list)

    def put(self, lead_id: str, offer_no: int, wait: timedelta) -> None:
        """See Retellings.put."""
        self.waiting.append((lead_id, offer_no, wait))
