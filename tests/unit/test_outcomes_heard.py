"""Other systems say what became of a source's leads: who may, of which lead, one or many, and again."""

import json
from datetime import datetime
from typing import Any, Final

import pytest

from baton.adapters.identities import KeyedIdentities
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.adapters.memory_persons import MemoryPersons
from baton.application.hear_outcomes import HearOutcomes
from baton.domain.access import hash_of
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import Lead
from baton.domain.timeline import EventKind
from baton.domain.webhooks import sign
from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.outcomes import MAX_REPORTS, hear
from tests.builders import MINUTE, SECRET, World, a_campaign, a_rep, a_source, a_world
from tests.unit.wire import FORM_TYPE, Answer, an_event, post_lead

KEY: Final = "vk_2b7e1d94c8a05f36"
SIGNING: Final = "whsec_bWFkZSB1cCBmb3IgdGhpcyB0ZXN0cw=="
KNOWN: Final = {"api_keys": [hash_of(KEY)], "secret": "signing"}
SHOWN: Final = {"X-Api-Key": KEY}


class Desk(World):
    """A world with two sources that know who sends, and the door for outcomes."""

    def __init__(self, **source: Any) -> None:
        super().__init__((a_rep("ana"),), plan=a_world(auto_accept=True).plan)
        self.configure(a_source(**{**KNOWN, **source}), a_source(id="other", **KNOWN))
        self.secrets.put("source/web-form/signing", SIGNING)
        assert isinstance(self.leads, MemoryLeads)
        assert isinstance(self.ledger, MemoryLedger)
        persons = MemoryPersons(self.leads, self.ledger)
        identities = KeyedIdentities(lambda: SECRET)
        self.hear = HearOutcomes(self.leads, persons, self.configuration, identities, self.conclude)

    def taken(self, source_id: str = "web-form", **fields: Any) -> Lead:
        """A lead that ana has."""
        sent = {"email": "maria@example.com", **self.visit(), **fields}
        lead_id = self.accept_lead(source_id, sent).lead_id
        self.score(lead_id)
        self.step(lead_id)
        return self.leads.get(lead_id)

    def told(self, body: Any, source_id: str = "web-form", **facts: Any) -> Answer:
        """The answer to what another system says."""

        def handler(request: Any, context: Any) -> Response:
            return hear(self.hear, self.admit, request, context)

        sent = json.dumps(body) if isinstance(body, dict) else body
        facts.setdefault("headers", SHOWN)
        event = an_event(sent, pathParameters={"source_id": source_id}, **facts)
        return Answer.of(endpoint(handler)(event, None))

    def signed(self, body: dict[str, Any], webhook_id: str = "msg_1") -> dict[str, str]:
        """The headers of a signed request."""
        now: datetime = self.clock.now()
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": sign(SIGNING, webhook_id, now, json.dumps(body).encode()),
        }


def code(answer: Answer) -> str:
    """The code of a problem."""
    return str(answer.json()["type"]).removeprefix("urn:baton:")


# ---------------------------------------------------------------------------------------------------------- who may
def test_who_shows_the_key_of_the_source_is_heard_and_named_by_its_source() -> None:
    desk = Desk()
    lead = desk.taken()

    answer = desk.told({"lead_id": lead.lead_id, "outcome": "contacted"})

    assert (answer.status, answer.json()) == (200, {"lead_id": lead.lead_id, "state": "contacted"})
    assert desk.leads.timeline(lead.lead_id)[-1].facts["by"] == "source:web-form"


def test_who_signs_as_standard_webhooks_asks_is_heard() -> None:
    desk = Desk()
    body = {"lead_id": desk.taken().lead_id, "outcome": "converted", "value_cents": 9900}

    assert desk.told(body, headers=desk.signed(body)).json()["state"] == "converted"


@pytest.mark.parametrize(
    "headers", [{}, {"X-Api-Key": "wrong"}, {"webhook-id": "1", "webhook-signature": "v1,x"}]
)
def test_nobody_else_is(headers: dict[str, str]) -> None:
    desk = Desk()
    lead = desk.taken()

    answer = desk.told({"lead_id": lead.lead_id, "outcome": "lost"}, headers=headers)

    assert (answer.status, code(answer)) == (401, "caller-unknown")
    assert desk.leads.get(lead.lead_id).state == "assigned"


def test_a_source_that_is_open_to_everybody_hears_nobody() -> None:
    desk = Desk(api_keys=[], secret=None)
    lead = desk.taken()

    assert code(desk.told({"lead_id": lead.lead_id, "outcome": "lost"})) == "caller-unknown"


def test_of_a_source_that_is_switched_off_leads_still_come_to_an_end() -> None:
    desk = Desk()
    lead = desk.taken()
    desk.configure(a_source(**KNOWN, active=False))

    assert desk.told({"lead_id": lead.lead_id, "outcome": "converted"}).status == 200


@pytest.mark.parametrize("source_id", ["nothing", "No!", ""])
def test_a_source_that_is_not_there_is_not_found(source_id: str) -> None:
    assert code(Desk().told({"outcome": "lost"}, source_id)) == "not-found"


def test_another_source_s_lead_is_not_there_however_it_is_named() -> None:
    desk = Desk()
    lead = desk.taken("other", external_id="A-1")

    for name in ({"lead_id": lead.lead_id}, {"external_id": "A-1"}, {"email": "maria@example.com"}):
        assert code(desk.told({**name, "outcome": "lost"})) == "not-found"
    assert desk.leads.get(lead.lead_id).state == "assigned"


# -------------------------------------------------------------------------------------------------------- which lead
def test_a_lead_is_found_by_what_its_sender_called_it() -> None:
    desk = Desk()
    lead, _ = desk.taken(external_id="crm/4711"), desk.taken(external_id="crm/4712")

    assert lead.external_id == "crm/4711"
    assert desk.told({"external_id": "crm/4711", "outcome": "lost"}).json()["lead_id"] == lead.lead_id


def test_of_two_leads_of_one_external_id_the_newest_is_meant() -> None:
    desk = Desk()
    _, newest = desk.taken(external_id="7"), desk.taken(external_id="7")

    assert desk.told({"external_id": "7", "outcome": "lost"}).json()["lead_id"] == newest.lead_id


def test_a_lead_that_came_twice_is_meant_by_either_of_its_ids() -> None:
    desk = Desk()
    desk.configure(a_campaign(dedupe={"policy": "refuse"}))
    lead = desk.taken(external_id="1")
    again = desk.accept_lead("web-form", {"email": "maria@example.com", "external_id": "2", "roof": "flat"})
    assert desk.leads.get(again.lead_id).state == "duplicate"

    assert desk.told({"external_id": "2", "outcome": "lost"}).json()["lead_id"] == lead.lead_id


@pytest.mark.parametrize(
    "name",
    [
        {"email": " Maria@Example.com "},
        {"email": "maria@example.com", "phone": "+1 212 555 0123"},
    ],
)
def test_a_person_s_newest_lead_that_somebody_has_is_found_however_the_address_is_written(
    name: dict[str, str],
) -> None:
    desk = Desk()
    desk.taken()
    desk.clock.forward(MINUTE)
    newest = desk.taken()
    desk.clock.forward(MINUTE)
    desk.takes_in()  # nobody has it yet

    assert desk.told({**name, "outcome": "contacted"}).json()["lead_id"] == newest.lead_id


def test_a_lead_that_has_a_number_alone_is_found_by_it() -> None:
    desk = Desk()
    lead = desk.taken(email="", phone="(212) 555-0123")

    assert desk.told({"phone": "+12125550123", "outcome": "contacted"}).json()["lead_id"] == lead.lead_id


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ({}, "body"),
        ({"lead_id": "7", "external_id": "7"}, "lead_id"),
        ({"external_id": "a b"}, "external_id"),
        ({"external_id": "7", "email": "a@b.co"}, "body"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"name": "Maria"}, "name"),
    ],
)
def test_a_report_names_its_lead_in_one_way_that_can_be_read(name: dict[str, str], field: str) -> None:
    """Invariant 11."""
    answer = Desk().told({**name, "outcome": "lost"})

    assert answer.status == 422
    assert answer.json()["errors"][0]["field"] == field


def test_what_a_lead_is_named_by_is_in_no_answer() -> None:
    """Invariant 9."""
    for name in ({"email": "ghost@example.com"}, {"external_id": "ghost"}, {"email": "ghost"}):
        assert "ghost" not in Desk().told({**name, "outcome": "lost"}).body


@pytest.mark.parametrize("external_id", ["a b", "é", "x" * 129, ["7"], True, {"a": 1}])
def test_an_external_id_that_could_be_none_is_refused_with_the_lead(external_id: Any) -> None:
    answer = post_lead(Desk(), json.dumps({"email": "a@b.co", "external_id": external_id}), headers=SHOWN)

    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "external_id")


@pytest.mark.parametrize(("sent", "kept"), [(4711, "4711"), ("", None), (None, None), ("x" * 128, "x" * 128)])
def test_an_external_id_is_kept_with_the_lead_and_is_none_of_its_answers(sent: Any, kept: str | None) -> None:
    lead = Desk().taken(external_id=sent)

    assert (lead.external_id, lead.attributes) == (kept, {})


# -------------------------------------------------------------------------------------------------------------- many
def test_many_are_answered_one_by_one_and_what_is_wrong_with_one_stops_no_other() -> None:
    desk = Desk()
    lead, other = desk.taken(external_id="1"), desk.taken(external_id="2")
    reports = [
        {"external_id": "1", "outcome": "converted", "value_cents": 500},
        {"external_id": "3", "outcome": "lost"},
        {"external_id": "1", "outcome": "won"},
        "nonsense",
        {"external_id": "2", "outcome": "contacted"},
    ]

    answer = desk.told({"outcomes": reports})

    said = answer.json()
    assert (answer.status, said["failed"]) == (200, 3)
    assert [one["status"] for one in said["outcomes"]] == [200, 404, 422, 422, 200]
    assert said["outcomes"][0] == {"status": 200, "lead_id": lead.lead_id, "state": "converted"}
    assert said["outcomes"][1]["problem"]["type"] == "urn:baton:not-found"
    assert desk.leads.get(other.lead_id).state == "contacted"


@pytest.mark.parametrize(
    "body",
    [
        {"outcomes": []},
        {"outcomes": {"outcome": "lost"}},
        {"outcomes": [{"external_id": "1", "outcome": "lost"}] * (MAX_REPORTS + 1)},
        {"outcomes": [{"external_id": "1", "outcome": "lost"}], "outcome": "lost"},
    ],
)
def test_what_is_no_list_of_reports_is_refused_whole(body: dict[str, Any]) -> None:
    desk = Desk()
    lead = desk.taken(external_id="1")

    assert desk.told(body).status == 422
    assert desk.leads.get(lead.lead_id).state == "assigned"


@pytest.mark.parametrize("body", ["", "{", "[]", '{"outcome": NaN}', "\xff"])
def test_a_body_that_cannot_be_read_is_refused(body: str) -> None:
    assert code(Desk().told(body)) == "malformed-body"


def test_a_plain_form_says_it_too() -> None:
    desk = Desk()
    desk.taken(external_id="1")

    answer = desk.told("external_id=1&outcome=lost&reason=price", media_type=FORM_TYPE)

    assert answer.json()["state"] == "lost"


# ------------------------------------------------------------------------------------------------------------- again
@pytest.mark.parametrize("how", ["key", "signature", "ids", "moments"])
def test_a_whole_request_sent_again_gets_the_same_answer_and_changes_nothing(how: str) -> None:
    """Invariant 8."""
    desk = Desk()
    lead = desk.taken(external_id="1")
    desk.clock.forward(MINUTE)
    reports: list[dict[str, Any]] = [
        {"external_id": "1", "outcome": "lost"},
        {"external_id": "1", "outcome": "converted"},
    ]
    for number, report in enumerate(reports):
        if how == "ids":
            report["id"] = f"r{number}"
        if how == "moments":
            report["at"] = lead.received_at.isoformat()
    body = {"outcomes": reports}
    answers = []
    for _ in range(3):
        shown = desk.signed(body) if how == "signature" else {**SHOWN}
        if how == "key":
            shown["Idempotency-Key"] = "batch-7"
        answers.append(desk.told(body, headers=shown).json())

    kinds = desk.kinds(lead.lead_id)
    assert [kinds.count(kind) for kind in (EventKind.LEAD_LOST, EventKind.LEAD_CONVERTED)] == [1, 1]
    assert answers[1] == answers[2]
    assert desk.leads.get(lead.lead_id).state == "converted"


def test_while_the_store_does_not_answer_a_report_is_to_be_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    desk.taken(external_id="1")

    def broken(*_: Any) -> bool:
        raise StoreUnavailable

    monkeypatch.setattr(desk.leads, "commit", broken)
    report = {"external_id": "1", "outcome": "lost"}

    assert desk.told(report).status == 503
    assert [one["status"] for one in desk.told({"outcomes": [report]}).json()["outcomes"]] == [503]
