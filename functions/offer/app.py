"""Workflow steps Offer and Notify: tell a recipient of a lead, and remember who waits for the answer."""

from baton.bootstrap.telling_reps import offer_lead
from baton.entrypoints.tasks import Done, OfferTask, task


@task
def handler(event: OfferTask) -> Done:
    offer_lead()(event.lead_id, event.offer_no, event.task_token, last=event.is_last)
    return Done()
