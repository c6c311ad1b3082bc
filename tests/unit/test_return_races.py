"""Returns that happen at the same moment, or in ways they should not."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from baton.domain.campaign import ReturnPolicy
from baton.domain.errors import ClaimContention, IllegalTransition
from baton.domain.lead import Lead, LeadState
from baton.domain.offer import OfferState
from baton.domain.return_rules import most_returns
from baton.domain.timeline import EventKind
from baton.domain.trade_errors import (
    ReturnDecided,
    TooManyReturns,
)
from tests.builders import a_plan
from tests.selling import POCKET, a_buyer, an_auction_stage
from tests.trading import REASON, Desk
from tests.unit.interleaving import Stepwise, Task, each

DAY = timedelta(days=1)
acme, bolt = a_buyer("acme"), a_buyer("bolt")
SHARED = a_plan(an_auction_stage(winners=2, share_percent={2: 60}))
WAITS = {"auto_approve": False}


# ------------------------------------------------------------------------------------------------- not by outcome
def test_the_outcome_returned_does_not_bypass_the_money() -> None:
    desk = Desk(acme)
    lead = desk.sells()
    books = desk.books()

    with pytest.raises(IllegalTransition, match="given back as a return"):
        desk.concludes(lead, "returned")
    assert desk.books() == books


def test_an_outcome_is_that_of_the_buyer_who_has_the_lead_not_of_the_last_one_asked() -> None:
    desk = Desk(acme, bolt, plan=SHARED)
    desk.pings = {"acme": 1_000, "bolt": 900}
    desk.posts["bolt"] = "no"
    lead = desk.sells()
    assert (lead.state, lead.sales, lead.recipient_id) == (LeadState.SOLD, 1, "acme")

    desk.concludes(lead, "converted")

    assert [desk.usage(who).open_leads for who in ("acme", "bolt")] == [0, 0]
    assert desk.leads.get(lead.lead_id).recipient_id == "acme"


# ---------------------------------------------------------------------------------------------------------- races
def taken_back_once(desk: Desk, lead_id: str) -> bool:
    """Whether there is one refund, one payout less, and a timeline without a gap."""
    lead, offer = desk.leads.get(lead_id), desk.leads.offer(lead_id, 1)
    assert [event.seq for event in desk.leads.timeline(lead_id)] == list(range(1, lead.rev + 1))
    assert desk.usage("acme").balance_cents == POCKET + sum(c for _, c in desk.entries("acme"))
    returned = sum(kind is EventKind.LEAD_RETURNED for kind in desk.kinds(lead))
    refunds = sum(kind == "refund" for kind, _ in desk.entries("acme"))
    assert returned == refunds == (offer.state is OfferState.RELEASED)
    return refunds == 1


def test_two_returns_of_one_lead_at_the_same_moment_are_one_in_every_order() -> None:
    """Invariant 8."""

    def build() -> tuple[tuple[Desk, str], Sequence[Task]]:
        desk = Desk(acme, returns={"resell": False})
        lead_id = desk.sells().lead_id
        stepwise = desk.returning(Stepwise(desk.leads))
        return (desk, lead_id), [lambda: stepwise(lead_id, acme, REASON) for _ in range(2)]

    for desk, lead_id in each(build):
        assert taken_back_once(desk, lead_id)


def test_a_buyer_and_a_person_who_return_one_lead_at_the_same_moment_are_one_in_every_order() -> None:
    def build() -> tuple[tuple[Desk, str], Sequence[Task]]:
        desk = Desk(acme, returns={**WAITS, "resell": False})
        lead_id = desk.sells().lead_id
        stepwise = desk.returning(Stepwise(desk.leads))
        by_hand = lambda: stepwise.on_behalf(lead_id, 1, REASON, None, "maria")  # noqa: E731
        return (desk, lead_id), [lambda: stepwise(lead_id, acme, REASON), by_hand]

    for desk, lead_id in each(build):
        assert taken_back_once(desk, lead_id)
        assert desk.ledger.returns[lead_id, 1].state == "approved"


def test_an_approval_and_a_refusal_at_the_same_moment_are_one_decision_in_every_order() -> None:
    def build() -> tuple[tuple[Desk, str], Sequence[Task]]:
        desk = Desk(acme, returns={**WAITS, "resell": False})
        lead_id = desk.sells().lead_id
        desk.returns(lead_id)
        stepwise = desk.returning(Stepwise(desk.leads))

        def decide(approve: bool) -> None:
            try:
                stepwise.decide(lead_id, 1, approve=approve, by="maria")
            except ReturnDecided:
                return

        return (desk, lead_id), [lambda: decide(True), lambda: decide(False)]

    outcomes = set()
    for desk, lead_id in each(build):
        approved = taken_back_once(desk, lead_id)
        assert desk.ledger.returns[lead_id, 1].state == ("approved" if approved else "refused")
        outcomes.add(approved)
    assert outcomes == {True, False}


def test_many_threads_that_return_the_same_leads_refund_each_once() -> None:
    """Invariants 4 and 8."""
    desk = Desk(acme, bolt, returns={"max_percent": 100, "resell": False})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(12)]
    before, buyers = sys.getswitchinterval(), {lead.lead_id: lead.recipient_id or "" for lead in leads}

    def give_back(lead_id: str) -> str:
        for _ in range(50):
            with suppress(ClaimContention):
                return str(desk.returns(lead_id, buyers[lead_id]).state)
        return "never"

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(16) as pool:
            states = list(pool.map(give_back, list(buyers) * 8))
    finally:
        sys.setswitchinterval(before)

    assert set(states) == {"approved"}
    refunds = [kind for who in ("acme", "bolt") for kind, _ in desk.entries(who) if kind == "refund"]
    assert len(refunds) == len(leads)
    assert [desk.usage(who).balance_cents for who in ("acme", "bolt")] == [POCKET, POCKET]
    assert all(desk.leads.get(lead_id).state is LeadState.RETURNED for lead_id in buyers)


def test_the_limit_holds_when_a_buyer_returns_many_at_once() -> None:
    """Invariant 4."""
    desk = Desk(acme, returns={"resell": False})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(10)]

    def give_back(lead: Lead) -> bool:
        try:
            desk.returns(lead)
        except TooManyReturns:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        taken = list(pool.map(give_back, leads[:5]))

    assert (
        sum(taken)
        == sum(desk.usage("acme").returned.values())
        == most_returns(10, ReturnPolicy().max_percent)
    )
