"""Systems that keep failing are left in peace for a while, and tried again one call at a time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.resting import BreakerResting, MemoryBreakerStore

FAIL_MAX = 3
REST = timedelta(seconds=60)
ACME, OTHER = "recipient#acme", "recipient#other"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def store() -> MemoryBreakerStore:
    return MemoryBreakerStore()


@pytest.fixture
def resting(store: MemoryBreakerStore, clock: FixedClock) -> BreakerResting:
    return a_process(store, clock)


def a_process(store: MemoryBreakerStore, clock: FixedClock) -> BreakerResting:
    return BreakerResting(store, clock, fail_max=FAIL_MAX, rest_s=REST.total_seconds())


def wear_out(resting: BreakerResting) -> None:
    for _ in range(FAIL_MAX):
        resting.failed(ACME)


def test_who_never_failed_is_called(resting: BreakerResting, store: MemoryBreakerStore) -> None:
    assert resting.allowed(ACME)
    assert not resting.succeeded(ACME)
    assert store.rows == {}


def test_the_last_of_so_many_failures_in_a_row_begins_the_rest_and_says_so(resting: BreakerResting) -> None:
    assert [resting.failed(ACME) for _ in range(FAIL_MAX)] == [False, False, True]
    assert not resting.allowed(ACME)
    assert resting.allowed(OTHER)


def test_a_success_in_between_starts_the_count_anew(resting: BreakerResting) -> None:
    for failures in (1, 2, 1, 2, 2):
        assert not any(resting.failed(ACME) for _ in range(failures))
        resting.succeeded(ACME)

    assert resting.allowed(ACME)


def test_calls_that_fail_when_the_rest_has_begun_change_nothing(
    resting: BreakerResting, clock: FixedClock
) -> None:
    wear_out(resting)
    clock.forward(REST / 2)

    assert not resting.failed(ACME)
    assert not resting.succeeded(ACME)
    assert not resting.allowed(ACME)
    clock.forward(REST / 2)
    assert resting.allowed(ACME)


def test_after_the_rest_one_call_is_a_trial_and_the_others_wait_for_it(
    resting: BreakerResting, clock: FixedClock
) -> None:
    wear_out(resting)
    clock.forward(REST - timedelta(seconds=1))
    assert not resting.allowed(ACME)
    clock.forward(timedelta(seconds=1))

    assert [resting.allowed(ACME) for _ in range(3)] == [True, False, False]


def test_a_trial_that_succeeds_ends_the_rest_and_says_so(resting: BreakerResting, clock: FixedClock) -> None:
    wear_out(resting)
    clock.forward(REST)
    resting.allowed(ACME)

    assert resting.succeeded(ACME)
    assert [resting.allowed(ACME) for _ in range(3)] == [True] * 3
    assert [resting.failed(ACME) for _ in range(FAIL_MAX)] == [False, False, True]


def test_a_trial_that_fails_begins_another_rest_without_telling_again(
    resting: BreakerResting, clock: FixedClock
) -> None:
    wear_out(resting)
    clock.forward(REST)
    resting.allowed(ACME)

    assert not resting.failed(ACME)
    clock.forward(REST - timedelta(seconds=1))
    assert not resting.allowed(ACME)
    clock.forward(timedelta(seconds=1))
    assert resting.allowed(ACME)


def test_a_trial_that_nobody_heard_of_again_is_followed_by_another(
    resting: BreakerResting, clock: FixedClock
) -> None:
    wear_out(resting)
    clock.forward(REST)
    resting.allowed(ACME)

    clock.forward(REST)
    assert [resting.allowed(ACME) for _ in range(2)] == [True, False]


def test_of_many_recipients_those_that_rest_are_left_out(resting: BreakerResting) -> None:
    wear_out(resting)

    assert resting.allowed_among([ACME, OTHER, "recipient#third"]) == {OTHER, "recipient#third"}


def test_processes_that_share_a_store_count_together(
    resting: BreakerResting, store: MemoryBreakerStore, clock: FixedClock
) -> None:
    second = a_process(store, clock)
    assert second.allowed(ACME)

    assert [process.failed(ACME) for process in (resting, second, resting)] == [False, False, True]
    assert not second.allowed(ACME)
    clock.forward(REST)
    assert second.allowed(ACME)
    assert second.succeeded(ACME)
    assert resting.allowed(ACME)


def test_of_failures_at_the_same_moment_exactly_one_begins_the_rest(resting: BreakerResting) -> None:
    begun: list[bool] = []
    together = threading.Barrier(16)

    def fail() -> None:
        together.wait()
        begun.append(resting.failed(ACME))

    threads = [threading.Thread(target=fail) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(begun) == [False] * 15 + [True]


def test_who_is_only_asked_in_a_hurry_uses_up_no_trial(resting: BreakerResting, clock: FixedClock) -> None:
    wear_out(resting)
    clock.forward(REST)

    assert resting.allowed_among([ACME], trial=False) == set()
    assert resting.allowed_among([ACME]) == {ACME}
