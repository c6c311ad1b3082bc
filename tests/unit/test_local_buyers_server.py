"""The simulated buyers' server keeps books that can be read, and breaks connections where a buyer does."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from local.buyers import Buyers
from local.buyers_wire import Asked
from tests.unit.baton_side import GOOD, KEYS, NAMES, PERSON, a_buyer, asked


@pytest.fixture
def buyers(socket_enabled: None) -> Iterator[Buyers]:
    with Buyers(seed=1, faults=True) as running:
        yield running


def call(buyers: Buyers, method: str, path: str, request: Asked | None = None) -> tuple[int, bytes]:
    """Status and body of an answer. Raises HTTPException or OSError where there is none."""
    request = request or Asked({}, {}, b"")
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(buyers.url).port, timeout=5)
    try:
        query = f"?{urlencode(request.query)}" if request.query else ""
        connection.request(method, path + query, request.body or None, dict(request.headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_books_say_what_happened_until_they_are_reset(buyers: Buyers) -> None:
    harbor = a_buyer("harbor", faults=True)
    status, answer = call(buyers, "POST", "/harbor/ping", asked(harbor, GOOD))
    bid = json.loads(answer)
    terms = {"reference": bid["bid_id"], "price_cents": round(bid["price"] * 100)}
    call(buyers, "POST", "/harbor/post", asked(harbor, {**PERSON, **terms}, "w1"))
    book = json.loads(call(buyers, "GET", "/_book")[1])

    assert status == 200
    assert book["seed"] == 1
    assert book["buyers"].keys() == set(NAMES)
    assert book["buyers"]["harbor"]["bids"] == {bid["bid_id"]: terms["price_cents"]}
    assert book["buyers"]["harbor"]["posts"]["w1"]["answer"] == "accepted"
    assert call(buyers, "POST", "/_book/reset")[0] == 204
    assert json.loads(call(buyers, "GET", "/_book")[1])["buyers"]["harbor"]["posts"] == {}


def test_a_dropped_connection_brings_no_answer_and_the_status_tells_the_truth(buyers: Buyers) -> None:
    flaky = a_buyer("flaky", faults=True)
    outcomes = {}
    for n in range(60):
        try:
            call(buyers, "POST", "/flaky/post", asked(flaky, PERSON, f"w{n}"))
        except http.client.RemoteDisconnected:
            outcomes[f"w{n}"] = "nothing"
        except http.client.IncompleteRead:
            outcomes[f"w{n}"] = "half"
    book = buyers.book("flaky").document()

    assert set(outcomes.values()) == {"nothing", "half"}
    assert book["unanswered"]
    assert book["lost"]
    assert outcomes.keys() == book["unanswered"].keys() | book["lost"].keys()
    for w in outcomes:
        query = Asked(KEYS["flaky"], {"id": w}, b"")
        known = json.loads(call(buyers, "GET", "/flaky/status", query)[1])["status"]
        assert known == ("rejected" if w in book["posts"] else "unknown")


def test_a_connection_serves_many_requests(buyers: Buyers) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(buyers.url).port, timeout=5)
    answers = []
    for _ in range(3):
        connection.request("GET", "/grump/ping?state=CA")
        answer = connection.getresponse()
        answers.append((answer.status, answer.read()))
    connection.close()

    assert len(set(answers)) == 1


def test_there_is_nothing_elsewhere(buyers: Buyers) -> None:
    assert call(buyers, "GET", "/nobody/ping")[0] == 404
    assert call(buyers, "GET", "/harbor/secrets")[0] == 404
    assert call(buyers, "GET", "/_book/reset")[0] == 404


def test_a_length_that_is_none_is_refused(buyers: Buyers) -> None:
    assert call(buyers, "POST", "/grump/ping", Asked({"Content-Length": "-1"}, {}, b""))[0] == 413


def test_after_the_end_nobody_answers_not_even_on_an_open_connection(socket_enabled: None) -> None:
    with Buyers() as running:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(running.url).port, timeout=5)
        connection.request("GET", "/_book")
        connection.getresponse().read()
        still_open = connection.sock

    assert still_open.recv(1) == b""
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        call(running, "GET", "/_book")
