"""What a source may send in a day, and how much is paid for it: never more, at any interleaving."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from baton.domain.access import hash_of
from baton.domain.dealings import Intake, utc_windows
from tests.unit.interleaving import Stepwise, Task, each
from tests.unit.vendor import PERSON, PING, Vendor, a_vendor
from tests.unit.wire import Answer


def limited(**limits: Any) -> Vendor:
    """A vendor whose source has these limits and gets half of every price of 1,000 cents."""
    return a_vendor(source={"limits": limits})


def sell_all(vendor: Vendor) -> None:
    """Let every lead that is on its way come to its end."""
    for lead_id in list(vendor.leads.leads):
        vendor.score(lead_id)
        vendor.sells(lead_id)


def intake(vendor: Vendor) -> Intake:
    """What is counted for the source."""
    return vendor.ledger.standings([], [], intakes=["web-form"]).intake("web-form")


def statuses(answers: Sequence[Answer]) -> Counter[int]:
    """How many answers of each status."""
    return Counter(answer.status for answer in answers)


# ---- leads in a day


def test_a_source_that_has_sent_its_leads_hears_which_limit_and_when_the_next_day_begins() -> None:
    vendor = limited(per_day=2)
    assert [vendor.sent().status for _ in range(2)] == [202, 202]

    answer = vendor.sent()

    assert answer.status == 429
    assert answer.json() == {
        "type": "urn:baton:source-limit-reached",
        "title": "The source has reached its limit of a day",
        "status": 429,
        "detail": "this source takes 2 leads a day; the next day begins at 2026-11-24 00:00 UTC",
        "limit": "per_day",
    }
    assert answer.headers["retry-after"] == str(10 * 3600)
    assert len(vendor.leads.leads) == 2


def test_the_count_begins_anew_at_midnight_utc() -> None:
    vendor = limited(per_day=1)
    vendor.sent()
    vendor.clock.forward(timedelta(hours=10) - timedelta(seconds=1))
    assert vendor.sent().status == 429
    vendor.clock.forward(timedelta(seconds=1))

    assert vendor.sent().status == 202


def test_a_source_at_its_limit_gets_no_price_either() -> None:
    vendor = limited(per_day=1)
    vendor.sent()

    assert vendor.pinged().status == 429
    assert vendor.asked() == []


def test_a_price_that_was_told_does_not_lift_the_limit() -> None:
    vendor = limited(per_day=1)
    ping_id = vendor.promises()
    vendor.sent()

    assert vendor.sent({**PING, **PERSON, "ping_id": ping_id}).status == 429
    assert vendor.leads.promise(ping_id).lead_id is None


def test_the_same_request_again_is_no_further_lead() -> None:
    """Invariant 8."""
    vendor = limited(per_day=1)
    answers = [vendor.sent(headers={"Idempotency-Key": "order-1"}) for _ in range(3)]

    assert statuses(answers) == {202: 3}
    assert len({answer.body for answer in answers}) == 1


def test_a_lead_that_was_refused_does_not_count() -> None:
    vendor = limited(per_day=1)
    assert vendor.sent({"email": "none"}).status == 422

    assert vendor.sent().status == 202


def test_tests_do_not_count_and_are_not_limited() -> None:
    vendor = a_vendor(source={"limits": {"per_day": 1}, "api_keys": [hash_of("k")]})
    key = {"X-Api-Key": "k"}
    tests = [vendor.sent({**PERSON, "test": True}, headers=key) for _ in range(3)]

    assert statuses(tests) == {202: 3}
    assert [vendor.sent(headers=key).status for _ in range(2)] == [202, 429]


def test_a_limit_of_none_is_a_source_that_is_closed() -> None:
    assert limited(per_day=0).sent().status == 429


def test_sources_without_a_limit_do_not_wait_for_one_another() -> None:
    vendor = a_vendor()
    vendor.sent()

    assert vendor.ledger.intakes == {}


# ---- money in a day


def test_a_source_whose_budget_is_spent_sends_no_more_that_day() -> None:
    vendor = limited(budget_cents=1_000)
    for _ in range(2):
        assert vendor.sent().status == 202
        sell_all(vendor)

    answer = vendor.sent()

    assert (answer.status, answer.json()["limit"]) == (429, "budget_cents")
    assert vendor.pinged().status == 429
    vendor.clock.forward(timedelta(hours=10))
    assert vendor.sent().status == 202


@pytest.mark.parametrize(("budget_cents", "status"), [(499, "no_price"), (500, "priced")])
def test_a_price_that_the_budget_does_not_pay_is_not_promised(budget_cents: int, status: str) -> None:
    answer = limited(budget_cents=budget_cents).pinged().json()

    assert answer["status"] == status
    assert answer.get("reason") == ("over_budget" if status == "no_price" else None)


def test_a_promise_that_the_budget_has_no_more_money_for_is_refused() -> None:
    vendor = limited(budget_cents=900)
    first, second = vendor.promises(), vendor.promises()
    assert vendor.sent({**PING, **PERSON, "ping_id": first}).status == 202
    sell_all(vendor)

    answer = vendor.sent({**PING, **PERSON, "ping_id": second})

    assert (answer.status, answer.json()["limit"]) == (429, "budget_cents")
    assert intake(vendor).paid == {utc_windows(vendor.clock.now())[0]: 500}


def test_a_fixed_payout_that_the_budget_cannot_pay_any_more_is_refused_beforehand() -> None:
    vendor = a_vendor(source={"payout": {"fixed_cents": 700}, "limits": {"budget_cents": 1_000}})
    vendor.sent()
    sell_all(vendor)

    assert vendor.sent().status == 429


# ---- at the same moment


@pytest.mark.parametrize("keys", [("a", "b"), ("a", "a"), (None, None)])
def test_two_leads_and_one_place_left_are_one_lead_in_every_order(keys: tuple[str | None, ...]) -> None:
    """Invariants 4 and 8."""

    def build() -> tuple[tuple[Vendor, list[int]], Sequence[Task]]:
        vendor, seen = limited(per_day=3), []
        for _ in range(2):
            vendor.sent()
        vendor.rewire(Stepwise(vendor.leads), Stepwise(vendor.ledger))

        def post(key: str | None) -> None:
            headers = {"Idempotency-Key": key} if key else {}
            body = {**PING, **PERSON, "landing_page": f"https://example.com/{key}"} if key else None
            seen.append(vendor.sent(body, headers=headers).status)

        return (vendor, seen), [lambda key=key: post(key) for key in keys]

    for vendor, seen in each(build):
        assert sorted(seen) == ([202, 202] if keys == ("a", "a") else [202, 429])
        assert len(vendor.leads.leads) == 3
        assert set(intake(vendor).leads.values()) == {3}


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_many_threads_send_exactly_as_many_leads_as_the_source_may() -> None:
    """Invariant 4. Who lost too many races hears 503 and sends again, as the answer says."""
    vendor = limited(per_day=40)

    def post(_: int) -> Answer:
        while (answer := vendor.sent()).status == 503:
            pass
        return answer

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(200)))

    assert statuses(answers) == {202: 40, 429: 160}
    assert len(vendor.leads.leads) == 40
    assert set(intake(vendor).leads.values()) == {40}
