"""Money, secrets and returns through the API: an admin changes, a viewer looks, and nothing gives a secret back."""

from typing import Any

import pytest

from baton.application.keep_secrets import KeepSecrets
from baton.entrypoints.console.accounts import accounts_api
from tests.builders import MINUTE, a_rep, a_source
from tests.selling import a_buyer
from tests.trading import Desk
from tests.unit.console import Answer, Caller

NOVEMBER = "since=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z"
PAID = {"kind": "top_up", "cents": 250_000, "reason": "invoice 17"}
SECRET = "s3cr3t-token"


def a_desk(**returns: Any) -> Desk:
    """A desk with one buyer that has paid nothing in, and a rep."""
    return Desk(
        a_buyer("acme"),
        pockets={"acme": 0},
        documents=(a_rep("ana"),),
        returns={"auto_approve": False, "resell": False, **returns},
    )


def a_caller(desk: Desk, groups: str = "admin") -> Caller:
    """Maria, who is in that group."""
    secrets = KeepSecrets(desk.secrets, desk.configuration)
    return Caller(accounts_api(lambda: desk.keep, lambda: secrets, lambda: desk.take_back), groups=groups)


def pays(admin: Caller, body: Any = PAID, key: str = "invoice-17", who: str = "acme") -> Answer:
    """The answer to a payment."""
    return admin("POST", f"/v1/recipients/{who}/payments", body, idempotency_key=key)


# ----------------------------------------------------------------------------------------------------- accounts
def test_an_account_says_what_there_is_and_what_can_be_spent() -> None:
    desk = a_desk()
    admin = a_caller(desk)
    pays(admin)
    desk.sells()

    assert a_caller(desk, "viewer")("GET", "/v1/recipients/acme/account").json == {
        "recipient_id": "acme",
        "mode": "prepaid",
        "currency": "USD",
        "balance_cents": 249_000,
        "held_cents": 0,
        "credit_limit_cents": 0,
        "available_cents": 249_000,
        "can_spend_cents": 249_000,
        "spent_today_cents": 1_000,
        "per_day_cents": None,
        "spent_this_month_cents": 1_000,
        "per_month_cents": None,
    }


@pytest.mark.parametrize("what", ["account", f"statement?{NOVEMBER}"])
@pytest.mark.parametrize("who", ["nobody", "ana", "-", "%2e%2e"])
def test_whoever_is_no_buyer_has_no_account(who: str, what: str) -> None:
    answer = a_caller(a_desk())("GET", f"/v1/recipients/{who}/{what}")

    assert (answer.status, answer.code) == (404, "not-found")


# ----------------------------------------------------------------------------------------------------- payments
def test_a_payment_is_booked_and_names_who_did_it() -> None:
    desk = a_desk()

    answer = pays(a_caller(desk))

    assert answer.status == 201
    told = answer.json
    assert (told["kind"], told["cents"], told["reason"], told["by"]) == (
        "top_up",
        250_000,
        "invoice 17",
        "maria",
    )
    assert "key" not in told
    assert desk.usage("acme").balance_cents == 250_000


def test_the_same_key_is_the_same_payment_and_for_another_one_it_is_refused() -> None:
    """Invariant 8."""
    desk = a_desk()
    admin = a_caller(desk)
    first = pays(admin)
    desk.clock.forward(1_440 * MINUTE)

    assert pays(admin).json == first.json
    other = pays(admin, {**PAID, "cents": 1})
    assert (other.status, other.code) == (422, "idempotency-key-reused")
    assert desk.usage("acme").balance_cents == 250_000


@pytest.mark.parametrize(("body", "field"), [
    ({**PAID, "cents": 0}, "body"),
    ({**PAID, "cents": -5}, "body"),
    ({**PAID, "cents": 1.5}, "cents"),
    ({**PAID, "cents": 10**12}, "cents"),
    ({**PAID, "kind": "refund"}, "kind"),
    ({**PAID, "reason": ""}, "reason"),
    ({**PAID, "amount": 5}, "amount"),
    ({"kind": "top_up", "cents": 5}, "reason"),
])  # fmt: skip
def test_what_is_no_payment_is_refused_with_its_place(body: Any, field: str) -> None:
    desk = a_desk()

    answer = pays(a_caller(desk), body)

    assert (answer.status, answer.code, list(answer.errors)) == (422, "invalid-request", [field])
    assert desk.ledger.entries == {}


@pytest.mark.parametrize("key", [None, "", "two words", "\u00e9", "x" * 201])
def test_a_payment_without_a_usable_key_is_refused(key: str | None) -> None:
    desk = a_desk()
    headers = {} if key is None else {"idempotency_key": key}

    answer = a_caller(desk)("POST", "/v1/recipients/acme/payments", PAID, **headers)

    assert answer.code == "invalid-request"
    assert list(answer.errors) == ["idempotency-key"]
    assert desk.ledger.entries == {}


def test_a_viewer_books_stores_and_decides_nothing() -> None:
    desk = a_desk()
    lead = desk.sells(state="NY")
    viewer = a_caller(desk, "viewer")

    answers = [
        pays(viewer),
        viewer("PUT", "/v1/recipients/acme/secrets/token", {"value": SECRET}),
        viewer("POST", f"/v1/leads/{lead.lead_id}/returns/1/decision", {"approve": True}),
        viewer("POST", f"/v1/leads/{lead.lead_id}/returns/1", {"reason": "by_phone"}),
    ]

    assert [answer.code for answer in answers] == ["forbidden"] * 4
    assert (desk.ledger.entries, desk.secrets.stored) == ({}, {})


# --------------------------------------------------------------------------------------------------- statements
def test_a_statement_is_paged_and_adds_up() -> None:
    desk = a_desk()
    admin = a_caller(desk)
    pays(admin)
    for n in range(3):
        desk.clock.forward(MINUTE)
        desk.sells(email=f"m{n}@example.com")

    first = admin("GET", f"/v1/recipients/acme/statement?{NOVEMBER}&limit=3").json
    second = admin("GET", f"/v1/recipients/acme/statement?{NOVEMBER}&limit=3&after={first['next']}").json

    assert [item["cents"] for item in (*first["items"], *second["items"])] == [
        250_000,
        -1_000,
        -1_000,
        -1_000,
    ]
    assert first["summary"] == {
        "opening_cents": 0,
        "closing_cents": 247_000,
        "totals": {"top_up": {"count": 1, "cents": 250_000}, "charge": {"count": 3, "cents": -3_000}},
    }
    assert (second["summary"], second["next"]) == (None, None)
    assert first["items"][1]["lead_id"] == f"{1:032x}"


def test_a_source_s_statement_says_what_it_is_owed_and_what_is_left() -> None:
    desk = Desk(a_buyer("acme"), source={"payout": {"share_percent": 40}}, returns={"max_percent": 100})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(3)]
    desk.returns(leads[0])

    answer = a_caller(desk, "viewer")("GET", f"/v1/sources/web-form/statement?{NOVEMBER}")

    assert {name: value for name, value in answer.json.items() if name not in {"since", "until"}} == {
        "source_id": "web-form",
        "currency": "USD",
        "sales": 3,
        "returns": 1,
        "payouts_cents": 1_200,
        "clawbacks_cents": -400,
        "owed_cents": 800,
        "revenue_cents": 2_000,
        "margin_cents": 1_200,
    }


@pytest.mark.parametrize("path", ["/v1/recipients/acme/statement", "/v1/sources/web-form/statement"])
@pytest.mark.parametrize(("query", "fields"), [
    ("", ["since", "until"]),
    ("since=2026-11-01T00:00:00Z", ["until"]),
    ("since=2026-11-01T00:00:00Z&until=yesterday", ["until"]),
    ("since=2026-11-01T00:00:00&until=2026-12-01T00:00:00Z", ["since"]),
    ("since=2026-11-01T00:00:00Z&until=2026-11-01T00:00:00Z", ["until"]),
    ("since=1926-11-01T00:00:00Z&until=2026-11-01T00:00:00Z", ["since"]),
])  # fmt: skip
def test_a_period_that_is_none_is_refused(path: str, query: str, fields: list[str]) -> None:
    answer = a_caller(a_desk())("GET", f"{path}?{query}")

    assert (answer.status, list(answer.errors)) == (422, fields)


def test_there_is_no_statement_of_a_source_that_there_is_not() -> None:
    assert a_caller(a_desk())("GET", f"/v1/sources/nothing/statement?{NOVEMBER}").code == "not-found"


# ------------------------------------------------------------------------------------------------------ secrets
@pytest.mark.parametrize(("path", "name"), [
    ("/v1/recipients/acme/secrets/post-token", "recipient/acme/post-token"),
    ("/v1/sources/web-form/secrets/signature", "source/web-form/signature"),
])  # fmt: skip
def test_a_secret_is_stored_and_neither_answered_nor_logged(
    path: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Invariant 9."""
    desk = a_desk()

    answer = a_caller(desk)("PUT", path, {"value": SECRET})

    logged = [str(vars(record)) for record in caplog.records if record.message == "secret stored"]
    assert (answer.status, answer.text) == (204, "")
    assert desk.secrets.stored == {name: SECRET}
    assert ["maria" in line for line in logged] == [True]
    assert not any(SECRET in str(vars(record)) for record in caplog.records)
    assert a_caller(desk)("GET", path).status == 404


def test_which_secrets_of_a_source_are_missing_is_said_by_their_names_alone() -> None:
    hooks = {"google_ads": {"key": "google-key"}, "typeform": {"secret": "typeform"}}
    desk = a_desk()
    desk.configuration.put(a_source(id="ads", hooks=hooks, secret="signing"))
    a_caller(desk)("PUT", "/v1/sources/ads/secrets/google-key", {"value": SECRET})

    found = a_caller(desk, "viewer")("GET", "/v1/sources/ads/secrets")

    assert found.json == {"stored": ["google-key"], "missing": ["signing", "typeform"]}
    assert a_caller(desk)("GET", "/v1/sources/nothing/secrets").code == "not-found"


@pytest.mark.parametrize(
    "value", ["", "x\n", "two\nlines", "\u00e9", "x" * 4097, "{{other}}", None, 5, ["x"]]
)
def test_what_fits_into_no_header_is_no_secret_and_is_not_repeated(value: Any) -> None:
    desk = a_desk()

    answer = a_caller(desk)("PUT", "/v1/recipients/acme/secrets/token", {"value": value})

    assert (answer.status, list(answer.errors)) == (422, ["value"])
    assert value in ("", None, 5) or str(value) not in answer.text
    assert desk.secrets.stored == {}


@pytest.mark.parametrize("name", ["Token", "-x", "a.b", "x" * 65])
def test_a_secret_has_a_name_that_documents_can_use(name: str) -> None:
    answer = a_caller(a_desk())("PUT", f"/v1/recipients/acme/secrets/{name}", {"value": SECRET})

    assert (answer.status, list(answer.errors)) == (422, ["name"])


@pytest.mark.parametrize("path", ["/v1/recipients/nobody/secrets/token", "/v1/sources/acme/secrets/token"])
def test_who_is_not_there_has_no_secrets(path: str) -> None:
    desk = a_desk()

    assert a_caller(desk)("PUT", path, {"value": SECRET}).code == "not-found"
    assert desk.secrets.stored == {}


def test_a_store_that_does_not_answer_is_told_as_such() -> None:
    desk = a_desk()
    desk.secrets.available = False

    answer = a_caller(desk)("PUT", "/v1/recipients/acme/secrets/token", {"value": SECRET})

    assert (answer.status, answer.code) == (503, "store-unavailable")


# ------------------------------------------------------------------------------------------- leads given back
def test_returns_that_wait_are_listed_with_what_the_buyer_says() -> None:
    desk = a_desk()
    desk.pays("acme", 5_000)
    lead = desk.sells()
    desk.returns(lead)

    listed = a_caller(desk, "viewer")("GET", "/v1/returns").json

    assert listed["next"] is None
    (one,) = listed["items"]
    assert (one["lead_id"], one["recipient_id"], one["state"]) == (lead.lead_id, "acme", "waiting")
    assert (one["reason"], one["note"], one["price_cents"]) == (
        "invalid_contact",
        "the number is not in use",
        1_000,
    )


@pytest.mark.parametrize(("approve", "state"), [(True, "approved"), (False, "refused")])
def test_an_admin_decides_once(approve: bool, state: str) -> None:
    desk = a_desk()
    desk.pays("acme", 5_000)
    lead = desk.sells()
    desk.returns(lead)
    admin, path = a_caller(desk), f"/v1/leads/{lead.lead_id}/returns/1/decision"

    first = admin("POST", path, {"approve": approve, "why": "I called"})
    again = admin("POST", path, {"approve": approve})
    other = admin("POST", path, {"approve": not approve})

    assert (first.status, first.json["state"], first.json["by"], first.json["why"]) == (
        200,
        state,
        "maria",
        "I called",
    )
    assert again.json == first.json
    assert (other.status, other.code) == (409, "return-decided")
    assert admin("GET", "/v1/returns").json["items"] == []


def test_an_admin_takes_a_sold_lead_back_for_its_buyer() -> None:
    desk = a_desk()
    desk.pays("acme", 5_000)
    lead = desk.sells()
    admin, path = a_caller(desk), f"/v1/leads/{lead.lead_id}/returns/1"

    unreadable = admin("POST", path, {"reason": "They called", "note": "x" * 2001})
    taken = admin("POST", path, {"reason": "by_phone", "note": "they called"})

    assert (unreadable.code, sorted(unreadable.errors)) == ("invalid-request", ["note", "reason"])
    assert (taken.status, taken.json["state"], taken.json["by"], taken.json["note"]) == (
        200,
        "approved",
        "maria",
        "they called",
    )
    assert desk.usage("acme").balance_cents == 5_000
    for nothing in (f"/v1/leads/{9:032x}/returns/1", f"/v1/leads/{lead.lead_id}/returns/9"):
        assert admin("POST", nothing, {"reason": "by_phone"}).code == "not-found"


@pytest.mark.parametrize(("path", "code"), [
    (f"/v1/leads/{9:032x}/returns/1/decision", "not-found"),
    ("/v1/leads/x/returns/1/decision", "not-found"),
    (f"/v1/leads/{1:032x}/returns/0/decision", "invalid-request"),
    (f"/v1/leads/{1:032x}/returns/one/decision", "invalid-request"),
])  # fmt: skip
def test_what_was_not_returned_cannot_be_decided(path: str, code: str) -> None:
    assert a_caller(a_desk())("POST", path, {"approve": True}).code == code


@pytest.mark.parametrize(
    "body", [{}, {"approve": "maybe"}, {"approve": None}, {"approve": True, "why": "x" * 501}]
)
def test_a_decision_is_yes_or_no(body: Any) -> None:
    answer = a_caller(a_desk())("POST", f"/v1/leads/{1:032x}/returns/1/decision", body)

    assert answer.code == "invalid-request"
