"""Whatever buyers do and whenever steps run: no lead is sold twice, no cent is wrong (invariants 2 to 4)."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.domain.errors import ClaimContention
from baton.domain.lead import LeadState
from baton.domain.money import SOURCE_PREFIX
from baton.domain.recipient import Recipient
from tests.builders import a_plan
from tests.selling import Market, a_buyer, an_auction_stage, lost, said

NAMES = ("acme", "bolt", "core", "dune")
ENDS = frozenset({LeadState.SOLD, LeadState.UNASSIGNED})


class Fickle:
    """A buyer that answers at random, but is true to its word: what it has taken under an id it has taken.

    One that does not remember ids calls a post that comes again a duplicate.
    """

    def __init__(self, seed: int, moods: tuple[str, ...], *, remembers: bool) -> None:
        self._chance = Random(seed)
        self._moods = moods
        self._remembers = remembers
        self.book: dict[str, str] = {}

    def bid(self, _: Outgoing) -> Answer:
        """An answer to a ping."""
        mood = self._chance.choice(("bid", "bid", "bid", "none", "lost", "odd"))
        if mood == "bid":
            return said("yes", cents=self._chance.choice((500, 900, 1_000, 1_500)))
        return {"none": said("no"), "lost": lost(Trouble.TIMEOUT), "odd": Answer(status=500, took_ms=1)}[mood]

    def take(self, request: Outgoing) -> Answer:
        """An answer to a post: sometimes the verdict is reached and never heard of, or heard of late."""
        mood = self._chance.choice(self._moods)
        if mood == "unreachable":
            return lost(Trouble.UNREACHABLE)
        if mood == "lost on the way":
            return lost(Trouble.BROKEN)
        webhook_id = request.headers["webhook-id"]
        if webhook_id in self.book and not self._remembers:
            return said("no", why="duplicate")
        verdict = self.book.setdefault(webhook_id, self._chance.choice(("yes", "yes", "no")))
        return lost(Trouble.TIMEOUT) if mood == "silent" else said(verdict)


def buyers(draw: st.DrawFn) -> tuple[Recipient, ...]:
    def one(who: str) -> Recipient:
        caps = {"per_day": draw(st.integers(0, 4))} if draw(st.booleans()) else {}
        billing = {"per_day_cents": draw(st.integers(0, 5_000))} if draw(st.booleans()) else {}
        days = draw(st.sampled_from([None, 30]))
        return a_buyer(who, caps=caps, buyer={"billing": billing, "dedupe_days": days})

    return tuple(one(who) for who in NAMES)


@st.composite
def markets(draw: st.DrawFn) -> tuple[Market, dict[str, Fickle], Random]:
    """Four buyers with caps, budgets and tempers, an auction for one or several winners, and a source to be paid."""
    winners = draw(st.integers(1, 3))
    shares = {n: draw(st.integers(30, 90)) for n in range(2, winners + 1)}
    everybody = buyers(draw)
    pockets = {who: draw(st.integers(0, 6_000)) for who in NAMES}
    payout = {"share_percent": draw(st.integers(0, 60))}
    plan = a_plan(an_auction_stage(winners=winners, share_percent=shares, bids_good_for_s=30))
    market = Market(*everybody, plan=plan, source={"payout": payout}, pockets=pockets)
    moods = draw(
        st.lists(
            st.sampled_from(["heard", "silent", "lost on the way", "unreachable"]), min_size=1, max_size=4
        )
    )
    seed = draw(st.integers(0, 2**32))
    forgetful = draw(st.sets(st.sampled_from(NAMES)))
    fickle = {
        who: Fickle(seed + n, ("heard", *moods), remembers=who not in forgetful)
        for n, who in enumerate(NAMES)
    }
    market.pings = {who: one.bid for who, one in fickle.items()}
    market.posts = {who: one.take for who, one in fickle.items()}
    return market, fickle, Random(seed)


def one_step(market: Market, lead_id: str, chance: Random) -> None:
    """Any step, due or not, as a workflow that repeats itself or was started twice may run it."""
    step: Any = chance.choice((market.route, market.auction, market.deliver, market.step))
    with suppress(ClaimContention):
        step(lead_id)
    if chance.random() < 0.3:
        market.clock.forward(timedelta(seconds=chance.choice((1, 10, 60, 900))))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(markets(), st.integers(1, 6))
def test_money_recounts_and_no_lead_has_more_owners_than_its_plan_says(
    given_market: tuple[Market, dict[str, Fickle], Random], count: int
) -> None:
    market, fickle, chance = given_market
    before = {who: market.usage(who).balance_cents for who in NAMES}
    leads = [market.takes_in(email=f"person{n % 3}@example.com") for n in range(count)]
    for _ in range(12 * count):
        one_step(market, chance.choice(leads), chance)
        spent_within_bounds(market)
    for lead_id in leads:
        market.sells(lead_id)

    owners: Counter[str] = Counter()
    for lead_id in leads:
        lead = market.leads.get(lead_id)
        assert lead.state in ENDS, "every lead comes to its end"
        offers = market.leads.offers_of(lead_id)
        bought = [offer.recipient_id for offer in offers if offer.state == "accepted"]
        assert len(bought) == len(set(bought)) == lead.sales <= lead.shares
        owners.update(bought)
        has = {who for who, one in fickle.items() if one.book.get(f"lead_{lead_id}_{who}") == "yes"}
        assert has <= set(bought), "whoever took it has it, and pays for it"
    for who in NAMES:
        entries = [entry.cents for entry in market.ledger.entries.values() if entry.account == who]
        after = market.usage(who)
        assert after.balance_cents == before[who] + sum(entries)
        assert after.held_cents == 0
        assert sum(cents < 0 for cents in entries) <= owners[who]
    spent_within_bounds(market)
    paid_in = -sum(e.cents for e in market.ledger.entries.values() if not e.account.startswith(SOURCE_PREFIX))
    paid_out = sum(e.cents for e in market.ledger.entries.values() if e.account.startswith(SOURCE_PREFIX))
    assert 0 <= paid_out <= paid_in


def spent_within_bounds(market: Market) -> None:
    """Invariant 4, at every moment."""
    for who in NAMES:
        used, recipient = market.usage(who), market.configuration.get(Recipient, who)
        assert recipient.buyer
        assert used.held_cents >= 0
        assert used.balance_cents - used.held_cents >= 0, "prepaid: nobody owes anything"
        for key, taken in used.taken.items():
            if key.startswith("day:") and recipient.caps.per_day is not None:
                assert taken <= recipient.caps.per_day
        for key, cents in used.spent.items():
            budget = recipient.buyer.billing.per_day_cents
            if key.startswith("day:") and budget is not None:
                assert cents <= budget
