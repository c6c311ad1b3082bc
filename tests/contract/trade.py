"""The stores of trade, of either implementation, and sales to put into them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.dynamo_accounts import DynamoAccounts
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.adapters.dynamo_returns import DynamoReturns
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryAccounts, MemoryLedger, MemoryReturns
from baton.application.keep_accounts import KeptAccounts
from baton.application.ports import Leads, Ledger
from baton.application.return_lead import Returns
from baton.domain.change import Change, received, scored
from baton.domain.claims import claim
from baton.domain.lead import Lead, LeadState
from baton.domain.offer import Offer
from baton.domain.sales import Deal, sold
from baton.domain.scoring import Score
from baton.domain.situation import Choice, Decision
from baton.domain.standing import Standings
from baton.domain.trace import Trace
from tests.builders import LEAD_ID, MONDAY_9AM, a_lead, a_pool, a_source
from tests.selling import a_buyer

OTHER_ID = f"{2:032x}"
PERSON = "keyed hash of maria's address"
SOURCE = a_source(payout={"share_percent": 40}, limits={"max_return_percent": 100})
SCORE = Score(points=1, reasons=(), qualified=True)
EVER = (MONDAY_9AM - timedelta(days=400), MONDAY_9AM + timedelta(days=400))
acme = a_buyer("acme", buyer={"dedupe_days": 30})


@dataclass
class Trade:
    """The stores of one implementation, over the same rows."""

    leads: Leads
    ledger: Ledger
    accounts: KeptAccounts
    returns: Returns

    def commit(self, change: Change) -> Change:
        """A change that must succeed."""
        assert self.leads.commit(change)
        return change

    def known(self, who: str = "acme", persons: tuple[str, ...] = (PERSON,)) -> Standings:
        """Everything that stands of that buyer, and of the source."""
        purchases = [(who, person) for person in persons]
        return self.ledger.standings([("team", who)], [who], purchases=purchases, intakes=["web-form"])


def a_trade(request: pytest.FixtureRequest) -> Trade:
    """The stores of the implementation that the fixture asks for: memory or dynamo."""
    if request.param == "memory":
        ledger = MemoryLedger()
        return Trade(MemoryLeads(ledger), ledger, MemoryAccounts(ledger), MemoryReturns(ledger))
    client = request.getfixturevalue("dynamodb")
    tables = ("LeadsTable", "LedgerTable")
    return Trade(
        DynamoLeads(client, *tables),
        DynamoLedger(client, tables[1]),
        DynamoAccounts(client, tables[1]),
        DynamoReturns(client, *tables),
    )


def a_new_lead(lead_id: str = LEAD_ID, **facts: Any) -> Lead:
    """A lead as intake stores it."""
    fresh = {
        "state": LeadState.RECEIVED,
        "rev": 1,
        "plan_id": None,
        "plan_version": None,
        "person": (PERSON,),
    }
    return a_lead(lead_id=lead_id, **{**fresh, **facts})


def taken_in(lead_id: str = LEAD_ID, **rows: Any) -> Change:
    """A new lead, and whatever else is written with it."""
    return replace(received(a_new_lead(lead_id), MONDAY_9AM), **rows)


def a_sale(trade: Trade, lead_id: str = LEAD_ID, price_cents: int = 1_000) -> tuple[Lead, Offer]:
    """A lead that was taken in, scored, claimed for acme and sold."""
    lead = trade.commit(received(a_new_lead(lead_id), MONDAY_9AM)).lead
    lead = trade.commit(scored(lead, SCORE, "plan", 1, MONDAY_9AM, person=(PERSON,))).lead
    pool = a_pool(acme)
    choice = Choice(
        recipient=acme,
        stage=0,
        stage_name="auction",
        pool=pool,
        queue="team",
        member=pool.members[0],
        place=None,
        accept_within=None,
        resume_at=0,
        price_cents=price_cents,
    )
    trace = Trace(plan_id="plan", plan_version=1, attempt=0, stages=())
    change = trade.commit(claim(lead, Decision(choice, trace), trade.known(), MONDAY_9AM))
    assert change.offer
    assert change.offer.delivery
    deal = Deal(change.lead, change.offer, SOURCE)
    done = trade.commit(sold(deal, change.offer.delivery, trade.known(), MONDAY_9AM))
    assert done.offer
    return done.lead, done.offer
