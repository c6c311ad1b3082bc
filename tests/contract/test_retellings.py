"""The Retellings port over SQS and in memory: what is put in comes out when it is due, and holds ids alone."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from baton.adapters.retellings import MemoryRetellings, SqsRetellings
from baton.domain.errors import StoreUnavailable
from baton.entrypoints.retelling import RetellTask
from tests.builders import LEAD_ID

Taken = Callable[[], list[tuple[str, int]]]


@pytest.fixture(params=["memory", "sqs"])
def queue(request: pytest.FixtureRequest, aws: Callable[[str], Any]) -> tuple[Any, Taken]:
    """A queue, and what can be taken from it."""
    if request.param == "memory":
        memory = MemoryRetellings()
        return memory, lambda: [(lead_id, no) for lead_id, no, wait in memory.waiting if wait <= timedelta()]
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="retell")["QueueUrl"]

    def taken() -> list[tuple[str, int]]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        tasks = [RetellTask.model_validate(json.loads(one["Body"])) for one in messages]
        return [(task.lead_id, task.offer_no) for task in tasks]

    return SqsRetellings(sqs, url), taken


def test_what_is_due_can_be_taken(queue: tuple[Any, Taken]) -> None:
    retellings, taken = queue
    retellings.put(LEAD_ID, 2, timedelta())

    assert taken() == [(LEAD_ID, 2)]


@pytest.mark.parametrize("wait", [timedelta(seconds=0.4), timedelta(minutes=15), timedelta(hours=9)], ids=str)
def test_what_is_not_due_cannot(queue: tuple[Any, Taken], wait: timedelta) -> None:
    retellings, taken = queue
    retellings.put(LEAD_ID, 2, wait)

    assert taken() == []


def test_a_queue_that_cannot_be_reached_is_no_reason_to_think_that_it_was_put_there() -> None:
    class Refusing:
        def send_message(self, **_: Any) -> None:
            raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendMessage")

    with pytest.raises(StoreUnavailable):
        SqsRetellings(Refusing(), "url").put(LEAD_ID, 1, timedelta())
