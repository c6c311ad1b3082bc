"""Durations counted in buckets that can be added up, and percentiles that are read off them.

DDSketch (Masson, Rim & Lee 2019): bucket `i` holds what lies in (G^(i-1), G^i] milliseconds, so that its middle is at
most ERROR off whatever is in it, and sums of histograms are the histograms of all their leads.
"""

from collections.abc import Mapping
from datetime import timedelta
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
    counts = sorted((bucket, count) for bucket, count in buckets.items() if count > 0)
    rank = (sum(count for _, count in counts) - 1) * percent / 100
    below = 0
    for bucket, count in counts:
        below += count
        if below > rank:
            return 2 * _G**bucket / (_G + 1) if bucket else 1.0
    return None
