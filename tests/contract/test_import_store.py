"""Imports and their queue, in memory and over AWS's API: one behaviour."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.dynamo_imports import DynamoImports
from baton.adapters.memory_imports import MemoryImports
from baton.adapters.sqs_imports import SqsImportQueue
from baton.application.import_leads import Imports
from baton.domain.errors import NotFound, StoreUnavailable
from baton.domain.lead_import import ImportPart, LeadImport, PartRow, RowProblem, Tally
from tests.builders import MONDAY_9AM

ID = "a" * 32
UNTIL = MONDAY_9AM + timedelta(days=7)
WRONG = (RowProblem(row=3, field="contact.email", problem="is not an email address"),)


def an_import() -> LeadImport:
    return LeadImport(
        import_id=ID,
        source_id="web-form",
        by="maria",
        at=MONDAY_9AM,
        expires_at=UNTIL,
        columns=(("Roof", "attributes.roof"), ("E-Mail", "contact.email"), ("Id", None)),
        rows=60,
        parts=30,
    )


def a_part(no: int) -> ImportPart:
    rows = (PartRow(no=2 * no, cells=("", "a@example.com")), PartRow(no=2 * no + 1, cells=("9", "")))
    return ImportPart(import_id=ID, no=no, rows=rows, expires_at=UNTIL)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_9AM)


@pytest.fixture(params=["memory", "dynamo"])
def imports(request: pytest.FixtureRequest, clock: FixedClock) -> Imports:
    def now() -> float:
        return clock.now().timestamp()

    if request.param == "memory":
        return MemoryImports(seconds=now)
    return DynamoImports(request.getfixturevalue("dynamodb"), "LeadsTable", now)


def test_an_import_and_its_parts_are_read_back_as_they_were_stored(imports: Imports) -> None:
    imports.create(an_import(), [a_part(no) for no in range(1, 31)])

    assert imports.find(ID) == an_import()
    assert imports.parts(ID) == [a_part(no) for no in range(1, 31)]
    assert imports.part(ID, 7) == a_part(7)


def test_a_part_is_finished_by_one_worker_alone(imports: Imports) -> None:
    imports.create(an_import(), [a_part(1)])
    loaded = a_part(1).loaded(Tally(taken=1, refused=1), WRONG)

    assert imports.finish(loaded)
    assert not imports.finish(loaded)
    assert imports.part(ID, 1) == loaded
    assert [row.no for row in imports.part(ID, 1).rows] == [3]


def test_what_is_unknown_is_not_found(imports: Imports) -> None:
    for ask in (lambda: imports.find(ID), lambda: imports.part(ID, 1)):
        with pytest.raises(NotFound):
            ask()
    assert imports.parts(ID) == []


def test_what_has_expired_is_not_found_whether_it_was_deleted_or_not(
    imports: Imports, clock: FixedClock
) -> None:
    imports.create(an_import(), [a_part(1)])
    clock.forward(UNTIL - MONDAY_9AM)

    for ask in (lambda: imports.find(ID), lambda: imports.part(ID, 1)):
        with pytest.raises(NotFound):
            ask()
    assert imports.parts(ID) == []


def test_imports_disappear_by_themselves(dynamodb: Any) -> None:
    DynamoImports(dynamodb, "LeadsTable").create(an_import(), [a_part(1)])

    rows = dynamodb.scan(TableName="LeadsTable")["Items"]
    assert [row["expires_epoch"]["N"] for row in rows] == [str(int(UNTIL.timestamp()))] * 2


def test_every_part_is_in_the_queue_and_nothing_of_anybody(aws: Callable[[str], Any]) -> None:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="imports")["QueueUrl"]

    SqsImportQueue(sqs, url).put(ID, range(1, 24))

    bodies: list[dict[str, Any]] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [json.loads(message["Body"]) for message in found]
    assert sorted(body["part"] for body in bodies) == list(range(1, 24))
    assert {frozenset(body) for body in bodies} == {frozenset({"import_id", "part"})}


def test_messages_that_a_queue_does_not_take_are_sent_again_and_told_of_at_last() -> None:
    stubborn, patient = _Queue(refusals=99), _Queue(refusals=2)

    SqsImportQueue(patient, "url").put(ID, [1, 2, 3])
    assert sorted(patient.taken) == [1, 2, 3]
    with pytest.raises(StoreUnavailable):
        SqsImportQueue(stubborn, "url").put(ID, [1, 2, 3])


class _Queue:
    """A queue that refuses the first entry of so many batches, as SQS may."""

    def __init__(self, refusals: int) -> None:
        self._refusals = refusals
        self.taken: list[int] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        refused = Entries[:1] if self._refusals else []
        self._refusals = max(0, self._refusals - 1)
        self.taken += [json.loads(e["MessageBody"])["part"] for e in Entries if e not in refused]
        return {"Failed": [{"Id": entry["Id"]} for entry in refused]}
