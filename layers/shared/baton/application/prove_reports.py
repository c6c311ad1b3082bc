"""Prove that reports equal what the leads say, and repair them where they do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.application.compare_counters import CompareCounters
from baton.domain.campaign import Campaign
from baton.domain.errors import NotFound
from baton.domain.reports.calendar import Bucket, Calendar, Grain, days
from baton.domain.reports.conservation import Balance, Fault, cannot_be_read, lead_disagrees
from baton.domain.reports.counting import Counted, Sums, next_step, sums
from baton.domain.reports.tally import ALL, IN_CAMPAIGNS, Dimension
from baton.domain.search import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date, datetime

    from baton.application.count_leads import CountLeads
    from baton.application.ports import Archive, Clock, Leads, LeadSearch
    from baton.application.reports import Reports, Row
    from baton.domain.lead import Lead
    from baton.domain.reports.calendar import Hour

BUDGET: Final = timedelta(seconds=15)
"""After which no further hour is begun: an answer has to be there within the 29 seconds that API Gateway waits."""
PAGE: Final = 500
"""Leads that are looked up at once."""
SPAN: Final = 2000
"""Leads of the hours that are looked at together; one hour may have more."""


@dataclass(slots=True)
class Proof:
    """What came out, and from where to go on."""

    balance: Balance = field(default_factory=Balance)
    next: str | None = None
    """The last hour that was looked at, where there are more than there was time for."""


class _OutOfTime(Exception):
    """There was no time left in the middle of some hours."""


@dataclass(slots=True)
class _Day:
    """A day that is looked at."""

    day: date
    campaigns: Collection[str]
    balance: Balance
    repair: bool
    until: datetime
    """When time is over."""
    counted_in: set[str] = field(default_factory=set)
    """Campaigns in which something is counted on that day, as far as it was seen."""

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
        leads: Leads,
        archive: Archive,
        count: CountLeads,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._calendar = calendar
        self._search = search
        self._leads = leads
        self._archive = archive
        self._count = count
        self._compare = CompareCounters(reports)
        self._clock = clock

    def __call__(self, first: date, last: date, after: str | None = None, *, repair: bool = False) -> Proof:
        """The days from the first to the last, after the hour `after`, as far as there is time.

        Raises StoreUnavailable.
        """
        proof, until = Proof(), self._clock.now() + BUDGET
        known = {one.document.id for one in self._archive.every(Campaign)}
        for day in days(first, last):
            hours = [hour for hour in self._calendar.hours(day) if after is None or hour[0].name > after]
            if not hours:
                continue
            house = _Day(day, known | self._had_leads(day), proof.balance, repair, until)
            for span in self._spans(hours):
                try:
                    self._leads_of(house, span)
                except _OutOfTime:
                    # What was counted anew stays, so that the next time these hours take less.
                    proof.next = self._calendar.hour_of(span[0][1] - timedelta(seconds=1)).name
                    return proof
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

    def _had_leads(self, day: date) -> set[str]:
        """Campaigns that had leads on that day; they may be gone."""
        name = day.isoformat()
        return {row.cell.value for row in self._reports.rows(ALL, Dimension.CAMPAIGN, Grain.DAY, name, name)}

    def _leads_of(self, house: _Day, span: Sequence[Hour]) -> None:
        """Every lead of the span, with what is counted of it."""

        def unreadable(lead_id: str) -> None:
            house.balance.note(cannot_be_read(span[0][0], lead_id))

        for leads in self._pages(span[0][1], span[-1][2], house.campaigns, unreadable):
            counted = self._counted(leads)
            suspects: list[Lead] = []
            for lead in leads:
                house.balance.saw(lead)
                try:
                    if lead_disagrees(lead, counted[lead.lead_id]):
                        suspects.append(lead)
                except Exception:  # whatever is wrong with it: it is named
                    unreadable(lead.lead_id)
            # A lead that was written between the two readings may have been counted by now.
            counted |= self._counted(suspects)
            behind = [lead for lead in suspects if self._is_behind(house, lead, counted[lead.lead_id])]
            if house.repair and behind:
                house.balance.repaired += self._count(behind)
            if house.repair and self._clock.now() >= house.until:
                raise _OutOfTime

    def _is_behind(self, house: _Day, lead: Lead, counted: Counted) -> bool:
        """Whether what is counted is older than the lead; whatever disagrees is named.

        A lead that is counted ahead of itself is looked at once more: it may only have changed since it was read.
        """
        try:
            lead = self._leads.get(lead.lead_id) if lead.rev < counted.lead_rev else lead
        except NotFound:
            return False
        disagreement = lead_disagrees(lead, counted)
        if disagreement is None:
            return False
        house.balance.note(disagreement)
        if disagreement.fault is not Fault.BEHIND and house.repair:
            step = next_step(lead, counted, ahead=True)
            house.balance.repaired += step is not None and self._reports.add([step])
        return disagreement.fault is Fault.BEHIND

    def _pages(
        self,
        begin: datetime,
        end: datetime,
        campaigns: Collection[str],
        unreadable: Callable[[str], None],
    ) -> Iterator[list[Lead]]:
        wanted, after = Wanted(since=begin, until=end), None
        while True:
            page = self._search.page(wanted, campaigns, PAGE, after, unreadable)
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
            house.counted_in |= {cell.scope for one in read for cell in one.tally}
            return sums((one.hour, one.tally) for one in read)

        def counters() -> Iterator[Row]:
            return self._rows(house, Grain.HOUR, first.name, last.name)

        self._compare(Fault.HOUR, house.balance, counters, truth, repair=house.repair)
        house.balance.counted += len(read)

    def _day(self, house: _Day) -> None:
        """The counters of the day, with those of its hours."""
        names = [hour.name for hour, _, _ in self._calendar.hours(house.day)]

        def truth() -> Sums:
            hours = self._rows(house, Grain.HOUR, names[0], names[-1])
            return sums((house.bucket, {row.cell: row.measures}) for row in hours)

        def counters() -> Iterator[Row]:
            return self._rows(house, Grain.DAY, house.bucket.name, house.bucket.name)

        self._compare(Fault.DAY, house.balance, counters, truth, repair=house.repair)

    def _rows(self, house: _Day, grain: Grain, first: str, last: str) -> Iterator[Row]:
        """All counters of these buckets: of all campaigns together, then of each in which something is counted."""
        for dimension in Dimension:
            for row in self._reports.rows(ALL, dimension, grain, first, last):
                if dimension is Dimension.CAMPAIGN:
                    house.counted_in.add(row.cell.value)
                yield row
        for campaign in sorted(house.counted_in - {ALL}):
            for dimension in IN_CAMPAIGNS:
                yield from self._reports.rows(campaign, dimension, grain, first, last)
