"""Quarantine: what becomes of leads that are held."""

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field

from baton.domain.condition_tests import Facts, compile_condition
from baton.domain.conditions import Condition
from baton.domain.documents import Document

BY_RULE = "rule"
"""Who releases or rejects what a campaign's rules decide, in events."""


class Verdict(StrEnum):
    """What a campaign's rules make of a lead that is suspicious."""

    HOLD = "hold"
    RELEASE = "release"
    REJECT = "reject"


class QuarantineRules(Document):
    """What becomes of a campaign's leads that are held."""

    release_when: Condition | None = None
    """Held leads that fit are let go on at once, as if a person had released them."""
    reject_when: Condition | None = None
    """Held leads that fit are disqualified at once. Looked at first."""
    reject_after_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Held leads that nobody looked at are disqualified after so many days."""

    @cached_property
    def _tests(self) -> tuple[Callable[[Facts], bool], Callable[[Facts], bool]]:
        reject, release = self.reject_when, self.release_when
        return (
            compile_condition(reject) if reject else _never,
            compile_condition(release) if release else _never,
        )

    def verdict(self, facts: Facts) -> Verdict:
        """What becomes of a suspicious lead with these facts, its suspicions among them."""
        rejects, releases = self._tests
        if rejects(facts):
            return Verdict.REJECT
        return Verdict.RELEASE if releases(facts) else Verdict.HOLD


def _never(_: Facts) -> bool:
    return False
