"""A screen that is open asks all the time: what it has already is not sent again, and never taken for a revision."""

import pytest

from tests.unit.console import ANA, Caller, an_admin

EVERYBODY = "/v1/recipients"


@pytest.fixture
def admin() -> Caller:
    """An admin, with one rep."""
    admin = an_admin()
    assert admin("POST", EVERYBODY, ANA).status == 201
    return admin


def test_a_list_that_has_not_changed_is_not_sent_again(admin: Caller) -> None:
    first = admin("GET", EVERYBODY)
    again = admin("GET", EVERYBODY, if_none_match=f'"other", {first.etag}')

    assert first.etag.startswith("W/")
    assert (again.status, again.text, again.etag) == (304, "", first.etag)


def test_a_list_that_has_changed_is_sent(admin: Caller) -> None:
    first = admin("GET", EVERYBODY)
    admin("DELETE", f"{EVERYBODY}/ana", if_match="*")
    again = admin("GET", EVERYBODY, if_none_match=first.etag)

    assert (again.status, again.json["items"]) == (200, [])
    assert again.etag != first.etag


def test_a_document_keeps_its_revision_as_its_tag(admin: Caller) -> None:
    read = admin("GET", f"{EVERYBODY}/ana")

    assert read.etag == '"1"'
    assert admin("GET", f"{EVERYBODY}/ana", if_none_match=read.etag).status == 304


def test_nobody_is_told_that_nothing_changed_who_may_not_look(admin: Caller) -> None:
    tag = admin("GET", EVERYBODY).etag

    assert Caller(admin.console, groups="")("GET", EVERYBODY, if_none_match=tag).code == "forbidden"


def test_a_list_s_tag_is_no_revision_to_write_by(admin: Caller) -> None:
    tag = admin("GET", EVERYBODY).etag

    assert admin("PUT", f"{EVERYBODY}/ana", ANA, if_match=tag).status in (400, 412, 422, 428)
