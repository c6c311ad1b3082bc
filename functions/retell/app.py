"""From a queue: tell a rep of a lead by the next channel, when a mail came back or quiet hours are over."""

from baton.bootstrap.telling_reps import retell_offer
from baton.entrypoints.queues import queue
from baton.entrypoints.retelling import RetellTask


@queue
def handler(message: RetellTask) -> None:
    retell_offer()(message.lead_id, message.offer_no, message.came_back)
