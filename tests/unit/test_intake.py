"""The intake endpoint: receipts, redirects, browsers of other sites, honeypots and repeated requests."""

import json
from typing import Any

import pytest

from baton.domain.intake import lead_of
from baton.domain.lead import LeadState
from baton.domain.source import Source
from tests.builders import LEAD_ID, MONDAY_9AM, World, a_campaign, a_source, a_world
from tests.unit.wire import Answer, post_form, post_lead

SITE = "https://forms.example"
EVIL = "https://evil.example"
GOOD = '{"email": "maria@example.com"}'
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def a_site(**facts: Any) -> World:
    """A world whose source lists one web site."""
    return a_world(documents=(a_source(allowed_origins=[SITE], **facts),))


def post(world: World, fields: dict[str, Any], **headers: str) -> Answer:
    """Post these fields as JSON."""
    return post_lead(world, json.dumps({"email": "maria@example.com", **fields}), headers=headers)


def leads_of(world: World) -> int:
    """How many leads were ever stored."""
    return len(world.leads.leads)  # type: ignore[attr-defined] # the twin's own


def test_a_lead_is_stored_and_its_workflow_started_before_the_caller_hears_202() -> None:
    """Invariant 1."""
    world = a_world()
    answer = post(world, {"roof_m2": 120})

    assert (answer.status, answer.json()["status"]) == (202, "received")
    lead_id = answer.json()["lead_id"]
    assert world.leads.get(lead_id).attributes == {"roof_m2": 120}
    assert (lead_id, 1) in world.workflows.executions


def test_a_lead_is_taken_even_while_no_workflow_can_be_started() -> None:
    """Invariant 1."""
    world = a_world()
    world.workflows.available = False

    answer = post(world, {})

    assert answer.status == 202
    assert world.leads.get(answer.json()["lead_id"]).state is LeadState.RECEIVED


# ---- browsers of other sites


def test_a_listed_site_hears_that_it_may_post() -> None:
    answer = post_lead(a_site(), None, method="OPTIONS", headers={"Origin": SITE})

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (204, SITE)
    assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("origin", [EVIL, "null", f"{SITE}.evil.example", SITE.upper()])
def test_another_site_hears_no_permission_and_cannot_post(origin: str) -> None:
    world = a_site()
    preflight = post_lead(world, None, method="OPTIONS", headers={"Origin": origin})
    answer = post(world, {}, Origin=origin)

    assert (preflight.status, answer.status) == (403, 403)
    assert answer.json()["type"] == "urn:baton:origin-refused"
    assert "access-control-allow-origin" not in preflight.headers | answer.headers
    assert leads_of(world) == 0


def test_a_source_that_lists_no_site_takes_posts_of_every_page() -> None:
    assert post(a_world(), {}, Origin=EVIL).headers["access-control-allow-origin"] == EVIL


@pytest.mark.parametrize(
    "body", ["{", "{}", '{"email": 5}', '{"email": "a@b.co", "_redirect": "https://evil.example"}']
)
def test_a_page_can_read_why_it_was_refused(body: str) -> None:
    answer = post_lead(a_site(), body, headers={"Origin": SITE})

    assert answer.status in {400, 422}
    assert answer.headers["access-control-allow-origin"] == SITE


# ---- redirects


@pytest.mark.parametrize("url", [f"{SITE}/thanks", f"{SITE}/a?b=c#d", SITE])
def test_a_form_is_redirected_to_a_listed_site(url: str) -> None:
    answer = post_form(a_site(), f"email=a%40b.co&_redirect={url.replace('#', '%23')}", headers=BROWSER)

    assert (answer.status, answer.headers["location"]) == (303, url)


BAD_REDIRECTS = [
    EVIL,
    f"{SITE}.evil.example/",
    f"{SITE}@evil.example/",
    f"{SITE}\\@evil.example/",
    f"{SITE}/\r\nSet-Cookie: x=y",
    f" {SITE}/",
    "//evil.example/",
    "/thanks",
    "javascript:alert(1)",
    "http://forms.example/",
    f"{SITE}:8443/",
    ["https://forms.example/a", "https://forms.example/b"],
    {"a": 1},
    7,
]


@pytest.mark.parametrize("url", BAD_REDIRECTS, ids=str)
def test_nobody_is_redirected_anywhere_else(url: Any) -> None:
    world = a_site()
    answer = post(world, {"_redirect": url})

    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "_redirect")
    assert leads_of(world) == 0


@pytest.mark.parametrize("url", ["https://[x", "https://forms.example]", "https://a\uff03b/"])
def test_an_address_that_cannot_even_be_read_is_refused(url: str) -> None:
    """Invariant 11."""
    assert post(a_site(), {"_redirect": url}).status == 422


@pytest.mark.parametrize(
    "rest", ["\ud800", "é", "\x7f", "\u2028", "x" * 20_000], ids=lambda rest: ascii(rest)[:9]
)
def test_an_address_that_no_header_can_carry_is_refused(rest: str) -> None:
    """Invariant 11: API Gateway turns a response that it cannot send into a 502."""
    assert post(a_site(), {"_redirect": f"{SITE}/{rest}"}).status == 422


def test_a_source_that_lists_no_site_redirects_nobody() -> None:
    assert post(a_world(), {"_redirect": SITE}).status == 422


def test_a_person_without_a_redirect_sees_a_page() -> None:
    answer = post_form(a_site(), "email=a%40b.co", headers=BROWSER)

    assert answer.status == 202
    assert "We have received your request" in answer.body


def test_a_person_sees_what_to_correct_and_no_script_runs() -> None:
    answer = post_form(a_site(), "email=a%40b.co&contact.%3Cscript%3E=1", headers=BROWSER)

    assert answer.status == 422
    assert "contact.&lt;script&gt;" in answer.body
    assert "<script" not in answer.body


# ---- honeypot


@pytest.mark.parametrize("headers", [{}, BROWSER])
def test_a_bot_in_the_honeypot_sees_just_what_everybody_sees(headers: dict[str, str]) -> None:
    world = a_site(honeypot_field="website")
    person = post_form(world, "email=a%40b.co&website=", headers=headers)
    bot = post_form(world, "email=a%40b.co&website=http%3A%2F%2Fspam", headers=headers)

    assert (bot.status, bot.headers) == (person.status, person.headers)
    assert bot.body.replace(f"{2:032x}", f"{1:032x}") == person.body


def test_who_sends_again_does_not_learn_that_it_was_held_nor_whom_we_know() -> None:
    world = a_site(honeypot_field="website")
    person, bot = ({"email": "a@b.co", "website": trap} for trap in ("", "http://spam"))
    heard = {}
    for key, body in (("person", person), ("bot", bot)):
        lead_id = post(world, body, **{"Idempotency-Key": key}).json()["lead_id"]
        if world.leads.get(lead_id).state is LeadState.RECEIVED:
            assert world.score(lead_id).state is LeadState.SCORED
        heard[key] = post(world, body, **{"Idempotency-Key": key}).json()["status"]

    assert heard == {"person": "received", "bot": "received"}


def test_a_lead_from_the_honeypot_is_kept_apart_and_goes_nowhere() -> None:
    world = a_site(honeypot_field="website")
    lead_id = post(world, {"website": "http://spam"}).json()["lead_id"]

    assert world.leads.get(lead_id).state is LeadState.QUARANTINED
    assert not world.workflows.executions
    assert "website" not in world.leads.get(lead_id).attributes


# ---- repeated requests


def test_the_same_request_twice_is_one_lead() -> None:
    """Invariant 8."""
    world = a_world()
    answers = [post(world, {}, **{"Idempotency-Key": "k1"}) for _ in range(3)]

    assert len({answer.body for answer in answers}) == 1
    assert leads_of(world) == 1


def test_the_same_request_in_another_order_is_the_same_request() -> None:
    world = a_world()
    for body in ('{"email": "a@b.co", "x": 1}', '{"x": 1, "email": "a@b.co"}'):
        assert post_lead(world, body, headers={"Idempotency-Key": "k1"}).status == 202

    assert leads_of(world) == 1


def test_a_key_used_again_with_another_body_is_refused_and_the_first_lead_stays() -> None:
    world = a_world()
    first = post(world, {"x": 1}, **{"Idempotency-Key": "k1"})
    second = post(world, {"x": 2}, **{"Idempotency-Key": "k1"})

    assert (second.status, second.json()["type"]) == (422, "urn:baton:idempotency-key-reused")
    assert world.leads.get(first.json()["lead_id"]).attributes == {"x": 1}


def test_the_same_key_at_another_source_is_another_lead() -> None:
    world = a_world(documents=(Source(id="vendor", name="Vendor", campaign_id="solar"),))
    for source_id in ("web-form", "vendor"):
        post_lead(world, GOOD, source_id, headers={"Idempotency-Key": "k1"})

    assert leads_of(world) == 2


def test_without_a_key_two_requests_are_two_leads() -> None:
    world = a_world()
    one, other = ({"landing_page": f"https://example.com/{name}"} for name in ("one", "other"))
    assert post(world, one).body != post(world, other).body


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201, "\x00"])
def test_a_bad_key_is_refused(key: str) -> None:
    answer = post(a_world(), {}, **{"Idempotency-Key": key})

    assert (answer.status, answer.json()["type"]) == (400, "urn:baton:invalid-idempotency-key")


def test_a_source_that_is_switched_off_takes_nothing() -> None:
    world = a_world(documents=(a_source(active=False),))

    assert post(world, {}).status == 403
    assert leads_of(world) == 0


def test_a_source_whose_campaign_is_missing_is_our_fault_and_says_nothing_else() -> None:
    world = a_world(documents=(a_source(campaign_id="gone"),))

    assert post(world, {}).json() == {
        "type": "urn:baton:configuration-broken",
        "title": "The configuration of this source is broken",
        "status": 500,
    }


@pytest.mark.parametrize(
    ("said", "sub_source"),
    [
        ("spring", "spring"),
        (" Roofs & More", None),
        ("maria@example.com", None),
        ("x" * 65, None),
        ("pub_17-east+2.0", "pub_17-east+2.0"),
        ("john smith", None),
        ("", None),
    ],
)
def test_a_lead_says_which_part_of_its_source_it_is_from_in_plain_words(
    said: str, sub_source: str | None
) -> None:
    source = a_source(sub_source_field="publisher")
    fields = {"email": "maria@example.com", "attribution": {"publisher": said}}

    lead = lead_of(source, a_campaign(), fields, lead_id=LEAD_ID, now=MONDAY_9AM)

    assert lead.sub_source == sub_source


def test_by_default_the_part_of_a_source_is_the_advertisement() -> None:
    fields = {"email": "maria@example.com", "utm_campaign": "spring"}

    assert lead_of(a_source(), a_campaign(), fields, lead_id=LEAD_ID, now=MONDAY_9AM).sub_source == "spring"


@pytest.mark.parametrize("field", ["gclid", "utm_term", "UTM"])
def test_what_is_another_for_every_visitor_is_no_part_of_a_source(field: str) -> None:
    with pytest.raises(ValueError, match="sub_source_field"):
        a_source(sub_source_field=field)
