"""Reports are proved from the leads: whatever disagrees is named, and a rebuild repairs it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.doubles import FixedClock
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.adapters.memory_reports import MemoryReports
from baton.application import prove_reports
from baton.application.count_leads import CountLeads
from baton.application.prove_reports import BUDGET, Proof, ProveReports
from baton.application.reports import Row
from baton.domain.lead import Lead, LeadState
from baton.domain.reports.calendar import Bucket, Calendar, Grain
from baton.domain.reports.conservation import MAX_NAMED, Fault
from baton.domain.reports.counting import Counted, Step
from baton.domain.reports.tally import ALL, Cell, Dimension
from tests.builders import MONDAY_9AM, a_campaign, a_lead

CALENDAR = Calendar(ZoneInfo("America/New_York"))
MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
HOUR = Bucket(Grain.HOUR, "2026-11-23T14:00")
DAY = Bucket(Grain.DAY, "2026-11-23")
TOTAL = Cell(ALL, Dimension.TOTAL, ALL)
SOURCE_HERE = Cell("solar", Dimension.SOURCE, "web-form")


class House:
    """Leads, counters, and who proves that they agree."""

    def __init__(self, *leads: Lead) -> None:
        self.leads = MemoryLeads(MemoryLedger())
        self.leads.leads |= {lead.lead_id: lead for lead in leads}
        self.reports = MemoryReports()
        self.count = CountLeads(self.reports, CALENDAR)
        self.count(leads)
        self.clock = FixedClock(MONDAY_9AM + timedelta(days=3))
        self.configuration = MemoryConfiguration()
        self.configuration.put(a_campaign())

    def proof(self, first: date = MONDAY, last: date = MONDAY, **given: Any) -> Proof:
        """What a recount comes to."""
        archive = MemoryArchive(self.configuration)
        prove = ProveReports(self.reports, CALENDAR, self.leads, self.leads, archive, self.count, self.clock)
        return prove(first, last, **given)

    def counter(self, bucket: Bucket, cell: Cell) -> Row:
        """A counter as it is."""
        rows = self.reports.rows(cell.scope, cell.dimension, bucket.grain, bucket.name, bucket.name)
        return next(row for row in rows if row.cell == cell)

    def breaks(self, bucket: Bucket, cell: Cell, **measures: int) -> None:
        """Somebody writes into a counter what is not so."""
        row = self.counter(bucket, cell)
        broken = {**row.measures, **measures}
        assert self.reports.replace(replace(row, rev=row.rev + 1, measures=broken))


@dataclass
class Running(FixedClock):
    """A clock on which time passes whenever somebody looks."""

    by: timedelta = BUDGET / 10

    def now(self) -> datetime:
        """See Clock.now."""
        self.forward(self.by)
        return super().now()


def some_leads(number: int = 5) -> list[Lead]:
    """Leads of one morning, in different states."""
    states = (LeadState.ASSIGNED, LeadState.LOST, LeadState.UNASSIGNED)
    return [
        a_lead(
            lead_id=f"{n:032x}",
            state=states[n % 3],
            received_at=MONDAY_9AM + timedelta(minutes=25 * n),
            cost_cents=100,
        )
        for n in range(number)
    ]


def test_counters_that_were_counted_agree_with_the_leads() -> None:
    balance = House(*some_leads()).proof().balance

    assert (balance.disagreements, balance.unsettled) == (0, 0)
    assert balance.leads == balance.counted == sum(balance.states.values()) == 5
    assert balance.states == {"assigned": 2, "lost": 2, "unassigned": 1}
    assert balance.counters == 15


def test_a_lead_that_was_never_counted_is_named_and_counted_by_a_rebuild() -> None:
    house = House(*some_leads())
    lost = a_lead(lead_id="f" * 32)
    house.leads.leads[lost.lead_id] = lost

    (named,) = house.proof().balance.named
    assert (named.fault, named.where, named.bucket) == (Fault.BEHIND, lost.lead_id, HOUR)
    assert house.proof(repair=True).balance.repaired == 1

    assert house.proof().balance.disagreements == 0
    assert house.counter(DAY, TOTAL).measures["received"] == 6


@pytest.mark.parametrize("cell", [TOTAL, SOURCE_HERE])
def test_an_hour_s_counter_that_somebody_broke_is_named_and_repaired(cell: Cell) -> None:
    house = House(*some_leads())
    house.breaks(HOUR, cell, received=99)

    named = house.proof().balance.named
    assert [(one.fault, one.bucket, one.where) for one in named] == [
        (Fault.HOUR, HOUR, str(cell)),
        (Fault.DAY, DAY, str(cell)),
    ]
    assert (named[0].expected, named[0].found) == ({"received": 3}, {"received": 99})
    repaired = house.proof(repair=True).balance
    assert (repaired.disagreements, repaired.repaired) == (1, 1)

    assert house.proof().balance.disagreements == 0


def test_a_day_s_counter_that_somebody_broke_is_named_and_repaired() -> None:
    house = House(*some_leads())
    house.breaks(DAY, TOTAL, **{"cost.USD": 1, "received": 5})

    (named,) = house.proof().balance.named
    assert (named.fault, named.expected, named.found) == (Fault.DAY, {"cost.USD": 500}, {"cost.USD": 1})
    house.proof(repair=True)

    assert house.proof().balance.disagreements == 0


def test_a_counter_that_no_lead_is_behind_is_emptied() -> None:
    house = House(*some_leads())
    ghost = Cell(ALL, Dimension.RECIPIENT, "nobody")
    house.reports.replace(Row(HOUR, ghost, 1, {"offered": 3}))

    house.proof(repair=True)

    assert house.proof().balance.disagreements == 0
    assert not any(house.counter(HOUR, ghost).measures.values())


def test_what_is_noted_of_a_lead_that_it_is_not_is_named() -> None:
    lead = a_lead()
    house = House(lead)
    nothing = Counted.nothing_of(lead, CALENDAR)
    (counted,) = house.reports.counted([nothing]).values()
    wrong = {TOTAL: {"received": 1}}
    house.reports.add([Step(replace(counted, rev=2, tally=wrong), {})])

    faults = {one.fault for one in house.proof().balance.named}
    assert Fault.LEAD in faults
    house.proof(repair=True)

    assert house.proof().balance.disagreements == 0


counts = st.sampled_from(("received", "offered", "cost.USD", "state.lost"))
breakages = st.lists(
    st.tuples(
        st.sampled_from((HOUR, DAY)), st.sampled_from((TOTAL, SOURCE_HERE)), counts, st.integers(-9, 9)
    ),
    max_size=6,
)


@given(breakages, st.sets(st.integers(0, 4)))
def test_whatever_is_broken_a_rebuild_makes_it_what_counting_once_makes_it(
    broken: list[tuple[Bucket, Cell, str, int]], uncounted: set[int]
) -> None:
    leads = some_leads()
    house = House(*(lead for n, lead in enumerate(leads) if n not in uncounted or n == 0))
    house.leads.leads |= {lead.lead_id: lead for lead in leads}
    for bucket, cell, name, number in broken:
        house.breaks(bucket, cell, **{name: number})

    house.proof(repair=True)

    assert house.proof().balance.disagreements == 0
    right = House(*leads)
    for bucket in (HOUR, DAY):
        for cell in (TOTAL, SOURCE_HERE):
            found, expected = house.counter(bucket, cell).measures, right.counter(bucket, cell).measures
            assert {name: n for name, n in found.items() if n} == expected


def test_counting_that_goes_on_meanwhile_is_no_disagreement_and_is_not_undone() -> None:
    class Busy(MemoryReports):
        """Whenever somebody has read an hour's leads, one more is counted."""

        left = 3

        def counted_in(self, day: Bucket, first: Bucket, last: Bucket) -> Any:
            yield from super().counted_in(day, first, last)
            if self.left:
                self.left -= 1
                house.leads.leads |= {(new := a_lead(lead_id=f"{self.left:031x}f")).lead_id: new}
                house.count([new])

    house = House(*some_leads())
    house.reports = busy = Busy()
    house.count = CountLeads(busy, CALENDAR)
    house.count(house.leads.leads.values())
    house.breaks(HOUR, SOURCE_HERE, received=50)

    balance = house.proof(repair=True).balance

    assert [(one.fault, one.where) for one in balance.named] == [(Fault.HOUR, str(SOURCE_HERE))]
    assert house.proof().balance.disagreements == 0
    assert house.counter(DAY, TOTAL).measures["received"] == 8


def test_a_lead_that_was_restored_to_what_it_was_before_is_named_and_counted_anew() -> None:
    older, newer = a_lead(rev=2), a_lead(rev=5, state=LeadState.LOST, recipient_id="ana")
    house = House(newer)
    house.leads.leads[older.lead_id] = older

    (named,) = house.proof().balance.named
    assert (named.fault, named.where) == (Fault.LEAD, older.lead_id)
    house.proof(repair=True)

    assert house.proof().balance.disagreements == 0
    assert house.counter(DAY, TOTAL).measures["state.scored"] == 1
    house.leads.leads[older.lead_id] = newer.model_copy(update={"rev": 3})
    house.count([house.leads.leads[older.lead_id]])
    assert house.proof().balance.disagreements == 0


def test_a_lead_that_is_counted_between_two_looks_at_it_is_no_disagreement() -> None:
    class Late(MemoryReports):
        """What tells of the lead comes after somebody has looked for it in vain."""

        def counted(self, nothing: Any) -> Any:
            found = super().counted(list(nothing))
            if not self.told:
                self.told = True
                house.count([lead])
            return found

        told = True

    house, lead = House(*some_leads()), a_lead(lead_id="f" * 32)
    house.reports = late = Late()
    house.count = CountLeads(late, CALENDAR)
    house.count(house.leads.leads.values())
    house.leads.leads[lead.lead_id] = lead
    late.told = False

    assert house.proof().balance.disagreements == 0


def test_a_counter_that_is_written_all_the_time_is_said_to_be_unsettled() -> None:
    class Restless(MemoryReports):
        """Whenever an hour's leads were read, somebody writes a counter that is wrong."""

        def counted_in(self, day: Bucket, first: Bucket, last: Bucket) -> Any:
            yield from super().counted_in(day, first, last)
            if self.restless:
                house.breaks(HOUR, TOTAL, received=house.counter(HOUR, TOTAL).measures["received"] + 1)

        restless = False

    house = House(*some_leads())
    house.reports = busy = Restless()
    house.count = CountLeads(busy, CALENDAR)
    house.count(house.leads.leads.values())
    house.breaks(HOUR, TOTAL, received=9)
    busy.restless = True

    assert house.proof().balance.unsettled > 0


def test_a_lead_of_which_nothing_can_be_said_is_named_and_the_others_are_proved() -> None:
    house = House(*some_leads())
    odd = a_lead(lead_id="f" * 32).model_copy(update={"placed_at": "yesterday"})
    house.leads.leads[odd.lead_id] = odd

    balance = house.proof(repair=True).balance

    assert [(one.fault, one.where) for one in balance.named] == [(Fault.UNREADABLE, odd.lead_id)]
    assert balance.counted == 5


def test_the_first_lead_of_a_campaign_that_comes_meanwhile_is_no_disagreement() -> None:
    class Busy(MemoryReports):
        def counted_in(self, day: Bucket, first: Bucket, last: Bucket) -> Any:
            if self.waiting:
                house.count([self.waiting.pop()])
            yield from super().counted_in(day, first, last)

        waiting: ClassVar[list[Lead]] = []

    house = House(*some_leads())
    house.reports = busy = Busy()
    house.count = CountLeads(busy, CALENDAR)
    house.count(house.leads.leads.values())
    busy.waiting.append(a_lead(lead_id="f" * 32, campaign_id="roofs"))

    balance = house.proof().balance
    assert (balance.disagreements, balance.unsettled) == (0, 0)


def test_a_rebuild_of_more_leads_than_there_is_time_for_goes_on_where_it_stopped() -> None:
    house = House()
    house.leads.leads |= {lead.lead_id: lead for lead in some_leads()}
    house.clock = Running(house.clock.now(), BUDGET)
    proofs = [house.proof(repair=True)]
    while proofs[-1].next and len(proofs) < 9:
        proofs.append(house.proof(repair=True, after=proofs[-1].next))

    house.clock = FixedClock(house.clock.now())
    assert house.proof().balance.disagreements == 0


@pytest.mark.parametrize("repair", [False, True])
def test_an_hour_with_more_leads_than_there_is_time_for_is_proved_in_several_answers(
    monkeypatch: pytest.MonkeyPatch, *, repair: bool
) -> None:
    monkeypatch.setattr(prove_reports, "PAGE", 2)
    crowd = [a_lead(lead_id=f"{n:032x}", received_at=MONDAY_9AM + timedelta(seconds=n)) for n in range(9)]
    house = House(*crowd)
    uncounted = a_lead(lead_id="f" * 32)
    house.leads.leads[uncounted.lead_id] = uncounted
    house.clock = Running(house.clock.now(), BUDGET)
    proofs = [house.proof(MONDAY, TUESDAY, repair=repair)]
    while proofs[-1].next:
        proofs.append(house.proof(MONDAY, TUESDAY, after=proofs[-1].next, repair=repair))

    assert sum(proof.balance.leads for proof in proofs) == 10
    assert [one.where for proof in proofs for one in proof.balance.named] == [uncounted.lead_id]
    assert sum(proof.balance.repaired for proof in proofs) == repair
    assert sum(proof.balance.counted for proof in proofs) == 9 + repair


def test_leads_that_have_expired_since_stay_counted() -> None:
    house = House(*some_leads())
    house.leads.leads.clear()

    balance = house.proof(repair=True).balance

    assert (balance.leads, balance.counted, balance.disagreements) == (0, 5, 0)
    assert house.counter(DAY, TOTAL).measures["received"] == 5


def test_when_time_is_over_the_answer_says_where_to_go_on() -> None:
    house = House(*some_leads())
    house.breaks(DAY, TOTAL, received=7)
    house.clock = Running(house.clock.now())
    proofs = [house.proof(MONDAY, TUESDAY)]
    while proofs[-1].next:
        proofs.append(house.proof(MONDAY, TUESDAY, after=proofs[-1].next))

    assert sum(proof.balance.leads for proof in proofs) == 5
    assert sum(proof.balance.disagreements for proof in proofs) == 1


def test_of_very_many_disagreements_the_first_are_named_and_all_counted() -> None:
    house = House()
    uncounted = some_leads(MAX_NAMED + 20)
    near = [lead.model_copy(update={"received_at": MONDAY_9AM}) for lead in uncounted]
    house.leads.leads |= {lead.lead_id: lead for lead in near}

    balance = house.proof().balance

    assert balance.disagreements == MAX_NAMED + 20
    assert len(balance.named) == MAX_NAMED


def test_tests_are_no_leads() -> None:
    assert House(a_lead(test=True)).proof().balance.leads == 0
