"""Prove that reports equal what the leads say, and repair them where they do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from baton.application.compare_counters import CompareCounters
from baton.domain.campaign import Campaign
from baton.domain.errors import NotFound
from baton.domain.reports.calendar import Bucket, Calendar, Grain, days
from baton.domain.reports.conservation import Balance, Fault, cannot_be_read, lead_disagrees
from baton.domain.reports.counting import Counted, Sums, next_step, sums
from baton.domain.reports.tally import ALL, IN_CAMPAIGNS, Dimension
from baton.domain.search import Wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from baton.application.archive import Archive
    from baton.application.count_leads import CountLeads
    from baton.application.ports import Clock, Leads, LeadSearch
    from baton.application.reports import Reports, Row
    from baton.domain.lead import Lead
    from baton.domain.reports.calendar import Hour

BUDGET: Final = timedelta(seconds=10)
"""After which nothing more is begun: an answer has to be there within the 29 seconds that API Gateway waits."""
PAGE: Final = 500
"""Leads that are looked up at once."""
SPAN: Final = 2000
"""Leads of the hours that are looked at together; one hour may have more."""


@dataclass(slots=True)
class Proof:
    """What came out, and from where to go on."""

    balance: Balance = field(default_factory=Balance)
    next: str | None = None
    """Up to where it has come, where there is more than there was time for."""


class _Position(NamedTuple):
    """Up to where a proof has come: `hour`, or `hour~until~place` in the middle of the hours after it."""

    hour: str = ""
    """The last hour that is done."""
    until: str = ""
    """The last of the hours whose leads are being looked at; '' where none are."""
    place: str | None = None
    """Where the last page of those ended."""

    @classmethod
    def read(cls, text: str | None) -> _Position:
        """As it was written."""
        hour, _, rest = (text or "").partition("~")
        until, _, place = rest.partition("~")
        return cls(hour, until, place or None)

    def __str__(self) -> str:
        return "~".join(part for part in self if part)


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
        """The days from the first to the last, from where `after` says on, as far as there is time.

        Raises StoreUnavailable.
        """
        proof, until, position = Proof(), self._clock.now() + BUDGET, _Position.read(after)
        known = {one.document.id for one in self._archive.every(Campaign)}
        for day in days(first, last):
            hours = [hour for hour in self._calendar.hours(day) if hour[0].name > position.hour]
            if not hours:
                continue
            house = _Day(day, known | self._had_leads(day), proof.balance, repair, until)
            for span, place in self._spans(hours, position):
                stopped_at = self._leads_of(house, span, place)
                if stopped_at is not None:
                    before = self._calendar.hour_of(span[0][1] - timedelta(seconds=1))
                    proof.next = str(_Position(before.name, span[-1][0].name, stopped_at))
                    return proof
                self._hours(house, span)
                ends_day = span[-1] is hours[-1]
                if ends_day:
                    self._day(house)
                if self._clock.now() >= until and not (ends_day and day == last):
                    proof.next = span[-1][0].name
                    return proof
        return proof

    def _spans(self, hours: Sequence[Hour], position: _Position) -> Iterator[tuple[list[Hour], str | None]]:
        """The hours in as few stretches as have no more than so many leads, by what is counted: a quiet day is one.

        First those that were begun, with the place where that stopped.
        """
        begun = [hour for hour in hours if hour[0].name <= position.until]
        if begun:
            yield begun, position.place
        if hours := hours[len(begun) :]:
            yield from ((span, None) for span in self._stretches(hours))

    def _stretches(self, hours: Sequence[Hour]) -> Iterator[list[Hour]]:
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

    def _leads_of(self, house: _Day, span: Sequence[Hour], place: str | None) -> str | None:
        """Every lead of the span after that place, with what is counted of it. The place at which time was over."""

        def unreadable(lead_id: str) -> None:
            house.balance.note(cannot_be_read(span[0][0], lead_id))

        wanted = Wanted(since=span[0][1], until=span[-1][2])
        while True:
            page = self._search.page(wanted, house.campaigns, PAGE, place, unreadable)
            counted = self._counted(page.items)
            suspects: list[Lead] = []
            for lead in page.items:
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
            if (place := page.after) is None or self._clock.now() >= house.until:
                return place

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
