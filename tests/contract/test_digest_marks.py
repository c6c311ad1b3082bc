"""What is remembered of digests, in both implementations."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from baton.adapters.digest_marks import DynamoMarks, MemoryMarks
from baton.application.send_digests import Marks
from baton.domain.reports.digest import Mark, taken_on
from tests.builders import MONDAY_9AM

DAY = MONDAY_9AM.date()


@pytest.fixture(params=["memory", "dynamo"])
def marks(request: pytest.FixtureRequest) -> Marks:
    """The marks, in memory and in DynamoDB."""
    if request.param == "memory":
        return MemoryMarks()
    return DynamoMarks(request.getfixturevalue("dynamodb"), "ReportsTable")


def first() -> Mark:
    """Of a digest that was never sent."""
    mark = taken_on(None, DAY, MONDAY_9AM)
    assert mark
    return mark


def test_a_mark_is_remembered_for_its_digest_and_address(marks: Marks) -> None:
    assert marks.get("morning", "a") is None

    assert marks.put("morning", "a", first())

    assert marks.get("morning", "a") == first()
    assert marks.get("morning", "b") is None
    assert marks.get("evening", "a") is None


def test_the_next_day_s_mark_takes_the_place_of_the_one_before(marks: Marks) -> None:
    sent = first().settled(sent=True, now=MONDAY_9AM)
    tomorrow = taken_on(sent, DAY + timedelta(days=1), MONDAY_9AM + timedelta(days=1))
    assert tomorrow

    assert [marks.put("morning", "a", mark) for mark in (first(), sent, tomorrow)] == [True] * 3

    assert marks.get("morning", "a") == tomorrow


def test_of_many_who_take_a_digest_on_one_does(marks: Marks) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: marks.put("morning", "a", first()), range(8)))

    assert sum(taken) == 1
    assert not marks.put("morning", "a", first())
