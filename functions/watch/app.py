"""From the event bus, through a queue: a rep has got a lead, and the workflow that sees to it is started."""

from baton.bootstrap.steps import watch_lead
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import EntrustedTask


@queue
def handler(message: EntrustedTask) -> None:
    watch_lead()(message.detail.lead_id, message.detail.facts.offer)
