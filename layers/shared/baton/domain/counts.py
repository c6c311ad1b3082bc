"""Counts by window of time, of which only the newest are remembered."""

from collections.abc import Iterable, Mapping
from typing import Final

NEIGHBOURS: Final = 3
"""Windows of a kind that are remembered: the last one's, this one's and the next one's, as the Earth turns."""
WEEKS: Final = 14
"""Calendar weeks for which leads, conversions, sales and returns are remembered: a quarter and this week."""


def added(counts: Mapping[str, int], keys: Iterable[str | None], by: int) -> dict[str, int]:
    """The counts with `by` more at these keys. Nothing is taken off a count that is no longer kept."""
    after = dict(counts)
    for key in keys:
        if key is not None and (key in after or by > 0):
            after[key] = after.get(key, 0) + by
    return after


def kept(counts: Mapping[str, int], used: Iterable[str]) -> dict[str, int]:
    """The counts of the newest windows, and of those that are used now."""
    return newest(counts, NEIGHBOURS) | {key: counts[key] for key in used}


def newest(counts: Mapping[str, int], keep: int) -> dict[str, int]:
    """The counts of the newest windows of each kind. Keys of a kind sort as time does."""
    groups: dict[str, list[str]] = {}
    for key in sorted(counts, reverse=True):
        kind = groups.setdefault(key.partition(":")[0], [])
        if len(kind) < keep:
            kind.append(key)
    return {key: counts[key] for key in sorted(key for keys in groups.values() for key in keys)}
