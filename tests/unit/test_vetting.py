"""Vetting: what is asked outside, what is made of it, and that trouble outside harms no lead."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from baton.adapters.doubles import MemorySecrets
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.mail_domains import MemoryMailDomains
from baton.adapters.recollections import MemoryRecollections
from baton.application.ask_outside import AskOutside, Places
from baton.application.keep_secrets import KeepSecrets
from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.application.vet_lead import VetLead
from baton.domain.certificate import certificate_id, read_certificate
from baton.domain.change import received, restarted
from baton.domain.consent import Consent
from baton.domain.errors import StoreUnavailable
from baton.domain.findings import Finding
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.suspicion import Suspicion
from baton.domain.timeline import EventKind
from baton.domain.vetting import needs_vetting
from baton.entrypoints.console.accounts import accounts_api
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, SECOND, World, a_campaign, a_lead, a_source, a_world
from tests.unit.console import Caller

KEY = "the key to TrustedForm"
SITE = "the secret of the site"
CERTIFICATE = "https://cert.trustedform.com/eb9fc4dd9bed9ad451a5648946cf4bf09b5bb947"
GOOD = b'{"outcome": "success", "match_lead": {"result": {"success": true}}}'
OF_ANOTHER = b'{"outcome": "failure", "match_lead": {"result": {"success": false}}}'
A_PERSON = b'{"success": true}'
SPENT = b'{"success": false, "error-codes": ["timeout-or-duplicate"]}'


@dataclass
class Outside:
    """A world whose campaign and source ask everything that can be asked, and what is answered."""

    certificate: Answer = field(default_factory=lambda: Answer(200, GOOD))
    challenge: Answer = field(default_factory=lambda: Answer(200, A_PERSON))
    kind: str = "recaptcha"
    vetting: dict[str, Any] = field(default_factory=dict)
    campaign: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = {"email_domain": True, "certificate": "retain", "certificate_key": "tf", **self.vetting}
        spam = {"challenge": {"kind": self.kind, "secret": "site"}}
        documents = (a_campaign(vetting=rules, **self.campaign), a_source(spam=spam))
        self.world: World = a_world(documents=documents)
        self.http = ScriptedHttp(self._answer)
        self.domains = MemoryMailDomains({"example.com": True, "nomail.example": False})
        self.recollections = MemoryRecollections()
        self.secrets = MemorySecrets({"campaign/solar/tf": KEY, "source/web-form/site": SITE})
        self.vet = self.vetting_over(self.world.leads)

    def vetting_over(self, leads: Any) -> VetLead:
        """The use case, over leads that behave in their own way where a test says so."""
        clock = self.world.clock
        ask = AskOutside(self.domains, self.http, self.secrets, self.recollections, clock, Places())
        return VetLead(leads, self.world.configuration, ask, self.world.alerts, clock)

    def _answer(self, request: Outgoing) -> Answer:
        return self.certificate if "trustedform" in request.url else self.challenge

    def took(self, **facts: Any) -> Lead:
        """A lead that has just come in with everything that can be asked about."""
        fresh = {"rev": 1, "state": LeadState.RECEIVED, "plan_id": None, "plan_version": None}
        asked = {"challenge": "token", "consent": Consent(given=True, trusted_form=CERTIFICATE)}
        lead = a_lead(**{**fresh, **asked, **facts})
        assert self.world.leads.commit(received(lead, MONDAY_9AM))
        return lead

    def vets(self, **facts: Any) -> Lead:
        """Such a lead after vetting."""
        return self.vet(self.took(**facts).lead_id)

    def finds(self, what: str, **facts: Any) -> Any:
        """What is found of such a lead."""
        vetted = self.vets(**facts).vetted
        assert vetted
        return vetted.findings[what]


# ---------------------------------------------------------------------------------------------------- what is asked
def test_nothing_is_asked_of_a_lead_where_nothing_is_switched_on() -> None:
    lead = a_lead(challenge="token", consent=Consent(given=True, trusted_form=CERTIFICATE))

    assert not needs_vetting(lead, a_campaign(), a_source())


@pytest.mark.parametrize(
    ("vetting", "facts", "needed"),
    [
        ({"email_domain": True}, {}, True),
        ({"email_domain": True}, {"contact": Contact(phone="+12025550123")}, False),
        ({"email_domain": True}, {"cleared": True}, False),
        ({"email_domain": True}, {"vetted": {"at": MONDAY_9AM}}, False),
        ({"certificate": "verify"}, {}, False),
        ({"certificate": "verify"}, {"consent": Consent(given=True, trusted_form=CERTIFICATE)}, True),
    ],
)
def test_a_lead_is_vetted_once_about_what_it_has_and_never_after_it_was_released(
    vetting: dict[str, Any], facts: dict[str, Any], needed: bool
) -> None:
    lead = Lead.model_validate({**a_lead().model_dump(), **facts})

    assert needs_vetting(lead, a_campaign(vetting=vetting), a_source()) is needed


def test_a_good_lead_goes_on_with_its_findings_and_its_challenge_is_used_up() -> None:
    outside = Outside()

    lead = outside.vets()

    assert (lead.state, lead.suspicions, lead.challenge) == (LeadState.RECEIVED, (), None)
    event = outside.world.leads.timeline(LEAD_ID)[-1]
    said = {"email_domain": "takes_mail", "certificate": "valid", "challenge": "passed"}
    assert (event.kind, event.facts) == (EventKind.LEAD_VETTED, {"findings": said})
    assert not needs_vetting(lead, a_campaign(vetting={"email_domain": True}), a_source())


# ------------------------------------------------------------------------------------------- what is made of answers
@pytest.mark.parametrize(
    ("answers", "facts", "suspicion"),
    [
        ({}, {"contact": Contact(email="m@nomail.example")}, Suspicion.DOMAIN_TAKES_NO_MAIL),
        ({"certificate": Answer(200, OF_ANOTHER)}, {}, Suspicion.CERTIFICATE_INVALID),
        ({"certificate": Answer(404, b"{}")}, {}, Suspicion.CERTIFICATE_INVALID),
        ({"challenge": Answer(200, SPENT)}, {}, Suspicion.CHALLENGE_FAILED),
        ({"challenge": Answer(200, b'{"success": true, "score": 0.4}')}, {}, Suspicion.CHALLENGE_FAILED),
    ],
)
def test_a_lead_of_which_something_bad_is_heard_is_held_with_the_reason(
    answers: dict[str, Any], facts: dict[str, Any], suspicion: Suspicion
) -> None:
    outside = Outside(**answers)

    lead = outside.vets(**facts)

    assert (lead.state, lead.suspicions) == (LeadState.QUARANTINED, (suspicion,))
    assert lead.vetted is not None
    event = outside.world.leads.timeline(LEAD_ID)[-1]
    assert (event.kind, event.facts["why"]) == (EventKind.LEAD_QUARANTINED, [suspicion])


def test_the_campaign_s_rules_say_what_becomes_of_a_suspicious_lead() -> None:
    suspicious = {"field": "suspicions", "op": "contains", "value": "domain_takes_no_mail"}
    released = Outside(campaign={"quarantine": {"release_when": suspicious}})
    rejected = Outside(campaign={"quarantine": {"reject_when": suspicious}})
    nobody = Contact(email="m@nomail.example")

    let_go = released.vets(contact=nobody)

    assert (let_go.state, len(let_go.suspicions)) == (LeadState.RECEIVED, 1)
    assert rejected.vets(contact=nobody).state is LeadState.DISQUALIFIED


@pytest.mark.parametrize(
    "answer",
    [
        Answer(trouble=Trouble.TIMEOUT),
        Answer(trouble=Trouble.UNREACHABLE),
        Answer(500, b'{"outcome": "failure"}'),
        Answer(503),
        Answer(429, b"{}"),
        Answer(302, b"", {"location": "https://elsewhere.example"}),
        Answer(200, b"<html>"),
        Answer(200, b"[]"),
        Answer(200, b'{"outcome": "error", "reason": "try again"}'),
        Answer(200, b'{"success": "true", "outcome": "failure", "match_lead": "x", "error-codes": [1]}'),
        Answer(404, b"<html>no such page"),
    ],
)
def test_trouble_outside_is_unknown_and_the_lead_goes_on(answer: Answer) -> None:
    outside = Outside(certificate=answer, challenge=answer)

    lead = outside.vets(contact=Contact(email="m@unheard-of.example"))

    assert (lead.state, lead.suspicions) == (LeadState.RECEIVED, ())
    assert lead.vetted
    assert set(lead.vetted.findings.values()) == {"unknown"}


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_refused_key_harms_no_lead_and_operations_hear_of_it_once(status: int) -> None:
    outside = Outside(certificate=Answer(status, b"{}"))

    leads = [outside.vets(lead_id=f"{no:032x}") for no in (1, 2)]

    assert {lead.state for lead in leads} == {LeadState.RECEIVED}
    told = [facts for _, facts in outside.world.alerts.told]
    assert told == [{"check": "certificate", "of": "solar", "finding": "key_refused"}]


def test_without_a_stored_key_nobody_is_asked_and_operations_hear_of_it() -> None:
    outside = Outside()
    outside.secrets.stored.clear()

    lead = outside.vets()

    assert lead.state is LeadState.RECEIVED
    assert outside.http.sent == []
    assert [facts["finding"] for _, facts in outside.world.alerts.told] == ["no_key", "no_key"]


def test_where_the_secrets_cannot_be_read_the_lead_goes_on() -> None:
    outside = Outside()
    outside.secrets.available = outside.recollections.available = False

    assert outside.vets().state is LeadState.RECEIVED


# ------------------------------------------------------------------------------------------------------ certificates
@pytest.mark.parametrize(
    "address",
    [
        "http://cert.trustedform.com/abc",
        "https://cert.trustedform.com.evil.example/abc",
        "https://evil.example/cert.trustedform.com/abc",
        "https://cert.trustedform.com@evil.example/abc",
        "https://user:pass@cert.trustedform.com/abc",
        "https://cert.trustedform.com:8443/abc",
        "https://cert.trustedform.com\\@evil.example/abc",
        "https://cert.trustedform.com/",
        "https://cert.trustedform.com/../abc",
        "https://cert.trustedform.com/..",
        "https://cert.trustedform.com/a/b",
        "https://cert.trustedform.com/a%2fb",
        "https://cert.trustedform.com/" + "a" * 256,
        "https://[::1",
        "//cert.trustedform.com/abc",
        "abc",
        "",
    ],
)
def test_what_is_no_address_of_a_certificate_is_asked_of_nobody(address: str) -> None:
    outside = Outside(kind="turnstile")

    lead = outside.vets(consent=Consent(given=True, trusted_form=address or "x"), challenge=None)

    assert certificate_id(address) is None
    assert lead.suspicions == (Suspicion.CERTIFICATE_INVALID,)
    assert outside.http.sent == []


@pytest.mark.parametrize("more", ["", "/", "?next=https://evil.example", "#x"])
def test_the_request_is_made_of_the_id_alone_and_goes_to_trusted_form(more: str) -> None:
    outside = Outside()

    outside.vets(consent=Consent(given=True, trusted_form=CERTIFICATE + more), challenge=None)

    assert [request.url for request in outside.http.sent] == [CERTIFICATE]


def test_neither_key_nor_person_shows_in_anything_that_is_kept() -> None:
    outside = Outside(certificate=Answer(403, KEY.encode()), challenge=Answer(200, SITE.encode()))
    outside.vets()
    world = outside.world

    kept = repr([world.leads.get(LEAD_ID).vetted, world.leads.timeline(LEAD_ID), world.alerts.told])

    assert [secret for secret in (KEY, SITE, "token", "maria") if secret in kept] == []
    assert [request.url for request in outside.http.sent if KEY in request.url or SITE in request.url] == []


def test_test_leads_are_verified_but_not_retained_and_may_use_the_sandbox() -> None:
    outside = Outside(certificate=Answer(405, b"{}"))

    lead = outside.vets(test=True)

    assert b"retain" not in outside.http.sent[0].body
    assert (lead.state, lead.vetted and lead.vetted.findings["certificate"]) == ("received", "sandbox")


@pytest.mark.parametrize(
    ("status", "reason", "finding"),
    [
        (404, "certificate expired", Finding.EXPIRED),
        (404, "certificate not found", Finding.NOT_FOUND),
        (404, "certificate has expired or could not be found", Finding.NOT_FOUND),
        (410, "gone", Finding.EXPIRED),
        (422, "invalid phone", Finding.UNKNOWN),
    ],
)
def test_answers_without_a_certificate_are_told_apart(status: int, reason: str, finding: Finding) -> None:
    assert read_certificate(status, f'{{"reason": "{reason}"}}'.encode()) is finding


# -------------------------------------------------------------------------------------- used once, whatever crashes
class DiesBeforeCommit:
    """Leads of a process that dies before it has written what it heard."""

    def __init__(self, leads: Any) -> None:
        self._leads = leads

    def __getattr__(self, name: str) -> Any:
        return getattr(self._leads, name)

    def commit(self, change: object) -> bool:
        raise StoreUnavailable


@pytest.mark.parametrize("kind", ["turnstile", "recaptcha"])
def test_a_run_that_dies_after_asking_does_not_condemn_a_person(kind: str) -> None:
    """Invariant 8. The second run finds the answer used up: by the first one, which nobody can hear any more."""
    outside = Outside(kind=kind)
    outside.took()
    with pytest.raises(StoreUnavailable):
        outside.vetting_over(DiesBeforeCommit(outside.world.leads))(LEAD_ID)
    outside.challenge = Answer(200, SPENT)

    lead = outside.vet(LEAD_ID)

    assert (lead.state, lead.vetted and lead.vetted.findings["challenge"]) == ("received", "unknown")


def test_turnstile_knows_a_repetition_for_the_same_lead_by_its_key() -> None:
    outside = Outside(kind="turnstile")
    outside.took()
    with pytest.raises(StoreUnavailable):
        outside.vetting_over(DiesBeforeCommit(outside.world.leads))(LEAD_ID)

    outside.vet(LEAD_ID)
    outside.vets(lead_id=f"{2:032x}")

    keys = [body.split("idempotency_key=")[1] for body in _challenges(outside)]
    assert keys[0] == keys[1] != keys[2]


def test_an_answer_that_grew_old_in_our_hands_does_not_condemn_a_person() -> None:
    outside = Outside(challenge=Answer(200, SPENT))
    outside.took()
    outside.world.clock.forward(2 * MINUTE)

    assert outside.vet(LEAD_ID).state is LeadState.RECEIVED


def test_the_same_answer_sent_with_another_lead_is_no_person() -> None:
    outside = Outside(challenge=Answer(200, SPENT))
    outside.took()
    outside.world.clock.forward(SECOND)

    assert outside.vet(LEAD_ID).suspicions == (Suspicion.CHALLENGE_FAILED,)


def test_vetting_twice_asks_once() -> None:
    """Invariant 8."""
    outside = Outside()
    first = outside.vets()

    assert outside.vet(LEAD_ID) == first
    assert len(outside.http.sent) == 2


def test_a_lead_that_others_write_meanwhile_is_not_asked_about_again() -> None:
    outside = Outside()
    lead = outside.took()
    leads = outside.world.leads

    def somebody_writes_the_lead(request: Outgoing) -> Answer:
        leads.commit(restarted(leads.get(lead.lead_id), 2, MONDAY_9AM))
        return Answer(200, GOOD if "trustedform" in request.url else A_PERSON)

    outside.http.script = somebody_writes_the_lead

    vetted = outside.vet(LEAD_ID)

    assert vetted.vetted
    assert len(outside.http.sent) == 2


def test_a_lead_that_is_somewhere_else_by_now_is_left_alone() -> None:
    outside = Outside()
    outside.took(state=LeadState.QUARANTINED)

    assert outside.vet(LEAD_ID).vetted is None
    assert outside.http.sent == []


def _challenges(outside: Outside) -> list[str]:
    return [r.body.decode() for r in outside.http.sent if "siteverify" in r.url]


# --------------------------------------------------------------------------------------------- keys, and the guide
def test_a_campaign_s_key_is_stored_through_the_api_and_found_under_its_name() -> None:
    outside = Outside(certificate=Answer(401, b"{}"))
    store = KeepSecrets(outside.secrets, outside.world.configuration)
    unused: Any = None
    admin = Caller(accounts_api(lambda: unused, lambda: store, lambda: unused))

    answer = admin("PUT", "/v1/campaigns/solar/secrets/tf", {"value": "another key"})

    assert answer.status == 204
    assert outside.secrets.get("campaign/solar/tf") == "another key"
    assert admin("PUT", "/v1/campaigns/nothing/secrets/tf", {"value": "x"}).code == "not-found"


@pytest.mark.parametrize("finding", Finding)
def test_the_guide_tells_what_every_finding_means(finding: Finding) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "vetting.md").read_text()

    assert f"`{finding}`" in guide
