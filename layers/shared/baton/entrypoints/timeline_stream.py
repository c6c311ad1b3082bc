"""What the Leads table's stream brings: events, as they were written."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from baton.adapters.items import from_item
from baton.domain.errors import StoreUnavailable
from baton.domain.timeline import Event
from baton.entrypoints.observability import follow, logger, problem_of


def timeline_stream(
    use_case: Callable[[], Callable[[Sequence[Event]], int]],
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Make a Lambda handler of what is to be done with events, which says how many of them, from the first, it did.

    Answers with the first record that was not dealt with (ReportBatchItemFailures): Lambda gives it and all after it
    again. Raises StoreUnavailable where that is the very first.
    """

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        follow("", context)
        records = event["Records"]
        done = use_case()(list(_readable(records)))
        if done == len(records):
            return {"batchItemFailures": []}
        logger.warning("events not published", records=len(records), done=done)
        if not done:
            raise StoreUnavailable
        number = records[done]["dynamodb"]["SequenceNumber"]
        return {"batchItemFailures": [{"itemIdentifier": number}]}

    return handler


def _readable(records: Iterable[dict[str, Any]]) -> Iterable[Event]:
    """The events up to the first that cannot be read: that one is retried, then goes to the dead letters by itself."""
    for record in records:
        try:
            yield Event.model_validate(from_item(record["dynamodb"]["NewImage"]))
        except ValidationError as error:
            logger.error("an event cannot be read", error=problem_of(error))
            return
