"""Money: every charge, refund, payment and payout is an entry that never changes. A balance is the sum of entries."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from baton.domain.documents import Document, Instant, Record

SOURCE_PREFIX: Final = "source/"
"""How the accounts of sources are called: they are owed payouts."""
MAX_PAYMENT_CENTS: Final = 100_000_000
"""A million at once: more is a slip of the keyboard."""


class EntryKind(StrEnum):
    """Why money changed hands."""

    CHARGE = "charge"
    """A buyer took a lead: its balance falls."""
    REFUND = "refund"
    """A buyer gave a lead back."""
    TOP_UP = "top_up"
    """A buyer paid in, or paid an invoice."""
    CORRECTION = "correction"
    """A person put something right, in either direction."""
    PAYOUT = "payout"
    """A source is owed its part of a price."""
    CLAWBACK = "clawback"
    """A source is owed less, because its lead came back."""


class Payment(Document):
    """Money that a person enters on a buyer's account."""

    kind: Literal[EntryKind.TOP_UP, EntryKind.CORRECTION]
    cents: Annotated[int, Field(ge=-MAX_PAYMENT_CENTS, le=MAX_PAYMENT_CENTS)]
    """What the balance changes by. Only a correction may be below zero."""
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    """Such as a number of an invoice or a transfer. No personal data: entries stay for ever."""

    @model_validator(mode="after")
    def _changes_the_balance(self) -> Self:
        if self.cents == 0 or (self.cents < 0 and self.kind is EntryKind.TOP_UP):
            message = "a top-up is more than 0 cents, a correction more or less than 0"
            raise ValueError(message)
        return self


class Entry(Record):
    """One movement of money on one account."""

    account: str
    """A buyer's recipient id, or `source/` and a source's id."""
    entry_id: str
    """Unique in its account; sorts as time does."""
    at: Instant
    kind: EntryKind
    cents: int
    """What the balance changes by: a charge is negative."""
    currency: str
    reason: str
    lead_id: str | None = None
    offer_no: int | None = None
    by: str | None = None
    """The user, where a person did it."""
    price_cents: int = 0
    """On a source's account: what the buyer paid for the lead; below zero where it got that back."""
    key: str | None = None
    """Of a payment: the caller's key. The same key is the same payment, however often it is sent."""

    @classmethod
    def of_lead(
        cls,
        account: str,
        kind: EntryKind,
        cents: int,
        currency: str,
        *,
        lead_id: str,
        offer_no: int,
        reason: str,
        at: datetime,
        price_cents: int = 0,
    ) -> "Entry":
        """The entry of a lead: there is one of each kind for each of its offers."""
        return cls(
            account=account,
            entry_id=f"{entry_time(at)}~{lead_id}~{offer_no}~{kind}",
            at=at,
            kind=kind,
            cents=cents,
            currency=currency,
            reason=reason,
            lead_id=lead_id,
            offer_no=offer_no,
            price_cents=price_cents,
        )

    @classmethod
    def of_payment(
        cls, account: str, payment: Payment, currency: str, *, key: str, by: str, at: datetime
    ) -> "Entry":
        """The entry of a payment."""
        return cls(
            account=account,
            entry_id=f"{entry_time(at)}~payment~{key_digest(key)}",
            at=at,
            kind=payment.kind,
            cents=payment.cents,
            currency=currency,
            reason=payment.reason,
            by=by,
            key=key,
        )

    def is_of(self, payment: Payment) -> bool:
        """Whether it is the entry of a payment that says the same."""
        return (self.kind, self.cents, self.reason) == (payment.kind, payment.cents, payment.reason)


@dataclass(frozen=True, slots=True)
class Sum:
    """Entries of one kind together."""

    count: int = 0
    cents: int = 0
    price_cents: int = 0

    def plus(self, cents: int, price_cents: int) -> "Sum":
        """With one more entry."""
        return Sum(self.count + 1, self.cents + cents, self.price_cents + price_cents)


def entry_time(at: datetime) -> str:
    """How the ids of entries of that moment begin."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def percent_of(cents: int, percent: float, *, up: bool = False) -> int:
    """That percentage of an amount, in whole cents, rounded down (or up). Exact: percentages are read as written."""
    share = Fraction(cents) * Fraction(str(percent)) / 100
    return ceil(share) if up else floor(share)


def account_of_source(source_id: str) -> str:
    """The account of what a source is owed."""
    return f"{SOURCE_PREFIX}{source_id}"


def key_digest(key: str) -> str:
    """A caller's key as part of an id: whatever it holds, in 32 characters."""
    return sha256(key.encode()).hexdigest()[:32]
