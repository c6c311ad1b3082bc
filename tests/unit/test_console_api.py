"""The configuration API over documents: who may, what is kept, and how two people never lose each other's edits."""

from typing import Any

import pytest

from baton.entrypoints.console.configuration import configuration_api
from baton.entrypoints.console.routes import MAX_PAGE
from tests.unit.console import ANA, BEN, TEAM, Caller, an_admin, an_admin_with_a_team

LONG = {"field": "contact.state", "op": "in", "value": [f"state-{number:04d}" for number in range(2500)]}
PLAIN = ("sources", "campaigns", "recipients", "pools")


# ------------------------------------------------------------------------------------------------------ who may
@pytest.mark.parametrize("groups", ["admin", "admin,viewer", "[admin viewer]", '["admin"]', ["admin"]])
def test_an_admin_changes_things_however_the_gateway_writes_groups(groups: Any) -> None:
    admin = Caller(an_admin().console, groups=groups)

    assert admin("POST", "/v1/recipients", ANA).status == 201


@pytest.mark.parametrize("groups", ["viewer", "[viewer]", ["viewer", "others"]])
def test_a_viewer_reads_and_changes_nothing(groups: Any) -> None:
    admin = an_admin_with_a_team()
    viewer = Caller(admin.console, groups=groups)

    assert viewer("GET", "/v1/recipients/ana").json["name"] == "Ana"
    for method, path in (("POST", "/v1/recipients"), ("PUT", "/v1/pools/team"), ("DELETE", "/v1/pools/team")):
        assert viewer(method, path, TEAM, if_match="*").code == "forbidden"
    assert admin("GET", "/v1/pools/team").status == 200


@pytest.mark.parametrize("groups", ["", None, [], "administrators", "not-admin", "Admin"])
def test_whoever_is_in_neither_group_may_not_even_look(groups: Any) -> None:
    stranger = Caller(an_admin().console, groups=groups)

    assert stranger("GET", "/v1/recipients").code == "forbidden"


def test_a_request_that_no_gateway_let_in_is_refused() -> None:
    nobody = Caller(an_admin().console, claims={})

    answer = nobody("GET", "/v1/recipients")

    assert (answer.status, answer.code) == (401, "unauthenticated")


def test_what_a_viewer_may_not_do_is_refused_before_the_body_is_looked_at() -> None:
    viewer = Caller(an_admin().console, groups="viewer")

    assert viewer("POST", "/v1/recipients", "{").code == "forbidden"


# ---------------------------------------------------------------------------------------------------- documents
def test_what_was_created_is_read_back_with_the_same_etag() -> None:
    admin = an_admin()

    created = admin("POST", "/v1/recipients", ANA)
    read = admin("GET", "/v1/recipients/ana")

    assert (created.status, created.headers["location"]) == (201, "recipients/ana")
    assert read.json == created.json
    assert read.json.items() >= ANA.items()
    assert read.etag == created.etag


def test_what_was_read_can_be_sent_back_as_it_is() -> None:
    admin = an_admin_with_a_team()
    read = admin("GET", "/v1/pools/team")

    answer = admin("PUT", "/v1/pools/team", read.json, if_match=read.etag)

    assert (answer.status, answer.json) == (200, read.json)


@pytest.mark.parametrize(
    ("plural", "document"),
    [
        ("recipients", ANA),
        ("pools", {"id": "empty", "name": "Nobody yet", "members": []}),
    ],
)
def test_every_kind_is_listed_read_replaced_and_deleted_alike(plural: str, document: dict[str, Any]) -> None:
    admin, path = an_admin(), f"/v1/{plural}/{document['id']}"
    created = admin("POST", f"/v1/{plural}", document)
    changed = admin("PUT", path, {**document, "name": "Another"}, if_match=created.etag)

    listed = admin("GET", f"/v1/{plural}").json

    assert [item["name"] for item in listed["items"]] == ["Another"]
    assert listed["etags"] == {document["id"]: changed.etag}
    assert admin("DELETE", path, if_match=changed.etag).status == 204
    assert admin("GET", path).code == "not-found"


def test_a_campaign_and_its_source_are_made_once_its_plan_is_published() -> None:
    admin = an_admin_with_a_team()
    campaign = {"id": "solar", "name": "Solar", "plan_id": "solar"}
    source = {"id": "form", "name": "Form", "campaign_id": "solar"}

    early = admin("POST", "/v1/campaigns", campaign)
    draft = {"id": "solar", "stages": [{"name": "team", "pool_id": "team"}], "fallback": "ana"}
    saved = admin("PUT", "/v1/plans/solar/draft", draft, if_none_match="*")
    admin("POST", "/v1/plans/solar/publish", if_match=saved.etag)

    assert early.code == "invalid-configuration"
    assert list(early.errors) == ["plan_id"]
    assert admin("POST", "/v1/campaigns", campaign).status == 201
    assert admin("POST", "/v1/sources", source).status == 201


def test_an_id_is_taken_once() -> None:
    admin = an_admin()
    admin("POST", "/v1/recipients", ANA)

    assert admin("POST", "/v1/recipients", {**ANA, "name": "Another"}).code == "already-exists"
    assert admin("GET", "/v1/recipients/ana").json["name"] == "Ana"


def test_a_body_is_for_the_document_that_the_address_names() -> None:
    admin = an_admin_with_a_team()

    answer = admin("PUT", "/v1/recipients/ana", BEN, if_match="*")

    assert (answer.status, list(answer.errors)) == (422, ["id"])


def test_what_is_in_use_is_not_deleted_and_the_answer_names_by_what() -> None:
    admin = an_admin_with_a_team()

    answer = admin("DELETE", "/v1/recipients/ana", if_match="*")

    assert (answer.status, answer.code) == (409, "in-use")
    assert "team" in answer.json["detail"]
    assert len(answer.json["used_by"]) == 1
    assert admin("GET", "/v1/recipients/ana").status == 200


@pytest.mark.parametrize("plural", PLAIN)
@pytest.mark.parametrize("key", ["nobody", "Ana", "a b", "%00", "x" * 1000, "ana#000001", "..", "é"])
def test_what_is_not_there_is_a_404_whatever_its_id(plural: str, key: str) -> None:
    """Invariant 11."""
    admin = an_admin()

    assert admin("GET", f"/v1/{plural}/{key}").code == "not-found"
    assert admin("DELETE", f"/v1/{plural}/{key}", if_match="*").code == "not-found"


def test_an_address_that_does_not_exist_is_a_problem_too() -> None:
    assert an_admin()("GET", "/v1/nothing").code == "not-found"


def test_behind_a_path_of_ones_own_the_addresses_are_the_same() -> None:
    assert an_admin()("GET", "/leads/v1/recipients").status == 200


# ------------------------------------------------------------------------------------------------------- paging
def test_every_document_is_on_exactly_one_page() -> None:
    admin = an_admin()
    ids = [f"rep-{number:02d}" for number in range(7)]
    for key in ids:
        admin("POST", "/v1/recipients", {**ANA, "id": key})

    seen, after = [], ""
    for _ in range(10):
        page = admin("GET", f"/v1/recipients?limit=3{after}").json
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == ids


@pytest.mark.parametrize("limit", ["0", "-1", str(MAX_PAGE + 1), "many", "1.5", "", "9" * 5000])
def test_a_limit_that_is_none_is_refused_by_its_name(limit: str) -> None:
    answer = an_admin()("GET", f"/v1/recipients?limit={limit}")

    assert (answer.status, list(answer.errors)) == (422, ["limit"])


@pytest.mark.parametrize("after", ["zzz", "Nobody", "#", "a,b", "\ud800", "%00"])
@pytest.mark.parametrize("path", ["recipients", "changes"])
def test_a_page_after_anything_at_all_is_a_page(path: str, after: str) -> None:
    """Invariant 11."""
    assert an_admin_with_a_team()("GET", f"/v1/{path}?after={after}").status < 500


def test_a_cursor_longer_than_any_is_refused() -> None:
    assert an_admin()("GET", f"/v1/recipients?after={'x' * 1000}").status == 422


# ------------------------------------------------------------------------------------------- two people at once
def test_of_two_people_who_edit_the_same_the_second_hears_of_it_and_loses_nothing() -> None:
    ana_s_team = an_admin_with_a_team()
    other = Caller(ana_s_team.console, name="otto")
    seen = ana_s_team("GET", "/v1/recipients/ana").etag

    first = ana_s_team("PUT", "/v1/recipients/ana", {**ANA, "name": "First"}, if_match=seen)
    second = other("PUT", "/v1/recipients/ana", {**ANA, "name": "Second"}, if_match=seen)

    assert first.status == 200
    assert (second.status, second.code) == (412, "edit-conflict")
    assert other("GET", "/v1/recipients/ana").json["name"] == "First"


@pytest.mark.parametrize(("method", "body"), [("PUT", ANA), ("DELETE", None)])
def test_nobody_writes_without_saying_what_they_have_seen(method: str, body: Any) -> None:
    admin = an_admin()
    admin("POST", "/v1/recipients", ANA)

    answer = admin(method, "/v1/recipients/ana", body)

    assert (answer.status, answer.code) == (428, "precondition-required")


@pytest.mark.parametrize(
    "tag", ['W/"{}"', "{}", '"x"', '"0"', '"999999"', '"', '"{}', '"77" "78', '"999999999999999999"']
)
def test_a_tag_that_is_not_exactly_the_present_one_changes_nothing(tag: str) -> None:
    admin = an_admin()
    rev = admin("POST", "/v1/recipients", ANA).etag.strip('"')

    assert admin("DELETE", "/v1/recipients/ana", if_match=tag.format(rev)).code == "edit-conflict"
    assert admin("GET", "/v1/recipients/ana").status == 200


def test_one_of_several_tags_is_enough() -> None:
    admin = an_admin()
    tag = admin("POST", "/v1/recipients", ANA).etag

    assert admin("DELETE", "/v1/recipients/ana", if_match=f'"77", {tag}').status == 204


def test_a_star_stands_for_whatever_there_is() -> None:
    admin = an_admin()
    admin("POST", "/v1/recipients", ANA)

    assert admin("PUT", "/v1/recipients/ana", {**ANA, "name": "Anna"}, if_match="*").json["name"] == "Anna"


def test_put_creates_where_the_caller_wants_something_new_and_only_there() -> None:
    admin = an_admin()

    first = admin("PUT", "/v1/recipients/ana", ANA, if_none_match="*")
    second = admin("PUT", "/v1/recipients/ana", {**ANA, "name": "Another"}, if_none_match="*")

    assert (first.status, second.code) == (201, "already-exists")
    assert admin("GET", "/v1/recipients/ana").json["name"] == "Ana"


def test_whoever_has_the_present_state_is_not_sent_it_again() -> None:
    admin = an_admin_with_a_team()
    read = admin("GET", "/v1/recipients/ana")

    again = admin("GET", "/v1/recipients/ana", if_none_match=f'"0", {read.etag}')

    assert (again.status, again.text, again.etag) == (304, "", read.etag)
    assert admin("GET", "/v1/recipients/ana", if_none_match='"0"').status == 200


# -------------------------------------------------------------------------------------------------- the record
def test_every_change_says_who_when_before_and_after() -> None:
    admin = an_admin_with_a_team()
    otto = Caller(admin.console, name="otto")
    otto("PUT", "/v1/recipients/ana", {**ANA, "name": "Anna"}, if_match="*")

    newest, *_, oldest = admin("GET", "/v1/changes").json["items"]

    assert (newest["by"], newest["kind"], newest["key"]) == ("otto", "recipient", "ana")
    assert (newest["before"]["name"], newest["after"]["name"]) == ("Ana", "Anna")
    assert newest["at"] == "2026-11-23T14:00:00Z"
    assert (oldest["by"], oldest["before"]) == ("maria", None)


def test_the_record_comes_in_pages() -> None:
    admin = an_admin_with_a_team()

    first = admin("GET", "/v1/changes?limit=2").json
    second = admin("GET", f"/v1/changes?limit=2&after={first['next']}").json

    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert second["next"] is None


def test_what_nobody_foresaw_is_a_500_that_tells_nobody_anything(capsys: pytest.CaptureFixture[str]) -> None:
    """Invariant 9."""

    def broken() -> Any:
        message = "kK4-secret"
        raise RuntimeError(message)

    answer = Caller(configuration_api(broken, broken, broken))("GET", "/v1/recipients")

    assert (answer.status, answer.code) == (500, "internal")
    assert "kK4-secret" not in answer.text + "".join(capsys.readouterr())


def test_an_answer_that_lambda_could_not_give_back_is_refused() -> None:
    """Invariant 11."""
    admin = an_admin()
    for number in range(MAX_PAGE):
        admin("POST", "/v1/recipients", {**ANA, "id": f"rep-{number}", "name": "x" * 100, "accepts": LONG})

    answer = admin("GET", f"/v1/recipients?limit={MAX_PAGE}")

    assert (answer.status, answer.code) == (413, "answer-too-large")
    assert admin("GET", "/v1/recipients?limit=10").status == 200


def test_answers_are_not_kept_by_others() -> None:
    admin = an_admin_with_a_team()

    assert admin("GET", "/v1/recipients").headers["cache-control"] == "private, no-cache"
    assert admin("GET", "/v1/recipients/nobody").headers["cache-control"] == "private, no-cache"
