"""Workflow step Score: rate a lead and say whether it qualifies."""

from baton.bootstrap.steps import score_lead
from baton.entrypoints.tasks import LeadTask, ScoreResult, task


@task
def handler(event: LeadTask) -> ScoreResult:
    return ScoreResult.of(score_lead()(event.lead_id))
