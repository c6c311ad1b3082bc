"""Returns in DynamoDB: each beside its lead; those that wait for a person also listed in the ledger, by ids."""

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any

from baton.adapters.dynamo import batch_get, get, query
from baton.adapters.items import to_item
from baton.adapters.trade_rows import WAITING, return_key
from baton.domain.editing import Page
from baton.domain.lead_return import Return, ReturnState


class DynamoReturns:
    """The Returns port. What changes a return is written with its lead: see DynamoLeads.commit."""

    def __init__(self, client: Any, leads_table: str, ledger_table: str) -> None:
        self._client = client
        self._leads_table = leads_table
        self._ledger_table = ledger_table

    def find(self, lead_id: str, offer_no: int) -> Return | None:
        """See Returns.find."""
        row = get(self._client, self._leads_table, return_key(lead_id, offer_no))
        return Return.model_validate(row) if row else None

    def waiting(self, limit: int, after: str | None = None) -> Page[Return]:
        """See Returns.waiting. One that was decided a moment ago is left out."""
        condition, values = "#scope = :scope", {":scope": WAITING}
        if after:
            condition, values = f"{condition} AND #id > :after", {**values, ":after": after}
        names = {"#scope": "scope", **({"#id": "id"} if after else {})}
        listed = list(islice(self._listed(condition, names, values, Limit=limit + 1), limit + 1))
        shown = listed[:limit]
        keys = [return_key(row["lead_id"], row["offer_no"]) for row in shown]
        rows = {
            (row["lead_id"], row["item"]): row for row in batch_get(self._client, self._leads_table, keys)
        }
        found = [Return.model_validate(rows[place]) for key in keys if (place := tuple(key.values())) in rows]
        waiting = tuple(wanted for wanted in found if wanted.state is ReturnState.WAITING)
        return Page(waiting, shown[-1]["id"] if len(listed) > limit else None)

    def waiting_of(self, recipient_id: str) -> Mapping[str, int]:
        """See Returns.waiting_of. Reads the whole list: it is as long as what people have not decided yet."""
        rows = self._listed(
            "#scope = :scope",
            {"#scope": "scope", "#week": "week"},
            {":scope": WAITING, ":who": recipient_id},
            FilterExpression="recipient_id = :who AND attribute_exists(#week)",
            ProjectionExpression="#week",
        )
        return Counter(row["week"] for row in rows)

    def _listed(
        self, condition: str, names: Mapping[str, str], values: Mapping[str, Any], **more: Any
    ) -> Any:
        return query(
            self._client,
            TableName=self._ledger_table,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=dict(names),
            ExpressionAttributeValues=to_item(values),
            ConsistentRead=True,
            **more,
        )
