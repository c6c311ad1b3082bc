"""Workflow step Attend: do what is due about a lead that a rep has and has not contacted."""

from baton.bootstrap.steps import attend_lead
from baton.entrypoints.tasks import AttendResult, AttendTask, task


@task
def handler(event: AttendTask) -> AttendResult:
    return AttendResult.of(attend_lead()(event.lead_id, event.offer_no))
