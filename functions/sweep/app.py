"""Every minute: get leads going that should be moving. For the workflow: park a lead that cannot go on."""

from typing import Any

from baton.bootstrap.steps import park_lead, sweep_leads
from baton.entrypoints.tasks import Done, ParkTask, SweepResult, SweepTask, task


@task
def park(event: ParkTask) -> Done:
    park_lead()(event.lead_id, event.step, event.error)
    return Done()


@task
def sweep(_: SweepTask) -> SweepResult:
    return SweepResult.of(sweep_leads()())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return (park if "lead_id" in event else sweep)(event, context)
