"""Rows that are read as the JSON that they are, beside what botocore's own parser makes of them."""

from typing import Any

import pytest

from baton.adapters.dynamo import query, read_items_plainly
from baton.adapters.items import to_item

ROWS: list[dict[str, Any]] = [
    {
        "report": "r",
        "bucket": f"b{n:03}",
        "rev": n,
        "cost.USD": -n,
        "half": 0.5,
        "name": 'Zo\u00eb "B": x',
        "all": [1, None],
    }
    for n in range(40)
]


@pytest.fixture
def read(dynamodb: Any) -> Any:
    """Reads all rows of a partition, some at a time."""

    def read(partition: str) -> list[dict[str, Any]]:
        wanted = {":r": partition}
        return list(
            query(
                dynamodb,
                TableName="ReportsTable",
                KeyConditionExpression="report = :r",
                ExpressionAttributeValues=to_item(wanted),
                Limit=7,
            )
        )

    return read


def write(dynamodb: Any, *rows: dict[str, Any]) -> None:
    """Store rows."""
    for row in rows:
        dynamodb.put_item(TableName="ReportsTable", Item=to_item(row))


def test_rows_are_the_same_page_by_page(dynamodb: Any, read: Any) -> None:
    write(dynamodb, *ROWS)
    before = read("r")

    read_items_plainly(dynamodb)

    assert read("r") == before == ROWS
    assert read("nothing") == []


def test_rows_with_bytes_are_left_to_botocore(dynamodb: Any, read: Any) -> None:
    row = {"report": "r", "bucket": "b", "tally": b"\x00bytes"}
    write(dynamodb, row)

    read_items_plainly(dynamodb)

    assert read("r") == [row]


def test_what_the_table_refuses_is_still_its_error(dynamodb: Any) -> None:
    read_items_plainly(dynamodb)

    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        list(
            query(
                dynamodb,
                TableName="Nowhere",
                KeyConditionExpression="a = :a",
                ExpressionAttributeValues={":a": {"S": "x"}},
            )
        )
