"""Working time: when somebody will have worked for so long, by their schedule and on their clock."""

from datetime import UTC, datetime, timedelta
from typing import Final

from baton.domain.schedule import Schedule

MAX_STRETCHES: Final = 500
"""Working hours looked through, one after another, before the rest is counted by the clock."""


def worked_until(schedule: Schedule, zone_name: str, start: datetime, wanted: timedelta) -> datetime:
    """The moment, in UTC, at which somebody has worked for `wanted` since `start`.

    Whoever never works again is waited for by the clock.
    """
    at, left = start.astimezone(UTC), wanted
    if schedule.is_unlimited:
        return at + wanted
    for _ in range(MAX_STRETCHES):
        opening = schedule.next_opening(at, zone_name)
        if opening is None:
            break
        at = opening.astimezone(UTC)
        closing = schedule.next_closing(at, zone_name)
        if closing is None or at + left <= closing:
            break
        left -= closing - at
        at = closing
    return at + left
