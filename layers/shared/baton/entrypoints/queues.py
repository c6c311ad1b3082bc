"""Handlers of queues: each message for itself, and those that failed go back to the queue."""

import json
from collections.abc import Callable
from typing import Any, get_type_hints

from pydantic import BaseModel

from baton.domain.errors import BatonError
from baton.entrypoints.observability import follow, logger, places_of, problem_of


def queue[M: BaseModel](step: Callable[[M], None]) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Make a Lambda handler of what is to be done with one message, read by the step's own type.

    Answers SQS with the messages that failed (ReportBatchItemFailures): it gives only these again, and moves one that
    keeps failing to the dead letters.
    """
    expected = next(iter(get_type_hints(step).values()))

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        follow("", context)
        failed = [record["messageId"] for record in event["Records"] if not _done(record)]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    def _done(record: dict[str, Any]) -> bool:
        try:
            step(expected.model_validate(json.loads(record["body"])))
        except BatonError as error:
            logger.warning("message failed", error=problem_of(error))
            return False
        except Exception as error:  # one message must not take the others of its batch with it
            logger.error("message failed unexpectedly", error=problem_of(error), at=places_of(error))
            return False
        return True

    return handler
