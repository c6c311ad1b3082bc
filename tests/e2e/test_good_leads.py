"""Good leads in: from platforms, vetted outside, rated by what was learned; and a person who is forgotten."""

import json
from typing import Any, Final

import pytest

from baton.domain.campaign import Campaign
from baton.domain.lead import Contact, LeadState
from baton.domain.scoring import Learned, Mode, Scoring
from baton.domain.timeline import EventKind
from baton.domain.vetting import VettingRules
from local.outside import SITE_SECRET, Outside
from local.platforms import Platforms
from tests.e2e.callers import Caller, a_user
from tests.e2e.conftest import PLATFORM_TOKEN
from tests.e2e.stack import JSON, Person, Stack, wait
from tests.e2e.team import Team
from tests.unit.platforms import GOOGLE, META, META_LEAD, SECRETS, signed

HOOKS: Final[dict[str, Any]] = {
    "google_ads": {"key": "google"},
    "meta": {
        "app_secret": "app",
        "verify_token": "verify",
        "access_token": "page",
        "form_ids": ["12312312312"],
    },
}


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    return a_user(stack, "admin")


@pytest.fixture(scope="module")
def hooked(stack: Stack, admin: Caller) -> Team:
    """A team whose source takes hooks."""
    team = Team.at(stack, auto_accept=True, hooks=HOOKS)
    for name, value in {**SECRETS, "page": PLATFORM_TOKEN}.items():
        answer = admin("PUT", f"/v1/sources/{team.source_id}/secrets/{name}", {"value": value})
        assert answer.status in (200, 204), answer
    return team


def test_a_lead_of_google_ads_is_with_a_rep_at_once_and_only_once(stack: Stack, hooked: Team) -> None:
    stack.personal.update(("maria@example.com", "+12025550143"))
    path = f"/v1/sources/{hooked.source_id}/hooks/google-ads"

    answers = [stack.request("POST", path, json.dumps(GOOGLE), JSON) for _ in range(2)]
    forged = stack.request("POST", path, json.dumps({**GOOGLE, "google_key": "a guess"}), JSON)

    assert [answer.status for answer in answers] == [200, 200]
    assert (forged.status, forged.json["type"]) == (401, "urn:baton:caller-unknown")
    (lead,) = stack.leads_of(hooked.source_id)
    stack.until(lead.lead_id, LeadState.ASSIGNED)


def test_leads_of_meta_are_fetched_and_those_that_it_did_not_tell_of_are_found(
    stack: Stack, admin: Caller, platforms: Platforms
) -> None:
    team = Team.at(stack, auto_accept=True, hooks=HOOKS)
    for name, value in {**SECRETS, "page": PLATFORM_TOKEN}.items():
        admin("PUT", f"/v1/sources/{team.source_id}/secrets/{name}", {"value": value})
    path, body = f"/v1/sources/{team.source_id}/hooks/meta", json.dumps(META)
    platforms.meta["123123123123"] = META_LEAD

    challenge = "hub.mode=subscribe&hub.challenge=42&hub.verify_token=" + SECRETS["verify"].replace(
        " ", "%20"
    )
    asked = stack.request("GET", f"{path}?{challenge}")
    told = stack.request("POST", path, body, JSON, **signed("meta", body))
    wait(lambda: len(stack.leads_of(team.source_id)) == 1, "the lead was fetched")
    platforms.meta["9"] = {
        **META_LEAD,
        "id": "9",
        "field_data": [{"name": "email", "values": ["ben@private.example"]}],
    }
    looked = stack.invoke("fetch", {})

    assert (asked.status, asked.text, told.status) == (200, "42", 200)
    assert looked["new"] >= 1
    assert len(stack.leads_of(team.source_id)) == 2


def test_a_lead_is_vetted_before_it_goes_on_and_one_that_a_robot_sent_is_held(
    stack: Stack, admin: Caller, outside: Outside
) -> None:
    challenge = {"kind": "turnstile", "secret": "turnstile"}
    team = Team.at(stack, auto_accept=True, spam={"challenge": challenge})
    campaign = Campaign(id=team.id, name=team.id, plan_id=team.id, vetting=VettingRules(email_domain=True))
    stack.configure(campaign)
    path = f"/v1/sources/{team.source_id}/secrets/turnstile"
    admin("PUT", path, {"value": SITE_SECRET})

    good = stack.take_in(team.source_id, _challenge="person-1")
    robot = stack.take_in(team.source_id, _challenge="robot-1")

    assert stack.until(good, LeadState.ASSIGNED).vetted
    assert stack.until(robot, LeadState.QUARANTINED).suspicions == ("challenge_failed",)
    assert EventKind.LEAD_VETTED in stack.events(good)


def test_a_person_is_forgotten_and_the_numbers_stay(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, auto_accept=True)
    person = Person.new()
    lead_id = stack.take_in(team.source_id, person, consent="yes", utm_source="search")
    stack.until(lead_id, LeadState.ASSIGNED)
    stack.ended(lead_id)

    first = admin("DELETE", f"/v1/leads/{lead_id}/person")
    again = admin("DELETE", f"/v1/leads/{lead_id}/person")

    lead = stack.lead(lead_id)
    assert (first.status, again.status) == (200, 200), (first, again)
    assert (lead.contact, lead.person, lead.raw) == (Contact(), (), {})
    assert lead.score is not None
    assert EventKind.PERSON_FORGOTTEN in stack.events(lead_id)
    rows = stack.client("dynamodb").scan(TableName=stack.outputs["LeadsTable"])["Items"]
    assert not [row for row in rows if person.email in json.dumps(row, default=str)]


def test_outcomes_teach_a_campaign_and_a_lead_is_rated_without_being_stored(
    stack: Stack, admin: Caller
) -> None:
    scoring = Scoring(learned=Learned(mode=Mode.SHADOW))
    team = Team.at(stack, auto_accept=True, scoring=scoring)
    for number, outcome in enumerate(("converted", "lost", "converted")):
        lead_id = stack.take_in(team.source_id, roof_m2=100 + number)
        stack.until(lead_id, LeadState.ASSIGNED)
        assert admin("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": outcome}).status == 200
    path = f"/v1/campaigns/{team.id}/score"

    model = admin("GET", f"{path}/model").json
    rated = admin("POST", path, {"fields": {"email": "a@private.example", "roof_m2": 100}}).json

    assert [one["outcomes"] for one in model["measured"]] == [3, 3, None]
    assert (model["mode"], rated["learned"], rated["outlook"]) == ("shadow", False, "qualified")
    assert len(stack.leads_of(team.source_id)) == 3
