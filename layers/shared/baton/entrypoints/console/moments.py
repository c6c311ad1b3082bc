"""Moments that callers name: with a UTC offset, and within the times that calendars and clocks know about."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, Field

FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST), AfterValidator(lambda at: at.astimezone(UTC))]
"""In UTC, whatever the caller's offset is."""
