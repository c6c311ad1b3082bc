"""Durations in buckets: percentiles close to the exact ones, and histograms that add up."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from baton.domain.reports.histogram import ERROR, bucket_of, percentile

durations = st.lists(st.integers(1, 40 * 24 * 3_600_000), min_size=1, max_size=200)
percents = st.sampled_from((0, 10, 50, 90, 95, 99, 100))


def histogram(ms: list[int]) -> Counter[int]:
    """The durations, counted."""
    return Counter(bucket_of(timedelta(milliseconds=one)) for one in ms)


def exact(ms: list[int], percent: float) -> int:
    """The percentile of the durations themselves."""
    return sorted(ms)[int((len(ms) - 1) * percent / 100)]


@given(durations, percents)
def test_a_percentile_is_within_the_stated_error_of_the_exact_one(ms: list[int], percent: int) -> None:
    said = percentile(histogram(ms), percent)

    assert said is not None
    assert abs(said - exact(ms, percent)) <= ERROR * exact(ms, percent) * 1.000001


@given(durations, durations, percents)
def test_two_histograms_added_up_are_that_of_all(one: list[int], other: list[int], percent: int) -> None:
    assert histogram(one) + histogram(other) == histogram(one + other)


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile({}, 50) is None
    assert percentile({7: 0}, 50) is None


def test_a_clock_that_ran_backwards_counts_as_no_time() -> None:
    assert bucket_of(timedelta(seconds=-5)) == bucket_of(timedelta()) == 0
    assert percentile({0: 3}, 50) == 1.0
