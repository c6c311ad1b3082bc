"""Show reports: what became of leads, by where they came from and by who got them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from baton.domain.reports.certainty import Certainty, Successes
from baton.domain.reports.figures import LeadFigures, OfferFigures
from baton.domain.reports.ordering import Order
from baton.domain.reports.service import ServiceFigures
from baton.domain.reports.shares import Basis, Share
from baton.domain.reports.tally import ALL, Dimension

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from baton.application.read_shares import ReadShares
    from baton.application.report_tables import Asked, Found, Frame, Line, ReportTables, Table

MOST_LEADS: Final = Order("received")
MOST_OFFERS: Final = Order("offers")
LATEST: Final = Order("in_time_rate", descending=False)


class ShowReports:
    """Each report reads some queries of counters and one batch of names, however many leads there were.

    All raise ReportRefused and StoreUnavailable.
    """

    def __init__(self, tables: ReportTables, shares: ReadShares) -> None:
        self._tables = tables
        self._shares = shares

    def leads(self, dimension: Dimension, asked: Asked) -> Table:
        """What became of leads, by campaign, source, part of a source, or band."""
        frame = self._tables.frame(asked)
        found = self._tables.lines(dimension, frame, LeadFigures.of, asked.campaign_id or ALL)
        return self._tables.table(dimension, asked, frame, found, MOST_LEADS)

    def offers(self, dimension: Dimension, asked: Asked, plan_id: str | None = None) -> Table:
        """What became of offers, by pool, or by stage: of all plans, or of one."""
        frame = self._tables.frame(asked)
        found = self._tables.lines(
            dimension, frame, OfferFigures.of, asked.campaign_id or ALL, keep=_under(plan_id)
        )
        return self._tables.table(dimension, asked, frame, found, MOST_OFFERS)

    def recipients(self, asked: Asked) -> Table:
        """What became of offers, by recipient, with each one's share of the pools that promise one.

        Members' offers are not counted by campaign: with a campaign the shares are those of pools that are its own.
        """
        frame = self._tables.frame(asked)
        members = self._members(replace(frame, before=None, division=None), asked.campaign_id)
        shares = self._shares.of_recipients(members)
        found = self._tables.lines(
            Dimension.RECIPIENT, frame, OfferFigures.of, asked.campaign_id or ALL, always=shares
        )
        return self._tables.table(Dimension.RECIPIENT, asked, frame, _with_shares(found, shares), MOST_OFFERS)

    def _members(self, frame: Frame, campaign_id: str | None) -> Sequence[Line]:
        """What became of members' offers, in all pools, or in those of which all leads are the campaign's."""
        lines = self._tables.lines(Dimension.MEMBER, frame, OfferFigures.of).lines
        if campaign_id is None:
            return lines
        pools = self._shares.pools_of(campaign_id)
        return [line for line in lines if str(line.ids["pool_id"]) in pools]

    def members(self, pool_id: str, asked: Asked) -> tuple[Basis, Table]:
        """What became of a pool's offers, by member, with the share that each is promised."""
        frame, pool = self._tables.frame(asked), self._shares.pool(pool_id)
        members = [f"{pool_id}/{member.recipient_id}" for member in pool.members] if pool else []
        found = self._tables.lines(
            Dimension.MEMBER, frame, OfferFigures.of, keep=_under(pool_id), always=members
        )
        basis, shares = self._shares.of_members(pool, found.lines) if pool else (Basis.NONE, {})
        return basis, self._tables.table(
            Dimension.MEMBER, asked, frame, _with_shares(found, shares), MOST_OFFERS
        )

    def plan_versions(self, plan_id: str | None, asked: Asked) -> Table:
        """What became of leads, by version of a plan, each held against the version before it."""
        frame = self._tables.frame(asked)
        found = self._tables.lines(Dimension.PLAN_VERSION, frame, LeadFigures.of, keep=_under(plan_id))
        found = replace(found, lines=_side_by_side(found.lines), beside=Certainty)
        return self._tables.table(Dimension.PLAN_VERSION, asked, frame, found, None)

    def service_level(self, dimension: Dimension, within: timedelta, asked: Asked) -> Table:
        """How soon people were reached, those of whom the fewest were reached in time first."""
        frame = self._tables.frame(asked)
        figures = partial(ServiceFigures.of, within=within)
        found = self._tables.lines(dimension, frame, figures, asked.campaign_id or ALL)
        return self._tables.table(dimension, asked, frame, found, LATEST)


def _with_shares(found: Found, shares: Mapping[str, Share]) -> Found:
    lines = [replace(line, share=shares.get(str(line.ids["recipient_id"]))) for line in found.lines]
    return replace(found, lines=lines, beside=Share)


def _side_by_side(lines: list[Line]) -> list[Line]:
    """Versions of plans in their order, each with what can be said of it beside the last before it that had leads."""
    found: list[Line] = []
    had_leads: dict[str, Line] = {}
    for line in sorted(lines, key=lambda line: (str(line.ids["plan_id"]), int(line.ids["version"]))):
        plan_id = str(line.ids["plan_id"])
        last = had_leads.get(plan_id)
        against = int(last.ids["version"]) if last else None
        certainty = Certainty.of(_converted(line), against, _converted(last) if last else None)
        found.append(replace(line, certainty=certainty))
        if line.figures.received:
            had_leads[plan_id] = line
    return found


def _converted(line: Line) -> Successes:
    return Successes(line.figures.converted, line.figures.received)


def _under(prefix: str | None) -> Callable[[str], bool]:
    """Whether a value is one of that pool or plan; of any where none is named."""
    return lambda value: prefix is None or value.startswith(f"{prefix}/")
