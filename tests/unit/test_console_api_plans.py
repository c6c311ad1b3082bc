"""The configuration API over plans and over everything at once."""

import json
from typing import Any

import pytest
import yaml

from tests.unit.console import ANA, BEN, DRAFT, TEAM, YAML, Caller, an_admin, an_admin_with_a_team, as_yaml

CAMPAIGN = {"id": "solar", "name": "Solar", "plan_id": "solar"}
FILE: dict[str, list[dict[str, Any]]] = {
    "recipients": [ANA, BEN],
    "pools": [TEAM],
    "plans": [DRAFT],
    "campaigns": [CAMPAIGN],
    "sources": [{"id": "form", "name": "Form", "campaign_id": "solar"}],
}


def save(admin: Caller, **changes: Any) -> str:
    """Save a first draft of plan `solar`; returns its ETag."""
    answer = admin("PUT", "/v1/plans/solar/draft", {**DRAFT, **changes}, if_none_match="*")
    assert answer.status == 201, answer
    return answer.etag


def publish(admin: Caller, **changes: Any) -> int:
    """Publish a draft; returns the version."""
    answer = admin("POST", "/v1/plans/solar/publish", if_match=save(admin, **changes))
    assert answer.status == 201, answer
    return int(answer.json["version"])


def test_a_draft_becomes_the_version_that_leads_follow() -> None:
    admin = an_admin_with_a_team()

    answer = admin("POST", "/v1/plans/solar/publish", if_match=save(admin))

    assert (answer.json["version"], answer.headers["location"]) == (1, "versions/1")
    assert admin("GET", "/v1/plans/solar").json == answer.json
    assert admin("GET", "/v1/plans/solar/draft").code == "not-found"


def test_only_the_draft_that_was_seen_is_published() -> None:
    admin = an_admin_with_a_team()
    seen = save(admin)
    admin("PUT", "/v1/plans/solar/draft", {**DRAFT, "fallback": None}, if_match=seen)

    assert admin("POST", "/v1/plans/solar/publish").code == "precondition-required"
    assert admin("POST", "/v1/plans/solar/publish", if_match=seen).code == "edit-conflict"
    assert admin("GET", "/v1/plans/solar").code == "not-found"


def test_a_draft_is_edited_by_one_at_a_time() -> None:
    admin = an_admin_with_a_team()
    seen = save(admin)

    first = admin("PUT", "/v1/plans/solar/draft", {**DRAFT, "fallback": "ben"}, if_match=seen)
    second = admin("PUT", "/v1/plans/solar/draft", {**DRAFT, "fallback": None}, if_match=seen)

    assert (first.status, second.code) == (200, "edit-conflict")
    assert admin("PUT", "/v1/plans/solar/draft", DRAFT).code == "precondition-required"
    assert admin("PUT", "/v1/plans/solar/draft", {**DRAFT, "fallback": None}, if_match="*").status == 200


def test_a_bad_draft_is_kept_its_faults_are_found_and_it_is_not_published() -> None:
    admin = an_admin_with_a_team()
    tag = save(admin, stages=[{"name": "team", "pool_id": "nobody"}])

    found = admin("POST", "/v1/plans/solar/draft/check").json["findings"]
    refused = admin("POST", "/v1/plans/solar/publish", if_match=tag)

    assert [(one["place"], one["severity"]) for one in found] == [("stages[0].pool_id", "error")]
    assert (refused.status, refused.code) == (422, "plan-not-valid")
    assert refused.json["findings"] == found


def test_of_two_who_choose_the_version_at_once_the_later_hears_of_the_other() -> None:
    admin = an_admin_with_a_team()
    for n in range(2):
        publish(admin, fallback="ana" if n else None)
    seen = admin("GET", "/v1/plans/solar").etag

    first = admin("POST", "/v1/plans/solar/rollback", {"version": 1}, if_match=seen)
    late = admin("DELETE", "/v1/plans/solar", if_match=seen)
    blind = admin("POST", "/v1/plans/solar/rollback", {"version": 2})

    assert (first.status, late.code, blind.status) == (200, "edit-conflict", 428)


def test_a_viewer_may_check_a_draft_and_not_publish_it() -> None:
    admin = an_admin_with_a_team()
    etag, viewer = save(admin), Caller(admin.console, groups="viewer")

    assert viewer("POST", "/v1/plans/solar/draft/check").json == {"findings": []}
    assert viewer("POST", "/v1/plans/solar/publish", if_match=etag).code == "forbidden"


def test_leads_can_follow_an_earlier_version_again() -> None:
    admin = an_admin_with_a_team()
    publish(admin)
    publish(admin, fallback="ben")

    back = admin("POST", "/v1/plans/solar/rollback", {"version": 1}, if_match="*")

    assert (back.status, back.json["fallback"]) == (200, "ana")
    assert admin("GET", "/v1/plans/solar").json["version"] == 1
    assert [plan["version"] for plan in admin("GET", "/v1/plans/solar/versions").json["items"]] == [2, 1]
    assert admin("GET", "/v1/plans/solar/versions/2").json["fallback"] == "ben"


@pytest.mark.parametrize("version", [0, -1, 1.5, "one", None, 10**6, 10**15])
def test_a_version_that_cannot_be_is_refused(version: Any) -> None:
    admin = an_admin_with_a_team()
    publish(admin)

    assert admin("POST", "/v1/plans/solar/rollback", {"version": version}, if_match="*").status == 422
    assert admin("GET", f"/v1/plans/solar/versions/{version}").status == 422


def test_a_version_that_never_was_is_not_found() -> None:
    admin = an_admin_with_a_team()
    publish(admin)

    assert admin("POST", "/v1/plans/solar/rollback", {"version": 7}, if_match="*").code == "not-found"
    assert admin("GET", "/v1/plans/solar/versions/7").code == "not-found"


def test_the_list_says_how_each_plan_stands() -> None:
    admin = an_admin_with_a_team()
    publish(admin)
    tag = save(admin)

    assert admin("GET", "/v1/plans").json["items"] == [
        {"id": "solar", "published": 1, "newest": 1, "draft_etag": tag}
    ]


def test_a_draft_can_be_dropped_and_a_plan_deleted_once_no_campaign_uses_it() -> None:
    admin = an_admin_with_a_team()
    publish(admin)
    tag = save(admin)
    admin("POST", "/v1/campaigns", CAMPAIGN)

    assert admin("DELETE", "/v1/plans/solar/draft").code == "precondition-required"
    assert admin("DELETE", "/v1/plans/solar/draft", if_match=tag).status == 204
    assert admin("DELETE", "/v1/plans/solar", if_match="*").code == "in-use"
    assert admin("DELETE", "/v1/campaigns/solar", if_match="*").status == 204
    assert admin("DELETE", "/v1/plans/solar", if_match="*").status == 204
    assert admin("GET", "/v1/plans").json["items"] == []


@pytest.mark.parametrize("path", ["", "/draft", "/versions", "/versions/1"])
@pytest.mark.parametrize("key", ["solar", "Solar", "solar#000001", "x" * 1000])
def test_a_plan_that_is_not_there_is_a_404_everywhere(path: str, key: str) -> None:
    assert an_admin()("GET", f"/v1/plans/{key}{path}").code == "not-found"


# ------------------------------------------------------------------------------------------- everything at once
@pytest.mark.parametrize(
    ("media_type", "text"), [("application/json", json.dumps(FILE)), (YAML, as_yaml(FILE))]
)
def test_a_file_configures_everything_at_once(media_type: str, text: str) -> None:
    admin = an_admin()

    answer = admin("PUT", "/v1/configuration", text, media_type=media_type)

    assert (answer.status, answer.json["created"]) == (200, 6)
    assert admin("GET", "/v1/sources/form").json["campaign_id"] == "solar"
    assert admin("GET", "/v1/plans/solar").json["version"] == 1


def test_a_file_with_one_fault_changes_nothing_and_says_where_it_is() -> None:
    admin = an_admin()
    wrong = {**FILE, "recipients": [ANA, {**BEN, "zone": "Mars/Olympus"}]}

    answer = admin("PUT", "/v1/configuration", wrong)

    assert (answer.status, answer.code) == (422, "invalid-configuration")
    assert "recipients[1].zone" in answer.errors
    assert admin("GET", "/v1/recipients").json["items"] == []


@pytest.mark.parametrize("accept", ["application/json", "application/yaml", "text/yaml;q=0.9, */*;q=0.1"])
def test_what_is_exported_imports_as_the_same(accept: str) -> None:
    admin = an_admin()
    admin("PUT", "/v1/configuration", FILE)
    exported = admin("GET", "/v1/configuration", accept=accept)
    media_type = exported.headers["content-type"]

    other = an_admin()
    imported = other("PUT", "/v1/configuration", exported.text, media_type=media_type)

    assert imported.status == 200
    assert other("GET", "/v1/configuration", accept=accept).text == exported.text
    assert yaml.safe_load(exported.text)["pools"][0]["id"] == "team"
    assert media_type == ("application/json" if accept == "application/json" else YAML)


def test_what_a_file_does_not_have_goes_only_where_that_is_asked_for() -> None:
    admin = an_admin()
    admin("PUT", "/v1/configuration", FILE)
    only_ana = {"recipients": [ANA]}

    kept = admin("PUT", "/v1/configuration", only_ana)
    gone = admin("PUT", "/v1/configuration?replace=true", only_ana)

    assert (kept.json["removed"], gone.json["removed"]) == (0, 5)
    assert [item["id"] for item in admin("GET", "/v1/recipients").json["items"]] == ["ana"]


def test_what_is_to_be_new_is_refused_where_something_of_it_is_there() -> None:
    admin = an_admin()
    first = admin("PUT", "/v1/configuration", FILE, if_none_match="*")
    again = admin("PUT", "/v1/configuration", FILE, if_none_match="*")

    assert (first.status, first.json["created"]) == (200, 6)
    assert (again.status, again.code) == (409, "already-exists")
    assert all(f"'{one['id']}'" in again.json["detail"] for section in FILE.values() for one in section)


def test_only_what_is_new_and_nothing_else_do_not_go_together() -> None:
    admin = an_admin()
    admin("PUT", "/v1/configuration", FILE)

    answer = admin(
        "PUT", "/v1/configuration?replace=true", {"recipients": [{**ANA, "id": "zoe"}]}, if_none_match="*"
    )

    assert (answer.status, list(answer.errors)) == (422, ["replace"])
    assert len(admin("GET", "/v1/recipients").json["items"]) == len(FILE["recipients"])


def test_whether_to_replace_is_yes_or_no() -> None:
    assert list(an_admin()("PUT", "/v1/configuration?replace=perhaps", FILE).errors) == ["replace"]
