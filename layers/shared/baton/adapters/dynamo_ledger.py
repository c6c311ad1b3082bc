"""Standings in DynamoDB: a row per member and pool, a row per recipient, and a row per person or company with an owner.

Rows are spread over partitions, so that no single one limits a pool or an account. A few rows are read by their keys
in one call. Of many, whole partitions are read side by side: the number of calls then does not grow with the pool, and
rows that lie together cost a fraction of what they cost one by one.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from baton.adapters.dynamo import BATCH, batch_get, put_if_next, query
from baton.adapters.items import to_item
from baton.adapters.mark_rows import mark_key
from baton.adapters.trade_rows import intake_key, purchase_key
from baton.domain.dealings import Intake, Purchase
from baton.domain.dedupe import Mark
from baton.domain.standing import Owner, Standings, Turn, Usage

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

USAGE_SHARDS: Final = 16
"""Partitions of usage rows: all claims of an account write here."""
TURN_SHARDS: Final = 4
"""Partitions of a pool's turns: one alone would limit a pool to 500 claims a second."""
QUERIED_FROM: Final = 20
"""Members from which on a pool's turns are read by partition: rows read one by one cost as much as 4 KB each."""
type Row = dict[str, Any]
_TURN: Final = TypeAdapter(Turn)
_USAGE: Final = TypeAdapter(Usage)


class DynamoLedger:
    """The Ledger port over the Ledger table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def standings(
        self,
        members: Collection[tuple[str, str]],
        recipients: Collection[str],
        owners: Collection[str] = (),
        purchases: Collection[tuple[str, str]] = (),
        intakes: Collection[str] = (),
    ) -> Standings:
        """See Ledger.standings. One call up to a hundred rows of small pools; 25 at most for one pool of 1,000."""
        turns: dict[tuple[str, str], Turn] = {}
        usage: dict[str, Usage] = {}
        found: dict[str, Owner] = {}
        bought: dict[tuple[str, str], Purchase] = {}
        sources: dict[str, Intake] = {}
        more = [purchase_key(*purchase) for purchase in purchases] + [intake_key(who) for who in intakes]
        for row in self._rows(members, recipients, [*map(owner_key, owners), *more]):
            match row["scope"].partition("#")[0]:
                case "usage":
                    usage[row["id"]] = _USAGE.validate_python(row)
                case "owner":
                    found[row["key"]] = Owner.model_validate(row)
                case "bought":
                    purchase = Purchase.model_validate(row)
                    bought[purchase.recipient_id, purchase.person] = purchase
                case "source":
                    sources[row["source_id"]] = Intake.model_validate(row)
                case _:
                    turns[row["queue"], row["recipient_id"]] = _TURN.validate_python(row)
        return Standings(turns, usage, found, bought, sources)

    def marks(self, keys: Collection[str]) -> Mapping[str, Mark]:
        """See Ledger.marks."""
        rows = batch_get(self._client, self._table, [mark_key(key) for key in dict.fromkeys(keys)])
        return {row["key"]: Mark.model_validate(row) for row in rows}

    def _rows(
        self,
        members: Collection[tuple[str, str]],
        recipients: Collection[str],
        others: Sequence[dict[str, str]],
    ) -> Iterable[Row]:
        lengths = Counter(queue for queue, _ in members)
        large = [queue for queue, length in lengths.items() if length >= QUERIED_FROM]
        partitions = [f"queue#{queue}#{shard}" for queue in large for shard in range(TURN_SHARDS)]
        keys = [turn_key(queue, who) for queue, who in members if queue not in large]
        keys += others
        if len(recipients) > BATCH:
            partitions += [f"usage#{shard}" for shard in range(USAGE_SHARDS)]
        else:
            keys += [usage_key(who) for who in recipients]
        reads: list[Callable[[], list[Row]]] = [partial(self._partition, name) for name in partitions]
        reads += [partial(self._named, keys[n : n + BATCH]) for n in range(0, len(keys), BATCH)]
        if len(reads) == 1:
            return reads[0]()
        return chain.from_iterable(self._threads.map(lambda read: read(), reads)) if reads else ()

    def _named(self, keys: Sequence[dict[str, str]]) -> list[Row]:
        return list(batch_get(self._client, self._table, keys))

    def _partition(self, scope: str) -> list[Row]:
        rows: Iterator[Row] = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="#scope = :scope",
            ExpressionAttributeNames={"#scope": "scope"},
            ExpressionAttributeValues=to_item({":scope": scope}),
            ConsistentRead=True,
        )
        return list(rows)

    @cached_property
    def _threads(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(TURN_SHARDS + USAGE_SHARDS, "ledger")


def turn_put(table: str, turn: Turn) -> dict[str, Any]:
    """The conditional write of a member's turn."""
    row = {**turn_key(turn.queue, turn.recipient_id), **_TURN.dump_python(turn, mode="json")}
    return put_if_next(table, row, turn.rev)


def usage_put(table: str, usage: Usage) -> dict[str, Any]:
    """The conditional write of a recipient's usage."""
    row = {**usage_key(usage.recipient_id), **_USAGE.dump_python(usage, mode="json")}
    return put_if_next(table, row, usage.rev)


def owner_put(table: str, owner: Owner) -> dict[str, Any]:
    """The write of who looks after a person or company."""
    expires = int(owner.expires_at.timestamp())
    row = {**owner_key(owner.key), **owner.model_dump(mode="json"), "expires_epoch": expires}
    return {"TableName": table, "Item": to_item(row)}


def turn_key(queue: str, recipient_id: str) -> dict[str, str]:
    """Where a member's turn lies."""
    return {"scope": f"queue#{queue}#{_shard(recipient_id, TURN_SHARDS)}", "id": recipient_id}


def usage_key(recipient_id: str) -> dict[str, str]:
    """Where a recipient's usage lies."""
    return {"scope": f"usage#{_shard(recipient_id, USAGE_SHARDS)}", "id": recipient_id}


def owner_key(key: str) -> dict[str, str]:
    """Where the owner of a person or company is found."""
    return {"scope": f"owner#{key}", "id": "owner"}


def _shard(recipient_id: str, of: int) -> int:
    return blake2b(recipient_id.encode(), digest_size=1).digest()[0] % of
