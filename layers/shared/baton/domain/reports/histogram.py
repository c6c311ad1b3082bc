"""Durations counted in buckets that can be added up, and percentiles that are read off them.

DDSketch (Masson, Rim & Lee 2019): bucket `i` holds what lies in (G^(i-1), G^i] milliseconds, so that its middle is at
most ERROR off whatever is in it, and sums of histograms are the histograms of all their leads.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from math import ceil, log
from typing import Final

ERROR: Final = 0.015
"""How far off a percentile is at most, as a share of itself."""
_G: Final = (1 + ERROR) / (1 - ERROR)
_LOG_G: Final = log(_G)
_MS: Final = timedelta(milliseconds=1)


def bucket_of(duration: timedelta) -> int:
    """The bucket of a duration; 0 for all up to a millisecond, and for a clock that ran backwards."""
    ms = duration / _MS
    return ceil(log(ms) / _LOG_G) if ms > 1 else 0


def percentile(buckets: Mapping[int, int], percent: float) -> float | None:
    """The duration in milliseconds that so many percent of those counted do not exceed; None where there are none.

    Of n durations in order it is number 1 + floor((n - 1) * percent / 100), to within ERROR.
    """
    return percentiles(buckets, (percent,))[0]


def percentiles(buckets: Mapping[int, int], percents: Sequence[float]) -> list[float | None]:
    """Several of them, for little more than one."""
    counts = sorted(one for one in buckets.items() if one[1] > 0)
    ends = list(accumulate(count for _, count in counts))
    if not ends:
        return [None] * len(percents)
    ranks = ((ends[-1] - 1) * percent / 100 for percent in percents)
    return [_middle(counts[bisect_right(ends, rank)][0]) for rank in ranks]


def _middle(bucket: int) -> float:
    return 2 * _G**bucket / (_G + 1) if bucket else 1.0
