"""From the event bus, through a queue: find whose webhooks are to hear of an event."""

from baton.bootstrap.telling import notify_subscribers
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import HeardTask


@queue
def handler(message: HeardTask) -> None:
    notify_subscribers()(message.detail)
