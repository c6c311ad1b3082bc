"""A person who asks for it is forgotten: nothing of them is left in any row of any table, and the numbers stay."""

import json
from typing import Any

import pytest

from baton.adapters.counters import DynamoCounters
from baton.adapters.do_not_contact import DynamoDoNotContact
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.adapters.dynamo_persons import DynamoPersons
from baton.adapters.dynamo_returns import DynamoReturns
from baton.adapters.recollections import DynamoRecollections
from baton.domain.change import Change
from baton.domain.forgetting import LeadInMotion, forgotten
from baton.domain.lead import LeadState
from baton.domain.timeline import Event, EventKind
from tests.builders import MONDAY_9AM, a_lead
from tests.contract.tables import tables
from tests.forgetting import AGAIN, PRIVATE, SHARED, WORDS, Life, Shelf, memory_shelf
from tests.selling import said

TABLES = ("LeadsTable", "LedgerTable")


def dynamo_shelf(client: Any) -> Shelf:
    """Everything in DynamoDB."""

    def dump() -> str:
        pages = [client.get_paginator("scan").paginate(TableName=name) for name in TABLES]
        return json.dumps([item for page in pages for found in page for item in found["Items"]])

    return Shelf(
        DynamoLeads(client, *TABLES),
        DynamoLedger(client, "LedgerTable"),
        DynamoReturns(client, *TABLES),
        DynamoPersons(client, *TABLES),
        DynamoCounters(client, "LedgerTable"),
        DynamoRecollections(client, "LedgerTable"),
        dump,
    )


@pytest.fixture(params=["memory", "dynamo"])
def life(request: pytest.FixtureRequest) -> Life:
    """A life in memory and in DynamoDB."""
    if request.param == "memory":
        return Life(memory_shelf())
    return Life(dynamo_shelf(request.getfixturevalue("dynamodb")))


def test_the_index_of_persons_is_in_the_template() -> None:
    indexes = {index["IndexName"] for index in tables()["LeadsTable"]["GlobalSecondaryIndexes"]}

    assert {"by_person", "by_other_key"} <= indexes


def test_leads_are_found_by_either_key_of_their_person_until_they_are_forgotten(life: Life) -> None:
    leads, persons = life.shelf.leads, life.shelf.persons
    both = a_lead(lead_id="1" * 32, rev=1, person=("address", "number"))
    number = a_lead(lead_id="2" * 32, rev=1, person=("number",))
    for lead in (both, number):
        assert leads.commit(Change(lead=lead, event=Event.of(lead, EventKind.LEAD_RECEIVED, MONDAY_9AM)))

    assert sorted(persons.leads_with(("number",), 50)) == [both.lead_id, number.lead_id]
    assert persons.leads_with(("address", "address"), 50) == [both.lead_id]
    assert len(persons.leads_with(("address", "number"), 1)) == 1

    change = forgotten(both, "maria", MONDAY_9AM, leads=1, rows=0)
    assert leads.commit(change)
    assert persons.leads_with(("address", "number"), 50) == [number.lead_id]


def test_a_whole_life_leaves_its_words_in_the_store_or_the_next_test_says_nothing(life: Life) -> None:
    root = life.whole()

    assert sorted(life.left()) == sorted(WORDS)
    assert life.left(*life.secrets(root)) == [*WORDS, *life.secrets(root)]


def test_nothing_of_a_forgotten_person_is_left_anywhere(life: Life) -> None:
    root = life.whole()
    secrets, sold = life.secrets(root), f"{3:032x}"
    assert life.leads.exchanges_of(sold)
    assert life.leads.named("web-form", PRIVATE["external_id"]) == f"{2:032x}"

    found = life.forget(root.lead_id, "maria")

    assert life.left(*secrets) == []
    assert life.leads.exchanges_of(sold) == []
    assert life.leads.named("web-form", PRIVATE["external_id"]) is None
    assert (found.leads, found.done) == (3, True)


def test_the_numbers_stay(life: Life) -> None:
    life.whole()
    sold = life.leads.get(f"{3:032x}")
    kinds = [event.kind for event in life.leads.timeline(sold.lead_id)]

    life.forget(sold.lead_id, "maria")

    after, offer = life.leads.get(sold.lead_id), life.leads.offer(sold.lead_id, 1)
    kept = {
        "score",
        "state",
        "source_id",
        "received_at",
        "moved_at",
        "buyers",
        "sales",
        "plan_version",
        "promised",
    }
    assert after.model_dump(include=kept) == sold.model_dump(include=kept)
    assert (offer.price_cents, offer.delivery and offer.delivery.reference) == (1_000, "reference-1")
    assert after.contact.model_dump(exclude_none=True) == {"state": "NY", "country": "US"}
    assert after.attribution == {name: SHARED[name] for name in SHARED if name.startswith("utm")}
    assert after.consent
    assert after.consent.model_dump(exclude_none=True) == {"given": True}
    timeline = life.leads.timeline(sold.lead_id)
    assert [event.kind for event in timeline] == [*kinds, EventKind.PERSON_FORGOTTEN]
    assert life.leads.auctions_of(sold.lead_id)[0].bids[0].cents == 1_000


def test_the_record_says_by_whom_and_how_much(life: Life) -> None:
    root = life.whole()

    found = life.forget(root.lead_id, "maria")

    event = life.leads.timeline(root.lead_id)[-1]
    assert (event.kind, event.at) == (EventKind.PERSON_FORGOTTEN, MONDAY_9AM)
    assert event.facts == {"by": "maria", "leads": 3, "rows": found.rows}
    assert found.lead.forgotten_at == MONDAY_9AM


def test_of_whichever_lead_it_is_asked_all_of_the_person_s_are_emptied(life: Life) -> None:
    root = life.whole()
    secrets = life.secrets(root)

    life.forget(f"{2:032x}", "maria")

    assert life.left(*secrets) == []


def test_duplicates_that_share_only_the_number_are_emptied_too(life: Life) -> None:
    life.offered()
    other = life.takes_in(email="other@quixwood-family.com")
    assert other.duplicate_of == f"{1:032x}"
    secrets = life.secrets(other, life.leads.get(f"{1:032x}"))

    life.forget(f"{1:032x}", "maria")

    assert life.left(*secrets) == []


def test_other_people_are_left_alone(life: Life) -> None:
    life.offered()
    somebody = life.takes_in(email="ben@else.example", phone="+12125550199")

    life.forget(f"{1:032x}", "maria")

    assert life.leads.get(somebody.lead_id) == somebody


def test_asked_twice_nothing_more_changes(life: Life) -> None:
    """Invariant 8."""
    root = life.whole()
    life.forget(root.lead_id, "maria")
    before = life.shelf.dump()

    again = life.forget(root.lead_id, "ben")

    assert (again.leads, again.rows, again.done) == (0, 0, True)
    assert life.shelf.dump() == before


def test_a_lead_on_offer_is_taken_back_with_all_that_it_counted_for(life: Life) -> None:
    lead = life.offered()

    life.forget(lead.lead_id, "maria")

    after = life.leads.get(lead.lead_id)
    assert (after.state, after.recipient_id, after.watch_at) == (LeadState.UNASSIGNED, None, None)
    assert life.shelf.ledger.standings([], ["ana"]).used("ana").open_leads == 0


def test_a_lead_that_waits_to_be_posted_is_taken_back_too(life: Life) -> None:
    lead = life.delivering()

    life.forget(lead.lead_id, "maria")

    assert life.leads.get(lead.lead_id).state is LeadState.UNASSIGNED
    assert life.left(*life.secrets(lead)) == []


def test_while_a_buyer_may_be_taking_the_lead_its_person_cannot_be_forgotten_but_their_others_are(
    life: Life,
) -> None:
    life.posts = said("perhaps")
    lead = life.delivering()
    life.deliver(lead.lead_id)
    other = life.takes_in()

    with pytest.raises(LeadInMotion):
        life.forget(other.lead_id, "maria")
    with pytest.raises(LeadInMotion):
        life.forget(lead.lead_id, "maria")

    assert life.leads.get(lead.lead_id).contact.email == PRIVATE["email"]
    assert life.leads.get(other.lead_id).forgotten_at


def test_afterwards_the_same_person_is_new(life: Life) -> None:
    lead = life.offered()
    life.forget(lead.lead_id, "maria")

    again = life.takes_in(**AGAIN)

    assert (again.duplicate_of, again.state) == (None, LeadState.RECEIVED)
    assert again.person


def test_who_wants_no_contact_goes_on_being_left_in_peace(dynamodb: Any) -> None:
    life, listed = Life(dynamo_shelf(dynamodb)), DynamoDoNotContact(dynamodb, "LedgerTable")
    lead = life.offered()
    listed.add(lead.person, MONDAY_9AM, "maria")

    life.forget(lead.lead_id, "maria")

    assert listed.listed(lead.person) == set(lead.person)


def test_leads_that_came_before_the_index_are_forgotten_by_their_own_id(dynamodb: Any) -> None:
    life = Life(dynamo_shelf(dynamodb))
    lead = life.takes_in()
    dynamodb.update_item(
        TableName="LeadsTable",
        Key={"lead_id": {"S": lead.lead_id}, "item": {"S": "LEAD"}},
        UpdateExpression="REMOVE person_key, person",
    )

    life.forget(lead.lead_id, "maria")

    assert life.left(*life.secrets(lead)) == []
