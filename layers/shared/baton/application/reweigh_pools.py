"""Let the weights of pools follow what their members make of leads: every day, and whenever somebody asks."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from baton.application.archive import Archive
from baton.application.ports import Clock, Ledger
from baton.domain.caps import Span, window
from baton.domain.editing import Author, Edit
from baton.domain.errors import ClaimContention, NotFound
from baton.domain.performance import Measured, measured
from baton.domain.plan import weighted_queue
from baton.domain.pool import Pool, Weighting

ATTEMPTS: Final = 5
BY_ITSELF: Final = "baton"
"""The author of weights that were due."""


@dataclass(frozen=True, slots=True)
class Reweighed:
    """What a pool's members made of its leads, and whether that changed any weight."""

    pool_id: str
    changed: bool
    members: tuple[Measured, ...]


class ReweighPools:
    """Measure, and write the weights that changed. Who has the new weights in the pool sees why in the change log."""

    def __init__(self, archive: Archive, ledger: Ledger, clock: Clock) -> None:
        self._archive = archive
        self._ledger = ledger
        self._clock = clock

    def __call__(self, by: str = BY_ITSELF) -> list[Reweighed]:
        """Every pool that is weighted by performance. Raises ClaimContention when configuration kept changing."""
        done = []
        for pool in [stored.document for stored in self._archive.every(Pool)]:
            if pool.weighting is Weighting.PERFORMANCE and pool.members:
                with suppress(NotFound):  # deleted meanwhile
                    done.append(self.one(pool.id, by))
        return done

    def one(self, pool_id: str, by: str) -> Reweighed:
        """One pool; one with stated weights is only measured. Raises NotFound, ClaimContention."""
        for _ in range(ATTEMPTS):
            revision, now = self._archive.revision(), self._clock.now()
            stored = self._archive.find(Pool, pool_id)
            if stored is None:
                raise NotFound(Pool.kind, pool_id)
            found = self._measured(stored.document, now)
            after = _weighted(stored.document, found)
            if stored.document.weighting is Weighting.STATED or after == stored.document:
                return Reweighed(pool_id, changed=False, members=found)
            if self._archive.apply([Edit(stored, after)], revision, Author(by, now)):
                return Reweighed(pool_id, changed=True, members=found)
        raise ClaimContention(pool_id)

    def _measured(self, pool: Pool, now: datetime) -> tuple[Measured, ...]:
        everybody = [member.recipient_id for member in pool.members]
        queues = (pool.id, weighted_queue(pool.id))
        standings = self._ledger.standings([(queue, who) for queue in queues for who in everybody], [])
        turns = {who: [standings.turn(queue, who) for queue in queues] for who in everybody}
        return tuple(measured(turns, _weeks(now, pool.performance.window_weeks), pool.performance))


def _weeks(now: datetime, count: int) -> frozenset[str]:
    """This week and those before it. In UTC: for a window of weeks, when exactly a week begins is no matter."""
    return frozenset(window(Span.WEEK, now - timedelta(weeks=back), "UTC") for back in range(count))


def _weighted(pool: Pool, found: tuple[Measured, ...]) -> Pool:
    weights = {one.recipient_id: one.weight for one in found}
    members = tuple(m.model_copy(update={"weight": weights[m.recipient_id]}) for m in pool.members)
    return pool.model_copy(update={"members": members})
