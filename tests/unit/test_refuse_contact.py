"""The do-not-contact list: put on, taken off and asked by people; looked at before a lead is offered to anybody."""

import json
from typing import Any, Final

import pytest

from baton.domain.contact_entry import MAX_ENTRIES
from baton.domain.lead import LeadState
from baton.entrypoints.console.reviews import reviews_api
from tests.builders import World, a_campaign, a_world
from tests.unit.console import Answer, Caller

LIST: Final = "/v1/do-not-contact"
CSV: Final = "text/csv"
MARIA: Final = {"email": "maria@example.com"}
NUMBER: Final = {"phone": "+14155550123"}


def asks(
    world: World,
    body: Any,
    *,
    method: str = "POST",
    path: str = LIST,
    groups: str = "admin",
    media_type: str = "application/json",
) -> Answer:
    """The answer to somebody who works on the list."""
    caller = Caller(reviews_api(lambda: world.review, lambda: world.refuse), groups=groups)
    return caller(method, path, body, media_type=media_type)


def entries(*people: Any) -> dict[str, Any]:
    return {"entries": list(people)}


def checked(world: World, *people: Any) -> list[int]:
    """The rows of those who are on the list."""
    found: list[int] = asks(world, entries(*people), path=f"{LIST}/check").json["listed"]
    return found


# --------------------------------------------------------------------------------------- what it is for
@pytest.mark.parametrize(
    "listed",
    [
        {"email": " Maria@Example.com "},
        {"phone": "(415) 555-0123"},
        {"phone": "+1 415 555 0123", "email": ""},
    ],
)
def test_a_lead_of_somebody_on_the_list_is_held_however_their_entry_is_written(listed: Any) -> None:
    world = a_world()
    assert asks(world, entries(listed)).json == {"done": 1, "refused": 0, "problems": []}

    lead = world.score(world.takes_in(**NUMBER))

    assert (lead.state, list(lead.suspicions)) == (LeadState.QUARANTINED, ["do_not_contact"])


def test_others_and_campaigns_that_do_not_ask_go_on() -> None:
    world = a_world()
    asks(world, entries(MARIA))

    assert world.score(world.takes_in(email="ben@example.com")).state is LeadState.SCORED
    world.configure(a_campaign(honour_do_not_contact=False))
    assert world.score(world.takes_in()).state is LeadState.SCORED


def test_who_was_taken_off_the_list_is_called_again() -> None:
    world = a_world()
    asks(world, entries(MARIA))
    assert asks(world, entries(MARIA), method="DELETE").json["done"] == 1

    assert checked(world, MARIA) == []
    assert world.score(world.takes_in()).state is LeadState.SCORED


def test_the_list_says_nothing_of_who_is_on_it() -> None:
    """Invariant 9."""
    world = a_world()
    asks(world, entries(MARIA, NUMBER))

    kept = str(world.do_not_contact.marks)
    assert len(world.do_not_contact.marks) == 2
    assert not any(part in kept for part in ("maria@", "example", "4155550123"))


# --------------------------------------------------------------------------------------------- entries
def test_good_entries_are_taken_and_the_others_named_by_row_and_field_and_not_repeated() -> None:
    world = a_world()
    sent = entries(MARIA, {"email": "nobody@"}, {}, {"email": "ben@example.com", "phone": "12"}, NUMBER)

    answer = asks(world, sent)

    assert (answer.status, answer.json["done"], answer.json["refused"]) == (200, 2, 3)
    assert [(one["row"], one["field"]) for one in answer.json["problems"]] == [
        (2, "email"),
        (3, ""),
        (4, "phone"),
    ]
    assert not any(value in answer.text for value in ("nobody@", "ben@", "12"))
    assert checked(world, MARIA, NUMBER) == [1, 2]


def test_put_on_twice_somebody_is_on_it_once() -> None:
    """Invariant 8."""
    world = a_world()

    answers = [asks(world, entries(MARIA, MARIA)).json for _ in range(2)]

    assert answers[0] == answers[1] == {"done": 2, "refused": 0, "problems": []}
    assert len(world.do_not_contact.marks) == 1


def test_somebody_is_on_the_list_if_the_address_or_the_number_is() -> None:
    world = a_world()
    asks(world, entries(MARIA))

    assert checked(world, {**MARIA, **NUMBER}, NUMBER, {"email": "ben@example.com"}) == [1]


def test_a_table_is_imported_by_its_header_and_problems_are_told_by_its_rows() -> None:
    world = a_world()
    table = "\ufeffName;E-Mail;Mobile\nMaria;maria@example.com;\nNobody;;\nBen;ben@;+14155550123\nAnn;;415 555 0188\n"

    answer = asks(world, table, media_type=CSV)

    assert (answer.json["done"], answer.json["refused"]) == (2, 2)
    assert [(one["row"], one["field"]) for one in answer.json["problems"]] == [(3, ""), (4, "email")]
    assert checked(world, MARIA, {"phone": "+14155550188"}) == [1, 2]
    assert asks(world, table, media_type=CSV, path=f"{LIST}/check").json["listed"] == [2, 5]


def test_numbers_without_a_country_are_those_of_the_region_that_is_named() -> None:
    world = a_world()
    asks(world, entries({"phone": "030 901820"}), path=f"{LIST}?region=DE")

    assert checked(world, {"phone": "+49 30 901820"}) == [1]


def test_more_than_ten_thousand_at_once_are_too_many() -> None:
    table = "email\n" + "".join(f"m{n}@example.com\n" for n in range(MAX_ENTRIES + 1))

    assert asks(a_world(), table, media_type=CSV).code == "invalid-file"


@pytest.mark.parametrize(
    ("body", "media_type", "code"),
    [
        ({}, "application/json", "invalid-request"),
        ({"entries": []}, "application/json", "invalid-request"),
        ({"entries": [{"name": "Maria"}]}, "application/json", "invalid-request"),
        ({"entries": [MARIA], "csv": "email\na@b.co"}, "application/json", "invalid-request"),
        ({"entries": [MARIA] * (MAX_ENTRIES + 1)}, "application/json", "invalid-request"),
        ({"entries": ["maria@example.com"]}, "application/json", "invalid-request"),
        ("name\nMaria\n", CSV, "invalid-file"),
        ("email\n", CSV, "invalid-file"),
        ('email\n"maria@example.com\n', CSV, "invalid-file"),
        ("[", "application/json", "malformed-body"),
        (b"\xff".decode("latin-1"), "image/png", "unsupported-media-type"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", LIST), ("POST", f"{LIST}/check"), ("DELETE", LIST)])
def test_what_is_no_list_of_people_is_refused_as_a_whole(
    body: Any, media_type: str, code: str, method: str, path: str
) -> None:
    world = a_world()

    answer = asks(world, body, media_type=media_type, method=method, path=path)

    assert answer.code == code
    assert "maria" not in answer.text.lower()
    assert not world.do_not_contact.marks


def test_the_answer_does_not_grow_with_what_is_wrong() -> None:
    answer = asks(a_world(), entries(*[{"email": "x"}] * 1_000))

    assert (answer.json["refused"], len(answer.json["problems"])) == (1_000, 100)
    assert len(json.dumps(answer.json)) < 10_000


# ------------------------------------------------------------------------------------------- who may ask
def test_viewers_may_ask_who_is_on_the_list_and_change_nothing() -> None:
    world = a_world()

    assert asks(world, entries(MARIA), path=f"{LIST}/check", groups="viewer").status == 200
    for method in ("POST", "DELETE"):
        assert asks(world, entries(MARIA), method=method, groups="viewer").code == "forbidden"
    assert asks(world, entries(MARIA), path=f"{LIST}/check", groups="others").code == "forbidden"
