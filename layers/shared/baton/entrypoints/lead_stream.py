"""What the Leads table's stream brings of leads themselves: each as it is after every change."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from baton.adapters.dynamo_leads import SAME_AS
from baton.adapters.items import from_item
from baton.application.count_leads import CountEvery
from baton.domain.errors import BatonError
from baton.domain.lead import Lead
from baton.entrypoints.observability import follow, logger, problem_of


def lead_stream(use_case: Callable[[], CountEvery]) -> Callable[[dict[str, Any], Any], None]:
    """Make a Lambda handler of what is to be done with leads that have changed.

    One that cannot be read is set aside by its id. Raises StoreUnavailable: Lambda then gives the whole batch again.
    """

    def handler(event: dict[str, Any], context: Any) -> None:
        follow("", context)
        unreadable: list[str] = []
        leads = list(_leads(event["Records"], unreadable))
        done = use_case()(leads, unreadable)
        logger.info("leads counted", records=len(event["Records"]), changed=done.changed, failed=done.failed)

    return handler


def _leads(records: Iterable[dict[str, Any]], unreadable: list[str]) -> Iterable[Lead]:
    """The leads; ids of those that cannot be read go to `unreadable`. Other names of leads are none."""
    for record in records:
        row = record["dynamodb"].get("NewImage")
        if row is None or SAME_AS in row:
            continue
        try:
            yield Lead.model_validate(from_item(row))
        except (ValidationError, BatonError, ValueError) as error:
            logger.error("a lead cannot be read", error=problem_of(error))
            unreadable.append(record["dynamodb"]["Keys"]["lead_id"]["S"])
