"""The trace: why a lead went where it went, and why it did not go elsewhere."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from pydantic import Field

from baton.domain.documents import Record

MAX_CANDIDATES: Final = 100
"""Candidates that a stage's trace names; beyond them it counts per reason, so that a trace fits its row."""
IN_FULL: Final = 100
"""Candidates of a whole trace that are named with everything that speaks against them; those after with the first."""
MAX_NAMED: Final = 400
"""Candidates that a whole trace names, however many stages a plan has: a row holds 400 KB."""
BY_HAND: Final = "by hand"
"""What a trace calls the stage at which a person chose."""
BY_HAND_STAGE: Final = 51
"""As which stage an offer by hand counts: beyond the 50 that a plan has at most, and its fallback owner."""


class Reason(StrEnum):
    """Why a candidate did or did not get the lead. Numbers and words are stable; `REASON_NUMBERS` has the numbers."""

    CHOSEN = "chosen"
    LATER_TURN = "later_turn"
    LATER_PRIORITY = "later_priority"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    INACTIVE = "inactive"
    ALREADY_OFFERED = "already_offered"
    CONDITIONS_NOT_MET = "conditions_not_met"
    OUTSIDE_WORKING_HOURS = "outside_working_hours"
    DAILY_CAP_REACHED = "daily_cap_reached"
    HOURLY_CAP_REACHED = "hourly_cap_reached"
    WEEKLY_CAP_REACHED = "weekly_cap_reached"
    MONTHLY_CAP_REACHED = "monthly_cap_reached"
    OPEN_LEADS_FULL = "open_leads_full"
    TOO_SOON = "too_soon"
    KEPT_FOR_OWNER = "kept_for_owner"
    NOT_A_MEMBER = "not_a_member"
    AWAY = "away"
    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    ON_LEAVE = "on_leave"
    QUIET_HOURS = "quiet_hours"
    LOWER_BID = "lower_bid"
    ACCEPTABLE_BID = "acceptable_bid"
    BUYER_PAUSED = "buyer_paused"
    TEST_ONLY = "test_only"
    CANNOT_BID = "cannot_bid"
    NO_PRICE = "no_price"
    DUPLICATE_FOR_BUYER = "duplicate_for_buyer"
    CONSENT_MISSING = "consent_missing"
    OTHER_CURRENCY = "other_currency"
    DAILY_SPEND_REACHED = "daily_spend_reached"
    MONTHLY_SPEND_REACHED = "monthly_spend_reached"
    NO_BALANCE = "no_balance"
    NO_BID = "no_bid"
    BID_TOO_LOW = "bid_too_low"
    BELOW_MARGIN = "below_margin"
    TOO_FEW_BIDDERS = "too_few_bidders"
    BID_EXPIRED = "bid_expired"
    NOT_PROMISED = "not_promised"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BAD_RESPONSE = "bad_response"
    NO_TIME = "no_time"
    RESTED = "rested"
    CANNOT_BE_ASKED = "cannot_be_asked"


REASON_NUMBERS: Final = {
    Reason.CHOSEN: 100,
    Reason.LATER_TURN: 201,
    Reason.LATER_PRIORITY: 202,
    Reason.UNKNOWN_RECIPIENT: 300,
    Reason.INACTIVE: 301,
    Reason.ALREADY_OFFERED: 302,
    Reason.CONDITIONS_NOT_MET: 310,
    Reason.OUTSIDE_WORKING_HOURS: 320,
    Reason.DAILY_CAP_REACHED: 330,
    Reason.HOURLY_CAP_REACHED: 331,
    Reason.WEEKLY_CAP_REACHED: 332,
    Reason.MONTHLY_CAP_REACHED: 333,
    Reason.OPEN_LEADS_FULL: 340,
    Reason.TOO_SOON: 341,
    Reason.KEPT_FOR_OWNER: 203,
    Reason.AWAY: 303,
    Reason.NOT_A_MEMBER: 304,
    Reason.HOLIDAY: 321,
    Reason.DAY_OFF: 322,
    Reason.ON_LEAVE: 323,
    Reason.QUIET_HOURS: 324,
    Reason.LOWER_BID: 204,
    Reason.ACCEPTABLE_BID: 205,
    Reason.BUYER_PAUSED: 305,
    Reason.TEST_ONLY: 306,
    Reason.CANNOT_BID: 307,
    Reason.NO_PRICE: 308,
    Reason.DUPLICATE_FOR_BUYER: 311,
    Reason.OTHER_CURRENCY: 312,
    Reason.CONSENT_MISSING: 313,
    Reason.DAILY_SPEND_REACHED: 350,
    Reason.MONTHLY_SPEND_REACHED: 351,
    Reason.NO_BALANCE: 352,
    Reason.NO_BID: 400,
    Reason.BID_TOO_LOW: 401,
    Reason.BELOW_MARGIN: 402,
    Reason.TOO_FEW_BIDDERS: 403,
    Reason.BID_EXPIRED: 404,
    Reason.NOT_PROMISED: 405,
    Reason.TIMEOUT: 410,
    Reason.UNREACHABLE: 411,
    Reason.BAD_RESPONSE: 412,
    Reason.NO_TIME: 413,
    Reason.RESTED: 414,
    Reason.CANNOT_BE_ASKED: 415,
}


class Verdict(NamedTuple):
    """Why somebody did or did not get a lead, and the facts behind it."""

    reason: Reason
    facts: dict[str, Any]


class StageOutcome(StrEnum):
    """What became of a lead at one stage."""

    CHOSE = "chose"
    NOT_FOR_THIS_LEAD = "not_for_this_lead"
    SWITCHED_OFF = "switched_off"
    OFFERS_USED_UP = "offers_used_up"
    NOBODY_ELIGIBLE = "nobody_eligible"
    FALLBACK = "fallback"
    OWNER = "owner"
    """The lead went to whoever looks after its person or company, before its turn."""
    KEPT_FOR_OWNER = "kept_for_owner"
    """Nobody but the owner may have the lead, and the owner could not have it now."""
    AUCTION_DUE = "auction_due"
    """Buyers are to be asked for bids first."""
    NO_ACCEPTABLE_BID = "no_acceptable_bid"
    """Nobody bid what the stage asks for, or those who did could not have the lead."""
    BY_HAND = "by_hand"
    """A person chose who gets the lead: nobody else was looked at."""
    POOL_MISSING = "pool_missing"
    """The stage names a pool that no longer exists."""


@dataclass(slots=True)
class CandidateTrace:
    """One candidate of one stage, and why it did or did not get the lead.

    A plain dataclass: a hundred of them are made in every decision.
    """

    recipient_id: str
    reason: Reason
    facts: dict[str, Any] = field(default_factory=dict)
    also: tuple[Verdict, ...] = ()
    """What else would have kept it from the lead, had the reason not."""


class StageTrace(Record):
    """One stage, what became of the lead there, and everybody it might have gone to."""

    stage: int | None
    """Index in the plan; None for the fallback owner, and for whom a person chose."""
    name: str
    outcome: StageOutcome
    facts: dict[str, Any] = Field(default_factory=dict)
    candidates: tuple[CandidateTrace, ...] = ()
    in_full: bool = True
    """Whether candidates have everything that speaks against them, or the first of it."""
    more: dict[str, int] = Field(default_factory=dict)
    """Candidates beyond the first MAX_CANDIDATES: how many per reason."""


class Trace(Record):
    """Every stage tried, in order, with a reason for every candidate."""

    plan_id: str
    plan_version: int
    attempt: int
    """0 for the first try; more when others claimed the same members at the same moment."""
    stages: tuple[StageTrace, ...]

    owner: str | None = None
    """Who looks after the lead's person or company, where the campaign asks."""

    def reason_for(self, recipient_id: str) -> Reason | None:
        """Why that recipient did or did not get the lead, at the last stage that considered it."""
        found = (
            c.reason for s in reversed(self.stages) for c in s.candidates if c.recipient_id == recipient_id
        )
        return next(found, None)
