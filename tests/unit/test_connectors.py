"""Connectors: a system hears of a lead's life in its order and once, whatever fails in the middle."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count, cycle
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.adapters.http_double import ScriptedHttp
from baton.adapters.memory import MemoryLeads
from baton.application.answer_offer import Answer as Choice
from baton.application.converse import TALK_MS
from baton.application.outgoing import Answer, Outgoing
from baton.domain.event_delivery import DeliveryState
from baton.domain.outcome import Outcome, Report
from baton.domain.subscription import Subscription
from tests.builders import MINUTE, SECOND, a_plan, a_pool, a_rep, a_source, a_stage
from tests.connecting import SYSTEMS, a_company, a_connector, lives, works_off
from tests.systems import Fault, System
from tests.systems_crm import HubSpot, Pipedrive, Salesforce
from tests.telling import a_converted_lead, a_telling

ALL_STAGES: Final = [*HubSpot.LIFE]
MAKES_RECORDS: Final = {"contacts/batch/upsert", "deals/batch", "POST /api/v2/persons", "POST /api/v2/deals"}
"""Where an answer that says nothing is none: it should say what the record is called."""


# --------------------------------------------------------------------------------------- a life, with faults in it
def test_hubspot_has_the_person_once_and_the_deal_in_the_stages_of_the_leads_life() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    ((contact_id, contact),) = hubspot.records["contacts"].items()
    ((deal_id, deal),) = hubspot.records["deals"].items()
    assert hubspot.stages_of(lead_id) == ALL_STAGES
    assert (contact["email"], contact["firstname"]) == ("maria@example.com", "Maria")
    assert (deal["amount"], deal["hubspot_owner_id"]) == ("1299.05", "101")
    assert contact["hubspot_owner_id"] == "101"
    assert hubspot.associated == {(deal_id, contact_id)}
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}
    assert [one.announcement.kind for one in telling.log()] == [
        "LeadAssigned",
        "LeadContacted",
        "LeadConverted",
    ]


FAULTS: Final = (
    Fault(401),
    Fault(409),
    Fault(429, {"Retry-After": "30"}),
    Fault(500),
    Fault(0),
    Fault(0, is_done=True),
    Fault(502, is_done=True),
)
"""What systems do in the middle of a life; `is_done`: what was asked for, without saying so."""


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize(
    ("kind", "where"), [(kind, where) for kind in SYSTEMS for where in kind.STEPS], ids=str
)
def test_a_system_knows_a_whole_life_in_its_order_and_once_with_a_fault_in_the_middle(
    kind: type[System], where: str, fault: Fault
) -> None:
    system = kind()
    telling = a_company(system)
    system.faults.append(replace(fault, where=where))
    lead_id = lives(telling)
    telling.tells(lead_id)
    works_off(telling)

    assert system.faults == []
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}
    assert tuple(dict.fromkeys(system.stages_of(lead_id))) == kind.LIFE
    assert system.is_once(lead_id)


@pytest.mark.parametrize("kind", SYSTEMS)
@given(st.permutations([1, 2, 3, 4, 5]), st.lists(st.sampled_from(FAULTS), max_size=8))
@settings(max_examples=30, deadline=None)
def test_however_events_arrive_and_whatever_fails_nothing_goes_back_and_nothing_is_there_twice(
    kind: type[System], arrival: list[int], faults: list[Fault]
) -> None:
    system = kind()
    telling = a_company(system)
    lead_id = lives(telling)
    system.faults += faults
    telling.tells(lead_id, *arrival)
    telling.tells(lead_id, *arrival)
    works_off(telling)

    assert tuple(dict.fromkeys(system.stages_of(lead_id))) == kind.LIFE
    assert system.is_once(lead_id)


@pytest.mark.parametrize("kind", SYSTEMS)
def test_what_is_told_twice_by_a_process_that_died_is_there_once(kind: type[System]) -> None:
    """It dies after each of its requests in turn: what it did is done, and nobody has noted it."""
    for died_after in range(6):
        system = kind()
        telling = a_company(system)
        lead_id = lives(telling)
        telling.tells(lead_id)
        left = count(died_after, -1)

        def dies(request: Outgoing, system: System = system, left: Iterator[int] = left) -> Answer:
            answer = system.script(request)
            if next(left) == 0:
                raise KeyboardInterrupt
            return answer

        assert isinstance(telling.http, ScriptedHttp)
        telling.http.script = dies
        waiting = list(telling.queue.waiting)
        with suppress(KeyboardInterrupt):
            telling.works()
        telling.queue.waiting = waiting  # SQS gives all of them again
        works_off(telling)

        assert tuple(dict.fromkeys(system.stages_of(lead_id))) == kind.LIFE
        assert system.is_once(lead_id)


@pytest.mark.parametrize(
    ("kind", "where"),
    [(kind, where) for kind in SYSTEMS for where in kind.STEPS if where in MAKES_RECORDS],
    ids=str,
)
def test_a_success_that_does_not_name_the_record_is_none(kind: type[System], where: str) -> None:
    system = kind()
    telling = a_company(system)
    system.faults.append(Fault(200, where=where, document={}))
    telling.tells(lives(telling))
    telling.works()

    assert telling.log()[0].trouble == "unexpected-answer"


WORDS: Final = st.sampled_from(
    ["results", "id", "Id", "records", "data", "items", "item", "email", "properties"]
)
ANSWERED: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize("kind", SYSTEMS)
@given(answers=st.lists(ANSWERED, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_whatever_a_system_answers_a_try_is_a_success_or_no_success(
    kind: type[System], answers: list[Any]
) -> None:
    """Never an error of ours: that would be tried again for ever, and seen by nobody."""
    turns = cycle(answers)
    telling = a_company(kind())
    assert isinstance(telling.http, ScriptedHttp)
    telling.http.script = lambda _: Answer(200, json.dumps(next(turns)).encode())
    telling.tells(lives(telling), 3)
    telling.works()

    (tried,) = telling.log()
    assert tried.trouble in {None, "unexpected-answer"}


@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_try_shows_whether_we_are_let_in_and_tells_nothing(kind: type[System]) -> None:
    system = kind()
    _, good = a_company(system).follow.try_out("crm")
    stranger = a_company(system)
    for name in kind.SECRETS:
        stranger.secrets.put(f"subscription/crm/{name}", "another")
    _, refused = stranger.follow.try_out("crm")

    assert (good.is_good, refused.is_good) == (True, False)
    assert refused.status in {400, 401}
    assert system.stages_of("") == []


def test_what_people_change_in_the_crm_stays() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    telling.tells(lead_id, 1, 2, 3)
    telling.works()
    hubspot.deal_of(lead_id).update(hubspot_owner_id="102", dealname="Roof in Albany")
    next(iter(hubspot.records["contacts"].values()))["phone"] = "+15185550100"
    telling.tells(lead_id, 4, 5)
    telling.works()

    deal = hubspot.deal_of(lead_id)
    assert (deal["hubspot_owner_id"], deal["dealname"]) == ("102", "Roof in Albany")
    assert next(iter(hubspot.records["contacts"].values()))["phone"] == "+15185550100"
    assert deal["dealstage"] == "closedwon"


def test_a_second_lead_of_a_person_is_a_second_deal_of_the_same_contact() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    for _ in range(2):
        telling.tells(lives(telling))
        telling.world.clock.forward(MINUTE)
    telling.works()

    assert (len(hubspot.records["contacts"]), len(hubspot.records["deals"])) == (1, 2)


def test_a_contact_that_people_have_already_keeps_its_owner_and_what_it_has() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    theirs = {"email": "maria@example.com", "phone": "+15185550100", "hubspot_owner_id": "102"}
    hubspot.records["contacts"]["77"] = dict(theirs)
    lead_id = lives(telling, email="Maria@Example.com")
    telling.tells(lead_id)
    telling.works()

    assert hubspot.records["contacts"] == {"77": {**theirs, "firstname": "Maria"}}, "only what was missing"
    assert hubspot.deal_of(lead_id)["hubspot_owner_id"] == "101"


def test_a_deal_that_was_deleted_in_hubspot_comes_back_whole() -> None:
    for fault in ([], [Fault(0, where="deals/batch", is_done=True)]):
        hubspot = HubSpot()
        telling = a_company(hubspot)
        lead_id = lives(telling)
        telling.tells(lead_id, 3)
        telling.works()
        before = hubspot.deal_of(lead_id)
        hubspot.records["deals"].clear()
        hubspot.faults += fault
        telling.tells(lead_id, 4)
        works_off(telling)

        assert hubspot.deal_of(lead_id) == {**before, "dealstage": "qualifiedtobuy"}
        ((contact, _),) = hubspot.records["contacts"].items()
        assert (next(iter(hubspot.records["deals"])), contact) in hubspot.associated


def test_what_hubspot_refuses_of_a_batch_is_said() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    refused = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [{"category": "CONFLICT"}]}
    hubspot.faults.append(Fault(207, where="deals/batch", document=refused))
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    (waiting,) = telling.log()
    works_off(telling)

    assert (waiting.state, waiting.said) == (DeliveryState.PENDING, "deal: CONFLICT")
    assert hubspot.stages_of(lead_id) == ["appointmentscheduled"]


def test_a_person_without_an_address_is_found_by_the_leads_id() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling, email=None, phone="+12025550123")
    telling.tells(lead_id)
    telling.works()

    (contact,) = hubspot.records["contacts"].values()
    assert (contact["baton_lead_id"], contact["phone"]) == (lead_id, "+12025550123")


def test_a_contact_that_was_deleted_meanwhile_is_made_anew() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    hubspot.faults.append(Fault(500, where="associations"))
    telling.tells(lead_id)
    telling.works()
    hubspot.records["contacts"].clear()
    works_off(telling)

    assert len(hubspot.records["contacts"]) == 1
    assert hubspot.stages_of(lead_id)[-1] == "closedwon"


# ------------------------------------------------------------------------------------------------- whose record it is
@pytest.mark.parametrize(
    ("owners", "owner"),
    [
        ({}, "101"),
        ({"ids": {"ana": "102"}}, "102"),
        ({"by_email": False, "fallback": "199"}, "199"),
        ({"by_email": False}, None),
    ],
)
def test_the_owner_is_the_rep_who_has_the_lead_or_whoever_stands_in(
    owners: dict[str, Any], owner: str | None
) -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot, owners=owners)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    assert hubspot.deal_of(lead_id).get("hubspot_owner_id") == owner


def test_a_rep_whom_the_system_does_not_know_leaves_it_to_the_fallback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.systems_crm.OWNERS", {"zoe@sales.example": "101"})
    hubspot = HubSpot()
    telling = a_company(hubspot, owners={"fallback": "199"})
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    assert hubspot.deal_of(lead_id)["hubspot_owner_id"] == "199"
    assert len(hubspot.asked("owners")) == 1, "that a rep is unknown is remembered too"


# ------------------------------------------------------------------------------------------------------ what is told
def test_fields_are_data() -> None:
    hubspot = HubSpot()
    deal = [
        {"name": "dealname", "field": "contact.last_name", "value": "Lead"},
        {"name": "amount", "field": "attributes.budget"},
    ]
    telling = a_company(hubspot, deal=deal, stages={"assigned": "qualifiedtobuy"})
    lead_id = lives(telling, last_name="Lopez", budget="900")
    telling.tells(lead_id)
    telling.works()

    found = hubspot.deal_of(lead_id)
    assert (found["dealname"], found["amount"]) == ("Lopez", "900")
    assert hubspot.stages_of(lead_id) == ["qualifiedtobuy"], (
        "it is told of the states that it has a stage for"
    )


def test_a_field_that_has_to_be_there_and_is_not_is_named() -> None:
    hubspot = HubSpot()
    deal = [{"name": "dealname", "field": "attributes.roof", "required": True}]
    telling = a_company(hubspot, deal=deal)
    telling.tells(lives(telling), 3)
    telling.works()

    (waiting,) = telling.log()
    assert (waiting.trouble, waiting.said) == ("missing-field", "attributes.roof")


def test_only_leads_that_fit_are_told() -> None:
    hubspot = HubSpot()
    when = {"field": "contact.state", "op": "eq", "value": "CA"}
    telling = a_company(hubspot, when=when)
    here, there = lives(telling, state="CA"), lives(telling, state="NY", email="other@example.com")
    telling.tells(here)
    telling.tells(there)
    telling.works()

    assert {one["baton_lead_id"] for one in hubspot.records["deals"].values()} == {here}
    assert {one.trouble for one in telling.log() if one.announcement.lead_id == there} == {"nothing-new"}


def test_a_late_report_that_changes_nothing_is_not_told() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    lead = telling.world.leads.get(lead_id)
    late = Report(outcome=Outcome.CONTACTED, at=lead.received_at)
    telling.world.conclude(lead_id, late, "dialler")
    telling.tells(lead_id)
    telling.works()

    assert hubspot.stages_of(lead_id) == ALL_STAGES


def test_what_a_system_has_told_itself_it_is_not_told_again() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    world = telling.world
    lead_id = world.scores()
    world.route(lead_id)
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED), "dialler")
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "subscription:crm")
    telling.tells(lead_id)
    telling.works()

    assert hubspot.stages_of(lead_id) == ALL_STAGES[:2]


def test_an_old_event_that_is_sent_again_by_hand_moves_no_deal_back() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()
    telling.follow.replay("crm", telling.log()[0].delivery_id)
    telling.works()

    assert hubspot.deal_of(lead_id)["dealstage"] == "closedwon"
    assert telling.log()[0].trouble == "nothing-new"


def test_test_leads_are_told_only_where_that_is_asked_for() -> None:
    for asked in (False, True):
        hubspot = HubSpot()
        telling = a_company(hubspot, test_leads=asked)
        telling.world.configure(a_source(test=True))
        telling.tells(lives(telling))
        telling.works()

        assert bool(hubspot.records["deals"]) is asked


def test_of_a_person_who_was_forgotten_nothing_is_told() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    leads = telling.world.leads
    assert isinstance(leads, MemoryLeads)
    leads.leads[lead_id] = leads.get(lead_id).model_copy(update={"forgotten_at": telling.now})
    telling.tells(lead_id)
    telling.works()

    assert hubspot.requests == []
    assert {one.trouble for one in telling.log()} == {"nothing-new"}


def test_no_log_says_anything_of_the_person() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    hubspot.faults.append(
        Fault(400, document={"category": "VALIDATION_ERROR", "message": "maria@example.com"})
    )
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    told = json.dumps([one.model_dump(mode="json") for one in telling.log()])
    told += str(telling.links.get("crm", lead_id))
    assert "owner: VALIDATION_ERROR" in told
    assert not {word for word in ("maria", "Maria", "ana@") if word in told}
    assert not [one for one in hubspot.requests if "maria" in one.path + str(one.query)]


# ---------------------------------------------------------------------------------------------------------- in trouble
@pytest.mark.parametrize(
    ("kind", "status", "document"), [(kind, *answer) for kind in SYSTEMS for answer in kind.TOO_MUCH]
)
def test_a_system_that_is_asked_too_much_is_left_in_peace_as_one_that_does_not_answer(
    kind: type[System], status: int, document: Any
) -> None:
    system = kind()
    telling = a_company(system)
    leads = [lives(telling, email=f"person{n}@example.com") for n in range(8)]
    system.faults += [Fault(status, document=document, where=kind.STEPS[0])] * 20
    for lead_id in leads:
        telling.tells(lead_id, 3)
    telling.works()
    asked = len(system.requests)
    system.faults.clear()
    works_off(telling)

    assert asked < len(leads)
    assert {lead_id for lead_id in leads if len(system.stages_of(lead_id)) == 1} == {*leads}


@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_system_that_refuses_one_lead_after_another_is_asked_for_the_next(kind: type[System]) -> None:
    system = kind()
    telling = a_company(system)
    leads = [lives(telling, email=f"person{n}@example.com") for n in range(8)]
    system.faults += [Fault(403, document={"error": {"code": 200}}, where=kind.STEPS[-1])] * 20
    for lead_id in leads:
        telling.tells(lead_id, 3)
    telling.works()

    assert {one.attempts for one in telling.log()} == {1}


def test_a_stage_that_was_taken_out_meanwhile_is_not_told() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.world.configure(a_connector(hubspot, stages={"converted": "closedwon"}))
    telling.works()

    assert hubspot.stages_of(lead_id) == ["closedwon"]
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}


@pytest.mark.parametrize("kind", [HubSpot, Salesforce, Pipedrive])
def test_when_somebody_else_gets_the_lead_the_owner_follows(kind: type[System]) -> None:
    system = kind()
    telling = a_company(system, owners={"ids": {"ana": "101", "ben": "102"}})
    world = telling.world
    world.configure(a_rep("ben"), a_pool(a_rep("ana"), a_rep("ben")), a_plan(a_stage()))
    lead_id = world.offers()
    for choice in (Choice.ACCEPT, Choice.UNDO):
        world.answers(lead_id, choice)
    world.offers(lead_id)
    world.answers(lead_id, Choice.ACCEPT)
    telling.tells(lead_id)
    works_off(telling)

    owners = [str(value) for one in system.requests for value in _owners_in(one.body)]
    assert list(dict.fromkeys(owners)) == ["101", "102"]


def _owners_in(found: Any) -> Iterator[Any]:
    """Everything in a document that says whose something is."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name in {"hubspot_owner_id", "OwnerId", "owner_id"}:
                yield value
            yield from _owners_in(value)
    elif isinstance(found, list):
        for one in found:
            yield from _owners_in(one)


def test_410_switches_no_connector_off() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    hubspot.faults.append(Fault(410))
    lead_id = lives(telling)
    telling.tells(lead_id)
    works_off(telling)

    assert telling.world.configuration.get(Subscription, "crm").active
    assert hubspot.stages_of(lead_id) == ALL_STAGES


def test_who_is_slow_does_not_hold_a_process_for_longer_than_it_has() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    lead_id = lives(telling)

    def slowly(request: Any) -> Answer:
        telling.world.clock.forward(9 * SECOND)
        return hubspot.script(request)

    assert isinstance(telling.http, ScriptedHttp)
    telling.http.script = slowly
    begun = telling.now
    telling.tells(lead_id, 3)
    telling.works()

    assert telling.now - begun <= timedelta(milliseconds=TALK_MS) + 9 * SECOND
    assert [one.trouble for one in telling.log()] == ["timeout"]
    telling.http.script = hubspot.script
    works_off(telling)
    assert hubspot.stages_of(lead_id)[-1] == "appointmentscheduled"


def test_without_its_secret_nothing_is_sent() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot)
    telling.secrets.stored.clear()
    telling.tells(lives(telling), 3)
    telling.works()

    (waiting,) = telling.log()
    assert (hubspot.requests, waiting.trouble, waiting.said) == ([], "no-secret", "token")


# ------------------------------------------------------------------------------------------------------------ a form
@pytest.mark.parametrize("facts", [{}, {"url": "https://a.example/", "connector": {"system": "hubspot"}}])
def test_a_subscription_has_an_address_or_a_connector(facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either a url, or a connector"):
        Subscription.model_validate({"id": "crm", "name": "CRM", **facts})


def test_webhooks_are_told_as_before() -> None:
    telling = a_telling()
    telling.tells(a_converted_lead(telling))
    telling.works()

    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}
