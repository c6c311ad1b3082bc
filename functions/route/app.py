"""Workflow step Route: decide who gets a lead and claim it."""

from baton.bootstrap.steps import route_lead
from baton.entrypoints.tasks import LeadTask, RouteResult, task


@task
def handler(event: LeadTask) -> RouteResult:
    return RouteResult.of(route_lead()(event.lead_id))
