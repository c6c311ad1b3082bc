"""Persons in DynamoDB: their leads by an index, and every row that has something of them removed or emptied."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from baton.adapters.aws import AwsError, code_of
from baton.adapters.dynamo import PUT_BATCH, get, put, put_if_next, query, translated
from baton.adapters.dynamo_leads import external_key, first_key
from baton.adapters.dynamo_ledger import owner_key
from baton.adapters.items import to_item
from baton.adapters.mark_rows import mark_key
from baton.adapters.trade_rows import PROMISE, purchase_key
from baton.application.forget_person import Traces
from baton.domain.errors import StoreUnavailable
from baton.domain.forgetting import bare_event, bare_offer, bare_return
from baton.domain.lead import Lead
from baton.domain.lead_return import Return
from baton.domain.offer import Offer
from baton.domain.timeline import Event

_RETRIES: Final = 6
BY_PERSON: Final = ("by_person", "person_key")
"""An index, and the attribute that is its key: what a person is known by before any other."""
BY_OTHER: Final = ("by_other_key", "other_key")
"""Of the number of somebody whose address is known too."""
type Row = dict[str, Any]


class DynamoPersons:
    """The Persons port over the Leads and Ledger tables."""

    def __init__(self, client: Any, leads_table: str, ledger_table: str) -> None:
        self._client = client
        self._table = leads_table
        self._ledger_table = ledger_table

    def leads_of(self, keys: Collection[str]) -> list[str]:
        """See Persons.leads_of."""
        return [lead_id for key in dict.fromkeys(keys) for lead_id in self._named(key)]

    def leads_with(self, keys: Collection[str], limit: int) -> list[str]:
        """See KnownPersons.leads_with."""
        found: dict[str, None] = {}
        for key in keys:
            for index in (BY_PERSON, BY_OTHER):
                found |= dict.fromkeys(islice(self._named(key, index), limit))
        return list(found)[:limit]

    def duplicates_of(self, lead_id: str) -> list[str]:
        """See Persons.duplicates_of."""
        return list(self._named(first_key(lead_id)))

    def _named(self, key: str, index: tuple[str, str] = BY_PERSON) -> Iterator[str]:
        name, attribute = index
        rows = query(
            self._client,
            TableName=self._table,
            IndexName=name,
            KeyConditionExpression=f"{attribute} = :key",
            ExpressionAttributeValues=to_item({":key": key}),
        )
        return (row["lead_id"] for row in rows)

    def strip(self, lead: Lead) -> int | None:
        """See Persons.strip."""
        doomed: list[dict[str, str]] = []
        emptied = 0
        for row in self._rows(lead.lead_id):
            kind = row["item"].partition("#")[0]
            if kind == "EXCHANGE":
                doomed.append({"lead_id": row["lead_id"], "item": row["item"]})
            elif (request := self._emptied(kind, row)) is not None:
                if not put(self._client, request):
                    return None
                emptied += 1
        about_ping = self._rows(lead.ping_id) if lead.ping_id else []
        doomed += [
            {"lead_id": row["lead_id"], "item": row["item"]}
            for row in about_ping
            if row["item"] == PROMISE or row["item"].startswith("EXCHANGE#")
        ]
        if lead.external_id:
            place = external_key(lead.source_id, lead.external_id)
            named = get(self._client, self._table, place)
            doomed += [place] if named and named["of"] == lead.lead_id else []
        self._delete(doomed)
        return emptied + len(doomed)

    def _emptied(self, kind: str, row: Row) -> dict[str, Any] | None:
        """The write of a row without its person; None for a row without one."""
        bare: Offer | Return | Event | None = None
        match kind:
            case "OFFER":
                bare = bare_offer(Offer.model_validate(row))
            case "RETURN":
                bare = bare_return(Return.model_validate(row))
            case "EVENT":
                bare = bare_event(Event.model_validate(row))
        if bare is None:
            return None
        kept: Row = {name: row[name] for name in ("lead_id", "item", "expires_epoch") if name in row}
        values: Row = {**bare.model_dump(mode="json"), **kept}
        if isinstance(bare, Event):
            # Events are never written twice but here. One that has expired meanwhile stays gone.
            there = "attribute_exists(lead_id)"
            return {"TableName": self._table, "Item": to_item(values), "ConditionExpression": there}
        return put_if_next(self._table, values, bare.rev)

    def _rows(self, partition: str) -> list[Row]:
        """All of a partition, read before anything of it is written."""
        return list(
            query(
                self._client,
                TableName=self._table,
                KeyConditionExpression="lead_id = :lead",
                ExpressionAttributeValues=to_item({":lead": partition}),
                ConsistentRead=True,
            )
        )

    def _delete(self, keys: Sequence[Mapping[str, str]]) -> None:
        for begin in range(0, len(keys), PUT_BATCH):
            wanted = [{"DeleteRequest": {"Key": to_item(key)}} for key in keys[begin : begin + PUT_BATCH]]
            for attempt in range(_RETRIES):
                try:
                    answer = self._client.batch_write_item(RequestItems={self._table: wanted})
                except AwsError as error:
                    raise translated(error) from error
                wanted = answer.get("UnprocessedItems", {}).get(self._table, [])
                if not wanted:
                    break
                time.sleep(0.02 * 2**attempt)
            else:
                message = "the table is throttled"
                raise StoreUnavailable(message)

    def erase(self, traces: Traces) -> int:
        """See Persons.erase."""
        noted = [
            *map(owner_key, traces.owners),
            *(purchase_key(who, person) for who, person in traces.purchases),
            *map(mark_key, traces.marks),
        ]
        others = [{"scope": f"rate#{key}", "id": window} for key, window in traces.counters]
        others += [{"scope": f"heard#{key}", "id": "heard"} for key in traces.recollections]
        ids = {f":lead{no}": lead_id for no, lead_id in enumerate(sorted(traces.lead_ids))}
        # So many values fit an expression with room to spare; more leads than that never share one note.
        named = f"lead_id IN ({', '.join(list(ids)[:100])})"
        condition = {
            "ConditionExpression": named,
            "ExpressionAttributeValues": to_item(dict(list(ids.items())[:100])),
        }
        there = {
            "ConditionExpression": "attribute_exists(#scope)",
            "ExpressionAttributeNames": {"#scope": "scope"},
        }
        return sum(self._erased(key, condition) for key in noted) + sum(
            self._erased(key, there) for key in others
        )

    def _erased(self, key: Mapping[str, str], condition: Mapping[str, Any]) -> bool:
        try:
            self._client.delete_item(TableName=self._ledger_table, Key=to_item(key), **condition)
        except AwsError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                return False
            raise translated(error) from error
        return True
