"""Tallies: what one lead adds to every counter. A pure function of the lead's row, so a recount is the same sum.

A lead counts in the hour and day in which it came in, whatever becomes of it later: every rate is of the same leads.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from baton.domain.duty import Act
from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.reports.histogram import bucket_of

ALL: Final = "*"
"""The scope of what is counted of all campaigns together; any other scope is a campaign's id."""


class Dimension(StrEnum):
    """By what leads are counted apart."""

    TOTAL = "total"
    CAMPAIGN = "campaign"
    SOURCE = "source"
    SUB_SOURCE = "sub_source"
    RECIPIENT = "recipient"
    POOL = "pool"
    MEMBER = "member"
    STAGE = "stage"
    PLAN_VERSION = "plan_version"
    BAND = "band"


IN_CAMPAIGNS: Final = (
    Dimension.SOURCE,
    Dimension.SUB_SOURCE,
    Dimension.RECIPIENT,
    Dimension.POOL,
    Dimension.BAND,
)
"""What is counted in each campaign's scope as well. Stages and plan versions are hardly ever of two campaigns."""


class Cell(NamedTuple):
    """What one counter is about."""

    scope: str
    dimension: Dimension
    value: str
    """Of the dimension: an id, or ids with `/` between them; ALL for the total."""

    def __str__(self) -> str:
        return "|".join(self)


type Measures = Mapping[str, int]
"""How much of what. Money is `revenue.USD` in cents, a state `state.sold`, a histogram's bucket `response.132`."""
type Tally = Mapping[Cell, Measures]

RESPONSE: Final = "response"
"""From receipt to the first contact."""
ROUTING: Final = "routing"
"""From receipt until somebody had the lead for the first time."""

_TAKEN: Final = frozenset({Answer.ACCEPTED, Answer.RETURNED, Answer.REASSIGNED})
_S = LeadState
_BEFORE_THE_PLAN: Final = frozenset({_S.RECEIVED, _S.DUPLICATE, _S.QUARANTINED, _S.DISQUALIFIED})
"""States of leads that have not come to their plan: unless they were offered to somebody before."""


def tally_of(lead: Lead) -> Tally:
    """Everything that the lead adds. Tests add nothing."""
    if lead.test:
        return {}
    cells: dict[Cell, Counter[str]] = {}
    of_lead = _of_lead(lead, lead.offers)
    for cell in _cells_of_lead(lead):
        cells[cell] = of_lead
    cells |= _of_versions(lead)
    holding, placing = _holding(lead), _placing(lead)
    # Leads that were written before offers remembered it: whoever has the lead reached the person.
    unknown = all(offer.contacted_at is None for offer in lead.offers)
    for place, offer in enumerate(lead.offers):
        reached_at = lead.contacted_at if unknown and place == holding else offer.contacted_at
        of_offer = _of_offer(lead, offer) + _reached(lead, reached_at)
        if place == holding:
            of_offer += _ending(lead) + Counter({f"cost.{lead.currency}": lead.cost_cents})
        if place == placing:
            of_offer += _routing(lead)
        for cell in _cells_of_offer(lead, offer):
            cells[cell] = cells.get(cell, Counter()) + of_offer
    return {cell: {name: int(n) for name, n in measures.items()} for cell, measures in cells.items()}


def _cells_of_lead(lead: Lead) -> Iterator[Cell]:
    campaign = lead.campaign_id
    yield Cell(ALL, Dimension.TOTAL, ALL)
    yield Cell(ALL, Dimension.CAMPAIGN, campaign)
    for scope in (ALL, campaign):
        yield Cell(scope, Dimension.SOURCE, lead.source_id)
        if lead.sub_source:
            yield Cell(scope, Dimension.SUB_SOURCE, f"{lead.source_id}/{lead.sub_source}")
        if lead.band:
            yield Cell(scope, Dimension.BAND, lead.band)


def _cells_of_offer(lead: Lead, offer: PastOffer) -> Iterator[Cell]:
    for scope in (ALL, lead.campaign_id):
        yield Cell(scope, Dimension.RECIPIENT, offer.recipient_id)
        if offer.pool_id:
            yield Cell(scope, Dimension.POOL, offer.pool_id)
    if offer.pool_id:
        yield Cell(ALL, Dimension.MEMBER, f"{offer.pool_id}/{offer.recipient_id}")
    version = _version_of(lead, offer)
    if version:
        yield Cell(ALL, Dimension.STAGE, f"{version}/{offer.stage}")


def _of_versions(lead: Lead) -> dict[Cell, Counter[str]]:
    """The lead counts in the version that it follows; offers of earlier ones, before it began anew, in those."""
    asked: dict[str, list[PastOffer]] = {}
    for offer in lead.offers:
        asked.setdefault(_version_of(lead, offer), []).append(offer)
    now = _version(lead.plan_id, lead.plan_version)
    counted = {
        before: sum((_of_offer(lead, one) for one in offers), Counter[str]())
        for before, offers in asked.items()
    }
    counted[now] = _of_lead(lead, asked.get(now, []))
    return {
        Cell(ALL, Dimension.PLAN_VERSION, version): counts for version, counts in counted.items() if version
    }


def _version_of(lead: Lead, offer: PastOffer) -> str:
    """By which version the offer was made; what is not known of that is the lead's."""
    return _version(offer.plan_id, offer.plan_version) or _version(lead.plan_id, lead.plan_version)


def _version(plan_id: str | None, version: int | None) -> str:
    return f"{plan_id}/{version}" if plan_id and version else ""


def _of_lead(lead: Lead, offers: Sequence[PastOffer]) -> Counter[str]:
    counts = Counter(
        {
            "received": 1,
            f"state.{lead.state}": 1,
            "qualified": bool(lead.offers) or lead.state not in _BEFORE_THE_PLAN,
            "asked": bool(lead.offers),
            "duplicates": lead.duplicate_of is not None,
            "quarantined": lead.was_held or lead.state is LeadState.QUARANTINED,
            "disqualified": lead.state is LeadState.DISQUALIFIED,
            "unassigned": lead.state is LeadState.UNASSIGNED,
            "placed": lead.placed_at is not None,
            f"cost.{lead.currency}": lead.cost_cents,
        }
    )
    for offer in offers:
        counts += _of_offer(lead, offer)
    return +(counts + _routing(lead) + _reached(lead, lead.contacted_at) + _ending(lead) + _service(lead))


def _of_offer(lead: Lead, offer: PastOffer) -> Counter[str]:
    """What one offer adds: a sale's money as long as the buyer keeps the lead."""
    counts = Counter({"offered": 1, "accepted": offer.answer in _TAKEN})
    if offer.answer not in _TAKEN:
        counts[str(offer.answer)] += 1
    if offer.answer in (Answer.RETURNED, Answer.REASSIGNED):
        counts["taken_back" if offer.by_hand else str(offer.answer)] += 1
    if offer.answer is Answer.ACCEPTED:
        counts["assigned" if offer.price_cents is None else "sold"] += 1
        counts[f"revenue.{lead.currency}"] += offer.price_cents or 0
        counts[f"payout.{lead.currency}"] += offer.payout_cents
    return +counts


def _routing(lead: Lead) -> Counter[str]:
    """How long it took until somebody had the lead."""
    if lead.placed_at is None:
        return Counter()
    return Counter([f"{ROUTING}.{bucket_of(lead.placed_at - lead.received_at)}"])


def _reached(lead: Lead, at: datetime | None) -> Counter[str]:
    """That the person was reached, and how long that took."""
    if at is None:
        return Counter()
    return Counter(["contacted", f"{RESPONSE}.{bucket_of(at - lead.received_at)}"])


def _service(lead: Lead) -> Counter[str]:
    """How the lead stands against its service level. Missed is what was noted as such, or what nobody answers for."""
    if lead.due_at is None:
        return Counter()
    if lead.responded_at is not None:
        return Counter(["sla.met" if lead.responded_at <= lead.due_at else "sla.missed"])
    if lead.excused_at is not None:
        return Counter() if lead.excused_at <= lead.due_at else Counter(["sla.missed"])
    waiting = any(duty.do is Act.MISS for duty in lead.duties)
    return Counter(["sla.waiting" if waiting else "sla.missed"])


def _ending(lead: Lead) -> Counter[str]:
    """What became of the lead, as long as somebody has it: it says nothing of who had it before."""
    converted = lead.state is LeadState.CONVERTED and lead.recipient_id is not None
    counts = Counter(
        {
            "converted": converted,
            "lost": lead.state is LeadState.LOST and lead.recipient_id is not None,
            "reached": converted or lead.contacted_at is not None,
        }
    )
    if converted and lead.value_cents:
        currency, holding = lead.value_currency or lead.currency, _holding(lead)
        counts[f"value.{currency}"] += lead.value_cents
        if holding is not None and lead.offers[holding].price_cents is None:
            counts[f"won.{currency}"] += lead.value_cents
    return +counts


def _placing(lead: Lead) -> int | None:
    """The place of the first offer that somebody took; None where nobody did."""
    return next((place for place, offer in enumerate(lead.offers) if offer.answer in _TAKEN), None)


def _holding(lead: Lead) -> int | None:
    """The place of the offer by which somebody has the lead now; None where nobody has."""
    if not lead.is_held:
        return None
    taken = [
        place
        for place, offer in enumerate(lead.offers)
        if offer.answer is Answer.ACCEPTED and offer.recipient_id == lead.recipient_id
    ]
    return taken[-1] if taken else None
