"""From a queue: send one event to one subscriber, when its time and turn have come."""

from baton.bootstrap.telling import send_event
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import DeliveryTask


@queue
def handler(message: DeliveryTask) -> None:
    send_event()(message.subscription_id, message.delivery_id)
