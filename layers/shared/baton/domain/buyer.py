"""Buyers: companies that pay for leads. How each is asked, served and billed."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from baton.domain.access import KeyHash
from baton.domain.consent import Asked
from baton.domain.documents import Document
from baton.domain.endpoint import Endpoint, SecretName

Cents = Annotated[int, Field(ge=0, le=100_000_000)]
"""An amount of money, in cents of the account's currency; a million at most."""
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""


class BuyerStatus(StrEnum):
    """Whether a buyer takes leads."""

    ACTIVE = "active"
    PAUSED = "paused"
    TEST = "test"
    """Gets test leads only, and nobody else gets those."""


class BillingMode(StrEnum):
    """When a buyer pays."""

    PREPAID = "prepaid"
    """From a balance that was paid in before."""
    INVOICED = "invoiced"
    """Afterwards, up to a credit limit."""


class Billing(Document):
    """How a buyer pays, and how much it may spend."""

    mode: BillingMode = BillingMode.PREPAID
    currency: Currency = "USD"
    credit_limit_cents: Cents = 0
    """How far below zero the balance may go. Only for invoiced buyers."""
    per_day_cents: Cents | None = None
    """Most that the buyer spends in a day of its own time zone; None: no limit."""
    per_month_cents: Cents | None = None

    @model_validator(mode="after")
    def _credit_is_for_invoices(self) -> Self:
        if self.mode is BillingMode.PREPAID and self.credit_limit_cents:
            message = "a prepaid buyer has no credit limit"
            raise ValueError(message)
        return self


class Buyer(Document):
    """What a recipient that buys leads has besides what every recipient has."""

    status: BuyerStatus = BuyerStatus.ACTIVE
    ping: Endpoint | None = None
    """Asked for a bid, without personal data. None: the buyer takes part at its fixed price only."""
    post: Endpoint | None = None
    """Gets the leads. None: they go to the recipient's email address, as text and CSV."""
    status_check: Endpoint | None = None
    """Asked about a post that was not answered, by its `webhook_id`."""
    return_notice: Endpoint | None = None
    """Told what became of the buyer's returns."""
    price_cents: Cents | None = None
    """Fixed price of a lead. None: the buyer bids."""
    hashes: bool = False
    """Whether pings carry `email_sha256` and `phone_sha256`, so that the buyer can look for duplicates."""
    dedupe_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """The buyer gets no second lead of one person within so many days. None: no such limit."""
    consent: Asked | None = None
    """What must prove that a lead's person consented; empty: that they did is enough. None: no consent is needed."""
    billing: Billing = Billing()
    discount_returns: bool = False
    """Whether the buyer's bids count for less in the ranking by the share of leads that it returns."""
    return_keys: Annotated[tuple[KeyHash, ...], Field(max_length=2)] = ()
    """Keys with which the buyer returns leads through the API; two at most, so that one can follow the other."""
    return_secret: SecretName | None = None
    """Name of the Standard Webhooks secret that the buyer signs returns with."""

    @model_validator(mode="after")
    def _can_name_a_price(self) -> Self:
        if self.ping is None and self.price_cents is None:
            message = "a buyer needs an endpoint for pings or a fixed price"
            raise ValueError(message)
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of all secrets that the buyer's endpoints need."""
        endpoints = (self.ping, self.post, self.status_check, self.return_notice)
        names = {e.auth.secret for e in endpoints if e and e.auth.secret} | {self.return_secret}
        return tuple(sorted(name for name in names if name))
