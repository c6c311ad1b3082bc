"""The queries over the raw history answer what a recount of the leads themselves gives.

The history is a month's events as they lie in the bucket, some of them twice, asked by DuckDB. The recount knows no
events.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pytest

from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.lead_return import ReturnState
from local import ask, history
from tests.month import Month, a_month
from tests.raw_history import deliver

FIRST, LAST = date(2026, 11, 5), date(2026, 12, 3)
"""Leads came before and after these, and what became of many was heard later."""
HAD: Final = (Answer.ACCEPTED, Answer.RETURNED, Answer.REASSIGNED)
type Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def month() -> Month:
    """What happened."""
    return a_month()


@pytest.fixture(scope="module")
def database(month: Month, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The month in a bucket: every seventh event came twice, in files of its own."""
    bucket = tmp_path_factory.mktemp("bucket")
    deliver([*month.announcements, *month.announcements[::7]], bucket)
    with ask.connect(str(bucket / "events")) as database:
        yield database


@pytest.fixture
def answer(database: duckdb.DuckDBPyConnection) -> Callable[..., Rows]:
    """What a query of that name answers about the leads of these days."""

    def answer(name: str, *more: Any) -> Rows:
        return ask.ask(database, history.queries()[name], [str(FIRST), str(LAST), *more]).fetchall()

    return answer


def grouped(rows: Sequence[tuple[tuple[Any, ...], Any]]) -> dict[tuple[Any, ...], list[Any]]:
    """What belongs together, by what it has in common, in the order of that."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for key, value in rows:
        groups[key].append(value)
    return dict(sorted(groups.items()))


def asked_for(month: Month) -> list[Lead]:
    """The leads that came in those days, but for tests."""
    return [lead for lead in month.real() if FIRST <= lead.received_at.date() <= LAST]


def nearest_rank(part: float, values: Sequence[float]) -> float | None:
    """The least value that at least that part of all do not exceed."""
    return sorted(values)[math.ceil(part * len(values)) - 1] if values else None


def percent(part: int, whole: int) -> Any:
    """A part in percent, as near as two engines agree."""
    return pytest.approx(100 * part / whole)


# ------------------------------------------------------------------------------------------------------- the answers
def test_speed_to_contact(month: Month, answer: Callable[..., Rows]) -> None:
    scored = [lead for lead in asked_for(month) if lead.plan_version]
    weeks = grouped(
        [
            (
                (lead.source_id, lead.received_at.date() - timedelta(days=lead.received_at.weekday())),
                lead.contacted_at and (lead.contacted_at - lead.received_at).total_seconds(),
            )
            for lead in scored
        ]
    )

    assert len(weeks) > 8
    assert answer("speed_to_contact") == [
        (
            *key,
            len(waits),
            len(known := [wait for wait in waits if wait is not None]),
            nearest_rank(0.5, known),
            nearest_rank(0.9, known),
        )
        for key, waits in weeks.items()
    ]


def test_margin_by_cohort(month: Month, answer: Callable[..., Rows]) -> None:
    cohorts = grouped(
        [((lead.campaign_id, lead.received_at.date().replace(day=1)), lead) for lead in asked_for(month)]
    )

    def row(leads: list[Lead]) -> tuple[Any, ...]:
        converted = [lead for lead in leads if lead.state is LeadState.CONVERTED]
        sales = {lead.lead_id: kept_sales(lead) for lead in leads if kept_sales(lead)}
        prices = sum(sale.price_cents or 0 for one in sales.values() for sale in one)
        payouts = sum(sale.payout_cents for one in sales.values() for sale in one)
        costs = sum(lead.cost_cents for lead in leads)
        value = sum(lead.value_cents or 0 for lead in converted)
        rate = percent(len(converted), len(leads))
        money = (prices, payouts, costs, value, prices + value - payouts - costs)
        return (len(leads), len(converted), rate, len(sales), *money)

    assert {campaign for campaign, _ in cohorts} == {"solar", "insurance"}
    rows = answer("margin_by_cohort")
    assert rows == [(*key, *row(leads)) for key, leads in cohorts.items()]
    assert all(any(row[place] for row in rows) for place in range(2, 11)), (
        "a column that is always 0 proves nothing"
    )


def kept_sales(lead: Lead) -> list[PastOffer]:
    """The lead's sales that have not come back."""
    return [
        offer for offer in lead.offers if offer.price_cents is not None and offer.answer is Answer.ACCEPTED
    ]


def test_declines_by_rep(month: Month, answer: Callable[..., Rows]) -> None:
    offers = grouped(
        [
            ((offer.recipient_id, lead.source_id, lead.band or "-"), lead.offers[offer.no - 1].answer)
            for lead in asked_for(month)
            for offer in month.offers_of(lead)
            if offer.expires_at
        ]
    )

    def row(answers: list[Answer]) -> tuple[Any, ...]:
        accepted, declined = sum(one in HAD for one in answers), answers.count(Answer.DECLINED)
        expired = answers.count(Answer.EXPIRED)
        return (len(answers), accepted, declined, expired, percent(declined, len(answers)))

    assert month.undone
    assert answer("declines_by_rep") == [(*key, *row(answers)) for key, answers in offers.items()]


def test_bids_and_wins(month: Month, answer: Callable[..., Rows]) -> None:
    days = {lead.lead_id: lead for lead in asked_for(month)}
    last: dict[tuple[str, str], int] = {}
    for auction in month.auctions:
        if auction.lead_id in days:
            last |= {(auction.lead_id, bid.recipient_id): bid.cents for bid in auction.bids if bid.cents}

    def won(lead: Lead, who: str) -> int | None:
        prices = [
            offer.price_cents for offer in lead.offers if offer.recipient_id == who and offer.answer in HAD
        ]
        return prices[-1] if prices else None

    bands = grouped(
        [((who, cents // 500 * 500), won(days[lead_id], who)) for (lead_id, who), cents in last.items()]
    )

    assert len(bands) > 10
    assert answer("bids_and_wins") == [
        (
            *key,
            len(found),
            len(wins := [c for c in found if c is not None]),
            percent(len(wins), len(found)),
            sum(wins),
        )
        for key, found in bands.items()
    ]


def test_returned_leads(month: Month, answer: Callable[..., Rows]) -> None:
    days = {lead.lead_id: lead for lead in asked_for(month)}
    first: dict[str, tuple[str, Any]] = {}
    for back in sorted(month.returns, key=lambda back: back.decided_at or back.asked_at):
        assert back.state is ReturnState.APPROVED
        if back.lead_id in days:
            first.setdefault(back.lead_id, (back.reason, back.decided_at))
    by_reps = [
        lead for lead in days.values() if lead.campaign_id == "solar" and Answer.RETURNED in answers_of(lead)
    ]
    first |= {lead.lead_id: ("by a rep", None) for lead in by_reps}
    rows = grouped(
        [
            ((days[lead_id].campaign_id, reason), (days[lead_id], since))
            for lead_id, (reason, since) in first.items()
        ]
    )

    def is_sold_since(lead: Lead, since: Any) -> bool:
        later = [offer for offer in month.offers_of(lead) if since and offer.made_at >= since]
        return any(lead.offers[offer.no - 1].answer in HAD for offer in later)

    def row(found: list[tuple[Lead, Any]]) -> tuple[int, ...]:
        states = [lead.state for lead, _ in found]
        ends = (LeadState.CONVERTED, LeadState.RETURNED, LeadState.UNASSIGNED)
        return (len(found), sum(is_sold_since(*one) for one in found), *map(states.count, ends))

    found = answer("returned_leads")
    assert found == [(*key, *row(leads)) for key, leads in rows.items()]
    assert all(any(one[place] for one in found) for place in range(2, 7))


def answers_of(lead: Lead) -> list[Answer]:
    """How the lead's offers ended."""
    return [offer.answer for offer in lead.offers]


def test_arrivals_by_hour(month: Month, answer: Callable[..., Rows]) -> None:
    hours = grouped(
        [
            ((there.isoweekday(), there.hour), lead.state is LeadState.UNASSIGNED)
            for lead in asked_for(month)
            for there in [lead.received_at.astimezone(ZoneInfo("America/New_York"))]
        ]
    )

    assert len({weekday for weekday, _ in hours}) == 7
    assert answer("arrivals_by_hour") == [
        (*key, len(missed), sum(missed), percent(sum(missed), len(missed))) for key, missed in hours.items()
    ]


def test_plan_versions(month: Month, answer: Callable[..., Rows]) -> None:
    versions = grouped(
        [
            ((lead.plan_version,), lead.state is LeadState.CONVERTED)
            for lead in asked_for(month)
            if lead.plan_id == "plan" and lead.plan_version
        ]
    )
    (a, b) = ((len(one), sum(one)) for one in versions.values())

    ((*counts, better, low, high),) = answer("plan_versions", "plan", 1, 2)

    assert counts == [*a, *b]
    assert better == pytest.approx(100 * b[1] / b[0] - 100 * a[1] / a[0])
    (p, q), (m, n) = ((one[1] + 1) / (one[0] + 2) for one in (a, b)), (a[0] + 2, b[0] + 2)
    wide = 1.96 * math.sqrt(p * (1 - p) / m + q * (1 - q) / n)
    assert (low, high) == pytest.approx((100 * (q - p - wide), 100 * (q - p + wide)))
    assert low < better < high


def test_of_versions_that_nobody_follows_there_is_no_answer(answer: Callable[..., Rows]) -> None:
    assert answer("plan_versions", "plan", 1, 9) == answer("plan_versions", "another", 1, 2) == []


def test_way_to_an_owner(month: Month, answer: Callable[..., Rows]) -> None:
    def found(lead: Lead) -> tuple[tuple[str, str], tuple[int | None, float | None]]:
        had = (
            offer
            for offer in month.offers_of(lead)
            if lead.offers[offer.no - 1].answer in HAD or (lead.lead_id, offer.no) in month.undone
        )
        first = next(had, None)
        if not (first and lead.placed_at):
            return (lead.campaign_id, "nobody"), (None, None)
        wait = (lead.placed_at - lead.received_at).total_seconds()
        return (lead.campaign_id, first.stage_name), (first.no, wait)

    stages = grouped([found(lead) for lead in asked_for(month)])

    def row(leads: list[tuple[int | None, float | None]]) -> tuple[Any, ...]:
        offers = [offer for offer, _ in leads if offer is not None]
        waits = [wait for _, wait in leads if wait is not None]
        mean = pytest.approx(sum(offers) / len(offers)) if offers else None
        return (len(leads), mean, nearest_rank(0.5, waits), nearest_rank(0.9, waits))

    assert {stage for _, stage in stages} == {"nobody", "ask team", "ask closers", "auction"}
    assert answer("way_to_an_owner") == [(*key, *row(leads)) for key, leads in stages.items()]


def test_the_month_has_also_what_is_rare(month: Month) -> None:
    assert any(lead.sales == 2 for lead in month.real())
    assert any(lead.plan_version is None for lead in month.real())
    assert any(lead.test for lead in month.leads.values())
    bids = grouped(
        [((a.lead_id, bid.recipient_id), bid.cents or 0) for a in month.auctions for bid in a.bids]
    )
    assert any(cents[0] > cents[-1] > 0 for cents in bids.values()), "somebody bids again, and less"
    reasons = grouped(
        [((back.lead_id,), back.reason) for back in sorted(month.returns, key=lambda b: b.asked_at)]
    )
    assert any(said[0] != said[-1] for said in reasons.values()), (
        "a lead comes back twice, for different reasons"
    )
    assert any(bid.cents == 0 for auction in month.auctions for bid in auction.bids)


def test_every_query_is_compared_with_a_recount() -> None:
    assert {f"test_{name}" for name in history.queries()} <= set(globals())
