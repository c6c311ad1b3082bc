"""Gather news: what a day's digest tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.application.read_counters import Counters
from baton.application.report_tables import Asked
from baton.application.show_overview import RECENT_DAYS
from baton.domain.recipient import Recipient, RecipientType
from baton.domain.reports.figures import LeadFigures, OfferFigures
from baton.domain.reports.periods import Compare, Days, ReportRefused
from baton.domain.reports.remarks import Remark, best_and_worst, out_of_step, slow
from baton.domain.reports.tally import ALL, Dimension
from baton.domain.source import Source

if TYPE_CHECKING:
    from datetime import date

    from baton.application.archive import Configuration
    from baton.application.read_counters import ReadCounters
    from baton.application.read_shares import ReadShares
    from baton.application.report_tables import Frame, ReportTables
    from baton.domain.reports.digest import Digest
    from baton.domain.reports.periods import Period

WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class News:
    """What a digest tells. Names in place of ids."""

    day: date
    """The day before the digest's; of the house's days the last one that is over."""
    zone: str
    figures: LeadFigures
    week_before: LeadFigures
    """Of the same day of the week before."""
    unassigned: int
    """Leads that wait now."""
    sources: tuple[Remark, Remark] | None
    """The best and the worst of the last seven days."""
    out_of_step: list[Remark]
    slow: list[Remark]


class GatherNews:
    """Reads some queries of counters for each of a digest's campaigns, and two batches of names."""

    def __init__(
        self,
        tables: ReportTables,
        counters: ReadCounters,
        shares: ReadShares,
        configuration: Configuration,
    ) -> None:
        self._tables = tables
        self._counters = counters
        self._shares = shares
        self._configuration = configuration

    def __call__(self, digest: Digest, today: date) -> News:
        """What the digest of that day tells. Raises StoreUnavailable."""
        one, week = self._frames(digest, today - timedelta(days=1))
        # Days of the house, whatever the digest's are: what waits now is no part of any day.
        house = self._counters.house.zone
        recent = Days(today - timedelta(days=RECENT_DAYS), today + timedelta(days=1), house).period
        sources = self._by(Dimension.SOURCE, digest, week.period)
        offers = self._by(Dimension.RECIPIENT, digest, week.period)
        recipients = {who: OfferFigures.of(found.all) for who, found in offers.items()}
        reps = self._reps(recipients)
        everybody = OfferFigures.of(Counters.sum(offers[who] for who in reps).all)
        members = self._tables.lines(
            Dimension.MEMBER, replace(week, before=None, division=None), OfferFigures.of
        )
        shares = self._shares.of_recipients(members.lines)
        found = best_and_worst({who: LeadFigures.of(counted.all) for who, counted in sources.items()})
        return News(
            day=one.days.last,
            zone=one.days.zone.key,
            figures=LeadFigures.of(self._all(digest, one.period).all),
            week_before=LeadFigures.of(self._all(digest, one.before).all),
            unassigned=self._all(digest, recent).all["unassigned"],
            sources=self._source_names(found) if found else None,
            out_of_step=self._named(
                out_of_step(
                    {who: share for who, share in shares.items() if not digest.campaigns or who in reps}
                )
            ),
            slow=self._named(slow({who: recipients[who] for who in reps}, everybody)),
        )

    def _frames(self, digest: Digest, day: date) -> tuple[Frame, Frame]:
        """That day of the digest's zone, and the seven until then.

        Where the zone's days are not made of the house's hours, the house's: until the last one that is over.
        """
        try:
            return self._frame(day, 1, digest.zone), self._frame(day, WEEK, digest.zone)
        except ReportRefused:
            day = min(day, self._tables.today() - timedelta(days=1))
            return self._frame(day, 1), self._frame(day, WEEK)

    def _frame(self, last: date, days: int, zone: str | None = None) -> Frame:
        first = last - timedelta(days=days - 1)
        return self._tables.frame(Asked(first=first, last=last, zone=zone, compare=Compare.WEEK))

    def _all(self, digest: Digest, period: Period | None) -> Counters:
        """What was counted of all the digest's leads."""
        if period is None:
            return Counters()
        if not digest.campaigns:
            return self._counters(ALL, Dimension.TOTAL, period).get(ALL, Counters())
        found = self._counters(ALL, Dimension.CAMPAIGN, period)
        return Counters.sum(found[campaign] for campaign in digest.campaigns if campaign in found)

    def _by(self, dimension: Dimension, digest: Digest, period: Period) -> dict[str, Counters]:
        """What was counted of the digest's leads, by value."""
        found: dict[str, list[Counters]] = {}
        for scope in digest.campaigns or (ALL,):
            for value, counters in self._counters(scope, dimension, period).items():
                found.setdefault(value, []).append(counters)
        return {value: Counters.sum(some) for value, some in found.items()}

    def _reps(self, recipients: dict[str, OfferFigures]) -> list[str]:
        found = self._configuration.get_many(Recipient, sorted(recipients))
        return [who for who, recipient in found.items() if recipient.type is RecipientType.REP]

    def _named(self, remarks: list[Remark]) -> list[Remark]:
        found = self._configuration.get_many(Recipient, sorted({remark.id for remark in remarks}))
        return [Remark(found[who].name if who in found else who, why) for who, why in remarks]

    def _source_names(self, remarks: tuple[Remark, Remark]) -> tuple[Remark, Remark]:
        found = self._configuration.get_many(Source, sorted({remark.id for remark in remarks}))
        best, worst = (Remark(found[who].name if who in found else who, why) for who, why in remarks)
        return best, worst
