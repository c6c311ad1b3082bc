"""What a replay showed, in numbers."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from baton.domain.lead import LeadState
from baton.domain.offer import Offer, OfferState
from baton.domain.plan import Model, Plan
from baton.domain.pool import Pool
from baton.domain.trace import Reason
from local.replay_follow import Followed

ELIGIBLE = (Reason.CHOSEN, Reason.LATER_TURN)
PERCENTILES = (50, 95, 99)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent do not exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(len(values) * percent / 100), 1) - 1]


def latencies(label: str, values_ms: Sequence[float]) -> str:
    """A line of percentiles."""
    if not values_ms:
        return f"{label}  none"
    shown = "  ".join(f"p{percent} {percentile(values_ms, percent):7.0f} ms" for percent in PERCENTILES)
    return f"{label}  {shown}  max {max(values_ms):7.0f} ms"


def until_sms_ms(began: Mapping[str, datetime], followed: Iterable[Followed]) -> list[float]:
    """For every lead, the time from its posting until the first rep's SMS was taken."""
    return [
        (datetime.fromisoformat(one.offers[0].sent["sms"]) - began[one.lead.lead_id]).total_seconds() * 1000
        for one in followed
        if one.offers and "sms" in one.offers[0].sent
    ]


def owed(
    offers: Iterable[Offer], plan_of: Callable[[str, int], Plan], pool_of: Callable[[str], Pool]
) -> dict[str, Fraction]:
    """How many offers each recipient should have: of every offer, a share by weight for each who was eligible.

    Read from the traces, so that hours, caps and conditions count as they were at that moment.
    """
    shares: defaultdict[str, Fraction] = defaultdict(Fraction)
    for offer in offers:
        eligible = [c.recipient_id for c in offer.trace.stages[-1].candidates if c.reason in ELIGIBLE]
        weights = dict.fromkeys(eligible, 1)
        if offer.pool_id is not None:
            stage = plan_of(offer.trace.plan_id, offer.trace.plan_version).stages[offer.stage]
            if stage.model is Model.WEIGHTED:
                members = pool_of(offer.pool_id).members
                weights = {m.recipient_id: m.weight for m in members if m.recipient_id in weights}
        everything = sum(weights.values())
        for who, weight in weights.items():
            shares[who] += Fraction(weight, everything)
    return dict(shares)


def share_lines(offers: Sequence[Offer], shares: Mapping[str, Fraction]) -> list[str]:
    """A line per recipient: how many offers there were, how many there should be, and the difference."""
    got = Counter(offer.recipient_id for offer in offers)
    return [
        f"  {who:<20} {got[who]:>6}  {float(shares.get(who, 0)):>9.2f}"
        f"  {float(got[who] - shares.get(who, 0)):>+7.2f}"
        for who in sorted(shares.keys() | got.keys())
    ]


def in_turn(offers: Iterable[Offer], plan_of: Callable[[str, int], Plan]) -> list[Offer]:
    """The offers that went by turns and not by bids: of those alone it can be said what everybody is owed."""
    return [
        offer
        for offer in offers
        if offer.pool_id is None
        or plan_of(offer.trace.plan_id, offer.trace.plan_version).stages[offer.stage].model
        is not Model.PING_POST
    ]


def is_for_sale(followed: Iterable[Followed]) -> bool:
    """Whether any of the leads went to a buyer."""
    return any(offer.price_cents is not None for one in followed for offer in one.offers)


def sale_lines(followed: Sequence[Followed]) -> list[str]:
    """A line per buyer that was sent leads: how many it has, for how much, and how many it did not take.

    Then how many leads nobody bought, and how many are on their way, with those that a buyer did not answer for.
    """
    offers = [offer for one in followed for offer in one.offers if offer.price_cents is not None]
    sold = [offer for offer in offers if offer.state is OfferState.ACCEPTED]
    sent, bought = (Counter(offer.recipient_id for offer in some) for some in (offers, sold))
    open_now = Counter(offer.recipient_id for offer in offers if offer.state is OfferState.PENDING)
    paid: Counter[str] = Counter()
    for offer in sold:
        paid[offer.recipient_id] += offer.price_cents or 0
    states = Counter(one.lead.state for one in followed)
    return [
        f"  {'buyer':<20} {'sold':>6}  {'for':>12}  {'not taken':>9}",
        *(
            f"  {who:<20} {bought[who]:>6}  {paid[who] / 100:>12,.2f}"
            f"  {sent[who] - bought[who] - open_now[who]:>9}"
            for who in sorted(sent)
        ),
        f"unassigned   {states[LeadState.UNASSIGNED]}",
        f"delivering   {states[LeadState.DELIVERING]}, of which a buyer did not answer for"
        f" {sum(bool(offer.delivery and offer.delivery.is_unknown) for offer in offers)}",
    ]


def counted(label: str, counts: Mapping[str, int]) -> list[str]:
    """A line per kind, the most frequent first."""
    return [
        f"{label}  {count} {kind}"
        for kind, count in sorted(counts.items(), key=lambda kind: (-kind[1], kind[0]))
    ]
