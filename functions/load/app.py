"""Imports of leads: /v1/sources/{source_id}/imports and /v1/imports; and, from their queue, the parts to be loaded."""

from typing import Any

from baton.bootstrap.intake import import_leads, load_leads, preview_leads
from baton.entrypoints.console.imports import imports_api
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import PartTask

api = imports_api(preview_leads, import_leads)


@queue
def load(message: PartTask) -> None:
    load_leads()(message.import_id, message.part)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return load(event, context) if "Records" in event else api(event, context)
