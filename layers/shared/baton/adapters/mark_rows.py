"""Rows of the ledger by which duplicates are found: who came first with a mark, until when."""

from typing import Any

from baton.adapters.items import to_item
from baton.domain.dedupe import Mark


def mark_key(key: str) -> dict[str, str]:
    """Where a mark lies: a partition for each, as there are as many as leads."""
    return {"scope": f"mark#{key}", "id": "mark"}


def mark_put(table: str, mark: Mark) -> dict[str, Any]:
    """The write of a mark, unless another lead has one that is still valid."""
    row = {
        **mark_key(mark.key),
        **mark.model_dump(mode="json", exclude={"over"}),
        "expires_epoch": int(mark.expires_at.timestamp()),
    }
    free = "attribute_not_exists(#scope) OR expires_epoch <= :at OR lead_id = :lead"
    values: dict[str, Any] = {":at": int(mark.at.timestamp()), ":lead": mark.lead_id}
    if mark.over:
        free, values[":over"] = f"{free} OR lead_id = :over", mark.over
    return {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": free,
        "ExpressionAttributeNames": {"#scope": "scope"},
        "ExpressionAttributeValues": to_item(values),
    }
