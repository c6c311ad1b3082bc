"""From the event bus, through a queue: a rep has got a lead or lost it, and the workflow that sees to it starts."""

from baton.bootstrap.steps import watch_lead
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import EntrustedTask


@queue
def handler(message: EntrustedTask) -> None:
    detail = message.detail
    watch_lead()(detail.lead_id, detail.facts.offer, detail.taken_back_at)
