"""What the reasons that only buyers have say to a person, and what would have had to be different."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from baton.domain.trace import Reason

type Facts = Mapping[str, Any]


def money(cents: int) -> str:
    """An amount as people write it, without its currency: `12.50`."""
    return f"{cents / 100:,.2f}"


def _amount(facts: Facts, name: str) -> str:
    found = facts.get(name)
    return money(found) if isinstance(found, int) else "an unknown amount"


def _spent(word: str) -> Callable[[Facts], str]:
    return lambda facts: (
        f"{word} spend of {_amount(facts, 'spent_cents')} and {_amount(facts, 'price_cents')} more "
        f"would pass {_amount(facts, 'cap_cents')}, resets {facts.get('resets')}"
    )


def _spend_more(word: str) -> Callable[[Facts], list[str]]:
    return lambda facts: [
        f"a {word} spend cap of at least "
        f"{money(int(facts.get('spent_cents', 0)) + int(facts.get('price_cents', 0)))}"
    ]


def _lacks(facts: Facts) -> str:
    return ", ".join(facts.get("lacks") or ()) or "something"


def _outbid(facts: Facts) -> str:
    bid = f"bid {_amount(facts, 'bid_cents')}"
    if "best_cents" not in facts:
        return f"{bid}, and others came first"
    if "best_weighed_cents" in facts:
        return (
            f"{bid}, which counts for {_amount(facts, 'weighed_cents')} as it returns leads; "
            f"one that counts for {_amount(facts, 'best_weighed_cents')} came first"
        )
    if facts["best_cents"] == facts.get("bid_cents"):
        return f"{bid}, and of equal bids another's turn was first"
    return f"{bid}, and {_amount(facts, 'best_cents')} came first"


def _more_than_the_best(facts: Facts) -> list[str]:
    if "best_cents" not in facts:
        return [f"a bid above those before it (it was {_amount(facts, 'bid_cents')})"]
    if "best_weighed_cents" in facts:
        best = _amount(facts, "best_weighed_cents")
        return [f"a bid that counts for more than {best} (it counts for {_amount(facts, 'weighed_cents')})"]
    return [f"a bid above {_amount(facts, 'best_cents')} (it was {_amount(facts, 'bid_cents')})"]


BUYERS_SAID: Final[Mapping[Reason, Callable[[Facts], str]]] = {
    Reason.LOWER_BID: _outbid,
    Reason.ACCEPTABLE_BID: lambda facts: f"bid {_amount(facts, 'bid_cents')}, which can be taken",
    Reason.BUYER_PAUSED: lambda _: "the buyer is paused",
    Reason.TEST_ONLY: lambda facts: (
        "the lead is a test, and the buyer is not" if facts.get("lead") else "gets test leads only"
    ),
    Reason.CANNOT_BID: lambda _: "takes no part in auctions",
    Reason.NO_PRICE: lambda _: "has no fixed price, and this stage asks for no bids",
    Reason.DUPLICATE_FOR_BUYER: lambda facts: f"has bought this person in the last {facts.get('days')} days",
    Reason.CONSENT_MISSING: lambda facts: f"asks for consent, of which the lead lacks: {_lacks(facts)}",
    Reason.OTHER_CURRENCY: lambda facts: (
        f"pays in {facts.get('pays')}, the campaign is in {facts.get('asks')}"
    ),
    Reason.DAILY_SPEND_REACHED: _spent("daily"),
    Reason.MONTHLY_SPEND_REACHED: _spent("monthly"),
    Reason.NO_BALANCE: lambda facts: (
        f"can still spend {_amount(facts, 'available_cents')}, the lead costs {_amount(facts, 'price_cents')}"
    ),
    Reason.NO_BID: lambda facts: f"did not bid: {facts['why']}" if facts.get("why") else "did not bid",
    Reason.BID_TOO_LOW: lambda facts: (
        f"bid {_amount(facts, 'bid_cents')}, the lowest that is taken is {_amount(facts, 'floor_cents')}"
    ),
    Reason.BELOW_MARGIN: lambda facts: (
        f"of the bid of {_amount(facts, 'bid_cents')} too little would be left: "
        f"{_amount(facts, 'left_cents')} of at least {_amount(facts, 'margin_cents')}"
    ),
    Reason.TOO_FEW_BIDDERS: lambda facts: (
        f"acceptable bids: {facts.get('bidders')}, and the stage asks for {facts.get('least')}"
    ),
    Reason.BID_EXPIRED: lambda facts: (
        f"the bid of {_amount(facts, 'bid_cents')} was good until {facts.get('until')}"
    ),
    Reason.NOT_PROMISED: lambda _: "the lead was promised to others when its price was asked",
    Reason.TIMEOUT: lambda facts: f"no answer within {facts.get('budget_ms')} ms",
    Reason.UNREACHABLE: lambda facts: f"could not be reached: {facts.get('why')}",
    Reason.BAD_RESPONSE: lambda facts: f"answered what could not be read: {facts.get('why')}",
    Reason.NO_TIME: lambda _: "there was too little time left to ask",
    Reason.RESTED: lambda _: "failed again and again, and is not asked for a while",
    Reason.CANNOT_BE_ASKED: lambda facts: f"could not be asked: {facts.get('why')}",
}
"""What a buyer's reason says."""

BUYERS_NEEDED: Final[Mapping[Reason, Callable[[Facts], list[str]]]] = {
    Reason.LOWER_BID: _more_than_the_best,
    Reason.ACCEPTABLE_BID: lambda _: ["nothing: nobody has got the lead yet"],
    Reason.BUYER_PAUSED: lambda _: ["status: active"],
    Reason.TEST_ONLY: lambda facts: ["a lead that is no test" if facts.get("lead") else "status: active"],
    Reason.CANNOT_BID: lambda _: ["an endpoint for pings, or a fixed price where the stage takes those"],
    Reason.NO_PRICE: lambda _: ["a fixed price"],
    Reason.DUPLICATE_FOR_BUYER: lambda _: ["not to have bought this person before"],
    Reason.CONSENT_MISSING: lambda facts: [f"consent.{name}" for name in facts.get("lacks") or ()],
    Reason.OTHER_CURRENCY: lambda facts: [f"an account in {facts.get('asks')}"],
    Reason.DAILY_SPEND_REACHED: _spend_more("daily"),
    Reason.MONTHLY_SPEND_REACHED: _spend_more("monthly"),
    Reason.NO_BALANCE: lambda facts: [
        f"{_amount(facts, 'price_cents')} to spend (it had {_amount(facts, 'available_cents')})"
    ],
    Reason.NO_BID: lambda _: ["a bid"],
    Reason.BID_TOO_LOW: lambda facts: [
        f"a bid of at least {_amount(facts, 'floor_cents')} (it was {_amount(facts, 'bid_cents')})"
    ],
    Reason.BELOW_MARGIN: lambda facts: [
        f"a bid that leaves at least {_amount(facts, 'margin_cents')} once the source is paid: "
        f"{_amount(facts, 'bid_cents')} leaves {_amount(facts, 'left_cents')}"
    ],
    Reason.TOO_FEW_BIDDERS: lambda facts: [
        f"{facts.get('least')} acceptable bids (there were {facts.get('bidders')})"
    ],
    Reason.BID_EXPIRED: lambda _: ["a bid that is still good"],
    Reason.NOT_PROMISED: lambda _: ["a bid when the lead's price was asked"],
    Reason.TIMEOUT: lambda facts: [f"an answer within {facts.get('budget_ms')} ms"],
    Reason.UNREACHABLE: lambda _: ["to be reachable"],
    Reason.BAD_RESPONSE: lambda _: ["an answer that its reader can read"],
    Reason.NO_TIME: lambda _: ["more time before the deadline"],
    Reason.RESTED: lambda _: ["to answer again"],
    Reason.CANNOT_BE_ASKED: lambda facts: [f"what was missing: {facts.get('why')}"],
}
"""What would have passed, for each of them."""
