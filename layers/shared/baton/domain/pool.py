"""Pools: named sets of members and the fairness that each promises."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from baton.domain.caps import WindowCaps
from baton.domain.documents import Configured, Document, Id


class Release(StrEnum):
    """Why an offer was given back."""

    DECLINED = "declined"
    EXPIRED = "expired"
    RETURNED = "returned"
    REASSIGNED = "reassigned"
    """The member took the lead and did not contact its person in time, or a person gave it to somebody else."""
    UNDELIVERED = "undelivered"
    """No channel could take the message, or a person took the offer back: never the member's doing, so the turn is
    always given back."""


class Member(Document):
    """A recipient's place in a pool."""

    recipient_id: Id
    weight: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Share of the pool's leads, relative to the other members'. Only the weighted model reads it."""
    priority: Annotated[int, Field(ge=1, le=1000)] = 1
    """Tier for the waterfall model: the lowest number is asked first."""
    caps: WindowCaps = WindowCaps()
    """Caps on the leads that the member gets through this pool."""


class Fairness(Document):
    """What a pool promises its members. Stated, never implicit."""

    catch_up: Annotated[int, Field(ge=0, le=1000)] = 0
    """How many turns somebody who was away may make up. 0: none."""
    refund_on: frozenset[Release] = frozenset({Release.EXPIRED, Release.RETURNED})
    """Which given-back offers give the turn back too, so that the member is next again."""


class Weighting(StrEnum):
    """Where the weights of a pool's members come from."""

    STATED = "stated"
    PERFORMANCE = "performance"
    """From what each member made of its leads, recomputed every day and on demand."""


class Performance(Document):
    """How weights follow measured conversion."""

    window_weeks: Annotated[int, Field(ge=1, le=13)] = 8
    """How many calendar weeks back leads count."""
    floor_percent: Annotated[float, Field(ge=0, le=100)] = 20
    """Least share of each member, in percent of an equal share. 100: performance changes nothing."""
    prior_leads: Annotated[int, Field(ge=1, le=10_000)] = 30
    """How many leads' worth of the pool's mean each member is credited with: few leads of its own say little."""


class Pool(Configured):
    """A named set of members."""

    kind = "pool"

    name: str
    members: Annotated[tuple[Member, ...], Field(max_length=1000)]
    fairness: Fairness = Fairness()
    weighting: Weighting = Weighting.STATED
    performance: Performance = Performance()
    """Read only where `weighting` is by performance."""

    @model_validator(mode="after")
    def _each_recipient_once(self) -> Self:
        ids = [member.recipient_id for member in self.members]
        twice = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []
        if twice:
            message = f"members must be unique; named more than once: {', '.join(twice)}"
            raise ValueError(message)
        return self
