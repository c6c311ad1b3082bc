"""Whether a stage can sell: who can ever buy there, and what its terms and its buyers' pings leave of that."""

from collections.abc import Iterator, Sequence
from typing import Final

from baton.domain.buyer import BuyerStatus
from baton.domain.buyer_words import money
from baton.domain.campaign import Campaign
from baton.domain.endpoint import Mapped
from baton.domain.plan import Model, Stage
from baton.domain.plan_findings import Finding, Scene, error, in_words, warning
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.terms import AuctionTerms, DeliveryTerms

IN_EVERY_PING: Final = frozenset({"ping_id", "campaign", "test"})
"""Facts that pings carry whatever the campaign marks as pingable."""
HASHES: Final = frozenset({"email_sha256", "phone_sha256"})
"""Facts that only the pings of buyers carry who ask for hashes."""


def no_deal(scene: Scene, stage: Stage, recipient: Recipient) -> str | None:
    """Why the stage's way of selling is never for that recipient; None where it may be.

    Being paused or tried out is no such reason: it ends.
    """
    buyer, bids = recipient.buyer, stage.model is Model.PING_POST
    if buyer is None:
        return "is a rep and cannot bid" if bids else None
    currencies = sorted({campaign.currency for campaign in scene.campaigns})
    if currencies and buyer.billing.currency not in currencies:
        return f"pays in {buyer.billing.currency}, and the leads are priced in {in_words(currencies)}"
    if buyer.price_cents is None and not bids:
        return "is a buyer without a fixed price, and the stage asks for no bids"
    return (
        (_unfit_price(stage.auction, buyer.price_cents) if bids and buyer.price_cents is not None else None)
        or _unaffordable(stage, recipient)
        or (_never_asked(scene, recipient) if bids and buyer.price_cents is None else None)
    )


def _unfit_price(terms: AuctionTerms, cents: int) -> str | None:
    """Why an auction never takes that fixed price."""
    if not terms.fixed_price:
        return "has a fixed price, and the stage takes bids only"
    if cents == 0:
        return "has a fixed price of 0.00, which is no bid"
    if cents < terms.floor_cents:
        return f"has a fixed price of {money(cents)}, and the stage takes nothing below {money(terms.floor_cents)}"
    return None


def _unaffordable(stage: Stage, recipient: Recipient) -> str | None:
    """Why the buyer's spend caps allow not even the cheapest lead. Test leads cost nothing."""
    buyer = recipient.buyer
    if buyer is None or buyer.status is BuyerStatus.TEST:
        return None
    least = buyer.price_cents if buyer.price_cents is not None else max(1, stage.auction.floor_cents)
    for span, cap in (("day", buyer.billing.per_day_cents), ("month", buyer.billing.per_month_cents)):
        if cap is not None and cap < least:
            return f"may spend {money(cap)} a {span}, and a lead costs at least {money(least)}"
    return None


def _never_asked(scene: Scene, recipient: Recipient) -> str | None:
    """What a buyer's ping cannot do without, and gets from no campaign of the plan."""
    needs = [mapped for mapped in _mapped(recipient) if mapped.required and mapped.value is None]
    by_campaign = [set(_not_carried(needs, recipient, campaign)) for campaign in scene.campaigns]
    lacking = sorted(set.intersection(*by_campaign)) if by_campaign else []
    return (
        f"can never be asked: its ping needs {in_words(lacking)}, which no ping carries" if lacking else None
    )


def sales(scene: Scene, stage: Stage, pool: Pool, able: Sequence[str], place: str) -> Iterator[Finding]:
    """What would go wrong when the stage sells. `able`: the pool's members who can ever get a lead there."""
    members = [known for member in pool.members if (known := scene.recipients.get(member.recipient_id))]
    if stage.model is Model.PING_POST:
        yield from _of_numbers(stage, pool, len(able), place)
        yield from _of_pings(scene, [one for one in members if one.id in able], place)
    elif stage.auction != AuctionTerms():
        yield warning(f"{place}.auction", "only the model ping_post reads the terms of an auction")
    if stage.delivery != DeliveryTerms() and not any(member.buyer for member in members):
        problem = f"nobody of pool '{pool.id}' is a buyer, and only to buyers is a lead delivered"
        yield warning(f"{place}.delivery", problem)
    buyers = [one.buyer for one in members if one.id in able]
    for campaign in scene.campaigns:
        if buyers and all(buyer and buyer.billing.currency != campaign.currency for buyer in buyers):
            problem = f"nobody of pool '{pool.id}' pays in {campaign.currency}"
            yield warning(f"{place}.pool_id", f"for leads of campaign '{campaign.id}': {problem}")


def _of_numbers(stage: Stage, pool: Pool, able: int, place: str) -> Iterator[Finding]:
    terms = stage.auction
    if 0 < able < terms.min_bidders:
        problem = f"{terms.min_bidders} bids are asked for, but only {able} of pool '{pool.id}' can bid"
        yield error(f"{place}.auction.min_bidders", problem)
    if 0 < able < terms.winners:
        problem = (
            f"a lead is to go to up to {terms.winners} buyers, but only {able} of pool '{pool.id}' can bid"
        )
        yield warning(f"{place}.auction.winners", problem)
    if stage.max_offers is not None and stage.max_offers < terms.winners:
        problem = (
            f"a lead is to go to up to {terms.winners} buyers, but only {stage.max_offers} may be offered it"
        )
        yield warning(f"{place}.max_offers", problem)
    if stage.auto_accept:
        yield warning(
            f"{place}.auto_accept", "a buyer says itself whether it takes a lead: nothing reads this"
        )


def _of_pings(scene: Scene, bidders: Sequence[Recipient], place: str) -> Iterator[Finding]:
    """What pings ask for and never get."""
    for campaign in scene.campaigns:
        lacking = [
            f"'{bidder.id}' {field}"
            for bidder in bidders
            for field in _not_carried(_mapped(bidder), bidder, campaign)
        ]
        if lacking and not campaign.pingable:
            problem = f"campaign '{campaign.id}' marks nothing as pingable: pings say nothing of its leads"
            yield warning(f"{place}.model", problem)
        elif lacking:
            problem = (
                f"pings of campaign '{campaign.id}' never carry what some buyers ask for: {in_words(lacking)}"
            )
            yield warning(f"{place}.pool_id", problem)


def _mapped(recipient: Recipient) -> tuple[Mapped, ...]:
    """The fields that a buyer's ping takes from the lead; none for one who is not pinged."""
    buyer = recipient.buyer
    if buyer is None or buyer.ping is None or buyer.price_cents is not None:
        return ()
    return (*buyer.ping.fields, *buyer.ping.query)


def _not_carried(mapped: Sequence[Mapped], recipient: Recipient, campaign: Campaign) -> list[str]:
    """Those of the fields that no ping of the campaign to that buyer carries: see disclosure.ping_facts."""
    hashes = HASHES if recipient.buyer and recipient.buyer.hashes else frozenset[str]()
    carried = IN_EVERY_PING | hashes | set(campaign.pingable)
    wanted = dict.fromkeys(one.field for one in mapped if one.field)
    return [
        field
        for field in wanted
        if not any(
            field == one or field.startswith(f"{one}.") or one.startswith(f"{field}.") for one in carried
        )
    ]
