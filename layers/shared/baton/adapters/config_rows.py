"""Rows of the Config table, and what of them is true.

A row holds a document as JSON text and `rev`, the number of the change that wrote it. One more row, the counter,
holds the number of the last change: each change moves it by compare-and-swap, so changes are serial.

A change too large for one transaction is an import. It writes beside each document what that is to become (`next_*`,
with the import's name), while everybody still reads the old. Then one transaction moves the counter and puts a row
that says: this import is applied. From that moment everybody takes what was next for what is, and the import is over;
moving `next_*` into its place is only tidying up. This is a transaction status record, as in Percolator (Peng and
Dabek 2010): many rows change at one moment because all of them ask the same one whether they have.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any, Final, NamedTuple

from baton.adapters.dynamo import BATCH, batch_get, query
from baton.adapters.items import to_item
from baton.domain.editing import json_text

COUNTER: Final = {"kind": "meta", "id": "revision"}
IMPORT: Final = "import"
LOG: Final = "change"
MAX_KEY: Final = 200
"""Longer than every key there is, shorter than what DynamoDB refuses."""
_LOWEST: Final = " "
_HIGHEST: Final = "~"
_READERS: Final = 8
"""Batches that are read at the same time."""

type Row = Mapping[str, Any]
type Place = tuple[str, str]
"""Kind and key."""


class Truth(NamedTuple):
    """What a row says at present."""

    key: str
    rev: int
    text: str


class ConfigRows:
    """Reads the table as it truly is, whatever import is under way or was left half done."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table
        self._applied: set[str] = set()

    def read(self, kind: str, keys: Iterable[str]) -> dict[str, Truth]:
        """What exists of these, by key."""
        wanted = [(kind, key) for key in dict.fromkeys(keys) if key.isascii() and 0 < len(key) <= MAX_KEY]
        return {truth.key: truth for truth in self.true(self.raw(wanted).values())}

    def scan(
        self, kind: str, low: str = "", high: str = "", *, backwards: bool = False, some: int = BATCH
    ) -> Iterator[Truth]:
        """What exists with keys from `low` to `high`, in order, read in portions of about `some`."""
        for rows in self.portions(kind, low, high, backwards=backwards, some=some):
            yield from self.true(rows)

    def portions(
        self, kind: str, low: str, high: str, *, backwards: bool, some: int
    ) -> Iterator[tuple[Row, ...]]:
        """Rows as they are stored."""
        low, high = low[:MAX_KEY] or _LOWEST, high[:MAX_KEY] or _HIGHEST
        if low > high:
            return
        rows = query(
            self.client,
            TableName=self.table,
            KeyConditionExpression="kind = :kind AND id BETWEEN :low AND :high",
            ExpressionAttributeValues=to_item({":kind": kind, ":low": low, ":high": high}),
            ScanIndexForward=not backwards,
            ConsistentRead=True,
            Limit=some,
        )
        yield from batched(rows, some, strict=False)

    def raw(self, places: Collection[Place]) -> dict[Place, Row]:
        """The rows that exist, as they are stored."""
        keys = [{"kind": kind, "id": key} for kind, key in places]
        return {(row["kind"], row["id"]): row for row in self._batches(keys)}

    def true(self, rows: Iterable[Row]) -> Iterator[Truth]:
        """What these rows say. Imports are asked for after the rows were read, once for all of them."""
        rows = list(rows)
        applied = self.applied({row["next_import"] for row in rows if "next_import" in row})
        return (truth for row in rows if (truth := truth_of(row, applied)))

    def applied(self, imports: Collection[str]) -> Collection[str]:
        """Which of these imports have become true. That never ends, so it is remembered."""
        if unknown := [name for name in imports if name not in self._applied]:
            self._applied.update(key for _, key in self.raw([(IMPORT, name) for name in unknown]))
        return self._applied

    def counter(self) -> Row:
        """The counter's row: `no`, the number of the last change, and `importing`, the import under way."""
        return self.raw([(COUNTER["kind"], COUNTER["id"])]).get((COUNTER["kind"], COUNTER["id"]), {"no": 0})

    def _batches(self, keys: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        """Batch by batch; several at the same time, for a pool of 1,000 members is read while a lead waits."""
        if len(keys) <= BATCH:
            return list(batch_get(self.client, self.table, keys))

        def read(batch: tuple[Mapping[str, str], ...]) -> list[dict[str, Any]]:
            return list(batch_get(self.client, self.table, batch))

        with ThreadPoolExecutor(min(_READERS, -(-len(keys) // BATCH))) as readers:
            return [row for rows in readers.map(read, batched(keys, BATCH, strict=False)) for row in rows]


def truth_of(row: Row, applied: Collection[str]) -> Truth | None:
    """What a row says, where these imports have become true; None where no document exists."""
    at = "next_" if row.get("next_import") in applied else ""
    text = row.get(f"{at}document")
    return Truth(row["id"], row[f"{at}rev"], text) if text is not None else None


def document_row(document: Any, rev: int) -> dict[str, Any]:
    """The row of a document."""
    return {"kind": document.kind, "id": document.key, "rev": rev, "document": json_text(document)}


def counter_put(
    table: str, was: int, no: int, *, importing: str | None = None, was_importing: str | None = None
) -> dict[str, Any]:
    """A Put of the counter that succeeds only where it still is `was` and, if given, that import is under way."""
    condition = "#no = :was" if was else "(attribute_not_exists(#no) OR #no = :was)"
    if was_importing:
        condition += " AND importing = :importing"
    return {
        "TableName": table,
        "Item": to_item({**COUNTER, "no": no, "importing": importing}),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#no": "no"},
        "ExpressionAttributeValues": to_item({":was": was, ":importing": was_importing}),
    }
