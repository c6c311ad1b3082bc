"""Money recounts to the cent: random histories of sales, refusals, silence, returns and payments, then a recount."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from baton.domain.errors import BatonError
from baton.domain.lead import LeadState
from baton.domain.money import EntryKind, account_of_source
from baton.domain.offer import Offer, OfferState
from baton.domain.plan import Model
from baton.domain.standing import money_windows, week_of
from tests.builders import MONDAY_9AM, a_plan, a_stage
from tests.selling import a_buyer, lost
from tests.trading import Desk

BUYERS = ("acme", "bolt", "core")
POSTS = ("yes", "no", "silence")
KINDS = ("lead", "lead", "lead", "return", "return", "decide", "pay", "outcome", "retry")
HAD = {OfferState.ACCEPTED, OfferState.PENDING}
histories = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 23), st.sampled_from((0, 1, 600, 5_000))), max_size=20
)
terms = st.fixed_dictionaries({"shared": st.booleans(), "silence": st.sampled_from(("sold", "released"))})
policies = st.fixed_dictionaries({"auto_approve": st.booleans(), "resell": st.booleans()})
payouts = st.sampled_from(({}, {"fixed_cents": 130}, {"share_percent": 33.3}))


class Month:
    """A desk with three buyers, one of them on credit, and everything that has happened so far."""

    def __init__(self, terms: dict[str, Any], policy: dict[str, Any], payout: dict[str, Any]) -> None:
        auction = {"winners": 2, "share_percent": {2: 65}} if terms["shared"] else {}
        delivery = {"unknown_after_s": 60, "unknown_counts_as": terms["silence"]}
        stage = a_stage(name="auction", model=Model.PING_POST, auction=auction, delivery=delivery)
        credit = {"mode": "invoiced", "credit_limit_cents": 3_000, "per_day_cents": 2_500}
        buyers = (
            a_buyer("acme"),
            a_buyer("bolt", buyer={"dedupe_days": 1}),
            a_buyer("core", buyer={"billing": credit}),
        )
        self.desk = Desk(
            *buyers,
            plan=a_plan(stage),
            pockets=dict.fromkeys(BUYERS, 0),
            returns={"max_percent": 60, **policy},
            source={"payout": payout, "limits": {"max_return_percent": 100, "returns_from": 10_000}},
        )
        self.leads: list[str] = []
        self.paid = 0

    def happens(self, kind: str, which: int, minutes: int) -> None:
        """One event: `which` says to whom and what, `minutes` pass before it. What the rules refuse does not happen."""
        self.desk.clock.forward(timedelta(minutes=minutes))
        act: dict[str, Callable[[int], object]] = {
            "lead": self.lead,
            "return": self.give_back,
            "decide": self.decide,
            "pay": self.pay,
            "outcome": self.conclude,
            "retry": self.retry,
        }
        try:
            act[kind](which)
        except BatonError as refused:
            if refused.code == "internal":
                raise

    def lead(self, which: int) -> None:
        """A lead comes in and goes as far as it can without waiting."""
        desk = self.desk
        desk.pings = {who: 300 + 211 * ((which + n) % 5) for n, who in enumerate(BUYERS)}
        for n, who in enumerate(BUYERS):
            post = POSTS[(which // 3**n) % 3]
            desk.posts[who] = lost() if post == "silence" else post
        lead_id = desk.takes_in(email=f"m{which % 4}@example.com")
        self.leads.append(lead_id)
        self.walk(lead_id)

    def walk(self, lead_id: str) -> None:
        """The workflow, until it would wait."""
        for _ in range(20):
            before = self.desk.leads.get(lead_id).rev
            if self.desk.leads.get(lead_id).state not in {LeadState.SCORED, LeadState.DELIVERING}:
                return
            done = self.desk.step(lead_id)
            if getattr(done, "wait_s", 0) or self.desk.leads.get(lead_id).rev == before:
                return

    def retry(self, which: int) -> None:
        """A lead that waits for an answer, or was given back, is looked at again."""
        if self.leads:
            self.walk(self.leads[which % len(self.leads)])

    def give_back(self, which: int) -> None:
        """A buyer returns a lead, perhaps one that is not its own, perhaps a second time."""
        if self.leads:
            self.desk.returns(self.leads[which % len(self.leads)], BUYERS[which % 3])

    def decide(self, which: int) -> None:
        """A person decides about the return that waited longest."""
        for wanted in self.desk.take_back.waiting(1).items:
            self.desk.take_back.decide(wanted.lead_id, wanted.offer_no, approve=which % 3 > 0, by="maria")

    def pay(self, which: int) -> None:
        """A buyer pays in; every third payment is sent a second time later."""
        if which % 3 or not self.paid:
            self.paid += 1
        self.desk.pays(BUYERS[which % 3], 400 + 100 * which, f"{self.paid}")

    def conclude(self, which: int) -> None:
        """Something became of a lead."""
        if self.leads:
            outcome = ("contacted", "converted", "lost", "returned")[which % 4]
            self.desk.concludes(self.desk.leads.get(self.leads[which % len(self.leads)]), outcome)

    def offers(self, who: str | None = None) -> Iterator[Offer]:
        """All offers, or those to one buyer."""
        return (offer for offer in self.desk.leads.offers.values() if who in (None, offer.recipient_id))


@given(terms, policies, payouts, histories)
def test_money_recounts_to_the_cent(terms: Any, policy: Any, payout: Any, history: Any) -> None:
    """Invariants 3 and 4."""
    month = Month(terms, policy, payout)
    for event in history:
        month.happens(*event)

    for who in BUYERS:
        a_buyer_s_books_agree_with_its_offers(month, who)
        a_statement_adds_up(month, who)
    the_source_s_books_agree(month)
    nobody_has_what_was_given_back(month)


def a_buyer_s_books_agree_with_its_offers(month: Month, who: str) -> None:
    """Balance, holds, spending, purchases and returns, counted from offers and entries."""
    usage, offers = month.desk.usage(who), list(month.offers(who))
    entries = month.desk.entries(who)
    had = [offer for offer in offers if offer.state in HAD]
    returned = [
        r for r in month.desk.ledger.returns.values() if (r.recipient_id, r.state) == (who, "approved")
    ]
    bought = [o for o in offers if o.state is OfferState.ACCEPTED] + [
        month.desk.leads.offers[r.lead_id, r.offer_no] for r in returned
    ]
    assert usage.balance_cents == sum(cents for _, cents in entries)
    by_kind = Counter[str]()
    for kind, cents in entries:
        by_kind[kind] += cents
    assert -by_kind["charge"] == sum(offer.price_cents or 0 for offer in bought)
    assert by_kind["refund"] == sum(one.price_cents for one in returned)
    assert usage.held_cents == sum(o.price_cents or 0 for o in offers if o.state is OfferState.PENDING)
    assert month.desk.keep.account(who).available_cents >= 0
    for window, cents in usage.spent.items():
        assert cents == sum(o.price_cents or 0 for o in had if window in money_windows(o.windows))
    assert usage.bought == Counter(week_of(offer.windows) for offer in bought)
    assert usage.returned == Counter(one.week for one in returned)


def a_statement_adds_up(month: Month, who: str) -> None:
    """Two periods that meet, at a moment in the middle of things."""
    begin, end = MONDAY_9AM - timedelta(days=1), month.desk.clock.at + timedelta(days=1)
    middle = begin + (end - begin) / 2
    first, second = (
        month.desk.keep.statement(who, since, until, limit=200)
        for since, until in ((begin, middle), (middle, end))
    )
    assert first.summary
    assert second.summary
    balance = month.desk.usage(who).balance_cents
    assert (first.summary.opening_cents, second.summary.closing_cents) == (0, balance)
    for stated, found in ((first, first.summary), (second, second.summary)):
        assert found.closing_cents - found.opening_cents == sum(e.cents for e in stated.entries.items)
    assert first.summary.closing_cents == second.summary.opening_cents


def the_source_s_books_agree(month: Month) -> None:
    """What is owed and what was earned are those of the leads that buyers have."""
    has = [offer for offer in month.offers() if offer.state is OfferState.ACCEPTED]
    found = month.desk.keep.of_source("web-form", MONDAY_9AM, month.desk.clock.at + timedelta(days=1))
    assert found.owed_cents == sum(offer.payout_cents for offer in has)
    assert found.revenue_cents == sum(offer.price_cents or 0 for offer in has)
    intake = month.desk.ledger.standings([], [], intakes=["web-form"]).intake("web-form")
    assert sum(intake.sold.values()) - sum(intake.returned.values()) == len(has)
    kinds = Counter(kind for kind, _ in month.desk.entries(account_of_source("web-form")))
    assert (kinds[EntryKind.PAYOUT], kinds[EntryKind.CLAWBACK]) == (
        sum(intake.sold.values()),
        sum(intake.returned.values()),
    )


def nobody_has_what_was_given_back(month: Month) -> None:
    """A lead is sold to as many as have it, and a refund is there for each that has it no more."""
    for lead in month.desk.leads.leads.values():
        has = [o for o in month.offers() if o.lead_id == lead.lead_id and o.state is OfferState.ACCEPTED]
        assert lead.sales == len(has) <= lead.shares
        assert lead.is_held == bool(has) or lead.state in {LeadState.SCORED, LeadState.DELIVERING}
        assert [e.seq for e in month.desk.leads.timeline(lead.lead_id)] == list(range(1, lead.rev + 1))
    for (lead_id, no), made in month.desk.ledger.returns.items():
        assert (made.state == "approved") == (
            month.desk.leads.offer(lead_id, no).state is OfferState.RELEASED
        )
