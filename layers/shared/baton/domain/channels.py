"""Channels: the ways of telling a rep of a lead, in which order they are used, and what each of them needs to know."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from baton.domain.documents import Document, Instant
from baton.domain.endpoint import SecretName, Url
from baton.domain.quiet import ClockTime, QuietHours, hold_off


class Channel(StrEnum):
    """How a rep hears of a lead."""

    SMS = "sms"
    EMAIL = "email"
    SLACK = "slack"
    TEAMS = "teams"
    WEBHOOK = "webhook"
    CONNECT = "connect"


def _in_steps(given: Any) -> Any:
    """A plain list of channels is one step: all of them at once. So it was written before there were steps."""
    if isinstance(given, (str, Mapping)) or not hasattr(given, "__iter__"):
        return given
    listed = list(given)
    if listed and all(isinstance(one, str) for one in listed):
        known = [str(channel) for channel in Channel]
        # A set has no order of its own, and what is stored must not depend on chance.
        return [sorted(set(listed), key=lambda one: (known.index(one) if one in known else len(known), one))]
    return listed


Step = Annotated[tuple[Channel, ...], Field(min_length=1, max_length=len(Channel))]
"""Channels that are used at once."""
Steps = Annotated[tuple[Step, ...], BeforeValidator(_in_steps), Field(min_length=1, max_length=len(Channel))]
"""Channels in the order in which they are tried: the next step comes when the whole one before has failed."""
SMS_AND_EMAIL: Final[Steps] = ((Channel.SMS, Channel.EMAIL),)
"""What holds for whoever says nothing else."""


class SlackPlace(Document):
    """Where somebody is found in Slack."""

    user: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,20}$")]
    """The person's id: whoever else presses a button of theirs is told no."""
    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,20}$")] | None = None
    """Where messages go, for others to see; without it, to the person alone."""


class TeamsPlace(Document):
    """Where somebody is found in Microsoft Teams."""

    secret: SecretName = "teams"  # noqa: S105 # the name of one
    """Name of the secret that holds the URL of the workflow which posts to them."""


class WebhookPlace(Document):
    """Another company's system that tells somebody in its own way: by voice call, WhatsApp, a call centre."""

    url: Url
    """Where offers are posted to. Over https: anything else is not sent."""
    secrets: Annotated[tuple[SecretName, ...], Field(min_length=1, max_length=2)] = ("signing",)
    """Names of Standard Webhooks secrets. All of them sign: two, while one follows the other."""


class ConnectPlace(Document):
    """How somebody is told by Amazon Connect."""

    how: Literal["task", "call"] = "task"
    """A task for an agent; or a call to the rep's phone, whose flow can connect it with the lead."""
    flow: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    """Id of a flow other than the deployment's own."""


class RepQuiet(Document):
    """When a rep is not to be disturbed, on their own clock, and by what."""

    begin: ClockTime = "21:00"
    end: ClockTime = "07:00"
    channels: Annotated[frozenset[Channel], Field(min_length=1)] = frozenset(
        {Channel.SMS, Channel.WEBHOOK, Channel.CONNECT}
    )
    """What waits meanwhile. Mails and chats wake nobody, unless it is said here that they do."""

    @model_validator(mode="after")
    def _leaves_some_time(self) -> "RepQuiet":
        QuietHours(begin=self.begin, end=self.end)
        return self

    def until(self, zone: str, now: datetime) -> datetime | None:
        """When the quiet hours are over that it is now; None: it is none."""
        found = hold_off(QuietHours(begin=self.begin, end=self.end), (zone,), now)
        return found.until if found else None


class Failing(Document):
    """An address at which somebody cannot be reached. It counts as long as it is the rep's."""

    channel: Channel
    address: Annotated[str, Field(min_length=1, max_length=254)]
    why: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    since: Instant


def address_mark(address: str, lead_id: str) -> str:
    """What tells whether an address is still the one that a lead's message went to, and not which it is."""
    return blake2b(f"{lead_id}\n{address}".encode(), digest_size=8).hexdigest()
