"""Caps: how many leads somebody may get, and the windows of time in which they are counted."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final

from pydantic import Field

from baton.domain.documents import Document
from baton.domain.zones import zone

Limit = Annotated[int, Field(ge=0, le=1_000_000)] | None
"""Leads; None: no limit."""


class Span(StrEnum):
    """The kinds of window, as the recipient's own calendar and clock show them. A week begins on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class WindowCaps(Document):
    """How many leads in each window of time. A lead that is given back no longer counts in the window it came from."""

    per_hour: Limit = None
    per_day: Limit = None
    per_week: Limit = None
    per_month: Limit = None

    @property
    def limits(self) -> tuple[tuple[Span, int], ...]:
        """The caps that are set, the shortest window first."""
        every = zip(Span, (self.per_hour, self.per_day, self.per_week, self.per_month), strict=True)
        return tuple((span, limit) for span, limit in every if limit is not None)


class Caps(WindowCaps):
    """All that limits how many leads a recipient may get in total."""

    open_leads: Limit = None
    """Leads that the recipient has, or has been offered, and that are not finished."""
    min_pause_s: Annotated[int, Field(ge=0, le=7 * 24 * 3600)] = 0
    """Least time between two leads, in seconds, counted from when the earlier one was offered."""


_ENTRY: Final = {Span.HOUR: "%Y-%m-%dT%H", Span.DAY: "%Y-%m-%d", Span.WEEK: "%G-W%V", Span.MONTH: "%Y-%m"}


@lru_cache(maxsize=1024)
def window(span: Span, now: datetime, zone_name: str) -> str:
    """The key of the window that `now` falls in, such as `day:2026-11-23`.

    The hour that a clock change repeats is two windows: its key carries the offset from UTC.
    """
    local = now.astimezone(zone(zone_name))
    offset = local.strftime("%z") if span is Span.HOUR else ""
    return f"{span}:{local.strftime(_ENTRY[span])}{offset}"


def pool_scope(pool_id: str) -> str:
    """The scope of caps that hold in one pool."""
    return f"pool/{pool_id}/"


def campaign_scope(campaign_id: str) -> str:
    """The scope of caps that hold for one campaign."""
    return f"campaign/{campaign_id}/"


def resets_at(span: Span, now: datetime, zone_name: str) -> datetime:
    """When the window that `now` falls in is over, on the recipient's clock."""
    local = now.astimezone(zone(zone_name))
    if span is Span.HOUR:
        # In UTC: an hour is an hour, also on the days of a clock change.
        rest = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (now.astimezone(UTC) - rest + timedelta(hours=1)).astimezone(zone(zone_name))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if span is Span.DAY:
        return day + timedelta(days=1)
    if span is Span.WEEK:
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def resets_words(span: Span, now: datetime, zone_name: str) -> str:
    """When the window is over, for a person: `00:00 America/Chicago`."""
    at = resets_at(span, now, zone_name)
    return f"{at:%H:%M} {zone_name}" if span in (Span.HOUR, Span.DAY) else f"{at:%a %d %b %H:%M} {zone_name}"
