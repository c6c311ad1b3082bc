"""Every day, and for POST /v1/pools/{pool_id}/weights: weigh members by what they make of their leads."""

from typing import Any

from baton.bootstrap.console import reweigh_pools
from baton.entrypoints.console.weights import weights_api
from baton.entrypoints.tasks import ReweighResult, ReweighTask, task

one_pool = weights_api(reweigh_pools)


@task
def every_pool(_: ReweighTask) -> ReweighResult:
    return ReweighResult.of(reweigh_pools()())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return (one_pool if "httpMethod" in event else every_pool)(event, context)
