"""Disclosure: which facts of a lead leave Baton, to whom and when. A ping says nothing of who the person is."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from baton.domain.campaign import Campaign
from baton.domain.contact_hours import contact_facts
from baton.domain.lead import Contact, Lead, facts_of
from baton.domain.offer import Offer

PERSONAL: Final = ("contact", "email_sha256", "phone_sha256", "consent")
"""Facts that say, or help to find out, who the person is: masked wherever an exchange is kept."""

LONG: Final = 6
"""Characters from which on a text of a lead is looked for in answers: `yes` and `own` are in many of them."""


def ping_facts(
    lead: Lead, campaign: Campaign, *, ping_id: str, hashes: bool, now: datetime
) -> dict[str, Any]:
    """What a ping may say: the fields that the campaign marks as pingable, and nothing else of the lead.

    With `hashes` also SHA-256 of the address and number, as far as they are known.
    """
    every = facts_of(lead, now) | {"source": lead.source_id, "campaign": lead.campaign_id}
    facts: dict[str, Any] = {"ping_id": ping_id, "campaign": lead.campaign_id, "test": lead.test}
    for field in campaign.pingable:
        group, _, name = field.partition(".")
        found = every.get(group)
        if not name:
            facts[group] = found
        elif isinstance(found, Mapping) and name in found:
            facts.setdefault(group, {})[name] = found[name]
    return facts | (person_hashes(lead.contact) if hashes else {})


def post_facts(lead: Lead, offer: Offer, now: datetime, campaign: Campaign | None = None) -> dict[str, Any]:
    """What the buyer that gets the lead is told: all of it, on what terms, and from when it may call."""
    price = offer.price_cents or 0
    facts = facts_of(lead, now)
    del facts["suspicions"]  # why it was looked at once is nobody's business but ours
    return {
        **facts,
        **person_hashes(lead.contact),
        **(contact_facts(lead, campaign, now) if campaign else {"contact_from": None}),
        "lead_id": lead.lead_id,
        "ping_id": ping_id_of(lead.ping_id or lead.lead_id, lead.auctions),
        "campaign": lead.campaign_id,
        "source": lead.source_id,
        "received_at": lead.received_at.isoformat(),
        "test": lead.test,
        "price_cents": price,
        "price": f"{price // 100}.{price % 100:02d}",
        "currency": offer.currency,
        "bid_reference": offer.bid_reference,
        "shares": lead.shares,
        "webhook_id": offer.delivery.webhook_id if offer.delivery else None,
        "reference": offer.delivery.reference if offer.delivery else None,
    }


def ping_id_of(lead_id: str, auction_no: int) -> str:
    """What the pings of an auction call the lead."""
    return f"{lead_id}-{auction_no}"


def person_hashes(contact: Contact) -> dict[str, str]:
    """SHA-256 of the address (trimmed, lower case) and of the number (its digits), as buyers compare them."""
    hashes = {}
    if contact.email:
        hashes["email_sha256"] = _sha256(contact.email.strip().lower())
    if contact.phone and (digits := re.sub(r"\D", "", contact.phone)):
        hashes["phone_sha256"] = _sha256(digits)
    return hashes


def personal_values(lead: Lead) -> tuple[str, ...]:
    """Every text that may say who the person is."""
    contact = lead.contact.model_dump(exclude_none=True, exclude={"state", "country"})
    return tuple(str(value) for value in contact.values()) + tuple(person_hashes(lead.contact).values())


def other_values(lead: Lead) -> tuple[str, ...]:
    """Texts of a lead that may hold more of the person than they should; short ones say nothing."""
    texts = [
        *lead.attributes.values(),
        *lead.attribution.values(),
        lead.consent.text if lead.consent else None,
    ]
    return tuple(text for text in texts if isinstance(text, str) and len(text) >= LONG)


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()
