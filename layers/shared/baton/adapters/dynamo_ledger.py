"""Standings in DynamoDB: a row per member and pool, and a row per recipient."""

from collections.abc import Collection
from hashlib import blake2b
from typing import Any, Final

from baton.adapters.dynamo import batch_get, put_if_next
from baton.domain.standing import Standings, Turn, Usage

USAGE_SHARDS: Final = 16
"""Partitions of usage rows: one alone would limit everybody; few enough to read all of them with as many queries."""


class DynamoLedger:
    """The Ledger port over the Ledger table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def standings(self, members: Collection[tuple[str, str]], recipients: Collection[str]) -> Standings:
        """See Ledger.standings. One call for every 100 rows."""
        keys = [{"scope": _pool(pool), "id": who} for pool, who in members]
        keys += [{"scope": _usage(who), "id": who} for who in recipients]
        turns, usage = {}, {}
        for row in batch_get(self._client, self._table, keys):
            if row["scope"].startswith("usage#"):
                usage[row["id"]] = Usage.model_validate(row)
            else:
                turn = Turn.model_validate(row)
                turns[turn.pool_id, turn.recipient_id] = turn
        return Standings(turns, usage)


def turn_put(table: str, turn: Turn) -> dict[str, Any]:
    """The conditional write of a member's turn."""
    row = {"scope": _pool(turn.pool_id), "id": turn.recipient_id, **turn.model_dump(mode="json")}
    return put_if_next(table, row, turn.rev)


def usage_put(table: str, usage: Usage) -> dict[str, Any]:
    """The conditional write of a recipient's usage."""
    row = {"scope": _usage(usage.recipient_id), "id": usage.recipient_id, **usage.model_dump(mode="json")}
    return put_if_next(table, row, usage.rev)


def _pool(pool_id: str) -> str:
    return f"pool#{pool_id}"


def _usage(recipient_id: str) -> str:
    return f"usage#{blake2b(recipient_id.encode(), digest_size=1).digest()[0] % USAGE_SHARDS}"
