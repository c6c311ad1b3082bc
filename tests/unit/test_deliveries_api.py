"""Deliveries of events through the API: who may look, who may send again, and what is shown."""

from typing import Any

import pytest

from baton.application.outgoing import Answer
from baton.entrypoints.console.deliveries import deliveries_api
from tests.telling import LIFE, Telling, a_converted_lead, a_telling
from tests.unit.console import Caller

DELIVERIES = "/v1/subscriptions/crm/deliveries"


def a_caller(telling: Telling, groups: str = "admin") -> Caller:
    """Somebody of that group."""
    return Caller(deliveries_api(lambda: telling.follow), groups=groups)


def a_told_life(status: int = 204) -> Telling:
    """A lead's life that was sent to a subscriber which answers so."""
    telling = a_telling(lambda _: Answer(status=status))
    telling.tells(a_converted_lead(telling))
    telling.works()
    return telling


def test_deliveries_are_listed_newest_first_page_by_page() -> None:
    viewer = a_caller(a_told_life(), "viewer")

    first = viewer("GET", f"{DELIVERIES}?limit=3")
    second = viewer("GET", f"{DELIVERIES}?limit=3&after={first.json['next']}")

    shown = [*first.json["items"], *second.json["items"]]
    assert (first.status, second.json["next"]) == (200, None)
    assert [one["kind"] for one in shown] == LIFE[::-1]
    assert {(one["state"], one["attempts"], one["status"]) for one in shown} == {("delivered", 1, 204)}


def test_deliveries_are_listed_by_how_they_stand() -> None:
    admin = a_caller(a_told_life(500))

    pending = admin("GET", f"{DELIVERIES}?state=pending").json["items"]

    assert [(one["kind"], one["attempts"]) for one in pending][-1] == ("LeadReceived", 1)
    assert admin("GET", f"{DELIVERIES}?state=dead").json == {"items": [], "next": None}
    assert admin("GET", f"{DELIVERIES}?state=lost").code == "invalid-request"


def test_a_delivery_says_of_the_person_nothing() -> None:
    assert "maria" not in a_caller(a_told_life())("GET", DELIVERIES).text


def test_an_event_is_sent_again() -> None:
    telling = a_told_life(410)
    admin = a_caller(telling)
    dead = admin("GET", f"{DELIVERIES}?state=dead").json["items"][-1]

    again = admin("POST", f"{DELIVERIES}/{dead['delivery_id']}/replay")

    assert (again.status, again.json["state"], again.json["attempts"]) == (202, "pending", 0)
    assert again.json["event_id"] == dead["event_id"]
    assert [what for _, what, _ in telling.queue.waiting] == [dead["delivery_id"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/subscriptions/nobody/deliveries"),
        ("GET", "/v1/subscriptions/NO-ID/deliveries"),
        ("POST", "/v1/subscriptions/nobody/test"),
        ("POST", f"{DELIVERIES}/nothing/replay"),
        ("POST", f"{DELIVERIES}/20261123T140001500000Z-{'0' * 32}-000001/replay"),
    ],
)
def test_what_there_is_not_is_not_found(method: str, path: str) -> None:
    assert a_caller(a_telling())(method, path).code == "not-found"


@pytest.mark.parametrize("path", ["/v1/subscriptions/crm/test", f"{DELIVERIES}/some/replay"])
def test_a_viewer_sends_nothing(path: str) -> None:
    telling = a_telling()

    assert a_caller(telling, "viewer")("POST", path).code == "forbidden"
    assert telling.queue.waiting == []


@pytest.mark.parametrize(("status", "delivered"), [(200, True), (404, False)])
def test_a_try_shows_what_the_subscriber_said(status: int, delivered: bool) -> None:
    admin = a_caller(a_telling(lambda _: Answer(status=status)))

    tried: dict[str, Any] = admin("POST", "/v1/subscriptions/crm/test").json

    assert (tried["delivered"], tried["status"], tried["trouble"]) == (delivered, status, None)
    assert tried["event"]["test"] is True
