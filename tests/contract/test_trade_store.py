"""What is stored of trade: auctions, exchanges, promises, purchases and sources, in both implementations."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from baton.domain.auction import Auction, Bid
from baton.domain.change import scored
from baton.domain.dealings import Intake, Purchase
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange, Purpose
from baton.domain.promise import Promise
from baton.domain.trace import Reason, Trace
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, SECOND
from tests.contract.trade import (
    OTHER_ID,
    PERSON,
    SCORE,
    Trade,
    a_trade,
    taken_in,
)


@pytest.fixture(params=["memory", "dynamo"])
def trade(request: pytest.FixtureRequest) -> Trade:
    """The stores, in memory and in DynamoDB."""
    return a_trade(request)


# ------------------------------------------------------------------------------------------------------- auctions
def an_auction(no: int = 1, **facts: Any) -> Auction:
    """An auction with a bid and an absence."""
    bids = (
        Bid(
            recipient_id="acme",
            reason=Reason.ACCEPTABLE_BID,
            cents=900,
            price_cents=900,
            took_ms=80,
            reference="b1",
        ),
        Bid(recipient_id="bolt", reason=Reason.NO_BID, facts={"why": "closed", "code": 17}),
    )
    defaults = {
        "lead_id": LEAD_ID,
        "no": no,
        "stage": 0,
        "stage_name": "auction",
        "held_at": MONDAY_9AM,
        "deadline_ms": 2_000,
        "took_ms": 81,
        "good_until": MONDAY_9AM + 5 * MINUTE,
        "bids": bids,
        "trace": Trace(plan_id="plan", plan_version=1, attempt=0, stages=()),
    }
    return Auction.model_validate({**defaults, **facts})


def test_an_auction_is_stored_with_its_lead_and_comes_back_as_it_was(trade: Trade) -> None:
    trade.commit(taken_in(auction=an_auction()))

    assert trade.leads.auction(LEAD_ID, 1) == an_auction()
    assert trade.leads.auctions_of(LEAD_ID) == [an_auction()]


def test_auctions_come_by_number_and_those_that_there_are_not_are_not_found(trade: Trade) -> None:
    lead = trade.commit(taken_in(auction=an_auction(1))).lead
    change = scored(lead, SCORE, "plan", 1, MONDAY_9AM)
    trade.commit(replace(change, auction=an_auction(2)))

    assert [auction.no for auction in trade.leads.auctions_of(LEAD_ID)] == [1, 2]
    assert trade.leads.auctions_of(OTHER_ID) == []
    for place in ((LEAD_ID, 3), (OTHER_ID, 1)):
        with pytest.raises(NotFound):
            trade.leads.auction(*place)


def test_an_auction_is_written_once_and_a_change_that_would_write_it_again_is_refused_whole(
    trade: Trade,
) -> None:
    lead = trade.commit(taken_in(auction=an_auction())).lead
    change = scored(lead, SCORE, "plan", 1, MONDAY_9AM)

    assert not trade.leads.commit(replace(change, auction=an_auction(took_ms=5)))
    assert trade.leads.auction(LEAD_ID, 1).took_ms == 81
    assert trade.leads.get(LEAD_ID) == lead


# ------------------------------------------------------------------------------------------------------ exchanges
def an_exchange(seconds: int, who: str = "acme", purpose: Purpose = Purpose.PING, **facts: Any) -> Exchange:
    """What was said so many seconds after nine."""
    at = MONDAY_9AM + seconds * SECOND
    defaults = {
        "lead_id": LEAD_ID,
        "exchange_id": Exchange.id_at(at, who, purpose),
        "at": at,
        "recipient_id": who,
        "purpose": purpose,
        "request": "POST https://acme.example/ping\n\n{…}",
        "status": 200,
        "response": '{"cents": 900}',
        "verdict": "accepted",
        "took_ms": 80,
    }
    return Exchange.model_validate({**defaults, **facts})


def test_exchanges_come_back_in_the_order_in_which_they_were_had(trade: Trade) -> None:
    said = [an_exchange(seconds) for seconds in (7, 3, 5)]
    trade.leads.keep(said)

    assert trade.leads.exchanges_of(LEAD_ID) == sorted(said, key=lambda one: one.at)
    assert trade.leads.exchanges_of(OTHER_ID) == []


def test_an_exchange_that_is_kept_again_is_there_once(trade: Trade) -> None:
    trade.leads.keep([an_exchange(1)])
    trade.leads.keep([an_exchange(1, verdict="unclear", trouble="timeout: body", status=None)])

    (kept,) = trade.leads.exchanges_of(LEAD_ID)
    assert (kept.verdict, kept.status) == ("unclear", None)


def test_the_exchanges_of_a_large_auction_are_all_kept(trade: Trade) -> None:
    said = [an_exchange(0, f"buyer-{n:03}") for n in range(120)]
    trade.leads.keep(said)
    trade.leads.keep([])

    assert trade.leads.exchanges_of(LEAD_ID) == said


# ------------------------------------------------------------------------------------------------------- promises
def a_promise(ping_id: str = "p1", **facts: Any) -> Promise:
    """A price that a vendor was told."""
    defaults = {
        "ping_id": ping_id,
        "source_id": "web-form",
        "campaign_id": "solar",
        "plan_id": "plan",
        "plan_version": 3,
        "made_at": MONDAY_9AM,
        "good_until": MONDAY_9AM + 5 * MINUTE,
        "digests": {"contact.state": "0" * 64},
        "auction": an_auction(lead_id=ping_id, promised=True),
        "price_cents": 540,
        "currency": "USD",
    }
    return Promise.model_validate({**defaults, **facts})


def test_a_promise_is_made_once_and_comes_back_as_it_was(trade: Trade) -> None:
    assert trade.leads.promised(a_promise())
    assert not trade.leads.promised(a_promise(price_cents=1))

    assert trade.leads.promise("p1") == a_promise()
    with pytest.raises(NotFound):
        trade.leads.promise("p2")


def test_of_two_leads_that_come_with_one_promise_only_the_first_is_stored(trade: Trade) -> None:
    """Invariants 3 and 8."""
    trade.leads.promised(a_promise())
    used = [a_promise(rev=2, lead_id=lead_id) for lead_id in (LEAD_ID, OTHER_ID)]

    first = trade.leads.commit(taken_in(LEAD_ID, promise=used[0], auction=an_auction()))
    second = trade.leads.commit(taken_in(OTHER_ID, promise=used[1], auction=an_auction(lead_id=OTHER_ID)))

    assert (first, second) == (True, False)
    assert trade.leads.promise("p1").lead_id == LEAD_ID
    assert trade.leads.auctions_of(OTHER_ID) == []
    with pytest.raises(NotFound):
        trade.leads.get(OTHER_ID)


# ------------------------------------------------------------------------------------------------------ purchases
def a_purchase(lead_id: str = LEAD_ID, at: datetime = MONDAY_9AM, days: float = 30, **facts: Any) -> Purchase:
    """Acme gets maria."""
    until = at + timedelta(days=days)
    defaults = {"recipient_id": "acme", "person": PERSON, "lead_id": lead_id, "at": at, "expires_at": until}
    return Purchase.model_validate({**defaults, **facts})


def test_of_two_leads_of_one_person_a_buyer_gets_one(trade: Trade) -> None:
    """Invariant 4: the loser writes nothing at all."""
    first = trade.leads.commit(taken_in(LEAD_ID, purchases=(a_purchase(LEAD_ID),)))
    second = trade.leads.commit(taken_in(OTHER_ID, purchases=(a_purchase(OTHER_ID),)))

    assert (first, second) == (True, False)
    assert trade.known().purchases == {("acme", PERSON): a_purchase(LEAD_ID)}
    with pytest.raises(NotFound):
        trade.leads.get(OTHER_ID)


@pytest.mark.parametrize("other", [{"recipient_id": "bolt"}, {"person": "somebody else"}])
def test_another_buyer_or_another_person_is_another_matter(trade: Trade, other: dict[str, Any]) -> None:
    trade.commit(taken_in(LEAD_ID, purchases=(a_purchase(LEAD_ID),)))

    assert trade.leads.commit(taken_in(OTHER_ID, purchases=(a_purchase(OTHER_ID, **other),)))


@pytest.mark.parametrize(("later", "free"), [(-SECOND, False), (0 * SECOND, True), (SECOND, True)])
def test_a_purchase_holds_until_it_expires_to_the_second(trade: Trade, later: timedelta, free: bool) -> None:
    trade.commit(taken_in(LEAD_ID, purchases=(a_purchase(LEAD_ID, days=1),)))
    then = MONDAY_9AM + timedelta(days=1) + later

    assert trade.leads.commit(taken_in(OTHER_ID, purchases=(a_purchase(OTHER_ID, then),))) is free


def test_a_person_that_was_given_back_can_be_had_again(trade: Trade) -> None:
    lead = trade.commit(taken_in(LEAD_ID, purchases=(a_purchase(LEAD_ID),))).lead
    given_back = scored(lead, SCORE, "plan", 1, MONDAY_9AM)
    trade.commit(replace(given_back, purchases=(a_purchase(LEAD_ID, days=0),)))

    assert trade.leads.commit(taken_in(OTHER_ID, purchases=(a_purchase(OTHER_ID),)))


# -------------------------------------------------------------------------------------------------------- sources
def test_what_a_source_sent_and_sold_comes_back_as_it_was(trade: Trade) -> None:
    intake = Intake(source_id="web-form").took("day:2026-11-23").sale("day:2026-11-23", "week:2026-W48", 400)
    intake = intake.model_copy(update={"rev": 1})
    trade.commit(taken_in(intake=intake))

    assert trade.known().intake("web-form") == intake
    assert trade.known().intakes == {"web-form": intake}
    assert trade.ledger.standings([], [], intakes=["nothing"]).intake("nothing") == Intake(
        source_id="nothing"
    )


def test_two_that_count_for_one_source_at_the_same_moment_do_not_count_over_one_another(trade: Trade) -> None:
    one = Intake(source_id="web-form").took("day:2026-11-23")

    assert trade.leads.commit(taken_in(LEAD_ID, intake=one))
    assert not trade.leads.commit(taken_in(OTHER_ID, intake=one))
    assert trade.leads.commit(
        taken_in(OTHER_ID, intake=trade.known().intake("web-form").took("day:2026-11-23"))
    )
    assert trade.known().intake("web-form").leads == {"day:2026-11-23": 2}
