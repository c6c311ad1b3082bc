"""Dead letters are counted where they lie, and a queue that is gone keeps nobody from hearing of the others."""

from collections.abc import Callable
from typing import Any

from baton.adapters.sqs_dead_letters import SqsDeadLetters


def test_messages_are_counted_queue_by_queue(aws: Callable[[str], Any]) -> None:
    sqs = aws("sqs")
    full, empty = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("full", "empty"))
    for number in range(3):
        sqs.send_message(QueueUrl=full, MessageBody=str(number))

    counts = SqsDeadLetters(sqs, {"sweep": full, "digest": empty, "retell": f"{empty}-gone"}).counts()

    assert counts == {"sweep": 3, "digest": 0, "retell": None}
