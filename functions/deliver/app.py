"""Workflow step Deliver: post a lead to the buyer that is to have it."""

from baton.bootstrap.steps import deliver_lead
from baton.entrypoints.tasks import DeliverResult, LeadTask, task


@task
def handler(event: LeadTask) -> DeliverResult:
    return DeliverResult.of(deliver_lead()(event.lead_id))
