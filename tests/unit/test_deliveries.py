"""Deliveries to buyers: yes, no, and no answer. Never two owners, never a lost lead, never a wrong charge."""

import csv
from collections.abc import Callable
from datetime import timedelta
from itertools import chain, count, repeat
from typing import Any

import pytest

from baton.application.deliver_lead import Delivered, Then
from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.application.ports import Execution
from baton.application.restart_lead import MAX_RESTARTS, Restarted
from baton.application.route_lead import Next
from baton.domain.errors import ClaimContention, StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.money import EntryKind
from baton.domain.offer import BUSY, OfferState
from baton.domain.recipient import Recipient
from baton.domain.timeline import EventKind
from tests.builders import a_plan
from tests.selling import Market, a_buyer, an_auction_stage, an_endpoint, lost, said

ACME, BOLT = a_buyer("acme"), a_buyer("bolt")


class Forgetful:
    """A buyer that takes the lead and drops the connection, so many times; what it has is in its book."""

    def __init__(self, drops: int) -> None:
        self.drops = drops
        self.book: dict[str, str] = {}
        self.seen: list[str] = []

    def __call__(self, request: Outgoing) -> Answer:
        webhook_id = request.headers["webhook-id"]
        self.seen.append(webhook_id)
        self.book.setdefault(webhook_id, "yes")
        if len(self.seen) <= self.drops:
            return lost(Trouble.BROKEN)
        return said(self.book[webhook_id], ref="theirs")


def delivering(market: Market) -> str:
    """A lead that was claimed for the buyer that bid most, and not posted yet."""
    lead_id = market.takes_in()
    market.route(lead_id)
    market.auction(lead_id)
    assert market.route(lead_id).next is Next.DELIVER
    return lead_id


def test_a_buyer_that_takes_a_lead_and_drops_the_connection_is_asked_with_the_same_id_until_it_says_so() -> (
    None
):
    market, buyer = Market(ACME, BOLT), Forgetful(drops=3)
    market.pings, market.posts = {"acme": 2_000}, {"acme": buyer}

    lead = market.sells()

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "acme")
    assert market.posted_to() == ["acme"] * 4
    assert set(buyer.seen) == {f"lead_{lead.lead_id}_acme"}
    assert market.usage("acme").balance_cents == 98_000
    assert market.usage("bolt").balance_cents == 100_000


def test_while_a_buyer_has_not_said_whether_it_took_the_lead_nobody_else_gets_it() -> None:
    market = Market(ACME, BOLT)
    market.pings, market.posts = {"acme": 2_000}, {"acme": lost(Trouble.TIMEOUT)}
    lead_id = delivering(market)

    done = market.deliver(lead_id)

    lead = market.leads.get(lead_id)
    assert (done.then, lead.state) == (Then.WAIT, LeadState.DELIVERING)
    assert done.wait_s >= 1
    assert market.usage("acme").held_cents == 2_000
    assert market.usage("acme").balance_cents == 100_000
    assert market.route(lead_id).next is Next.DELIVER
    assert lead.watch_at
    assert lead.watch_at > market.clock.now() + timedelta(seconds=done.wait_s)
    assert [subject for subject, _ in market.alerts.told] == [
        "A buyer did not say whether it took a lead; it is asked again"
    ]


@pytest.mark.parametrize(
    ("counts_as", "owner", "paid"),
    [("sold", "acme", {"acme": 2_000, "bolt": 0}), ("released", "bolt", {"acme": 0, "bolt": 1_000})],
)
def test_what_silence_means_in_the_end_is_said_by_the_plan(
    counts_as: str, owner: str, paid: dict[str, int]
) -> None:
    stage = an_auction_stage(bids_good_for_s=3_600).model_copy(
        update={
            "delivery": a_plan(an_auction_stage())
            .stages[0]
            .delivery.model_copy(update={"unknown_after_s": 120, "unknown_counts_as": counts_as})
        }
    )
    market = Market(ACME, BOLT, plan=a_plan(stage))
    market.pings, market.posts = {"acme": 2_000}, {"acme": lost(Trouble.TIMEOUT)}

    lead = market.sells()

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, owner)
    assert {who: 100_000 - market.usage(who).balance_cents for who in ("acme", "bolt")} == paid
    assert [market.usage(who).held_cents for who in ("acme", "bolt")] == [0, 0]


def test_a_status_endpoint_is_asked_before_a_post_is_repeated() -> None:
    asked = a_buyer("acme", buyer={"status_check": an_endpoint("acme", "status")})
    market = Market(asked, BOLT)
    market.pings, market.posts, market.statuses = {"acme": 2_000}, {"acme": lost()}, {"acme": "yes"}

    lead = market.sells()

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "acme")
    assert market.posted_to() == ["acme"]


def test_a_buyer_that_could_not_be_reached_has_not_got_the_lead_and_the_next_is_asked_at_once() -> None:
    market = Market(ACME, BOLT)
    market.pings, market.posts = {"acme": 2_000}, {"acme": lost(Trouble.UNREACHABLE)}
    begun = market.clock.now()

    lead = market.sells()

    assert (lead.recipient_id, market.clock.now()) == ("bolt", begun)
    assert EventKind.DELIVERY_FAILED in market.kinds(lead)


def test_a_connection_that_fails_at_a_repetition_proves_nothing_of_the_post_before() -> None:
    market = Market(ACME, BOLT)
    answers = iter([lost(Trouble.TIMEOUT), lost(Trouble.UNREACHABLE), said("yes")])
    market.pings, market.posts = {"acme": 2_000}, {"acme": lambda _: next(answers)}

    assert market.sells().recipient_id == "acme"


def test_a_step_that_died_after_its_post_left_repeats_the_post_with_the_same_id() -> None:
    market, buyer = Market(ACME, BOLT), Forgetful(drops=0)

    def die(request: Outgoing) -> Answer:
        buyer(request)
        raise KeyboardInterrupt

    market.pings, market.posts = {"acme": 2_000}, {"acme": die}
    lead_id = delivering(market)
    with pytest.raises(KeyboardInterrupt):
        market.deliver(lead_id)
    market.posts = {"acme": lost(Trouble.UNREACHABLE)}
    waits = market.deliver(lead_id)
    market.posts = {"acme": buyer}

    lead = market.sells(lead_id)

    assert waits.then is Then.WAIT
    assert (lead.recipient_id, len(set(buyer.seen))) == ("acme", 1)


def test_a_delivery_that_is_started_twice_posts_once_and_charges_once() -> None:
    market = Market(ACME)
    lead_id = delivering(market)
    inner: list[Delivered] = []

    def again(_: Outgoing) -> Answer:
        inner.append(market.deliver(lead_id))
        return said("yes")

    market.posts = {"acme": again}
    outer = market.deliver(lead_id)

    charges = [e for e in market.ledger.entries.values() if e.kind is EntryKind.CHARGE]
    assert [inner[0].then, outer.lead.state] == [Then.WAIT, LeadState.SOLD]
    assert market.posted_to() == ["acme"]
    assert [entry.cents for entry in charges] == [-1_000]
    assert market.usage("acme").held_cents == 0


def overtaken(market: Market, lead_id: str, late: Answer) -> Callable[[Outgoing], Answer]:
    """A buyer whose first answer comes after a second run was refused and the lead had gone on to the next buyer."""
    calls = count()

    def answer(_: Outgoing) -> Answer:
        if next(calls):
            return said("no")
        market.clock.forward(BUSY)
        market.deliver(lead_id)
        assert market.route(lead_id).next is Next.DELIVER
        return late

    return answer


def test_a_late_no_does_not_take_the_lead_from_the_next_buyer() -> None:
    market = Market(ACME, BOLT)
    market.pings = {"acme": 2_000}
    lead_id = delivering(market)
    market.posts = {"acme": overtaken(market, lead_id, said("no"))}

    market.deliver(lead_id)

    assert market.leads.offer(lead_id, 2).state is OfferState.PENDING
    assert market.sells(lead_id).buyers == ("bolt",)


def test_a_late_yes_is_not_charged_to_the_next_buyer_and_operations_are_told() -> None:
    market = Market(ACME, BOLT)
    market.pings = {"acme": 2_000}
    lead_id = delivering(market)
    market.posts = {"acme": overtaken(market, lead_id, said("yes"))}

    market.deliver(lead_id)

    assert market.leads.offer(lead_id, 2).state is OfferState.PENDING
    assert market.usage("bolt").balance_cents == 100_000
    assert market.alerts.told[-1] == (
        "A buyer took a lead that it is not offered any more: settle it by hand",
        {"lead_id": lead_id, "recipient_id": "acme"},
    )


@pytest.mark.parametrize(
    "again", [said("no", why="duplicate lead"), Answer(status=409, took_ms=1), Answer(status=404, took_ms=1)]
)
def test_a_buyer_that_takes_a_lead_silently_and_calls_the_repetition_a_duplicate_has_it(
    again: Answer,
) -> None:
    market = Market(ACME, BOLT)
    answers = chain([lost(Trouble.BROKEN)], repeat(again))
    market.pings, market.posts = {"acme": 2_000}, {"acme": lambda _: next(answers)}

    lead = market.sells()

    assert lead.buyers == ("acme",)
    assert set(market.posted_to()) == {"acme"}


def test_a_plain_no_to_a_repetition_is_a_no() -> None:
    market = Market(ACME, BOLT)
    answers = chain([lost(Trouble.BROKEN)], repeat(said("no", why="wrong state")))
    market.pings, market.posts = {"acme": 2_000}, {"acme": lambda _: next(answers)}

    assert market.sells().buyers == ("bolt",)


def test_a_lead_that_a_buyer_may_have_is_not_sold_again_because_the_buyer_was_deleted() -> None:
    market = Market(ACME, BOLT)
    market.pings, market.posts = {"acme": 2_000}, {"acme": lost(Trouble.BROKEN)}
    lead_id = delivering(market)
    market.deliver(lead_id)
    del market.configuration.stored[Recipient.kind, "acme"]

    assert market.sells(lead_id).buyers == ("acme",)


def test_a_yes_that_could_not_be_written_as_a_sale_is_remembered_and_nobody_asks_again() -> None:
    market = Market(ACME)
    lead_id = delivering(market)
    commit = market.leads.commit
    market.leads.commit = lambda change: False  # type: ignore[method-assign] # noqa: ARG005
    with pytest.raises(ClaimContention):
        market.deliver(lead_id)
    market.leads.commit = commit  # type: ignore[method-assign]

    market.deliver(lead_id)

    assert market.leads.get(lead_id).state is LeadState.SOLD
    assert market.posted_to() == ["acme"]


def test_a_yes_holds_even_where_what_was_said_cannot_be_kept() -> None:
    market = Market(ACME)
    lead_id = delivering(market)

    def full(exchanges: object) -> None:
        raise StoreUnavailable

    market.leads.keep = full  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailable):
        market.deliver(lead_id)

    assert market.leads.get(lead_id).state is LeadState.SOLD


def test_a_lead_whose_mail_can_never_be_handed_over_is_not_sold_by_it() -> None:
    mail = a_buyer("mara", price_cents=700, email="desk@mara.example", buyer={"post": None})
    market = Market(mail, ACME)
    market.pings = {"acme": 500}
    market.notifier.failing = True

    lead = market.sells()

    assert lead.buyers == ("acme",)
    assert market.usage("mara").balance_cents == 100_000


def test_a_buyer_that_says_another_price_when_it_takes_the_lead_pays_what_it_bid() -> None:
    market = Market(ACME)
    market.pings, market.posts = {"acme": 2_000}, {"acme": said("yes", cents=300)}

    lead = market.sells()

    offer = market.leads.offer(lead.lead_id, 1)
    assert offer.delivery
    assert (offer.price_cents, offer.delivery.reason) == (2_000, "said a price of 300 cents afterwards")
    assert market.usage("acme").balance_cents == 98_000


def test_caps_and_money_are_taken_before_the_post_and_come_back_with_a_refusal() -> None:
    market = Market(a_buyer("acme", caps={"per_day": 5}))
    lead_id = delivering(market)
    before = market.usage("acme")
    market.posts = {"acme": "no"}

    market.deliver(lead_id)

    after = market.usage("acme")
    assert (before.held_cents, max(before.taken.values()), max(before.spent.values())) == (1_000, 1, 1_000)
    assert (after.held_cents, max(after.taken.values()), max(after.spent.values())) == (0, 0, 0)
    assert market.leads.offer(lead_id, 1).state is OfferState.DECLINED


def test_the_source_is_owed_its_share_of_what_was_paid_and_nothing_of_what_was_refused() -> None:
    market = Market(ACME, BOLT, source={"payout": {"share_percent": 30}})
    market.pings, market.posts = {"acme": 2_000, "bolt": 1_001}, {"acme": "no"}

    market.sells()

    payouts = [e for e in market.ledger.entries.values() if e.kind is EntryKind.PAYOUT]
    assert [(entry.account, entry.cents) for entry in payouts] == [("source/web-form", 300)]


def test_a_buyer_without_a_system_gets_the_lead_by_mail_with_a_csv_file() -> None:
    mail = a_buyer("mara", price_cents=700, email="desk@mara.example", buyer={"post": None})
    market = Market(mail)

    lead = market.sells(last_name="Lopez", phone="+12125550147", roof_m2="=1+1")

    assert lead.state is LeadState.SOLD
    ((address, text),) = market.notifier.sent
    assert address == "desk@mara.example"
    (row,) = csv.DictReader(text.splitlines()[-2:])
    assert (row["Phone"], row["Place"], row["Roof m2"]) == ("+12125550147", "10001, NY", "'=1+1")


def test_a_mail_that_is_refused_for_good_is_no_sale() -> None:
    mail = a_buyer("mara", price_cents=700, email="desk@mara.example", buyer={"post": None})
    market = Market(mail, ACME)
    market.pings = {"acme": 500}
    market.notifier.refuses = {"desk@mara.example"}

    assert market.sells().recipient_id == "acme"
    assert market.usage("mara").balance_cents == 100_000


@pytest.mark.parametrize("state", [LeadState.SOLD, LeadState.UNASSIGNED])
def test_a_delivery_of_a_lead_that_is_not_being_delivered_does_nothing(state: LeadState) -> None:
    market = Market(ACME)
    if state is LeadState.UNASSIGNED:
        market.pings = {"acme": said("no")}
    lead = market.sells()
    sent = len(market.http.sent)

    done = market.deliver(lead.lead_id)

    assert (lead.state, done.then, len(market.http.sent)) == (state, Then.STOP, sent)


def test_a_test_lead_reaches_test_buyers_only_and_costs_nothing() -> None:
    tried = a_buyer("tried", buyer={"status": "test"})
    market = Market(tried, ACME)
    lead_id = market.takes_in()
    market.leads.leads[lead_id] = market.leads.get(lead_id).model_copy(update={"test": True})

    lead = market.sells(lead_id)

    assert (lead.state, lead.recipient_id) == (LeadState.SOLD, "tried")
    assert market.usage("tried").balance_cents == 100_000
    assert not market.ledger.entries


def test_a_buyer_whose_secret_is_missing_is_not_asked_and_the_record_says_what_is_missing() -> None:
    auth: dict[str, Any] = {"auth": {"type": "bearer", "secret": "ping-token"}}
    market = Market(a_buyer("acme", buyer={"ping": an_endpoint("acme", "ping", **auth)}), BOLT)

    lead = market.sells()

    (bid,) = [bid for bid in market.held(lead).bids if bid.recipient_id == "acme"]
    assert bid.reason == "cannot_be_asked"
    assert "ping-token" in bid.facts["why"]


def test_a_delivery_that_somebody_else_has_just_begun_is_left_to_the_retry() -> None:
    market = Market(ACME)
    lead_id = delivering(market)
    offer = market.leads.offer(lead_id, 1)
    market.leads.note = lambda offer: False  # type: ignore[method-assign] # noqa: ARG005

    with pytest.raises(ClaimContention):
        market.deliver(lead_id)

    assert market.leads.offer(lead_id, 1) == offer
    assert market.posted_to() == []


def test_a_lead_that_a_buyer_may_have_is_not_parked_and_operations_are_told() -> None:
    market = Market(ACME, BOLT)
    market.pings, market.posts = {"acme": 2_000}, {"acme": lost(Trouble.TIMEOUT)}
    lead_id = delivering(market)
    market.deliver(lead_id)

    market.park(lead_id, "Deliver", "StepFailed")

    assert market.leads.get(lead_id).state is LeadState.DELIVERING
    assert market.usage("acme").held_cents == 2_000
    assert market.alerts.told[-1][1] == {"lead_id": lead_id, "step": "Deliver", "error": "StepFailed"}


def test_a_lead_that_was_not_posted_yet_is_parked_and_what_was_claimed_goes_back() -> None:
    market = Market(ACME)
    lead_id = delivering(market)

    market.park(lead_id, "Deliver", "StepFailed")

    assert market.leads.get(lead_id).state is LeadState.UNASSIGNED
    assert market.usage("acme").held_cents == 0


def test_a_lead_that_a_buyer_may_have_is_asked_about_however_often_its_workflow_died() -> None:
    market = Market(ACME)
    market.posts = {"acme": lost(Trouble.TIMEOUT)}
    lead_id = delivering(market)
    market.deliver(lead_id)

    for attempt in range(1, MAX_RESTARTS + 3):
        market.workflows.executions[lead_id, attempt] = Execution.ENDED
        assert market.restart.if_idle(lead_id) is Restarted.STARTED
