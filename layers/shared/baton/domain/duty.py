"""Duties: what is to be done, and when, about a lead that a rep has."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from baton.domain.documents import Instant, Record


class Act(StrEnum):
    """What may be to be done. Of what is due at one moment, the first named here comes first."""

    MISS = "miss"
    """Note that contact was due, and that there was none."""
    ACKNOWLEDGE = "acknowledge"
    """Tell the person who looks after them."""
    REMIND = "remind"
    """Tell the rep again."""
    ESCALATE = "escalate"
    """Tell somebody else."""
    REASSIGN = "reassign"
    """Take the lead from the rep, and let it go on in its plan."""


_OF_THE_REP: Final = frozenset({Act.REMIND, Act.REASSIGN})
_OF_THE_LEAD: Final = frozenset({Act.MISS, Act.ESCALATE})
_PLACES: Final = {act: place for place, act in enumerate(Act)}


class Duty(Record):
    """One thing that is to be done at a moment. The moment does not move when configuration does."""

    at: Instant
    do: Act
    to: tuple[str, ...] = ()
    """Ids of those who are told, where somebody else is. Empty: operations."""

    @property
    def name(self) -> str:
        """By which it is told from the lead's other duties."""
        return f"{self.do}.{int(self.at.timestamp())}"


def in_order(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """As they come due."""
    return tuple(sorted(duties, key=lambda duty: (duty.at, _PLACES[duty.do])))


def lasting(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Those that are still to be done when the lead is another rep's."""
    return tuple(duty for duty in duties if duty.do not in _OF_THE_REP)


def of_nobody(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Those that are still to be done while nobody has the lead."""
    return tuple(duty for duty in duties if duty.do in _OF_THE_LEAD)


def after_an_attempt(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Those that are left when the rep has done all that was asked for."""
    return tuple(duty for duty in duties if duty.do is Act.ACKNOWLEDGE)
