"""Money through the API: accounts, statements, payments. With secrets and returns: every route of function account."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import BaseModel

from baton.domain.buyer import BillingMode
from baton.domain.errors import FieldError
from baton.domain.money import EntryKind, Payment
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.moments import Moment
from baton.entrypoints.console.returns import returns
from baton.entrypoints.console.routes import DEFAULT_PAGE, After, Key, Limit, Router, Routes, existing_id
from baton.entrypoints.console.secrets import secrets
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.keep_accounts import Account, KeepAccounts, SourceStatement, Statement
    from baton.application.keep_accounts import Summary as Added
    from baton.application.keep_secrets import KeepSecrets
    from baton.application.return_lead import ReturnLead
    from baton.domain.money import Entry

SENT: Final = ("malformed-body", "unsupported-media-type", "body-too-large")
Since = Annotated[Moment, Query(description="Where the period begins.")]
Until = Annotated[Moment, Query(description="Where it ends: what is booked at that moment is no part of it.")]
PaymentKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,200}$",
        description="The same key is the same payment, however often and however late it is sent.",
    ),
]


class BuyerAccount(BaseModel):
    """How a buyer's account stands. What is spent includes what is held for leads that are being delivered."""

    recipient_id: str
    mode: BillingMode
    currency: str
    balance_cents: int
    """The sum of all entries. Below zero: what an invoiced buyer owes."""
    held_cents: int
    credit_limit_cents: int
    available_cents: int
    """Balance and credit without what is held."""
    can_spend_cents: int
    """The most that one more lead may cost now: what is available, within the caps of day and month."""
    spent_today_cents: int
    per_day_cents: int | None
    spent_this_month_cents: int
    per_month_cents: int | None

    @classmethod
    def of(cls, account: "Account") -> "BuyerAccount":
        """What the API shows of it."""
        own = {name: getattr(account, name) for name in cls.model_fields if hasattr(account, name)}
        return cls(**own, **account.billing.model_dump())


class BookedEntry(BaseModel):
    """One movement of money. It never changes."""

    entry_id: str
    at: datetime
    kind: EntryKind
    cents: int
    """What the balance changed by: a charge is negative."""
    currency: str
    reason: str
    lead_id: str | None
    offer_no: int | None
    by: str | None

    @classmethod
    def of(cls, entry: "Entry") -> "BookedEntry":
        """What the API shows of it."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class Total(BaseModel):
    """Entries of one kind together."""

    count: int
    cents: int


class Summary(BaseModel):
    """What all entries of a period add up to. Opening balance and totals make the closing balance."""

    opening_cents: int
    closing_cents: int
    totals: dict[EntryKind, Total]


class BuyerStatement(BaseModel):
    """A buyer's account over a period."""

    recipient_id: str
    since: datetime
    until: datetime
    summary: Summary | None
    """Of the whole period, with its first page only."""
    items: list[BookedEntry]
    next: str | None
    """Send it as `after` for the next ones; null: these were the last."""

    @classmethod
    def of(cls, recipient_id: str, since: datetime, until: datetime, found: "Statement") -> "BuyerStatement":
        """What the API shows of it."""
        return cls(
            recipient_id=recipient_id,
            since=since,
            until=until,
            summary=_summary(found.summary) if found.summary else None,
            items=[BookedEntry.of(entry) for entry in found.entries.items],
            next=found.entries.after,
        )


class SourceMoney(BaseModel):
    """What a source is owed for a period, and what its leads brought."""

    source_id: str
    since: datetime
    until: datetime
    currency: str
    sales: int
    returns: int
    payouts_cents: int
    clawbacks_cents: int
    """What is not owed after all, since leads came back: zero or less."""
    owed_cents: int
    revenue_cents: int
    """What buyers paid, less what they got back."""
    margin_cents: int
    """Revenue less what is owed."""

    @classmethod
    def of(cls, source_id: str, since: datetime, until: datetime, found: "SourceStatement") -> "SourceMoney":
        """What the API shows of it."""
        return cls(
            source_id=source_id,
            since=since,
            until=until,
            currency=found.currency,
            sales=found.payouts.count,
            returns=found.clawbacks.count,
            payouts_cents=found.payouts.cents,
            clawbacks_cents=found.clawbacks.cents,
            owed_cents=found.owed_cents,
            revenue_cents=found.revenue_cents,
            margin_cents=found.margin_cents,
        )


class Accounts:
    """The operations on accounts."""

    def __init__(self, router: Router, keep: Callable[[], "KeepAccounts"]) -> None:
        self._router = router
        self._keep = keep

    def read(self, key: Key) -> Answer:
        """Say how a buyer's account stands, and what it can still spend."""
        account = self._keep().account(existing_id(Recipient, key))
        return as_json(200, BuyerAccount.of(account).model_dump(mode="json"))

    def pay(self, key: Key, document: Any, idempotency_key: PaymentKey) -> Answer:
        """Book a payment or a correction on a buyer's account."""
        who = existing_id(Recipient, key)
        entry = self._keep().pay(who, document, author_of(self._router), idempotency_key)
        return as_json(201, BookedEntry.of(entry).model_dump(mode="json"))

    def statement(
        self, key: Key, since: Since, until: Until, limit: Limit = DEFAULT_PAGE, after: After = None
    ) -> Answer:
        """Give a buyer's statement of a period, oldest entry first."""
        _check(since, until)
        found = self._keep().statement(existing_id(Recipient, key), since, until, limit, after)
        return as_json(200, BuyerStatement.of(key, since, until, found).model_dump(mode="json"))

    def of_source(self, key: Key, since: Since, until: Until) -> Answer:
        """Give a source's payouts of a period, and the margin that its leads left."""
        _check(since, until)
        found = self._keep().of_source(existing_id(Source, key), since, until)
        return as_json(200, SourceMoney.of(key, since, until, found).model_dump(mode="json"))


def accounts(keep: Callable[[], "KeepAccounts"]) -> Router:
    """The routes of accounts."""
    routes = Routes("money")
    serve, add, one = Accounts(routes.router, keep), routes.add, "/v1/recipients/<recipient_id>"
    stands = described(200, BuyerAccount, "The account at this moment.", "not-found")
    stated = described(
        200, BuyerStatement, "Some entries, with the first of them what all add up to.", "not-found"
    )
    owed = described(200, SourceMoney, "Payouts and margin of the period.", "not-found")
    booked = described(201, BookedEntry, "It is booked.", "not-found", "idempotency-key-reused", *SENT)
    add("GET", f"{one}/account", serve.read, "read_account", stands)
    add("GET", f"{one}/statement", serve.statement, "read_statement", stated)
    add("POST", f"{one}/payments", serve.pay, "book_payment", booked, body=Payment)
    add("GET", "/v1/sources/<source_id>/statement", serve.of_source, "read_source_statement", owed)
    return routes.router


def accounts_api(
    keep: Callable[[], "KeepAccounts"],
    store: Callable[[], "KeepSecrets"],
    take_back: Callable[[], "ReturnLead"],
) -> Console:
    """The handler over these use cases, each made when the first request needs it."""
    return Console([accounts(keep), secrets(store), returns(take_back)])


def _summary(found: "Added") -> Summary:
    totals = {kind: Total(count=one.count, cents=one.cents) for kind, one in found.totals.items()}
    return Summary(opening_cents=found.opening_cents, closing_cents=found.closing_cents, totals=totals)


def _check(since: datetime, until: datetime) -> None:
    if since >= until:
        raise InvalidRequest([FieldError("until", "must be later than since")])
