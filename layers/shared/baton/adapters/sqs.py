"""What all queues share: messages in batches, and what could not be sent told as one error."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from baton.adapters.aws import AwsError, code_of
from baton.adapters.dynamo import translated
from baton.domain.errors import StoreUnavailable

BATCH: Final = 10
"""Messages that one SendMessageBatch takes."""
_TRIES: Final = 3


def send_all(client: Any, queue_url: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """Send every message, at least once each. Raises StoreUnavailable; then some were sent and some were not."""
    for begin in range(0, len(messages), BATCH):
        left = {str(no): json.dumps(message) for no, message in enumerate(messages[begin : begin + BATCH])}
        for _ in range(_TRIES):
            entries = [{"Id": no, "MessageBody": body} for no, body in left.items()]
            try:
                answer = client.send_message_batch(QueueUrl=queue_url, Entries=entries)
            except AwsError as error:
                raise _said(error) from error
            left = {failed["Id"]: left[failed["Id"]] for failed in answer.get("Failed", [])}
            if not left:
                break
        else:
            message = "the queue did not take every message"
            raise StoreUnavailable(message)


def _said(error: Exception) -> Exception:
    code = code_of(error) or ""
    return StoreUnavailable(code) if "Throttl" in code else translated(error)
