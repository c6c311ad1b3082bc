"""Leads that people send who have signed in: files of them, whose parts come from a queue, and test leads."""

from typing import Any

from baton.bootstrap.intake import accept_lead, import_leads, load_leads, preview_leads
from baton.entrypoints.console.imports import imports_api
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import PartTask

api = imports_api(preview_leads, import_leads, accept_lead)


@queue
def load(message: PartTask) -> None:
    load_leads()(message.import_id, message.part)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return load(event, context) if "Records" in event else api(event, context)
