"""Conclusions: what became of a lead, and what that gives back to whoever has it.

What a lead remembers is the same in whatever order its outcomes are told, and however often: the first contact is the
earliest, of converted and lost the one counts that happened last, either counts more than contacted, and returned more
than all. Each report is an event of its own, also where it changes nothing else.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from baton.domain.change import Change
from baton.domain.duty import after_an_attempt
from baton.domain.errors import IllegalTransition
from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.offer import Offer, OfferState
from baton.domain.outcome import Outcome, Report, Reported
from baton.domain.pool import Fairness, Release
from baton.domain.standing import Standings, Turn, Usage, week_of
from baton.domain.timeline import Event, EventKind

OPEN: Final = frozenset({LeadState.ASSIGNED, LeadState.SOLD, LeadState.CONTACTED})
"""States in which a lead takes up its recipient's capacity: somebody still has to do something about it."""
_FINISHED: Final = frozenset({LeadState.CONVERTED, LeadState.LOST})
_EVENTS: Final = {
    Outcome.CONTACTED: EventKind.LEAD_CONTACTED,
    Outcome.CONVERTED: EventKind.LEAD_CONVERTED,
    Outcome.LOST: EventKind.LEAD_LOST,
    Outcome.RETURNED: EventKind.LEAD_RETURNED,
}
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class _Ending(NamedTuple):
    """How a lead ended. The greatest of several is the one that counts: they are compared part by part."""

    at: datetime
    converted: bool
    """At the same moment, converted counts more than lost."""
    value_cents: int = -1
    currency: str = ""
    reason: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What its lead remembers of it."""
        worth = self.converted and self.value_cents >= 0
        return {
            "conclusion": LeadState.CONVERTED if self.converted else LeadState.LOST,
            "concluded_at": self.at,
            "value_cents": self.value_cents if worth else None,
            "value_currency": self.currency if worth else None,
            "lost_reason": self.reason or None,
        }


def concluded(
    lead: Lead,
    offer: Offer,
    report: Report,
    fairness: Fairness | None,
    standings: Standings,
    by: str,
    now: datetime,
) -> Change:
    """The lead with one more outcome. Finished, it frees capacity; returned, it counts in no cap.

    `offer`: by which somebody has the lead, or had it before giving it back. Raises InvalidOutcome; IllegalTransition
    where a buyer is to return a lead in this way: money would stay where it is.
    """
    if report.outcome is Outcome.RETURNED and offer.price_cents is not None:
        message = (
            "a lead that was sold is given back as a return, with its money: POST /v1/leads/{lead_id}/returns"
        )
        raise IllegalTransition(message)
    at = report.happened(lead, now)
    facts = _remembered(lead, report, at)
    if report.outcome is Outcome.CONTACTED:
        facts["offers"] = _reached(lead, offer.no, at)
    after = _entered(lead, offer, _state(lead, report, facts), now, facts)
    told = report.model_copy(update={"at": at})
    change = _change(lead, after, offer, told, fairness, standings, by, now)
    return replace(change, reported=report.reported)


def lapsed(lead: Lead, offer: Offer, standings: Standings, by: str, now: datetime) -> Change:
    """A lead that is taken for lost, because nobody said what became of it: whatever somebody says counts more."""
    after = _entered(lead, offer, LeadState.LOST, now, {})
    return _change(lead, after, offer, Report(outcome=Outcome.LOST), None, standings, by, now)


def attempted(lead: Lead, offer: Offer, reported: Reported, by: str, now: datetime) -> Change:
    """Somebody tried to reach the person, and did not: the lead stays where it is.

    Where an attempt counts, the rep has done what the service level asks for.
    """
    eased = lead.attempts_count and lead.duties
    facts = lead.owing(after_an_attempt(lead.duties)) if eased else {}
    after = lead.revised(attempted_at=lead.attempted_at or now, **facts)
    facts = {"by": by, "recipient_id": offer.recipient_id}
    return Change(lead=after, event=Event.of(after, EventKind.ATTEMPT_MADE, now, facts), reported=reported)


def _reached(lead: Lead, no: int, at: datetime) -> tuple[PastOffer, ...]:
    """The lead's offers, once whoever had the lead by the one of that number has reached the person then."""
    offers = list(lead.offers)
    if 1 <= no <= len(offers):
        first = min(at, offers[no - 1].contacted_at or at)
        offers[no - 1] = offers[no - 1].model_copy(update={"contacted_at": first})
    return tuple(offers)


def _remembered(lead: Lead, report: Report, at: datetime) -> dict[str, Any]:
    """What the lead knows of its outcomes with this one."""
    if report.outcome is Outcome.CONTACTED:
        return {"contacted_at": min(at, lead.contacted_at or at)}
    if report.outcome is Outcome.RETURNED:
        return {}
    worth = report.value_cents is not None
    told = _Ending(
        at,
        report.outcome is Outcome.CONVERTED,
        report.value_cents if report.value_cents is not None else -1,
        (report.currency or lead.currency) if worth else "",
        report.reason or "",
    )
    won_at = min(at, lead.converted_at or at) if told.converted else lead.converted_at
    return {**max(told, _ending(lead)).facts, "converted_at": won_at}


def _ending(lead: Lead) -> _Ending:
    """How the lead ended so far: long ago, where nobody has said."""
    if lead.conclusion is None or lead.concluded_at is None:
        # Of leads that were written before they remembered it, the moment is that of the report.
        won = lead.state is LeadState.CONVERTED
        return _Ending(lead.moved_at if won else _LONG_AGO, converted=won)
    return _Ending(
        lead.concluded_at,
        lead.conclusion is LeadState.CONVERTED,
        -1 if lead.value_cents is None else lead.value_cents,
        lead.value_currency or "",
        lead.lost_reason or "",
    )


def _state(lead: Lead, report: Report, facts: dict[str, Any]) -> LeadState:
    if LeadState.RETURNED in (lead.state, report.outcome.state):
        return LeadState.RETURNED
    ended: LeadState | None = facts.get("conclusion", lead.conclusion)
    if ended is not None:
        return ended
    # What lapsed has no conclusion.
    return lead.state if lead.state in _FINISHED else LeadState.CONTACTED


def _entered(lead: Lead, offer: Offer, state: LeadState, now: datetime, facts: dict[str, Any]) -> Lead:
    """The lead in that state, where it may be already."""
    if lead.state is LeadState.RETURNED:
        return lead.revised(**facts)
    # Of several buyers the outcome is that of the one who has the lead: a return has to know whose.
    facts = {**facts, "recipient_id": offer.recipient_id}
    if state is LeadState.RETURNED:
        facts["offers"] = lead.answered(offer.no, Answer.RETURNED)
    return lead.revised(**facts) if state is lead.state else lead.moved(state, now, **facts)


def _change(
    lead: Lead,
    after: Lead,
    offer: Offer,
    report: Report,
    fairness: Fairness | None,
    standings: Standings,
    by: str,
    now: datetime,
) -> Change:
    given_back = after.state is LeadState.RETURNED and lead.state is not LeadState.RETURNED
    refund = given_back and fairness is not None and Release.RETURNED in fairness.refund_on
    told = report.model_dump(mode="json", exclude={"id", "outcome"}, exclude_none=True)
    told["happened_at"] = told.pop("at", now.isoformat())
    if report.value_cents is not None:
        told["currency"] = report.currency or lead.currency
    facts = {
        "by": by,
        "recipient_id": offer.recipient_id,
        "turn_given_back": refund,
        "state_before": lead.state,
        **told,
    }
    return Change(
        lead=after,
        event=Event.of(after, _EVENTS[report.outcome], now, facts),
        offer=offer.answered(OfferState.RELEASED, now) if given_back else None,
        turn=_turn(lead, offer, after, standings, refund=refund),
        usage=_usage(lead, offer, after, standings),
    )


def _usage(lead: Lead, offer: Offer, after: Lead, standings: Standings) -> Usage | None:
    if offer.price_cents is not None or after.state is lead.state:
        return None
    used = standings.used(offer.recipient_id)
    finished = (lead.state in OPEN) - (after.state in OPEN)
    if after.state is LeadState.RETURNED:
        return used.released(offer.windows, finished)
    return used.freed(finished) if finished else None


def _turn(lead: Lead, offer: Offer, after: Lead, standings: Standings, *, refund: bool) -> Turn | None:
    if offer.queue is None or after.state is lead.state:
        return None
    turn, week = standings.turn(offer.queue, offer.recipient_id), week_of(offer.windows)
    conversions = (after.state is LeadState.CONVERTED) - (lead.state is LeadState.CONVERTED)
    returned = after.state is LeadState.RETURNED
    if not conversions and not returned:
        return None
    return turn.settled(week, conversions=conversions, returned=returned, refund=refund)
