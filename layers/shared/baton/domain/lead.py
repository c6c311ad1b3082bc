"""The lead: one person's enquiry, the state it is in, and the only ways it may change state."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from baton.domain.consent import Consent
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.documents import Instant, Record
from baton.domain.duty import Duty, in_order, lasting, of_nobody
from baton.domain.errors import IllegalTransition
from baton.domain.findings import Vetted
from baton.domain.suspicion import Suspicion


class LeadState(StrEnum):
    """Where a lead is. A lead is always in exactly one of these."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    DISQUALIFIED = "disqualified"
    SCORED = "scored"
    OFFERED = "offered"
    DELIVERING = "delivering"
    ASSIGNED = "assigned"
    SOLD = "sold"
    UNASSIGNED = "unassigned"
    CONTACTED = "contacted"
    CONVERTED = "converted"
    LOST = "lost"
    RETURNED = "returned"


_S = LeadState
TRANSITIONS: Final[Mapping[LeadState, frozenset[LeadState]]] = {
    _S.RECEIVED: frozenset({_S.SCORED, _S.DISQUALIFIED, _S.DUPLICATE, _S.QUARANTINED, _S.UNASSIGNED}),
    _S.QUARANTINED: frozenset({_S.RECEIVED, _S.DISQUALIFIED}),
    _S.SCORED: frozenset({_S.SCORED, _S.OFFERED, _S.DELIVERING, _S.ASSIGNED, _S.SOLD, _S.UNASSIGNED}),
    _S.OFFERED: frozenset({_S.ASSIGNED, _S.SCORED}),
    _S.DELIVERING: frozenset({_S.SOLD, _S.SCORED}),
    _S.UNASSIGNED: frozenset({_S.RECEIVED, _S.SCORED, _S.ASSIGNED}),
    _S.ASSIGNED: frozenset({_S.SCORED, _S.CONTACTED, _S.CONVERTED, _S.LOST, _S.RETURNED}),
    _S.SOLD: frozenset({_S.SOLD, _S.CONTACTED, _S.CONVERTED, _S.LOST, _S.RETURNED}),
    _S.CONTACTED: frozenset({_S.CONVERTED, _S.LOST, _S.RETURNED}),
    _S.LOST: frozenset({_S.CONVERTED, _S.RETURNED}),
    _S.RETURNED: frozenset({_S.SCORED}),
    _S.DISQUALIFIED: frozenset({_S.RECEIVED}),
    _S.DUPLICATE: frozenset(),
    _S.CONVERTED: frozenset({_S.LOST, _S.RETURNED}),
}
"""The one table of legal changes; nothing else changes a state."""

MOVING: Final = frozenset({_S.RECEIVED, _S.SCORED, _S.OFFERED, _S.DELIVERING})
"""States that a lead must leave by itself; the sweep looks after a lead that stays too long."""

PARKED: Final = frozenset({_S.UNASSIGNED, _S.QUARANTINED})
"""States in which a lead stands still until a person of ours decides, or somebody can take it."""

HELD: Final = frozenset({_S.ASSIGNED, _S.SOLD, _S.CONTACTED, _S.CONVERTED, _S.LOST})
"""States in which a lead is somebody's."""

UNFINISHED: Final = frozenset({_S.ASSIGNED, _S.CONTACTED})
"""States in which somebody of ours still has to do something about a lead."""

STAYING: Final = MOVING | {_S.ASSIGNED, _S.UNASSIGNED}
"""States in which what is owed to a lead's person stays owed: nobody has reached them yet."""

LAST_DAY: Final = timedelta(days=1)
"""How long before it expires an unfinished lead is taken for lost: gone, it would take up capacity for ever."""

WATCH_AFTER: Final = timedelta(seconds=90)
"""How long a lead may stay in a moving state before the sweep looks: longer than a healthy step with its retries."""


NOT_CONCLUDED: Final[Mapping[str, None]] = dict.fromkeys(
    ("conclusion", "concluded_at", "value_cents", "value_currency", "lost_reason")
)
"""What a lead remembers of how it ended, as long as it has not."""


class Contact(Record):
    """How to reach the person. Everything here is personal data."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Ties(Record):
    """What ties a lead to earlier ones: keyed hashes, which only say whether two are equal."""

    person: tuple[str, ...] = ()
    company: str | None = None
    days: int
    """For how long whoever gets the lead is remembered as the owner."""


class Answer(StrEnum):
    """What became of an offer, as its lead remembers it."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    RELEASED = "released"
    """Given back by us: nobody could be told of it, a buyer could not be reached or never answered, or a person took
    the lead back before there was an answer."""
    RETURNED = "returned"
    """Accepted, and given back later."""
    REASSIGNED = "reassigned"
    """Accepted, and taken back because nobody was contacted in time, or by a person's word."""


class PastOffer(Record):
    """What later decisions, and reports, have to know of an offer of the lead."""

    recipient_id: str
    stage: int
    pool_id: str | None = None
    answer: Answer = Answer.PENDING
    price_cents: int | None = None
    """What a buyer was to pay; None for a rep."""
    payout_cents: int = 0
    """What the source was owed of the price."""
    contacted_at: Instant | None = None
    """When whoever had the lead by it first reached the person."""
    plan_id: str | None = None
    plan_version: int | None = None
    """What it was made by. None: by no plan, or before offers remembered it."""
    by_hand: bool = False
    """Whether a person took the lead back: that says nothing of how fast whoever had it is."""


class Lead(Record):
    """One person's enquiry and everything that was decided about it so far."""

    lead_id: str
    rev: int
    """How often the lead was written; also the number of its newest timeline event."""
    state: LeadState
    source_id: str
    sub_source: str | None = None
    """Which publisher, placement or advertisement of the source, as the source's configuration finds it."""
    campaign_id: str
    received_at: Instant
    moved_at: Instant
    """When the lead entered its state."""
    contact: Contact
    attributes: dict[str, Any] = Field(default_factory=dict)
    consent: Consent | None = None
    attribution: dict[str, str] = Field(default_factory=dict)
    fingerprint: str = ""
    """Digest of what the caller sent, so that a repeated Idempotency-Key can be told from a misused one."""
    test: bool = False
    raw: dict[str, Any] = Field(default_factory=dict)
    """What was sent in place of what stands here now, by path, where the two differ."""
    quality: dict[str, Any] = Field(default_factory=dict)
    """What is known of the contact: `email_disposable`, `email_role`, `email_free`, `phone_type`, ..."""
    suspicions: tuple[Suspicion, ...] = ()
    """Why the lead is, or was, held."""
    invalid: tuple[str, ...] = ()
    """Paths of the fields that are not as the campaign asks, where such leads are held."""
    was_held: bool = False
    """Whether it was held as suspicious once, and is no longer: a person, or nobody in time, has decided."""
    cleared: bool = False
    """Whether a person released the lead: it is not held again. One that a rule lets go has its suspicions alone."""
    challenge: str | None = None
    """What the page's challenge gave the person; used once, in the workflow."""
    vetted: Vetted | None = None
    duplicate_of: str | None = None
    """The lead that came first, where this one is its duplicate."""
    on_duplicate: DuplicatePolicy | None = None
    """What is to become of it, as the campaign said when it came in."""
    additions: dict[str, Any] = Field(default_factory=dict)
    """Answers that later leads of the same person brought, by path. Never part of what is learned from."""
    expires_at: Instant | None = None
    """When the lead, and everything of it, is deleted; None: never."""
    forgotten_at: Instant | None = None
    """When the person's data was removed."""
    score: int | None = None
    band: str | None = None
    """Hot, warm or cold, as its campaign draws the lines."""
    probability: float | None = None
    """Of conversion, as learned; None where too little is known."""
    cost_cents: int = 0
    """What the source asks for the lead, whatever becomes of it, as it was configured when the lead came in."""
    currency: str = "USD"
    """Of all its money, as the campaign was configured when the lead came in."""
    placed_at: Instant | None = None
    """When somebody had the lead for the first time."""
    contacted_at: Instant | None = None
    """When somebody first reached the person."""
    attempted_at: Instant | None = None
    """When a rep first tried to reach the person, and nobody answered."""
    due_at: Instant | None = None
    """By when somebody was to reach the person, as the service level had it when a rep first got the lead."""
    attempts_count: bool = False
    """Whether an attempt is all that the service level asks for."""
    acknowledged_at: Instant | None = None
    """When the person was told who looks after them."""
    duties: tuple[Duty, ...] = ()
    """What is to be done about the lead as long as nobody has reached the person, as it comes due."""
    conclusion: LeadState | None = None
    """Converted or lost, whichever happened last of what was reported; None: neither was."""
    concluded_at: Instant | None = None
    """When that happened."""
    converted_at: Instant | None = None
    """When it first converted, also where it turned out to be lost later."""
    value_cents: int | None = None
    """What the lead was worth, where it converted."""
    value_currency: str | None = None
    lost_reason: str | None = None
    predictions: dict[str, float] = Field(default_factory=dict)
    """What both learners and the rules said at intake, and the rules' points: measured by what becomes of the lead."""
    learned: bool | None = None
    """What was learned from the lead: whether it converted. None: nothing yet."""
    plan_id: str | None = None
    plan_version: int | None = None
    ties: Ties | None = None
    """Where the lead's campaign asks for owners."""
    person: tuple[str, ...] = ()
    """Keyed hashes of the person's address and number, so that no buyer gets one person twice."""
    external_id: str | None = None
    """What its sender calls the lead."""
    ping_id: str | None = None
    """The ping in which the lead's price was promised to its vendor."""
    promised: dict[str, int] = Field(default_factory=dict)
    """What the source gets of each buyer that the lead was promised to, in cents. Nobody else gets it."""
    auctions: int = 0
    """How many auctions were held."""
    auction_stage: int | None = None
    """The stage of the last one."""
    shares: int = 1
    """To how many buyers the lead is to be sold."""
    sales: int = 0
    """To how many it is sold, returns not counted."""
    buyers: tuple[str, ...] = ()
    """Who has bought it, in that order, returns not counted."""
    stage: int = 0
    """Index of the plan's stage that was tried last. A lead never goes back to an earlier one by itself: only a person
    lets it begin anew."""
    offers: tuple[PastOffer, ...] = ()
    anew_after: int = 0
    """How many offers there were when a person last let it begin anew: no stage has made them."""
    recipient_id: str | None = None
    """Who has the lead, or has been offered it now."""
    meant_for: str | None = None
    """Whom a person has chosen for it: the next decision gives it to them."""
    attempt: int = 1
    """Which execution of the workflow moves the lead; names the execution."""
    ordered: int = 1
    """The first of its executions since a person last ordered one: only those after it count as restarts."""
    watch_at: Instant | None = None
    """When the sweep should look at the lead; None where it need not move."""

    @property
    def offer_no(self) -> int:
        """Number of the newest offer, from 1; 0 before the first."""
        return len(self.offers)

    @property
    def is_held(self) -> bool:
        """Whether somebody has the lead; being asked does not count."""
        return self.state in HELD

    @property
    def is_returned(self) -> bool:
        """Whether somebody had the lead, and gave it back."""
        return self.state is LeadState.RETURNED

    @property
    def can_become_scored(self) -> bool:
        """Whether the lead may be given back to its plan from where it is."""
        return LeadState.SCORED in TRANSITIONS[self.state] and self.forgotten_at is None

    def moved(
        self, state: LeadState, now: datetime, *, watch_at: datetime | None = None, **facts: Any
    ) -> "Lead":
        """The lead after entering `state`, one revision on. Raises IllegalTransition.

        `watch_at` defaults to WATCH_AFTER from now in a moving state, to the last day of a lead that expires in an
        unfinished one, to when something is owed to the person of an unassigned one, and to never in any other. What
        was to be done about it is over once the person is reached.
        """
        if state not in TRANSITIONS[self.state]:
            message = f"a lead cannot go from {self.state} to {state}"
            raise IllegalTransition(message)
        if state in MOVING and self.forgotten_at is not None:
            message = "the person was removed on request: the lead goes nowhere any more"
            raise IllegalTransition(message)
        if self.state is LeadState.QUARANTINED:
            facts["was_held"] = True
        if state in MOVING and watch_at is None:
            watch_at = now + WATCH_AFTER
        if state in UNFINISHED and watch_at is None and self.expires_at is not None:
            watch_at = self.expires_at - LAST_DAY
        if "duties" not in facts:
            facts["duties"] = self._owed_in(state)
        if state is LeadState.UNASSIGNED and watch_at is None and facts["duties"]:
            # Nobody else comes: a rep's execution is over with the rep.
            watch_at = max(now, facts["duties"][0].at)
        return self.revised(state=state, moved_at=now, watch_at=watch_at, **facts)

    def _owed_in(self, state: LeadState) -> tuple[Duty, ...]:
        """What is still to be done about the lead once it is in that state."""
        if state is LeadState.UNASSIGNED:
            return of_nobody(self.duties)
        return lasting(self.duties) if state in STAYING else ()

    def owing(self, duties: Iterable[Duty]) -> dict[str, Any]:
        """What changes of a lead with these duties. The sweep looks when one was not done in its time."""
        owed = in_order(duties)
        moments = [owed[0].at + WATCH_AFTER] if owed else []
        if self.last_day_at is not None:
            moments.append(self.last_day_at)
        return {"duties": owed, "watch_at": min(moments, default=None)}

    @property
    def last_day_at(self) -> datetime | None:
        """When an unfinished lead is taken for lost; None: never, or it is not unfinished."""
        return self.expires_at - LAST_DAY if self.expires_at and self.state in UNFINISHED else None

    def is_ending(self, now: datetime) -> bool:
        """Whether the lead expires within a day."""
        return self.expires_at is not None and now >= self.expires_at - LAST_DAY

    @property
    def responded_at(self) -> datetime | None:
        """When somebody first did what the service level asks for. Whoever has bought was reached."""
        done = [
            self.contacted_at,
            self.attempted_at if self.attempts_count else None,
            self.converted_at,
            # Of leads that were written before they remembered when they first converted.
            self.concluded_at if self.conclusion is LeadState.CONVERTED else None,
        ]
        return min((at for at in done if at is not None), default=None)

    @property
    def excused_at(self) -> datetime | None:
        """When it was over for the service level, though nobody was reached: lost, given back, sold or forgotten."""
        over = self.state in {LeadState.LOST, LeadState.RETURNED, LeadState.SOLD}
        ends = [
            self.concluded_at if self.conclusion is LeadState.LOST else None,
            self.moved_at if over else None,
            self.forgotten_at,
        ]
        return min((at for at in ends if at is not None), default=None)

    def answered(self, no: int, answer: Answer, **facts: Any) -> tuple[PastOffer, ...]:
        """The lead's offers, once the one of that number is answered."""
        offers = list(self.offers)
        if 1 <= no <= len(offers):
            offers[no - 1] = offers[no - 1].model_copy(update={"answer": answer, **facts})
        return tuple(offers)

    def revised(self, **facts: Any) -> "Lead":
        """The lead with `facts` changed and one revision on."""
        return self.model_copy(update={**facts, "rev": self.rev + 1})


def facts_of(lead: Lead, now: datetime) -> dict[str, Any]:
    """The lead as conditions see it at that moment: nested mappings of plain values, absent fields absent."""
    return {
        "contact": lead.contact.model_dump(exclude_none=True),
        "attributes": lead.attributes,
        "consent": lead.consent.model_dump(exclude_none=True) if lead.consent else {},
        "attribution": lead.attribution,
        "quality": lead.quality,
        "suspicions": list(lead.suspicions),
        "duplicate": lead.duplicate_of is not None,
        "score": lead.score,
        "band": lead.band,
        "probability": lead.probability,
        "source_id": lead.source_id,
        "campaign_id": lead.campaign_id,
        "time": {"now": now, "received": lead.received_at},
    }
