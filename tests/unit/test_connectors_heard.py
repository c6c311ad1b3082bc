"""CRMs say what became of leads: mapped by data, once, only of leads that they were told of, and without an echo."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.linked_rows import MemoryLinks
from baton.application.converse import Converse
from baton.application.heed_system import HeedSystem
from baton.domain.connectors.connector import Crm
from baton.domain.connectors.hearing import cents_of, moment_of
from baton.domain.connectors.talk import Reply
from baton.domain.lead import LeadState
from baton.domain.outcome import Outcome, Report
from baton.domain.subscription import Subscription
from baton.entrypoints.heeding import heed
from baton.entrypoints.http import Request, Response
from tests.builders import MINUTE
from tests.connecting import a_company, a_connector, lives
from tests.systems import Fault, System
from tests.systems_crm import (
    DEAL_FIELD,
    HOOK_SECRET,
    HubSpot,
    Pipedrive,
    Salesforce,
    hubspot_webhook,
    pipedrive_webhook,
    salesforce_webhook,
)
from tests.telling import Telling

URL: Final = "https://api.example.com/v1/subscriptions/crm/outcomes"
Webhook = tuple[dict[str, str], bytes]


class Office:
    """A company with a CRM that it tells of leads, and in which people work."""

    def __init__(self, system: System, **facts: Any) -> None:
        self.system = system
        more: dict[str, Any] = {"hook_url": URL} if isinstance(system, HubSpot) else {}
        self.telling: Telling = a_company(system, hook_secret="hook", **more, **facts)
        self.telling.secrets.put("subscription/crm/hook", HOOK_SECRET)
        world = self.telling.world
        self.heed = HeedSystem(
            world.configuration,
            self.telling.secrets,
            world.leads,
            self.telling.links,
            Converse(self.telling.http, self.telling.secrets, world.clock),
            world.conclude,
            world.clock,
        )

    def a_lead(self, **fields: Any) -> str:
        """One that a rep has, and that the CRM knows."""
        world = self.telling.world
        lead_id = world.scores(**{"first_name": "Maria", **fields})
        world.route(lead_id)
        self.tells(lead_id)
        world.clock.forward(MINUTE)
        return lead_id

    def tells(self, lead_id: str) -> None:
        """The CRM hears of what happened."""
        self.telling.tells(lead_id)
        self.telling.works()

    def hears(self, webhook: Webhook, key: str = "crm") -> Response:
        """The CRM sends a webhook."""
        headers, body = webhook
        return heed(self.heed, Request("POST", {"subscription_id": key}, headers, body))

    def result(self, webhook: Webhook) -> dict[str, int]:
        """What came of a webhook that is taken."""
        answer = self.hears(webhook)
        assert answer.status == 200, answer
        return dict(json.loads(answer.body))

    def events(self, lead_id: str) -> list[str]:
        """The lead's timeline, by kind."""
        return [event.kind.value for event in self.telling.world.leads.timeline(lead_id)]


def in_hubspot(office: Office, lead_id: str, stage: str = "closedwon", **change: Any) -> Webhook:
    """A person moves the deal, and HubSpot tells of it."""
    assert isinstance(office.system, HubSpot)
    deals = office.system.records["deals"]
    key = next(key for key, deal in deals.items() if deal["baton_lead_id"] == lead_id)
    deals[key] |= {"dealstage": stage, "amount": "1299.05", "closed_lost_reason": "price"}
    return hubspot_webhook(office.system, URL, office.telling.now, {"objectId": int(key), **change})


def in_salesforce(office: Office, lead_id: str, stage: str = "Qualified", **more: Any) -> Webhook:
    """A Flow tells of the record."""
    at = office.telling.now.isoformat()
    return salesforce_webhook(lead_id=lead_id, status=stage, value=1299.05, at=at, reason="price", **more)


def in_pipedrive(office: Office, lead_id: str, stage: str = "won", **meta: Any) -> Webhook:
    """A person changes the deal, and Pipedrive tells of it."""
    closed = stage in {"won", "lost"}
    deal = {
        "id": 2,
        "status": stage if closed else "open",
        "stage_id": 2 if closed else int(stage),
        "value": 1299.05,
        "currency": "USD",
        "lost_reason": "price",
        "update_time": office.telling.now.isoformat(),
        "custom_fields": {DEAL_FIELD: {"type": "varchar", "value": lead_id}},
    }
    return pipedrive_webhook(deal, **meta)


Moves = Callable[..., Webhook]
every_crm = pytest.mark.parametrize(
    ("kind", "moves"),
    [(HubSpot, in_hubspot), (Salesforce, in_salesforce), (Pipedrive, in_pipedrive)],
    ids=["HubSpot", "Salesforce", "Pipedrive"],
)


@every_crm
def test_a_deal_that_people_win_is_a_converted_lead_with_its_value(kind: type[System], moves: Moves) -> None:
    office = Office(kind())
    lead_id = office.a_lead()

    result = office.result(moves(office, lead_id))

    lead = office.telling.world.leads.get(lead_id)
    assert result == {"heard": 1, "recorded": 1}
    assert (lead.state, lead.value_cents, lead.value_currency) == (LeadState.CONVERTED, 129_905, "USD")
    assert lead.concluded_at == office.telling.now


@every_crm
def test_told_again_it_says_nothing_new(kind: type[System], moves: Moves) -> None:
    office = Office(kind())
    lead_id = office.a_lead()
    webhook = moves(office, lead_id)
    office.hears(webhook)
    before = office.events(lead_id)

    assert office.result(webhook) == {"heard": 1, "recorded": 0}
    assert office.events(lead_id) == before


@every_crm
def test_what_the_crm_has_said_does_not_go_back_to_it(kind: type[System], moves: Moves) -> None:
    office = Office(kind())
    lead_id = office.a_lead()
    office.hears(moves(office, lead_id))
    told = office.system.stages_of(lead_id)
    office.tells(lead_id)

    assert office.system.stages_of(lead_id) == told


@every_crm
def test_what_baton_wrote_there_does_not_come_back_as_news(kind: type[System], moves: Moves) -> None:
    """Also where the CRM does not say who changed it."""
    office = Office(kind())
    lead_id = office.a_lead()
    report = Report(outcome=Outcome.CONVERTED, value_cents=129_905)
    office.telling.world.conclude(lead_id, report, "dialler")
    office.tells(lead_id)
    before = office.events(lead_id)
    office.telling.world.clock.forward(MINUTE)

    assert office.result(moves(office, lead_id)) == {"heard": 1, "recorded": 0}
    assert office.events(lead_id) == before


@pytest.mark.parametrize(
    ("kind", "moves", "own"),
    [
        (HubSpot, in_hubspot, {"changeSource": "INTEGRATION", "sourceId": "1160452"}),
        (Pipedrive, in_pipedrive, {"change_source": "api"}),
    ],
)
def test_what_the_crm_says_that_baton_did_is_passed_over(kind: type[System], moves: Moves, own: Any) -> None:
    office = Office(kind())
    lead_id = office.a_lead()
    asked = len(office.system.requests)

    assert office.result(moves(office, lead_id, **own)) == {"heard": 0, "recorded": 0}
    assert len(office.system.requests) == asked
    assert office.telling.world.leads.get(lead_id).state is LeadState.ASSIGNED


@every_crm
def test_a_lead_that_the_crm_was_not_told_of_is_none_of_its_business(
    kind: type[System], moves: Moves
) -> None:
    office = Office(kind())
    lead_id = office.a_lead()
    webhook = moves(office, lead_id)
    links = office.telling.links
    assert isinstance(links, MemoryLinks)
    links.known.clear()

    assert office.result(webhook) == {"heard": 1, "recorded": 0}
    assert office.telling.world.leads.get(lead_id).state is LeadState.ASSIGNED


@every_crm
def test_nobody_else_speaks_for_the_crm(kind: type[System], moves: Moves) -> None:
    office = Office(kind())
    headers, body = moves(office, office.a_lead())
    forged = {name: f"{value}x" for name, value in headers.items()}

    for strange in ((forged, body), ({}, body), (dict.fromkeys(headers, "ü"), body)):
        assert office.hears(strange).status == 401
    office.telling.secrets.stored.pop("subscription/crm/hook")
    assert office.hears((headers, body)).status == 401


def test_a_body_that_was_changed_or_is_old_is_not_hubspots() -> None:
    office = Office(HubSpot())
    headers, body = in_hubspot(office, office.a_lead())

    assert office.hears((headers, body + b" ")).status == 401
    office.telling.world.clock.forward(timedelta(minutes=6))
    assert office.hears((headers, body)).status == 401


@every_crm
def test_without_a_secret_of_webhooks_none_is_taken(kind: type[System], moves: Moves) -> None:
    office = Office(kind())
    webhook = moves(office, office.a_lead())
    office.telling.world.configure(a_connector(office.system))

    assert office.hears(webhook).status == 401


@pytest.mark.parametrize("key", ["nobody", "NO-ID", "ads", "off"])
def test_what_is_no_crm_that_is_told_hears_nothing(key: str) -> None:
    office = Office(Pipedrive())
    office.telling.world.configure(
        Subscription(id="ads", name="a webhook", url="https://a.example/"),
        a_connector(office.system, subscription_id="off").model_copy(update={"active": False}),
    )

    assert office.hears(pipedrive_webhook({}), key).status == 404


@pytest.mark.parametrize(
    ("kind", "moves", "stage", "state"),
    [
        (HubSpot, in_hubspot, "qualifiedtobuy", LeadState.CONTACTED),
        (HubSpot, in_hubspot, "closedlost", LeadState.LOST),
        (HubSpot, in_hubspot, "appointmentscheduled", LeadState.ASSIGNED),
        (HubSpot, in_hubspot, "contractsent", LeadState.CONTACTED),
        (HubSpot, in_hubspot, "nobody knows", LeadState.ASSIGNED),
        (Pipedrive, in_pipedrive, "lost", LeadState.LOST),
        (Pipedrive, in_pipedrive, "2", LeadState.CONTACTED),
    ],
)
def test_stages_are_outcomes_by_data(kind: type[System], moves: Moves, stage: str, state: LeadState) -> None:
    office = Office(kind(), outcomes={"contractsent": "contacted"})
    lead_id = office.a_lead()
    office.hears(moves(office, lead_id, stage))

    lead = office.telling.world.leads.get(lead_id)
    assert lead.state is state
    assert lead.lost_reason == ("price" if state is LeadState.LOST else None)


def test_a_stage_that_stands_for_two_states_says_nothing_of_either() -> None:
    connector = a_connector(HubSpot(), stages={"assigned": "open", "contacted": "open"}).connector
    assert isinstance(connector, Crm)

    assert connector.outcome_of("open") is None


def test_when_hubspot_does_not_say_more_it_is_asked_to_send_its_webhook_again() -> None:
    office = Office(HubSpot())
    lead_id = office.a_lead()
    webhook = in_hubspot(office, lead_id)
    office.system.faults.append(Fault(500, where="batch/read"))

    assert office.hears(webhook).status == 503
    assert office.result(webhook)["recorded"] == 1


@every_crm
def test_a_sale_that_is_worth_more_later_is_told_again(kind: type[System], moves: Moves) -> None:
    office = Office(kind())
    lead_id = office.a_lead()
    office.telling.world.conclude(lead_id, Report(outcome=Outcome.CONVERTED, value_cents=100), "dialler")
    office.telling.world.clock.forward(MINUTE)

    assert office.result(moves(office, lead_id))["recorded"] == 1
    assert office.telling.world.leads.get(lead_id).value_cents == 129_905


def test_a_moment_that_no_calendar_has_is_none() -> None:
    office = Office(Salesforce())
    lead_id = office.a_lead()
    far = salesforce_webhook(lead_id=lead_id, status="Qualified", at="9999-12-31T23:59:59-05:00")

    assert office.result(far) == {"heard": 1, "recorded": 1}
    assert moment_of("0001-01-01T00:00:00+05:00") is None


def test_what_is_no_json_is_refused() -> None:
    office = Office(Salesforce())

    assert office.hears(({"x-api-key": HOOK_SECRET}, b"<xml/>")).status == 400
    assert office.hears(({"x-api-key": HOOK_SECRET}, b"x" * 200_000)).status == 413


WORDS: Final = st.sampled_from(
    [
        *(
            "meta",
            "data",
            "entity",
            "status",
            "stage_id",
            "custom_fields",
            "update_time",
            "value",
            DEAL_FIELD,
        ),
        *("lead_id", "at", "objectId", "occurredAt", "propertyName", "subscriptionType", "deal"),
    ]
)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=12,
)


@every_crm
@given(told=JSON)
def test_nothing_that_is_sent_makes_an_error_of_ours(kind: type[System], moves: Moves, told: Any) -> None:
    connector = a_connector(kind()).connector
    assert isinstance(connector, Crm)
    talk = connector.hear(told)
    asked = next(talk, None)

    assert asked is None or kind is HubSpot
    talk.close()


@given(told=JSON)
def test_nothing_that_hubspot_answers_makes_an_error_of_ours(told: Any) -> None:
    connector = a_connector(HubSpot()).connector
    assert isinstance(connector, Crm)
    change = {
        "subscriptionType": "deal.propertyChange",
        "propertyName": "amount",
        "objectId": 7,
        "occurredAt": 1,
    }
    talk = connector.hear([change])
    next(talk)

    with pytest.raises(StopIteration):
        talk.send(
            Reply(
                200,
                {"results": [{"id": "7", "properties": {"pipeline": "default", "dealstage": told}}, told]},
            )
        )


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        ("1299.05", 129_905),
        (1299.05, 129_905),
        (0.1 + 0.2, 30),
        ("1299.999", 130_000),
        (7, 700),
        ("-5", None),
        ("1e9", None),
        ("", None),
        (None, None),
        (True, None),
        (10**12, None),
    ],
)
def test_money_is_read_as_systems_write_it(value: Any, cents: int | None) -> None:
    assert cents_of(value) == cents


def test_lives_are_told_as_before_where_a_crm_may_speak() -> None:
    office = Office(HubSpot())
    lead_id = lives(office.telling)
    office.tells(lead_id)

    assert tuple(office.system.stages_of(lead_id)) == HubSpot.LIFE
