"""What reps and operations do besides answering: outcomes, weights by performance, a rep's own settings."""

import re
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from baton.domain.caps import Caps
from baton.domain.lead import LeadState
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import FORM, Stack, link_in, wait
from tests.e2e.team import Team

SETTINGS: Final = re.compile(r"https?://\S+/settings")


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    """An admin."""
    return a_user(stack, "admin")


def test_a_finished_lead_makes_room_for_the_next(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, 1, auto_accept=True, caps=Caps(open_leads=1))
    first = stack.take_in(team.source_id)
    stack.until(first, LeadState.ASSIGNED)
    stack.until(stack.take_in(team.source_id), LeadState.UNASSIGNED)

    answer = admin("POST", f"/v1/leads/{first}/outcomes", {"outcome": "converted"})

    assert (answer.status, answer.json["state"]) == (200, "converted")
    stack.until(stack.take_in(team.source_id), LeadState.ASSIGNED)


def test_weights_follow_what_members_made_of_their_leads(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, 2, auto_accept=True)
    path = f"/v1/pools/{team.id}"
    admin.changes(path, weighting="performance", performance={"prior_leads": 1, "floor_percent": 10})
    for _ in range(4):
        lead = stack.until(stack.take_in(team.source_id), LeadState.ASSIGNED)
        outcome = "converted" if lead.recipient_id == team.reps[0].id else "lost"
        assert admin("POST", f"/v1/leads/{lead.lead_id}/outcomes", {"outcome": outcome}).status == 200

    answer = admin("POST", f"{path}/weights")

    assert answer.status == 200, answer
    good, bad = (member["weight"] for member in admin("GET", path).json["members"])
    assert good > 3 * bad
    assert changes_of(admin, team.id)[0]["after"]["members"][0]["weight"] == good
    before = admin("GET", path).headers["etag"]
    stack.invoke("reweigh", {})
    assert admin("GET", path).headers["etag"] == before, "measured again without news, nothing is written"


def test_a_rep_pauses_through_the_link_in_the_mail_and_the_change_log_says_who_it_was(
    stack: Stack, admin: Caller
) -> None:
    team = Team.at(stack, 2)
    stack.take_in(team.source_id)
    mail = wait(lambda: stack.mails_to(team.email(1)), "the mail")[0]
    found = SETTINGS.search(str(mail))
    assert found
    link = found[0]
    assert link.startswith(link_in(stack.sms_to(team.phone(1))[0]))

    page = stack.request("GET", link)
    untouched = stack.request("POST", link, "", FORM)
    saved = stack.request("POST", link, urlencode({"wish": "pause"}), FORM)

    assert (page.status, untouched.status, saved.status) == (200, 200, 200)
    assert "You take no leads at present" in saved.text
    assert admin("GET", f"/v1/recipients/{team.reps[0].id}").json["paused"] is True
    assert changes_of(admin, team.reps[0].id)[0]["by"] == f"rep:{team.reps[0].id}"


def changes_of(admin: Caller, key: str) -> list[dict[str, Any]]:
    """The change log's entries about a document, newest first."""
    return [entry for entry in admin("GET", "/v1/changes?limit=50").json["items"] if entry["key"] == key]
