"""From a queue: fetch leads that platforms told of. Every quarter of an hour: look for those that they did not."""

from typing import Any

from baton.bootstrap.intake import fetch_leads, look_for_missed
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import LookResult, LookTask, NoticeTask, task


@queue
def fetch(message: NoticeTask) -> None:
    fetch_leads()(message.source_id, message.platform, message.ref)


@task
def look(_: LookTask) -> LookResult:
    new, failed = look_for_missed()()
    return LookResult(new=new, failed=failed)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return (fetch if "Records" in event else look)(event, context)
