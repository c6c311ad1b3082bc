"""Recipients: who can get a lead. A rep is a person; a buyer is a company with an endpoint."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from baton.domain.buyer import Buyer
from baton.domain.caps import Caps, WindowCaps
from baton.domain.condition_tests import Test, compile_condition
from baton.domain.conditions import Condition
from baton.domain.documents import Configured, Id, Instant
from baton.domain.schedule import Schedule
from baton.domain.zones import ZoneName

Phone = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
"""An E.164 phone number."""
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


FAR: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Beyond this nobody plans, and calendars come to their end."""


class RecipientType(StrEnum):
    """What a recipient is."""

    REP = "rep"
    BUYER = "buyer"


class Channel(StrEnum):
    """How a rep hears of a lead."""

    SMS = "sms"
    EMAIL = "email"


class Recipient(Configured):
    """Somebody who can get a lead, with what must hold for that."""

    kind = "recipient"

    type: RecipientType = RecipientType.REP
    name: Annotated[str, Field(min_length=1, max_length=100)]
    phone: Phone | None = None
    email: Email | None = None
    zone: ZoneName
    active: bool = True
    paused: bool = False
    """Whether the rep wants no leads until further notice. `active` is for operations, this is for the rep."""
    away_until: Annotated[Instant, Field(lt=FAR)] | None = None
    """The rep wants no leads before this moment."""
    channels: Annotated[frozenset[Channel], Field(min_length=1)] = frozenset(Channel)
    """How the rep wants to hear of leads, of the ways there are."""
    schedule: Schedule = Schedule()
    accepts: Condition | None = None
    """Which leads this recipient may get: territory, language, product, score. None: any."""
    caps: Caps = Caps()
    campaign_caps: Annotated[dict[Id, WindowCaps], Field(max_length=50)] = Field(default_factory=dict)
    """Caps on the leads of single campaigns, by the campaign's id."""
    buyer: Buyer | None = None
    """What only buyers have: endpoints, prices, billing."""

    @model_validator(mode="after")
    def _is_rep_or_buyer(self) -> Self:
        if (self.type is RecipientType.BUYER) != (self.buyer is not None):
            message = "a buyer needs the field 'buyer', and nobody else has it"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.buyer is None and not (self.phone or self.email):
            message = "a rep needs a phone number or an email address"
            raise ValueError(message)
        if self.buyer is not None and self.buyer.post is None and not self.email:
            message = "a buyer without an endpoint for posts needs an email address"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _hears_of_leads(self) -> Self:
        if self.buyer is None and not self.reachable_by:
            message = f"none of the channels {sorted(self.channels)} has a number or an address"
            raise ValueError(message)
        return self

    @property
    def reachable_by(self) -> tuple[Channel, ...]:
        """The channels that the rep wants and has an address for."""
        known = {Channel.SMS: self.phone, Channel.EMAIL: self.email}
        return tuple(channel for channel in Channel if channel in self.channels and known[channel])

    def is_away(self, now: datetime) -> bool:
        """Whether the rep has said to be away at that moment."""
        return self.paused or (self.away_until is not None and now < self.away_until)

    @cached_property
    def accepts_test(self) -> Test:
        """`accepts`, compiled once."""
        return compile_condition(self.accepts)

    def wanting_nobody_twice_in(self, days: int) -> "Recipient":
        """The recipient as a campaign has it whose buyers get no person twice within so many days."""
        if self.buyer is None or (self.buyer.dedupe_days or 0) >= days:
            return self
        return self.model_copy(update={"buyer": self.buyer.model_copy(update={"dedupe_days": days})})
