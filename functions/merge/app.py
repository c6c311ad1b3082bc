"""Workflow step Merge: add a duplicate's new answers to the first lead of its person, and tell whoever has that."""

from baton.bootstrap.steps import merge_lead
from baton.entrypoints.tasks import LeadTask, MergeResult, task


@task
def handler(event: LeadTask) -> MergeResult:
    return MergeResult.of(merge_lead()(event.lead_id))
