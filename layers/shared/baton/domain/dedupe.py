"""Deduplication: what a campaign says of duplicates, and the marks by which they are found."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from baton.domain.documents import Document, Instant, Record


class Match(StrEnum):
    """How many of the marks two leads must share to be one."""

    ANY = "any"
    ALL = "all"


class Scope(StrEnum):
    """Among which leads duplicates are looked for."""

    CAMPAIGN = "campaign"
    ACCOUNT = "account"
    BUYER = "buyer"
    """Every lead is taken; no buyer gets one person twice."""


class DuplicatePolicy(StrEnum):
    """What becomes of a lead that is a duplicate."""

    REFUSE = "refuse"
    """It is kept as a duplicate and goes no further; a sender that is known hears so."""
    MARK = "mark"
    """It goes its way, and says whose duplicate it is."""
    MERGE = "merge"
    """Its new answers are added to the first lead, whose owner is told."""
    SAME_OWNER = "same_owner"
    """It goes to whoever has the first one, if they may have it."""


class Dedupe(Document):
    """Which leads of a campaign are duplicates."""

    by: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(email|phone|attributes\.[^.]+)$")], ...],
        Field(min_length=1, max_length=5),
    ] = ("email", "phone")
    """What is compared: `email`, `phone`, or a key of the campaign's own, such as `attributes.policy_number`."""
    match: Match = Match.ANY
    window_days: Annotated[int, Field(ge=1, le=3650)] = 30
    scope: Scope = Scope.CAMPAIGN
    policy: DuplicatePolicy = DuplicatePolicy.MARK

    @field_validator("by")
    @classmethod
    def _compared_once(cls, by: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(by)) < len(by):
            message = "names the same part twice"
            raise ValueError(message)
        return by


class Mark(Record):
    """A lead's claim on what distinguishes it, for a while: whoever comes second with it is a duplicate.

    Written where there is none of that key which is still valid and of another lead.
    """

    key: str
    """Scope and keyed hash; says nothing of who the person is."""
    lead_id: str
    at: Instant
    expires_at: Instant
    over: str | None = None
    """A lead whose mark may be taken over: it is gone, or does not count as a first."""

    def holds_against(self, other: "Mark") -> bool:
        """Whether another lead's mark is in the way of this one. In whole seconds, as rows expire."""
        valid = int(other.expires_at.timestamp()) > int(self.at.timestamp())
        return valid and other.lead_id not in {self.lead_id, self.over}
