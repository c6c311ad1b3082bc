"""Promises: the price that a vendor was told for a lead before it sent the lead itself."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import Field

from baton.domain.auction import Auction
from baton.domain.documents import Instant, Record
from baton.domain.errors import FieldError
from baton.domain.exchange import Exchange
from baton.domain.lead import Lead


class PromisedBid(Record):
    """One of those who are to have the lead."""

    bid_id: str
    """What the vendor is told in place of the buyer's name."""
    recipient_id: str
    price_cents: int
    """What the source gets if that buyer takes the lead."""


class Promise(Record):
    """A ping that was answered with a price. The lead that comes with its id in time is sold on these terms."""

    ping_id: str
    rev: int = 1
    source_id: str
    campaign_id: str
    plan_id: str
    plan_version: int
    test: bool = False
    made_at: Instant
    good_until: Instant
    digests: dict[str, str] = Field(default_factory=dict)
    """Digest of each field of the ping: the lead has to say the same."""
    auction: Auction
    bids: tuple[PromisedBid, ...] = ()
    """Those who are to have the lead, the best first: as many as it has shares, or fewer."""
    price_cents: int
    """What the source gets if the lead is sold to those who are to have it."""
    currency: str
    lead_id: str | None = None
    """The lead that came with it."""

    def differences(self, lead: Lead) -> tuple[FieldError, ...]:
        """Every field in which the lead is not what the ping said. What a ping did not say a lead may add."""
        digests = digests_of(self.ping_id, lead)
        differ = [name for name, digest in self.digests.items() if digests.get(name) != digest]
        if self.test != lead.test:
            differ.append("test")
        return tuple(FieldError(name, "is not what the ping said") for name in sorted(differ))

    def terms_for(self, lead: Lead) -> Lead:
        """The lead on the terms of the promise: on that plan version, at that stage, after that auction."""
        return lead.model_copy(
            update={
                "ping_id": self.ping_id,
                "plan_id": self.plan_id,
                "plan_version": self.plan_version,
                "stage": self.auction.stage,
                "auctions": self.auction.no,
                "auction_stage": self.auction.stage,
                "shares": self.auction.shares,
                "promised": {bid.recipient_id: bid.price_cents for bid in self.bids},
            }
        )

    def auction_for(self, lead: Lead) -> Auction:
        """The promise's auction as the lead's own."""
        return self.auction.model_copy(update={"lead_id": lead.lead_id})

    def used_by(self, lead: Lead) -> "Promise":
        """The promise once its lead has come."""
        return self.model_copy(update={"rev": self.rev + 1, "lead_id": lead.lead_id})


class PingExchange(Exchange):
    """What was said to a buyer and by it about a ping. Its lead may never come: it is not kept as a lead's is."""

    good_until: Instant
    """Until when the ping's price was good; the moment of its answer where it got none."""

    @classmethod
    def of(cls, exchange: Exchange, good_until: datetime) -> "PingExchange":
        """That exchange, as one about a ping."""
        return cls(**dict(exchange), good_until=good_until)


def digests_of(ping_id: str, lead: Lead) -> dict[str, str]:
    """A digest of every field that the lead says, by dotted name.

    They depend on the ping's id: that two pings say the same does not show.
    """
    return {name: _digest(ping_id, name, value) for name, value in _said(lead).items()}


def _said(lead: Lead) -> dict[str, Any]:
    groups: dict[str, Mapping[str, Any]] = {
        "contact": lead.contact.model_dump(exclude_none=True),
        "attributes": lead.attributes,
        "consent": {"given": lead.consent.given} if lead.consent else {},
        "attribution": lead.attribution,
    }
    return {f"{group}.{name}": value for group, said in groups.items() for name, value in said.items()}


def _digest(ping_id: str, name: str, value: Any) -> str:
    text = json.dumps(_plain(value), sort_keys=True)
    return sha256(f"{ping_id}\n{name}\n{text}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value with every number spelt in one way: to JSON, 120.0 and 120 are the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
