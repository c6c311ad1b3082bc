"""Accounts: a balance is the sum of its entries, whatever happens and in whatever order."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import ValidationError

from baton.adapters.memory_ledger import MemoryAccounts
from baton.application.keep_accounts import KeepAccounts, Summary
from baton.domain.buyer import Billing
from baton.domain.errors import ClaimContention, IdempotencyConflict, NotFound
from baton.domain.money import Entry, EntryKind, Payment, Sum
from baton.domain.recipient import Recipient
from tests.builders import MINUTE, MONDAY_9AM, SECOND, a_plan, a_rep
from tests.selling import a_buyer, lost
from tests.trading import Desk

DAY = timedelta(days=1)
EVER = (MONDAY_9AM - 30 * DAY, MONDAY_9AM + 300 * DAY)
TOP_UP, CORRECTION = EntryKind.TOP_UP, EntryKind.CORRECTION


def a_desk(*buyers: Recipient, **facts: Any) -> Desk:
    """A desk whose buyers have paid nothing in yet, and whose returned leads are not sold again."""
    buyers = buyers or (a_buyer("acme"),)
    returns = {"resell": False, **facts.pop("returns", {})}
    return Desk(*buyers, pockets={buyer.id: 0 for buyer in buyers}, returns=returns, **facts)


def a_payment(cents: int = 5_000, kind: EntryKind = TOP_UP, reason: str = "transfer 17") -> Payment:
    """What a person enters."""
    return Payment(kind=kind, cents=cents, reason=reason)


# ----------------------------------------------------------------------------------------------------- payments
def test_what_a_buyer_pays_in_is_on_its_account() -> None:
    desk = a_desk()

    entry = desk.keep.pay("acme", a_payment(), "maria", "invoice-1")

    assert desk.keep.account("acme").balance_cents == 5_000
    assert (entry.kind, entry.cents, entry.currency, entry.by) == ("top_up", 5_000, "USD", "maria")


@pytest.mark.parametrize("later", [0 * SECOND, SECOND, DAY, 400 * DAY])
def test_a_payment_that_is_sent_again_counts_once_however_late(later: timedelta) -> None:
    """Invariant 8."""
    desk = a_desk()
    first = desk.keep.pay("acme", a_payment(), "maria", "invoice-1")
    desk.clock.forward(later)

    assert desk.keep.pay("acme", a_payment(), "olga", "invoice-1") == first
    assert desk.keep.account("acme").balance_cents == 5_000


@pytest.mark.parametrize(
    "other", [a_payment(4_000), a_payment(kind=CORRECTION), a_payment(reason="transfer 18")]
)
def test_a_key_that_was_used_for_another_payment_is_refused(other: Payment) -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(), "maria", "invoice-1")

    with pytest.raises(IdempotencyConflict, match="top_up of 5000 cents"):
        desk.keep.pay("acme", other, "maria", "invoice-1")
    assert desk.keep.account("acme").balance_cents == 5_000


def test_the_same_key_on_another_account_is_another_payment() -> None:
    desk = a_desk(a_buyer("acme"), a_buyer("bolt"))

    for who in ("acme", "bolt"):
        desk.keep.pay(who, a_payment(), "maria", "november")

    assert [desk.keep.account(who).balance_cents for who in ("acme", "bolt")] == [5_000, 5_000]


def test_a_correction_goes_in_either_direction() -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(), "maria", "1")
    desk.keep.pay("acme", a_payment(-7_000, CORRECTION), "maria", "2")

    account = desk.keep.account("acme")
    assert (account.balance_cents, account.available_cents, account.can_spend_cents) == (-2_000, -2_000, 0)


@pytest.mark.parametrize(("kind", "cents"), [
    ("top_up", 0), ("top_up", -1), ("correction", 0), ("charge", 1), ("refund", 1), ("top_up", 100_000_001),
])  # fmt: skip
def test_what_is_no_payment_cannot_be_entered(kind: str, cents: int) -> None:
    with pytest.raises(ValidationError):
        Payment.model_validate({"kind": kind, "cents": cents, "reason": "x"})


@pytest.mark.parametrize("who", ["ana", "nobody"])
def test_whoever_is_no_buyer_has_no_account(who: str) -> None:
    desk = a_desk(documents=(a_rep("ana"),))

    with pytest.raises(NotFound, match=f"buyer '{who}'"):
        desk.keep.account(who)
    with pytest.raises(NotFound):
        desk.keep.pay(who, a_payment(), "maria", "1")
    with pytest.raises(NotFound):
        desk.keep.statement(who, *EVER, limit=10)


# ------------------------------------------------------------------------------------------- how an account stands
def test_a_lead_that_is_being_delivered_is_held_and_can_be_spent_by_no_other() -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(2_500), "maria", "1")
    desk.posts["acme"] = lost()
    desk.step(desk.takes_in())

    account = desk.keep.account("acme")

    assert (account.balance_cents, account.held_cents, account.available_cents) == (2_500, 1_000, 1_500)
    assert (account.spent_today_cents, account.spent_this_month_cents) == (1_000, 1_000)


@pytest.mark.parametrize(("billing", "spendable"), [
    ({}, 1_500),
    ({"mode": "invoiced", "credit_limit_cents": 10_000}, 11_500),
    ({"per_day_cents": 1_200}, 200),
    ({"per_month_cents": 1_900}, 900),
    ({"per_day_cents": 1_500, "per_month_cents": 1_200}, 200),
    ({"per_day_cents": 900}, 0),
    ({"per_day_cents": 1_000_000}, 1_500),
])  # fmt: skip
def test_a_buyer_can_spend_what_it_has_within_its_caps(billing: dict[str, Any], spendable: int) -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(2_500), "maria", "1")
    desk.sells()
    buyer = a_buyer("acme", buyer={"billing": Billing.model_validate(billing).model_dump()})
    desk.configuration.put(buyer)

    assert desk.keep.account("acme").can_spend_cents == spendable


def test_what_an_account_can_spend_is_what_the_market_lets_it_spend() -> None:
    """Invariant 4: a bid of exactly that much wins, a cent more finds no balance."""
    for over in (0, 1):
        desk = a_desk(a_buyer("acme", buyer={"billing": {"per_day_cents": 3_000}}))
        desk.keep.pay("acme", a_payment(2_500), "maria", "1")
        desk.pings["acme"] = desk.keep.account("acme").can_spend_cents + over

        assert desk.sells().state == ("unassigned" if over else "sold")


def test_today_is_the_buyer_s_own_day() -> None:
    desk = a_desk(a_buyer("acme", zone="Pacific/Auckland"))
    desk.keep.pay("acme", a_payment(), "maria", "1")
    desk.sells()
    desk.clock.forward(MINUTE)
    assert desk.keep.account("acme").spent_today_cents == 1_000

    # 14:00 UTC is three in the morning of Tuesday there: ten hours on is still Tuesday, 21 hours on Wednesday.
    desk.clock.forward(timedelta(hours=10))
    assert desk.keep.account("acme").spent_today_cents == 1_000
    desk.clock.forward(timedelta(hours=11))
    assert desk.keep.account("acme").spent_today_cents == 0


# --------------------------------------------------------------------------------------------------- statements
def test_opening_balance_and_totals_make_the_closing_balance() -> None:
    desk = a_desk(returns={"max_percent": 100})
    desk.keep.pay("acme", a_payment(10_000), "maria", "october")
    desk.sells(email="early@example.com")
    desk.clock.forward(DAY)
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(3)]
    desk.returns(leads[0])
    desk.keep.pay("acme", a_payment(500), "maria", "november")
    since = desk.clock.at
    until = since + MINUTE
    desk.clock.forward(MINUTE)
    desk.sells(email="late@example.com")

    stated = desk.keep.statement("acme", since, until, limit=50)
    found = summary(desk, since, until)

    assert (found.opening_cents, found.closing_cents) == (9_000, 7_500)
    assert found.totals == {"charge": Sum(3, -3_000), "refund": Sum(1, 1_000), "top_up": Sum(1, 500)}
    assert found.opening_cents + sum(e.cents for e in stated.entries.items) == found.closing_cents
    assert summary(desk, *EVER).closing_cents == desk.usage("acme").balance_cents


def summary(desk: Desk, since: datetime, until: datetime) -> Summary:
    """What acme's entries of that period add up to."""
    found = desk.keep.statement("acme", since, until, limit=1).summary
    assert found
    return found


def test_what_is_booked_when_a_period_begins_belongs_to_it_and_when_it_ends_to_the_next() -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(1), "maria", "1")
    at = desk.clock.at

    before, after = summary(desk, at - DAY, at), summary(desk, at, at + DAY)

    assert (before.closing_cents, before.totals) == (0, {})
    assert (after.opening_cents, after.closing_cents, after.totals) == (0, 1, {"top_up": Sum(1, 1)})


def test_a_statement_adds_up_also_while_leads_are_bought_all_the_time() -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(50_000), "maria", "1")
    at = desk.clock.at
    desk.clock.forward(DAY)
    desk.sells()

    class Busy(MemoryAccounts):
        """An account that somebody else charges whenever it is added up."""

        def sums(self, account: str, since: datetime, until: datetime) -> Mapping[EntryKind, Sum]:
            """See KeptAccounts.sums."""
            found = super().sums(account, since, until)
            desk.sells(email=f"m{len(desk.leads.leads)}@example.com")
            return found

    keep = KeepAccounts(Busy(desk.ledger), desk.ledger, desk.configuration, desk.clock)
    found = keep.statement("acme", at + MINUTE, at + 2 * DAY, limit=9).summary

    assert found
    assert (found.opening_cents, found.closing_cents) == (
        50_000,
        50_000 + found.totals[EntryKind.CHARGE].cents,
    )


def test_pages_of_a_statement_hold_every_entry_once_in_the_order_of_time() -> None:
    desk = a_desk()
    for n in range(7):
        desk.keep.pay("acme", a_payment(n + 1), "maria", str(n))
        desk.clock.forward(SECOND)

    assert [entry.cents for entry in every_entry(desk, "acme", size=3)] == [1, 2, 3, 4, 5, 6, 7]


def every_entry(desk: Desk, who: str, size: int) -> Iterator[Entry]:
    """All entries of a buyer, page by page."""
    after = None
    while True:
        page = desk.keep.statement(who, *EVER, limit=size, after=after).entries
        assert len(page.items) <= size
        yield from page.items
        after = page.after
        if after is None:
            return


# ------------------------------------------------------------------------------------------------------ sources
def test_a_source_s_margin_is_what_buyers_paid_less_what_it_is_owed() -> None:
    desk = a_desk(source={"payout": {"share_percent": 35}}, returns={"max_percent": 100})
    desk.keep.pay("acme", a_payment(10_000), "maria", "1")
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(4)]
    desk.returns(leads[0])

    found = desk.keep.of_source("web-form", *EVER)

    assert (found.payouts.count, found.payouts.cents) == (4, 1_400)
    assert (found.clawbacks.count, found.clawbacks.cents) == (1, -350)
    assert (found.owed_cents, found.revenue_cents, found.margin_cents) == (1_050, 3_000, 1_950)


def test_a_source_that_is_paid_nothing_has_a_margin_too() -> None:
    desk = a_desk()
    desk.keep.pay("acme", a_payment(10_000), "maria", "1")
    lead = desk.sells()
    desk.sells(email="other@example.com")
    desk.returns(lead)

    found = desk.keep.of_source("web-form", *EVER)

    assert (found.owed_cents, found.revenue_cents, found.margin_cents) == (0, 1_000, 1_000)
    assert (found.payouts.count, found.clawbacks.count) == (2, 1)


def test_a_fixed_payout_may_leave_less_than_nothing() -> None:
    """An auction would not have sold the lead at a loss; a plan of fixed prices does as it is told."""
    desk = a_desk(
        a_buyer("acme", price_cents=1_000), plan=a_plan(), source={"payout": {"fixed_cents": 1_500}}
    )
    desk.keep.pay("acme", a_payment(10_000), "maria", "1")
    desk.sells()

    found = desk.keep.of_source("web-form", *EVER)

    assert (found.owed_cents, found.revenue_cents, found.margin_cents) == (1_500, 1_000, -500)


def test_a_test_lead_moves_no_money() -> None:
    tester = a_buyer("acme", buyer={"status": "test"})
    desk = a_desk(tester, source={"test": True, "payout": {"fixed_cents": 100}})
    lead = desk.sells()

    assert desk.ledger.entries == {}
    desk.returns(lead)
    assert desk.ledger.entries == {}


def test_a_source_that_there_is_not_has_no_statement() -> None:
    with pytest.raises(NotFound):
        a_desk().keep.of_source("nothing", *EVER)


# -------------------------------------------------------------------------------------------------------- races
def test_payments_that_many_send_at_once_and_twice_count_once_each() -> None:
    """Invariant 8, with leads bought in between."""
    desk = a_desk()
    desk.keep.pay("acme", a_payment(100_000), "maria", "first")
    waiting = [desk.takes_in(email=f"m{n}@example.com") for n in range(10)]
    jobs: list[Callable[[], object]] = []
    for n, lead_id in enumerate(waiting):
        pay = partial(desk.keep.pay, "acme", a_payment(100 + n), "maria", f"key-{n}")
        jobs += [pay, partial(desk.sells, lead_id), pay, pay]

    all_at_once(jobs)

    account = desk.keep.account("acme")
    assert account.balance_cents == 100_000 + sum(100 + n for n in range(10)) - 10 * 1_000
    assert account.balance_cents == sum(cents for _, cents in desk.entries("acme"))


def all_at_once(jobs: Sequence[Callable[[], object]]) -> None:
    """Do all of it in threads that take turns often; whoever loses too many races tries again."""

    def do(job: Callable[[], object]) -> None:
        for _ in range(50):
            with suppress(ClaimContention):
                job()
                return

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(do, jobs))
    finally:
        sys.setswitchinterval(before)
