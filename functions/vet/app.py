"""Workflow step Vet: ask outside about a lead, and hold it where what is heard is suspicious."""

from baton.bootstrap.steps import vet_lead
from baton.entrypoints.tasks import LeadTask, VetResult, task


@task
def handler(event: LeadTask) -> VetResult:
    return VetResult.of(vet_lead()(event.lead_id))
