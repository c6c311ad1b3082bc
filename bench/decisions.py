"""How long one decision takes, standings in memory, at 10, 100 and 1,000 members with six conditions each."""

import time
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from baton.domain.caps import Caps
from baton.domain.decision import Situation, decide
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.standing import Standings, Turn, Usage
from bench.table import Row

NOW: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SIZES: Final = (10, 100, 1000)
SECONDS_EACH: Final = 1.0
CONDITIONS: Final[dict[str, Any]] = {
    "all": [
        {"field": "contact.state", "op": "in", "value": ["CA", "NY", "TX"]},
        {"field": "attributes.product", "op": "eq", "value": "solar"},
        {"field": "attributes.roof_m2", "op": "gte", "value": 50},
        {"field": "score", "op": "between", "value": [10, 90]},
        {"field": "attribution.utm_medium", "op": "ne", "value": "spam"},
        {"field": "consent.given", "op": "eq", "value": True},
    ]
}


def measure() -> list[Row]:
    """Median and rate per pool size."""
    return [_row(size) for size in SIZES]


def _row(size: int) -> Row:
    situation = situation_of(size)
    decide(situation)
    times = []
    end = time.perf_counter() + SECONDS_EACH
    while time.perf_counter() < end:
        begun = time.perf_counter()
        decide(situation)
        times.append(time.perf_counter() - begun)
    typical = median(times)
    return {"members": size, "median ms": typical * 1000, "decisions/s": round(1 / typical)}


def situation_of(size: int) -> Situation:
    """A lead that every member of a pool of that size may have."""
    ids = [f"rep-{n:04d}" for n in range(size)]
    recipients = {
        who: Recipient.model_validate(
            {
                "id": who,
                "name": who,
                "phone": "+12025550100",
                "zone": "America/New_York",
                "accepts": CONDITIONS,
            }
        ).model_copy(update={"caps": Caps(per_day=1000, open_leads=1000)})
        for who in ids
    }
    pool = Pool(id="pool", name="pool", members=tuple(Member(recipient_id=who) for who in ids))
    plan = Plan(id="plan", version=1, stages=(Stage(name="all", pool_id="pool"),))
    turns = {
        ("pool", who): Turn(pool_id="pool", recipient_id=who, rev=5, turns=5, last_at=NOW) for who in ids
    }
    usage = {who: Usage(recipient_id=who, rev=5, open_leads=3, taken={"day:2026-11-23": 3}) for who in ids}
    return Situation(lead(), plan, {"pool": pool}, recipients, Standings(turns, usage), NOW)


def lead() -> Lead:
    """A lead that meets all six conditions."""
    return Lead.model_validate(
        {
            "lead_id": "0" * 32,
            "rev": 2,
            "state": LeadState.SCORED,
            "source_id": "web",
            "campaign_id": "solar",
            "received_at": NOW,
            "moved_at": NOW,
            "contact": Contact(first_name="Mia", state="NY"),
            "attributes": {"product": "solar", "roof_m2": 120},
            "attribution": {"utm_medium": "cpc"},
            "consent": {"given": True},
            "score": 50,
            "plan_id": "plan",
            "plan_version": 1,
        }
    )
