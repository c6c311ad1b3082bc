"""What is asked outside, over real sockets: name servers; TrustedForm, Turnstile and reCAPTCHA as they are played."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock, MemorySecrets
from baton.adapters.mail_domains import DnsMailDomains, MemoryMailDomains, RememberedMailDomains
from baton.adapters.outgoing_http import ThreadedHttp
from baton.adapters.recollections import DynamoRecollections, MemoryRecollections
from baton.application.ask_outside import AskOutside, Places, Recollections
from baton.domain.consent import Consent
from baton.domain.findings import Question
from baton.domain.lead import Contact, Lead
from local.name_server import BROKEN, SILENT, NameServer
from local.outside import SITE_SECRET, TRUSTED_FORM_KEY, Outside
from tests.builders import MONDAY_9AM, SECOND, a_campaign, a_lead, a_source

PATIENCE_S = 0.2
MARIA = Contact(email="maria@example.com", phone="+12025550123")


# -------------------------------------------------------------------------------------------------------- name servers
@pytest.mark.parametrize(
    ("records", "takes"),
    [
        ({"MX": ["10 mail.example."]}, True),
        ({"MX": ["0 ."]}, False),
        ({"A": ["192.0.2.1"]}, True),
        ({"AAAA": ["2001:db8::1"]}, True),
        ({"TXT": ['"nothing"']}, False),
        (None, False),
        (BROKEN, None),
        (SILENT, None),
    ],
)
def test_a_domain_takes_mail_as_its_name_servers_say(records: Any, takes: bool | None) -> None:
    zones = {} if records is None else {"some.example": records}
    with NameServer(zones) as server:
        assert DnsMailDomains([server.address], PATIENCE_S).takes_mail("some.example") is takes


def test_a_domain_in_another_script_is_asked_about_in_ascii() -> None:
    with NameServer({"xn--bcher-kva.example": {"MX": ["10 mail.example."]}}) as server:
        assert DnsMailDomains([server.address], PATIENCE_S).takes_mail("bücher.example")


@pytest.mark.parametrize("domain", ["", ".", "a..b", "x" * 64 + ".example", "\ud800.example"])
def test_of_what_is_no_domain_nobody_can_say(domain: str) -> None:
    with NameServer({}) as server:
        assert not DnsMailDomains([server.address], PATIENCE_S).takes_mail(domain)


# ------------------------------------------------------------------------------------------------------- remembering
@pytest.fixture(params=["memory", "dynamo"])
def recollections(request: pytest.FixtureRequest) -> Recollections:
    """The port, in memory and in DynamoDB."""
    if request.param == "memory":
        return MemoryRecollections()
    return DynamoRecollections(request.getfixturevalue("dynamodb"), "LedgerTable")


def test_what_is_remembered_is_there_until_its_time_is_over(recollections: Recollections) -> None:
    recollections.remember("a", "yes", MONDAY_9AM + SECOND)
    recollections.remember("a", "no", MONDAY_9AM + SECOND)

    assert recollections.recall("a", MONDAY_9AM) == "no"
    assert recollections.recall("a", MONDAY_9AM + SECOND) is None
    assert recollections.recall("b", MONDAY_9AM) is None


def test_a_domain_is_asked_about_once_a_week_by_all_processes_together(recollections: Recollections) -> None:
    asked, clock = MemoryMailDomains({"example.com": True, "nomail.example": False}), FixedClock(MONDAY_9AM)

    def says(domain: str) -> bool | None:
        """What a process that has just started says."""
        return RememberedMailDomains(asked, recollections, lambda: b"secret", clock).takes_mail(domain)

    assert [says("Example.com"), says("example.com")] == [True, True]
    assert [says("nomail.example"), says("nomail.example")] == [False, False]
    assert [says("unheard.example"), says("unheard.example")] == [None, None]
    assert asked.asked == ["example.com", "nomail.example", "unheard.example", "unheard.example"]
    clock.forward(timedelta(days=2))
    says("example.com")
    says("nomail.example")
    assert asked.asked[4:] == ["nomail.example"]


def test_a_process_asks_once_also_where_nothing_can_be_remembered() -> None:
    asked, forgetful = MemoryMailDomains({"example.com": True}), MemoryRecollections(available=False)
    domains = RememberedMailDomains(asked, forgetful, lambda: b"secret", FixedClock(MONDAY_9AM))

    assert [domains.takes_mail("example.com"), domains.takes_mail("example.com")] == [True, True]
    assert asked.asked == ["example.com"]


def test_a_domain_does_not_show_in_what_is_remembered() -> None:
    kept = MemoryRecollections()
    asked = MemoryMailDomains({"maria-lopez.example": True})
    RememberedMailDomains(asked, kept, lambda: b"secret", FixedClock(MONDAY_9AM)).takes_mail(
        "maria-lopez.example"
    )

    assert kept.kept
    assert "maria" not in repr(kept.kept)


# ---------------------------------------------------------------------------------------------------------- over HTTP
@pytest.fixture
def outside() -> Iterator[Outside]:
    """The others, played on this machine."""
    with Outside() as outside:
        yield outside


def finds(outside: Outside, lead: Lead, kind: str = "recaptcha", use: str = "retain") -> dict[str, Any]:
    """What is heard of the lead."""
    http = ThreadedHttp(allow_http=True, allow_private=True)
    secrets = MemorySecrets(
        {
            "campaign/solar/tf": TRUSTED_FORM_KEY,
            "source/web-form/site": SITE_SECRET,
            "source/web-form/no": "no",
        }
    )
    ask = AskOutside(
        MemoryMailDomains(),
        http,
        secrets,
        MemoryRecollections(),
        FixedClock(MONDAY_9AM),
        Places.under(outside.url),
    )
    campaign = a_campaign(vetting={"certificate": use, "certificate_key": "tf"})
    source = a_source(spam={"challenge": {"kind": kind, "secret": "site"}})
    questions = [Question.CERTIFICATE] if lead.consent else [Question.CHALLENGE]
    try:
        return ask(questions, lead, campaign, source)
    finally:
        http.close()


def certified(address: str, **facts: Any) -> Lead:
    """A lead with that certificate."""
    return a_lead(contact=MARIA, consent=Consent(given=True, trusted_form=address), **facts)


def test_a_certificate_of_this_person_is_valid_and_kept_once(outside: Outside) -> None:
    address = outside.issue(email="Maria@Example.com")

    heard = [finds(outside, certified(address)) for _ in range(2)]

    assert heard == [{"certificate": "valid"}] * 2
    kept = outside.certificates[address.rpartition("/")[2]].retained
    assert kept == [{"reference": a_lead().lead_id, "vendor": "web-form"}] * 2


def test_verifying_keeps_no_certificate(outside: Outside) -> None:
    address = outside.issue(phone="(202) 555-0123")

    assert finds(outside, certified(address), use="verify") == {"certificate": "valid"}
    assert outside.certificates[address.rpartition("/")[2]].retained == []


@pytest.mark.parametrize(
    ("issued", "finding"),
    [
        ({"email": "somebody@else.example"}, "mismatch"),
        ({"email": "maria@example.com", "expired": True}, "expired"),
        ({"email": "maria@example.com", "sandbox": True}, "sandbox"),
    ],
)
def test_other_certificates_are_told_apart(outside: Outside, issued: dict[str, Any], finding: str) -> None:
    assert finds(outside, certified(outside.issue(**issued))) == {"certificate": finding}


def test_a_certificate_that_nobody_issued_is_not_found(outside: Outside) -> None:
    assert finds(outside, certified("https://cert.trustedform.com/made-up")) == {"certificate": "not_found"}


def test_what_is_not_trusted_form_s_hears_nothing(outside: Outside) -> None:
    address = f"{outside.url}/trustedform/abc"

    assert finds(outside, certified(address)) == {"certificate": "not_a_certificate"}
    assert outside.requests == []


@pytest.mark.parametrize(
    ("kind", "token", "heard"),
    [
        ("turnstile", "person-1", {"challenge": "passed"}),
        ("turnstile", "robot-1", {"challenge": "failed"}),
        ("recaptcha", "person-1", {"challenge": "passed"}),
        ("recaptcha", "person-0.9-1", {"challenge": "passed", "challenge_score": 0.9}),
        ("recaptcha", "person-0.3-1", {"challenge": "low_score", "challenge_score": 0.3}),
        ("recaptcha", "robot-1", {"challenge": "failed"}),
    ],
)
def test_people_pass_and_programs_do_not(
    outside: Outside, kind: str, token: str, heard: dict[str, Any]
) -> None:
    assert finds(outside, a_lead(challenge=token), kind) == heard


@pytest.mark.parametrize("kind", ["turnstile", "recaptcha"])
def test_one_answer_is_good_for_one_lead(outside: Outside, kind: str) -> None:
    first = finds(outside, a_lead(challenge="person-1"), kind)
    second = finds(outside, a_lead(lead_id=f"{2:032x}", challenge="person-1"), kind)

    assert (first, second) == ({"challenge": "passed"}, {"challenge": "spent"})


def test_asked_again_for_the_same_lead_turnstile_says_the_same_again(outside: Outside) -> None:
    heard = [finds(outside, a_lead(challenge="person-1"), "turnstile") for _ in range(2)]

    assert heard == [{"challenge": "passed"}] * 2


@pytest.mark.parametrize("status", [500, 503])
def test_who_is_broken_says_nothing(outside: Outside, status: int) -> None:
    outside.fails_with = status

    assert finds(outside, a_lead(challenge="person-1")) == {"challenge": "unknown"}
    assert finds(outside, certified(outside.issue(email=MARIA.email or ""))) == {"certificate": "unknown"}


def test_who_is_not_there_says_nothing() -> None:
    with Outside() as gone:
        pass

    assert finds(gone, a_lead(challenge="person-1")) == {"challenge": "unknown"}
