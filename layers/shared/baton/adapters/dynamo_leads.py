"""Leads in DynamoDB: one partition per lead, holding the lead, its events and its offers."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import merge
from itertools import islice
from typing import Any, Final

from baton.adapters.dynamo import batch_put, get, put, put_if_next, query, transact
from baton.adapters.dynamo_ledger import owner_put, turn_put, usage_put
from baton.adapters.items import to_item
from baton.adapters.retention import epoch, is_live, kept, live
from baton.adapters.trade_rows import (
    PROMISE,
    auction_item,
    deletes_in_ledger,
    exchange_row,
    promise_put,
    puts_in_leads,
    puts_in_ledger,
    report_key,
)
from baton.domain.auction import Auction
from baton.domain.change import Change
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange
from baton.domain.forgetting import sealed
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.outcome import Reported
from baton.domain.promise import Promise
from baton.domain.timeline import Event
from baton.domain.waiting import Wait, wait_of

WATCH_SHARDS: Final = 8
"""Partitions of the watch index: one alone would limit all writes of moving leads to 1,000 a second."""
SAME_AS: Final = "same_as"
"""In a lead's place: whose other name its id is."""
EXTERNAL: Final = "EXTERNAL"
"""A row of its own, under a digest of source and the sender's id of a lead: which lead that is."""
DUPLICATE: Final = "DUPLICATE"
"""A row of a duplicate, by which it is found from the lead that came first. It has nothing in it but ids."""


class DynamoLeads:
    """The Leads port over the Leads table. A claim's standings are written to the Ledger table with it.

    Every row of a lead expires when the lead does; what has expired counts as gone, whether it was deleted or not.
    """

    def __init__(
        self,
        client: Any,
        leads_table: str,
        ledger_table: str,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        """`seconds`: the present second of the epoch."""
        self._client = client
        self._seconds = seconds
        self._table = leads_table
        self._ledger_table = ledger_table

    def get(self, lead_id: str) -> Lead:
        """See Leads.get."""
        row = self._row({"lead_id": lead_id, "item": "LEAD"})
        if row is not None and SAME_AS in row:
            row = self._row({"lead_id": row[SAME_AS], "item": "LEAD"})
        if row is None:
            raise NotFound("lead", lead_id)
        return Lead.model_validate(row)

    def alias(self, lead_id: str, lead: Lead) -> None:
        """See Leads.alias. It stands where the lead would, so that none of that id can be stored."""
        row = {"lead_id": lead_id, "item": "LEAD", "rev": 1, SAME_AS: lead.lead_id}
        put(self._client, kept(put_if_next(self._table, row, 1), lead.expires_at, self._seconds()))

    def offer(self, lead_id: str, no: int) -> Offer:
        """See Leads.offer."""
        row = self._row({"lead_id": lead_id, "item": _offer_item(no)})
        if row is None:
            raise NotFound("offer", f"{lead_id}/{no}")
        return Offer.model_validate(row)

    def offers_of(self, lead_id: str) -> list[Offer]:
        """See Leads.offers_of."""
        return [Offer.model_validate(row) for row in self._rows(lead_id, "OFFER#")]

    def timeline(self, lead_id: str) -> list[Event]:
        """See Leads.timeline."""
        return [Event.model_validate(row) for row in self._rows(lead_id, "EVENT#")]

    def named(self, source_id: str, external_id: str) -> str | None:
        """See Leads.named."""
        row = self._row(external_key(source_id, external_id))
        return str(row["of"]) if row else None

    def reported(self, lead_id: str, report_id: str) -> Reported | None:
        """See Leads.reported."""
        row = self._row(report_key(lead_id, report_id))
        return Reported(report_id, row["said"]) if row else None

    def _row(self, key: Mapping[str, str]) -> dict[str, Any] | None:
        row = get(self._client, self._table, key)
        return row if row is not None and is_live(row, self._seconds()) else None

    def _rows(self, lead_id: str, kind: str) -> Iterator[dict[str, Any]]:
        rows = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="lead_id = :lead AND begins_with(#item, :kind)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":lead": lead_id, ":kind": kind}),
            ConsistentRead=True,
        )
        return live(rows, self._seconds())

    def commit(self, change: Change) -> bool:
        """See Leads.commit. Nobody brings the data of a forgotten person back."""
        change = sealed(change)
        until, now_s = change.lead.expires_at, self._seconds()
        beside = list(puts_in_leads(self._table, change))
        if change.offer:
            beside.append(put_if_next(self._table, _offer_row(change.offer), change.offer.rev))
        puts = self._revision(change.lead, change.event)
        if change.other:
            puts += self._revision(*change.other)
        puts += [kept(put, until, now_s) for put in beside]
        if change.turn:
            puts.append(turn_put(self._ledger_table, change.turn))
        if change.usage:
            puts.append(usage_put(self._ledger_table, change.usage))
        puts += [owner_put(self._ledger_table, owner) for owner in change.owners]
        puts += puts_in_ledger(self._ledger_table, change)
        return transact(self._client, puts, list(deletes_in_ledger(self._ledger_table, change)))

    def _revision(self, lead: Lead, event: Event) -> list[dict[str, Any]]:
        """The writes of a lead's next revision and its event."""
        event_row = {"item": f"EVENT#{event.seq:06d}", **event.model_dump(mode="json")}
        puts = [
            put_if_next(self._table, _lead_row(lead), lead.rev),
            {"TableName": self._table, "Item": to_item(event_row)},
        ]
        if lead.rev == 1 and lead.duplicate_of:
            puts.append({"TableName": self._table, "Item": to_item(_duplicate_row(lead, lead.duplicate_of))})
        if lead.rev == 1 and lead.external_id:
            row = {**external_key(lead.source_id, lead.external_id), "of": lead.lead_id}
            puts.append({"TableName": self._table, "Item": to_item(row)})
        return [kept(put, lead.expires_at, self._seconds()) for put in puts]

    def auction(self, lead_id: str, no: int) -> Auction:
        """See Leads.auction."""
        row = self._row({"lead_id": lead_id, "item": auction_item(no)})
        if row is None:
            raise NotFound("auction", f"{lead_id}/{no}")
        return Auction.model_validate(row)

    def auctions_of(self, lead_id: str) -> list[Auction]:
        """See Leads.auctions_of."""
        return [Auction.model_validate(row) for row in self._rows(lead_id, "AUCTION#")]

    def keep(self, exchanges: Sequence[Exchange]) -> None:
        """See Leads.keep. In batches: nobody waits for one exchange in particular."""
        batch_put(self._client, self._table, [_exchange_row(exchange) for exchange in exchanges])

    def exchanges_of(self, lead_id: str) -> list[Exchange]:
        """See Leads.exchanges_of."""
        return [Exchange.model_validate(row) for row in self._rows(lead_id, "EXCHANGE#")]

    def promise(self, ping_id: str) -> Promise:
        """See Leads.promise."""
        row = self._row({"lead_id": ping_id, "item": PROMISE})
        if row is None:
            raise NotFound("ping", ping_id)
        return Promise.model_validate(row["promise"])

    def promised(self, promise: Promise) -> bool:
        """See Leads.promised."""
        return put(self._client, kept(promise_put(self._table, promise), None, self._seconds()))

    def note(self, offer: Offer) -> bool:
        """See Leads.note."""
        request = put_if_next(self._table, _offer_row(offer), offer.rev)
        return put(self._client, kept(request, offer.kept_until, self._seconds()))

    def overdue(self, now: datetime, limit: int) -> list[str]:
        """See Leads.overdue. The index lags the table by moments; whoever acts on an id reads the lead first."""
        shards = [self._overdue(shard, now, limit) for shard in range(WATCH_SHARDS)]
        return [lead_id for _, lead_id in islice(merge(*shards), limit)]

    def _overdue(self, shard: int, now: datetime, limit: int) -> list[tuple[str, str]]:
        rows = query(
            self._client,
            TableName=self._table,
            IndexName="by_watch",
            KeyConditionExpression="watch = :shard AND watch_due < :now",
            ExpressionAttributeValues=to_item({":shard": str(shard), ":now": sortable(now)}),
            Limit=limit,
        )
        return [(row["watch_due"], row["lead_id"]) for row in islice(rows, limit)]


def _lead_row(lead: Lead) -> dict[str, Any]:
    """The lead and, beside it, the keys of the indexes that it belongs in."""
    row = {"item": "LEAD", "arrived": sortable(lead.received_at), **lead.model_dump(mode="json")}
    if lead.person and lead.forgotten_at is None:
        row["person_key"] = lead.person[0]
        if len(lead.person) > 1:
            row["other_key"] = lead.person[1]
    shard = blake2b(lead.lead_id.encode(), digest_size=1).digest()[0] % WATCH_SHARDS
    if lead.watch_at:
        row |= {"watch": str(shard), "watch_due": sortable(lead.watch_at)}
    if wait := wait_of(lead):
        row["waiting"] = waiting_key(wait, shard)
    return row


def waiting_key(wait: Wait, shard: int) -> str:
    """Under which key of the index `by_waiting` leads of a shard wait so. It stays while a lead moves on its way."""
    return f"{wait}#{shard}"


def _duplicate_row(lead: Lead, first_id: str) -> dict[str, Any]:
    return {"lead_id": lead.lead_id, "item": DUPLICATE, "person_key": first_key(first_id)}


def external_key(source_id: str, external_id: str) -> dict[str, str]:
    """Where it is noted which lead a source has sent under an id of its own: the last one, and no word of the id."""
    digest = blake2b(f"{source_id}\n{external_id}".encode(), digest_size=16).hexdigest()
    return {"lead_id": digest, "item": EXTERNAL}


def first_key(lead_id: str) -> str:
    """Under which key of the index `by_person` a lead's duplicates are found."""
    return f"first#{lead_id}"


def _exchange_row(exchange: Exchange) -> dict[str, Any]:
    row = exchange_row(exchange)
    return {"expires_epoch": epoch(exchange.kept_until), **row} if exchange.kept_until else row


def _offer_row(offer: Offer) -> dict[str, Any]:
    return {"item": _offer_item(offer.no), **offer.model_dump(mode="json")}


def _offer_item(no: int) -> str:
    return f"OFFER#{no:04d}"


def sortable(moment: datetime) -> str:
    """Text that sorts as time does: always UTC, always with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
