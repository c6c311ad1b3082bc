"""Weights by performance, on demand: the route of function reweigh."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from baton.domain.pool import Pool
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Routes, existing_id

if TYPE_CHECKING:
    from baton.application.reweigh_pools import ReweighPools


class MeasuredMember(BaseModel):
    """What a member made of its leads, and the weight that follows."""

    model_config = ConfigDict(from_attributes=True)

    recipient_id: str
    leads: int
    conversions: int
    estimate: float
    """Conversion as estimated, from 0 to 1."""
    weight: int
    """Share of the pool's leads, in hundredths of a percent."""


class MeasuredPool(BaseModel):
    """What a pool's members made of its leads."""

    model_config = ConfigDict(from_attributes=True)

    pool_id: str
    changed: bool
    """Whether the pool has other weights now. One whose weights are stated never has: it is only measured."""
    members: list[MeasuredMember]


def weights_api(reweigh: Callable[[], "ReweighPools"]) -> Console:
    """The handler over this use case, made when the first request needs it."""
    routes = Routes("pools")

    def weigh(key: Key) -> Answer:
        """Measure what a pool's members make of its leads, and weigh them by it."""
        found = reweigh().one(existing_id(Pool, key), author_of(routes.router))
        return as_json(200, MeasuredPool.model_validate(found).model_dump(mode="json"))

    answer = described(200, MeasuredPool, "What was measured, by member.", "not-found")
    routes.add("POST", "/v1/pools/<pool_id>/weights", weigh, "weigh_pool", answer)
    return Console([routes.router])
