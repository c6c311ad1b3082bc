"""Consent is kept as evidence, and asked for by campaigns and by buyers."""

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.consent import Consent, Evidence
from baton.domain.eligibility import Case, obstacles
from baton.domain.errors import InvalidSubmission
from baton.domain.intake import lead_of
from baton.domain.lead import Lead, LeadState, facts_of
from baton.domain.roster import Roster
from baton.domain.sender import NOBODY, Sender
from baton.domain.standing import Usage
from baton.domain.submission import read_submission
from tests.builders import (
    LEAD_ID,
    MONDAY_9AM,
    World,
    a_campaign,
    a_lead,
    a_pool,
    a_source,
    a_world,
    standings,
)
from tests.selling import Market, a_buyer
from tests.unit.vendor import PERSON, PING, a_vendor
from tests.unit.wire import post_lead

CERTIFICATE: Final = "https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567"
TOKEN: Final = "0AE4B2C3-11D2-4E5F-8A9B-0C1D2E3F4A5B"
BROWSER: Final = Sender(ip="203.0.113.7", browser=True, page="https://forms.example/offer?mail=a@b.co#top")


def consent_of(**fields: Any) -> Consent | None:
    """What a form with these fields says of the consent."""
    return read_submission({"email": "maria@example.com", **fields}).consent


def errors_of(rules: dict[str, Any], **fields: Any) -> dict[str, str]:
    """What is wrong with a lead for a campaign that asks for consent so."""
    with pytest.raises(InvalidSubmission) as refused:
        a_lead_with(rules, **fields)
    return {error.field: error.problem for error in refused.value.errors}


def a_lead_with(rules: dict[str, Any], sender: Sender = NOBODY, **fields: Any) -> Lead:
    """The lead of a form, for a campaign that asks for consent so."""
    campaign = a_campaign(consent=rules)
    sent = {"email": "maria@example.com", **fields}
    return lead_of(a_source(), campaign, sent, lead_id=LEAD_ID, now=MONDAY_9AM, sender=sender)


# -------------------------------------------------------------------------------------- what is read
def test_everything_that_proves_a_consent_is_kept() -> None:
    sent = {
        "given": "yes",
        "text": "Call me.",
        "version": 7,
        "at": "2026-11-23T09:30:00-05:00",
        "ip": "::ffff:203.0.113.9",
        "page": "https://forms.example/offer#top",
        "trusted_form": CERTIFICATE,
        "jornaya": TOKEN,
    }
    kept = {
        "given": True,
        "text": "Call me.",
        "version": "7",
        "at": "2026-11-23T14:30:00Z",
        "ip": "203.0.113.9",
        "page": "https://forms.example/offer",
        "trusted_form": CERTIFICATE,
        "jornaya": TOKEN,
    }

    nested = consent_of(consent=sent)
    flat = consent_of(**{f"consent_{name}": value for name, value in sent.items()})

    assert nested
    assert nested == flat
    assert json.loads(nested.model_dump_json()) == kept


@pytest.mark.parametrize(
    ("name", "value", "evidence"),
    [
        ("xxTrustedFormCertUrl", CERTIFICATE, "trusted_form"),
        ("trusted_form", CERTIFICATE, "trusted_form"),
        ("trustedform_cert_url", CERTIFICATE, "trusted_form"),
        ("universal_leadid", TOKEN, "jornaya"),
        ("leadid_token", TOKEN.lower(), "jornaya"),
        ("jornaya", TOKEN, "jornaya"),
    ],
)
def test_certificates_are_known_by_the_names_that_their_makers_give_the_fields(
    name: str, value: str, evidence: str
) -> None:
    consent = consent_of(consent="true", **{name: value})

    assert consent
    assert getattr(consent, evidence) == value


def test_a_certificate_alone_is_no_consent() -> None:
    consent = consent_of(xxTrustedFormCertUrl=CERTIFICATE)

    assert consent
    assert not consent.given


def test_what_trusted_forms_script_adds_besides_is_left_out() -> None:
    found = read_submission(
        {"email": "a@b.co", "xxTrustedFormToken": CERTIFICATE, "xxTrustedFormPingUrl": "https://x.example"}
    )

    assert (found.attributes, found.consent) == ({}, None)


@pytest.mark.parametrize("empty", ["", None])
def test_hidden_fields_that_a_script_did_not_fill_are_as_if_they_were_not_there(empty: Any) -> None:
    assert consent_of(xxTrustedFormCertUrl=empty, universal_leadid=empty) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trusted_form", "https://cert.trustedform.com.evil.example/0123456789abcdef0123"),
        ("trusted_form", "http://cert.trustedform.com/0123456789abcdef0123"),
        ("trusted_form", "https://me@cert.trustedform.com/0123456789abcdef0123"),
        ("trusted_form", "https://cert.trustedform.com/?of=nobody"),
        ("trusted_form", [CERTIFICATE, CERTIFICATE]),
        ("jornaya", "0AE4B2C3"),
        ("jornaya", f"{TOKEN}0"),
        ("ip", "203.0.113.256"),
        ("ip", "203.0.113.7, 10.0.0.1"),
        ("ip", 3405803783),
        ("page", "javascript:alert(1)"),
        ("page", "https://me:secret@forms.example/"),
        ("page", "https://forms.example/a b"),
        ("version", "x" * 101),
        ("text", "x" * 4001),
        ("at", "yesterday"),
        ("at", "2026-11-23T09:30:00"),
        ("given", "perhaps"),
        ("signature", "Maria Lopez"),
    ],
)
def test_what_proves_nothing_is_refused_by_name_and_never_repeated(name: str, value: Any) -> None:
    with pytest.raises(InvalidSubmission) as refused:
        consent_of(consent={"given": True, name: value})

    assert [error.field for error in refused.value.errors] == [f"consent.{name}"]
    assert str(value) not in str(refused.value)


# -------------------------------------------------------------------- what the request proves itself
def test_a_persons_own_browser_proves_address_time_and_page() -> None:
    consent = a_lead_with({}, BROWSER, consent="yes").consent

    assert consent == Consent(given=True, at=MONDAY_9AM, ip="203.0.113.7", page="https://forms.example/offer")


def test_the_page_that_a_script_names_says_more_than_the_browser() -> None:
    consent = a_lead_with({}, BROWSER, consent="yes", _page="https://forms.example/solar?x=1").consent

    assert consent
    assert consent.page == "https://forms.example/solar"


def test_an_address_that_a_browser_sends_itself_counts_for_nothing() -> None:
    consent = a_lead_with({}, BROWSER, consent="yes", consent_ip="198.51.100.1").consent

    assert consent
    assert consent.ip == "203.0.113.7"


def test_who_gave_no_consent_gave_it_at_no_time() -> None:
    consent = a_lead_with({}, BROWSER, consent="no").consent

    assert consent
    assert (consent.given, consent.at) == (False, None)


def test_of_a_vendors_request_nothing_is_evidence_but_what_it_says() -> None:
    vendor = Sender(ip="198.51.100.1", known=True, page="https://vendor.example/")

    assert a_lead_with({}, vendor, consent="yes").consent == Consent(given=True)
    sent = a_lead_with({}, vendor, consent="yes", consent_ip="203.0.113.7").consent
    assert sent
    assert sent.ip == "203.0.113.7"


def test_the_address_is_the_one_that_api_gateway_saw_and_not_what_a_header_says() -> None:
    world = a_world()
    answer = post_lead(
        world,
        '{"email": "a@b.co", "consent": true}',
        headers={
            "Origin": "https://forms.example",
            "X-Forwarded-For": "6.6.6.6",
            "Referer": "https://x.example/",
        },
        requestContext={"identity": {"sourceIp": "203.0.113.7"}},
    )

    consent = world.leads.get(answer.json()["lead_id"]).consent
    assert consent == Consent(given=True, at=MONDAY_9AM, ip="203.0.113.7", page="https://x.example/")


def test_a_program_is_no_browser() -> None:
    world = a_world()
    context = {"identity": {"sourceIp": "203.0.113.7"}}
    answer = post_lead(world, '{"email": "a@b.co", "consent": true}', requestContext=context)

    assert world.leads.get(answer.json()["lead_id"]).consent == Consent(given=True)


# ---------------------------------------------------------------------------- what campaigns ask for
def test_a_campaign_that_asks_for_nothing_takes_leads_without_consent() -> None:
    assert a_lead_with({}).consent is None
    assert a_lead_with({"evidence": ["text"]}).state is LeadState.RECEIVED


def test_a_lead_without_the_consent_that_is_required_is_refused_by_name() -> None:
    rules = {"required": True, "evidence": ["text", "trusted_form"]}

    assert errors_of(rules) == dict.fromkeys(
        ("consent.given", "consent.text", "consent.trusted_form"), "is required"
    )
    assert list(errors_of(rules, consent="no", consent_text="Call me.", trusted_form=CERTIFICATE)) == [
        "consent.given"
    ]


def test_what_the_request_proves_need_not_be_sent() -> None:
    rules = {"required": True, "evidence": ["at", "ip", "page"]}

    assert a_lead_with(rules, BROWSER, consent="yes").state is LeadState.RECEIVED
    assert set(errors_of(rules, consent="yes")) == {"consent.at", "consent.ip", "consent.page"}


def test_what_the_consent_lacks_is_told_with_everything_else_that_is_wrong() -> None:
    rules = {"required": True, "evidence": ["jornaya", "version"]}

    found = errors_of(rules, email="nobody", consent={"given": True, "jornaya": "x"})

    assert set(found) == {"contact.email", "consent.jornaya", "consent.version"}
    assert found["consent.jornaya"] != "is required"


def test_a_campaign_may_hold_leads_without_consent_instead() -> None:
    rules = {"required": True, "evidence": ["jornaya"], "missing": "quarantine"}
    held, good = a_lead_with(rules, consent="yes"), a_lead_with(rules, consent="yes", jornaya=TOKEN)

    assert (held.state, list(held.suspicions), held.invalid) == (
        LeadState.QUARANTINED,
        ["no_consent"],
        ("consent.jornaya",),
    )
    assert (good.state, good.suspicions, good.invalid) == (LeadState.RECEIVED, (), ())


def test_the_timeline_names_what_was_missing() -> None:
    rules = {"required": True, "evidence": ["ip"], "missing": "quarantine"}
    world = World(documents=(a_campaign(consent=rules),))

    (event,) = world.leads.timeline(world.takes_in(consent="yes"))

    assert (event.facts["why"], event.facts["fields"]) == (["no_consent"], ["consent.ip"])


# ------------------------------------------------------------------------------- what buyers ask for
def asks_for(*evidence: str) -> Any:
    """A buyer that asks for consent, and this evidence of it."""
    return a_buyer("acme", buyer={"consent": list(evidence)})


@pytest.mark.parametrize(
    ("evidence", "consent", "lacks"),
    [
        ((), None, ["given"]),
        ((), {"given": False}, ["given"]),
        ((), {"given": True}, []),
        (("trusted_form", "ip"), {"given": True, "ip": "203.0.113.7"}, ["trusted_form"]),
        (("trusted_form",), {"given": True, "trusted_form": CERTIFICATE}, []),
    ],
)
def test_a_buyer_gets_no_lead_without_the_consent_that_it_asks_for(
    evidence: tuple[str, ...], consent: Any, lacks: list[str]
) -> None:
    market = Market(asks_for(*evidence), a_buyer("bolt"))
    market.pings = {"acme": 2_000}

    lead = market.sells(**({"consent": consent} if consent else {}))

    found = {one.recipient_id: one for one in market.held(lead).trace.stages[0].candidates}
    assert lead.recipient_id == ("bolt" if lacks else "acme")
    if lacks:
        assert (str(found["acme"].reason), found["acme"].facts) == ("consent_missing", {"lacks": lacks})


@given(
    st.lists(
        st.none() | st.lists(st.sampled_from([*Evidence]), max_size=2, unique=True), min_size=1, max_size=5
    ),
    st.none() | st.fixed_dictionaries({"given": st.booleans()}, optional={"ip": st.just("203.0.113.7")}),
    st.booleans(),
)
def test_a_whole_pool_is_asked_for_consent_as_each_buyer_alone(
    asked: list[Any], consent: dict[str, Any] | None, evidence: bool
) -> None:
    buyers = [a_buyer(f"b{n}", buyer={"price_cents": 1, "consent": one}) for n, one in enumerate(asked)]
    pool, known = a_pool(*buyers), {buyer.id: buyer for buyer in buyers}
    lead = a_lead(consent=Consent(**consent) if consent else None)
    facts = facts_of(lead, MONDAY_9AM)
    case = Case(facts, "solar", pool.id, frozenset(), MONDAY_9AM, evidence=evidence)

    refused = Roster(pool, known).sift(case, standings()).refused

    for bit, buyer in enumerate(buyers):
        alone = [one.reason for one in obstacles(None, buyer, Usage(buyer.id), case)][:1]
        assert [reason for reason, who in refused if who >> bit & 1] == alone


def test_a_ping_says_whether_there_is_consent_and_its_lead_brings_what_proves_it() -> None:
    """What proves a consent would say who the person is."""
    vendor = a_vendor(asks_for("trusted_form"))

    assert vendor.pinged({**PING, "consent": True}).json()["status"] == "priced"
    assert vendor.pinged(PING).json()["status"] != "priced"
    refused = vendor.pinged({**PING, "consent": True, "trusted_form": CERTIFICATE})
    assert [error["field"] for error in refused.json()["errors"]] == ["consent.trusted_form"]


def test_a_campaign_that_requires_consent_answers_pings_all_the_same() -> None:
    vendor = a_vendor(a_buyer("acme"), campaign={"consent": {"required": True, "evidence": ["text"]}})

    assert vendor.pinged(PING).json()["status"] == "priced"
    assert vendor.sent(PERSON).status == 422


def test_a_campaign_that_requires_consent_lets_leads_be_tried_without() -> None:
    campaign = a_campaign(consent={"required": True})
    sent = {"email": "maria@example.com"}

    lead = lead_of(a_source(), campaign, sent, lead_id=LEAD_ID, now=MONDAY_9AM, complete=False)

    assert (lead.state, lead.suspicions, lead.invalid) == (LeadState.RECEIVED, (), ())


def test_every_kind_of_evidence_is_a_field_of_the_consent() -> None:
    assert [*Consent.model_fields] == ["given", *Evidence]
