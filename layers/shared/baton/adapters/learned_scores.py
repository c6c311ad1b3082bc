"""Learned scores: a row of the Ledger table for each campaign, compressed, and in memory."""

import zlib
from typing import Any

from baton.adapters.dynamo import get, put, put_if_next
from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.learned_document import LearnedDocument, nothing_learned


class DynamoLearnedScores:
    """The LearnedScores port over the Ledger table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, campaign_id: str) -> LearnedDocument:
        """See LearnedScores.get."""
        row = get(self._client, self._table, _key(campaign_id))
        if row is None:
            return nothing_learned(campaign_id)
        text = zlib.decompress(bytes(row["packed"])).decode()
        return LearnedDocument(
            campaign_id=campaign_id, rev=row["rev"], text=text, promotions=row["promotions"]
        )

    def put(self, document: LearnedDocument) -> bool:
        """See KeptScores.put."""
        return put(self._client, learned_put(self._table, document))


class MemoryLearnedScores:
    """The LearnedScores port over a ledger in memory."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def get(self, campaign_id: str) -> LearnedDocument:
        """See LearnedScores.get."""
        return self._ledger.learned.get(campaign_id, nothing_learned(campaign_id))

    def put(self, document: LearnedDocument) -> bool:
        """See KeptScores.put."""
        with self._ledger.lock:
            if document.rev - 1 != self.get(document.campaign_id).rev:
                return False
            self._ledger.learned[document.campaign_id] = document
            return True


def learned_put(table: str, learned: LearnedDocument) -> dict[str, Any]:
    """The conditional write of what a campaign has learned: a fifth of its size, which is what a write costs by."""
    packed = zlib.compress(learned.text.encode(), 6)
    row = {
        **_key(learned.campaign_id),
        "rev": learned.rev,
        "promotions": learned.promotions,
        "packed": packed,
    }
    return put_if_next(table, row, learned.rev)


def _key(campaign_id: str) -> dict[str, str]:
    return {"scope": f"learned#{campaign_id}", "id": "score"}
