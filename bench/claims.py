"""Claims per second, and attempts per claim, when 1, 16 and 64 claim from one pool at the same moment.

The real use case and adapters against the local AWS: it bounds the rate (one process), so read the attempts.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from baton.adapters.doubles import MemoryAlerts
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.adapters.memory_configuration import MemoryConfiguration
from baton.adapters.system import SystemClock
from baton.application.release_offer import ReleaseOffer
from baton.application.route_lead import RouteLead
from baton.domain.change import received, scored
from baton.domain.errors import ClaimContention
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.scoring import Score
from bench.cloud import Cloud, cloud
from bench.table import Row

MEMBERS: Final = 50
CLAIMS: Final = {1: 100, 16: 320, 64: 640}


def measure() -> list[Row]:
    """One row per number of claimants."""
    with cloud() as stack:
        return [_row(stack, claimants, claims) for claimants, claims in CLAIMS.items()]


def _row(stack: Cloud, claimants: int, claims: int) -> Row:
    pool_id = f"pool-{claimants}"
    ids = [f"rep-{claimants}-{n}" for n in range(MEMBERS)]
    configuration = MemoryConfiguration(
        Pool(id=pool_id, name=pool_id, members=tuple(Member(recipient_id=who) for who in ids)),
        Plan(id=pool_id, version=1, stages=(Stage(name="all", pool_id=pool_id, auto_accept=True),)),
        *(Recipient(id=who, name=who, phone="+12025550100", zone="UTC") for who in ids),
    )
    client = stack.client("dynamodb")
    leads = DynamoLeads(client, stack.outputs["LeadsTable"], stack.outputs["LedgerTable"])
    ledger = DynamoLedger(client, stack.outputs["LedgerTable"])
    clock = SystemClock()
    release = ReleaseOffer(leads, ledger, configuration, clock)
    route = RouteLead(leads, ledger, configuration, release, MemoryAlerts(), clock)
    waiting = [_scored_lead(leads, pool_id) for _ in range(claims)]
    attempts: list[int] = []
    retried = [0]
    lock = threading.Lock()

    def claim(lead_id: str) -> None:
        while True:
            try:
                routed = route(lead_id)
            except ClaimContention:
                with lock:
                    retried[0] += 1
                continue
            with lock:
                attempts.append(routed.attempts)
            return

    begun = time.perf_counter()
    with ThreadPoolExecutor(claimants) as threads:
        list(threads.map(claim, waiting))
    taken = time.perf_counter() - begun
    turns = ledger.standings([(pool_id, who) for who in ids], []).turns
    counts = [turns[pool_id, who].turns if (pool_id, who) in turns else 0 for who in ids]
    return {
        "claimants": claimants,
        "claims": claims,
        "claims/s": round(claims / taken),
        "attempts/claim": sum(attempts) / claims,
        "most attempts": max(attempts),
        "given up": retried[0],
        "fewest..most leads": f"{min(counts)}..{max(counts)}",
    }


def _scored_lead(leads: DynamoLeads, plan_id: str) -> str:
    now = datetime.now(UTC)
    lead = Lead(
        lead_id=uuid4().hex,
        rev=1,
        state=LeadState.RECEIVED,
        source_id="bench",
        campaign_id="bench",
        received_at=now,
        moved_at=now,
        contact=Contact(first_name="Mia"),
    )
    leads.commit(received(lead, now))
    leads.commit(scored(lead, Score(points=0, reasons=(), qualified=True), plan_id, 1, now))
    return lead.lead_id
