"""A subscriber to the event bus: a rule of its own, and a queue behind it, as another team would have them."""

import json
import time
from typing import Any, Final

from tests.e2e.stack import PATIENCE_S, POLL_S, Stack

POLICY: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
}


class Listener:
    """Hears everything that a pattern lets through."""

    def __init__(self, stack: Stack, name: str, pattern: dict[str, Any]) -> None:
        self._sqs, events, bus = stack.client("sqs"), stack.client("events"), stack.outputs["EventBus"]
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        arn = found["Attributes"]["QueueArn"]
        policy = {"Version": "2012-10-17", "Statement": [{**POLICY, "Resource": arn}]}
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": json.dumps(policy)})
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
        self.heard: list[dict[str, Any]] = []

    def details_of(self, lead_id: str, until_kind: str) -> list[dict[str, Any]]:
        """What was heard of a lead, in the order of its events, once one of that kind is among it."""
        end = time.monotonic() + PATIENCE_S
        while not any(one["detail"]["kind"] == until_kind for one in self._of(lead_id)):
            assert time.monotonic() < end, f"{until_kind} of {lead_id} was not heard"
            self._listen()
            time.sleep(POLL_S)
        found = {one["detail"]["seq"]: one["detail"] for one in self._of(lead_id)}
        return [found[seq] for seq in sorted(found)]

    def _of(self, lead_id: str) -> list[dict[str, Any]]:
        return [one for one in self.heard if one["detail"]["lead_id"] == lead_id]

    def _listen(self) -> None:
        for message in self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            self.heard.append(json.loads(message["Body"]))
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
