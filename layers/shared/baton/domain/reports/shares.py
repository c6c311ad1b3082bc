"""Shares: what part of its leads a pool promises each member, and what each got."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from baton.domain.documents import Record
from baton.domain.plan import Model, Plan
from baton.domain.pool import Fairness, Pool, Release
from baton.domain.recipient import Recipient
from baton.domain.reports.figures import OfferFigures


class Basis(StrEnum):
    """What a pool's promise is made of."""

    EQUAL = "equal"
    WEIGHTS = "weights"
    NONE = "none"
    """No share is promised: no plan asks the pool, or plans ask it by something else, or in more than one way."""


class Absence(StrEnum):
    """Why somebody gets no leads at this moment, whatever the lead."""

    REMOVED = "removed"
    """No member any more."""
    INACTIVE = "inactive"
    PAUSED = "paused"
    AWAY = "away"


class Share(Record):
    """What part of leads somebody was promised, and got. Whoever is away, off duty or full cannot get theirs then."""

    turns: int
    """Offers, less those whose turn was given back."""
    promised: float | None
    """Of all turns; None where none is promised."""
    got: float | None
    """Of all turns; None where there were none."""
    expected: float | None
    """How many leads were promised, by the pools that promise a share."""
    off_by: float | None
    """By how many leads more than promised; negative: fewer."""
    absent: Absence | None
    """Why the recipient gets none now."""


_BY: Final = {Model.ROUND_ROBIN: Basis.EQUAL, Model.WEIGHTED: Basis.WEIGHTS}


def basis_of(pool_id: str, plans: Iterable[Plan]) -> Basis:
    """What these plans make of the pool."""
    found = {
        _BY.get(stage.model, Basis.NONE)
        for plan in plans
        for stage in plan.stages
        if stage.pool_id == pool_id
    }
    return found.pop() if len(found) == 1 else Basis.NONE


def promised(pool: Pool, basis: Basis) -> dict[str, float]:
    """The part of the pool's turns that each member is promised; nothing where none is."""
    if basis is Basis.NONE:
        return {}
    weights = {m.recipient_id: m.weight if basis is Basis.WEIGHTS else 1 for m in pool.members}
    total = sum(weights.values())
    return {who: weight / total for who, weight in weights.items()}


def turns_of(offers: OfferFigures, fairness: Fairness) -> int:
    """Offers that count as turns: an offer that we gave back never does."""
    given_back = {
        Release.DECLINED: offers.declined,
        Release.EXPIRED: offers.expired,
        Release.RETURNED: offers.returned,
        Release.REASSIGNED: offers.reassigned + offers.taken_back,
    }
    back = sum(count for why, count in given_back.items() if why in fairness.refund_on)
    return offers.offers - offers.released - back


class Turns(NamedTuple):
    """What somebody got of one pool."""

    own: int
    all: int
    """Of all who are members now."""
    promised: float | None
    """The part of all that is the member's."""


def turns_in(pool: Pool, basis: Basis, counted: Mapping[str, OfferFigures]) -> dict[str, Turns]:
    """What each got of a pool, with what became of its offers, by recipient; also members who got nothing.

    Who is no member any more is promised nothing, and what they got is no part of what members share.
    """
    parts = promised(pool, basis)
    own = {who: turns_of(offers, pool.fairness) for who, offers in counted.items()}
    members = [member.recipient_id for member in pool.members]
    total = sum(own.get(who, 0) for who in members)
    return {
        **{who: Turns(turns, 0, None) for who, turns in own.items()},
        **{who: Turns(own.get(who, 0), total, parts.get(who)) for who in members},
    }


def share_of(found: Sequence[Turns], absent: Absence | None) -> Share:
    """Somebody's share of all the pools that promise one; of all of them where none does."""
    counted = [turns for turns in found if turns.promised is not None]
    own = sum(turns.own for turns in counted or found)
    total = sum(turns.all for turns in counted or found)
    expected = sum((turns.promised or 0.0) * turns.all for turns in counted)
    return Share(
        turns=sum(turns.own for turns in found),
        promised=round(expected / total, 4) if counted and total else None,
        got=round(own / total, 4) if total else None,
        expected=round(expected, 1) if counted and total else None,
        off_by=round(own - expected, 1) if counted and total else None,
        absent=absent,
    )


def absence(recipient: Recipient | None, now: datetime) -> Absence | None:
    """Why a recipient gets nothing at that moment; None: nothing of that kind is in the way."""
    if recipient is None:
        return Absence.REMOVED
    if not recipient.active:
        return Absence.INACTIVE
    if recipient.paused:
        return Absence.PAUSED
    return Absence.AWAY if recipient.is_away(now) else None
