"""Leads sold to six simulated buyers, of whom some are slow, lie, drop connections or refuse everything."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from baton.adapters.dynamo_accounts import DynamoAccounts
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.domain.documents import Configured
from baton.domain.lead import Lead, LeadState
from baton.domain.money import EntryKind
from baton.domain.offer import Offer, OfferState
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.timeline import EventKind
from local.buyers import Buyers
from local.demo import documents, store_secrets
from tests.e2e.stack import Person, Stack, wait

LEADS: Final = int(os.environ.get("BATON_SALES", "60"))
"""How many leads are sold; a thousand take some minutes."""
SENDERS: Final = 6
CAMPAIGN: Final = "auto-insurance"
SOURCE: Final = "insurance-form"
SETTLED: Final = frozenset({LeadState.SOLD, LeadState.UNASSIGNED})
PATIENCE_S: Final = 120 + 2 * LEADS
EVERYBODY: Final = ("harbor", "summit", "slowpoke", "mirage", "flaky", "grump", "harbor-flat")


@pytest.fixture(scope="module")
def buyers() -> Iterator[Buyers]:
    with Buyers(seed=7) as six:
        yield six


@pytest.fixture(scope="module")
def sold(stack: Stack, buyers: Buyers) -> list[Lead]:
    """Leads that were posted to a form and have come to an end."""
    wanted = [document for document in documents(buyers_port=port(buyers)) if is_for_sale(document)]
    plans = [document for document in wanted if isinstance(document, Plan)]
    stack.configure(*wanted, *(PublishedPlan(id=plan.id, version=plan.version) for plan in plans))
    store_secrets(stack.client("ssm"), f"/{stack.name}/secrets", wanted)
    with ThreadPoolExecutor(SENDERS) as senders:
        lead_ids = list(senders.map(lambda n: post(stack, n), range(LEADS)))
    wait(
        lambda: all(stack.lead(one).state in SETTLED for one in lead_ids), "every lead is settled", PATIENCE_S
    )
    return [stack.lead(lead_id) for lead_id in lead_ids]


def port(buyers: Buyers) -> int:
    return int(buyers.url.rpartition(":")[2])


def is_for_sale(document: Configured) -> bool:
    """Whether the document is part of the demo's insurance campaign."""
    if isinstance(document, Recipient):
        return document.buyer is not None
    return "insurance" in document.id


def post(stack: Stack, n: int) -> str:
    more: dict[str, Any] = {
        "state": ("NY", "CA", "TX")[n % 3],
        "postal_code": f"1{n % 1000:04d}",
        "vehicle_year": 1994 + n % 30,
        "homeowner": ("yes", "no")[n % 2],
        "insured": ("no", "yes")[n % 2],
    }
    # Whose answer gets lost is decided by the id of the post, and so by the lead's: the same in every run.
    return stack.take_in(SOURCE, Person.new(), key=f"for-sale-{n}", **more)


def sales_of(stack: Stack, leads: list[Lead]) -> list[Offer]:
    """Every sale of these leads, as Baton has it."""
    offers = [offer for lead in leads for offer in stack.leads.offers_of(lead.lead_id)]
    return [offer for offer in offers if offer.state is OfferState.ACCEPTED]


def taken(buyers: Buyers) -> dict[str, str]:
    """Who took which post, by its id, as the buyers' own books have it."""
    books = {who: buyers.book(who).document()["posts"] for who in EVERYBODY if who != "harbor-flat"}
    return {
        webhook_id: who
        for who, posts in books.items()
        for webhook_id, verdict in posts.items()
        if verdict["answer"] == "accepted"
    }


def test_every_lead_is_sold_once_or_wanted_by_nobody(sold: list[Lead], stack: Stack) -> None:
    states = Counter(str(lead.state) for lead in sold)
    sales = Counter(offer.lead_id for offer in sales_of(stack, sold))

    assert set(states) <= {"sold", "unassigned"}
    assert states["sold"] > LEADS // 2
    assert all(sales[lead.lead_id] == (lead.state is LeadState.SOLD) for lead in sold)


def test_the_buyers_books_say_the_same_as_ours(sold: list[Lead], stack: Stack, buyers: Buyers) -> None:
    """Whoever has a lead has bought it, also who took it and dropped the connection."""
    ours = {offer.delivery.webhook_id for offer in sales_of(stack, sold) if offer.delivery}

    assert set(taken(buyers)) == ours


def test_a_buyer_that_dropped_the_connection_was_asked_again_and_never_passed_over(
    sold: list[Lead], stack: Stack, buyers: Buyers
) -> None:
    unclear = [lead for lead in sold if EventKind.DELIVERY_UNCLEAR in stack.events(lead.lead_id)]

    assert unclear, "with faults on, some answers get lost"
    assert all(lead.state in SETTLED for lead in unclear)


def test_money_recounts_to_the_cent_and_nobody_is_over_a_limit(sold: list[Lead], stack: Stack) -> None:
    dynamodb, table = stack.client("dynamodb"), stack.outputs["LedgerTable"]
    usage = DynamoLedger(dynamodb, table).standings([], EVERYBODY).usage
    accounts, now = DynamoAccounts(dynamodb, table), datetime.now(UTC)
    sales = sales_of(stack, sold)
    for who in EVERYBODY:
        entries = accounts.entries(who, now - timedelta(days=1), now + timedelta(days=1), 10_000).items
        charged = [entry for entry in entries if entry.kind is EntryKind.CHARGE]
        bought = [offer for offer in sales if offer.recipient_id == who]
        held = usage[who].held_cents if who in usage else 0
        balance = usage[who].balance_cents if who in usage else 0
        assert balance == sum(entry.cents for entry in entries) == -sum(o.price_cents or 0 for o in bought)
        assert len(charged) == len(bought)
        assert held == 0
    documents_of = {document.id: document for document in documents() if isinstance(document, Recipient)}
    for who, used in usage.items():
        buyer = documents_of[who].buyer
        assert buyer
        assert -used.balance_cents <= buyer.billing.credit_limit_cents
        if buyer.billing.per_day_cents is not None:
            assert max(used.spent.values(), default=0) <= buyer.billing.per_day_cents


def test_every_bid_and_every_absence_has_its_reason(sold: list[Lead], stack: Stack) -> None:
    auctions = [auction for lead in sold for auction in stack.leads.auctions_of(lead.lead_id)]
    reasons = Counter(str(bid.reason) for auction in auctions for bid in auction.bids)

    assert len(auctions) >= LEADS
    assert all({bid.recipient_id for bid in auction.bids} <= set(EVERYBODY) for auction in auctions)
    assert {"acceptable_bid", "no_bid", "timeout"} <= set(reasons)


def test_no_person_is_in_a_ping_or_in_what_is_kept(sold: list[Lead], stack: Stack, buyers: Buyers) -> None:
    """Invariant 9."""
    seen = [str(ping) for who in EVERYBODY[:6] for ping in buyers.book(who).document()["latest_pings"]]
    kept = [e.model_dump_json() for lead in sold[:20] for e in stack.leads.exchanges_of(lead.lead_id)]
    assert seen
    assert kept

    for lead in sold:
        person = [lead.contact.email or "", lead.contact.last_name or "", lead.contact.phone or ""]
        assert not [value for value in person if any(value in text for text in (*seen, *kept))]


def test_a_source_without_payout_is_owed_nothing(sold: list[Lead], stack: Stack) -> None:
    (source,) = (d for d in documents() if isinstance(d, Source) and d.id == SOURCE)
    accounts, now = DynamoAccounts(stack.client("dynamodb"), stack.outputs["LedgerTable"]), datetime.now(UTC)

    entries = accounts.entries(f"source/{SOURCE}", now - timedelta(days=1), now + timedelta(days=1), 10_000)

    assert source.payout.of(1_000) == 0
    assert sum(entry.cents for entry in entries.items) == 0
