"""Campaigns: what a lead is for."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from baton.domain.buyer import Currency
from baton.domain.documents import Configured, Document, Id
from baton.domain.fields import FieldType
from baton.domain.scoring import Scoring


class Reveal(StrEnum):
    """When a rep sees a lead's personal details in full."""

    AT_ONCE = "at_once"
    AFTER_ACCEPTANCE = "after_acceptance"


class Policy(StrEnum):
    """What a tie to an earlier lead's owner means for a lead."""

    OFF = "off"
    PREFER = "prefer"
    """The owner goes first, if eligible; else the plan goes on as for any lead."""
    REQUIRE = "require"
    """Nobody but the owner: if the owner is not eligible, the lead waits unassigned."""


class Sticky(Document):
    """Who gets the lead of a person, or of a company, that somebody already looks after."""

    person: Policy = Policy.OFF
    """A lead with the same email address or phone number as an earlier one."""
    company: Policy = Policy.OFF
    """A lead with the same email domain as an earlier one; domains of mail providers do not count."""
    window_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """For how long somebody is the owner after their last lead of that person or company."""


class ReturnPolicy(Document):
    """Which leads buyers may give back."""

    reasons: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")], ...], Field(max_length=50)
    ] = (
        "invalid_contact",
        "duplicate",
        "wrong_person",
        "no_consent",
    )
    window_days: Annotated[int, Field(ge=0, le=365)] = 7
    """How long after the sale. 0: no returns."""
    max_percent: Annotated[float, Field(ge=0, le=100)] = 20
    """Most returns of a buyer, in percent of the leads that it bought in this calendar week and the three before."""
    auto_approve: bool = False
    """Whether a return that keeps the rules is approved at once. If not it waits for a person."""
    resell: bool = True
    """Whether a returned lead is offered to those who have not had it."""


_PINGABLE = (
    r"^(contact\.(city|state|postal_code|country)|attributes\.[^.]+|attribution\.[a-z0-9_]+"
    r"|score|source|campaign)$"
)
PingField = Annotated[str, Field(pattern=_PINGABLE)]
"""A field that a ping may carry. Of the contact only where somebody lives: no name, address line, email or number."""


class Campaign(Configured):
    """The fields a lead must have, how it is scored, and the plan that distributes it."""

    kind = "campaign"

    name: str
    plan_id: Id
    required: tuple[Annotated[str, Field(pattern=r"^(contact|attributes)\.[^.]+$")], ...] = ()
    """Fields that a lead must have, as `contact.email` or `attributes.product`."""
    scoring: Scoring = Scoring()
    reveal: Reveal = Reveal.AT_ONCE
    sticky: Sticky = Sticky()
    attributes: Annotated[dict[str, FieldType], Field(max_length=200)] = Field(default_factory=dict)
    """The attributes that leads of this campaign have, with their types. Empty: any, of any type."""
    currency: Currency = "USD"
    """Of all prices, bids and costs."""
    pingable: Annotated[tuple[PingField, ...], Field(max_length=200)] = ()
    """What pings to buyers may carry: `contact.state`, `contact.postal_code`, `attributes.roof_m2`, `score`."""
    returns: ReturnPolicy = ReturnPolicy()
