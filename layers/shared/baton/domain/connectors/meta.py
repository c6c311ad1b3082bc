"""Meta's Conversions API: what became of leads, for Facebook and Instagram.

https://developers.facebook.com/documentation/ads-commerce/conversions-api: conversion leads, customer information.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from baton.domain.connectors.audience import email_digest, phone_digest, plain_digest, text_digest
from baton.domain.connectors.connector import Audience, Key
from baton.domain.connectors.talk import News, Reply, Talk, ask
from baton.domain.endpoint import SecretName, Url
from baton.domain.lead import Lead, LeadState

TELLS: Final = {
    LeadState.ASSIGNED: "Assigned",
    LeadState.CONTACTED: "Contacted",
    LeadState.CONVERTED: "Converted",
}
OLDEST: Final = timedelta(days=7) - timedelta(hours=1)
"""An event that is older than a week is refused: what is told later happened then, as far as Meta knows."""
_LIMITS: Final = frozenset({4, 17, 32, 613, *range(80_000, 80_015)})
"""Codes by which Meta says that it is asked too much; their status is 400 or 403.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""
_HASHED: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "em": ("email", email_digest),
    "ph": ("phone", lambda phone: phone_digest(phone, plus=False)),
    "fn": ("first_name", text_digest),
    "ln": ("last_name", text_digest),
    "ct": ("city", plain_digest),
    "st": ("state", plain_digest),
    "zp": ("postal_code", lambda code: plain_digest(code.partition("-")[0])),
    "country": ("country", plain_digest),
}
"""Meta's names, with ours and the digest of each."""


class Meta(Audience):
    """A dataset (pixel) of Meta, by an access token.

    Meta takes two events of one name and id for one. The id is that of the lead, and each is told once.
    """

    system: Literal["meta"]
    url: Url = "https://graph.facebook.com"
    token: SecretName = "token"  # noqa: S105 # the name of a secret
    dataset_id: Annotated[str, Field(pattern=r"^[0-9]{5,30}$")]
    version: Annotated[str, Field(pattern=r"^v\d{1,3}\.\d{1,2}$")] = "v25.0"
    """Of the Graph API."""
    tells: dict[LeadState, Annotated[str, Field(min_length=1, max_length=50)]] = Field(
        default_factory=lambda: dict(TELLS)
    )
    crm: Annotated[str, Field(min_length=1, max_length=100)] = "Baton"
    """What Meta shows as the system that the events come from."""
    test_event_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,30}$")] | None = None
    """With it, events are shown under Test Events, and count for nothing."""

    @property
    def access(self) -> Key:
        """See Connector.access."""
        return Key(self.token)

    def tell(self, news: News) -> Talk[None]:
        """See Connector.tell."""
        person = person_of(news.lead)
        if not person:
            return
        custom: dict[str, Any] = {"event_source": "crm", "lead_event_source": self.crm}
        if news.value_cents is not None:
            custom |= {"value": news.value_cents / 100, "currency": news.currency}
        oldest = news.now - OLDEST
        event = {
            "event_name": self.tells[news.announcement.state],
            "event_time": int(max(news.happened_at, oldest).timestamp()),
            "event_id": f"{news.lead.lead_id}-{news.announcement.state.value}",
            "action_source": "system_generated",
            "user_data": person,
            "custom_data": custom,
        }
        code = {"test_event_code": self.test_event_code} if self.test_event_code else {}
        path = f"/{self.version}/{self.dataset_id}/events"
        yield from ask("event", "POST", path, {"data": [event], **code})

    def is_throttled(self, reply: Reply) -> bool:
        """See Connector.is_throttled."""
        code = reply.at("error", "code")
        return (isinstance(code, int) and code in _LIMITS) or super().is_throttled(reply)

    def check(self) -> Talk[None]:
        """See Connector.check."""
        yield from ask("dataset", "GET", f"/{self.version}/{self.dataset_id}?fields=id")


def person_of(lead: Lead) -> dict[str, Any]:
    """Whom Meta knows by that: the id of its own lead form, and digests. Empty where there is neither."""
    known = {
        name: [digest(value)]
        for name, (field, digest) in _HASHED.items()
        if (value := getattr(lead.contact, field))
    }
    meta_id = lead.attribution.get("meta_lead_id", "")
    theirs = {"lead_id": int(meta_id)} if meta_id.isascii() and meta_id.isdigit() else {}
    return {**known, **theirs} if theirs or "em" in known or "ph" in known else {}
