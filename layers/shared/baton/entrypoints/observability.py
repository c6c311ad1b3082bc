"""Logs that can be followed: JSON lines, the lead's id as correlation id, never a person's data."""

import traceback
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools import Logger
from pydantic import ValidationError

logger: Final = Logger(service="baton", use_rfc3339=True)


def follow(lead_id: str, context: Any) -> None:
    """Let every further log line of this invocation carry the lead's id and the request's."""
    logger.set_correlation_id(lead_id)
    logger.append_keys(request_id=getattr(context, "aws_request_id", None))


def problem_of(error: Exception) -> str:
    """What may be logged of an error: its type, and for rejected data only where it was wrong, never what it was."""
    if isinstance(error, ValidationError):
        places = {".".join(str(part) for part in found["loc"]) for found in error.errors(include_input=False)}
        return f"ValidationError at {', '.join(sorted(places))}"
    return type(error).__name__


def places_of(error: Exception) -> list[str]:
    """Where an error was raised, innermost last: file, line and function, without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
