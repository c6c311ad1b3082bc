"""The Archive port over the Config table: configuration for those who edit it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from baton.adapters.config_rows import LOG, ConfigRows, Row, Truth, counter_put, document_row
from baton.adapters.dynamo import transact
from baton.adapters.dynamo_import import DynamoImport
from baton.adapters.items import to_item
from baton.domain.documents import Configured
from baton.domain.editing import Author, Change, Edit, Page, Stored, json_text

MAX_EDITS: Final = 40
"""Of one transaction, which takes 100 writes: each edit is two, the document and its entry in the change log."""
MAX_BYTES: Final = 2_000_000
"""Of one transaction, which takes 4 MB."""
PAGE_BYTES: Final = 3_000_000
"""Documents that one page holds, as far as they are more than one: Lambda answers with 6 MB at most."""


class DynamoArchive:
    """See config_rows for how many rows change at one moment."""

    def __init__(self, client: Any, table: str) -> None:
        self._rows = ConfigRows(client, table)

    def revision(self) -> int:
        """See Archive.revision."""
        no: int = self._rows.counter()["no"]
        return no

    def find[D: Configured](self, kind: type[D], key: str) -> Stored[D] | None:
        """See Archive.find."""
        return self.find_many(kind, [key]).get(key)

    def find_many[D: Configured](self, kind: type[D], keys: Sequence[str]) -> Mapping[str, Stored[D]]:
        """See Archive.find_many."""
        return {key: _stored(kind, truth) for key, truth in self._rows.read(kind.kind, keys).items()}

    def last[D: Configured](self, kind: type[D], prefix: str) -> Stored[D] | None:
        """See Archive.last."""
        truths = self._rows.scan(kind.kind, prefix, f"{prefix}~", backwards=True, some=2)
        return next((_stored(kind, truth) for truth in truths), None)

    def every[D: Configured](self, kind: type[D]) -> list[Stored[D]]:
        """See Archive.every."""
        return [_stored(kind, truth) for truth in self._rows.scan(kind.kind, some=1000)]

    def page[D: Configured](
        self, kind: type[D], limit: int, after: str | None = None, prefix: str = ""
    ) -> Page[Stored[D]]:
        """See Archive.page."""
        truths = self._rows.scan(kind.kind, max(prefix, after or ""), f"{prefix}~", some=limit + 2)
        sized = ((one.key, len(one.text), one) for one in truths if one.key != after)
        page = _page(sized, limit)
        return Page(tuple(_stored(kind, truth) for truth in page.items), page.after)

    def apply(self, edits: Sequence[Edit], revision: int, author: Author) -> bool:
        """See Archive.apply."""
        no = revision + 1
        logged = [log_row(edit, no, author) for edit in edits]
        size = sum(
            len((row.get(part) or "").encode()) for row in logged for part in ("before", "after", "after")
        )
        if len(edits) > MAX_EDITS or size > MAX_BYTES:
            return DynamoImport(self._rows, edits, logged, revision)()
        table = self._rows.table
        written = [document_row(edit.after, no) for edit in edits if edit.after]
        entries = [{**row, "id": f"{no:010d}.{index:06d}"} for index, row in enumerate(logged)]
        gone = [{"kind": edit.document.kind, "id": edit.document.key} for edit in edits if not edit.after]
        return transact(
            self._rows.client,
            [
                counter_put(table, revision, no),
                *({"TableName": table, "Item": to_item(row)} for row in (*written, *entries)),
            ],
            [{"TableName": table, "Key": to_item(key)} for key in gone],
        )

    def changes(self, limit: int, after: str | None = None) -> Page[Change]:
        """See Archive.changes."""
        rows = (row for row in self._log(limit, after) if row["id"] != after)
        sized = ((row["id"], len(row.get("before", "") + row.get("after", "")), row) for row in rows)
        page = _page(sized, limit)
        return Page(tuple(map(_change, page.items)), page.after)

    def _log(self, limit: int, after: str | None) -> Iterator[Row]:
        """Rows of the log, the newest first, without those of imports that have not become true."""
        for rows in self._rows.portions(LOG, "", after or "", backwards=True, some=limit + 2):
            applied = self._rows.applied({row["import"] for row in rows if "import" in row})
            yield from (row for row in rows if "import" not in row or row["import"] in applied)


def log_row(edit: Edit, no: int, author: Author) -> dict[str, Any]:
    """An entry of the change log, without its key."""
    return {
        "kind": LOG,
        "no": no,
        "at": author.at.astimezone(UTC).isoformat(),
        "by": author.name,
        "of": edit.document.kind,
        "key": edit.document.key,
        "before": json_text(edit.before.document) if edit.before else None,
        "after": json_text(edit.after) if edit.after else None,
    }


def _change(row: Row) -> Change:
    texts = {part: json.loads(row[part]) if part in row else None for part in ("before", "after")}
    return Change.model_validate({**row, "kind": row["of"], **texts})


def _stored[D: Configured](kind: type[D], truth: Truth) -> Stored[D]:
    return Stored(kind.model_validate_json(truth.text), truth.rev)


def _page[T](items: Iterable[tuple[str, int, T]], limit: int) -> Page[T]:
    """At most `limit` of these, and not too many bytes; each comes with its key and size."""
    taken: list[T] = []
    last, size = None, 0
    for key, more, item in items:
        size += more
        if len(taken) == limit or (taken and size > PAGE_BYTES):
            return Page(tuple(taken), last)
        taken.append(item)
        last = key
    return Page(tuple(taken), None)
