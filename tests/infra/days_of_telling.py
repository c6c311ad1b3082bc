"""What the world hears of leads: by the bus, and by a subscriber's webhook that fails, answers, and wants no more."""

import json
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.announcement import Announcement
from baton.domain.event_delivery import delivery_id
from baton.domain.subscription import Subscription
from tests.infra.recorder import Recorder, sample
from tests.subscriber import Subscriber

SECRET: Final = json.loads(sample("account/store_subscription_secret")["body"])["value"]
SAMPLE_DELIVERY: Final = sample("resend/replay_delivery")["pathParameters"]["delivery_id"]


def live_with_listeners(recorder: Recorder, leads: DynamoLeads, lead_id: str) -> None:
    """Everything, one after another."""
    assert recorder.invoke("publish", sample("publish/events")) == {"batchItemFailures": []}
    heard = [Announcement.of(event) for event in leads.timeline(lead_id)[:3]]
    with Subscriber(SECRET) as subscriber:
        configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
        configuration.put(Subscription(id="crm", name="CRM", url=subscriber.url, personal_data=True))
        request = sample("account/store_subscription_secret")
        assert recorder.invoke("account", request)["statusCode"] == 204
        for one in heard:
            hear(recorder, one)
        subscriber.faults += [(500, {}), (204, {}), (410, {})]
        send(recorder, heard[0])
        assert resend(recorder, "replay_delivery", 202, heard[0])["state"] == "pending"
        for one in heard:
            send(recorder, one)
        assert resend(recorder, "try_subscription", 200)["delivered"]
        listed = resend(recorder, "list_deliveries", 200)["items"]
        assert [(one["state"], one["trouble"]) for one in listed] == [
            ("dead", "inactive"),
            ("dead", "gone"),
        ]
    assert not configuration.get(Subscription, "crm").active


def hear(recorder: Recorder, announcement: Announcement) -> None:
    """An event comes from the bus."""
    event = sample("notify/event")
    body = {**json.loads(event["Records"][0]["body"]), "detail": announcement.model_dump(mode="json")}
    event["Records"][0]["body"] = json.dumps(body)
    assert recorder.invoke("notify", event) == {"batchItemFailures": []}


def send(recorder: Recorder, announcement: Announcement) -> None:
    """An event's delivery comes from the queue."""
    event = json.loads(json.dumps(sample("send/due")).replace(SAMPLE_DELIVERY, delivery_id(announcement)))
    assert recorder.invoke("send", event) == {"batchItemFailures": []}


def resend(
    recorder: Recorder, case: str, status: int, announcement: Announcement | None = None
) -> dict[str, Any]:
    """An admin looks, or sends again."""
    text = json.dumps(sample(f"resend/{case}"))
    if announcement:
        text = text.replace(SAMPLE_DELIVERY, delivery_id(announcement))
    answer = recorder.invoke("resend", json.loads(text))
    assert answer["statusCode"] == status, answer
    return dict(json.loads(answer["body"]))
