"""Counters and the do-not-contact list, in memory and in DynamoDB: one behaviour."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from baton.adapters.counters import DynamoCounters, MemoryCounters
from baton.adapters.do_not_contact import DynamoDoNotContact, MemoryDoNotContact
from baton.application.refuse_contact import DoNotContact
from baton.application.screen_lead import Counters
from baton.domain.errors import StoreUnavailable
from tests.builders import MONDAY_9AM

LATER = MONDAY_9AM + timedelta(hours=2)


@pytest.fixture(params=["memory", "dynamo"])
def counters(request: pytest.FixtureRequest) -> Counters:
    if request.param == "memory":
        return MemoryCounters()
    return DynamoCounters(request.getfixturevalue("dynamodb"), "LedgerTable")


@pytest.fixture(params=["memory", "dynamo"])
def unwanted(request: pytest.FixtureRequest) -> DoNotContact:
    if request.param == "memory":
        return MemoryDoNotContact()
    return DynamoDoNotContact(request.getfixturevalue("dynamodb"), "LedgerTable")


# --------------------------------------------------------------------------------------------- counters
def test_every_key_and_window_is_counted_for_itself(counters: Counters) -> None:
    assert [counters.count("a", "10", LATER) for _ in range(3)] == [1, 2, 3]
    assert counters.count("a", "11", LATER) == 1
    assert counters.count("b", "10", LATER) == 1


def test_none_is_lost_and_none_counted_twice_when_many_count_at_once() -> None:
    """On the twin: moto's updates are not atomic between threads, as DynamoDB's are."""
    counters = MemoryCounters()

    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: counters.count("a", "10", LATER), range(64)))

    assert sorted(found) == list(range(1, 65))


def test_counters_disappear_by_themselves(dynamodb: Any) -> None:
    DynamoCounters(dynamodb, "LedgerTable").count("a", "10", LATER)

    (row,) = dynamodb.scan(TableName="LedgerTable")["Items"]
    assert row["expires_epoch"]["N"] == str(int(LATER.timestamp()))


# ------------------------------------------------------------------------------------------------- list
def test_who_is_on_the_list_is_found_until_they_are_taken_off(unwanted: DoNotContact) -> None:
    unwanted.add(["a", "b", "a"], MONDAY_9AM, "maria")
    unwanted.add(["b"], MONDAY_9AM, "ben")
    assert unwanted.listed(["a", "b", "b", "c"]) == {"a", "b"}

    unwanted.remove(["a", "c", "a"])

    assert unwanted.listed(["a", "b", "c"]) == {"b"}


def test_nobody_asked_for_is_nobody_found(unwanted: DoNotContact) -> None:
    unwanted.add([], MONDAY_9AM, "maria")
    unwanted.remove([])

    assert unwanted.listed([]) == set()


def test_a_list_may_be_longer_than_one_request(unwanted: DoNotContact) -> None:
    marks = [f"m{number}" for number in range(230)]
    unwanted.add(marks, MONDAY_9AM, "maria")
    assert unwanted.listed(marks) == set(marks)

    unwanted.remove(marks[:130])

    assert unwanted.listed(marks) == set(marks[130:])


def test_who_is_on_the_list_stays_on_it(dynamodb: Any) -> None:
    DynamoDoNotContact(dynamodb, "LedgerTable").add(["a"], MONDAY_9AM, "maria")

    (row,) = dynamodb.scan(TableName="LedgerTable")["Items"]
    assert "expires_epoch" not in row


# ---------------------------------------------------------------------------------------------- trouble
class _Throttled:
    """A table that takes nothing."""

    def update_item(self, **_: Any) -> Any:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

    def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
        return {"UnprocessedItems": RequestItems}


def test_a_table_that_is_throttled_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)

    with pytest.raises(StoreUnavailable):
        DynamoCounters(_Throttled(), "LedgerTable").count("a", "10", LATER)
    with pytest.raises(StoreUnavailable):
        DynamoDoNotContact(_Throttled(), "LedgerTable").remove(["a"])
