"""How long one decision takes, standings in memory, at 10, 100 and 1,000 members with six conditions each.

Three teams: reps who share most of what they ask for, as reps do; reps of whom no two ask for the same in anything;
and reps of whom nine in ten may not have the lead, so that most of the work is saying why not.
"""

import time
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from baton.domain.caps import Caps
from baton.domain.decision import decide
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.situation import Situation
from baton.domain.standing import Standings, Turn, Usage, day_window
from bench.table import Row

NOW: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SIZES: Final = (10, 100, 1000)
SECONDS_EACH: Final = 0.7
STATES: Final = ("CA", "NY", "TX", "FL", "NJ", "MA", "WA", "OR", "NV", "AZ")
TEAMS: Final = ("shared", "distinct", "mostly refused")


def measure() -> list[Row]:
    """Median and rate per team and size."""
    return [_row(team, size) for team in TEAMS for size in SIZES]


def _row(team: str, size: int) -> Row:
    situation = situation_of(size, team)
    first = time.perf_counter()
    decide(situation)
    prepared = time.perf_counter() - first
    times = []
    end = time.perf_counter() + SECONDS_EACH
    while time.perf_counter() < end:
        begun = time.perf_counter_ns()
        decide(situation)
        times.append(time.perf_counter_ns() - begun)
    middle = median(times)
    return {
        "conditions": team,
        "members": size,
        "median ms": middle / 1e6,
        "p99 ms": sorted(times)[int(0.99 * len(times))] / 1e6,
        "us a member": middle / 1e3 / size,
        "first, with preparing, ms": prepared * 1e3,
    }


def conditions(n: int, team: str) -> dict[str, Any]:
    """Six conditions, which the bench's lead meets, unless most are to be refused."""
    own = n if team == "distinct" else n % 7
    states = [f"X{n}", "CA", STATES[n % 10], STATES[(n + 3) % 10]]
    return {
        "all": [
            {"field": "contact.state", "op": "in", "value": states[1:] if team == "shared" else states},
            {"field": "attributes.product", "op": "in", "value": ["solar", f"p{own}"]},
            {"field": "attributes.roof_m2", "op": "gte", "value": 50 + own / 100},
            {
                "field": "score",
                "op": "between",
                "value": [10 + own / 100, 90 if n % 10 == 0 or team != "mostly refused" else 20],
            },
            {"field": "attribution.utm_medium", "op": "ne", "value": f"spam{own}"},
            {"field": "consent.given", "op": "eq", "value": True},
        ]
    }


def situation_of(size: int, team: str) -> Situation:
    """A pool of that many reps with hours and caps, in the middle of its life, and a lead."""
    ids = [f"rep-{n:04}" for n in range(size)]
    pool = Pool(id="pool", name="pool", members=tuple(Member(recipient_id=who) for who in ids))
    schedule = {"blocks": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "08:00", "end": "18:00"}]}
    recipients = {
        who: Recipient.model_validate(
            {
                "id": who,
                "name": who,
                "phone": "+12025550100",
                "zone": "America/New_York",
                "schedule": schedule,
                "accepts": conditions(n, team),
                "caps": Caps(per_day=1000, open_leads=1000),
            }
        )
        for n, who in enumerate(ids)
    }
    turns = {("pool", who): _turn(who, n) for n, who in enumerate(ids)}
    usage = {
        who: Usage(recipient_id=who, rev=5, open_leads=3, taken={day_window(NOW, "America/New_York"): 5})
        for who in ids
    }
    lead = Lead(
        lead_id=f"{1:032x}",
        rev=2,
        state=LeadState.SCORED,
        source_id="bench",
        campaign_id="bench",
        received_at=NOW,
        moved_at=NOW,
        contact=Contact(first_name="Mia", state="CA"),
        attributes={"product": "solar", "roof_m2": 80},
        attribution={"utm_medium": "cpc"},
        consent={"given": True},
        score=50,
        plan_id="plan",
        plan_version=1,
    )
    plan = Plan(id="plan", version=1, stages=(Stage(name="all", pool_id="pool"),))
    return Situation(lead, plan, {"pool": pool}, recipients, Standings(turns, usage), NOW)


def _turn(who: str, n: int) -> Turn:
    turns = 20 + n % 2
    return Turn(
        queue="pool",
        recipient_id=who,
        rev=turns,
        turns=turns,
        level=turns - 0.5,
        last_at=NOW.replace(second=n % 60),
    )
