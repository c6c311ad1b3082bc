"""Screen Sources and campaigns: made, connected, tried, scored, loaded; and every way in that it shows works."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from baton.adapters.deliveries import DynamoDeliveries
from baton.domain.access import hash_of
from baton.domain.announcement import Announcement
from baton.domain.event_delivery import DeliveryState, EventDelivery
from baton.domain.lead import LeadState
from baton.domain.source import Source
from baton.domain.timeline import EventKind
from tests.browser.site import a_site
from tests.browser.visitors import a_browser, a_visitor
from tests.e2e.callers import a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Person, Stack, wait
from tests.e2e.team import Team
from tests.e2e.test_browser import road_to, send
from tests.subscriber import Subscriber

WORDS: Final = "I agree that Sunny Roofs may call me about my request."
SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
META: Final = {"app_secret": "meta-app", "verify_token": "meta-verify", "access_token": "meta-page"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


def make_source(page: Page, kind: str, name: str, campaign: str) -> None:
    """Make a source as a person would, from the list on."""
    page.get_by_role("button", name="New source", exact=True).click()
    page.get_by_role("link", name=kind).click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Campaign", exact=True).select_option(label=campaign)
    page.get_by_role("button", name="Save").click()


def fits_a_phone(page: Page) -> bool:
    """Whether nothing of the page is beside the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_campaign_gets_a_field_and_a_rule_and_the_last_leads_show_what_it_makes_of_them(
    stack: Stack, browser: Browser
) -> None:
    team, person = Team.at(stack, size=2, auto_accept=True), Person.new()
    lead_id = stack.take_in(team.source_id, person)
    stack.until(lead_id, LeadState.ASSIGNED)
    told = [rep.id for rep in team.reps]
    step = {"after_s": 600, "do": "escalate", "to": told[:1]}
    level = {"contact_within_s": 900, "then": [step]}
    a_user(stack, "admin").changes(f"/v1/campaigns/{team.id}", service_level=level)
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/sources/campaign/{team.id}?add=question")
        expect(page.get_by_label("Question")).to_be_focused()
        page.get_by_label("Question").fill("Roof in m²")
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_label("Kind of answer").select_option("Number")
        needed = page.get_by_label("Has to be there")
        expect(needed).not_to_be_checked()
        refused = page.get_by_text("Once you save, what they send without it is refused")
        expect(refused).to_have_count(0)
        needed.check()
        expect(refused).to_be_visible()
        assert faults_of(page) == []
        needed.uncheck()
        page.get_by_role("button", name="Service level").click()
        expect(page.get_by_label("Whom", exact=True)).to_have_value(told[0])
        page.get_by_label("And whom").select_option(told[1])
        page.get_by_role("button", name="Scoring").click()
        page.get_by_role("button", name="Add a rule").click()
        page.get_by_label("Points", exact=True).fill("85")
        page.get_by_label("Reason").fill("left a phone number")
        page.get_by_label("Another band").fill("hot")
        page.get_by_role("button", name="Add", exact=True).click()
        preview = page.get_by_role("region", name="What the rules make of the last leads")
        row = preview.get_by_role("listitem").filter(has_text=person.last_name)
        expect(row.get_by_label("from 0 to 85 points")).to_be_visible()
        expect(row.get_by_text("hot", exact=True)).to_be_visible()
        assert faults_of(page) == []
        assert stack.lead(lead_id).score == 0

        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Everything is saved.")).to_be_visible()
        expect(preview.get_by_text("All are rated as they are now.")).to_be_visible()
    campaign = a_user(stack, "viewer")("GET", f"/v1/campaigns/{team.id}").json
    (rule,) = campaign["scoring"]["rules"]
    assert campaign["service_level"]["then"][0]["to"] == told
    assert campaign["attributes"] == {"roof_in_m2": "number"}
    assert (rule["reason"], rule["points"], campaign["scoring"]["bands"]) == (
        "left a phone number",
        85,
        {"hot": 80},
    )


def test_the_form_of_a_new_source_put_into_a_page_sends_a_lead(stack: Stack, browser: Browser) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    stack.personal.update(person.fields.values())
    with an_operator(stack, browser) as maria, a_site(lambda _: road_to(stack)) as site:
        page = maria.opens("#/sources")
        expect(page.get_by_role("heading", name=team.id)).to_be_visible()
        assert faults_of(page) == []
        # Whoever is quick words it anew in the second in which they made it.
        page.clock.set_fixed_time(datetime.now(UTC))
        make_source(page, "Form on my web site", f"Form of {team.id}", team.id)
        snippet = page.get_by_role("group", name="The form", exact=True)
        expect(snippet).to_be_visible()
        first = a_user(stack, "viewer")("GET", f"/v1/sources/form-of-{team.id}").json["form"]["consent"]
        page.get_by_label("Words of the consent").fill(WORDS)
        expect(snippet).to_have_count(0)
        assert faults_of(page) == []
        page.get_by_role("button", name="Save", exact=True).click()
        copied = snippet.text_content()
        assert copied
        assert faults_of(page) == []

        text = copied.replace(stack.outputs["ApiUrl"], site.api)
        head = '<meta charset="utf-8"><title>Sunny Roofs</title><link rel="icon" href="data:,">'
        site.pages["/form"] = f'<!doctype html><html lang="en"><head>{head}</head><body>{text}</body></html>'
        with a_visitor(browser) as visitor:
            send(visitor, f"{site.url}/form?utm_source=google", person)
            expect(visitor.context.pages[0].locator("[data-baton-thanks]")).to_be_visible()
        (lead_id,) = site.lead_ids
        lead = stack.until(lead_id, LeadState.ASSIGNED)
        page.goto(f"{maria.address}#/leads/{lead_id}")
        expect(page.get_by_text(WORDS, exact=True)).to_be_visible()
        assert faults_of(page) == []
    assert (lead.source_id, lead.contact.email) == (f"form-of-{team.id}", person.email)
    assert lead.consent
    stored = a_user(stack, "viewer")("GET", f"/v1/sources/form-of-{team.id}").json["form"]["consent"]
    assert lead.consent.text == stored["text"] == WORDS
    assert lead.consent.version == stored["version"] != first["version"]


def test_a_platform_is_connected_by_the_steps_and_the_address_that_are_shown(
    stack: Stack, browser: Browser
) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    stack.personal.update(person.fields.values())
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/sources")
        make_source(page, "Google Ads lead forms", f"Ads of {team.id}", team.id)
        steps = page.get_by_role("region", name="Connect Google Ads")
        expect(steps.get_by_text("Not stored yet: Webhook key.")).to_be_visible()
        steps.get_by_role("button", name="Make one").click()
        key = steps.locator(".notice .mono").last.text_content()
        steps.get_by_role("button", name="Store", exact=True).click()
        expect(steps.get_by_text("Stored", exact=True)).to_be_visible()
        address = steps.get_by_text("/hooks/google-ads").text_content() or ""
        assert faults_of(page) == []
    sent = {
        "lead_id": f"google-{team.id}",
        "google_key": key,
        "user_column_data": [
            {"column_id": "FULL_NAME", "string_value": f"{person.first_name} {person.last_name}"},
            {"column_id": "EMAIL", "string_value": person.email},
        ],
    }
    path = address.removeprefix(stack.outputs["ApiUrl"])

    wrong = stack.request("POST", path, json.dumps({**sent, "google_key": "another"}), "application/json")
    right = stack.request("POST", path, json.dumps(sent), "application/json")

    assert (wrong.status, right.status) == (401, 200)
    wait(lambda: len(stack.leads_of(f"ads-of-{team.id}")) == 1, "the lead came in")


def test_a_vendor_gets_a_key_that_is_shown_once_and_lets_it_in(stack: Stack, browser: Browser) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    stack.personal.update(person.fields.values())
    source_id = f"vendor-of-{team.id}"
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/sources")
        make_source(page, "Vendor by API", f"Vendor of {team.id}", team.id)
        dialog = page.get_by_role("dialog")
        key = dialog.get_by_role("group", name="Keys").text_content() or ""
        assert faults_of(page) == []
        dialog.get_by_role("button", name="I have kept it").click()
        expect(page.get_by_role("group", name="An example")).to_contain_text(f"/v1/sources/{source_id}/leads")
        expect(page.get_by_text(key)).to_have_count(0)
        assert faults_of(page) == []

        # Somebody else takes it away, which this page has not heard of.
        a_user(stack, "admin").changes(f"/v1/sources/{source_id}", api_keys=[])
        page.get_by_role("button", name="New key").click()
        key = dialog.get_by_role("group", name="Keys").text_content() or ""
        dialog.get_by_role("button", name="I have kept it").click()

        # A challenge of another kind goes by the secret and the score that it had.
        challenge = {"kind": "turnstile", "secret": "site-key", "min_score": 0.7}
        a_user(stack, "admin").changes(f"/v1/sources/{source_id}", spam={"challenge": challenge})
        page.goto(f"{maria.address}#/sources/source/{source_id}/settings")
        page.reload()
        page.get_by_label("Challenge on the page").select_option("recaptcha")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Everything is saved.")).to_be_visible()

    refused = stack.post(source_id, person.fields)
    taken = stack.post(source_id, person.fields, X_Api_Key=key)

    assert (refused.status, taken.status) == (401, 202)
    source = a_user(stack, "viewer")("GET", f"/v1/sources/{source_id}").json
    assert source["api_keys"] == [hash_of(key)]
    assert source["spam"]["challenge"] == {**challenge, "kind": "recaptcha"}


def test_a_test_lead_is_followed_until_somebody_has_it(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack, auto_accept=True, allowed_origins=("https://elsewhere.example",))
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/sources/source/{team.source_id}")
        page.get_by_role("button", name="Send a test lead").click()
        dialog = page.get_by_role("dialog")
        assert faults_of(page) == []
        dialog.get_by_label("Email").fill("nobody")
        dialog.get_by_role("button", name="Send it").click()
        expect(dialog.get_by_text("is not an email address")).to_be_visible()
        dialog.get_by_label("Email").fill("test@private.example")
        dialog.get_by_role("button", name="Send it").click()

        expect(dialog.get_by_text("It works: the lead has somebody.")).to_be_visible()
        expect(dialog.get_by_text(f"Assigned to {team.reps[0].name}")).to_be_visible()
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Send another").click()
        sent = dialog.get_by_role("region", name="The tests so far").get_by_role("listitem")
        expect(sent.filter(has_text="Assigned")).to_have_count(2)
        assert faults_of(page) == []
        dialog.get_by_role("link", name="Open the lead").click()
        expect(page.get_by_role("heading", level=1, name="Test Lead 2")).to_be_visible()
        expect(page.get_by_text("Test", exact=True)).to_be_visible()
        page.goto(f"{maria.address}#/leads?source_id={team.source_id}&test=true")
        expect(page.get_by_role("table").get_by_text("Test", exact=True)).to_have_count(2)
        page.get_by_label("Tests", exact=True).select_option(label="without tests")
        expect(page.get_by_text("No lead is like that")).to_be_visible()
    leads = stack.leads_of(team.source_id)
    assert {(lead.test, lead.state) for lead in leads} == {(True, LeadState.ASSIGNED)}
    assert len({lead.contact.email for lead in leads}) == 2


def test_a_file_is_looked_at_and_then_loaded_row_by_row(
    stack: Stack, browser: Browser, tmp_path: Path
) -> None:
    team, person = Team.at(stack, auto_accept=True), Person.new()
    stack.personal.update(person.fields.values())
    file = tmp_path / "fair.csv"
    file.write_text(f"Kontakt,Last name\n{person.email},{person.last_name}\nnobody,Wrong\n")
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/sources/source/{team.source_id}/file")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_label("Read Kontakt as").select_option("Email")
        expect(page.get_by_text("2 rows, of which 1 would be refused.")).to_be_visible()
        assert faults_of(page) == []
        page.get_by_role("button", name="Load 1 lead").click()

        expect(page.get_by_role("heading", name="Loaded", exact=True)).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Get the refused rows").click()
        assert "nobody" in Path(download.value.path()).read_text()
    (lead,) = stack.leads_of(team.source_id)
    assert lead.contact.email == person.email


def test_what_another_system_did_not_take_is_sent_again_from_its_tab(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack, auto_accept=True)
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.ASSIGNED)
    admin, name = a_user(stack, "admin"), f"Warehouse of {team.id}"
    with Subscriber(SECRET) as other, an_operator(stack, browser) as maria:
        document = {"id": f"sub-{team.id}", "name": name, "url": other.url, "events": ["LeadAssigned"]}
        admin.creates("subscriptions", document | {"campaigns": [team.id]})
        path = f"/v1/subscriptions/sub-{team.id}"
        assert admin("PUT", f"{path}/secrets/signing", {"value": SECRET}).status == 204
        not_taken(stack, f"sub-{team.id}", lead_id)

        page = maria.opens("#/sources")
        page.get_by_role("button", name="Integrations").click()
        system = page.get_by_role("region", name=name)
        system.get_by_role("button", name="Try it").click()
        expect(system.get_by_text("It works: a made-up event was taken.")).to_be_visible()
        expect(system.get_by_text("Not taken: 1 event")).to_be_visible()
        assert faults_of(page) == []
        other.heard.clear()
        system.get_by_role("button", name="Send again").click()
        wait(lambda: [one["data"]["lead_id"] for one in other.heard] == [lead_id], "the event, sent again")

        system.get_by_role("button", name="Switch off").click()
        expect(system.get_by_text("Off", exact=True)).to_be_visible()
        assert admin("GET", path).json["active"] is False


def not_taken(stack: Stack, subscription_id: str, lead_id: str) -> None:
    """Leave an event behind that the other system answered 500 until nobody tried any more."""
    now = datetime.now(UTC)
    event = next(one for one in stack.leads.timeline(lead_id) if one.kind is EventKind.LEAD_ASSIGNED)
    begun = EventDelivery.of(subscription_id, Announcement.of(event), now)
    given_up = {"state": DeliveryState.DEAD, "status": 500, "next_at": None, "attempts": 12, "last_at": now}
    store = DynamoDeliveries(stack.client("dynamodb"), stack.outputs["LedgerTable"])
    assert store.put(begun.model_copy(update=given_up))


def test_a_viewer_sees_all_of_it_on_a_phone_and_changes_nothing(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack)
    stack.configure(Source(id=f"{team.id}-ads", name="Ads", campaign_id=team.id, hooks={"meta": META}))
    with an_operator(stack, browser, group="viewer", viewport=PHONE) as vera:
        page = vera.opens("#/sources")
        for name in ("New source", "New campaign"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
        assert fits_a_phone(page)
        for route, button in (
            (f"campaign/{team.id}", "Remove the campaign"),
            (f"source/{team.id}", "Send a test lead"),
            (f"source/{team.id}/settings", "Remove the source"),
            (f"source/{team.id}-ads", "New key"),
            ("integrations", "New source"),
        ):
            page.goto(f"{vera.address}#/sources/{route}")
            expect(page.get_by_role("button", name=button, exact=True)).to_be_disabled()
            assert fits_a_phone(page), route
            assert faults_of(page) == [], route
    viewer = a_user(stack, "viewer")
    for method, path, body in (
        ("POST", f"/v1/sources/{team.id}/test", {"fields": {"email": "a@private.example"}}),
        ("PUT", f"/v1/sources/{team.id}-ads/secrets/meta-app", {"value": "x"}),
        ("DELETE", f"/v1/sources/{team.id}", None),
    ):
        assert viewer(method, path, body, if_match="*").status == 403, path
