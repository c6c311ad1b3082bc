"""Fairness while many leads decide at the same moment, simulated in rounds: the same rush gives the same result."""

from collections import Counter, deque
from datetime import timedelta
from heapq import heappop, heappush
from random import Random

import pytest

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.change import Change
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


@pytest.mark.parametrize("seed", [110, 148, 399])
def test_whoever_is_passed_over_in_one_rush_gets_it_back_in_the_leads_after_it(seed: int) -> None:
    """64 leads at once, whose claims take from no time to six seconds; then four each, one after another.

    Rushes of these seeds keep a rep from six turns and more: as long as that counted as absence, they were gone.
    """
    rush = Rush(seed, members=10)
    rush.all_at_once(64)
    for _ in range(4 * 10):
        rush.all_at_once(1)

    share = sum(rush.got.values()) / 10
    assert all(abs(taken - share) < 1 for taken in rush.got.values()), rush.got


class Rush:
    """Leads that reach one pool, each reading, deciding and writing in its own time, by a seeded clock."""

    def __init__(self, seed: int, members: int) -> None:
        names = [f"rep-{n:02}" for n in range(members)]
        self.got: Counter[str] = Counter(dict.fromkeys(names, 0))
        self._chance, self._now_s, self._made = Random(seed), 0.0, 0
        self._ledger = MemoryLedger()
        self._store = MemoryLeads(self._ledger)

    def all_at_once(self, count: int) -> None:
        """Leads that come in the same moment, each followed to its end."""
        agenda: list[tuple[float, str, int, Change | None]] = []
        for _ in range(count):
            lead = a_lead(lead_id=f"{self._chance.getrandbits(120):032x}")
            self._store.leads[lead.lead_id] = lead
            heappush(agenda, (self._now_s, lead.lead_id, 0, None))
        while agenda:
            self._now_s, lead_id, attempt, change = heappop(agenda)
            if change is None:
                takes_s = min(6.0, self._chance.lognormvariate(0, 0.8))
                heappush(agenda, (self._now_s + takes_s, lead_id, attempt, self._decided(lead_id, attempt)))
            elif self._store.commit(change):
                self.got[change.lead.recipient_id or ""] += 1
            else:
                heappush(agenda, (self._now_s, lead_id, attempt + 1, None))
        self._now_s += 1

    def _decided(self, lead_id: str, attempt: int) -> Change:
        moment = MONDAY_9AM + timedelta(seconds=self._now_s)
        read = self._ledger.standings([("team", who) for who in self.got], list(self.got))
        plan, pools = a_plan(a_stage(auto_accept=True)), {"team": a_pool(*(REPS[who] for who in self.got))}
        lead = self._store.leads[lead_id]
        return claim(lead, decide(Situation(lead, plan, pools, REPS, read, moment, attempt)), read, moment)
