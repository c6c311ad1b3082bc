"""baton.js in a real browser, when the network, the API or the page itself goes away: one lead, not none, not two."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.forms import FIELDS, a_form, a_page
from tests.browser.site import Fault, Site
from tests.browser.visitors import Visitor, fill, heard, kept, until

THANKS = "[data-baton-thanks]"
# Longer ones are the time that an answer may take.
NOTE_PAUSES = """
window.pauses = [];
const started = window.setTimeout;
window.setTimeout = (work, ms) => { if (ms < 20000) pauses.push(ms); return started(work, ms); };
"""
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def submit(page: Page) -> None:
    """Fill in the form and send it."""
    fill(page)
    page.locator("form button").first.click()


def opens_in_still_time(visitor: Visitor, site: Site) -> Page:
    """The form, in a browser whose clock moves only when it is told to: no pause ends by itself."""
    visitor.context.clock.install(time=NINE)
    visitor.context.add_init_script(NOTE_PAUSES)
    page = visitor.opens(f"{site.url}/form")
    visitor.context.clock.pause_at(NINE + timedelta(minutes=1))
    return page


def assert_one_lead(site: Site, page: Page) -> None:
    """However often it was posted, it is one lead, and no copy waits."""
    assert len({post.key for post in site.posts}) == len({post.body for post in site.posts}) == 1
    assert len(site.lead_ids) == 1
    until(page, "!Object.keys(localStorage).some(name => name.startsWith('baton.lead.'))")


def test_an_api_that_is_away_for_a_moment_is_asked_again(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.UNAVAILABLE)
    page = opens_in_still_time(visitor, site)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.clock.run_for(1_000)
    expect(page.locator(THANKS)).to_be_visible()

    assert len(site.posts) == 2
    assert_one_lead(site, page)


def test_a_firewall_s_refusal_is_not_the_last_word(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.FORBIDDEN)
    page = opens_in_still_time(visitor, site)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.clock.run_for(1_000)
    expect(page.locator(THANKS)).to_be_visible()

    assert_one_lead(site, page)


def test_a_lead_is_kept_before_it_is_sent_and_the_visitor_is_told(visitor: Visitor, site: Site) -> None:
    site.down = True
    page = visitor.opens(f"{site.url}/form")
    submit(page)
    expect(page.get_by_role("status")).to_have_text("Not sent yet. We have kept it and keep trying.")

    (waiting,) = kept(page)
    assert (waiting["key"], waiting["body"]) == (site.posts[0].key, site.posts[0].body)
    assert heard(page) == ["queued"]


def test_a_site_may_have_nothing_kept(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.UNAVAILABLE)
    site.pages["/form"] = a_page(site.api, a_form(site.api, FIELDS, data_baton_keep="no"))
    page = visitor.opens(f"{site.url}/form")
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    assert kept(page) == []
    page.get_by_role("button").click()

    expect(page.get_by_role("status")).to_contain_text("Thank you")
    assert_one_lead(site, page)


def test_a_connection_that_breaks_in_the_middle_of_the_answer(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.CUT)
    page = opens_in_still_time(visitor, site)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.clock.run_for(1_000)
    expect(page.locator(THANKS)).to_be_visible()

    assert_one_lead(site, page)


def test_offline_in_the_middle_of_a_submit_then_online_is_one_lead(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.LOST)
    page = opens_in_still_time(visitor, site)
    submit(page)
    # Baton has it, but the browser has not heard so.
    site.until(lambda: len(site.lead_ids) == 1, "the lead")
    visitor.context.set_offline(True)
    site.go_on.set()
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    visitor.context.set_offline(False)

    expect(page.locator(THANKS)).to_be_visible()
    assert_one_lead(site, page)


def test_offline_from_the_beginning_then_online_is_one_lead(visitor: Visitor, site: Site) -> None:
    page = opens_in_still_time(visitor, site)
    visitor.context.set_offline(True)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    assert site.posts == []
    visitor.context.set_offline(False)

    expect(page.locator(THANKS)).to_be_visible()
    assert_one_lead(site, page)


def test_a_page_that_is_closed_sends_its_lead_when_the_site_is_opened_again(
    visitor: Visitor, site: Site
) -> None:
    page = visitor.opens(f"{site.url}/form")
    visitor.context.set_offline(True)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.close()
    visitor.context.set_offline(False)
    page = visitor.opens(f"{site.url}/form")

    site.until(lambda: bool(site.lead_ids), "the lead")
    assert_one_lead(site, page)
    assert heard(page) == ["sent"]


def test_a_page_that_is_left_while_its_lead_waits_tries_once_more(visitor: Visitor, site: Site) -> None:
    site.pages["/elsewhere"] = "<h1>Elsewhere</h1>"
    site.faults.append(Fault.UNAVAILABLE)
    page = opens_in_still_time(visitor, site)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.goto(f"{site.url}/elsewhere")

    site.until(lambda: bool(site.lead_ids), "the lead")
    page.goto(f"{site.url}/form")
    assert_one_lead(site, page)


def test_a_page_that_is_left_before_its_lead_is_on_the_way_sends_it_all_the_same(
    visitor: Visitor, site: Site
) -> None:
    site.pages["/elsewhere"] = "<h1>Elsewhere</h1>"
    site.hold_preflight = True
    page = visitor.opens(f"{site.url}/form")
    submit(page)
    site.until(lambda: site.asked, "the browser's question whether it may post")
    page.goto(f"{site.url}/elsewhere")
    site.go_on.set()

    site.until(lambda: bool(site.lead_ids), "the lead")


def test_a_browser_in_which_the_script_fails_sends_the_form_by_itself(visitor: Visitor, site: Site) -> None:
    page = visitor.opens(f"{site.url}/form")
    page.evaluate("() => { crypto.randomUUID = () => { throw new Error('broken'); }; }")
    submit(page)

    expect(page.get_by_text("We have received your request.")).to_be_visible()
    assert visitor.errors == ["broken"]
    visitor.errors.clear()


def test_an_answer_that_never_comes_is_given_up_and_asked_for_again(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.HELD)
    page = opens_in_still_time(visitor, site)
    submit(page)
    site.until_posted(1)
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.clock.fast_forward(1_000)

    expect(page.locator(THANKS)).to_be_visible()
    assert_one_lead(site, page)


def test_an_api_that_asks_for_time_gets_it_whatever_the_visitor_does(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.WAIT)
    page = opens_in_still_time(visitor, site)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.clock.run_for(25_000)
    page.locator("form button").click()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.reload()
    page.clock.run_for(2_000)
    assert len(site.posts) == 1

    page.clock.run_for(20_000)
    site.until(lambda: bool(site.lead_ids), "the lead")
    assert_one_lead(site, page)


def test_pauses_grow_and_a_click_ends_one(visitor: Visitor, site: Site) -> None:
    site.down = True
    page = opens_in_still_time(visitor, site)
    submit(page)
    for attempt in range(4):
        until(page, f"pauses.length == {attempt + 1}")
        (*_, pause_ms) = page.evaluate("pauses")
        assert 500 * 2**attempt <= pause_ms <= 1000 * 2**attempt
        page.clock.run_for(pause_ms + 1)
    site.until_posted(5)
    site.down = False
    page.locator("form button").click()

    expect(page.locator(THANKS)).to_be_visible()
    assert_one_lead(site, page)


def test_of_two_tabs_only_one_sends_a_lead(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.HELD)
    first = visitor.opens(f"{site.url}/form")
    submit(first)
    site.until_posted(1)
    second = visitor.opens(f"{site.url}/form")
    until(second, "navigator.locks.query().then(locks => locks.pending.length == 1)")
    site.go_on.set()
    expect(first.locator(THANKS)).to_be_visible()
    until(second, "navigator.locks.query().then(locks => !locks.held.length && !locks.pending.length)")

    assert len(site.posts) == 1
    assert_one_lead(site, second)


def test_another_tab_takes_over_when_the_first_is_closed(visitor: Visitor, site: Site) -> None:
    site.down = True
    first = visitor.opens(f"{site.url}/form")
    submit(first)
    expect(first.get_by_role("status")).to_contain_text("Not sent yet")
    second = visitor.opens(f"{site.url}/form")
    until(second, "navigator.locks.query().then(locks => locks.pending.length == 1)")
    site.down = False
    first.close()

    site.until(lambda: bool(site.lead_ids), "the lead")
    assert_one_lead(site, second)


def test_a_site_without_https_and_a_browser_that_keeps_nothing(visitor: Visitor, site: Site) -> None:
    site.faults.append(Fault.UNAVAILABLE)
    visitor.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    page = visitor.opens(f"http://shop.test:{site.port}/form")
    assert page.evaluate("[isSecureContext, !!navigator.locks, !!crypto.randomUUID]") == [False] * 3
    submit(page)

    expect(page.locator(THANKS)).to_be_visible()
    assert len(site.posts) == 2
    assert len(site.lead_ids) == 1


def test_a_lead_that_nobody_expects_a_call_for_any_more_is_removed(visitor: Visitor, site: Site) -> None:
    visitor.context.add_init_script(
        "localStorage['baton.lead.old'] = JSON.stringify({key: 'old', url: 'http://127.0.0.1:9/', body: '{}', at: 1});"
        "localStorage['baton.lead.broken'] = 'broken';"
    )
    page = visitor.opens(f"{site.url}/form")
    until(page, "heard.length == 1")

    assert heard(page) == ["refused"]
    assert (kept(page), site.posts) == ([], [])


def test_more_than_twenty_leads_are_not_kept_but_still_sent(visitor: Visitor, site: Site) -> None:
    site.pages["/form"] = a_page(site.api, *[a_form(site.api, FIELDS) for _ in range(21)])
    site.down = True
    page = visitor.opens(f"{site.url}/form")
    page.evaluate("""() => { [...document.forms].forEach((form, no) => {
        form.querySelector('[name=last_name]').value = 'Lopez';
        form.querySelector('[name=email]').value = `maria${no}@example.com`;
        form.requestSubmit();
    }); }""")
    site.until_posted(21)
    assert len(kept(page)) == 20
    site.down = False
    page.evaluate("dispatchEvent(new Event('online'))")

    site.until(lambda: len(site.lead_ids) == 21, "all leads")
