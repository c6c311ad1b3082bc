"""What the check of a plan looks at, and what it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from baton.domain.campaign import Campaign
from baton.domain.plan import Stage
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient

MAX_NAMED: Final = 5
"""How many of many a sentence names."""


class Severity(StrEnum):
    """What a finding means for publishing."""

    ERROR = "error"
    """It cannot work: publishing is refused."""
    WARNING = "warning"
    """It may be meant so."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that would go wrong with a plan."""

    place: str
    """Where: a path into the plan such as `stages[1].when.all[0]`."""
    severity: Severity
    problem: str
    """What: a sentence for the person who has to fix it."""

    @property
    def is_error(self) -> bool:
        """Whether the plan must not be published so."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Scene:
    """A plan's stages, and everything that they refer to."""

    stages: tuple[Stage, ...]
    pools: Mapping[str, Pool]
    recipients: Mapping[str, Recipient]
    campaigns: tuple[Campaign, ...]
    now: datetime


def error(place: str, problem: str) -> Finding:
    """What cannot work."""
    return Finding(place, Severity.ERROR, problem)


def warning(place: str, problem: str) -> Finding:
    """What may be meant so."""
    return Finding(place, Severity.WARNING, problem)


def in_words(those: Sequence[str]) -> str:
    """The first of many, and how many more there are."""
    rest = len(those) - MAX_NAMED
    return ", ".join(those[:MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")
