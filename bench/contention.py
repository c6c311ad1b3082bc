"""Contention: what becomes of leads that reach one pool at the same moment, simulated with the real decision code.

A heap of events stands for the world; nothing sleeps and everything is seeded, so each run gives the same figures.
Leads arrive as a Poisson process, each as in application/route_lead.py: it reads the standings (READ_MS; it sees what
is stored as the read ends), decides, and begins a transaction that is decided TRANSACTION_MS later. Then the in-memory
store compares revisions and writes, or the lead reads again. Who loses MAX_ATTEMPTS times waits as long as the
workflow's own retry of the route step says, and starts over; when those are used up as well, the lead is parked.

TransactionConflict, as DynamoDB answers it: a transaction holds its rows, the member's turn and the recipient's
usage, from its beginning to its end, whether it will succeed or not. One that finds a row held is cancelled at its
own end; until then it holds those of its rows that were free.
"""

import json
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, Final

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.route_lead import MAX_ATTEMPTS
from baton.domain.change import Change
from baton.domain.claims import claim
from baton.domain.decision import decide
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.situation import Situation
from bench.table import Row

READ_MS: Final = 5.0
"""How long the reads of an attempt take."""
TRANSACTION_MS: Final = 10.0
"""How long a transaction takes, whether it succeeds or not."""
MEMBERS: Final = 50
RUNS: Final = {50: 40, 100: 40, 300: 10, 900: 5}
"""Leads a second, and for how many seconds; each lead is followed to its end, however long that takes."""
SEED: Final = 3
BEGIN: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WORKFLOW: Final = Path(__file__).parents[1] / "infra" / "lead_workflow.asl.json"

POOL: Final = Pool(
    id="pool", name="pool", members=tuple(Member(recipient_id=f"rep-{n:02d}") for n in range(MEMBERS))
)
PLAN: Final = Plan(id="plan", version=1, stages=(Stage(name="all", pool_id="pool", auto_accept=True),))
REPS: Final = [member.recipient_id for member in POOL.members]
RECIPIENTS: Final = {who: Recipient(id=who, name=who, phone="+12025550100", zone="UTC") for who in REPS}
PLACES: Final = [(POOL.id, who) for who in REPS]

type Held = tuple[str, str]
"""A row that a transaction holds: what it is, and whose."""
type Waits = Generator[float, None, bool]
"""Something that takes time: yields the milliseconds until it wants to go on, returns whether it came through."""
POOL_ROW: Final[Held] = ("pool", POOL.id)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way of claiming. Baton's is the one without differences."""

    name: str
    spread: bool = True
    """Whether a retry spreads; if not, the decision is never told of the races that were lost."""
    one_row: bool = False
    """Whether the turns of all members are in one row that every claim writes."""


VARIANTS: Final = (
    Variant("Baton"),
    Variant("no spread on retry", spread=False),
    Variant("one row per pool", one_row=True),
)


def measure() -> list[Row]:
    """A row per rate and variant, the variants of a rate beside one another."""
    return [World(variant, rate, seconds).run() for rate, seconds in RUNS.items() for variant in VARIANTS]


class World:
    """One pool, the leads that come to it, and the clock."""

    def __init__(self, variant: Variant, rate: int, seconds: int) -> None:
        self.now_ms = 0.0
        self._variant = variant
        self._rate = rate
        self._seconds = seconds
        self._chance = Random(SEED)
        self._backoffs_s = backoffs_s()
        self._ledger = MemoryLedger()
        self._leads = MemoryLeads(self._ledger)
        self._held: set[Held] = set()
        self._sure: set[Held] = {POOL_ROW} if variant.one_row else set()
        """Rows that whoever decides now is sure to want: while one is held, nothing need be computed."""
        self._attempts = 0
        self._retried = 0
        self._took_ms: list[float] = []
        self._in_time = 0
        self._given: Counter[str] = Counter()
        self._most_off = 0.0

    def run(self) -> Row:
        """Let leads arrive and follow each to its end."""
        order = count()
        agenda: list[tuple[float, int, Waits]] = []
        at_ms = 0.0
        while (at_ms := at_ms + self._chance.expovariate(self._rate) * 1000) < self._seconds * 1000:
            no = next(order)
            heappush(agenda, (at_ms, no, self._route(f"{no:032x}", at_ms)))
        arrived = len(agenda)
        while agenda:
            self.now_ms, _, waits = heappop(agenda)
            for wait_ms in waits:
                heappush(agenda, (self.now_ms + wait_ms, next(order), waits))
                break
        return self._row(arrived)

    def _route(self, lead_id: str, arrived_ms: float) -> Waits:
        """The route step of a lead's workflow, with the retries of both."""
        self._leads.leads[lead_id] = scored_lead(lead_id)
        for backoff_s in (*self._backoffs_s, None):
            for attempt in range(MAX_ATTEMPTS):
                self._attempts += 1
                if (yield from self._attempt(lead_id, attempt)):
                    self._took_ms.append(self.now_ms - arrived_ms)
                    self._in_time += self.now_ms < self._seconds * 1000
                    return True
            if backoff_s is not None:
                self._retried += 1
                yield self._chance.uniform(0, backoff_s) * 1000
        return False

    def _attempt(self, lead_id: str, attempt: int) -> Waits:
        """Read, decide, and try to write."""
        yield READ_MS
        if self._sure & self._held:
            yield TRANSACTION_MS
            return False
        change = self._decided(lead_id, attempt if self._variant.spread else 0)
        rows = self._rows(change)
        if not self._variant.spread:
            self._sure = rows  # all who see these standings decide alike
        free = rows - self._held
        self._held |= free
        yield TRANSACTION_MS
        self._held -= free
        return free == rows and self._committed(change)

    def _decided(self, lead_id: str, attempt: int) -> Change:
        lead, now = self._leads.get(lead_id), BEGIN + timedelta(milliseconds=self.now_ms)
        standings = self._ledger.standings(PLACES, REPS)
        situation = Situation(lead, PLAN, {POOL.id: POOL}, RECIPIENTS, standings, now, attempt)
        return claim(lead, decide(situation), standings, now)

    def _rows(self, change: Change) -> set[Held]:
        """The rows of a claim that others may want as well."""
        assert change.turn
        assert change.usage
        mine = {("turn", change.turn.recipient_id), ("usage", change.usage.recipient_id)}
        return mine | {POOL_ROW} if self._variant.one_row else mine

    def _committed(self, change: Change) -> bool:
        if not self._leads.commit(change):
            return False
        # Past offers and events are never read here, and their traces would fill the memory.
        self._leads.offers.clear()
        self._leads.events.clear()
        if not self._variant.spread:
            self._sure = set()
        assert change.turn
        self._given[change.turn.recipient_id] += 1
        share = self._given.total() / MEMBERS
        counts = [self._given[who] for who in REPS]
        self._most_off = max(self._most_off, share - min(counts), max(counts) - share)
        return True

    def _row(self, arrived: int) -> Row:
        claims = len(self._took_ms)
        share = claims / MEMBERS
        percentiles = quantiles(self._took_ms, n=100)
        return {
            "leads/s": f"{self._rate}",
            "variant": self._variant.name,
            "claims/s": round(self._in_time / self._seconds),
            "got through": f"{claims / arrived:.1%}",
            "attempts/claim": self._attempts / claims,
            "p50 ms": round(percentiles[49]),
            "p99 ms": round(percentiles[98]),
            "workflow retries": self._retried,
            "most leads off": self._most_off,
            "off at the end": max(abs(self._given[who] - share) for who in REPS),
        }


def backoffs_s() -> list[float]:
    """Longest wait before each retry of the route step, in seconds; a wait is anything up to it (full jitter)."""
    retries: list[dict[str, Any]] = json.loads(WORKFLOW.read_text())["States"]["Route"]["Retry"]
    retry = next(retry for retry in retries if "ClaimContention" in retry["ErrorEquals"])
    assert retry["JitterStrategy"] == "FULL"
    first, rate, most = retry["IntervalSeconds"], retry["BackoffRate"], retry["MaxDelaySeconds"]
    return [min(first * rate**n, most) for n in range(retry["MaxAttempts"])]


def scored_lead(lead_id: str) -> Lead:
    """A lead that waits to be routed."""
    return Lead(
        lead_id=lead_id,
        rev=2,
        state=LeadState.SCORED,
        source_id="web",
        campaign_id="bench",
        received_at=BEGIN,
        moved_at=BEGIN,
        contact=Contact(first_name="Mia"),
        plan_id=PLAN.id,
        plan_version=PLAN.version,
    )
