"""How the queries over the raw history are written: all in the same manner, and so that Athena takes them."""

import pytest
import sqlglot
from sqlglot import exp

from local import history

every_query = pytest.mark.parametrize("name", history.queries())


def head(query: str) -> str:
    """What a query begins with: its first two tables, the events and the leads."""
    return "\n),\n".join(query[query.index("WITH ") :].split("\n),\n")[:2])


def test_all_queries_remove_repetitions_and_tests_in_the_same_words() -> None:
    (begin,) = {head(query) for query in history.queries().values()}

    assert "PARTITION BY id" in begin
    assert "WHERE day >= ?" in begin
    assert "WHERE copy = 1 AND NOT test" in begin


@every_query
def test_values_are_given_only_where_athena_takes_them(name: str) -> None:
    """It takes them in WHERE alone."""
    tree = sqlglot.parse_one(history.queries()[name], read="trino")
    places = [*tree.find_all(exp.Placeholder)]

    assert len(places) >= 2
    assert all(place.find_ancestor(exp.Where) for place in places)


@every_query
def test_rows_are_unnested_into_the_columns_that_the_table_has_in_their_order(name: str) -> None:
    tree = sqlglot.parse_one(history.queries()[name], read="trino")
    wanted = [
        part.partition(":")[0] for part in history.facts()["bids"][len("array<struct<") : -2].split(",")
    ]

    for unnested in tree.find_all(exp.Unnest):
        assert [column.name for column in unnested.args["alias"].args["columns"]] == wanted
