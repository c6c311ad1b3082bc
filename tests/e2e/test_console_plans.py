"""Screen Plans: built in words, checked as one types, tried, published, gone back to; nobody's change is lost."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from baton.domain.lead import Lead, LeadState
from local import deploy
from tests.browser.visitors import a_browser
from tests.e2e.callers import a_user
from tests.e2e.console import PHONE, an_operator, faults_of
from tests.e2e.stack import Stack, wait
from tests.e2e.team import Team

IN_TEXAS = {"field": "contact.state", "op": "eq", "value": "TX"}
DEEP = {"all": [{"any": [{"all": [{"any": [{"field": "contact.state", "op": "eq", "value": "CA"}]}]}]}]}
SAVED = "The draft is saved"
JSON_IN_GUIDE: Final = re.compile(r"```json\n(.*?)```", re.DOTALL)
MANY: Final = 15


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


def with_default(part: dict[str, Any]) -> dict[str, Any]:
    """A part of a condition as the API completes it."""
    return {**part, "value": True} if part.get("op") == "exists" and "value" not in part else part


def title_of(team: Team) -> str:
    """What the console calls the team's plan."""
    return team.id.replace("-", " ").capitalize()


def stage_of(page: Page, name: str) -> Locator:
    """The card of the stage of that name."""
    return page.get_by_role("region", name=name, exact=True)


def the_stage(team: Team, **more: Any) -> dict[str, Any]:
    """The one stage of a team's plan."""
    return {"name": "The team", "pool_id": team.id, "auto_accept": True, **more}


def a_new_lead(stack: Stack, team: Team, version: int, **fields: Any) -> Lead:
    """A lead that follows that version: for some seconds after it was published others may not yet."""

    def sent() -> Lead | None:
        lead = stack.until(stack.take_in(team.source_id, **fields), LeadState.ASSIGNED)
        return lead if lead.plan_version == version else None

    lead = wait(sent, f"a lead follows version {version}")
    assert lead
    return lead


def test_a_stage_with_a_condition_and_a_pool_is_made_tried_and_published_and_leads_go_that_way(
    stack: Stack, browser: Browser
) -> None:
    team = Team.at(stack, size=2, auto_accept=True)
    second = team.reps[1]
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/plans")
        page.get_by_role("link", name=title_of(team)).click()
        page.get_by_role("button", name="Add a stage").click()
        page.get_by_label("Name of the stage").fill("Californians")
        card = stage_of(page, "Californians")
        card.get_by_role("button", name="Add a condition").click()
        card.get_by_label("How State is compared").select_option("is one of")
        card.get_by_label("What State is compared with").fill("California, nv")
        card.get_by_text("Assign at once").click()
        expect(card.get_by_label("What State is compared with")).to_have_value("CA, NV")

        card.get_by_role("button", name="New pool").click()
        dialog = page.get_by_role("dialog", name="New pool")
        dialog.get_by_label("Name of the pool").fill(f"West of {team.id}")
        dialog.get_by_label("Add a member").fill(second.name)
        dialog.get_by_role("button", name=second.name).click()
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_be_hidden()
        card.get_by_role("button", name="One person").click()
        dialog = page.get_by_role("dialog", name="One person")
        dialog.get_by_label("Who gets these leads").select_option(second.id)
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Use this person").click()
        expect(card.get_by_label("Pool", exact=True)).to_have_value(re.compile("alone"))
        expect(card.get_by_text("was asked by stage “The team” just before")).to_be_visible()
        card.get_by_role("button", name="Move “Californians” up").click()
        expect(card.get_by_text("was asked by stage “The team” just before")).to_have_count(0)
        expect(page.get_by_text(SAVED)).to_be_visible()
        assert faults_of(page) == []

        page.get_by_role("button", name="Make one up").click()
        page.get_by_label("State", exact=True).fill("CA")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text(f"{second.name} would get it")).to_be_visible()

        page.get_by_role("button", name="Publish", exact=True).click()
        dialog = page.get_by_role("dialog", name="Publish the plan?")
        expect(dialog.get_by_text("State is one of CA, NV")).to_be_visible()
        expect(dialog.get_by_text("as stage 1 of 2: the first")).to_be_visible()
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Publish it").click()
        expect(page.get_by_text("Leads follow version 2")).to_be_visible()
    assert {a_new_lead(stack, team, 2, state="CA").recipient_id for _ in range(2)} == {second.id}


def test_what_is_wrong_stands_at_its_stage_until_that_is_switched_off(stack: Stack, browser: Browser) -> None:
    team = Team.at(stack)
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/plans/{team.id}")
        card = stage_of(page, "The team")
        card.get_by_role("button", name="Change").click()
        card.get_by_text("The best bid").click()
        wrong = f"“{team.reps[0].name}” is a rep and cannot bid"
        expect(card.get_by_text(wrong)).to_be_visible()

        check = page.get_by_role("region", name="Check")
        expect(check.get_by_text("1 to mend")).to_be_visible()
        check.get_by_role("button", name="The team").click()
        expect(card.get_by_role("button", name="Done")).to_be_focused()
        assert faults_of(page) == []
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_role("dialog").get_by_role("button", name="Publish it")).to_be_disabled()
        page.keyboard.press("Escape")

        card.get_by_role("button", name="Switch “The team” off").click()
        expect(card.get_by_text(wrong)).to_have_count(0)
        expect(check.get_by_text("Every stage is switched off")).to_be_visible()
    (stage,) = a_user(stack, "viewer")("GET", f"/v1/plans/{team.id}/draft").json["stages"]
    assert (stage["off"], stage["model"]) == (True, "ping_post")


def test_two_versions_are_compared_in_words_and_leads_follow_the_earlier_one_again(
    stack: Stack, browser: Browser
) -> None:
    team, admin = Team.at(stack), a_user(stack, "admin")
    changed = the_stage(team, accept_within_s=600, auto_accept=False, when=IN_TEXAS)
    added = {"name": "Everybody else", "pool_id": team.id, "max_offers": 1}
    admin.publishes(team.id, stages=[changed, added])
    admin.publishes(team.id, stages=[added, changed])
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/plans/{team.id}/versions")
        expect(page.get_by_text("by admin-")).to_have_count(2)
        changes = page.get_by_role("region", name="What is different")
        expect(changes.get_by_text("from place 1 to 2")).to_be_visible()
        changes.get_by_label("From").select_option("Version 1")
        expect(changes.get_by_text("2 minutes → 10 minutes")).to_be_visible()
        expect(changes.get_by_text("Every lead that comes here → State is TX")).to_be_visible()
        expect(changes.get_by_text("Everybody else")).to_be_visible()
        assert faults_of(page) == []

        row = page.get_by_role("listitem").filter(has_text="Version 1")
        row.get_by_role("button", name="Go back to it").click()
        assert faults_of(page) == []
        page.get_by_role("button", name="Let leads follow it").click()
        expect(page.get_by_text("Leads follow version 1 again.")).to_be_visible()
    assert admin("GET", f"/v1/plans/{team.id}").json["version"] == 1


def test_a_viewer_looks_and_tries_and_neither_page_nor_api_lets_them_change_anything(
    stack: Stack, browser: Browser
) -> None:
    team = Team.at(stack, auto_accept=True)
    path = f"/v1/plans/{team.id}/draft"
    with an_operator(stack, browser, group="viewer", viewport=PHONE) as vera:
        page = vera.opens(f"#/plans/{team.id}")
        card = stage_of(page, "The team")
        for name in ("Switch “The team” off", "Remove “The team”"):
            expect(card.get_by_role("button", name=name)).to_be_disabled()
        for name in ("Add a stage", "Publish"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
        card.get_by_role("button", name="Change").click()
        card.get_by_label("Name of the stage").fill("Hers")
        expect(page.get_by_text("You are looking only")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []

        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text(f"{team.reps[0].name} would get it")).to_be_visible()
    viewer = a_user(stack, "viewer")
    assert viewer("GET", path).status == 404
    assert viewer("PUT", path, {"id": team.id, "stages": []}, if_none_match="*").status == 403


def test_a_ready_made_plan_is_made_with_the_pools_that_were_chosen_and_leads_of_a_campaign_follow_it(
    stack: Stack, browser: Browser
) -> None:
    crew, on_call = Team.at(stack), Team.at(stack)
    viewer, plan_id = a_user(stack, "viewer"), f"locksmiths-of-{crew.id}"
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/plans")
        page.get_by_role("button", name="New plan").click()
        expect(page.get_by_role("button", name="Agency")).to_be_visible()
        assert faults_of(page) == []
        page.get_by_role("button", name="Local services").click()
        page.get_by_label("What the plan is called").fill(f"Locksmiths of {crew.id}")
        make = page.get_by_role("button", name="Make the draft")
        page.get_by_label("Stage 1").select_option(crew.id)
        expect(make).to_be_disabled()
        page.get_by_label("Stage 2").select_option(on_call.id)
        page.get_by_label("Who gets what nobody took").select_option(on_call.reps[0].id)
        assert faults_of(page) == []
        make.click()

        card = stage_of(page, "The crew in working hours")
        expect(card.get_by_text("Time of the decision is during 08:00 to 18:00, Mon to Fri")).to_be_visible()
        expect(card.get_by_text(crew.reps[0].name)).to_be_visible()
        card.get_by_role("button", name="Change").click()
        expect(card.get_by_role("button", name="Sun")).to_have_attribute("aria-pressed", "false")
        assert faults_of(page) == []
        draft = viewer("GET", f"/v1/plans/{plan_id}/draft").json
        assert [stage["pool_id"] for stage in draft["stages"]] == [crew.id, on_call.id]
        assert draft["fallback"] == on_call.reps[0].id

        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Publish it").click()
        page.get_by_role("button", name="Choose a campaign").click()
        page.get_by_label("Campaign", exact=True).select_option(crew.id)
        assert faults_of(page) == []
        page.get_by_role("button", name="Let its leads follow this plan").click()
        expect(page.get_by_text(f"For {crew.id}")).to_be_visible()
    assert viewer("GET", f"/v1/campaigns/{crew.id}").json["plan_id"] == plan_id


def test_two_who_change_one_draft_lose_nothing_and_are_asked_only_about_the_same_part(
    stack: Stack, browser: Browser
) -> None:
    team, other = Team.at(stack), a_user(stack, "admin")
    path = f"/v1/plans/{team.id}/draft"
    first = {"id": team.id, "stages": [the_stage(team)], "fallback": None}
    assert other("PUT", path, first, if_none_match="*").status == 201
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/plans/{team.id}")
        card = stage_of(page, "The team")
        expect(card).to_be_visible()
        other.changes(path, fallback=team.reps[0].id)
        card.get_by_role("button", name="Switch “The team” off").click()
        expect(page.get_by_label("Who gets what nobody took")).to_have_value(team.reps[0].id)

        other.changes(path, stages=[the_stage(team, name="Theirs")])
        card.get_by_role("button", name="Switch “The team” on").click()
        dialog = page.get_by_role("dialog", name="Changed meanwhile")
        expect(dialog.get_by_text("What admin-")).to_be_visible()
        expect(dialog.get_by_text("The team → Theirs")).to_be_visible()
        assert faults_of(page) == []
        dialog.get_by_role("button", name="Take theirs").click()
        dialog.get_by_role("button", name="Go on with that").click()
        expect(stage_of(page, "Theirs")).to_be_visible()
        expect(page.get_by_text(SAVED)).to_be_visible()
    now = other("GET", path).json
    assert ([stage["name"] for stage in now["stages"]], now["fallback"]) == (["Theirs"], team.reps[0].id)


def test_a_condition_that_cannot_be_drawn_is_shown_in_words_and_kept(stack: Stack, browser: Browser) -> None:
    team, admin = Team.at(stack), a_user(stack, "admin")
    admin.publishes(team.id, stages=[the_stage(team, when=DEEP)])
    with an_operator(stack, browser) as maria:
        page = maria.opens(f"#/plans/{team.id}")
        card = stage_of(page, "The team")
        expect(card.get_by_text("State is CA")).to_be_visible()
        card.get_by_role("button", name="Change").click()
        expect(card.get_by_text("Kept as it is: State is CA")).to_be_visible()
        card.get_by_label("Name of the stage").fill("Renamed")
        expect(page.get_by_text(SAVED)).to_be_visible()
    (stage,) = admin("GET", f"/v1/plans/{team.id}/draft").json["stages"]
    assert (stage["name"], stage["when"]) == ("Renamed", DEEP)


def test_every_condition_of_the_guide_can_be_made_in_words_and_stays_what_it_is(
    stack: Stack, browser: Browser
) -> None:
    guide = (deploy.ROOT / "docs" / "conditions.md").read_text()
    found = [json.loads(text, object_hook=with_default) for text in JSON_IN_GUIDE.findall(guide)]
    assert len(found) > MANY
    with an_operator(stack, browser) as maria:
        page = maria.opens("#/plans")
        drawn = page.evaluate(
            """async (conditions) => {
                const [{comparison, partOf}, {conditionWords, groupOf, ofGroup}] = await Promise.all(
                    [import("./condition_fields.js"), import("./condition_words.js")]);
                const again = (part) => {
                    const group = groupOf(part);
                    return group ? ofGroup({...group, parts: group.parts.map(again)}) : partOf(comparison(part));
                };
                return conditions.map((one) => [again(one), conditionWords(one)]);
            }""",
            found,
        )
    assert [document for document, _ in drawn] == found
    assert not [words for _, words in drawn if re.search(r"undefined|null|\{|…", words)]
