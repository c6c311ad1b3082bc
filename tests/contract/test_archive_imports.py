"""Changes larger than one transaction, in DynamoDB: whoever dies or meets whom at whatever moment, all or nothing."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Condition
from typing import Any

import pytest

from baton.adapters import dynamo_archive, dynamo_import
from baton.adapters.dynamo_archive import DynamoArchive
from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.domain.editing import Author, Edit
from baton.domain.errors import StoreUnavailable
from baton.domain.recipient import Recipient
from tests.builders import MONDAY_9AM, a_rep
from tests.contract.tables import tables
from tests.contract.test_dynamo_answers import an_error

EVE, ADA = Author("eve", MONDAY_9AM), Author("ada", MONDAY_9AM)
TABLE = "ConfigTable"
BEFORE = {f"rep-{i}": "old" for i in range(4)}
EVES: dict[str, str | None] = {"rep-0": "eve", "rep-1": None, "rep-2": "eve", "rep-7": "eve", "rep-8": "eve"}
ADAS: dict[str, str | None] = {"rep-1": "ada", "rep-2": None, "rep-3": "ada", "rep-8": "ada", "rep-9": "ada"}
SMALL: dict[str, str | None] = {"rep-0": "ada"}
CALLS = 14
"""Of the change EVES: begin, three groups that are each read, checked and staged, flip, three groups settled."""
FLIP = 11
"""The call after which it is true."""
WAYS = 10
DEATHS = [(at, after) for at in range(1, CALLS + 1) for after in (False, True)]
type Names = Mapping[str, str | None]


class Died(Exception):
    """The process was killed."""


class Mortal:
    """A DynamoDB client that dies at its nth call, before or after the call was carried out."""

    def __init__(self, inner: Any, at: int, *, after: bool = False) -> None:
        self._inner, self._left, self._after = inner, at, after

    def __getattr__(self, name: str) -> Any:
        def operation(**request: Any) -> Any:
            self._left -= 1
            if self._left < 0 or (self._left == 0 and not self._after):
                raise Died
            answer = getattr(self._inner, name)(**request)
            if self._left == 0:
                raise Died
            return answer

        return operation


class Turns:
    """Lets clients call one at a time, in the order of a schedule; who is not named in it any more goes freely."""

    def __init__(self, schedule: Sequence[str]) -> None:
        self._schedule = list(schedule)
        self._gone: set[str] = set()
        self._changed = Condition()

    def leave(self, who: str) -> None:
        """Whoever is done keeps nobody waiting."""
        with self._changed:
            self._gone.add(who)
            self._changed.notify_all()

    def take(self, who: str, call: Callable[[], Any]) -> Any:
        """Call when it is one's turn."""
        with self._changed:
            self._changed.wait_for(lambda: self._whose() in {who, None}, timeout=60)
            try:
                return call()
            finally:
                if self._schedule:
                    self._schedule.pop(0)
                self._changed.notify_all()

    def _whose(self) -> str | None:
        while self._schedule and self._schedule[0] in self._gone:
            self._schedule.pop(0)
        return self._schedule[0] if self._schedule else None


class Patient:
    """A DynamoDB client that waits for its turns."""

    def __init__(self, inner: Any, turns: Turns, who: str) -> None:
        self._inner, self._turns, self._who = inner, turns, who

    def __getattr__(self, name: str) -> Any:
        return lambda **request: self._turns.take(self._who, lambda: getattr(self._inner, name)(**request))


@pytest.fixture(autouse=True)
def _small_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamo_archive, "MAX_EDITS", 2)
    monkeypatch.setattr(dynamo_import, "GROUP", 2)
    monkeypatch.setattr(dynamo_import, "PAUSE_S", 0)


@pytest.fixture
def client(dynamodb: Any) -> Any:
    """A client whose table has the reps of BEFORE."""
    start_anew(dynamodb)
    return dynamodb


@cache
def shape() -> Mapping[str, Any]:
    """How the template makes the table."""
    return tables()[TABLE]


def start_anew(client: Any) -> None:
    """A table that has the reps of BEFORE and nothing else."""
    client.delete_table(TableName=TABLE)
    client.create_table(TableName=TABLE, **shape())
    assert change(client, BEFORE, Author("setup", MONDAY_9AM))


def change(client: Any, names: Names, author: Author, revision: int | None = None) -> bool:
    """Give reps these names, in one change; None deletes. Based on the present state or on that revision."""
    plain = DynamoArchive(getattr(client, "_inner", client), TABLE)
    found = plain.find_many(Recipient, list(names))
    edits = [
        Edit(found.get(key), a_rep(key, name=name) if name else None)
        for key, name in names.items()
        if name or key in found
    ]
    based_on = plain.revision() if revision is None else revision
    return DynamoArchive(client, TABLE).apply(edits, based_on, author)


def state(client: Any) -> dict[str, str]:
    """The reps' names. Whoever reads, however, sees the same."""
    archive = DynamoArchive(client, TABLE)
    listed = {stored.document.id: stored.document.name for stored in archive.every(Recipient)}
    read = DynamoConfiguration(client, TABLE).get_many(Recipient, [f"rep-{i}" for i in range(10)])
    assert listed == {key: rep.name for key, rep in read.items()}
    return listed


def log(client: Any) -> list[tuple[int, str, str]]:
    """Number, author and document of every change after the first."""
    entries = DynamoArchive(client, TABLE).changes(100).items
    return sorted((entry.no, entry.by, entry.key) for entry in entries if entry.no > 1)


def with_names(before: Mapping[str, str], names: Names) -> dict[str, str]:
    """What a change makes of a state."""
    return {key: name for key, name in {**before, **names}.items() if name}


def calls_of(client: Any, names: Names) -> int:
    """How many calls a change takes."""
    counted = Mortal(client, 10**6)
    assert change(counted, names, EVE)
    return 10**6 - counted._left


def test_an_import_takes_as_many_calls_as_it_may_die_at(client: Any) -> None:
    assert calls_of(client, EVES) == CALLS


def test_an_import_that_dies_at_any_moment_is_true_as_a_whole_or_not_at_all(dynamodb: Any) -> None:
    for at, after in DEATHS:
        start_anew(dynamodb)
        with pytest.raises(Died):
            change(Mortal(dynamodb, at, after=after), EVES, EVE)

        new = (at, after) >= (FLIP, True)
        now = with_names(BEFORE, EVES) if new else BEFORE
        assert state(dynamodb) == now, (at, after)
        assert log(dynamodb) == ([(2, "eve", key) for key in sorted(EVES)] if new else []), (at, after)

        # Whatever it left behind hurts nobody who comes later: one who dies too, a small edit, an import.
        revision = DynamoArchive(dynamodb, TABLE).revision()
        with pytest.raises(Died):
            change(Mortal(dynamodb, FLIP), ADAS, ADA)
        assert state(dynamodb) == now, (at, after)
        if after:
            assert change(dynamodb, SMALL, ADA)
            now = with_names(now, SMALL)
            assert state(dynamodb) == now, (at, after)
        assert change(dynamodb, ADAS, ADA)
        assert state(dynamodb) == with_names(now, ADAS), (at, after)
        small = [(revision + 1, "ada", "rep-0")] if after else []
        large = [(revision + len(small) + 1, "ada", key) for key in sorted(ADAS)]
        assert [entry for entry in log(dynamodb) if entry[0] > revision] == small + large, (at, after)


def run_together(
    client: Any, schedule: Sequence[str], second: Names
) -> tuple[dict[str, bool], dict[str, Names]]:
    """Two changes based on the same state, call by call in the order of the schedule: who won, and what they wanted."""
    turns = Turns(schedule)
    wanted = {"eve": EVES, "ada": second}

    def run(who: str) -> bool:
        patient = Patient(client, turns, who)
        try:
            return DynamoArchive(patient, TABLE).apply(edits[who], 1, Author(who, MONDAY_9AM))
        finally:
            turns.leave(who)

    found = DynamoArchive(client, TABLE).find_many(Recipient, [f"rep-{i}" for i in range(10)])
    edits = {
        who: [
            Edit(found.get(key), a_rep(key, name=name) if name else None)
            for key, name in names.items()
            if name or key in found
        ]
        for who, names in wanted.items()
    }
    with ThreadPoolExecutor(2) as threads:
        won = dict(zip(wanted, threads.map(run, wanted), strict=True))
    return won, wanted


def schedules() -> Iterator[list[str]]:
    """The second as a whole at every moment of the first, and some other ways to take turns."""
    yield from (["eve"] * at + ["ada"] * 40 for at in range(CALLS))
    # The first is about to become true when the second has staged a little more each time.
    yield from (["eve"] * (FLIP - 1) + ["ada"] * at + ["eve"] * 40 for at in range(1, FLIP + 2, 2))
    chance = random.Random(3)
    for _ in range(WAYS):
        likely = chance.choice([0.3, 0.5, 0.7])
        yield ["eve" if chance.random() < likely else "ada" for _ in range(60)]


@pytest.mark.parametrize("second", [ADAS, SMALL], ids=["import", "small edit"])
def test_of_two_changes_at_the_same_time_exactly_one_becomes_true(dynamodb: Any, second: Names) -> None:
    for schedule in schedules():
        start_anew(dynamodb)

        won, wanted = run_together(dynamodb, schedule, second)

        winners = [who for who, true in won.items() if true]
        assert len(winners) == 1, schedule
        assert state(dynamodb) == with_names(BEFORE, wanted[winners[0]]), schedule
        assert {entry[:2] for entry in log(dynamodb)} == {(2, winners[0])}, schedule


def test_a_lost_import_leaves_nothing_behind(client: Any) -> None:
    rows_before = count_rows(client)
    won, _ = run_together(client, ["eve"] * 6 + ["ada"] * 40, SMALL)

    assert won == {"eve": False, "ada": True}
    # Ada's entry in the log.
    assert count_rows(client) == rows_before + 1
    assert not any("next_import" in item for item in client.scan(TableName=TABLE)["Items"])


def test_an_import_that_is_throttled_goes_on_and_one_that_nobody_answers_gives_up(client: Any) -> None:
    throttled = Troubled(client, fail=3)
    assert change(throttled, EVES, EVE)
    assert state(client) == with_names(BEFORE, EVES)

    with pytest.raises(StoreUnavailable):
        change(Troubled(client, fail=10**6), ADAS, ADA)
    assert state(client) == with_names(BEFORE, EVES)
    assert log(client) == [(2, "eve", key) for key in sorted(EVES)]


def test_a_flip_whose_answer_was_lost_is_true_for_everybody(client: Any) -> None:
    with pytest.raises(StoreUnavailable):
        change(Troubled(client, fail=1, only_flips=True), EVES, EVE)

    assert state(client) == with_names(BEFORE, EVES)
    assert len(log(client)) == len(EVES)


class Troubled:
    """A client whose first transactions are throttled; or whose flip is carried out, and the answer lost."""

    def __init__(self, inner: Any, fail: int, *, only_flips: bool = False) -> None:
        self._inner, self._fail, self._only_flips = inner, fail, only_flips

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def transact_write_items(self, **request: Any) -> Any:
        """See the class."""
        kinds = {item["Put"]["Item"]["kind"]["S"] for item in request["TransactItems"] if "Put" in item}
        if self._only_flips and "import" in kinds:
            self._inner.transact_write_items(**request)
        if self._fail and (not self._only_flips or "import" in kinds):
            self._fail -= 1
            raise an_error("ThrottlingException")
        return self._inner.transact_write_items(**request)


def count_rows(client: Any) -> int:
    """All rows of the table."""
    return int(client.scan(TableName=TABLE)["Count"])
