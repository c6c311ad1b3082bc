"""Configuration through the API alone, at the real gateway: who may, what is kept, and leads that follow it at once."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
import yaml

from baton.domain.lead import LeadState
from local import demo
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Stack

YAML: Final = "application/yaml"
PROBLEM: Final = "application/problem+json"
AT_ONCE: Final = 8
_numbers: Final = itertools.count(1)


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    """An admin."""
    return a_user(stack, "admin")


@pytest.fixture(scope="module")
def viewer(stack: Stack) -> Caller:
    """A viewer."""
    return a_user(stack, "viewer")


def a_rep(stack: Stack) -> dict[str, Any]:
    """A new rep, whose details must not get into a log."""
    number = next(_numbers)
    rep = {
        "id": f"api-rep-{number}",
        "name": f"Wilhelmina{number}",
        "email": f"wilhelmina{number}@private.example",
        "zone": "UTC",
    }
    stack.personal.update((rep["name"], rep["email"]))
    return rep


@pytest.mark.parametrize("token", ["", "no token", "a.b.c", "Bearer a.b.c"])
def test_without_a_token_that_counts_the_gateway_lets_nobody_in(stack: Stack, token: str) -> None:
    assert Caller(stack, token)("GET", "/v1/recipients").status == 401


def test_a_token_that_somebody_changed_does_not_count(stack: Stack, admin: Caller) -> None:
    head, _, signature = admin.token.rpartition(".")
    changed = signature[:-8] + ("A" * 8 if signature[-8:] != "A" * 8 else "B" * 8)

    assert Caller(stack, f"{head}.{changed}")("GET", "/v1/recipients").status == 401


def test_with_bearer_in_front_a_token_counts_too(stack: Stack, admin: Caller) -> None:
    assert Caller(stack, f"Bearer {admin.token}")("GET", "/v1/recipients").status == 200


def test_viewers_read_admins_write_and_others_do_neither(stack: Stack, admin: Caller, viewer: Caller) -> None:
    rep = a_rep(stack)

    assert viewer("POST", "/v1/recipients", rep).json["type"] == "urn:baton:forbidden"
    assert admin("POST", "/v1/recipients", rep).status == 201
    assert viewer("GET", f"/v1/recipients/{rep['id']}").json["name"] == rep["name"]
    assert a_user(stack, "")("GET", "/v1/recipients").status == 403


def test_a_document_is_created_replaced_and_deleted_by_its_etag(stack: Stack, admin: Caller) -> None:
    rep = a_rep(stack)
    path = f"/v1/recipients/{rep['id']}"

    created = admin("POST", "/v1/recipients", rep)
    paused = admin("PUT", path, {**rep, "paused": True}, if_match=created.headers["etag"])
    late = admin("PUT", path, {**rep, "active": False}, if_match=created.headers["etag"])
    blind = admin("PUT", path, rep)

    assert (created.status, paused.status, late.status, blind.status) == (201, 200, 412, 428)
    assert late.headers["content-type"] == PROBLEM
    assert admin("GET", path).headers["etag"] == paused.headers["etag"]
    assert admin("GET", path, if_none_match=paused.headers["etag"]).status == 304
    assert admin("DELETE", path, if_match=paused.headers["etag"]).status == 204
    assert admin("GET", path).status == 404


def test_of_many_who_edit_the_same_at_once_one_wins_and_all_others_hear_of_it(
    stack: Stack, admin: Caller
) -> None:
    rep = a_rep(stack)
    tag = admin("POST", "/v1/recipients", rep).headers["etag"]

    def edit(number: int) -> int:
        changed = {**rep, "caps": {"per_day": number + 1}}
        return admin("PUT", f"/v1/recipients/{rep['id']}", changed, if_match=tag).status

    with ThreadPoolExecutor(AT_ONCE) as editors:
        statuses = sorted(editors.map(edit, range(AT_ONCE)))

    assert statuses == [200, *[412] * (AT_ONCE - 1)]
    changes = [one for one in admin("GET", "/v1/changes").json["items"] if one["key"] == rep["id"]]
    assert [one["before"] is None for one in changes] == [False, True]


def test_what_is_wrong_is_said_with_its_place(admin: Caller) -> None:
    answer = admin(
        "POST", "/v1/pools", {"id": "p", "name": "P", "members": [{"recipient_id": "x", "weight": 0}]}
    )

    assert (answer.status, answer.headers["content-type"]) == (422, PROBLEM)
    assert [error["field"] for error in answer.json["errors"]] == ["members[0].weight"]


def test_a_lead_follows_what_one_file_configured_a_moment_ago(stack: Stack, admin: Caller) -> None:
    rep = a_rep(stack)
    name = f"file-{next(_numbers)}"
    stage = {"name": "The team", "pool_id": name, "auto_accept": True}
    file = {
        "recipients": [rep],
        "pools": [{"id": name, "name": name, "members": [{"recipient_id": rep["id"]}]}],
        "plans": [{"id": name, "stages": [stage], "fallback": rep["id"]}],
        "campaigns": [{"id": name, "name": name, "plan_id": name}],
        "sources": [{"id": name, "name": name, "campaign_id": name}],
    }

    imported = admin("PUT", "/v1/configuration", yaml.safe_dump(file), YAML)
    lead = stack.until(stack.take_in(name), LeadState.ASSIGNED)

    assert (imported.status, imported.json["created"]) == (200, 5)
    assert (lead.recipient_id, lead.plan_version) == (rep["id"], 1)


def test_a_plan_is_drafted_checked_published_and_rolled_back(stack: Stack, admin: Caller) -> None:
    rep, name = a_rep(stack), f"drafted-{next(_numbers)}"
    plan = f"/v1/plans/{name}"
    admin("POST", "/v1/recipients", rep)
    admin("POST", "/v1/pools", {"id": name, "name": name, "members": [{"recipient_id": rep["id"]}]})
    good = {"id": name, "stages": [{"name": "All", "pool_id": name}], "fallback": rep["id"]}
    bad = {**good, "stages": [{"name": "All", "pool_id": "nowhere"}]}

    first = admin("PUT", f"{plan}/draft", bad, if_none_match="*")
    found = admin("POST", f"{plan}/draft/check").json["findings"]
    refused = admin("POST", f"{plan}/publish", if_match=first.headers["etag"])
    second = admin("PUT", f"{plan}/draft", good, if_match=first.headers["etag"])
    published = admin("POST", f"{plan}/publish", if_match=second.headers["etag"])
    third = admin("PUT", f"{plan}/draft", {**good, "fallback": None}, if_none_match="*")
    admin("POST", f"{plan}/publish", if_match=third.headers["etag"])
    back = admin("POST", f"{plan}/rollback", {"version": 1}, if_match="*")

    assert [one["place"] for one in found] == ["stages[0].pool_id"]
    assert (refused.status, refused.json["type"]) == (422, "urn:baton:plan-not-valid")
    assert (published.status, published.json["version"]) == (201, 1)
    assert (back.status, admin("GET", plan).json["version"]) == (200, 1)
    assert [one["version"] for one in admin("GET", f"{plan}/versions").json["items"]] == [2, 1]


def test_a_large_file_comes_in_whole_goes_out_as_yaml_and_comes_in_again(stack: Stack, admin: Caller) -> None:
    name = f"large-{next(_numbers)}"
    reps = [{**a_rep(stack), "id": f"{name}-{number:03d}"} for number in range(120)]
    members = [{"recipient_id": rep["id"]} for rep in reps]
    file = {"recipients": reps, "pools": [{"id": name, "name": name, "members": members}]}

    imported = admin("PUT", "/v1/configuration", file)
    exported = admin("GET", "/v1/configuration", accept=YAML)
    mine = {
        section: [one for one in documents if one["id"].startswith(name)]
        for section, documents in yaml.safe_load(exported.text).items()
    }
    again = admin("PUT", "/v1/configuration", yaml.safe_dump(mine), YAML)

    assert (imported.status, imported.json["created"]) == (200, 121)
    assert exported.headers["content-type"] == YAML
    assert (again.status, again.json["created"], again.json["changed"], again.json["removed"]) == (
        200,
        0,
        0,
        0,
    )


def test_the_demo_is_a_file_like_any_other_and_changes_nothing_the_second_time(
    stack: Stack, admin: Caller
) -> None:
    """Invariant 8."""
    configuration = demo.sections(inbox_port=4701, buyers_port=4702)
    count = sum(map(len, configuration.values()))

    first = demo.upload(stack.outputs["ApiUrl"], admin.token, configuration)
    second = demo.upload(stack.outputs["ApiUrl"], admin.token, configuration)

    assert first["created"] == count
    assert second == {"created": 0, "changed": 0, "unchanged": count, "removed": 0}


def test_a_list_goes_on_until_everything_was_seen(stack: Stack, admin: Caller) -> None:
    reps = {admin("POST", "/v1/recipients", a_rep(stack)).json["id"] for _ in range(3)}
    seen, after = [], ""
    while True:
        page = admin("GET", f"/v1/recipients?limit=7{after}").json
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert reps <= set(seen)
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("key", ["nobody", "a%2Fb", "%00", "a%20b", "x" * 2000, "%F0%9F%98%80"])
def test_an_id_that_nobody_has_is_not_found_whatever_it_is(admin: Caller, key: str) -> None:
    """Invariant 11."""
    assert 400 <= admin("GET", f"/v1/recipients/{key}").status < 500
