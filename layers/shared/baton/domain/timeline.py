"""The timeline: every change of a lead, in order, with its reason. Free of personal data."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from baton.domain.documents import Instant, Record
from baton.domain.lead import Lead, LeadState
from baton.domain.trace import Trace


class EventKind(StrEnum):
    """What happened. These names are public: integrations subscribe to them."""

    LEAD_RECEIVED = "LeadReceived"
    LEAD_QUARANTINED = "LeadQuarantined"
    LEAD_DUPLICATE = "LeadDuplicate"
    LEAD_MERGED = "LeadMerged"
    LEAD_VETTED = "LeadVetted"
    LEAD_RELEASED = "LeadReleased"
    LEAD_SCORED = "LeadScored"
    LEAD_DISQUALIFIED = "LeadDisqualified"
    LEAD_ASSIGNED = "LeadAssigned"
    LEAD_UNASSIGNED = "LeadUnassigned"
    LEAD_RESTARTED = "LeadRestarted"
    OFFER_MADE = "OfferMade"
    OFFER_ACCEPTED = "OfferAccepted"
    OFFER_DECLINED = "OfferDeclined"
    OFFER_EXPIRED = "OfferExpired"
    OFFER_RELEASED = "OfferReleased"
    ACCEPTANCE_UNDONE = "AcceptanceUndone"
    CHANNEL_FAILED = "ChannelFailed"
    ATTEMPT_MADE = "AttemptMade"
    LEAD_CONTACTED = "LeadContacted"
    LEAD_CONVERTED = "LeadConverted"
    LEAD_LOST = "LeadLost"
    LEAD_RETURNED = "LeadReturned"
    AUCTION_HELD = "AuctionHeld"
    DELIVERY_BEGUN = "DeliveryBegun"
    DELIVERY_UNCLEAR = "DeliveryUnclear"
    DELIVERY_REFUSED = "DeliveryRefused"
    DELIVERY_FAILED = "DeliveryFailed"
    LEAD_SOLD = "LeadSold"
    RETURN_REQUESTED = "ReturnRequested"
    RETURN_REFUSED = "ReturnRefused"
    REP_REMINDED = "RepReminded"
    SERVICE_LEVEL_MISSED = "ServiceLevelMissed"
    LEAD_REASSIGNED = "LeadReassigned"
    LEAD_ESCALATED = "LeadEscalated"
    LEAD_ACKNOWLEDGED = "LeadAcknowledged"
    ACKNOWLEDGEMENT_WITHHELD = "AcknowledgementWithheld"
    PERSON_FORGOTTEN = "PersonForgotten"


class Event(Record):
    """One entry of a lead's timeline, written in the same transaction as the change that it tells of."""

    lead_id: str
    seq: int
    """Place in the timeline, from 1. Equals the lead's revision after the change."""
    at: Instant
    kind: EventKind
    state: LeadState
    facts: dict[str, Any] = Field(default_factory=dict)
    trace: Trace | None = None
    """Why nobody got the lead, where the event is that nobody did. A choice's trace is with its offer."""
    source_id: str | None = None
    campaign_id: str | None = None
    recipient_id: str | None = None
    """Who had the lead afterwards, or was offered it."""
    test: bool = False
    """These say whose event it is to those who hear of it alone, when the lead may have moved on or be gone. Events
    written before they were noted do not have them."""

    @classmethod
    def of(
        cls,
        lead: Lead,
        kind: EventKind,
        at: datetime,
        facts: Mapping[str, Any] | None = None,
        trace: Trace | None = None,
    ) -> "Event":
        """The event of a change that made `lead` what it is now."""
        return cls(
            lead_id=lead.lead_id,
            seq=lead.rev,
            at=at,
            kind=kind,
            state=lead.state,
            facts=dict(facts or {}),
            trace=trace,
            source_id=lead.source_id,
            campaign_id=lead.campaign_id,
            recipient_id=lead.recipient_id,
            test=lead.test,
        )
