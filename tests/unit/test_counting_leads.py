"""Counters come out right whatever is repeated, reordered, lost, or done at the same moment."""

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.memory_reports import MemoryAside, MemoryReports
from baton.application.count_leads import CountEvery, CountLeads
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.reports.calendar import Bucket, Calendar, Grain
from baton.domain.reports.counting import MAX_ROWS, Counted, increments, next_step, sums, transactions
from baton.domain.reports.tally import ALL, Cell, Dimension, Tally, tally_of
from tests.builders import MONDAY_9AM, a_lead
from tests.invariants.histories import Company, companies, histories

UTC_DAYS = Calendar(ZoneInfo("UTC"))
DAY = "2026-11-23"


def counters(reports: MemoryReports, grain: Grain) -> dict[Cell, dict[str, int]]:
    """All that was counted, over all buckets of that grain."""
    scopes = (ALL, "solar", "roofs")
    rows = [
        row
        for scope in scopes
        for dimension in Dimension
        for row in reports.rows(scope, dimension, grain, "2000", "3000")
    ]
    return summed({row.cell: row.measures} for row in rows)


def tallies(leads: list[Lead]) -> dict[Cell, dict[str, int]]:
    """What the leads come to."""
    return summed(tally_of(lead) for lead in leads)


def summed(tallies: Iterable[Tally]) -> dict[Cell, dict[str, int]]:
    """The sum, whenever it was."""
    ever = Bucket(Grain.DAY, "ever")
    return {
        cell: measures for (_, cell), measures in sums((ever, one) for one in tallies).items() if measures
    }


@given(companies, histories, st.randoms(use_true_random=False))
def test_whatever_order_a_lead_s_revisions_come_in_it_is_counted_as_it_is(
    drawn: Any, history: list[tuple[str, int, int]], chance: random.Random
) -> None:
    """Every revision is told twice, in any order and in any batches; of all but the last some are never told."""
    company = Company(drawn)
    told: list[Lead] = []
    for kind, which, minutes in history:
        company.happens(kind, which, minutes)
        told += [lead for lead in company.leads.leads.values() if chance.random() < 0.8]
    last = list(company.leads.leads.values())
    told += told + last
    chance.shuffle(told)
    reports = MemoryReports()
    count = CountLeads(reports, UTC_DAYS)
    while told:
        size = chance.randint(1, 6)
        count(told[:size])
        told = told[size:]

    assert counters(reports, Grain.HOUR) == counters(reports, Grain.DAY) == tallies(last)
    assert count(last) == 0


def test_many_who_count_the_same_leads_at_once_count_each_once() -> None:
    leads = [a_lead(lead_id=f"{n:032x}", rev=rev, state=state) for n in range(40) for rev, state in STATES]
    reports = MemoryReports()
    batches = [leads[start::8] for start in range(8)] * 4

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(CountLeads(reports, UTC_DAYS), batches))

    last = [lead for lead in leads if lead.rev == 3]
    assert counters(reports, Grain.HOUR) == counters(reports, Grain.DAY) == tallies(last)


STATES = ((1, LeadState.RECEIVED), (2, LeadState.SCORED), (3, LeadState.UNASSIGNED))


def a_lead_of_many(offers: int) -> Lead:
    """A lead that so many have declined."""
    return a_lead(
        rev=offers + 2,
        offers=tuple(
            PastOffer(recipient_id=f"rep-{n}", stage=0, pool_id="team", answer=Answer.DECLINED)
            for n in range(offers)
        ),
    )


def test_a_lead_with_more_offers_than_fit_in_a_transaction_is_counted_in_several() -> None:
    lead, reports = a_lead_of_many(100), MemoryReports()

    CountLeads(reports, UTC_DAYS)([lead])

    assert counters(reports, Grain.DAY) == tallies([lead])


class Stopping(MemoryReports):
    """Counters that take so many more transactions, then none."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def add(self, steps: Any) -> bool:
        """Add, or fail."""
        if self.left == 0:
            raise StoreUnavailable
        self.left -= 1
        return super().add(steps)


@pytest.mark.parametrize("steps", range(8))
def test_counting_that_stops_in_the_middle_of_a_lead_is_taken_up_where_it_stopped(steps: int) -> None:
    older, lead = a_lead_of_many(60), a_lead_of_many(100)
    reports = Stopping(steps)
    count = CountLeads(reports, UTC_DAYS)
    with pytest.raises(StoreUnavailable):
        count([lead])

    reports.left = -1
    count([older])
    count([lead])

    assert counters(reports, Grain.HOUR) == tallies([lead])


@given(st.lists(st.integers(0, 90), min_size=1, max_size=60))
def test_no_transaction_writes_more_rows_than_dynamodb_takes(offers: list[int]) -> None:
    leads = [
        a_lead_of_many(n).model_copy(update={"lead_id": f"{number:032x}"}) for number, n in enumerate(offers)
    ]
    steps = [step for lead in leads if (step := next_step(lead, Counted.nothing_of(lead, UTC_DAYS)))]

    packed = list(transactions(steps))

    assert [step for some in packed for step in some] == steps
    assert all(len(some) + len(increments(some)) <= MAX_ROWS for some in packed)


def test_leads_of_one_hour_share_their_transaction() -> None:
    leads = [a_lead(lead_id=f"{n:032x}") for n in range(40)]
    steps = [step for lead in leads if (step := next_step(lead, Counted.nothing_of(lead, UTC_DAYS)))]

    assert len(list(transactions(steps))) == 1


def test_a_lead_counts_in_the_hour_in_which_it_came_in_whenever_it_changes() -> None:
    reports = MemoryReports()
    later = a_lead(rev=9, state=LeadState.ASSIGNED, moved_at=MONDAY_9AM.replace(day=29))

    CountLeads(reports, UTC_DAYS)([later])

    hours = reports.rows(ALL, Dimension.TOTAL, Grain.HOUR, "2026-11-23T14:00", "2026-11-23T14:00")
    assert [row.bucket for row in hours] == [Bucket(Grain.HOUR, "2026-11-23T14:00")]
    assert [row.bucket.name for row in reports.rows(ALL, Dimension.TOTAL, Grain.DAY, DAY, DAY)] == [DAY]


def test_when_others_are_always_faster_counting_gives_up_and_says_so() -> None:
    class Slow(MemoryReports):
        def add(self, steps: Any) -> bool:
            return False

    with pytest.raises(StoreUnavailable):
        CountLeads(Slow(), UTC_DAYS)([a_lead()])


def test_what_is_counted_by_an_older_rule_is_counted_anew() -> None:
    reports, lead = MemoryReports(), a_lead()
    nothing = Counted.nothing_of(lead, UTC_DAYS)
    older: Tally = {Cell(ALL, Dimension.TOTAL, ALL): {"received": 1, "gone": 1}}
    before = next_step(lead, nothing)
    assert before is not None
    reports.add([type(before)(Counted(lead.lead_id, nothing.hour, nothing.day, 1, lead.rev, older), older)])

    CountLeads(reports, UTC_DAYS)([lead])

    assert counters(reports, Grain.DAY) == tallies([lead])


def test_a_lead_that_cannot_be_counted_is_set_aside_and_does_not_hold_up_the_others() -> None:
    reports, aside = MemoryReports(), MemoryAside()
    sound = a_lead()
    poison = a_lead(lead_id="b" * 32, placed_at=MONDAY_9AM)
    poison = poison.model_copy(update={"placed_at": "yesterday"})
    every = CountEvery(CountLeads(reports, UTC_DAYS), aside)

    assert every([poison, sound], ["c" * 32]) == (1, 2)

    assert aside.lead_ids == ["b" * 32, "c" * 32]
    assert counters(reports, Grain.DAY) == tallies([sound])


def test_a_lead_whose_counters_cannot_be_found_is_set_aside_too() -> None:
    reports, aside = MemoryReports(), MemoryAside()
    poison = a_lead(lead_id="b" * 32, received_at=datetime.max.replace(tzinfo=UTC))
    far_east = Calendar(ZoneInfo("Pacific/Kiritimati"))

    assert CountEvery(CountLeads(reports, far_east), aside)([poison, a_lead()]) == (1, 1)

    assert aside.lead_ids == ["b" * 32]


@pytest.mark.parametrize(
    "facts", [{"placed_at": "yesterday"}, {"received_at": datetime.max.replace(tzinfo=UTC)}]
)
def test_a_lead_that_cannot_be_counted_does_not_hold_up_its_shard_when_it_comes_alone(facts: Any) -> None:
    aside = MemoryAside()
    poison = a_lead(lead_id="b" * 32).model_copy(update=facts)
    every = CountEvery(CountLeads(MemoryReports(), Calendar(ZoneInfo("Pacific/Kiritimati"))), aside)

    assert every([poison]) == (0, 1)

    assert aside.lead_ids == [poison.lead_id]


def test_what_keeps_every_lead_from_being_counted_is_no_lead_s_fault() -> None:
    class Forbidden(MemoryReports):
        def add(self, steps: Any) -> bool:
            raise PermissionError

    aside = MemoryAside()
    with pytest.raises(PermissionError):
        CountEvery(CountLeads(Forbidden(), UTC_DAYS), aside)([a_lead(), a_lead(lead_id="b" * 32)])

    assert aside.lead_ids == []


def test_a_test_leaves_nothing_behind() -> None:
    reports = MemoryReports()

    assert CountLeads(reports, UTC_DAYS)([a_lead(test=True)]) == 0


def test_while_counters_cannot_be_written_nothing_is_set_aside() -> None:
    aside = MemoryAside()

    with pytest.raises(StoreUnavailable):
        CountEvery(CountLeads(Stopping(0), UTC_DAYS), aside)([a_lead()])

    assert aside.lead_ids == []
