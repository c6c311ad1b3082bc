"""Sources: where leads come from, and what each may send from where."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from baton.domain.access import KeyHash
from baton.domain.body_signature import BodySignature
from baton.domain.buyer import Cents
from baton.domain.documents import Configured, Document, Id
from baton.domain.endpoint import SecretName
from baton.domain.form_words import FormWords
from baton.domain.hooks.settings import Hooks
from baton.domain.money import percent_of
from baton.domain.spam import SpamGuard

Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.\-]+(:\d{1,5})?$", max_length=253)]
"""Scheme, host and optional port of a web site, as browsers send it in the Origin header."""

_SUB_SOURCE = re.compile(r"[A-Za-z0-9._+-]{1,64}")
"""What may say where leads come from. An address is none, nor are several words: reports show it to everybody."""
_OF_ONE_VISIT: Final = frozenset(
    {"gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "click_id", "utm_term"}
)
"""What advertisements say that is another for every visitor, or what the visitor has typed."""
_IN_A_HEADER = re.compile(r"[!-\[\]-~]{1,2000}")
"""Visible ASCII without the backslash, which browsers take for a slash."""


class Payout(Document):
    """What a source is paid for a lead that was sold: a fixed amount, or a share of the price."""

    fixed_cents: Cents = 0
    share_percent: Annotated[float, Field(ge=0, le=100)] = 0

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if self.fixed_cents and self.share_percent:
            message = "a payout is a fixed amount or a share, not both"
            raise ValueError(message)
        return self

    def of(self, price_cents: int) -> int:
        """What the source gets for a lead of that price, in cents; a share is rounded down."""
        return self.fixed_cents or percent_of(price_cents, self.share_percent)


class Limits(Document):
    """How much a vendor may send."""

    per_day: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """Leads in a day (UTC); None: no limit."""
    budget_cents: Cents | None = None
    """No lead is taken once the source was paid so much for sales of the day (UTC); those on their way are paid too."""
    min_price_cents: Cents = 0
    """A ping that would bring the source less is answered with no price."""
    max_return_percent: Annotated[float, Field(gt=0, le=100)] | None = None
    """The source is paused by itself when buyers return more of its leads, of the last four weeks."""
    returns_from: Annotated[int, Field(ge=1, le=10_000)] = 20
    """How many leads must have been sold before the return rate says anything."""

    @property
    def count_sales(self) -> bool:
        """Whether sales and returns have to be counted: if not they are not, since all of them would write one row."""
        return self.budget_cents is not None or self.max_return_percent is not None

    @property
    def are_daily(self) -> bool:
        """Whether the leads or the money of a day are limited."""
        return self.per_day is not None or self.budget_cents is not None


class Source(Configured):
    """A web form, an ad platform or a vendor that posts leads for one campaign."""

    kind = "source"

    name: str
    campaign_id: Id
    active: bool = True
    allowed_origins: tuple[Origin, ...] = ()
    """Web sites whose pages may post and be redirected to. Empty: any page may post, none is redirected to."""
    honeypot_field: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """A form field that people cannot see. A lead that fills it is quarantined."""
    spam: SpamGuard = SpamGuard()
    score_points: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """What each lead of this source has in points from the outset: how good its leads are known to be."""
    cost_cents: Annotated[int, Field(ge=0)] = 0
    """What one lead of this source costs, in cents of the campaign's currency."""
    sub_source_field: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")] = "utm_campaign"
    """The attribution field that says which publisher, placement or advertisement of the source a lead is from."""
    payout: Payout = Payout()
    limits: Limits = Limits()
    api_keys: Annotated[tuple[KeyHash, ...], Field(max_length=2)] = ()
    """Digests of API keys; whoever shows one of the keys is let in. Two, so that one can follow the other."""
    secret: SecretName | None = None
    """Name of a Standard Webhooks secret; whoever signs with it is let in."""
    signature: BodySignature | None = None
    """A signature in a header of the sender's choice; whoever signs so is let in. Without it, a secret and keys, leads
    come from anybody, pings from nobody."""
    form: FormWords | None = None
    """What its form says, where it has one; None: nobody has said so yet."""
    hooks: Hooks = Hooks()
    """What the source takes from ad platforms and form services."""
    test: bool = False
    """Whether all leads of the source are test leads: they cost nothing and reach test buyers only."""

    @field_validator("sub_source_field")
    @classmethod
    def _is_of_many(cls, field: str) -> str:
        if field in _OF_ONE_VISIT:
            message = "is another for every visitor: choose a field that many leads have the same value of"
            raise ValueError(message)
        return field

    @property
    def knows_senders(self) -> bool:
        """Whether only senders who show who they are get in."""
        return bool(self.api_keys or self.secret or self.signature)

    @property
    def secret_names(self) -> tuple[str, ...]:
        """Every secret that the document speaks of, once."""
        hooks = self.hooks
        google, meta, linkedin, typeform = hooks.google_ads, hooks.meta, hooks.linkedin, hooks.typeform
        named = (
            self.secret,
            self.signature.secret if self.signature else None,
            self.spam.challenge.secret if self.spam.challenge else None,
            google.key if google else None,
            *((meta.app_secret, meta.verify_token, meta.access_token) if meta else ()),
            *((linkedin.client_secret, linkedin.access_token) if linkedin else ()),
            typeform.secret if typeform else None,
        )
        return tuple(dict.fromkeys(name for name in named if name))

    def sub_source_of(self, attribution: Mapping[str, str]) -> str | None:
        """Which part of the source a lead with that attribution is from; None where it is not said in plain words."""
        said = attribution.get(self.sub_source_field, "").strip()
        return said if _SUB_SOURCE.fullmatch(said) else None

    def allows_page(self, origin: str | None) -> bool:
        """Whether a page of that web site may post here. Callers that are no browsers name no origin."""
        return not origin or not self.allowed_origins or origin in self.allowed_origins

    def allows_redirect(self, url: str) -> bool:
        """Whether a browser may be sent to that address after posting: only to the sites that are listed."""
        if not _IN_A_HEADER.fullmatch(url):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return f"{parts.scheme}://{parts.netloc}" in self.allowed_origins
