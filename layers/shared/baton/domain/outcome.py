"""Outcomes: what became of a lead, as somebody reports it."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Final, NamedTuple, Self

from pydantic import Field, StrictInt, model_validator

from baton.domain.documents import Document, Instant
from baton.domain.errors import BatonError, FieldError
from baton.domain.lead import Lead, LeadState

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""
MAX_VALUE_CENTS: Final = 10**12
"""Ten thousand millions: more than any lead is worth, and far from where JSON readers round."""
EXTERNAL_ID: Final = r"^[\x21-\x7e]{1,128}$"
"""What senders may call their leads."""
REPORT_ID: Final = r"^[\x21-\x7e]{1,128}$"


class Outcome(StrEnum):
    """What became of a lead."""

    CONTACTED = "contacted"
    CONVERTED = "converted"
    LOST = "lost"
    RETURNED = "returned"

    @property
    def state(self) -> LeadState:
        """The state that a lead with this outcome alone is in."""
        return LeadState(self.value)


_UNTOUCHED: Final = frozenset({LeadState.ASSIGNED, LeadState.SOLD})
"""States of leads of which whoever has them has said nothing yet."""
_WITH_REASON: Final = frozenset({Outcome.LOST, Outcome.RETURNED})


class InvalidOutcome(BatonError):
    """An outcome that the lead cannot have had. Names what is wrong with which field."""

    code = "invalid-outcome"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.problem}" for error in errors))
        self.errors = errors


class OutcomeIdReused(BatonError):
    """A report came with the id of an earlier one of the lead that said something else."""

    code = "outcome-id-reused"


class Reported(NamedTuple):
    """That a report was recorded: by which a repeated one is found. Holds nothing that anybody wrote."""

    report_id: str
    """A digest of the report's id."""
    said: str
    """A digest of what it said."""


class Report(Document):
    """What somebody says became of a lead."""

    outcome: Outcome
    id: Annotated[str, Field(pattern=REPORT_ID)] | None = None
    """The sender's own name of this report; sent again with it, it counts once."""
    at: Instant | None = None
    """When it happened; None: now."""
    value_cents: Annotated[StrictInt, Field(ge=0, le=MAX_VALUE_CENTS)] | None = None
    """What the lead was worth, where it converted."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    """Of the value; None: the lead's own."""
    reason: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")] | None = None
    """Why it was lost or returned, in a word or a few."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.value_cents is not None and self.outcome is not Outcome.CONVERTED:
            message = "value_cents goes with the outcome converted alone"
            raise ValueError(message)
        if self.currency is not None and self.value_cents is None:
            message = "currency goes with value_cents"
            raise ValueError(message)
        if self.reason is not None and self.outcome not in _WITH_REASON:
            message = "reason goes with the outcomes lost and returned"
            raise ValueError(message)
        return self

    @property
    def reported(self) -> Reported | None:
        """By what a repetition is found; None for a report that has neither an id nor a moment.

        A sender's id has no spaces, so that none can be taken for what stands in its place.
        """
        name = self.id or (f"{self.outcome} {self._moment}" if self.at else None)
        if name is None:
            return None
        said = (self.outcome, self._moment, self.value_cents, self.currency, self.reason)
        return Reported(_digest(name), _digest(repr([None if one is None else str(one) for one in said])))

    @property
    def _moment(self) -> str | None:
        return self.at.astimezone(UTC).isoformat() if self.at else None

    def happened(self, lead: Lead, now: datetime) -> datetime:
        """When it happened, in UTC. Raises InvalidOutcome where that cannot be."""
        if self.at is None:
            return now
        if self.at > now + AHEAD:
            raise InvalidOutcome(FieldError("at", "is in the future"))
        # To the second: not every sender knows it better.
        if self.at < lead.received_at.replace(microsecond=0):
            raise InvalidOutcome(FieldError("at", "is before the lead was received"))
        return self.at.astimezone(UTC)

    def is_known(self, lead: Lead) -> bool:
        """Whether a report of no id and no moment says nothing that its lead does not have already."""
        if self.outcome is Outcome.CONTACTED:
            return lead.contacted_at is not None and lead.state not in _UNTOUCHED
        if self.outcome.state is not lead.state:
            return False
        known = (lead.value_cents, lead.value_currency, lead.lost_reason)
        said = (self.value_cents, self.currency, None if self.outcome is Outcome.RETURNED else self.reason)
        return all(new in (None, old) for new, old in zip(said, known, strict=True))


class NamedReport(Report):
    """A report that says of which lead it is: by one of three ways."""

    lead_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")] | None = None
    external_id: Annotated[str, Field(pattern=EXTERNAL_ID)] | None = None
    """What the sender called the lead when it sent it."""
    email: Annotated[str, Field(min_length=1, max_length=250)] | None = None
    """Of the person: the newest of their leads that somebody has."""
    phone: Annotated[str, Field(min_length=1, max_length=250)] | None = None
    """Alone, or with the address."""

    @model_validator(mode="after")
    def _names_one_lead(self) -> Self:
        ways = (self.lead_id, self.external_id, self.email or self.phone)
        if sum(way is not None for way in ways) != 1:
            message = "name the lead by lead_id, by external_id, or by email and phone"
            raise ValueError(message)
        return self

    @property
    def bare(self) -> Report:
        """What it says, without of which lead."""
        return Report.model_construct(**{name: getattr(self, name) for name in Report.model_fields})


def named_attempt(offer_no: int, seen: int) -> Reported:
    """By what a repetition is found of an attempt to reach the person, told on a page of that revision."""
    name = f"attempt {offer_no} {seen}"
    return Reported(_digest(name), _digest(name))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
