"""Leads as the API shows them: in a list, and with all that is known of them."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from baton.application.messages import person
from baton.domain.consent import Consent
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.documents import Instant
from baton.domain.duty import Duty
from baton.domain.findings import Vetted
from baton.domain.forgetting import REMOVED
from baton.domain.lead import Contact, LeadState, facts_of
from baton.domain.offer import Delivery, OfferState
from baton.domain.promptness import Promptness
from baton.domain.suspicion import Suspicion
from baton.domain.timeline import EventKind
from baton.entrypoints.console.auctions import ShownAuction, ShownExchange
from baton.entrypoints.console.traces import ShownTrace, shown

if TYPE_CHECKING:
    from baton.application.explain_lead import Story
    from baton.domain.auction import Auction
    from baton.domain.lead import Lead
    from baton.domain.offer import Offer
    from baton.domain.timeline import Event

    type _Traced = Auction | Event | Offer


class LeadRow(BaseModel):
    """A lead in a list."""

    lead_id: str
    received_at: Instant
    state: LeadState
    source_id: str
    campaign_id: str
    recipient_id: str | None
    """Who has the lead, or has been offered it now."""
    offers: int
    """How many offers were made of it: the `offer_no` of a reassignment."""
    score: int | None
    plan_id: str | None
    plan_version: int | None
    suspicions: list[Suspicion]
    """Why it is, or was, held."""
    test: bool
    """Whether it is a test: in no report, and free."""
    who: str
    """The person, in a few words; `removed on request` where they are forgotten."""

    @classmethod
    def of(cls, lead: "Lead") -> "LeadRow":
        """A lead's row."""
        who = REMOVED if lead.forgotten_at else person(lead.contact, hidden=False)
        plain = lead.model_dump(include=set(cls.model_fields) - {"offers"})
        return cls(who=who, offers=lead.offer_no, **plain)


class LeadPage(BaseModel):
    """Some leads, the newest first."""

    items: list[LeadRow]
    """May be empty, and still not the last."""
    next: str | None
    """Send it as `after` for older ones; null: there are none."""


class ShownLead(BaseModel):
    """A lead as it is now."""

    model_config = ConfigDict(from_attributes=True)

    lead_id: str
    rev: int
    state: LeadState
    source_id: str
    campaign_id: str
    external_id: str | None
    """What its sender calls it."""
    received_at: Instant
    moved_at: Instant
    """When it entered its state."""
    contact: Contact
    attributes: dict[str, Any]
    consent: Consent | None
    attribution: dict[str, str]
    suspicions: list[Suspicion]
    """Why it is, or was, held."""
    invalid: list[str]
    """Paths of fields that are not as its campaign asks, where such leads are held."""
    cleared: bool
    """Whether a person released it: nothing holds it again."""
    raw: dict[str, Any]
    """What was sent in place of what stands here now, by path."""
    quality: dict[str, Any]
    """What is known of the contact."""
    duplicate_of: str | None
    """The lead that came first, of the same person."""
    on_duplicate: DuplicatePolicy | None
    """What its campaign made of that."""
    additions: dict[str, Any]
    """What duplicates of it added, by path."""
    test: bool
    score: int | None
    band: str | None
    probability: float | None
    """Of conversion, by the learned score."""
    plan_id: str | None
    plan_version: int | None
    stage: int
    """Index of the plan's stage that was tried last."""
    recipient_id: str | None
    """Who has the lead, or has been offered it now."""
    contacted_at: Instant | None
    """When somebody first reached the person."""
    attempted_at: Instant | None
    """When a rep first tried to reach the person, and nobody answered."""
    converted_at: Instant | None
    """When it first converted, also where it turned out to be lost later."""
    due_at: Instant | None
    """By when somebody was to reach the person; null: the campaign had no service level when a rep got the lead."""
    acknowledged_at: Instant | None
    """When the person was told who looks after them."""
    duties: list[Duty]
    """What is to be done as long as nobody has reached the person."""
    conclusion: LeadState | None
    """Converted or lost, whichever happened last; null: neither was reported."""
    concluded_at: Instant | None
    """When that happened."""
    value_cents: int | None
    """What it was worth, where it converted."""
    value_currency: str | None
    lost_reason: str | None
    attempt: int
    """Which execution of the workflow moves it."""
    ping_id: str | None
    """The ping in which its price was promised to its vendor."""
    shares: int
    """To how many buyers it is to be sold."""
    sales: int
    """To how many it is sold, returns not counted."""
    vetted: Vetted | None
    """What was heard outside about it."""
    expires_at: Instant | None
    """When it is deleted; null: never."""
    forgotten_at: Instant | None
    """When its person was removed on request."""


class ShownEvent(BaseModel):
    """Something that happened to a lead."""

    seq: int
    at: Instant
    kind: EventKind
    state: LeadState
    """The lead's state afterwards."""
    facts: dict[str, Any]
    trace: ShownTrace | None
    """Why nobody got the lead, where that is what happened."""


class ShownDelivery(BaseModel):
    """How the post of a lead to its buyer stands."""

    webhook_id: str
    """The same with every repetition."""
    tries: int
    first_at: Instant | None
    """When the first post left."""
    unknown: bool
    """Whether the buyer may have the lead and has not said so: it is asked again."""
    next_at: Instant | None
    """When that is."""
    reference: str | None
    """The buyer's own number for the lead."""
    reason: str | None
    """Why the buyer refused, or what was unclear."""

    @classmethod
    def of(cls, delivery: Delivery) -> "ShownDelivery":
        """A delivery, and what it comes to."""
        return cls(unknown=delivery.is_unknown, **delivery.model_dump())


class ShownOffer(BaseModel):
    """A lead that was offered to somebody, and why to them."""

    no: int
    recipient_id: str
    stage: int
    stage_name: str
    pool_id: str | None
    state: OfferState
    made_at: Instant
    expires_at: Instant | None
    answered_at: Instant | None
    windows: list[str]
    """The cap windows that it counts in."""
    sent: dict[str, Any]
    """When each channel took the message."""
    failed: dict[str, str]
    """Why a channel did not take it, or could not deliver it after all."""
    price_cents: int | None
    """What the buyer pays; null for a rep."""
    currency: str | None
    payout_cents: int
    """What the lead's source got of the price."""
    bid_reference: str | None
    """The buyer's own number for its bid."""
    delivery: ShownDelivery | None
    """Null for a rep."""
    trace: ShownTrace | None


class WholeLead(BaseModel):
    """All that is known of a lead."""

    lead: ShownLead
    timeline: list[ShownEvent]
    """The oldest first."""
    offers: list[ShownOffer]
    """By number."""
    auctions: list[ShownAuction]
    """By number."""
    exchanges: list[ShownExchange]
    """What was sent to buyers and what they answered, masked: the newest 200, the oldest of them first."""
    promptness: Promptness | None
    """Whether its person was reached in time, as its service level asks; null: it has none."""

    @classmethod
    def of(cls, story: "Story", *, traces: bool) -> "WholeLead":
        """A lead's story, with or without its traces."""

        facts = facts_of(story.lead, story.lead.received_at)

        def trace(entry: "_Traced") -> ShownTrace | None:
            return shown(entry.trace, facts) if traces and entry.trace else None

        return cls(
            lead=ShownLead.model_validate(story.lead),
            timeline=[
                ShownEvent.model_validate({**dict(event), "trace": trace(event)}) for event in story.timeline
            ],
            offers=[_offer(offer, trace(offer)) for offer in story.offers],
            auctions=[ShownAuction.of(auction, trace(auction)) for auction in story.auctions],
            exchanges=[ShownExchange.model_validate(exchange) for exchange in story.exchanges],
            promptness=story.promptness,
        )


def _offer(offer: "Offer", trace: ShownTrace | None) -> ShownOffer:
    delivery = ShownDelivery.of(offer.delivery) if offer.delivery else None
    return ShownOffer.model_validate({**dict(offer), "trace": trace, "delivery": delivery})
