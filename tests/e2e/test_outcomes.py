"""What becomes of leads, told by a rep on the offer's page and by a CRM with the source's key."""

import json
import re
from typing import Any, Final
from urllib.parse import urlencode

from baton.domain.access import hash_of
from baton.domain.lead import Lead, LeadState
from baton.domain.timeline import EventKind
from tests.e2e.stack import FORM, JSON, Answer, Person, Stack
from tests.e2e.team import Team

KEY: Final = "ok_only_for_this_test"
_SEEN: Final = re.compile(r'name="seen" value="(\d+)"')


def tell(stack: Stack, team: Team, body: dict[str, Any], key: str = KEY) -> Answer:
    """Say what became of leads, as a CRM does."""
    path = f"/v1/sources/{team.source_id}/outcomes"
    return stack.request("POST", path, json.dumps(body), JSON, X_Api_Key=key)


def a_held_lead(stack: Stack, team: Team, person: Person, **more: Any) -> Lead:
    """A lead that the team's rep has."""
    stack.personal.update(person.fields.values())
    answer = stack.post(team.source_id, {**person.fields, **more}, X_Api_Key=KEY)
    assert answer.status == 202, answer
    return stack.until(str(answer.json["lead_id"]), LeadState.ASSIGNED)


def a_known_team(stack: Stack) -> Team:
    """A team whose source knows its senders by a key."""
    return Team.at(stack, auto_accept=True, api_keys=(hash_of(KEY),))


def test_a_crm_says_what_became_of_leads_by_its_own_id_and_by_the_person_in_any_order(stack: Stack) -> None:
    team, maria, noah = a_known_team(stack), Person.new(), Person.new()
    named = a_held_lead(stack, team, maria, external_id="crm-4711")
    known = a_held_lead(stack, team, noah)
    sale = {"outcome": "converted", "id": "deal-1", "value_cents": 129_900, "external_id": "crm-4711"}
    late = {"outcome": "contacted", "id": "call-1", "at": named.received_at.isoformat()}
    lost = {"outcome": "lost", "id": "call-2", "reason": "price", "email": noah.email}
    unknown = {"outcome": "lost", "external_id": "crm-nobody"}
    told = tell(stack, team, {"outcomes": [sale, {**late, "external_id": "crm-4711"}, lost, unknown]})
    assert [answer["status"] for answer in told.json["outcomes"]] == [200, 200, 200, 404], told
    before = stack.lead(named.lead_id)

    again = tell(stack, team, {"outcomes": [lost, {**late, "external_id": "crm-4711"}, sale]})

    assert (again.status, again.json["failed"]) == (200, 0)
    after = stack.lead(named.lead_id)
    assert after == before
    assert (after.state, after.value_cents, after.contacted_at) == (
        LeadState.CONVERTED,
        129_900,
        named.received_at,
    )
    assert stack.events(named.lead_id)[-2:] == [EventKind.LEAD_CONVERTED, EventKind.LEAD_CONTACTED]
    assert stack.lead(known.lead_id).lost_reason == "price"


def test_nobody_speaks_of_a_sources_leads_without_its_key_nor_of_another_sources(stack: Stack) -> None:
    team, other = a_known_team(stack), a_known_team(stack)
    lead = a_held_lead(stack, team, Person.new())
    report = {"outcome": "converted", "lead_id": lead.lead_id}

    assert tell(stack, team, report, key="wrong").status == 401
    assert tell(stack, other, report).status == 404
    assert stack.lead(lead.lead_id).state is LeadState.ASSIGNED


def test_a_rep_says_on_the_offers_page_how_it_goes(stack: Stack) -> None:
    team = Team.at(stack)
    lead_id = stack.take_in(team.source_id)
    link = stack.link_to(team.phone(1))
    stack.answer(link, "accept")
    stack.until(lead_id, LeadState.ASSIGNED)

    def choose(progress: str) -> Answer:
        seen = _SEEN.search(stack.request("GET", link).text)
        assert seen
        return stack.request("POST", link, urlencode({"progress": progress, "seen": seen[1]}), FORM)

    assert choose("no_answer").status == 200
    assert stack.lead(lead_id).state is LeadState.ASSIGNED
    assert choose("called").status == 200
    assert choose("won").status == 200

    assert stack.lead(lead_id).state is LeadState.CONVERTED
    assert stack.events(lead_id)[-3:] == [
        EventKind.ATTEMPT_MADE,
        EventKind.LEAD_CONTACTED,
        EventKind.LEAD_CONVERTED,
    ]
