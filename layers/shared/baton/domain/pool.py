"""Pools: named sets of members and the fairness that each promises."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from baton.domain.documents import Configured, Document, Id


class Release(StrEnum):
    """Why an offer was given back."""

    DECLINED = "declined"
    EXPIRED = "expired"
    RETURNED = "returned"
    UNDELIVERED = "undelivered"
    """No channel could take the message: never the member's doing, so the turn is always given back."""


class Member(Document):
    """A recipient's place in a pool."""

    recipient_id: Id
    weight: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Share of the pool's leads, relative to the other members'. Only the weighted model reads it."""
    priority: Annotated[int, Field(ge=1, le=1000)] = 1
    """Tier for the waterfall model: the lowest number is asked first."""


class Fairness(Document):
    """What a pool promises its members. Stated, never implicit."""

    catch_up: Annotated[int, Field(ge=0, le=1000)] = 0
    """How many turns somebody who was away may make up. 0: none."""
    refund_on: frozenset[Release] = frozenset({Release.EXPIRED, Release.RETURNED})
    """Which given-back offers give the turn back too, so that the member is next again."""


class Pool(Configured):
    """A named set of members."""

    kind = "pool"

    name: str
    members: Annotated[tuple[Member, ...], Field(max_length=1000)]
    fairness: Fairness = Fairness()

    @model_validator(mode="after")
    def _each_recipient_once(self) -> Self:
        ids = [member.recipient_id for member in self.members]
        twice = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []
        if twice:
            message = f"members must be unique; named more than once: {', '.join(twice)}"
            raise ValueError(message)
        return self
