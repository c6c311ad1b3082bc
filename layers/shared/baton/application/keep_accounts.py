"""Keep accounts: how a buyer's account stands, money that comes in, and statements of buyers and sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.ports import Accounts
from baton.domain.buyer import BillingMode
from baton.domain.campaign import Campaign
from baton.domain.caps import Span, window
from baton.domain.errors import ClaimContention, IdempotencyConflict, NotFound
from baton.domain.money import Entry, EntryKind, Sum, account_of_source
from baton.domain.recipient import Recipient
from baton.domain.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.archive import Configuration
    from baton.application.ports import Clock, Ledger
    from baton.domain.buyer import Billing
    from baton.domain.editing import Page
    from baton.domain.money import Payment
    from baton.domain.standing import Usage

ATTEMPTS: Final = 16
"""A busy buyer's account is written by every lead that it buys."""
STEADY: Final = 3
"""How often an account is waited for to stand still while it is added up."""
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
END: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Before and after any entry."""


class KeptAccounts(Accounts, Protocol):
    """Accounts that know a payment by its caller's key, and that add up."""

    def paid(self, account: str, key: str) -> Entry | None:
        """The payment that was booked on the account under that key."""
        ...

    def sums(self, account: str, since: datetime, until: datetime) -> Mapping[EntryKind, Sum]:
        """The account's entries from `since` to before `until`, added up by kind. The time grows with their number."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """How a buyer's account stands. All amounts in cents; what is spent includes what is held."""

    recipient_id: str
    billing: Billing
    balance_cents: int
    held_cents: int
    """Prices of leads that are being delivered."""
    spent_today_cents: int
    spent_this_month_cents: int
    """On the buyer's own calendar, like the caps on spending."""

    @classmethod
    def of(cls, recipient: Recipient, billing: Billing, usage: Usage, now: datetime) -> Account:
        """The account as the standings have it."""
        spent = [usage.spent.get(window(span, now, recipient.zone), 0) for span in (Span.DAY, Span.MONTH)]
        return cls(recipient.id, billing, usage.balance_cents, usage.held_cents, *spent)

    @property
    def available_cents(self) -> int:
        """Balance and credit without what is held. Below zero where credit was cut or a correction took it."""
        credit = self.billing.credit_limit_cents if self.billing.mode is BillingMode.INVOICED else 0
        return self.balance_cents + credit - self.held_cents

    @property
    def can_spend_cents(self) -> int:
        """The most that one more lead may cost now: what is available, and within the caps of day and month."""
        day, month = self.billing.per_day_cents, self.billing.per_month_cents
        room = [cap - spent for cap, spent in self._caps(day, month) if cap is not None]
        return max(0, min(self.available_cents, *room) if room else self.available_cents)

    def _caps(self, day: int | None, month: int | None) -> tuple[tuple[int | None, int], ...]:
        return (day, self.spent_today_cents), (month, self.spent_this_month_cents)


@dataclass(frozen=True, slots=True)
class Summary:
    """What all entries of a period add up to."""

    opening_cents: int
    closing_cents: int
    totals: Mapping[EntryKind, Sum]


@dataclass(frozen=True, slots=True)
class Statement:
    """A buyer's account over a period: some of its entries, and with the first of them the summary of all."""

    entries: Page[Entry]
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class SourceStatement:
    """What a source is owed for a period, and what its leads brought."""

    currency: str
    payouts: Sum
    """One for each sale, also of a lead for which nothing is paid."""
    clawbacks: Sum

    @property
    def owed_cents(self) -> int:
        """Payouts less what was returned."""
        return self.payouts.cents + self.clawbacks.cents

    @property
    def revenue_cents(self) -> int:
        """What buyers paid, less what they got back."""
        return self.payouts.price_cents + self.clawbacks.price_cents

    @property
    def margin_cents(self) -> int:
        """What is left of the revenue once the source is paid."""
        return self.revenue_cents - self.owed_cents


class KeepAccounts:
    """A balance is the sum of its entries: whatever changes it writes one."""

    def __init__(
        self, accounts: KeptAccounts, ledger: Ledger, configuration: Configuration, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._configuration = configuration
        self._clock = clock

    def account(self, recipient_id: str) -> Account:
        """How the buyer's account stands now. Raises NotFound for whoever is no buyer."""
        recipient, billing = self._buyer(recipient_id)
        return Account.of(recipient, billing, self._usage(recipient_id), self._clock.now())

    def pay(self, recipient_id: str, payment: Payment, by: str, key: str) -> Entry:
        """The payment's entry. The same key is the same payment, today or in a year, and counts once.

        Raises NotFound; IdempotencyConflict where the key was used for another payment; ClaimContention.
        """
        _, billing = self._buyer(recipient_id)
        for _ in range(ATTEMPTS):
            known = self._accounts.paid(recipient_id, key)
            if known and not known.is_of(payment):
                message = f"this key was used for {known.kind} of {known.cents} cents"
                raise IdempotencyConflict(message)
            if known:
                return known
            now = self._clock.now()
            entry = Entry.of_payment(recipient_id, payment, billing.currency, key=key, by=by, at=now)
            if self._accounts.book(entry, self._usage(recipient_id).credited(payment.cents)):
                return entry
        raise ClaimContention(recipient_id)

    def statement(
        self, recipient_id: str, since: datetime, until: datetime, limit: int, after: str | None = None
    ) -> Statement:
        """The account from `since` to before `until`, at most `limit` entries after that id. Raises NotFound."""
        self._buyer(recipient_id)
        page = self._accounts.entries(recipient_id, since, until, limit, after)
        return Statement(page, None if after else self._summary(recipient_id, since, until))

    def _summary(self, account: str, since: datetime, until: datetime) -> Summary:
        totals = self._accounts.sums(account, since, until)
        opening = self._opening(account, since)
        return Summary(opening, opening + _cents(totals), totals)

    def _opening(self, account: str, since: datetime) -> int:
        """The balance at that moment: today's without what came later, or what came before.

        The first reads no more than what is new, but holds only where nothing is booked meanwhile.
        """
        for _ in range(STEADY):
            usage = self._usage(account)
            later = self._accounts.sums(account, since, END)
            if self._usage(account).rev == usage.rev:
                return usage.balance_cents - _cents(later)
        return _cents(self._accounts.sums(account, BEGINNING, since))

    def of_source(self, source_id: str, since: datetime, until: datetime) -> SourceStatement:
        """What the source is owed from `since` to before `until`. Raises NotFound."""
        source = self._configuration.get(Source, source_id)
        campaign = self._configuration.get(Campaign, source.campaign_id)
        sums = self._accounts.sums(account_of_source(source_id), since, until)
        none = Sum()
        return SourceStatement(
            campaign.currency,
            payouts=sums.get(EntryKind.PAYOUT, none),
            clawbacks=sums.get(EntryKind.CLAWBACK, none),
        )

    def _buyer(self, recipient_id: str) -> tuple[Recipient, Billing]:
        found = self._configuration.get_many(Recipient, [recipient_id]).get(recipient_id)
        if found is None or found.buyer is None:
            kind = "buyer"
            raise NotFound(kind, recipient_id)
        return found, found.buyer.billing

    def _usage(self, recipient_id: str) -> Usage:
        return self._ledger.standings([], [recipient_id]).used(recipient_id)


def _cents(sums: Mapping[EntryKind, Sum]) -> int:
    return sum(one.cents for one in sums.values())
