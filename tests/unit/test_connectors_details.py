"""What is particular to each connector: tokens, hashes, clicks, and what its system has rules of its own for."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from baton.domain.connectors.audience import email_digest, phone_digest
from baton.domain.connectors.meta import OLDEST
from baton.domain.event_delivery import DeliveryState
from baton.domain.outcome import Outcome, Report
from tests.builders import MINUTE, SECOND
from tests.connecting import a_company, lives, works_off
from tests.systems import Fault
from tests.systems_ads import DataManager, MetaAds
from tests.systems_crm import OWNERS, HubSpot, Pipedrive, Salesforce


def sha256(text: str) -> str:
    """In hex."""
    return hashlib.sha256(text.encode()).hexdigest()


# --------------------------------------------------------------------------------------------------------- Salesforce
def test_a_token_is_used_until_shortly_before_it_expires() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    begun = telling.now
    for n in range(6):
        telling.tells(lives(telling, email=f"person{n}@example.com"), 3)
        telling.works()
        telling.world.clock.forward(4 * MINUTE)

    assert (telling.now - begun, salesforce.tokens) == (24 * MINUTE, 2)
    assert len(salesforce.leads) == 6


@pytest.mark.parametrize(("age_s", "tokens"), [(3_500, 1), (3_570, 2)])
def test_a_token_is_not_used_in_its_last_minute(age_s: int, tokens: int) -> None:
    google = DataManager()
    telling = a_company(google)
    for n in range(2):
        telling.tells(lives(telling, email=f"person{n}@example.com"), 3)
        telling.works()
        telling.world.clock.forward(age_s * SECOND)

    assert google.tokens == tokens


def test_a_token_that_is_refused_is_replaced_once_and_the_try_goes_on() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    first, second = lives(telling), lives(telling, email="other@example.com")
    telling.tells(first, 3)
    telling.works()
    salesforce.token = "ended by an administrator"
    telling.tells(second, 3)
    telling.works()

    assert [one.attempts for one in telling.log()] == [1, 1]
    assert salesforce.tokens == 2


def test_who_is_not_let_in_at_all_asks_for_two_tokens_and_no_more() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    salesforce.faults += [Fault(401, where="query"), Fault(401, where="query")]
    telling.tells(lives(telling), 3)
    telling.works()

    (waiting,) = telling.log()
    assert (waiting.status, waiting.said, salesforce.tokens) == (401, "owner", 2)


def test_a_wrong_client_secret_is_said_in_the_log() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    telling.secrets.put("subscription/crm/client-secret", "another")
    telling.tells(lives(telling), 3)
    telling.works()

    (waiting,) = telling.log()
    assert (waiting.status, waiting.said) == (400, "token: invalid_client")


def test_a_lead_that_people_have_converted_in_salesforce_is_left_alone() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    salesforce.leads[lead_id]["IsConverted"] = True
    telling.tells(lead_id, 4, 5)
    telling.works()

    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}
    assert salesforce.stages_of(lead_id) == [Salesforce.LIFE[0]]


def test_a_lead_that_was_deleted_in_salesforce_comes_back_whole() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    before = salesforce.leads.pop(lead_id)
    telling.tells(lead_id, 4)
    works_off(telling)
    again = salesforce.leads[lead_id]
    telling.tells(lead_id, 5)
    works_off(telling)

    assert again == {**before, "Id": again["Id"], "Status": Salesforce.LIFE[1]}
    assert salesforce.stages_of(lead_id) == [*Salesforce.LIFE]
    assert {one.attempts for one in telling.log()} == {1}


def test_nothing_is_made_of_a_deleted_lead_by_what_follows_it_alone() -> None:
    """Where an org asks for no field, an upsert of the status alone would make a record of nothing else."""
    salesforce = Salesforce()
    telling = a_company(salesforce)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    asked = [one for one in salesforce.asked("sobjects") if "LastName" not in one.body]
    assert [one.query for one in asked] == [{"updateOnly": "true"}] * 2


def test_what_people_change_in_salesforce_stays() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    salesforce.leads[lead_id] |= {"OwnerId": "102", "Phone": "+15185550100"}
    telling.tells(lead_id, 4, 5)
    telling.works()

    lead = salesforce.leads[lead_id]
    assert (lead["OwnerId"], lead["Phone"], lead["Status"]) == ("102", "+15185550100", Salesforce.LIFE[-1])


def test_another_refusal_of_salesforce_is_one_and_asked_for_once_in_a_try() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce, stages={"assigned": "No such status"})
    telling.tells(lives(telling), 3)
    telling.works()

    (waiting,) = telling.log()
    assert (waiting.status, waiting.said) == (400, "lead: INVALID_FIELD")
    assert len(salesforce.asked("sobjects")) == 1


@pytest.mark.parametrize(("allowed", "header"), [(False, None), (True, "allowSave=true")])
def test_duplicates_are_saved_where_that_is_asked_for(allowed: bool, header: str | None) -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce, allow_duplicates=allowed)
    telling.tells(lives(telling), 3)
    telling.works()

    assert salesforce.asked("sobjects")[0].headers.get("sforce-duplicate-rule-header") == header


def test_a_reps_address_cannot_break_out_of_the_query() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    world = telling.world
    rep = world.reps[0].model_copy(update={"email": "o'hara\\@sales.example"})
    world.configure(rep)
    telling.tells(lives(telling), 3)
    telling.works()

    (asked,) = salesforce.asked("query")
    assert r"Email = 'o\'hara\\@sales.example' AND" in asked.query["q"]


def test_what_salesforce_has_to_have_is_there_also_for_a_person_without_a_name() -> None:
    salesforce = Salesforce()
    telling = a_company(salesforce)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    assert (salesforce.leads[lead_id]["LastName"], salesforce.leads[lead_id]["Company"]) == ("Unknown",) * 2


# ---------------------------------------------------------------------------------------------------------- Pipedrive
def test_a_deal_that_was_deleted_in_pipedrive_is_made_anew() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    pipedrive.records["deals"].clear()
    telling.tells(lead_id, 4)
    telling.works()

    assert pipedrive.stages_of(lead_id) == ["1", "2"]
    assert (len(pipedrive.records["persons"]), len(pipedrive.records["deals"])) == (1, 1)


def test_an_answer_that_got_lost_makes_no_second_record_while_the_search_does_not_find_the_first() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    lead_id = lives(telling)
    pipedrive.faults += [
        Fault(0, where="POST /api/v2/persons", is_done=True),
        Fault(0, where="POST /api/v2/deals", is_done=True),
    ]
    telling.tells(lead_id, 3)
    telling.works()
    telling.waits()
    (waiting,) = telling.log()
    works_off(telling)

    assert (waiting.trouble, waiting.said) == ("too-early", "person")
    assert pipedrive.stages_of(lead_id) == ["1", "1"]
    assert (len(pipedrive.records["persons"]), len(pipedrive.records["deals"])) == (1, 1)


def test_a_record_that_pipedrive_refused_is_made_with_the_next_try() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    lead_id = lives(telling)
    pipedrive.faults.append(Fault(422, where="POST /api/v2/deals", document={"code": "ERR_ABC"}))
    telling.tells(lead_id, 3)
    telling.works()
    (waiting,) = telling.log()
    telling.waits()

    assert (waiting.status, waiting.said) == (422, "deal: ERR_ABC")
    assert pipedrive.stages_of(lead_id) == ["1"]


def test_a_deal_is_made_anew_once_also_where_that_answer_got_lost() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    pipedrive.records["deals"].clear()
    pipedrive.faults.append(Fault(0, where="POST /api/v2/deals", is_done=True))
    telling.tells(lead_id, 4)
    works_off(telling)

    assert (len(pipedrive.records["persons"]), len(pipedrive.records["deals"])) == (1, 1)


def test_what_people_change_in_pipedrive_stays() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    lead_id = lives(telling)
    telling.tells(lead_id, 3)
    telling.works()
    (deal,) = pipedrive.records["deals"].values()
    deal |= {"owner_id": 102, "title": "Roof in Albany"}
    telling.tells(lead_id, 4, 5)
    telling.works()

    (deal,) = pipedrive.records["deals"].values()
    assert (deal["owner_id"], deal["title"], deal["status"]) == (102, "Roof in Albany", "won")


def test_why_a_lead_was_lost_is_told() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    lead_id = lives(telling)
    telling.world.clock.forward(MINUTE)
    telling.world.conclude(lead_id, Report(outcome=Outcome.LOST, reason="price"), "dialler")
    telling.tells(lead_id)
    telling.works()

    (deal,) = pipedrive.records["deals"].values()
    assert (deal["status"], deal["lost_reason"]) == ("lost", "price")


def test_a_rep_is_found_whatever_the_case_of_their_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OWNERS, "Ana@Sales.example", OWNERS["ana@sales.example"])
    monkeypatch.delitem(OWNERS, "ana@sales.example")
    pipedrive = Pipedrive()
    telling = a_company(pipedrive)
    telling.tells(lives(telling))
    telling.works()

    assert pipedrive.is_once("")


def test_a_user_who_was_deactivated_owns_nothing() -> None:
    pipedrive = Pipedrive()
    telling = a_company(pipedrive, owners={"fallback": "199"})
    pipedrive.left = {"100", "101"}
    telling.tells(lives(telling), 3)
    telling.works()

    (deal,) = pipedrive.records["deals"].values()
    assert deal["owner_id"] == 199


# ------------------------------------------------------------------------------------------------------------ HubSpot
def test_the_currency_goes_where_the_account_has_several() -> None:
    hubspot = HubSpot()
    telling = a_company(hubspot, currency="deal_currency_code")
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    assert hubspot.deal_of(lead_id)["deal_currency_code"] == "USD"


# --------------------------------------------------------------------------------------------------------------- Meta
def test_meta_hears_digests_and_its_own_id_of_the_lead_and_nothing_else_of_the_person() -> None:
    meta = MetaAds()
    telling = a_company(meta)
    fields = {
        "email": "Maria@Example.com",
        "phone": "(202) 555-0123",
        "city": "New York",
        "postal_code": "10001",
    }
    lead_id = lives(telling, **fields, **{"attribution.meta_lead_id": "123123123123"})
    telling.tells(lead_id)
    telling.works()

    event = meta.events["Converted", f"{lead_id}-converted"]
    user = event["user_data"]
    assert user["em"] == [sha256("maria@example.com")]
    assert user["ph"] == [sha256("12025550123")]
    assert (user["fn"], user["ct"], user["zp"]) == ([sha256("maria")], [sha256("newyork")], [sha256("10001")])
    assert user["lead_id"] == 123123123123
    assert set(user) <= {"em", "ph", "fn", "ln", "ct", "st", "zp", "country", "lead_id"}
    assert event["custom_data"] == {
        "event_source": "crm",
        "lead_event_source": "Baton",
        "value": 1299.05,
        "currency": "USD",
    }


def test_what_is_told_late_happened_when_meta_still_takes_it() -> None:
    meta = MetaAds()
    telling = a_company(meta)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.world.clock.forward(timedelta(days=9))
    telling.works()

    times = {event["event_time"] for event in meta.events.values()}
    assert times == {int((telling.now - OLDEST).timestamp())}


# --------------------------------------------------------------------------------------------------------- Google Ads
def test_google_hears_the_click_and_the_digests_that_it_asks_for() -> None:
    google = DataManager()
    telling = a_company(google, consent="CONSENT_GRANTED", login_account="9876543210")
    lead_id = lives(telling, email="maria.lopez@gmail.com", gclid="Cj0KCQ")
    telling.tells(lead_id)
    telling.works()

    event = google.events["73", f"{lead_id}-converted"]
    assert event["adIdentifiers"] == {"gclid": "Cj0KCQ"}
    assert event["userData"]["userIdentifiers"] == [
        {"emailAddress": sha256("marialopez@gmail.com")},
        {"phoneNumber": sha256("+12025550123")},
    ]
    body = google.asked("ingest")[-1].body
    assert body["consent"] == {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
    assert body["destinations"][0]["loginAccount"]["accountId"] == "9876543210"


def test_a_lead_that_google_could_not_know_is_not_told_of() -> None:
    google = DataManager()
    telling = a_company(google, hashes=False)
    telling.tells(lives(telling))
    telling.works()

    assert google.requests == []
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}


def test_google_has_only_taken_in_what_it_was_told_and_the_log_says_by_which_request() -> None:
    google = DataManager()
    telling = a_company(google)
    lead_id = lives(telling)
    telling.tells(lead_id)
    telling.works()

    assert [one.said for one in telling.log()] == [f"event: {DataManager.REQUEST}-{n}" for n in (1, 2, 3)]
    assert telling.links.get("crm", lead_id).known["request-converted"] == f"{DataManager.REQUEST}-3"


@pytest.mark.parametrize("request_id", [None, 5, "maria@example.com", "x" * 200])
def test_what_is_no_id_of_a_request_is_not_kept(request_id: Any) -> None:
    google = DataManager()
    telling = a_company(google)
    google.faults.append(Fault(200, where="ingest", document={"requestId": request_id}))
    telling.tells(lives(telling), 3)
    telling.works()

    (told,) = telling.log()
    assert (told.state, told.said) == (DeliveryState.DELIVERED, None)


@pytest.mark.parametrize("kind", [MetaAds, DataManager])
@pytest.mark.parametrize("needed", [False, True])
def test_a_conversion_can_wait_until_it_is_known_what_it_was_worth(kind: Any, needed: bool) -> None:
    system = kind()
    telling = a_company(system, needs_value=needed)
    world = telling.world
    lead_id = world.scores(first_name="Maria", phone="+12025550123")
    world.route(lead_id)
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED), "dialler")
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "dialler")
    telling.tells(lead_id)
    telling.works()
    early = system.stages_of(lead_id)
    world.clock.forward(MINUTE)
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED, value_cents=129_905), "office")
    telling.tells(lead_id)
    telling.works()

    assert early == [*kind.LIFE[: 2 if needed else 3]]
    assert system.stages_of(lead_id) == [*kind.LIFE]
    if needed:
        assert system.is_once(lead_id), "with its value"


@pytest.mark.parametrize("kind", [MetaAds, DataManager])
def test_a_marketing_tool_counts_each_state_once_also_where_it_is_reported_again(kind: Any) -> None:
    system = kind()
    telling = a_company(system)
    lead_id = lives(telling)
    telling.tells(lead_id)
    works_off(telling)
    telling.world.clock.forward(SECOND)
    telling.world.conclude(lead_id, Report(outcome=Outcome.CONVERTED, value_cents=500), "dialler")
    asked = len(system.requests)
    telling.tells(lead_id, 6)
    works_off(telling)

    assert len(system.requests) == asked
    assert system.is_once(lead_id)


def test_the_digests_are_those_of_the_tools_own_examples() -> None:
    assert phone_digest("+1 (650) 555-1212", plus=False) == sha256("16505551212")
    assert phone_digest("+16505551212", plus=True) == sha256("+16505551212")
    assert email_digest(" John_Smith@GMail.com ") == sha256("john_smith@gmail.com")
    assert email_digest("jane.doe@googlemail.com", google=True) == sha256("janedoe@googlemail.com")
    shopping = "Cloudy.SanFrancisco+Shopping@gmail.com"
    assert email_digest(shopping, google=True) == sha256("cloudysanfrancisco@gmail.com")
    assert email_digest("user.name+NYC@Example.com", google=True) == sha256("user.name+nyc@example.com")
    assert email_digest("a.b+c@gmail.com") == sha256("a.b+c@gmail.com"), "Meta asks for none of that"
