"""What the world is told of each kind of event, beside whose it is: a model for each kind. Free of personal data.

A fact that stands in no model here is not told. Left out on purpose: what others worded or named (`reason`, `note`,
`fields`), for nobody knows what they wrote there.
"""

from collections.abc import Mapping
from typing import Any, Final

from baton.domain.documents import Record
from baton.domain.timeline import EventKind


class Scored(Record):
    """A lead's points."""

    points: int | None = None
    reasons: list[dict[str, Any]] | None = None
    """Each rule that counted: `reason` and `points`, and its `group` where it has one."""
    band: str | None = None
    probability: float | None = None
    """Of conversion, by the learned score."""


class Qualified(Scored):
    """A lead has its points, and the plan that it follows to the end."""

    plan_id: str | None = None
    plan_version: int | None = None


class Suspected(Record):
    """What was suspicious about a lead."""

    why: list[str] | None = None
    """Codes; docs/quarantine.md explains them."""
    findings: dict[str, Any] | None = None
    """What was heard outside, in codes."""


class Compared(Record):
    """What a lead is beside others of its person."""

    duplicate_of: str | None = None
    policy: str | None = None
    """What its campaign does with duplicates."""


class Received(Suspected, Compared):
    """A lead came in."""

    source_id: str
    by: str | None = None
    """`rule`, where a rule let go on what is suspicious."""
    ping_id: str | None = None
    promised_cents: int | None = None
    """The price that its vendor was promised."""
    cost_cents: int | None = None
    """What its source costs for each lead, where it does."""


class Quarantined(Scored, Suspected, Compared):
    """A lead is held until a person has looked."""

    source_id: str | None = None
    ping_id: str | None = None
    promised_cents: int | None = None
    cost_cents: int | None = None


class Disqualified(Quarantined):
    """A lead goes nowhere: too few points, or rejected."""

    by: str | None = None
    """Who rejected it: a user, or `rule`."""


class Duplicate(Suspected, Compared):
    """A lead came after another of its person, and is marked or merged."""

    source_id: str | None = None
    ping_id: str | None = None
    promised_cents: int | None = None
    cost_cents: int | None = None


class Merged(Record):
    """A duplicate's new answers were added to this lead."""

    duplicate: str
    """The other lead's id."""


class Vetted(Record):
    """What was heard outside about a lead."""

    findings: dict[str, Any]


class Released(Suspected, Compared):
    """A held lead goes its way."""

    by: str
    attempt: int


class Restarted(Record):
    """A lead's workflow was started anew, by itself or because a person wanted it."""

    attempt: int
    by: str | None = None
    """Who wanted it."""
    reason: str | None = None
    """Why, as a code."""
    to: str | None = None
    """Whom they have chosen for it."""


class Offered(Record):
    """A lead was offered to somebody."""

    offer: int
    """Its number among the lead's offers."""
    recipient_id: str
    stage: str
    pool_id: str | None = None
    """None: the fallback owner has it."""


class Entrusted(Offered):
    """A rep has a lead."""

    due_at: str | None = None
    """By when somebody is to reach the person, where the campaign has a service level."""
    watched: bool | None = None
    """Whether something is to be done about the lead as long as nobody does."""


class GivenBack(Offered):
    """An offer that came to nothing."""

    turn_given_back: bool


class Reassigned(GivenBack):
    """A lead was taken from its rep."""

    by: str | None = None
    """Who did it; None: the service level."""
    reason: str | None = None
    """Why, as a code."""
    to: str | None = None
    """Whom they have chosen for it."""
    watched: bool | None = None
    """Whether the rep is still to be told of it."""


class ChannelFailed(Offered):
    """A rep could not be told of a lead by every channel."""

    failed: dict[str, str]
    """Why, by channel; docs/channels.md explains the codes."""
    told: list[str]
    """The channels by which the rep was told; empty: by none."""


class OfferReleased(Record):
    """An offer was given back without an answer, or a returned lead goes to others."""

    offer: int | None = None
    recipient_id: str | None = None
    stage: str | None = None
    pool_id: str | None = None
    turn_given_back: bool | None = None
    why: str | None = None


class Unassigned(Record):
    """Nobody has the lead, and a person should look."""

    why: str | None = None
    plan_version: int | None = None
    step: str | None = None
    error: str | None = None
    """Which step of the workflow failed, and how."""


class Concluded(Record):
    """What became of a lead, as it was reported; its state may be another, where something else counts more."""

    by: str
    recipient_id: str
    turn_given_back: bool
    state_before: str | None = None
    happened_at: str | None = None
    value_cents: int | None = None
    """What the lead was worth, where it converted."""
    currency: str | None = None


class Attempted(Record):
    """Somebody tried to reach the person, and did not."""

    by: str
    recipient_id: str


class AskedBuyer(Record):
    """What came of asking one buyer for a bid."""

    recipient_id: str
    reason: str
    """A code: `acceptable_bid`, or why there is none that can be taken; docs/traces.md has all."""
    cents: int | None = None
    """What it bid."""
    price_cents: int | None = None
    """What it pays if it gets the lead."""
    took_ms: int | None = None


class Reminded(Record):
    """A rep was told once more of a lead that they have."""

    recipient_id: str
    reached: bool
    """Whether any message got through."""


class Missed(Record):
    """The time in which somebody was to reach the person is over."""

    recipient_id: str | None = None
    """Who has the lead; null: nobody."""
    due_at: str


class Escalated(Record):
    """Others were told of a lead that nobody contacts."""

    recipient_id: str | None = None
    """Who has the lead; null: nobody."""
    to: list[str]
    """Who was told; nobody: operations."""
    reached: bool
    why: str | None = None
    """`nobody_else`: it was to be taken back, and nobody else may have it."""


class Acknowledged(Record):
    """The person was told who looks after them."""

    recipient_id: str
    channels: list[str]


class Withheld(Record):
    """The person was not told who looks after them."""

    recipient_id: str
    why: str
    until: str | None = None
    """When it is tried again; None: it is not."""


class Held(Record):
    """An auction's result."""

    auction: int
    stage: str
    asked: int
    acceptable: int
    best_cents: int | None = None
    took_ms: float
    late: int
    """Buyers who had not answered when it ended."""
    bids: list[AskedBuyer] | None = None
    """Who was asked: those whose bids can be taken first, the best of them first. A hundred at the most."""


class Delivery(Offered):
    """A lead on its way to a buyer."""

    price_cents: int | None = None
    reference: str | None = None
    """The buyer's own number for the lead."""
    tries: int | None = None


class DeliveryGivenBack(Delivery):
    """A buyer did not take the lead."""

    turn_given_back: bool


class Unclear(Record):
    """A buyer did not say whether it took the lead."""

    recipient_id: str
    tries: int
    asked_again_at: str


class Sold(Record):
    """A buyer took the lead; or nobody else wants one that was to be sold to more."""

    offer: int | None = None
    recipient_id: str | None = None
    stage: str | None = None
    pool_id: str | None = None
    price_cents: int | None = None
    reference: str | None = None
    tries: int | None = None
    sales: int
    shares: int
    """To how many it was to be sold."""
    payout_cents: int | None = None
    why: str | None = None
    step: str | None = None
    error: str | None = None


class Returned(Record):
    """A lead was given back by who had it."""

    by: str
    recipient_id: str
    turn_given_back: bool
    offer: int | None = None
    stage: str | None = None
    pool_id: str | None = None
    price_cents: int | None = None
    reference: str | None = None
    tries: int | None = None
    state_before: str | None = None
    happened_at: str | None = None
    """Where a rep gave it back."""
    return_reason: str | None = None
    """One of those that the buyer may give."""


class ReturnRequested(Delivery):
    """A buyer wants to give a lead back, and a person decides."""

    return_reason: str


class ReturnRefused(ReturnRequested):
    """The lead stays with its buyer."""

    by: str | None = None


class Forgotten(Record):
    """A lead's person was removed on request."""

    by: str
    leads: int
    rows: int


FACTS: Final[Mapping[EventKind, type[Record]]] = {
    EventKind.LEAD_RECEIVED: Received,
    EventKind.LEAD_QUARANTINED: Quarantined,
    EventKind.LEAD_DUPLICATE: Duplicate,
    EventKind.LEAD_MERGED: Merged,
    EventKind.LEAD_VETTED: Vetted,
    EventKind.LEAD_RELEASED: Released,
    EventKind.LEAD_SCORED: Qualified,
    EventKind.LEAD_DISQUALIFIED: Disqualified,
    EventKind.LEAD_ASSIGNED: Entrusted,
    EventKind.LEAD_UNASSIGNED: Unassigned,
    EventKind.LEAD_RESTARTED: Restarted,
    EventKind.OFFER_MADE: Offered,
    EventKind.OFFER_ACCEPTED: Entrusted,
    EventKind.OFFER_DECLINED: GivenBack,
    EventKind.OFFER_EXPIRED: GivenBack,
    EventKind.OFFER_RELEASED: OfferReleased,
    EventKind.ACCEPTANCE_UNDONE: GivenBack,
    EventKind.CHANNEL_FAILED: ChannelFailed,
    EventKind.ATTEMPT_MADE: Attempted,
    EventKind.LEAD_CONTACTED: Concluded,
    EventKind.LEAD_CONVERTED: Concluded,
    EventKind.LEAD_LOST: Concluded,
    EventKind.LEAD_RETURNED: Returned,
    EventKind.AUCTION_HELD: Held,
    EventKind.DELIVERY_BEGUN: Delivery,
    EventKind.DELIVERY_UNCLEAR: Unclear,
    EventKind.DELIVERY_REFUSED: DeliveryGivenBack,
    EventKind.DELIVERY_FAILED: DeliveryGivenBack,
    EventKind.LEAD_SOLD: Sold,
    EventKind.RETURN_REQUESTED: ReturnRequested,
    EventKind.RETURN_REFUSED: ReturnRefused,
    EventKind.REP_REMINDED: Reminded,
    EventKind.SERVICE_LEVEL_MISSED: Missed,
    EventKind.LEAD_REASSIGNED: Reassigned,
    EventKind.LEAD_ESCALATED: Escalated,
    EventKind.LEAD_ACKNOWLEDGED: Acknowledged,
    EventKind.ACKNOWLEDGEMENT_WITHHELD: Withheld,
    EventKind.PERSON_FORGOTTEN: Forgotten,
}
WITHHELD: Final = frozenset({"reason", "note", "fields"})
"""Facts of timelines that are not told: others worded them."""


def told(kind: EventKind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of an event's facts that the world is told."""
    known = FACTS[kind].model_fields
    return {name: fact for name, fact in facts.items() if name in known}
