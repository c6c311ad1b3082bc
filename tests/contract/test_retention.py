"""Leads that are kept for a while only: every row of them expires, and what has expired is gone for whoever reads."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from baton.adapters.dynamo_lead_search import DynamoLeadSearch
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.ports import LeadSearch
from baton.domain.change import Change, received, restarted, scored
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange, Purpose
from baton.domain.lead import Lead
from baton.domain.lead_return import Return, asked
from baton.domain.search import Wanted
from tests.builders import LEAD_ID, MONDAY_9AM
from tests.contract.conftest import Stores, dynamo_stores
from tests.contract.test_leads import SCORE, a_claim, a_new_lead, known
from tests.contract.test_trade_store import an_auction

LATER = MONDAY_9AM + timedelta(days=30)
SECOND = timedelta(seconds=1)


@dataclass
class Kept:
    """Stores whose time is moved by hand."""

    stores: Stores
    search: LeadSearch
    now: list[datetime]


@pytest.fixture(params=["memory", "dynamo"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """The stores in memory and in DynamoDB, on Monday at nine."""
    now = [MONDAY_9AM]

    def seconds() -> float:
        return now[0].timestamp()

    if request.param == "memory":
        ledger = MemoryLedger()
        leads = MemoryLeads(ledger, seconds)
        return Kept(Stores(leads, ledger, None), leads, now)  # type: ignore[arg-type]
    client = request.getfixturevalue("dynamodb")
    stores = dynamo_stores(client)
    stores.leads = DynamoLeads(client, "LeadsTable", "LedgerTable", seconds)
    return Kept(stores, DynamoLeadSearch(client, "LeadsTable", seconds), now)


def a_life(stores: Stores, until: datetime | None = LATER) -> Lead:
    """A lead that was scored, auctioned, offered, talked about, and is wanted back."""
    lead = _commit(stores, received(a_new_lead(expires_at=until), MONDAY_9AM)).lead
    change = replace(scored(lead, SCORE, "plan", 1, MONDAY_9AM), auction=an_auction())
    change = _commit(stores, change)
    change = _commit(stores, a_claim(change.lead, known(stores)))
    assert change.offer
    offer = change.offer.noted(task_token="token")
    assert stores.leads.note(offer)
    wanted = Return.of(change.lead, offer, "wrong_person", "a note", MONDAY_9AM)
    done = _commit(stores, asked(change.lead, offer, wanted, MONDAY_9AM))
    stores.leads.keep([an_exchange(done.lead)])
    return done.lead


def an_exchange(lead: Lead) -> Exchange:
    """Something that was said about the lead."""
    return Exchange(
        lead_id=lead.lead_id,
        exchange_id=Exchange.id_at(MONDAY_9AM, "acme", Purpose.PING),
        at=MONDAY_9AM,
        recipient_id="acme",
        purpose=Purpose.PING,
        request="POST",
        verdict="accepted",
        took_ms=1,
        kept_until=lead.expires_at,
    )


def _commit(stores: Stores, change: Change) -> Change:
    assert stores.leads.commit(change)
    return change


def rows(client: Any) -> list[dict[str, Any]]:
    """All rows of the Leads table."""
    return list(client.scan(TableName="LeadsTable")["Items"])


def test_every_row_of_a_lead_expires_when_its_time_is_over(dynamodb: Any) -> None:
    a_life(dynamo_stores(dynamodb))

    expires = {row["item"]["S"].partition("#")[0]: row.get("expires_epoch") for row in rows(dynamodb)}

    assert sorted(expires) == ["AUCTION", "EVENT", "EXCHANGE", "LEAD", "OFFER", "RETURN"]
    assert {str(until) for until in expires.values()} == {str({"N": str(int(LATER.timestamp()))})}
    assert len(rows(dynamodb)) == 9


def test_a_lead_without_such_a_time_is_kept_for_ever(dynamodb: Any) -> None:
    a_life(dynamo_stores(dynamodb), until=None)

    assert [row for row in rows(dynamodb) if "expires_epoch" in row] == []


def test_what_has_expired_is_gone_whether_it_was_deleted_or_not(kept: Kept) -> None:
    leads = kept.stores.leads
    a_life(kept.stores)
    kept.now[0] = LATER - SECOND
    before = (leads.get(LEAD_ID), leads.offer(LEAD_ID, 1), leads.auction(LEAD_ID, 1))
    assert all(before)
    assert leads.timeline(LEAD_ID)
    assert kept.search.page(Wanted(campaign_id="solar"), [], 10).items

    kept.now[0] = LATER

    for read in (leads.get, lambda one: leads.offer(one, 1), lambda one: leads.auction(one, 1)):
        with pytest.raises(NotFound):
            read(LEAD_ID)
    lists = (leads.timeline, leads.offers_of, leads.auctions_of, leads.exchanges_of)
    assert [found for every in lists for found in every(LEAD_ID)] == []
    assert kept.search.page(Wanted(campaign_id="solar"), [], 10).items == ()


def test_a_lead_of_the_same_id_can_come_in_once_the_first_has_expired(kept: Kept) -> None:
    a_life(kept.stores)
    kept.now[0] = LATER

    again = a_life(kept.stores, until=LATER + timedelta(days=30))

    assert kept.stores.leads.get(LEAD_ID) == again
    assert len(kept.stores.leads.timeline(LEAD_ID)) == again.rev


def test_before_that_it_cannot(kept: Kept) -> None:
    a_life(kept.stores)
    kept.now[0] = LATER - SECOND

    assert not kept.stores.leads.commit(received(a_new_lead(expires_at=LATER), MONDAY_9AM))


def test_the_time_stays_with_every_later_change(dynamodb: Any) -> None:
    stores = dynamo_stores(dynamodb)
    lead = a_life(stores)

    _commit(stores, restarted(lead, 2, MONDAY_9AM))

    assert [row["item"] for row in rows(dynamodb) if "expires_epoch" not in row] == []
