"""Caps of every window, in total, by pool and by campaign, and the pause between leads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from baton.domain.caps import Span, resets_at, window
from baton.domain.trace import Reason
from tests.builders import MINUTE, MONDAY_9AM, a_pool, a_rep, a_world
from tests.builders import a_member as member

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def takers(*reps: Any, leads: int, apart: timedelta = timedelta(0), **world: Any) -> list[str | None]:
    """Who gets so many leads, one after another, each assigned at once."""
    company = a_world(*reps, auto_accept=True, **world)
    owners = []
    for _ in range(leads):
        owners.append(company.leads.get(company.offers()).recipient_id)
        company.clock.forward(apart)
    return owners


@pytest.mark.parametrize(
    ("cap", "apart", "got"),
    [
        ("per_hour", 20 * MINUTE, ["ana", None, None, "ana", None, None, "ana", None]),
        ("per_day", 12 * HOUR, ["ana", None, "ana", None, "ana", None, "ana", None]),
        ("per_week", 2 * DAY, ["ana", None, None, None, "ana", None, None, "ana"]),
        ("per_month", 4 * DAY, ["ana", None, "ana", None, None, None, None, None]),
    ],
)
def test_a_cap_holds_in_its_window_and_is_free_again_in_the_next(
    cap: str, apart: timedelta, got: list[str | None]
) -> None:
    """From Monday 9:00 in New York on, November 23rd; the week begins on Monday, the month on December 1st."""
    assert takers(a_rep("ana", caps={cap: 1}), leads=8, apart=apart) == got


def test_a_cap_on_a_pool_counts_only_the_leads_of_that_pool() -> None:
    ana, ben = a_rep("ana"), a_rep("ben")
    pool = a_pool(member("ana", caps={"per_day": 1}), ben)

    assert takers(ana, ben, leads=3, documents=(pool,)) == ["ana", "ben", "ben"]


def test_a_cap_on_a_campaign_counts_only_the_leads_of_that_campaign() -> None:
    capped = a_rep("ana", campaign_caps={"solar": {"per_day": 1}, "roofs": {"per_day": 0}})

    assert takers(capped, leads=2) == ["ana", None]


def test_a_rep_gets_no_lead_before_the_pause_is_over() -> None:
    world = a_world(a_rep("ana", caps={"min_pause_s": 600}), auto_accept=True)
    world.offers()

    world.clock.forward(timedelta(seconds=599))
    early = world.offers()
    world.clock.forward(timedelta(seconds=1))

    assert world.leads.get(early).recipient_id is None
    assert world.leads.get(world.offers()).recipient_id == "ana"


def test_every_cap_that_is_reached_is_in_the_trace_with_when_it_resets() -> None:
    world = a_world(a_rep("ana", caps={"per_day": 1, "per_week": 1, "open_leads": 1}), auto_accept=True)
    world.offers()
    event = world.leads.timeline(world.offers())[-1]

    assert event.trace
    found = event.trace.stages[0].candidates[0]
    assert found.reason is Reason.DAILY_CAP_REACHED
    assert found.facts == {"used": 1, "cap": 1, "resets": "00:00 America/New_York"}
    also = {verdict.reason: verdict.facts for verdict in found.also}
    assert also[Reason.WEEKLY_CAP_REACHED]["resets"] == "Mon 30 Nov 00:00 America/New_York"
    assert also[Reason.OPEN_LEADS_FULL] == {"open": 1, "cap": 1}


def test_the_hour_that_a_clock_change_repeats_is_two_windows() -> None:
    first, second = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6))

    assert window(Span.HOUR, first, "America/New_York") != window(Span.HOUR, second, "America/New_York")
    assert window(Span.DAY, first, "America/New_York") == window(Span.DAY, second, "America/New_York")
    over = resets_at(Span.HOUR, first, "America/New_York")
    assert over.astimezone(UTC) == datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "at", "resets"),
    [
        (Span.DAY, datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        (Span.DAY, datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (Span.WEEK, MONDAY_9AM, datetime(2026, 11, 30, 5, tzinfo=UTC)),
        (Span.MONTH, MONDAY_9AM, datetime(2026, 12, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_window_ends_at_midnight_on_the_reps_own_clock(span: Span, at: datetime, resets: datetime) -> None:
    """The day of a clock change has 25 or 23 hours."""
    assert resets_at(span, at, "America/New_York") == resets
    assert window(span, resets - MINUTE, "America/New_York") == window(span, at, "America/New_York")
    assert window(span, resets, "America/New_York") != window(span, at, "America/New_York")
