"""What the world is told of leads: every event, in a shape that is promised, and nothing of the person."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from baton.adapters.event_bus import MemoryBus
from baton.adapters.items import to_item
from baton.application.answer_offer import Answer
from baton.application.outgoing import Trouble
from baton.application.publish_events import PublishEvents
from baton.domain.announced_facts import FACTS, WITHHELD, told
from baton.domain.announcement import Announcement, schema_of
from baton.domain.auction import Auction, Bid
from baton.domain.change import auctioned, exhausted, parked, received, restarted, unclear
from baton.domain.claims import released
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.lead_return import Return, asked, refused
from baton.domain.merging import merged
from baton.domain.offer import Delivery
from baton.domain.outcome import Outcome, Report
from baton.domain.pool import Release
from baton.domain.review import rejected
from baton.domain.sales import Deal, returned, sold
from baton.domain.timeline import Event, EventKind
from baton.domain.trace import Reason, Trace
from baton.entrypoints.timeline_stream import timeline_stream
from local import schemas
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, a_lead, a_rep, a_world, an_offer, standings
from tests.selling import Market, a_buyer, lost, said

PERSON: Final = {
    "first_name": "Maria",
    "last_name": "Lopez",
    "email": "maria@example.com",
    "phone": "2025550123",
}
TRACE: Final = Trace(plan_id="plan", plan_version=1, attempt=0, stages=())


def a_life() -> list[Event]:
    """Of a lead that is offered, declined, offered again, accepted, and converted."""
    world = a_world(a_rep("ana"), a_rep("ben"))
    lead_id = world.offers(**PERSON)
    world.answers(lead_id, Answer.DECLINE)
    world.step(lead_id)
    world.answers(lead_id, Answer.ACCEPT)
    world.clock.forward(10 * MINUTE)
    for outcome in (Outcome.CONTACTED, Outcome.CONVERTED):
        world.conclude(lead_id, Report(outcome=outcome), "crm")
    return world.leads.timeline(lead_id)


def others() -> Iterator[Event]:
    """Events that a life does not have."""
    now, scored = MONDAY_9AM, a_lead()
    delivering = a_lead(state=LeadState.DELIVERING, recipient_id="acme", offer_no=1, shares=1)
    offer = an_offer(
        recipient_id="acme",
        price_cents=900,
        currency="USD",
        delivery=Delivery(webhook_id="w", tries=1, reason="Maria is known here", reference="A-17"),
    )
    bought = a_lead(state=LeadState.SOLD, recipient_id="acme", sales=1, buyers=("acme",))
    deal = Deal(delivering, offer, None)
    wanted = Return.of(bought, offer, "wrong number", "Maria says no", now)
    yield exhausted(scored, TRACE, now).event
    yield parked(scored, now, step="Route", error="ClaimContention").event
    yield restarted(scored, 2, now).event
    yield unclear(delivering, offer, now + MINUTE, now).event
    yield released(delivering, offer, Release.DECLINED, None, standings(), now).event
    yield released(delivering, offer, Release.UNDELIVERED, None, standings(), now).event
    yield sold(deal, offer.delivery or Delivery(webhook_id="w"), standings(), now).event
    yield returned(Deal(bought, offer, None), "wrong number", "buyer:acme", standings(), False, now).event
    yield asked(bought, offer, wanted, now).event
    yield refused(bought, offer, wanted, now).event
    yield received(a_lead(rev=1, state=LeadState.QUARANTINED, suspicions=("honeypot",)), now).event
    yield rejected(a_lead(state=LeadState.QUARANTINED), now, "olga", "it is Maria Lopez again").event
    change = merged(a_lead(state=LeadState.RECEIVED), a_lead(lead_id=f"{2:032x}"), now)
    assert change.other
    yield from (change.event, change.other[1])
    yield from an_auction()


def an_auction() -> list[Event]:
    """Of a lead that two of four buyers bid for, from a source that costs 700 cents for each."""
    market = Market(*map(a_buyer, ("acme", "bolt", "core", "dune")), source={"cost_cents": 700})
    market.pings = {"acme": 900, "bolt": 1_200, "core": said("no"), "dune": lost(Trouble.TIMEOUT)}
    return market.leads.timeline(market.sells(first_name="Maria", last_name="Lopez").lead_id)


EVENTS: Final = (*a_life(), *others())
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.kind}-{event.seq}")


def test_of_every_kind_it_is_said_what_is_told() -> None:
    assert set(FACTS) == set(EventKind)


@every_event
def test_an_event_is_told_as_its_schema_says(event: Event) -> None:
    document = json.loads(Announcement.of(event).model_dump_json())

    Draft202012Validator(schema_of(event.kind)).validate(document)


@every_event
def test_every_fact_is_told_or_withheld_on_purpose(event: Event) -> None:
    assert set(event.facts) - set(told(event.kind, event.facts)) <= WITHHELD


@every_event
def test_what_is_told_says_nothing_of_the_person(event: Event) -> None:
    document = Announcement.of(event).model_dump_json()

    assert [word for word in ("Maria", "Lopez", "example.com", "5550123") if word in document] == []


def test_an_event_says_whose_it_is() -> None:
    offered = next(event for event in EVENTS if event.kind is EventKind.OFFER_DECLINED)

    found = Announcement.of(offered)

    assert (found.campaign_id, found.source_id, found.recipient_id, found.test) == (
        "solar",
        "web-form",
        "ana",
        False,
    )
    assert found.id == f"{found.lead_id}-{found.seq}"


def facts_of(kind: EventKind, events: list[Event]) -> dict[str, Any]:
    """What is told of the first event of that kind."""
    return Announcement.of(next(event for event in events if event.kind is kind)).facts


def test_of_a_scored_lead_it_is_told_which_version_of_which_plan_it_follows() -> None:
    found = facts_of(EventKind.LEAD_SCORED, a_life())

    assert (found["plan_id"], found["plan_version"]) == ("plan", 1)


def test_of_an_auction_it_is_told_what_every_buyer_bid_the_best_first() -> None:
    bids = facts_of(EventKind.AUCTION_HELD, an_auction())["bids"]

    assert [(bid["recipient_id"], bid["cents"], bid["price_cents"]) for bid in bids] == [
        ("bolt", 1_200, 1_200),
        ("acme", 900, 900),
        ("core", None, None),
        ("dune", None, None),
    ]
    assert [bid["reason"] for bid in bids] == [
        "acceptable_bid",
        "acceptable_bid",
        "no_bid",
        "timeout",
    ]
    assert set(bids[0]) == {"recipient_id", "cents", "price_cents", "reason", "took_ms"}


def test_ten_auctions_of_a_thousand_buyers_with_long_names_fit_what_the_bus_takes_at_a_time() -> None:
    bids = [
        Bid(recipient_id=f"{n:064}", reason=Reason.TOO_FEW_BIDDERS, cents=10**9, took_ms=10**4)
        for n in range(1_000)
    ]
    nearly_all = {
        "no": 1,
        "stage": 0,
        "stage_name": "auction",
        "held_at": MONDAY_9AM,
        "good_until": MONDAY_9AM,
    }
    auction = Auction(
        lead_id=LEAD_ID, **nearly_all, deadline_ms=900, took_ms=800, bids=tuple(bids), trace=TRACE
    )

    told = Announcement.of(auctioned(a_lead(), auction, MONDAY_9AM).event)

    assert (told.facts["asked"], len(told.facts["bids"])) == (1_000, 100)
    assert 10 * len(told.model_dump_json()) < 250_000


def test_of_a_lead_that_costs_something_it_is_told_what() -> None:
    assert facts_of(EventKind.LEAD_RECEIVED, an_auction())["cost_cents"] == 700
    assert "cost_cents" not in facts_of(EventKind.LEAD_RECEIVED, a_life())


def test_why_nobody_got_a_lead_stays_with_the_lead() -> None:
    event = exhausted(a_lead(), TRACE, MONDAY_9AM).event

    assert event.trace
    assert "trace" not in Announcement.of(event).model_dump()


def test_an_event_of_before_that_does_not_say_whose_it_is_is_told_all_the_same() -> None:
    old = {"lead_id": LEAD_ID, "seq": 1, "at": MONDAY_9AM, "kind": "LeadReceived", "state": "received"}

    assert Announcement.of(Event.model_validate({**old, "facts": {"source_id": "f"}})).campaign_id is None


def test_the_schemas_that_are_committed_are_those_of_what_is_told() -> None:
    assert schemas.written() == schemas.documents()


# ------------------------------------------------------------------------------------------------------- the stream
def record(event: Event) -> dict[str, Any]:
    """An event as the table's stream brings it."""
    image = to_item({"item": f"EVENT#{event.seq:06d}", **event.model_dump(mode="json")})
    return {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": f"s{event.seq}"}}


def published(bus: MemoryBus, *records: dict[str, Any]) -> list[str]:
    """Where the stream goes on after these records, as Lambda is told."""
    answer = timeline_stream(lambda: PublishEvents(bus))({"Records": list(records)}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_life_is_told_from_beginning_to_end_in_its_order() -> None:
    bus, life = MemoryBus(), a_life()

    assert published(bus, *map(record, life)) == []

    assert [one.kind for one in bus.heard] == [event.kind for event in life]
    assert [one.seq for one in bus.heard] == [*range(1, len(life) + 1)]


def test_a_failure_in_the_middle_makes_the_stream_go_on_from_there_and_nothing_is_missed() -> None:
    bus, life = MemoryBus(takes=2), a_life()

    assert published(bus, *map(record, life)) == ["s3"]
    assert published(bus, *map(record, life[2:])) == []

    assert [one.seq for one in bus.heard] == [*range(1, len(life) + 1)]


def test_where_nothing_can_be_told_the_whole_batch_comes_again() -> None:
    for bus in (MemoryBus(takes=0), MemoryBus(available=False)):
        with pytest.raises(StoreUnavailable):
            published(bus, *map(record, a_life()))


def test_an_event_that_cannot_be_read_keeps_none_before_it_from_being_told() -> None:
    bus, life = MemoryBus(), a_life()
    broken = {"dynamodb": {"NewImage": {"item": {"S": "EVENT#000002"}}, "SequenceNumber": "s2"}}

    assert published(bus, record(life[0]), broken, record(life[2])) == ["s2"]
    assert [one.seq for one in bus.heard] == [1]
