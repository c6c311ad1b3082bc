"""Recipients: who can get a lead. A rep is a person; a buyer is a company with an endpoint."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from baton.domain.buyer import Buyer
from baton.domain.caps import Caps, WindowCaps
from baton.domain.channels import (
    SMS_AND_EMAIL,
    ConnectPlace,
    Failing,
    RepQuiet,
    SlackPlace,
    Steps,
    TeamsPlace,
    WebhookPlace,
)
from baton.domain.channels import Channel as Channel  # noqa: PLC0414 # it is known from here too
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
    channels: Steps = SMS_AND_EMAIL
    """How the rep hears of leads: steps in their order, each of channels that are used at once."""
    slack: SlackPlace | None = None
    teams: TeamsPlace | None = None
    webhook: WebhookPlace | None = None
    connect: ConnectPlace | None = None
    quiet: RepQuiet | None = None
    """When which of the channels wait."""
    failing: Annotated[tuple[Failing, ...], Field(max_length=10)] = ()
    """Addresses that are left out, because what was sent there came back. Baton notes them; taken out, they are used
    again."""
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
        if self.buyer is None and not any(self._places.values()):
            message = "a rep needs a phone number or an email address, or another channel"
            raise ValueError(message)
        if self.buyer is not None and self.buyer.post is None and not self.email:
            message = "a buyer without an endpoint for posts needs an email address"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _hears_of_leads(self) -> Self:
        if self.buyer is not None:
            return self
        named = [channel for step in self.channels for channel in step]
        if len(set(named)) < len(named):
            message = "no channel may be used twice"
            raise ValueError(message)
        strange = sorted(
            channel.value
            for channel in {*named} - {Channel.SMS, Channel.EMAIL}
            if self._places[channel] is None
        )
        if strange:
            message = (
                f"the channels {', '.join(strange)} need fields of their names, and a call a phone number"
            )
            raise ValueError(message)
        if not self.steps:
            known = ", ".join(sorted(channel.value for channel in named))
            message = f"none of the channels ({known}) can be used: sms needs `phone`, email `email`"
            raise ValueError(message)
        return self

    @property
    def _places(self) -> dict[Channel, object]:
        """Where each channel finds the rep."""
        calls = self.connect is not None and self.connect.how == "call"
        return {
            Channel.SMS: self.phone,
            Channel.EMAIL: self.email,
            Channel.SLACK: self.slack,
            Channel.TEAMS: self.teams,
            Channel.WEBHOOK: self.webhook,
            Channel.CONNECT: self.connect if self.phone or not calls else None,
        }

    @property
    def steps(self) -> tuple[tuple[Channel, ...], ...]:
        """The channels that the rep wants and has an address for, in their order."""
        places = self._places
        known = [tuple(channel for channel in step if places[channel]) for step in self.channels]
        return tuple(step for step in known if step)

    @property
    def reachable_by(self) -> tuple[Channel, ...]:
        """Of SMS and email those that the rep wants and has a working address for, whatever their order."""
        wanted = {channel for step in self.steps for channel in step} - {*self.not_working}
        return tuple(channel for channel in (Channel.SMS, Channel.EMAIL) if channel in wanted)

    @property
    def not_working(self) -> dict[Channel, str]:
        """Channels whose address is known to fail, and why. A new address has not failed yet."""
        addresses = {Channel.SMS: self.phone, Channel.EMAIL: self.email}
        return {one.channel: one.why for one in self.failing if addresses.get(one.channel) == one.address}

    def quiet_until(self, channel: Channel, now: datetime) -> datetime | None:
        """Until when that channel has to wait for the rep's quiet hours; None: it need not."""
        if self.quiet is None or channel not in self.quiet.channels:
            return None
        return self.quiet.until(self.zone, now)

    def silent_until(self, now: datetime) -> datetime | None:
        """Until when every channel that works has to wait for the rep's quiet hours; None: one need not."""
        useful = {channel for step in self.steps for channel in step} - {*self.not_working}
        waits = [self.quiet_until(channel, now) for channel in useful]
        return max((until for until in waits if until), default=None) if all(waits) else None

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
