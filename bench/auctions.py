"""A whole auction: 50 buyers over loopback that answer in 100 ms, asked, read and ranked by the product's own code."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Final

from baton.adapters.doubles import MemoryAlerts, MemoryResting, MemorySecrets
from baton.adapters.outgoing_http import ThreadedHttp
from baton.adapters.system import SystemClock
from baton.application.call_buyers import CallBuyers
from baton.application.hold_auction import HoldAuction
from baton.domain.campaign import Campaign
from baton.domain.decision import decide
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Model, Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.situation import Situation
from baton.domain.standing import Standings, Usage
from baton.domain.terms import AuctionTerms
from bench.fanout_buyers import ANSWER_S, buyers
from bench.table import Row

DEADLINE_MS: Final = 600
SILENT: Final = 2
ROUNDS: Final = 25
NOW: Final = datetime(2026, 11, 23, 15, tzinfo=UTC)
CAMPAIGN: Final = Campaign(id="bench", name="bench", plan_id="bench", pingable=("contact.state",))


def measure() -> list[Row]:
    """Medians in milliseconds, warm: how long after the slowest answer, or the deadline, an auction ended."""
    http = ThreadedHttp(allow_http=True, allow_private=True)
    hold = HoldAuction(
        CallBuyers(http, MemorySecrets(), SystemClock()), MemoryResting(), MemoryAlerts(), SystemClock()
    )
    with buyers() as urls:
        answered = _took_ms(hold, urls, silent=0)
        ended = _took_ms(hold, urls, silent=SILENT)
    http.close()
    return [
        {
            "auction": f"{len(urls)} buyers that answer in {ANSWER_S * 1000:.0f} ms",
            "after": "the slowest answer",
            "ms": median(answered) - ANSWER_S * 1000,
            "at best ms": min(answered) - ANSWER_S * 1000,
        },
        {
            "auction": f"{SILENT} of them never answer",
            "after": "the deadline",
            "ms": median(ended) - DEADLINE_MS,
            "at best ms": min(ended) - DEADLINE_MS,
        },
    ]


def _took_ms(hold: HoldAuction, urls: Sequence[str], silent: int) -> list[float]:
    situation = _situation(urls, silent)
    trace = decide(situation).trace
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        hold(situation, 0, CAMPAIGN, trace)
        took.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.05)
    return took[3:]


def _situation(urls: Sequence[str], silent: int) -> Situation:
    bidders = {f"b{n:02d}": _buyer(f"b{n:02d}", url, silent=n < silent) for n, url in enumerate(urls)}
    stage = Stage(
        name="bids",
        pool_id="bench",
        model=Model.PING_POST,
        auction=AuctionTerms(deadline_ms=DEADLINE_MS),
    )
    pool = Pool(id="bench", name="bench", members=tuple(Member(recipient_id=who) for who in bidders))
    lead = Lead(
        lead_id="0" * 32,
        rev=2,
        state=LeadState.SCORED,
        source_id="bench",
        campaign_id="bench",
        received_at=NOW,
        moved_at=NOW,
        contact=Contact(state="NY"),
    )
    usage = {who: Usage(who, rev=1, balance_cents=1_000_000) for who in bidders}
    plan = Plan(id="bench", version=1, stages=(stage,))
    return Situation(lead, plan, {"bench": pool}, bidders, Standings(usage=usage), NOW)


def _buyer(who: str, url: str, *, silent: bool) -> Recipient:
    ping = {
        "url": f"{url}/{'silent' if silent else 'ping'}",
        "fields": [{"name": "state", "field": "contact.state"}],
        "reads": {"price": "$.bid"},
    }
    facts = {"id": who, "type": "buyer", "name": who, "zone": "UTC", "email": f"{who}@example.com"}
    return Recipient.model_validate({**facts, "buyer": {"ping": ping}})
