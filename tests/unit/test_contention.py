"""Fairness while many leads decide at the same moment, simulated in rounds: the same rush gives the same result."""

from collections import Counter, deque

import pytest

from baton.adapters.memory import MemoryLeads, MemoryLedger
from baton.domain.claims import claim
from baton.domain.decision import decide
from baton.domain.pool import Fairness
from baton.domain.situation import Situation
from tests.builders import MONDAY_9AM, SECOND, a_lead, a_plan, a_pool, a_rep, a_stage

MEMBERS, AT_ONCE = 20, 12
REPS = {rep.id: rep for rep in (a_rep(f"rep-{i:02}") for i in range(MEMBERS))}
KEYS = [("team", who) for who in REPS]
SLACK = 3
"""Leads off the exact share under contention."""


def rush(leads: int, catch_up: int) -> tuple[Counter[str], MemoryLedger]:
    """Who got how many of these leads, of which twelve always decide on standings that they read at one moment."""
    ledger, plan = MemoryLedger(), a_plan(a_stage(auto_accept=True))
    store, got = MemoryLeads(ledger), Counter(dict.fromkeys(REPS, 0))
    pools = {"team": a_pool(*REPS.values(), fairness=Fairness(catch_up=catch_up))}
    waiting = deque((a_lead(lead_id=f"{i:032x}"), 0) for i in range(leads))
    moment = MONDAY_9AM
    while waiting:
        moment += SECOND
        read = ledger.standings(KEYS, list(REPS))
        for lead, attempt in [waiting.popleft() for _ in range(min(AT_ONCE, len(waiting)))]:
            store.leads[lead.lead_id] = lead
            change = claim(
                lead, decide(Situation(lead, plan, pools, REPS, read, moment, attempt)), read, moment
            )
            if store.commit(change):
                got[change.lead.recipient_id or ""] += 1
            else:
                waiting.appendleft((lead, attempt + 1))
    return got, ledger


@pytest.mark.parametrize(
    "catch_up",
    [
        0,
        3,
    ],
)
def test_shares_hold_within_the_slack_however_long_the_rush_lasts(catch_up: int) -> None:
    """Invariant 5: under contention within a slack, and it never accumulates."""
    for leads in (200, 1600):
        got, _ = rush(leads, catch_up)
        assert max(abs(taken - leads / MEMBERS) for taken in got.values()) <= SLACK


def test_no_turn_is_lost_in_a_rush_where_members_may_catch_up() -> None:
    got, ledger = rush(400, catch_up=10)

    assert {turn.recipient_id: turn.turns for turn in ledger.turns.values()} == got
