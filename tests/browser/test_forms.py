"""baton.js in a real browser: what a visitor's form becomes, and what the visitor sees."""

import json
from typing import Any

from playwright.sync_api import Browser, FilePayload, Page, expect

from baton.domain.lead import Lead, LeadState
from tests.browser.forms import CONSENT, FIELDS, THANKS, a_form, a_page
from tests.browser.site import Site
from tests.browser.visitors import Visitor, a_visitor, fill, heard, kept, until
from tests.builders import World

SECRETS = """
<input name="password" type="password" value="secret-1">
<input name="card" autocomplete="cc-number" value="secret-2">
<input name="file" type="file">
<input name="note" data-baton-skip value="secret-3">
<input name="website" value="" tabindex="-1">
"""


def send(page: Page) -> None:
    """Press the button of the first form."""
    page.locator("form button").first.click()


def the_lead(world: World, site: Site) -> Lead:
    """The one lead that came in."""
    (lead_id,) = site.lead_ids
    return world.leads.get(lead_id)


def sent(site: Site) -> dict[str, Any]:
    """The fields of the one post."""
    (post,) = site.posts
    return dict(json.loads(post.body))


def test_a_form_becomes_a_lead_with_its_consent_and_where_its_visitor_came_from(
    visitor: Visitor, site: Site, world: World
) -> None:
    page = visitor.opens(f"{site.url}/form?utm_source=google&gclid=abc&email=maria@example.com#top")
    fill(page)
    page.check("[name=consent]")
    send(page)
    expect(page.get_by_text("Thank you, we call you.")).to_be_focused()
    expect(page.locator("form")).to_be_hidden()
    assert (heard(page), kept(page)) == (["queued", "sent"], [])

    lead, fields = the_lead(world, site), sent(site)
    assert (lead.contact.last_name, lead.contact.email) == ("Lopez", "maria@example.com")
    assert lead.consent
    assert (lead.consent.given, lead.consent.text) == (True, "I agree that Sunny Roofs may call me.")
    assert (fields["consent.version"], fields["consent.page"]) == ("2026-11", f"{site.url}/form")
    landed = {"utm_source": "google", "gclid": "abc", "landing_page": f"{site.url}/form"}
    assert lead.attribution == landed
    assert (fields["_page"], fields["_form"]) == (f"{site.url}/form", "offer")
    assert 0 < fields["_fill_ms"] < 10_000


def test_without_a_text_of_the_sites_own_the_visitor_is_thanked_too(visitor: Visitor, site: Site) -> None:
    site.pages["/form"] = a_page(site.api, a_form(site.api, data_baton_sent="Danke!"))
    page = visitor.opens(f"{site.url}/form")
    fill(page)
    send(page)

    expect(page.get_by_role("status")).to_have_text("Danke!")
    expect(page.locator("[name=email]")).to_have_value("")


def test_a_redirect_is_followed_by_the_page(visitor: Visitor, site: Site) -> None:
    hidden = f'<input type="hidden" name="_redirect" value="{site.url}/thanks">'
    site.pages |= {"/form": a_page(site.api, a_form(site.api, FIELDS + hidden)), "/thanks": "<h1>Thanks</h1>"}
    page = visitor.opens(f"{site.url}/form")
    fill(page)
    send(page)

    page.wait_for_url(f"{site.url}/thanks")
    assert len(site.lead_ids) == 1


def test_without_javascript_the_form_posts_itself(browser: Browser, site: Site) -> None:
    with a_visitor(browser, java_script_enabled=False) as visitor:
        page = visitor.context.new_page()
        page.goto(f"{site.url}/form")
        fill(page)
        send(page)

        expect(page.get_by_text("We have received your request.")).to_be_visible()
        assert site.posts[0].content_type == "application/x-www-form-urlencoded"


def test_the_first_campaign_of_a_session_counts(visitor: Visitor, site: Site, world: World) -> None:
    page = visitor.opens(f"{site.url}/form")
    for query in ("utm_source=first&utm_medium=cpc", "utm_source=second&gclid=later", ""):
        page.goto(f"{site.url}/form?{query}")
    fill(page)
    send(page)
    site.until(lambda: bool(site.lead_ids), "the lead")

    assert the_lead(world, site).attribution.items() >= {"utm_source": "first", "utm_medium": "cpc"}.items()
    assert "gclid" not in the_lead(world, site).attribution


def test_what_a_link_puts_into_the_address_cannot_make_a_lead_refused(visitor: Visitor, site: Site) -> None:
    page = visitor.opens(f"{site.url}/form?utm_term=%00{'x' * 999}%F0%9F%98%80&utm_id=%FF&utm_{'y' * 70}=1")
    fill(page)
    send(page)

    expect(page.locator("[data-baton-thanks]")).to_be_visible()


def test_a_forms_own_fields_win_unless_they_are_empty(visitor: Visitor, site: Site) -> None:
    own = '<input type="hidden" name="utm_source" value="own"><input type="hidden" name="gclid" value="">'
    site.pages["/form"] = a_page(site.api, a_form(site.api, FIELDS + own))
    page = visitor.opens(f"{site.url}/form?utm_source=google&gclid=abc")
    fill(page)
    send(page)
    site.until_posted(1)

    assert (sent(site)["utm_source"], sent(site)["gclid"]) == ("own", "abc")


def test_an_invalid_field_is_shown_where_it_is_and_can_be_corrected(visitor: Visitor, site: Site) -> None:
    page = visitor.opens(f"{site.url}/form")
    fill(page, email="maria@example", phone="12")
    send(page)

    email, phone = page.locator("[name=email]"), page.locator("[name=phone]")
    expect(page.get_by_role("alert")).to_have_count(2)
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_accessible_description("This is not an email address.")
    expect(phone).to_have_accessible_description(
        "This is not a phone number: 7 to 15 digits, optionally after a +. With area code"
    )
    expect(email).to_be_focused()
    assert (heard(page), kept(page)) == (["queued", "refused"], [])

    fill(page, phone="+1 202 555 0147")
    expect(phone).to_have_accessible_description("With area code")
    send(page)
    expect(page.locator("[data-baton-thanks]")).to_be_visible()
    assert len({post.key for post in site.posts}) == len(site.posts) == 2


def test_what_is_wrong_with_no_field_of_the_form_is_said_below_it(visitor: Visitor, site: Site) -> None:
    hidden = '<input type="hidden" name="consent_at" value="yesterday">'
    site.pages["/form"] = a_page(site.api, a_form(site.api, FIELDS + hidden))
    page = visitor.opens(f"{site.url}/form")
    fill(page)
    send(page)

    expect(page.get_by_role("alert")).to_have_text(
        "Not sent: at is not an ISO 8601 date and time that exists."
    )


def test_a_double_click_sends_one_lead(visitor: Visitor, site: Site) -> None:
    page = visitor.opens(f"{site.url}/form")
    fill(page)
    page.evaluate("addEventListener('baton:queued', () => document.forms[0].requestSubmit())")
    page.locator("form button").dblclick()

    expect(page.locator("[data-baton-thanks]")).to_be_visible()
    assert (len(site.posts), len(site.lead_ids)) == (1, 1)


def test_passwords_cards_and_files_never_leave_the_form_and_the_honeypot_does(
    visitor: Visitor, site: Site, world: World
) -> None:
    site.down = True
    site.pages["/form"] = a_page(site.api, a_form(site.api, FIELDS + SECRETS))
    page = visitor.opens(f"{site.url}/form")
    page.set_input_files("[name=file]", FilePayload(name="a.txt", mimeType="text/plain", buffer=b"secret-4"))
    fill(page, website="http://spam.example")
    send(page)
    expect(page.get_by_role("status")).to_be_visible()

    (waiting,) = kept(page)
    assert "secret" not in json.dumps(waiting)
    assert not {"password", "card", "file", "note"} & json.loads(waiting["body"]).keys()
    site.down = False
    send(page)
    site.until(lambda: bool(site.lead_ids), "the lead")
    assert the_lead(world, site).state is LeadState.QUARANTINED


def test_two_forms_on_a_page_and_one_that_comes_later_are_three(visitor: Visitor, site: Site) -> None:
    # Their fields hide the properties of the form that have the same name.
    trap = '<input name="id" value="7"><input name="action" value="buy"><input type="reset" name="reset">'
    forms = [a_form(site.api, FIELDS + trap, id=name) for name in ("one", "two")]
    thanks = [f'<p data-baton-thanks="{name}" hidden>Thanks for {name}</p>' for name in ("one", "two")]
    site.pages["/form"] = a_page(site.api, *forms, *thanks)
    page = visitor.opens(f"{site.url}/form")
    page.evaluate("""() => {
        const later = document.forms[0].cloneNode(true);
        later.setAttribute('id', 'later');
        document.body.append(later);
        const shadow = document.createElement('div').attachShadow({mode: 'open'});
        shadow.append(document.forms[0].cloneNode(true));
        document.body.append(shadow.host);
        baton.enhance(shadow.querySelector('form'));
        let no = 0;
        for (const root of [document, shadow])
            for (const form of root.querySelectorAll('form')) {
                form.querySelector('[name=last_name]').value = 'Lopez';
                form.querySelector('[name=email]').value = `maria${no++}@example.com`;
                form.requestSubmit();
            }
    }""")
    site.until(lambda: len(site.lead_ids) == 4, "four leads")

    assert sorted(json.loads(post.body)["_form"] for post in site.posts) == ["later", "one", "one", "two"]
    expect(page.get_by_text("Thanks for one")).to_be_visible()
    expect(page.get_by_text("Thanks for two")).to_be_visible()


def test_a_page_that_says_things_itself_can_have_its_way(visitor: Visitor, site: Site) -> None:
    site.pages["/form"] = a_page(site.api, a_form(site.api, FIELDS + CONSENT), THANKS)
    page = visitor.opens(f"{site.url}/form")
    page.evaluate("addEventListener('baton:sent', event => event.preventDefault())")
    fill(page)
    send(page)
    until(page, "heard.length == 2")

    expect(page.locator("[data-baton-thanks]")).to_be_hidden()
    expect(page.locator("[name=email]")).to_have_value("maria@example.com")
