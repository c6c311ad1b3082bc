"""What an attempt to claim costs DynamoDB, and how many a second its documented limits allow: arithmetic, not measured.

The rows are those that the real adapter would write for a pool of 50 that has worked for 15 weeks, sized by DynamoDB's
published rules. A cancelled transaction is taken to cost as much as one that is written. What the figures mean is in
docs/contention.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import ceil
from typing import Any, Final

from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_ledger import turn_key, turn_put, usage_key, usage_put
from baton.adapters.items import Item
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.change import Change
from baton.domain.claims import claim
from baton.domain.decision import decide
from baton.domain.lead import Contact, Lead
from baton.domain.plan import Plan, Stage
from baton.domain.situation import Situation
from bench.contention import BEGIN, PLACES, POOL, RECIPIENTS, REPS, scored_lead
from bench.table import Row

WRITE_UNITS: Final = 1000
"""Write units a second of one partition."""
READ_UNITS: Final = 3000
"""Read units a second of one partition."""
TABLE_UNITS: Final = 40_000
"""Units a second of one table, of each kind: an account's quota before it is raised."""
TRANSACTIONAL: Final = 2
"""Writes of a transaction cost double: prepared, then committed."""
WEEKS: Final = 15
PLAN: Final = Plan(id="plan", version=1, stages=(Stage(name="all", pool_id=POOL.id),))


class Recorder:
    """Stands in for the DynamoDB client and keeps what it was told to write."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def transact_write_items(self, **request: Any) -> None:
        """As boto3's."""
        self.items = [write["Put"]["Item"] for write in request["TransactItems"]]


def measure() -> list[Row]:
    """A row per limit: what one attempt takes of it, and how many attempts a second it allows."""
    ledger, change = grown()
    recorder = Recorder()
    DynamoLeads(recorder, "leads", "ledger").commit(change)
    lead, event, offer, turn, usage = recorder.items
    turns = [turn_put("ledger", row)["Item"] for row in ledger.turns.values()]
    used = [usage_put("ledger", row)["Item"] for row in ledger.usage.values()]
    of_turns = by_scope((turn_key(POOL.id, who) for who in REPS), turns)
    of_usage = by_scope((usage_key(who) for who in REPS), used)
    writers = Counter(turn_key(POOL.id, who)["scope"] for who in REPS)
    lead_units, ledger_units = write_units([lead, event, offer]), write_units([turn, usage])
    turn_reads = {scope: ceil(total / 4096) for scope, (_, total) in of_turns.items()}
    usage_reads = {scope: rows for scope, (rows, _) in of_usage.items()}
    attempt = sum(turn_reads.values()) + sum(usage_reads.values())
    busiest = max(writers.values()) / len(REPS)
    return [
        _row("rows of one lead: writes", size(lead) + size(event) + size(offer), lead_units, WRITE_UNITS),
        _row("turn row of one member: writes", size(turn), write_units([turn]), WRITE_UNITS),
        _row("usage row of one recipient: writes", size(usage), write_units([usage]), WRITE_UNITS),
        _row("busiest partition of turns: writes", "", busiest * write_units([turn]), WRITE_UNITS),
        _row("busiest partition of turns: reads", "", max(turn_reads.values()), READ_UNITS),
        _row("busiest partition of usage: reads", "", max(usage_reads.values()), READ_UNITS),
        _row("Ledger table: writes", "", ledger_units, TABLE_UNITS),
        _row("Ledger table: reads", "", attempt, TABLE_UNITS),
    ]


def _row(limit: str, size_bytes: int | str, units: float, limit_s: int) -> Row:
    return {
        "what limits": limit,
        "bytes": size_bytes,
        "units an attempt": float(units),
        "units/s": limit_s,
        "attempts/s at most": int(limit_s / units),
    }


def grown() -> tuple[MemoryLedger, Change]:
    """The standings of the pool after WEEKS weeks in which everybody got leads each week, and one more claim."""
    ledger = MemoryLedger()
    leads = MemoryLeads(ledger)
    for no in range(WEEKS * len(REPS)):
        now = BEGIN + timedelta(weeks=no // len(REPS), hours=no % len(REPS) / 7)
        leads.leads[f"{no:032x}"] = scored_lead(f"{no:032x}")
        leads.commit(_claim(leads.leads[f"{no:032x}"], ledger, now))
    return ledger, _claim(a_whole_lead(), ledger, BEGIN + timedelta(weeks=WEEKS))


def _claim(lead: Lead, ledger: MemoryLedger, now: Any) -> Change:
    standings = ledger.standings(PLACES, REPS)
    situation = Situation(lead, PLAN, {POOL.id: POOL}, RECIPIENTS, standings, now)
    return claim(lead, decide(situation), standings, now)


def a_whole_lead() -> Lead:
    """A lead with everything that a form asks."""
    contact = Contact(
        first_name="Mia",
        last_name="Moss",
        email="mia.moss@example.com",
        phone="+12025550100",
        street="1 Main Street",
        city="Springfield",
        state="NY",
        postal_code="10001",
        country="US",
    )
    attributes = {"product": "solar", "roof_m2": 120, "owner": True, "message": "Please call in the evening."}
    attribution = {"utm_source": "search", "utm_medium": "cpc", "utm_campaign": "autumn", "gclid": "x" * 60}
    return scored_lead("f" * 32).model_copy(
        update={"contact": contact, "attributes": attributes, "attribution": attribution}
    )


def by_scope(keys: Iterable[Mapping[str, str]], items: Iterable[Item]) -> dict[str, tuple[int, int]]:
    """Rows and bytes per partition."""
    found = {(item["scope"]["S"], item["id"]["S"]): size(item) for item in items}
    sums: dict[str, tuple[int, int]] = {}
    for key in keys:
        rows, total = sums.get(key["scope"], (0, 0))
        sums[key["scope"]] = (rows + 1, total + found[key["scope"], key["id"]])
    return sums


def write_units(items: Iterable[Item]) -> int:
    """What a transaction that writes these rows costs: per row and begun KB, twice."""
    return sum(TRANSACTIONAL * ceil(size(item) / 1024) for item in items)


def size(item: Item) -> int:
    """The bytes of a row by DynamoDB's rules: names and values, 3 for a map or list and 1 for each thing in it."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """The bytes of one value."""
    ((tag, content),) = value.items()
    match tag:
        case "S":
            return len(content.encode())
        case "N":
            return (len(content.strip("-0.").replace(".", "")) + 1) // 2 + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + value_size(part) for name, part in content.items())
        case "L":
            return 3 + sum(1 + value_size(part) for part in content)
        case _:
            return 1
