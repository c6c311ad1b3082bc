"""Read shares: what part of leads each member of a pool was promised, and what each got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.application.editing import published_plans
from baton.domain.campaign import Campaign
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.shares import Absence, Basis, Share, absence, basis_of, share_of, turns_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from baton.application.archive import Archive, Configuration
    from baton.application.ports import Clock
    from baton.application.report_tables import Line
    from baton.domain.plan import Plan
    from baton.domain.reports.figures import OfferFigures
    from baton.domain.reports.shares import Turns


class ReadShares:
    """Holds what became of members' offers against what pools, and the plans that ask them, promise now."""

    def __init__(self, configuration: Configuration, archive: Archive, clock: Clock) -> None:
        self._configuration = configuration
        self._archive = archive
        self._clock = clock

    def pool(self, pool_id: str) -> Pool | None:
        """The pool as it is now; None where there is none any more."""
        return self._configuration.get_many(Pool, [pool_id]).get(pool_id)

    def of_members(self, pool: Pool, lines: Iterable[Line]) -> tuple[Basis, dict[str, Share]]:
        """What the pool's promise is made of, and each one's share, by recipient."""
        basis = basis_of(pool.id, self._plans())
        turns = turns_in(pool, basis, _offers(lines))
        absent = self._absent(turns.keys())
        members = {member.recipient_id for member in pool.members}
        return basis, {
            who: share_of([found], absent.get(who) if who in members else Absence.REMOVED)
            for who, found in turns.items()
        }

    def of_recipients(self, lines: Sequence[Line]) -> dict[str, Share]:
        """Each one's share of all pools together, by recipient: `lines` are those of members."""
        by_pool: dict[str, list[Line]] = {}
        for line in lines:
            by_pool.setdefault(str(line.ids["pool_id"]), []).append(line)
        pools, plans = self._configuration.get_many(Pool, sorted(by_pool)), self._plans()
        turns: dict[str, list[Turns]] = {}
        for pool_id, pool in pools.items():
            for who, found in turns_in(pool, basis_of(pool_id, plans), _offers(by_pool[pool_id])).items():
                turns.setdefault(who, []).append(found)
        absent = self._absent(turns.keys())
        return {who: share_of(found, absent.get(who)) for who, found in turns.items()}

    def pools_of(self, campaign_id: str) -> frozenset[str]:
        """The pools whose leads are all of that campaign: no other campaign's plan asks them."""
        campaigns = [stored.document for stored in self._archive.every(Campaign)]
        plans = {plan.id: plan for plan in self._plans()}
        asking: dict[str, set[str]] = {}
        for campaign in campaigns:
            plan = plans.get(campaign.plan_id)
            for stage in plan.stages if plan else ():
                asking.setdefault(stage.pool_id, set()).add(campaign.id)
        return frozenset(pool_id for pool_id, found in asking.items() if found == {campaign_id})

    def _plans(self) -> list[Plan]:
        return [stored.document for stored in published_plans(self._archive).values()]

    def _absent(self, recipients: Iterable[str]) -> Mapping[str, Absence | None]:
        wanted, now = sorted(recipients), self._clock.now()
        found = self._configuration.get_many(Recipient, wanted)
        return {who: absence(found.get(who), now) for who in wanted}


def _offers(lines: Iterable[Line]) -> dict[str, OfferFigures]:
    return {str(line.ids["recipient_id"]): line.figures for line in lines}
