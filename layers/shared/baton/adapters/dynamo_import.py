"""Many documents changed at one moment, in DynamoDB: see config_rows for the idea.

The steps, each safe to die after:
1. Begin. The counter says which import is under way. Whoever was before is out of the race: its last step fails.
2. Stage. Every row gets what it is to become, beside what it is; every edit gets its entry in the change log.
3. Flip. One transaction: the counter moves, and the row that says that this import is applied appears.
4. Tidy up. What was next moves into its place. Where the import lost its race, what it staged goes.

A row is staged only where it is as it was read, and only while this import is known to be the one under way after the
row was read. So whatever another import has staged there is out of the race, or applied and taken over as the present
document; a process that was asleep and wakes up late finds its condition broken.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import uuid4

from baton.adapters.config_rows import IMPORT, LOG, ConfigRows, Place, Row, counter_put, truth_of
from baton.adapters.dynamo import put, transact
from baton.adapters.items import to_item
from baton.domain.editing import Edit
from baton.domain.errors import StoreUnavailable

GROUP: Final = 45
"""Edits of one transaction, each with its entry in the log: below the 100 writes that DynamoDB takes."""
GROUP_BYTES: Final = 2_000_000
WRITERS: Final = 4
"""Transactions at the same time."""
_TRIES: Final = 6
PAUSE_S: Final = 0.05


class _Step(NamedTuple):
    """One edit as it is staged."""

    place: Place
    text: str | None
    """The document that is next; None: it goes."""
    entry: Mapping[str, Any]


class DynamoImport:
    """One attempt to make all edits true."""

    def __init__(
        self, rows: ConfigRows, edits: Sequence[Edit], entries: Sequence[Mapping[str, Any]], revision: int
    ) -> None:
        self._rows = rows
        self._revision = revision
        self._no = revision + 1
        self._name = f"{self._no:010d}-{uuid4().hex}"
        self._steps = [
            _Step(
                (edit.document.kind, edit.document.key),
                entry["after"],
                {**entry, "id": f"{self._name}.{index:06d}", "import": self._name},
            )
            for index, (edit, entry) in enumerate(zip(edits, entries, strict=True))
        ]

    def __call__(self) -> bool:
        """See Archive.apply."""
        begin = counter_put(self._rows.table, self._revision, self._revision, importing=self._name)
        if not put(self._rows.client, begin):
            return False
        groups = list(_groups(self._steps))
        with ThreadPoolExecutor(min(WRITERS, len(groups))) as writers:
            try:
                staged = all(list(writers.map(self._stage, groups)))
            except StoreUnavailable:
                list(writers.map(self._tidy, groups))
                raise
            # Where nobody knows whether the flip happened, nothing is tidied up: readers find out.
            applied = staged and self._flip()
            list(writers.map(self._settle if applied else self._tidy, groups))
        return applied

    def _stage(self, group: Sequence[_Step]) -> bool:
        """Write what is next beside what is. False: the race is lost."""
        for attempt in range(_TRIES):
            found = self._rows.raw([step.place for step in group])
            if not self._is_under_way():
                return False
            applied = self._rows.applied({r["next_import"] for r in found.values() if "next_import" in r})
            puts = [self._staged(step, found.get(step.place), applied) for step in group]
            entries = [{"TableName": self._rows.table, "Item": to_item(step.entry)} for step in group]
            try:
                if transact(self._rows.client, [*puts, *entries]):
                    return True
            except StoreUnavailable:
                if attempt == _TRIES - 1:
                    raise
            time.sleep(PAUSE_S * 2**attempt)
        return False

    def _is_under_way(self) -> bool:
        counter = self._rows.counter()
        return bool(counter["no"] == self._revision and counter.get("importing") == self._name)

    def _staged(self, step: _Step, row: Row | None, applied: Any) -> dict[str, Any]:
        """A Put of the row with what is next, that succeeds where the row is still as it was read."""
        kind, key = step.place
        truth = truth_of(row, applied) if row else None
        present = {"rev": truth.rev, "document": truth.text} if truth else {}
        following = {"next_import": self._name, "next_rev": self._no, "next_document": step.text}
        values = {"kind": kind, "id": key, **present, **following}
        return {"TableName": self._rows.table, "Item": to_item(values), **_unchanged(row or {})}

    def _flip(self) -> bool:
        table = self._rows.table
        status = {"kind": IMPORT, "id": self._name, "no": self._no}
        return transact(
            self._rows.client,
            [
                counter_put(table, self._revision, self._no, was_importing=self._name),
                {"TableName": table, "Item": to_item(status)},
            ],
        )

    def _settle(self, group: Sequence[_Step]) -> None:
        """Put what was next into its place. Best effort: it is true in either place."""
        puts = [
            self._mine({"kind": kind, "id": key, "rev": self._no, "document": step.text})
            for step in group
            if step.text is not None
            for kind, key in [step.place]
        ]
        gone = [self._mine_gone(step.place) for step in group if step.text is None]
        with suppress(StoreUnavailable):
            transact(self._rows.client, puts, gone)

    def _tidy(self, group: Sequence[_Step]) -> None:
        """Take away what a lost import staged. Best effort: nobody believes it."""
        with suppress(StoreUnavailable):
            found = self._rows.raw([step.place for step in group])
            mine = [row for row in found.values() if row.get("next_import") == self._name]
            kept = [row for row in mine if "document" in row]
            puts = [
                self._mine({part: row[part] for part in ("kind", "id", "rev", "document")}) for row in kept
            ]
            gone = [self._mine_gone((row["kind"], row["id"])) for row in mine if "document" not in row]
            entries = [
                {"TableName": self._rows.table, "Key": to_item({"kind": LOG, "id": step.entry["id"]})}
                for step in group
            ]
            transact(self._rows.client, puts, [*gone, *entries])

    def _mine(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"TableName": self._rows.table, "Item": to_item(row), **self._if_mine()}

    def _mine_gone(self, place: Place) -> dict[str, Any]:
        key = {"kind": place[0], "id": place[1]}
        return {"TableName": self._rows.table, "Key": to_item(key), **self._if_mine()}

    def _if_mine(self) -> dict[str, Any]:
        return {
            "ConditionExpression": "next_import = :mine",
            "ExpressionAttributeValues": to_item({":mine": self._name}),
        }


def _groups(steps: Sequence[_Step]) -> Iterator[list[_Step]]:
    """As many at a time as one transaction takes, with what is there already counted as large as what comes."""
    group: list[_Step] = []
    size = 0
    for step in steps:
        more = 2 * sum(len((step.entry[part] or "").encode()) for part in ("before", "after"))
        if group and (len(group) == GROUP or size + more > GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append(step)
        size += more
    if group:
        yield group


def _unchanged(row: Row) -> dict[str, Any]:
    """The condition that the stored row is still this one."""
    values = {f":{name}": row[name] for name in ("rev", "next_import") if name in row}
    parts = [
        f"{name} = :{name}" if name in row else f"attribute_not_exists({name})"
        for name in ("rev", "next_import")
    ]
    condition: dict[str, Any] = {"ConditionExpression": " AND ".join(parts)}
    return {**condition, "ExpressionAttributeValues": to_item(values)} if values else condition
