"""Prove that reports equal what the leads say, and repair them where they do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.application.reports import Row
from baton.domain.campaign import Campaign
from baton.domain.reports.calendar import Bucket, Calendar, Grain, days
from baton.domain.reports.conservation import Balance, Fault, disagreement, lead_disagrees
from baton.domain.reports.counting import Counted, Place, Sums, sums
from baton.domain.reports.tally import ALL, IN_CAMPAIGNS, Dimension
from baton.domain.search import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from baton.application.count_leads import CountLeads
    from baton.application.ports import Archive, Clock, LeadSearch
    from baton.application.reports import Reports
    from baton.domain.lead import Lead
    from baton.domain.reports.calendar import Hour
    from baton.domain.reports.tally import Measures

BUDGET: Final = timedelta(seconds=15)
"""After which no further hour is begun: an answer has to be there within the 29 seconds that API Gateway waits."""
PAGE: Final = 500
"""Leads that are looked up at once."""
SPAN: Final = 2000
"""Leads of the hours that are looked at together; one hour may have more."""
TRIES: Final = 5
"""Rounds of comparing counters that are being written meanwhile."""


@dataclass(slots=True)
class Proof:
    """What came out, and from where to go on."""

    balance: Balance = field(default_factory=Balance)
    next: str | None = None
    """The last hour that was looked at, where there are more than there was time for."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that is looked at."""

    day: date
    campaigns: Collection[str]
    balance: Balance
    repair: bool

    @property
    def bucket(self) -> Bucket:
        """In which it is counted."""
        return Bucket(Grain.DAY, self.day.isoformat())


class ProveReports:
    """Leads against what is counted of each, that against the hours' counters, and these against the days'.

    With `repair`, leads are counted anew and counters written anew, each only where nobody has written it meanwhile:
    counting goes on beside it, and one that stops in the middle has made nothing worse.
    """

    def __init__(
        self,
        reports: Reports,
        calendar: Calendar,
        search: LeadSearch,
        archive: Archive,
        count: CountLeads,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._calendar = calendar
        self._search = search
        self._archive = archive
        self._count = count
        self._clock = clock

    def __call__(self, first: date, last: date, after: str | None = None, *, repair: bool = False) -> Proof:
        """The days from the first to the last, after the hour `after`, as far as there is time.

        Raises StoreUnavailable.
        """
        proof, until = Proof(), self._clock.now() + BUDGET
        for day in days(first, last):
            hours = [hour for hour in self._calendar.hours(day) if after is None or hour[0].name > after]
            house = _Day(day, self._campaigns(day), proof.balance, repair)
            for span in self._spans(hours):
                self._leads_of(house, span)
                self._hours(house, span)
                ends_day = span[-1] is hours[-1]
                if ends_day:
                    self._day(house)
                if self._clock.now() >= until and not (ends_day and day == last):
                    proof.next = span[-1][0].name
                    return proof
        return proof

    def _spans(self, hours: Sequence[Hour]) -> Iterator[list[Hour]]:
        """The hours in as few stretches as have no more than so many leads, by what is counted: a quiet day is one."""
        if not hours:
            return
        totals = self._reports.rows(ALL, Dimension.TOTAL, Grain.HOUR, hours[0][0].name, hours[-1][0].name)
        received = {row.bucket: row.measures.get("received", 0) for row in totals}
        span: list[Hour] = []
        leads = 0
        for hour in hours:
            leads += received.get(hour[0], 0)
            if span and leads > SPAN:
                yield span
                span, leads = [], received.get(hour[0], 0)
            span.append(hour)
        yield span

    def _campaigns(self, day: date) -> set[str]:
        """Campaigns that there are, and those that had leads on that day."""
        name = day.isoformat()
        had = self._reports.rows(ALL, Dimension.CAMPAIGN, Grain.DAY, name, name)
        return {row.cell.value for row in had} | {one.document.id for one in self._archive.every(Campaign)}

    def _leads_of(self, house: _Day, span: Sequence[Hour]) -> None:
        """Every lead of the span, with what is counted of it."""
        for leads in self._pages(span[0][1], span[-1][2], house.campaigns):
            counted = self._counted(leads)
            suspects = [lead for lead in leads if lead_disagrees(lead, counted[lead.lead_id])]
            # A lead that was written between the two readings may have been counted by now.
            counted |= self._counted(suspects)
            wrong = []
            for lead in leads:
                house.balance.saw(lead)
                if disagreement := lead_disagrees(lead, counted[lead.lead_id]):
                    house.balance.note(disagreement)
                    wrong.append(lead)
            if house.repair and wrong:
                house.balance.repaired += self._count(wrong)

    def _pages(self, begin: datetime, end: datetime, campaigns: Collection[str]) -> Iterator[list[Lead]]:
        wanted, after = Wanted(since=begin, until=end), None
        while True:
            page = self._search.page(wanted, campaigns, PAGE, after)
            yield list(page.items)
            if (after := page.after) is None:
                return

    def _counted(self, leads: Collection[Lead]) -> dict[str, Counted]:
        return self._reports.counted(Counted.nothing_of(lead, self._calendar) for lead in leads)

    def _hours(self, house: _Day, span: Sequence[Hour]) -> None:
        """The counters of the span's hours, with all that is counted of their leads."""
        first, last = span[0][0], span[-1][0]
        read: list[Counted] = []

        def truth() -> Sums:
            read[:] = self._reports.counted_in(house.bucket, first, last)
            return sums((one.hour, one.tally) for one in read)

        def counters() -> Iterator[Row]:
            return self._rows(Grain.HOUR, first.name, last.name, house.campaigns)

        self._compare(Fault.HOUR, house, counters, truth)
        house.balance.counted += len(read)

    def _day(self, house: _Day) -> None:
        """The counters of the day, with those of its hours."""
        names = [hour.name for hour, _, _ in self._calendar.hours(house.day)]

        def truth() -> Sums:
            hours = self._rows(Grain.HOUR, names[0], names[-1], house.campaigns)
            return sums((house.bucket, {row.cell: row.measures}) for row in hours)

        def counters() -> Iterator[Row]:
            return self._rows(Grain.DAY, house.bucket.name, house.bucket.name, house.campaigns)

        self._compare(Fault.DAY, house, counters, truth)

    def _compare(
        self, fault: Fault, house: _Day, counters: Callable[[], Iterator[Row]], truth: Callable[[], Sums]
    ) -> None:
        """Counters with what they are the sum of; with `repair` they are written anew where they are not.

        Both cannot be read at one moment. A counter that had one revision before and after its parts were read had it
        in between too, and only then does it say anything that it differs from them.
        """
        noted: set[Place] = set()
        before, moving = _by_place(counters()), set[Place]()
        house.balance.counters += len(before)
        for _ in range(TRIES):
            expected = truth()
            if not _differing(expected, before):
                return
            after = _by_place(counters())
            differing = _differing(expected, after)
            moving = {place for place in differing if _rev(before, place) != _rev(after, place)}
            for place in sorted(differing - moving - noted):
                found = after[place].measures if place in after else {}
                house.balance.note(disagreement(fault, *place, expected.get(place, {}), found))
                noted.add(place)
            if not moving and not house.repair:
                return
            for place in differing - moving if house.repair else ():
                row = Row(*place, _rev(after, place) + 1, expected.get(place, {}))
                house.balance.repaired += self._reports.replace(row)
            before = _by_place(counters())
        house.balance.unsettled += len(moving)

    def _rows(self, grain: Grain, first: str, last: str, campaigns: Collection[str]) -> Iterator[Row]:
        for dimension in Dimension:
            yield from self._reports.rows(ALL, dimension, grain, first, last)
        for campaign in sorted(campaigns):
            for dimension in IN_CAMPAIGNS:
                yield from self._reports.rows(campaign, dimension, grain, first, last)


def _by_place(rows: Iterator[Row]) -> dict[Place, Row]:
    return {(row.bucket, row.cell): row for row in rows}


def _differing(expected: Sums, rows: Mapping[Place, Row]) -> set[Place]:
    return {
        place
        for place in expected.keys() | rows.keys()
        if _nonzero(expected.get(place, {})) != _nonzero(rows[place].measures if place in rows else {})
    }


def _nonzero(measures: Measures) -> dict[str, int]:
    return {name: number for name, number in measures.items() if number}


def _rev(rows: Mapping[Place, Row], place: Place) -> int:
    return rows[place].rev if place in rows else 0
