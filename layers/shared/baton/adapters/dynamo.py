"""What all DynamoDB adapters share: conditional transactions, batch reads, errors in Baton's words."""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from baton.adapters.aws import AwsError, code_of, is_passing
from baton.adapters.items import Item, from_item, to_item
from baton.domain.errors import StoreUnavailable

BATCH: Final = 100
"""Keys that one BatchGetItem takes."""
PUT_BATCH: Final = 25
"""Rows that one BatchWriteItem takes."""
_RETRIES: Final = 6
_BINARY: Final = re.compile(rb'"BS?"\s*:')
"""A binary value: base64 in the JSON, and bytes in what botocore makes of it."""
_LOST: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
"""Reasons of a cancelled transaction that mean: somebody else was faster."""

_LOST_ALONE: Final = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
"""The same, said of a single write."""
_PASSING_REASONS: Final = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})


def put_if_next(table: str, values: Mapping[str, Any], rev: int) -> dict[str, Any]:
    """A Put that succeeds only where the stored row is one revision behind, or absent for the first revision."""
    if rev == 1:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(rev)"}
    else:
        condition = {
            "ConditionExpression": "rev = :before",
            "ExpressionAttributeValues": to_item({":before": rev - 1}),
        }
    return {"TableName": table, "Item": to_item(values), **condition}


def transact(
    client: Any,
    puts: Sequence[Mapping[str, Any]],
    deletes: Sequence[Mapping[str, Any]] = (),
    updates: Sequence[Mapping[str, Any]] = (),
) -> bool:
    """Write all or nothing. False: a condition failed or another transaction was at work on the same rows."""
    try:
        items = [
            *({"Put": put} for put in puts),
            *({"Delete": delete} for delete in deletes),
            *({"Update": update} for update in updates),
        ]
        client.transact_write_items(TransactItems=items)
    except AwsError as error:
        if code_of(error) != "TransactionCanceledException":
            raise translated(error) from error
        reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])}
        if reasons & _LOST:
            return False
        if reasons - {"None"} <= _PASSING_REASONS:
            raise StoreUnavailable(", ".join(sorted(reasons))) from error
        raise
    return True


def put(client: Any, request: Mapping[str, Any]) -> bool:
    """Write one row. False: its condition failed."""
    try:
        client.put_item(**request)
    except AwsError as error:
        if code_of(error) in _LOST_ALONE:
            return False
        raise translated(error) from error
    return True


def get(client: Any, table: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    """The row as last written; None where there is none."""
    try:
        answer = client.get_item(TableName=table, Key=to_item(key), ConsistentRead=True)
    except AwsError as error:
        raise translated(error) from error
    return from_item(answer["Item"]) if "Item" in answer else None


def batch_get(client: Any, table: str, keys: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """The rows that exist, as last written, in no particular order."""
    for begin in range(0, len(keys), BATCH):
        wanted: list[Item] = [to_item(key) for key in keys[begin : begin + BATCH]]
        for attempt in range(_RETRIES):
            try:
                answer = client.batch_get_item(RequestItems={table: {"Keys": wanted, "ConsistentRead": True}})
            except AwsError as error:
                raise translated(error) from error
            yield from (from_item(item) for item in answer["Responses"].get(table, []))
            wanted = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not wanted:
                break
            time.sleep(0.02 * 2**attempt)
        else:
            message = "the table is throttled"
            raise StoreUnavailable(message)


def batch_put(client: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows, each for itself and whatever was there before. Raises StoreUnavailable."""
    for begin in range(0, len(rows), PUT_BATCH):
        wanted = [{"PutRequest": {"Item": to_item(row)}} for row in rows[begin : begin + PUT_BATCH]]
        for attempt in range(_RETRIES):
            try:
                answer = client.batch_write_item(RequestItems={table: wanted})
            except AwsError as error:
                raise translated(error) from error
            wanted = answer.get("UnprocessedItems", {}).get(table, [])
            if not wanted:
                break
            time.sleep(0.02 * 2**attempt)
        else:
            message = "the table is throttled"
            raise StoreUnavailable(message)


def query(client: Any, **request: Any) -> Iterator[dict[str, Any]]:
    """All rows that a query finds, page by page as they are asked for."""
    while True:
        try:
            answer = client.query(**request)
        except AwsError as error:
            raise translated(error) from error
        yield from (from_item(item) for item in answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def read_items_plainly(client: Any) -> Any:
    """The client, whose queries parse rows as the JSON that they are: a tenth of what botocore's own parser takes.

    That asks of every value which of ten types it has, and a day's counters are some 40,000 values. Rows with binary
    values are left to it, and an older botocore without this event parses all of them itself.
    """
    client.meta.events.register("before-parse.dynamodb.Query", _parse_items)
    return client


def _parse_items(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    body = response_dict["body"]
    if response_dict["status_code"] != HTTPStatus.OK or _BINARY.search(body):
        return
    answer = json.loads(body)
    customized_response_dict["Items"] = answer.pop("Items", [])
    response_dict["body"] = json.dumps(answer).encode()


def translated(error: Exception) -> Exception:
    """StoreUnavailable for what passes; the error itself for what a person has to mend (permissions, a bug)."""
    return StoreUnavailable(code_of(error) or type(error).__name__) if is_passing(error) else error
