"""Many leads claimed at the same moment, from one pool, through the real adapters (invariants 3, 4 and 5)."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from typing import Final
from uuid import uuid4

import pytest

from baton.adapters.doubles import MemoryAlerts
from baton.adapters.dynamo_configuration import CachedConfiguration, DynamoConfiguration
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.adapters.system import SystemClock
from baton.application.release_offer import ReleaseOffer
from baton.application.route_lead import MAX_ATTEMPTS, Next, RouteLead
from baton.domain.caps import Caps
from baton.domain.change import received, scored
from baton.domain.errors import ClaimContention
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.scoring import Score
from baton.domain.timeline import EventKind
from tests.e2e.stack import Stack
from tests.e2e.team import Team

THREADS: Final = 64
MEMBERS: Final = 10
CAP: Final = 5
# Leads off the exact share that contention may cost while all claim at once (measured: about 2).
SLACK: Final = 4
# Leads for each that come one after another: as many as somebody may be ahead, with some to spare.
AFTERWARDS: Final = 6
# As often as the workflow repeats its step.
STEP_TRIES: Final = 7


def scored_leads(stack: Stack, team: Team, count: int) -> list[str]:
    """Leads that wait for their routing."""
    now, store, lead_ids = datetime.now(UTC), stack.leads, []
    for _ in range(count):
        lead = Lead(
            lead_id=uuid4().hex,
            rev=1,
            state=LeadState.RECEIVED,
            source_id=team.source_id,
            campaign_id=team.id,
            received_at=now,
            moved_at=now,
            contact=Contact(phone="2025567777"),
        )
        store.commit(received(lead, now))
        store.commit(scored(lead, Score(points=0, reasons=(), qualified=True), team.id, 1, now))
        lead_ids.append(lead.lead_id)
    return lead_ids


def router(stack: Stack) -> RouteLead:
    """The use case on the stack's tables, as a function that stays warm has it."""
    clock, dynamodb, leads = SystemClock(), stack.client("dynamodb"), stack.leads
    ledger = DynamoLedger(dynamodb, stack.outputs["LedgerTable"])
    stored = DynamoConfiguration(dynamodb, stack.outputs["ConfigTable"])
    configuration = CachedConfiguration(stored, clock, 60)
    release = ReleaseOffer(leads, ledger, configuration, clock)
    return RouteLead(leads, ledger, configuration, release, MemoryAlerts(), clock)


def step(route: RouteLead, lead_id: str) -> tuple[Next, int]:
    """Route a lead as the workflow does; returns what came of it, and how many claims it took."""
    for tried in range(STEP_TRIES):
        try:
            routed = route(lead_id)
        except ClaimContention:
            time.sleep(random.uniform(0, 0.1 * 2**tried))
        else:
            return routed.next, routed.attempts + tried * MAX_ATTEMPTS
    pytest.fail(f"no claim in {STEP_TRIES} times {MAX_ATTEMPTS} attempts")


def route_all_at_once(stack: Stack, lead_ids: list[str]) -> tuple[list[Next], list[int]]:
    """Every lead in a thread of its own; returns what came of each, and how many claims each took."""
    route, start = router(stack), Barrier(len(lead_ids))

    def wait_and_route(lead_id: str) -> tuple[Next, int]:
        start.wait()
        return step(route, lead_id)

    with ThreadPoolExecutor(len(lead_ids)) as threads:
        done = list(threads.map(wait_and_route, lead_ids))
    return [what for what, _ in done], [attempts for _, attempts in done]


def owners(stack: Stack, lead_ids: list[str]) -> Counter[str]:
    """Leads per owner; fails for a lead that was given away more than once."""
    found: Counter[str] = Counter()
    for lead_id in lead_ids:
        given = [e for e in stack.leads.timeline(lead_id) if e.kind is EventKind.LEAD_ASSIGNED]
        lead = stack.lead(lead_id)
        assert [event.facts["recipient_id"] for event in given] == [lead.recipient_id] * len(given)
        assert len(given) == (lead.state is LeadState.ASSIGNED)
        found.update([lead.recipient_id] if lead.recipient_id else [])
    return found


def tell(capsys: pytest.CaptureFixture[str], what: str, attempts: list[int], shares: Counter[str]) -> None:
    """What it cost and how even it was, for whoever reads the test's output."""
    spread = f"shares {min(shares.values())} to {max(shares.values())}"
    mean = sum(attempts) / len(attempts)
    with capsys.disabled():
        print(f"\n  {what}: {mean:.1f} claims per lead, at most {max(attempts)}; {spread}")


def test_no_cap_is_exceeded_and_no_lead_given_twice_when_all_are_claimed_at_once(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    team = Team.at(stack, MEMBERS, auto_accept=True, caps=Caps(per_day=CAP))
    lead_ids = scored_leads(stack, team, THREADS)

    results, attempts = route_all_at_once(stack, lead_ids)

    shares = owners(stack, lead_ids)
    tell(capsys, f"{THREADS} leads, {MEMBERS} reps with a cap of {CAP}", attempts, shares)
    assert dict(shares) == {rep.id: CAP for rep in team.reps}
    assert Counter(results) == {Next.NOTIFY: MEMBERS * CAP, Next.STOP: THREADS - MEMBERS * CAP}
    refused = [lead_id for lead_id in lead_ids if stack.lead(lead_id).state is LeadState.UNASSIGNED]
    assert len(refused) == THREADS - MEMBERS * CAP
    reasons = stack.leads.timeline(refused[0])[-1].trace
    assert reasons
    assert {str(reasons.reason_for(rep.id)) for rep in team.reps} == {"daily_cap_reached"}


@dataclass(frozen=True)
class Rush:
    """What came of leads that all were claimed at once by reps without caps."""

    team: Team
    lead_ids: list[str]
    results: list[Next]
    attempts: list[int]
    shares: Counter[str]
    open_leads: dict[str, int]


@pytest.fixture(scope="module")
def rush(stack: Stack) -> Rush:
    """One rush, looked at as it was right afterwards."""
    team = Team.at(stack, MEMBERS, auto_accept=True)
    lead_ids = scored_leads(stack, team, THREADS)
    results, attempts = route_all_at_once(stack, lead_ids)
    ledger = DynamoLedger(stack.client("dynamodb"), stack.outputs["LedgerTable"])
    ids = [rep.id for rep in team.reps]
    standings = ledger.standings([(team.id, who) for who in ids], ids)
    open_leads = {who: standings.used(who).open_leads for who in ids}
    return Rush(team, lead_ids, results, attempts, owners(stack, lead_ids), open_leads)


def test_shares_stay_even_when_all_are_claimed_at_once(
    rush: Rush, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(capsys, f"{THREADS} leads, {MEMBERS} reps without caps", rush.attempts, rush.shares)
    assert set(rush.results) == {Next.NOTIFY}
    assert all(abs(rush.shares[rep.id] - THREADS / MEMBERS) < SLACK for rep in rush.team.reps)
    assert rush.open_leads == dict(rush.shares)


def test_leads_that_come_one_after_another_even_out_what_contention_left(stack: Stack, rush: Rush) -> None:
    route, one_by_one = router(stack), scored_leads(stack, rush.team, AFTERWARDS * MEMBERS)

    for lead_id in one_by_one:
        step(route, lead_id)

    shares = rush.shares + owners(stack, one_by_one)
    share = THREADS / MEMBERS + AFTERWARDS
    assert all(abs(shares[rep.id] - share) < 1 for rep in rush.team.reps), shares
