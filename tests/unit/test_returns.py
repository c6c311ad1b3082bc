"""Returns: a buyer gives a lead back, and everything that was paid and counted for it goes back too."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from baton.application.ports import Execution
from baton.domain.errors import NotFound, StoreUnavailable
from baton.domain.lead import HELD, TRANSITIONS, WATCH_AFTER, Lead, LeadState
from baton.domain.lead_return import ReturnState
from baton.domain.standing import Usage
from baton.domain.timeline import EventKind
from baton.domain.trade_errors import (
    ReturnDecided,
)
from tests.builders import MINUTE, SECOND, a_plan, a_pool
from tests.selling import POCKET, a_buyer, an_auction_stage, lost
from tests.trading import REASON, Desk

DAY = timedelta(days=1)
acme, bolt = a_buyer("acme"), a_buyer("bolt")
SHARED = a_plan(an_auction_stage(winners=2, share_percent={2: 60}))
RETURNABLE = sorted(state for state in HELD if LeadState.RETURNED in TRANSITIONS[state])
WAITS = {"auto_approve": False}


def a_lead_back(desk: Desk, who: str = "acme") -> Lead:
    """A lead that was sold and that its buyer has just given back."""
    lead = desk.sells()
    desk.returns(lead, who)
    return desk.leads.get(lead.lead_id)


# ------------------------------------------------------------------------------------------------- what goes back
def test_a_returned_lead_gives_its_buyer_money_and_caps_back() -> None:
    """Invariant 4."""
    desk = Desk(acme, returns={"resell": False})
    lead = desk.sells()
    paid = desk.usage("acme")

    made = desk.returns(lead)

    after = desk.usage("acme")
    assert (made.state, made.price_cents, made.currency) == (ReturnState.APPROVED, 1_000, "USD")
    assert desk.leads.get(lead.lead_id).state is LeadState.RETURNED
    assert (paid.balance_cents, after.balance_cents) == (POCKET - 1_000, POCKET)
    assert set(after.spent.values()) == {0}
    assert set(after.taken.values()) == {0}
    assert after.open_leads == 0
    assert (list(after.bought.values()), list(after.returned.values())) == ([1], [1])
    assert desk.entries("acme") == [("charge", -1_000), ("refund", 1_000)]


def test_the_source_is_not_paid_for_a_lead_that_came_back() -> None:
    source = {"payout": {"share_percent": 40}, "limits": {"max_return_percent": 100, "returns_from": 2}}
    desk = Desk(acme, source=source)
    lead = desk.sells()
    desk.clock.forward(MINUTE)

    desk.returns(lead)

    intake = desk.ledger.intakes["web-form"]
    assert desk.entries("source/web-form") == [("payout", 400), ("clawback", -400)]
    assert (list(intake.sold.values()), list(intake.returned.values())) == ([1], [1])
    assert list(intake.paid.values()) == [0]


@pytest.mark.parametrize(("refund_on", "turns"), [(["returned"], 0), (["expired"], 1)])
def test_the_turn_goes_back_where_the_pool_says_so(refund_on: list[str], turns: int) -> None:
    pool = a_pool(acme, fairness={"refund_on": refund_on})
    desk = Desk(acme, documents=(pool,))

    a_lead_back(desk)

    (turn,) = desk.ledger.turns.values()
    assert (turn.turns, list(turn.taken.values())) == (turns, [0])


def test_what_happened_stands_in_the_timeline_without_what_the_buyer_wrote() -> None:
    """Invariants 2 and 9."""
    desk = Desk(acme, returns={"resell": False})

    lead = a_lead_back(desk)

    last = desk.leads.timeline(lead.lead_id)[-1]
    assert last.kind is EventKind.LEAD_RETURNED
    assert (last.facts["return_reason"], last.facts["by"]) == (REASON, "buyer:acme")
    assert "not in use" not in str(desk.leads.timeline(lead.lead_id))
    assert "not in use" not in str(desk.entries("acme"))


def test_the_buyer_may_get_the_person_s_next_lead_once_it_gave_this_one_back() -> None:
    choosy = a_buyer("acme", buyer={"dedupe_days": 30})
    desk = Desk(choosy)
    first = desk.sells()
    assert desk.sells().state is LeadState.UNASSIGNED

    desk.returns(first)
    desk.clock.forward(SECOND)

    assert desk.sells().state is LeadState.SOLD


def test_a_later_lead_of_the_same_person_stays_bought_when_the_first_one_comes_back() -> None:
    """The first purchase was over when the second was made: what is noted now is about the second."""
    choosy = a_buyer("acme", buyer={"dedupe_days": 1})
    desk = Desk(choosy)
    first = desk.sells()
    desk.clock.forward(2 * DAY)
    second = desk.sells()
    assert second.state is LeadState.SOLD

    desk.returns(first)

    assert {purchase.lead_id for purchase in desk.ledger.purchases.values()} == {second.lead_id}
    assert desk.sells().state is LeadState.UNASSIGNED


@pytest.mark.parametrize("state", RETURNABLE)
def test_a_lead_is_taken_back_whatever_became_of_it_and_its_capacity_is_freed_once(state: LeadState) -> None:
    path: dict[str, tuple[str, ...]] = {"sold": (), "assigned": ()}
    desk = Desk(acme, returns={"resell": False})
    lead = desk.concludes(desk.sells(), *path.get(state, (str(state),)))

    desk.returns(lead)

    assert desk.leads.get(lead.lead_id).state is LeadState.RETURNED
    assert (desk.usage("acme").open_leads, desk.usage("acme").balance_cents) == (0, POCKET)
    (turn,) = desk.ledger.turns.values()
    assert sum(turn.converted.values()) == 0


# -------------------------------------------------------------------------------------------------------- several
def test_a_lead_that_another_buyer_has_too_stays_sold() -> None:
    """Invariant 3."""
    desk = Desk(acme, bolt, plan=SHARED)
    lead = desk.sells()
    assert (lead.state, lead.sales) == (LeadState.SOLD, 2)

    desk.returns(lead, "acme")

    after = desk.leads.get(lead.lead_id)
    assert (after.state, after.sales) == (LeadState.SOLD, 1)
    assert (desk.usage("acme").balance_cents, desk.usage("bolt").balance_cents) == (POCKET, POCKET - 600)


def test_a_lead_that_all_its_buyers_gave_back_is_returned() -> None:
    desk = Desk(acme, bolt, plan=SHARED, returns={"resell": False})
    lead = desk.sells()

    for who in ("bolt", "acme"):
        desk.returns(lead, who)

    after = desk.leads.get(lead.lead_id)
    assert (after.state, after.sales) == (LeadState.RETURNED, 0)
    assert [desk.usage(who).balance_cents for who in ("acme", "bolt")] == [POCKET, POCKET]
    assert [desk.usage(who).open_leads for who in ("acme", "bolt")] == [0, 0]


@pytest.mark.parametrize("order", [("acme", "bolt"), ("bolt", "acme")])
def test_of_two_buyers_only_the_one_whose_outcome_it_was_had_its_capacity_back_before(
    order: Sequence[str],
) -> None:
    desk = Desk(acme, bolt, plan=SHARED, returns={"resell": False})
    lead = desk.concludes(desk.sells(), "converted")

    for who in order:
        desk.returns(lead, who)

    assert [desk.usage(who).open_leads for who in ("acme", "bolt")] == [0, 0]


def test_a_lead_given_back_while_it_is_still_being_sold_goes_on() -> None:
    desk = Desk(acme, bolt, plan=SHARED)
    desk.pings = {"acme": 1_000, "bolt": 900}
    desk.posts["bolt"] = lost()
    lead_id = desk.takes_in()
    while desk.leads.get(lead_id).sales == 0 or desk.leads.get(lead_id).state is LeadState.SCORED:
        desk.step(lead_id)
    assert desk.leads.get(lead_id).state is LeadState.DELIVERING

    desk.returns(lead_id, "acme")

    after = desk.leads.get(lead_id)
    assert (after.state, after.sales, after.recipient_id) == (LeadState.DELIVERING, 0, "bolt")
    desk.posts["bolt"] = "yes"
    assert desk.sells(lead_id).sales == 1


# ----------------------------------------------------------------------------------------------------- sold again
def test_a_returned_lead_is_offered_to_those_who_have_not_had_it() -> None:
    desk = Desk(acme, bolt)
    desk.pings = {"acme": 2_000, "bolt": 900}
    lead = desk.sells()
    desk.workflows.executions[lead.lead_id, 1] = Execution.ENDED

    desk.returns(lead)

    moving = desk.leads.get(lead.lead_id)
    assert (moving.state, moving.recipient_id, moving.attempt) == (LeadState.SCORED, None, 2)
    assert desk.workflows.executions[lead.lead_id, 2] is Execution.RUNNING
    again = desk.sells(lead.lead_id)
    assert (again.state, again.recipient_id) == (LeadState.SOLD, "bolt")
    assert desk.posted_to() == ["acme", "bolt"]


def test_a_lead_that_nobody_else_wants_waits_for_a_person() -> None:
    desk = Desk(acme)
    lead = a_lead_back(desk)

    assert desk.sells(lead.lead_id).state is LeadState.UNASSIGNED
    assert desk.posted_to() == ["acme"]


def test_where_returned_leads_are_not_sold_again_nothing_moves_it() -> None:
    desk = Desk(acme, bolt, returns={"resell": False})

    lead = a_lead_back(desk)

    assert (lead.state, lead.watch_at) == (LeadState.RETURNED, None)


def test_a_workflow_that_cannot_be_started_now_is_started_by_the_sweep() -> None:
    desk = Desk(acme, bolt)
    lead = desk.sells()
    desk.workflows.executions[lead.lead_id, 1] = Execution.ENDED
    desk.workflows.available = False

    made = desk.returns(lead)

    assert made.state is ReturnState.APPROVED
    desk.workflows.available = True
    desk.clock.forward(WATCH_AFTER + SECOND)
    assert desk.sweep().started == 1


class Dying:
    """Leads of which the commit that would sell a lead again is lost on the way."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.dies = inner, True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, change: Any) -> bool:
        """See Leads.commit."""
        if self.dies and change.lead.state is LeadState.SCORED:
            raise StoreUnavailable
        return bool(self._inner.commit(change))


def test_a_return_that_died_half_way_is_finished_by_asking_again_and_refunds_once() -> None:
    """Invariant 8."""
    desk = Desk(acme, bolt)
    leads = Dying(desk.leads)
    lead, take_back = desk.sells(), desk.returning(leads)
    with pytest.raises(StoreUnavailable):
        take_back(lead.lead_id, acme, REASON)
    half = desk.leads.get(lead.lead_id)
    assert half.state is LeadState.RETURNED
    assert half.watch_at, "the sweep looks after it"
    leads.dies = False

    made = take_back(lead.lead_id, acme, REASON)

    assert made.state is ReturnState.APPROVED
    assert desk.leads.get(lead.lead_id).state is LeadState.SCORED
    assert desk.entries("acme") == [("charge", -1_000), ("refund", 1_000)]


# ---------------------------------------------------------------------------------------------------- by a person
def test_a_return_that_waits_leaves_lead_and_money_where_they_are() -> None:
    desk = Desk(acme, returns=WAITS)
    lead = desk.sells()
    before = desk.usage("acme")

    made = desk.returns(lead)

    assert made.state is ReturnState.WAITING
    assert desk.leads.get(lead.lead_id).state is LeadState.SOLD
    assert desk.usage("acme") == before
    assert desk.kinds(lead)[-1] is EventKind.RETURN_REQUESTED
    (listed,) = desk.take_back.waiting(10).items
    assert (listed, listed.note) == (made, "the number is not in use")
    assert desk.notices.told == []


@pytest.mark.parametrize("approve", [True, False])
def test_a_person_decides_and_the_buyer_is_told(approve: bool) -> None:
    desk = Desk(acme, returns={**WAITS, "resell": False})
    lead = desk.sells()
    desk.returns(lead)

    decided = desk.take_back.decide(lead.lead_id, 1, approve=approve, by="maria", why="called it myself")

    state = "approved" if approve else "refused"
    assert (decided.state, decided.by, decided.why) == (state, "maria", "called it myself")
    assert desk.take_back.waiting(10).items == ()
    assert desk.notices.told == [("acme", state)]
    after = desk.leads.get(lead.lead_id)
    assert after.state == (LeadState.RETURNED if approve else LeadState.SOLD)
    assert desk.usage("acme").balance_cents == (POCKET if approve else POCKET - 1_000)
    last = desk.leads.timeline(lead.lead_id)[-1]
    assert last.kind is (EventKind.LEAD_RETURNED if approve else EventKind.RETURN_REFUSED)
    assert "called it myself" not in str(last)


@pytest.mark.parametrize("approve", [True, False])
def test_the_same_decision_twice_changes_nothing_and_the_other_one_is_refused(approve: bool) -> None:
    """Invariant 8."""
    desk = Desk(acme, bolt, returns=WAITS)
    lead = desk.sells()
    desk.returns(lead)
    first = desk.take_back.decide(lead.lead_id, 1, approve=approve, by="maria")
    books = desk.books()

    assert desk.take_back.decide(lead.lead_id, 1, approve=approve, by="olga") == first
    with pytest.raises(ReturnDecided, match="by maria"):
        desk.take_back.decide(lead.lead_id, 1, approve=not approve, by="olga")
    assert desk.books() == books


def test_what_nobody_asked_to_be_taken_back_cannot_be_decided() -> None:
    desk = Desk(acme)
    lead = desk.sells()

    for place in ((lead.lead_id, 1), (lead.lead_id, 2), (f"{9:032x}", 1)):
        with pytest.raises(NotFound):
            desk.take_back.decide(*place, approve=True, by="maria")


def test_a_person_is_bound_by_no_limit() -> None:
    """Ten leads allow two returns; a person may approve one that a correction of the counts made one too many."""
    desk = Desk(acme, returns=WAITS)
    lead = desk.sells()
    desk.returns(lead)
    used = desk.usage("acme")
    week = next(iter(used.bought))
    desk.ledger.usage["acme"] = Usage(**{**_fields(used), "rev": used.rev + 1, "returned": {week: 9}})

    assert desk.take_back.decide(lead.lead_id, 1, approve=True, by="maria").state is ReturnState.APPROVED


def test_a_person_takes_a_lead_back_for_its_buyer_whatever_the_campaign_s_limits_say() -> None:
    desk = Desk(acme, returns={"max_percent": 0, "window_days": 0, "resell": False})
    lead = desk.sells()

    taken = desk.take_back.on_behalf(lead.lead_id, 1, "by_phone", "they called", "maria")

    assert (taken.state, taken.by, taken.reason) == (ReturnState.APPROVED, "maria", "by_phone")
    assert desk.leads.get(lead.lead_id).state is LeadState.RETURNED
    assert desk.usage("acme").balance_cents == POCKET
    assert desk.notices.told == [("acme", "approved")]
    assert "they called" not in str(desk.leads.timeline(lead.lead_id))
    books = desk.books()
    assert desk.take_back.on_behalf(lead.lead_id, 1, "by_phone", None, "olga") == taken
    assert desk.books() == books


def test_a_return_that_waits_is_approved_by_whoever_takes_the_lead_back() -> None:
    desk = Desk(acme, returns=WAITS)
    lead = desk.sells()
    desk.returns(lead)

    taken = desk.take_back.on_behalf(lead.lead_id, 1, "by_phone", None, "maria")

    assert (taken.state, taken.reason, taken.note) == (
        ReturnState.APPROVED,
        "invalid_contact",
        "the number is not in use",
    )
    assert desk.take_back.waiting(10).items == ()


def test_a_lead_that_was_refused_before_is_not_taken_back_after_all() -> None:
    desk = Desk(acme, returns=WAITS)
    lead = desk.sells()
    desk.returns(lead)
    desk.take_back.decide(lead.lead_id, 1, approve=False, by="maria")

    with pytest.raises(ReturnDecided, match="by maria"):
        desk.take_back.on_behalf(lead.lead_id, 1, "by_phone", None, "olga")
    assert desk.leads.get(lead.lead_id).state is LeadState.SOLD


def _fields(usage: Usage) -> dict[str, Any]:
    return {name: getattr(usage, name) for name in Usage.__dataclass_fields__}


def test_those_that_waited_longest_are_listed_first_and_pages_hold_each_once() -> None:
    desk = Desk(acme, returns={**WAITS, "max_percent": 100})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(5)]
    for lead in reversed(leads):
        desk.clock.forward(SECOND)
        desk.returns(lead)

    seen, after = [], None
    while True:
        page = desk.take_back.waiting(2, after)
        seen += [one.lead_id for one in page.items]
        after = page.after
        if after is None:
            break

    assert seen == [lead.lead_id for lead in reversed(leads)]


def test_a_return_that_died_half_way_is_finished_by_the_sweep() -> None:
    """Invariant 8: nobody has to ask again."""
    desk = Desk(acme, bolt)
    desk.pings = {"acme": 2_000, "bolt": 900}
    leads = Dying(desk.leads)
    lead, take_back = desk.sells(), desk.returning(leads)
    desk.workflows.executions[lead.lead_id, 1] = Execution.ENDED
    with pytest.raises(StoreUnavailable):
        take_back(lead.lead_id, acme, REASON)
    desk.clock.forward(WATCH_AFTER + SECOND)

    assert desk.sweep().started == 1
    assert desk.workflows.executions[lead.lead_id, 2] is Execution.RUNNING
    assert desk.sells(lead.lead_id).recipient_id == "bolt"
