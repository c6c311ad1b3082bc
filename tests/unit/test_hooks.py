"""What ad platforms and form services send becomes leads: each once, and only from whom it claims to come."""

import json
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.application import fetch_leads
from baton.application.outgoing import Answer, Trouble
from baton.domain.errors import BatonError
from baton.domain.hooks import adf, generic, google_ads, linkedin, meta, typeform
from baton.domain.hooks.settings import Generic
from baton.domain.lead import Lead
from tests.builders import MINUTE, a_campaign
from tests.unit.platforms import (
    ADF,
    GENERIC,
    GOOGLE,
    HOOKS,
    KEY,
    LINKEDIN,
    LINKEDIN_LEAD,
    MAIL,
    META,
    META_LEAD,
    SECRETS,
    TYPEFORM,
    Company,
    signed,
    text_of,
)

DIRECT: Final[dict[str, tuple[Any, str]]] = {
    "google-ads": (GOOGLE, "application/json"),
    "typeform": (TYPEFORM, "application/json"),
    "adf": (ADF, "application/xml"),
    "generic": (GENERIC, "application/json"),
}
"""Formats whose requests hold the lead itself."""
TOLD: Final[dict[str, Any]] = {"meta": META, "linkedin": LINKEDIN}
"""Formats whose requests tell of a lead that has to be fetched."""
EVERY: Final = {**DIRECT, **{name: (payload, "application/json") for name, payload in TOLD.items()}}
every_format = pytest.mark.parametrize("platform", EVERY)


def a_company(**source: Any) -> Company:
    company = Company(**source)
    company.leads_at_meta["123123123123"] = META_LEAD
    company.leads_at_linkedin[LINKEDIN_LEAD["id"]] = LINKEDIN_LEAD
    return company


def lead_by(platform: str, **source: Any) -> Lead:
    """The lead of the platform's documented payload."""
    company = a_company(**source)
    assert company.posted(platform, *EVERY[platform]).status == 200
    assert company.work() == 0
    (lead,) = company.leads
    return lead


# ---- every format


@every_format
def test_a_documented_payload_becomes_a_lead_with_the_persons_answers(platform: str) -> None:
    lead = lead_by(platform)

    assert (lead.contact.first_name, lead.contact.email) == ("Maria", "maria@example.com")
    assert lead.test is False
    assert {
        "google-ads": {"when_do_you_want_to_start": "As soon as possible"},
        "meta": {"roof_m2": "120", "which_days": ["monday", "friday"]},
        "linkedin": {"team_size": "11-50"},
        "typeform": {
            "roof": 120,
            "owner": True,
            "office": "Barcelona",
            "wants": ["Solar", "Battery", "Heat pump"],
        },
        "adf": {
            "vehicle_year": "2019",
            "vehicle_make": "Honda",
            "vehicle_model": "Accord",
            "vehicle_vin": "1HGCV1F30KA000001",
            "vehicle_status": "used",
            "interest": "buy",
            "comments": "Does it have a tow bar?",
            "request_date": "2026-11-23T13:57:00-05:00",
        },
        "generic": {"interests": ["solar", "battery"]},
    }[platform] == lead.attributes


@every_format
def test_what_comes_again_is_the_same_lead_and_nothing_happens_twice(platform: str) -> None:
    company = a_company()
    for _ in range(3):
        assert company.posted(platform, *EVERY[platform]).status == 200
        company.work()
        company.world.clock.forward(10 * MINUTE)

    assert len(company.leads) == 1
    assert len(company.world.leads.timeline(company.leads[0].lead_id)) == 1


@every_format
def test_a_forged_request_is_refused_and_leaves_nothing(platform: str) -> None:
    company, (payload, media_type) = a_company(), EVERY[platform]
    body = text_of(payload)
    forged = text_of({**payload, "google_key": "a guess"}) if platform == "google-ads" else body
    headers = signed(platform, body, secret="a guess")

    answer = company.request(platform, forged, media_type, headers)

    assert (answer.status, answer.json()["type"]) == (401, "urn:baton:caller-unknown")
    assert (company.leads, company.notices.waiting) == ([], [])


@pytest.mark.parametrize("platform", ["meta", "linkedin", "typeform"])
def test_a_signature_is_of_one_body_alone(platform: str) -> None:
    company, (payload, media_type) = a_company(), EVERY[platform]
    body = text_of(payload)

    answer = company.request(platform, body + " ", media_type, signed(platform, body))

    assert answer.status == 401
    assert (company.leads, company.notices.waiting) == ([], [])


@every_format
@pytest.mark.parametrize("cut", [0.0, 0.3, 0.9, 0.99])
def test_a_truncated_body_is_refused_with_a_clear_4xx(platform: str, cut: float) -> None:
    company, (payload, media_type) = a_company(), EVERY[platform]
    body = text_of(payload).strip()
    body = body[: int(len(body) * cut)]

    answer = company.request(platform, body, media_type, signed(platform, body))

    assert (answer.status, answer.json()["type"]) == (400, "urn:baton:malformed-body")
    assert answer.json()["detail"]
    assert "Maria" not in answer.body
    assert company.leads == []


@every_format
def test_a_source_takes_only_the_hooks_that_it_was_set_up_for(platform: str) -> None:
    company = a_company(hooks={}, api_keys=[])

    answer = company.posted(platform, *EVERY[platform])

    assert answer.status == (401 if platform == "adf" else 404)


@pytest.mark.parametrize("platform", ["", "myspace", "META"])
def test_a_format_that_there_is_not_is_not_found(platform: str) -> None:
    assert a_company().posted(platform, {}).status == 404


@pytest.mark.parametrize("platform", DIRECT)
def test_a_lead_without_what_its_campaign_asks_for_is_refused_by_field(platform: str) -> None:
    company = a_company()
    company.world.configure(a_campaign(required=["attributes.budget"]))

    answer = company.posted(platform, *EVERY[platform])

    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "attributes.budget")
    # The platform asks nobody again: operations have to hear of it, and not with every lead.
    company.posted(platform, *EVERY[platform])
    assert [facts["fields"] for _, facts in company.alerts.told] == [["attributes.budget"]]


# ---- Google


def test_googles_test_leads_are_tests_and_its_click_id_is_kept() -> None:
    company = a_company()
    assert company.posted("google-ads", {**GOOGLE, "is_test": True}).json() == {}

    (lead,) = company.leads
    assert lead.test
    assert (lead.attribution["gclid"], lead.attribution["utm_source"]) == ("EAIaIQobChMI", "google")
    assert "google_key" not in str(lead)


@pytest.mark.parametrize("key", [None, "", 5, ["k3y-entered-at-google"], "k3y-entered-at-googl", "é"])
def test_a_google_key_that_is_not_ours_lets_nobody_in(key: Any) -> None:
    assert a_company().posted("google-ads", {**GOOGLE, "google_key": key}).status == 401


def test_a_google_key_that_is_no_text_lets_nobody_in() -> None:
    body = json.dumps({**GOOGLE, "google_key": "\ud800"})

    assert a_company().posted("google-ads", body).status == 401


def test_without_a_stored_secret_nobody_is_google() -> None:
    company = a_company()
    company.world.secrets.put("source/web-form/google", "")

    assert company.posted("google-ads", {**GOOGLE, "google_key": ""}).status == 401


# ---- Meta


def test_meta_hears_its_challenge_only_with_our_token() -> None:
    company = a_company()
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": SECRETS["verify"]}

    good, bad = company.asked("meta", **asked), company.asked("meta", **{**asked, "hub.verify_token": "x"})

    assert (good.status, good.body) == (200, "1158201444")
    assert good.headers["content-type"].startswith("text/plain")
    assert bad.status == 401
    assert company.asked("meta").status == 401


def test_a_thousand_changes_in_one_request_are_a_thousand_leads() -> None:
    company = a_company()
    changes = [
        {"field": "leadgen", "value": {"leadgen_id": str(10**12 + n), "form_id": "12312312312"}}
        for n in range(1000)
    ]
    for n in range(1000):
        ref = str(10**12 + n)
        email = [{"name": "email", "values": [f"maria{n}@example.com"]}]
        company.leads_at_meta[ref] = {**META_LEAD, "id": ref, "field_data": email}

    answer = company.posted("meta", {"object": "page", "entry": [{"id": "1", "changes": changes}]})

    assert answer.status == 200
    assert len(company.notices.waiting) == 1000
    assert company.work() == 0
    assert len({lead.contact.email for lead in company.leads}) == 1000


def test_more_changes_than_meta_sends_are_refused() -> None:
    changes = [{"field": "leadgen", "value": {"leadgen_id": str(n)}} for n in range(1001)]

    assert a_company().posted("meta", {"entry": [{"changes": changes}]}).status == 400


def test_a_queue_that_is_down_makes_the_platform_send_again() -> None:
    company = a_company()
    company.notices.available = False

    answer = company.posted("meta", META)

    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("platform", TOLD)
def test_a_lead_that_is_not_there_yet_is_fetched_later(platform: str) -> None:
    company = Company()
    company.posted(platform, TOLD[platform])
    assert company.work() == 1

    company.leads_at_meta["123123123123"] = META_LEAD
    company.leads_at_linkedin[LINKEDIN_LEAD["id"]] = LINKEDIN_LEAD

    assert company.work() == 0
    assert len(company.leads) == 1


@pytest.mark.parametrize(
    "says",
    [Answer(500), Answer(429), Answer(200, b"<html>"), Answer(200, b"[]"), Answer(trouble=Trouble.TIMEOUT)],
)
def test_a_platform_in_trouble_is_asked_again(says: Answer) -> None:
    company = a_company()
    company.posted("meta", META)
    company.says = says
    assert company.work() == 1

    company.says = None
    assert company.work() == 0


@pytest.mark.parametrize("says", [Answer(401), Answer(400, b'{"error": {"code": 190}}')])
def test_a_token_that_has_expired_is_told_to_operations_once_and_the_lead_waits(says: Answer) -> None:
    company = a_company()
    company.posted("meta", META)
    company.says = says
    assert [company.work(), company.work()] == [1, 1]
    assert [facts["source_id"] for _, facts in company.alerts.told] == ["web-form"]

    company.says = None
    assert company.work() == 0


@pytest.mark.parametrize("platform", TOLD)
def test_the_token_is_in_no_address_and_goes_to_the_platform_alone(platform: str) -> None:
    company = a_company()
    company.posted(platform, TOLD[platform])
    company.work()

    (request,) = company.http.sent
    token = SECRETS["page" if platform == "meta" else "member"]
    assert request.headers["Authorization"] == f"Bearer {token}"
    assert token not in request.url
    assert request.url.startswith(("https://graph.facebook.com/", "https://api.linkedin.com/"))


def test_an_id_that_is_a_path_stays_an_id() -> None:
    company = a_company()
    change = {"field": "leadgen", "value": {"leadgen_id": "../../me/accounts?x="}}
    company.posted("meta", {"entry": [{"changes": [change]}]})
    company.work()

    assert "/..%2F..%2Fme%2Faccounts%3Fx%3D?" in company.http.sent[0].url


def test_what_was_told_of_waits_while_its_source_is_switched_off() -> None:
    company = a_company()
    company.posted("meta", META)
    company.configure(active=False)
    assert company.work() == 1
    assert company.leads == []

    company.configure()
    assert company.work() == 0
    assert len(company.leads) == 1


def test_what_no_webhook_told_of_is_found_and_not_twice() -> None:
    company = a_company()
    other = {**META_LEAD, "id": "9", "field_data": [{"name": "email", "values": ["ben@example.com"]}]}
    company.leads_at_meta["9"] = other
    company.posted("meta", META)
    company.work()

    assert company.look() == (1, 0)
    assert company.look() == (0, 0)
    assert len(company.leads) == 2


def test_a_look_that_broke_off_begins_where_the_last_good_one_ended() -> None:
    company = a_company()
    company.says = Answer(500)
    assert company.look() == (0, 1)
    assert company.cursors.until == {}

    company.says = None
    assert company.look() == (1, 0)


def test_one_lead_that_is_refused_keeps_no_other_from_being_found() -> None:
    company = a_company()
    nobody = {**META_LEAD, "id": "1", "field_data": [{"name": "email", "values": ["no address"]}]}
    company.leads_at_meta = {"1": nobody, **company.leads_at_meta}

    assert company.look() == (1, 0)
    assert company.alerts.told[0][1] == {
        "source_id": "web-form",
        "lead": "1",
        "problem": "invalid-lead",
        "fields": ["contact.email"],
    }


def test_a_lead_that_came_before_its_questions_were_edited_stays_the_same_and_stops_no_look() -> None:
    company = a_company()
    company.posted("meta", META)
    company.work()
    company.configure(hooks={**HOOKS, "questions": {"what_is_your_roof_m2": "attributes.roof"}})
    company.leads_at_meta["9"] = {
        **META_LEAD,
        "id": "9",
        "field_data": [{"name": "email", "values": ["ben@example.com"]}],
    }

    assert company.look() == (1, 0)
    company.posted("meta", META)
    assert company.work() == 0
    assert len(company.leads) == 2


@pytest.mark.parametrize("broken", [{"id": "1"}, {"id": "1", "field_data": 7}, {"field_data": []}])
def test_one_lead_that_cannot_be_read_keeps_no_other_from_being_found(broken: dict[str, Any]) -> None:
    company = a_company()
    company.leads_at_meta = {"1": broken, **company.leads_at_meta}

    assert company.look() == (1, 0)
    assert company.alerts.told[0][1]["problem"] == "malformed-body"


def test_a_look_that_did_not_see_everything_does_not_count_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    company = a_company()
    people = [{"name": "email", "values": [f"p{n}@example.com"]} for n in range(3)]
    company.leads_at_meta = {
        str(n): {**META_LEAD, "id": str(n), "field_data": [one]} for n, one in enumerate(people)
    }
    with monkeypatch.context() as hurried:
        hurried.setattr(fetch_leads, "MAX_PAGES", 2)
        assert company.look() == (0, 1)
    assert company.cursors.until == {}

    company.look()
    assert len(company.leads) == 3


# ---- LinkedIn


@pytest.mark.parametrize("code", ["", "x", text_of(LINKEDIN), f"hmacsha256={text_of(LINKEDIN)}", "0" * 36])
def test_nothing_but_a_code_of_linkedins_is_signed_for_whoever_asks(code: str) -> None:
    answer = a_company().asked("linkedin", challengeCode=code)

    assert (answer.status, answer.json()["type"]) == (404, "urn:baton:not-found")


def test_linkedins_documented_signature_is_over_prefix_and_body() -> None:
    company, body = a_company(), text_of(LINKEDIN)
    headers = signed("linkedin", f"hmacsha256={body}")

    assert company.posted("linkedin", LINKEDIN, **headers).status == 200
    assert company.posted("linkedin", {**LINKEDIN, "leadAction": "DELETED"}, **headers).status == 401


def test_linkedin_hears_what_only_we_can_compute() -> None:
    answer = a_company().asked("linkedin", challengeCode="890e4665-4dfe-4ab1-b689-ed553bceeed0")

    assert answer.json()["challengeCode"] == "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    assert len(answer.json()["challengeResponse"]) == 64


def test_a_signature_with_linkedins_prefix_counts_too() -> None:
    company, body = a_company(), text_of(LINKEDIN)
    headers = {"X-LI-Signature": "hmacsha256=" + signed("linkedin", body)["X-LI-Signature"]}

    assert company.request("linkedin", body, "application/json", headers).status == 200


def test_a_response_that_was_deleted_is_no_lead() -> None:
    company = a_company()

    assert company.posted("linkedin", {**LINKEDIN, "leadAction": "DELETED"}).status == 200
    assert company.notices.waiting == []


def test_a_consent_given_at_linkedin_is_kept() -> None:
    consent = lead_by("linkedin").consent

    assert consent
    assert consent.given


# ---- ADF


def test_adf_comes_by_mail_too_and_is_the_same_lead() -> None:
    company = a_company()
    assert company.posted("adf", MAIL, "message/rfc822").status == 200
    assert company.posted("adf", ADF, "text/xml").status == 200

    (lead,) = company.leads
    assert (lead.contact.phone, lead.contact.state, lead.contact.postal_code) == (
        "+12025550144",
        "IL",
        "62701",
    )
    assert lead.attribution["utm_source"] == "Cars Example"


@pytest.mark.parametrize(
    "body",
    [
        "<adf></adf>",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><adf><prospect>&x;</prospect></adf>',
        "<adf>" * 5000,
        "no XML",
    ],
)
def test_xml_that_is_no_prospect_or_looks_elsewhere_is_refused(body: str) -> None:
    assert a_company().posted("adf", body, "application/xml").status == 400


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param("Content-Type: message/rfc822\n\n" * 2000, id="mails in mails"),
        pytest.param(
            "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000)),
            id="parts in parts",
        ),
        pytest.param("Content-Type: text/plain; " + "a*0=x;" * 30_000 + "\n\n", id="a header without end"),
        pytest.param(
            "Content-Type: text/plain\nContent-Transfer-Encoding: " + "(" * 5000 + "\n\nx", id="brackets"
        ),
        pytest.param(
            "Content-Type: @<@;;base64*0*\nContent-Disposition: ;;;*=\n\n--\n<adf", id="no type at all"
        ),
        pytest.param("Content-Type: text/plain\n\n" + "x" * 300_000, id="more than a mail"),
    ],
)
def test_a_mail_that_no_mail_program_sends_is_refused(mail: str) -> None:
    assert 400 <= a_company().posted("adf", mail, "message/rfc822").status < 500


def test_a_source_that_is_open_to_everybody_takes_no_adf() -> None:
    company = a_company(api_keys=[])

    assert company.posted("adf", ADF, "application/xml").status == 401


# ---- any JSON or form


def test_a_form_is_mapped_by_the_names_of_its_fields() -> None:
    fields = {"contact.email": "Mail", "attributes.note": "Bemerkung"}
    company = a_company(hooks={"generic": {"fields": fields}})
    form = urlencode({"Mail": "maria@example.com", "Bemerkung": "süß", "other": "x"})

    answer = company.request("generic", form, "application/x-www-form-urlencoded", {"X-Api-Key": KEY})

    assert answer.status == 200
    (lead,) = company.leads
    assert (lead.contact.email, lead.attributes) == ("maria@example.com", {"note": "süß"})


def test_a_path_that_points_everywhere_is_refused() -> None:
    company = a_company(hooks={"generic": {"fields": {"attributes.all": "$..*"}}})

    answer = company.posted("generic", {"email": "maria@example.com", "wishes": list(range(200))})

    assert (answer.status, answer.json()["type"]) == (400, "urn:baton:malformed-body")


def test_a_platform_does_not_hear_that_the_person_is_known_and_the_lead_is_kept_as_a_duplicate() -> None:
    company = a_company()
    company.world.configure(a_campaign(dedupe={"policy": "refuse"}))

    answers = [
        company.posted("generic", {**GENERIC, "id": wish, "wishes": [{"what": wish}]})
        for wish in ("solar", "battery")
    ]

    assert [(answer.status, answer.json()) for answer in answers] == [(200, {"received": 1})] * 2
    assert sorted(lead.state for lead in company.leads) == ["duplicate", "received"]


def test_without_an_id_the_same_body_is_the_same_lead() -> None:
    company = a_company(hooks={"generic": {"fields": {"contact.email": "$.mail"}}})
    for mail in ("a@example.com", "a@example.com", "b@example.com"):
        company.posted("generic", {"mail": mail})
        company.world.clock.forward(10 * MINUTE)

    assert sorted(str(lead.contact.email) for lead in company.leads) == ["a@example.com", "b@example.com"]


# ---- whatever else may come

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
known_keys = st.sampled_from(
    [
        *("entry", "changes", "value", "field", "leadgen_id", "user_column_data", "column_id", "lead_id"),
        *("form_response", "answers", "type", "token", "leadGenFormResponse", "formResponse", "field_data"),
    ]
)
bodies = st.one_of(
    st.binary(max_size=200),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.recursive(
        json_values,
        lambda inner: st.dictionaries(known_keys, inner, max_size=4) | st.lists(inner, max_size=3),
    ).map(lambda value: json.dumps(value).encode()),
)
EVERYTHING = Generic.model_validate({"fields": {"contact.email": "$..*"}, "key": "$.id"})


@given(bodies)
def test_no_body_whatever_makes_a_reader_fail_in_another_way_than_by_saying_so(body: bytes) -> None:
    def as_document(read: Any) -> Any:
        return lambda: read(json.loads(body), {}) if body[:1] == b"{" else None

    readers = [
        lambda: google_ads.read(body, {}),
        lambda: meta.read(body),
        lambda: linkedin.read(body),
        lambda: typeform.read(body, {}),
        lambda: adf.read(body, "application/xml"),
        lambda: adf.read(body, "message/rfc822"),
        lambda: generic.read(json.loads(body), EVERYTHING) if body[:1] == b"{" else None,
        as_document(meta.lead),
        as_document(linkedin.lead),
    ]
    for read in readers:
        try:
            read()
        except (BatonError, json.JSONDecodeError, UnicodeDecodeError):
            continue


def test_the_hooks_of_these_tests_are_ones_that_can_be_configured() -> None:
    assert set(HOOKS) == {"google_ads", "meta", "linkedin", "typeform", "generic", "questions"}
