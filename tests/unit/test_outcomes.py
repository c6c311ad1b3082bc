"""What became of a lead is the same in whatever order it is told, and however often; nothing that is told is lost."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.domain.lead import LeadState
from baton.domain.outcome import Outcome, Report
from baton.domain.timeline import EventKind
from tests.builders import MINUTE, MONDAY_9AM, World, a_campaign, a_rep, a_world

FACTS = (
    "state",
    "contacted_at",
    "conclusion",
    "concluded_at",
    "value_cents",
    "value_currency",
    "lost_reason",
    "learned",
    "recipient_id",
)
LEARNS = a_campaign(scoring={"learned": {"mode": "shadow", "min_outcomes": 20}})


def a_report(outcome: str, minute: int | None = None, **facts: Any) -> Report:
    """A report of something that happened so many minutes after nine."""
    at = None if minute is None else MONDAY_9AM + minute * MINUTE
    return Report(outcome=Outcome(outcome), at=at, **facts)


def taken() -> tuple[World, str]:
    """A world in which ana has a lead since an hour, and its id."""
    world = a_world(a_rep("ana"), auto_accept=True)
    world.configure(LEARNS)
    lead_id = world.offers()
    world.clock.forward(60 * MINUTE)
    return world, lead_id


def told(*reports: Report) -> tuple[World, str]:
    """The same after these reports, a minute apart."""
    world, lead_id = taken()
    for report in reports:
        world.conclude(lead_id, report, "crm")
        world.clock.forward(MINUTE)
    return world, lead_id


def known(world: World, lead_id: str) -> dict[str, Any]:
    """What is known of the lead, its rep's capacity and turns, and what its campaign has learned."""
    lead = world.leads.get(lead_id)
    turn = world.ledger.standings([("team", "ana")], []).turn("team", "ana")
    counts = (
        world.usage("ana").open_leads,
        sum(turn.converted.values()),
        sum(turn.taken.values()),
        turn.turns,
    )
    return {**{name: getattr(lead, name) for name in FACTS}, "counts": counts}


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report that says when."""
    outcome = draw(st.sampled_from(Outcome))
    facts: dict[str, Any] = {"outcome": outcome, "at": MONDAY_9AM + draw(st.integers(0, 4)) * MINUTE}
    if outcome is Outcome.CONVERTED and draw(st.booleans()):
        facts |= {
            "value_cents": draw(st.integers(0, 3)),
            "currency": draw(st.sampled_from([None, "EUR", "USD"])),
        }
    if outcome in {Outcome.LOST, Outcome.RETURNED}:
        facts["reason"] = draw(st.sampled_from([None, "price", "moved away"]))
    said = Report(**facts)
    # An id for what it says: two different ones are never one, as with a sender that counts.
    return said.model_copy(update={"id": f"{abs(hash(repr(said)))}"})


@given(st.lists(reports(), min_size=1, max_size=6), st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_and_any_repetitions_tell_the_same(first: list[Report], data: st.DataObject) -> None:
    """Invariant 8."""
    shuffled = data.draw(st.permutations(first))
    again = data.draw(st.lists(st.sampled_from(first), max_size=4))

    one, other = told(*first), told(*again, *shuffled)

    assert known(*one) == known(*other)


@given(st.lists(reports(), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_every_report_is_in_the_timeline_once(said: list[Report]) -> None:
    world, lead_id = taken()
    before = len(world.leads.timeline(lead_id))
    for report in [*said, *said]:
        world.conclude(lead_id, report, "crm")

    timeline = world.leads.timeline(lead_id)
    assert len(timeline) - before == len({report.id for report in said})
    assert [event.seq for event in timeline] == list(range(1, len(timeline) + 1))


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([("contacted", 1)], "contacted"),
        ([("contacted", 9), ("converted", 1)], "converted"),
        ([("converted", 1), ("lost", 2)], "lost"),
        ([("converted", 2), ("lost", 1)], "converted"),
        ([("converted", 2), ("lost", 2)], "converted"),
        ([("lost", 1), ("contacted", 2)], "lost"),
        ([("returned", 1), ("converted", 2)], "returned"),
    ],
)
def test_which_outcome_counts(said: list[tuple[str, int]], state: str) -> None:
    for order in permutations(said):
        world, lead_id = told(*(a_report(*one) for one in order))

        assert world.leads.get(lead_id).state == state


def test_the_first_contact_is_the_earliest_whichever_is_told_first() -> None:
    world, lead_id = told(a_report("contacted", 9), a_report("contacted", 3), a_report("contacted", 5))

    assert world.leads.get(lead_id).contacted_at == MONDAY_9AM + 3 * MINUTE


def test_a_late_contact_of_a_converted_lead_is_remembered_and_leaves_its_state() -> None:
    world, lead_id = told(a_report("converted", 9, value_cents=500), a_report("contacted", 3))
    lead = world.leads.get(lead_id)

    assert (lead.state, lead.value_cents) == (LeadState.CONVERTED, 500)
    assert lead.contacted_at == MONDAY_9AM + 3 * MINUTE


def test_a_lead_that_was_won_and_lost_after_all_is_one_conversion_fewer_and_teaches_that_it_was_lost() -> (
    None
):
    world, lead_id = told(a_report("converted", 1), a_report("lost", 2, reason="cancelled"))
    lead = world.leads.get(lead_id)

    assert (lead.state, lead.learned, lead.lost_reason, lead.value_cents) == (
        "lost",
        False,
        "cancelled",
        None,
    )
    assert known(world, lead_id)["counts"][:2] == (0, 0)


def test_what_somebody_says_counts_more_than_that_a_lead_lapsed() -> None:
    world, lead_id = taken()
    world.conclude.lapsed(lead_id)
    assert world.leads.get(lead_id).state is LeadState.LOST

    world.conclude(lead_id, a_report("converted", 1), "crm")

    assert world.leads.get(lead_id).state is LeadState.CONVERTED


def test_a_lead_that_is_won_does_not_lapse() -> None:
    world, lead_id = told(a_report("converted", 1))

    assert world.conclude.lapsed(lead_id).state is LeadState.CONVERTED


def test_reports_without_a_moment_tell_what_is_new_and_nothing_twice() -> None:
    world, lead_id = told(
        a_report("contacted"),
        a_report("contacted"),
        a_report("converted"),
        a_report("converted"),
        a_report("contacted"),
        a_report("converted", value_cents=900),
        a_report("converted", value_cents=900),
    )

    assert world.leads.get(lead_id).value_cents == 900
    assert world.kinds(lead_id)[-3:] == [
        EventKind.LEAD_CONTACTED,
        EventKind.LEAD_CONVERTED,
        EventKind.LEAD_CONVERTED,
    ]


def test_the_clock_of_a_sender_may_be_a_little_ahead() -> None:
    world, lead_id = taken()
    ahead = world.clock.at + timedelta(minutes=4)

    lead = world.conclude(lead_id, Report(outcome=Outcome.CONTACTED, at=ahead), "crm")

    assert lead.contacted_at == ahead
