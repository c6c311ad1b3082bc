"""Rows that expire: DynamoDB deletes them within days of their time, and until then they count as gone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from baton.adapters.items import to_item


def is_live(row: Mapping[str, Any], now_s: float) -> bool:
    """Whether a row's time is not over, at that second of the epoch."""
    until = row.get("expires_epoch")
    return until is None or until > now_s


def live(rows: Iterable[dict[str, Any]], now_s: float) -> Iterator[dict[str, Any]]:
    """The rows whose time is not over."""
    return (row for row in rows if is_live(row, now_s))


def kept(put: Mapping[str, Any], until: datetime | None, now_s: float) -> dict[str, Any]:
    """The write of a row that stays until then (None: for ever), unless it says of itself how long it stays.

    Where it asks that there be no such row yet, one that has expired is none.
    """
    item, condition = put["Item"], put.get("ConditionExpression", "")
    if until is not None and "expires_epoch" not in item:
        item = {**item, **to_item({"expires_epoch": epoch(until)})}
    if not condition.startswith("attribute_not_exists"):
        return {**put, "Item": item}
    values = {**put.get("ExpressionAttributeValues", {}), **to_item({":expired": int(now_s)})}
    condition = f"{condition} OR expires_epoch <= :expired"
    return {**put, "Item": item, "ConditionExpression": condition, "ExpressionAttributeValues": values}


def epoch(until: datetime) -> int:
    """The moment as DynamoDB's own clock for rows that expire has it: in whole seconds."""
    return int(until.timestamp())
