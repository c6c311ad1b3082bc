"""What is stored of money and of leads that come back, in both implementations."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock, MemoryAlerts, MemoryWorkflows
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.edit_configuration import EditConfiguration
from baton.application.guard_source import GuardSource
from baton.application.restart_lead import RestartLead
from baton.application.return_lead import ReturnLead
from baton.domain.change import Change, received
from baton.domain.errors import NotFound
from baton.domain.lead import LeadState
from baton.domain.lead_return import Return, ReturnState, asked, refused
from baton.domain.money import Entry, EntryKind, Payment, Sum, entry_time
from baton.domain.standing import Usage
from tests.builders import LEAD_ID, MONDAY_9AM, SECOND, a_campaign, a_pool, an_offer
from tests.contract.trade import (
    EVER,
    OTHER_ID,
    SOURCE,
    Trade,
    a_new_lead,
    a_sale,
    a_trade,
    acme,
    taken_in,
)


@pytest.fixture(params=["memory", "dynamo"])
def trade(request: pytest.FixtureRequest) -> Trade:
    """The stores, in memory and in DynamoDB."""
    return a_trade(request)


# ---------------------------------------------------------------------------------------------------------- money
def an_entry(seconds: float, cents: int = 100, account: str = "acme", key: str = "") -> Entry:
    """A payment so many seconds after nine."""
    at = MONDAY_9AM + timedelta(seconds=seconds)
    payment = Payment(kind=EntryKind.TOP_UP, cents=cents, reason="transfer")
    return Entry.of_payment(account, payment, "USD", key=key or str(seconds), by="maria", at=at)


def a_balance(rev: int, cents: int) -> Usage:
    """Acme's usage at that revision."""
    return Usage(recipient_id="acme", rev=rev, balance_cents=cents)


def test_an_entry_and_the_balance_it_makes_are_written_together(trade: Trade) -> None:
    assert trade.accounts.book(an_entry(0), a_balance(1, 100))

    assert trade.known().used("acme").balance_cents == 100
    assert trade.accounts.entries("acme", *EVER, limit=10).items == (an_entry(0),)


def test_an_entry_on_a_balance_that_somebody_else_has_changed_is_not_written(trade: Trade) -> None:
    trade.accounts.book(an_entry(0), a_balance(1, 100))

    assert not trade.accounts.book(an_entry(1), a_balance(1, 100))
    assert len(trade.accounts.entries("acme", *EVER, limit=10).items) == 1
    assert trade.accounts.paid("acme", "1") is None


def test_an_entry_is_written_once(trade: Trade) -> None:
    trade.accounts.book(an_entry(0), a_balance(1, 100))

    assert not trade.accounts.book(an_entry(0), a_balance(2, 200))
    assert trade.known().used("acme").balance_cents == 100


def test_a_key_makes_one_payment_on_an_account_at_whatever_time(trade: Trade) -> None:
    trade.accounts.book(an_entry(0, key="k"), a_balance(1, 100))

    assert not trade.accounts.book(an_entry(90_000, key="k"), a_balance(2, 200))
    assert trade.accounts.paid("acme", "k") == an_entry(0, key="k")
    assert trade.accounts.paid("acme", "other") is None
    assert trade.accounts.paid("acm", "k") is None
    assert trade.accounts.book(an_entry(0, account="source/acme", key="k"), None)


def test_entries_come_in_the_order_of_time_page_by_page(trade: Trade) -> None:
    entries = [an_entry(seconds) for seconds in (3, 1, 2.5, 0, 2)]
    for rev, entry in enumerate(entries, 1):
        trade.accounts.book(entry, a_balance(rev, 100 * rev))

    seen: list[Entry] = []
    after = None
    for _ in range(3):
        page = trade.accounts.entries("acme", *EVER, limit=2, after=after)
        seen += page.items
        after = page.after

    assert seen == sorted(entries, key=lambda entry: entry.at)
    assert after is None


def test_a_page_that_is_just_full_is_the_last_one(trade: Trade) -> None:
    for rev in (1, 2):
        trade.accounts.book(an_entry(rev), a_balance(rev, rev))

    assert trade.accounts.entries("acme", *EVER, limit=2).after is None


@pytest.mark.parametrize(
    ("since", "until", "count"), [(0, 2, 2), (0, 2.000001, 3), (1, 2, 1), (2, 1, 0), (1, 1, 0)]
)
def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(
    trade: Trade, since: float, until: float, count: int
) -> None:
    for rev, seconds in enumerate((0, 1, 2), 1):
        trade.accounts.book(an_entry(seconds), a_balance(rev, rev))
    period = (MONDAY_9AM + timedelta(seconds=since), MONDAY_9AM + timedelta(seconds=until))

    assert len(trade.accounts.entries("acme", *period, limit=10).items) == count
    assert trade.accounts.sums("acme", *period).get(EntryKind.TOP_UP, Sum()).count == count


@pytest.mark.parametrize("after", ["9999", "0", entry_time(MONDAY_9AM + timedelta(days=999)), "~", "\u20ac"])
def test_a_place_that_is_in_no_page_is_no_error(trade: Trade, after: str) -> None:
    trade.accounts.book(an_entry(0), a_balance(1, 100))

    page = trade.accounts.entries("acme", *EVER, limit=10, after=after)

    assert len(page.items) == (after < an_entry(0).entry_id)


def test_accounts_with_names_that_begin_alike_are_not_mixed(trade: Trade) -> None:
    for account in ("acme", "acme-2", "source/acme"):
        assert trade.accounts.book(an_entry(0, account=account), None)

    for account in ("acme", "acme-2", "source/acme"):
        (entry,) = trade.accounts.entries(account, *EVER, limit=10).items
        assert entry.account == account


def test_sums_are_those_of_the_entries_by_kind(trade: Trade) -> None:
    a_sale(trade, LEAD_ID, price_cents=1_000)
    trade.accounts.book(
        an_entry(1, 700), replace(trade.known().used("acme"), rev=trade.known().used("acme").rev + 1)
    )

    assert trade.accounts.sums("acme", *EVER) == {
        EntryKind.CHARGE: Sum(1, -1_000),
        EntryKind.TOP_UP: Sum(1, 700),
    }
    assert trade.accounts.sums("source/web-form", *EVER) == {EntryKind.PAYOUT: Sum(1, 400, 1_000)}
    assert trade.accounts.sums("nobody", *EVER) == {}


def test_a_long_account_is_added_up_whole(trade: Trade) -> None:
    for n in range(60):
        assert trade.accounts.book(an_entry(n, n + 1, "source/long"), None)

    assert trade.accounts.sums("source/long", *EVER) == {EntryKind.TOP_UP: Sum(60, 60 * 61 // 2)}


def test_a_sale_is_booked_with_its_lead_or_not_at_all(trade: Trade) -> None:
    _, offer = a_sale(trade)
    entry = trade.accounts.entries("acme", *EVER, limit=10).items[0]

    assert not trade.leads.commit(taken_in(OTHER_ID, entries=(entry,)))
    with pytest.raises(NotFound):
        trade.leads.get(OTHER_ID)
    assert (entry.lead_id, entry.offer_no, entry.cents) == (LEAD_ID, offer.no, -1_000)


# ------------------------------------------------------------------------------------------------- returned leads
def a_return(trade: Trade, lead_id: str = LEAD_ID, at: datetime = MONDAY_9AM, **facts: Any) -> Change:
    """Somebody asks for a lead to be taken back."""
    lead = trade.commit(received(a_new_lead(lead_id), MONDAY_9AM)).lead
    offer = an_offer(lead_id=lead_id, recipient_id="acme", windows=("week:2026-W48",), **facts)
    wanted = Return.of(lead, offer, "invalid_contact", "call maria at home", at)
    return trade.commit(asked(lead, offer, wanted, at))


def test_a_return_that_waits_is_found_and_listed_with_what_the_buyer_says(trade: Trade) -> None:
    wanted = a_return(trade).lead_return
    assert wanted

    assert trade.returns.find(LEAD_ID, 1) == wanted
    assert trade.returns.waiting(10).items == (wanted,)
    assert (wanted.note, wanted.rev) == ("call maria at home", 1)
    assert trade.returns.find(LEAD_ID, 2) is None


def test_a_return_that_is_decided_is_found_and_no_longer_listed(trade: Trade) -> None:
    change = a_return(trade)
    wanted = change.lead_return
    assert wanted
    decided = wanted.decided(ReturnState.REFUSED, "maria", "it rings", MONDAY_9AM)

    trade.commit(refused(change.lead, an_offer(), decided, MONDAY_9AM))

    assert trade.returns.find(LEAD_ID, 1) == decided
    assert trade.returns.waiting(10).items == ()
    assert trade.returns.waiting_of("acme") == {}


def test_of_two_decisions_on_one_return_the_second_is_refused_whole(trade: Trade) -> None:
    change = a_return(trade)
    wanted = change.lead_return
    assert wanted
    first, second = (
        wanted.decided(state, "maria", None, MONDAY_9AM)
        for state in (ReturnState.REFUSED, ReturnState.APPROVED)
    )
    lead = trade.commit(refused(change.lead, an_offer(), first, MONDAY_9AM)).lead

    assert not trade.leads.commit(refused(lead, an_offer(), second, MONDAY_9AM))
    assert trade.returns.find(LEAD_ID, 1) == first
    assert trade.leads.get(LEAD_ID) == lead


def test_returns_that_wait_come_longest_first_page_by_page_and_count_by_buyer_and_week(trade: Trade) -> None:
    for n in (3, 1, 2):
        a_return(trade, f"{n:032x}", MONDAY_9AM + n * SECOND)

    first = trade.returns.waiting(2)
    second = trade.returns.waiting(2, first.after)

    assert [one.lead_id for one in (*first.items, *second.items)] == [f"{n:032x}" for n in (1, 2, 3)]
    assert second.after is None
    assert trade.returns.waiting_of("acme") == {"week:2026-W48": 3}
    assert trade.returns.waiting_of("bolt") == {}


@pytest.mark.parametrize("auto", [True, False], ids=["at once", "by a person"])
def test_what_a_return_gives_back_is_what_the_sale_had_taken(trade: Trade, auto: bool) -> None:
    """Invariant 4: the whole use case, over the stores as they are."""
    lead, offer = a_sale(trade)
    take_back = returning(trade, auto=auto)

    made = take_back(LEAD_ID, acme, "duplicate", "x")
    if not auto:
        assert (made.state, trade.leads.get(LEAD_ID).state) == (ReturnState.WAITING, LeadState.SOLD)
        made = take_back.decide(LEAD_ID, offer.no, approve=True, by="maria")

    used, intake = trade.known().used("acme"), trade.known().intake("web-form")
    assert (made.state, trade.leads.get(LEAD_ID).state) == (ReturnState.APPROVED, LeadState.SCORED)
    assert (used.balance_cents, used.open_leads, set(used.taken.values())) == (0, 0, {0})
    assert (used.bought, used.returned) == (intake.sold, intake.returned)
    assert sum(one.cents for one in trade.accounts.sums("acme", *EVER).values()) == 0
    assert trade.accounts.sums("source/web-form", *EVER)[EntryKind.CLAWBACK] == Sum(1, -400, -1_000)
    assert not any(p.expires_at > MONDAY_9AM for p in trade.known().purchases.values())
    assert trade.returns.waiting(10).items == ()
    assert take_back(LEAD_ID, acme, "duplicate", "x") == made
    assert lead.state is LeadState.SOLD


def returning(trade: Trade, *, auto: bool) -> ReturnLead:
    """The use case over those stores."""
    campaign = a_campaign(returns={"auto_approve": auto})
    configuration, clock = MemoryConfiguration(campaign, SOURCE, a_pool(acme), acme), FixedClock(MONDAY_9AM)
    guard = GuardSource(
        EditConfiguration(MemoryArchive(configuration), clock), trade.ledger, MemoryAlerts(), clock
    )
    restart = RestartLead(trade.leads, MemoryWorkflows(), clock)
    return ReturnLead(trade.leads, trade.ledger, trade.returns, configuration, restart, guard, clock)
