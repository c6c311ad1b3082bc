"""Imports of leads as their callers see them: a table in, a receipt out, the refused rows back."""

import json
from typing import Any, Final

import pytest

from baton.entrypoints.console.imports import imports_api
from baton.entrypoints.queues import queue
from baton.entrypoints.tasks import PartTask
from tests.unit.console import Caller
from tests.unit.test_imports import FILE, Office

IMPORTS: Final = "/v1/sources/web-form/imports"
CSV: Final = "text/csv"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def admin(office: Office) -> Caller:
    return Caller(imports_api(lambda: office.preview, lambda: office.leads, lambda: office.world.accept_lead))


def test_a_table_goes_in_as_it_is(office: Office, admin: Caller) -> None:
    begun = admin("POST", IMPORTS, FILE, media_type=CSV)
    office.work()
    after = admin("GET", f"/v1/imports/{begun.json['import_id']}")

    assert (begun.status, begun.json["waiting"]) == (202, 3)
    assert (after.json["waiting"], after.json["tally"]["taken"], after.json["by"]) == (0, 2, "maria")
    assert [problem["row"] for problem in after.json["problems"]] == [3]


def test_columns_are_named_beside_the_table(office: Office, admin: Caller) -> None:
    body = {"csv": FILE, "columns": {"Roof m2": "attributes.size", "utm_source": None}}

    begun = admin("POST", IMPORTS, body)

    assert dict(begun.json["columns"])["Roof m2"] == "attributes.size"
    assert dict(begun.json["columns"])["utm_source"] is None


def test_a_preview_shows_the_columns_and_the_first_leads(office: Office, admin: Caller) -> None:
    shown = admin("POST", f"{IMPORTS}/preview", FILE, media_type=CSV)

    assert shown.status == 200
    assert shown.json["columns"][0] == {"name": "E-Mail", "field": "contact.email", "filled": 3}
    assert shown.json["first"][0]["contact"]["first_name"] == "Maria"
    assert (shown.json["rows"], shown.json["bad"]) == (3, 1)
    assert not office.stored


def test_refused_rows_come_back_as_a_table_that_no_spreadsheet_runs(office: Office, admin: Caller) -> None:
    table = 'email,=note\nnobody,"=cmd|calc"\nnobody,+1 202 5550100\n'
    begun = admin("POST", IMPORTS, table, media_type=CSV)
    office.work()

    answer = admin("GET", f"/v1/imports/{begun.json['import_id']}/refused")

    assert answer.headers["content-type"] == CSV
    names, first, second = answer.text.splitlines()
    assert names == "email,'=note,problem"
    assert first.startswith("nobody,'=cmd|calc,contact.email ")
    assert second.startswith("nobody,+1 202 5550100,")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", IMPORTS, "email\n", 422, "invalid-file"),
        ("POST", IMPORTS, "email\nmaria@example.com", 202, ""),
        ("POST", "/v1/sources/nowhere/imports", FILE, 404, "not-found"),
        ("POST", "/v1/sources/NO WHERE/imports", FILE, 404, "not-found"),
        ("GET", f"/v1/imports/{'0' * 32}", None, 404, "not-found"),
        ("POST", f"/v1/imports/{'0' * 32}/resume", None, 404, "not-found"),
        ("GET", "/v1/imports/xyz", None, 404, "not-found"),
    ],
)
def test_what_cannot_be_done_is_said(
    admin: Caller, method: str, path: str, body: str | None, status: int, code: str
) -> None:
    answer = admin(method, path, body, media_type=CSV)

    assert answer.status == status
    assert not code or answer.code == code


def test_viewers_import_nothing(office: Office) -> None:
    viewer = Caller(
        imports_api(lambda: office.preview, lambda: office.leads, lambda: office.world.accept_lead),
        groups="viewer",
    )

    assert viewer("POST", IMPORTS, FILE, media_type=CSV).code == "forbidden"


def test_one_bad_message_keeps_no_other_from_being_done() -> None:
    done: list[int] = []

    @queue
    def load(message: PartTask) -> None:
        done.append(message.part)

    records = [
        {"messageId": "a", "body": json.dumps({"import_id": "0" * 32, "part": 1})},
        {"messageId": "b", "body": "no JSON"},
        {"messageId": "c", "body": json.dumps({"import_id": "0" * 32, "part": 3})},
    ]
    answer: dict[str, Any] = load({"Records": records}, None)

    assert done == [1, 3]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "b"}]}


def test_a_test_lead_goes_the_way_of_others_and_is_marked_as_one(office: Office, admin: Caller) -> None:
    sent = admin("POST", "/v1/sources/web-form/test", {"fields": {"email": "test@example.com"}})

    (lead,) = office.stored.values()
    assert (sent.status, sent.json) == (202, {"lead_id": lead.lead_id, "state": "received"})
    assert (lead.test, lead.contact.email) == (True, "test@example.com")


def test_a_test_lead_that_is_sent_again_with_its_key_is_one(office: Office, admin: Caller) -> None:
    def send(email: str) -> Any:
        return admin(
            "POST",
            "/v1/sources/web-form/test",
            {"fields": {"email": email}},
            idempotency_key="a1",
        )

    first, again, other = send("test@example.com"), send("test@example.com"), send("else@example.com")

    assert (first.status, again.json["lead_id"]) == (202, first.json["lead_id"])
    assert other.code == "idempotency-key-reused"
    assert len(office.stored) == 1


def test_a_test_lead_says_what_is_wrong_with_it_and_viewers_send_none(office: Office, admin: Caller) -> None:
    viewer = Caller(admin.console, groups="viewer")

    bad = admin("POST", "/v1/sources/web-form/test", {"fields": {"email": "nobody"}})

    assert (bad.code, bad.errors) == ("invalid-lead", {"contact.email": "is not an email address"})
    assert admin("POST", "/v1/sources/nothing/test", {"fields": {}}).code == "not-found"
    assert viewer("POST", "/v1/sources/web-form/test", {"fields": {"email": "a@b.co"}}).status == 403
    assert not office.stored
