"""Ask the raw history without AWS: the queries of infra/queries, by DuckDB, over files as they lie in the bucket.

`python -m local.ask s3://BUCKET/events speed_to_contact 2026-11-01 2026-11-30`; a folder with a copy will do as well.
"""

import sys
from collections.abc import Sequence
from typing import Any, Final

import duckdb
import sqlglot
from sqlglot import exp

from local import history

USAGE: Final = (
    "usage: python -m local.ask FOLDER QUERY [VALUE ...], one value for each ? of the query; queries are"
)
MOST_ROWS: Final = 10_000
WIDTH: Final = 240
"""Columns of text. Narrower, DuckDB leaves out columns of the answer."""


def main(arguments: list[str]) -> int:
    """Print the answer as a table; returns the exit code."""
    known = history.queries()
    if len(arguments) < 2 or arguments[1] not in known:  # noqa: PLR2004 # a folder and a query
        print(USAGE, ", ".join(known), file=sys.stderr)
        return 2
    folder, name, *values = arguments
    try:
        ask(connect(folder), known[name], values).show(max_rows=MOST_ROWS, max_width=WIDTH)
    except duckdb.Error as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def connect(folder: str) -> duckdb.DuckDBPyConnection:
    """A database with the history in that folder as its table `history`, by AWS credentials if it is in S3."""
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    if folder.startswith("s3://"):
        for extension in ("httpfs", "aws"):
            database.install_extension(extension)
            database.load_extension(extension)
        database.execute("CREATE SECRET (TYPE s3, PROVIDER credential_chain)")
    columns = {
        name: exp.DataType.build(kind, dialect="hive").sql("duckdb")
        for name, kind in history.columns().items()
    }
    files = f"{folder.rstrip('/')}/day=*/**"
    relation = database.read_json(
        files,
        columns=columns,
        format="newline_delimited",
        hive_partitioning=True,
        hive_types={"day": "VARCHAR"},
    )
    relation.create_view("history")
    return database


def ask(database: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any]) -> duckdb.DuckDBPyRelation:
    """What a query of Athena's answers, given its values in their order. Raises duckdb.Error."""
    return database.sql(in_duckdb(query), params=list(values))


def in_duckdb(query: str) -> str:
    """A query of Athena's in the words of DuckDB."""
    (tree,) = sqlglot.parse(query, read="trino")
    assert tree
    return tree.transform(_rows_unnested).sql("duckdb")


def _rows_unnested(node: exp.Expression) -> exp.Expression:
    """Athena unnests an array of rows into a column for each field; DuckDB does so where it is asked for."""
    if not isinstance(node, exp.Unnest):
        return node
    (rows,) = node.expressions
    deep = exp.PropertyEQ(this=exp.to_identifier("max_depth"), expression=exp.Literal.number(2))
    columns = exp.select(exp.func("unnest", rows, deep)).subquery()
    return exp.Lateral(this=columns, alias=node.args["alias"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
