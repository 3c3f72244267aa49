"""Keys that stand twice, found by repeated hash and then exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.validation.sql import canonical, key_columns, quoted, relation

if TYPE_CHECKING:
    import duckdb

    from relmetrics.definitions import Table

__all__ = ["Duplicate", "Duplicates", "complete", "drop_copies", "find_duplicates", "keep_one_of_each"]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose key stands in an earlier row already."""

    row: int
    first_row: int
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is known about the keys of a table; `listed` are the first duplicates."""

    n_examined: int
    n_findings: int
    listed: tuple[Duplicate, ...]


def complete(table: Table, alias: str = "t") -> str:
    """Condition: every part of the key is there and readable."""
    return " AND ".join(f"{alias}.{quoted(name)} IS NOT NULL" for name in table.key)


def find_duplicates(connection: duckdb.DuckDBPyConnection, table: Table, most_listed: int) -> Duplicates:
    """Find the rows whose key stands in an earlier row.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the table is, in the schema ``given``.
    table : Table
        Its definition.
    most_listed : int
        How many rows are listed, the first ones.
    """
    source, whole = relation(table.id), complete(table)
    key = ", ".join(f"t.{quoted(name)}" for name in key_columns(table))
    texts = ", ".join(f"{canonical(table.by_id[name])} AS {quoted(name)}" for name in table.key)
    names = ", ".join(quoted(name) for name in table.key)
    # Grouping hashes takes half the time of grouping the keys themselves, and most tables end here.
    n_examined, n_repeated = connection.execute(
        "SELECT coalesce(sum(n), 0)::BIGINT, count(*) FILTER (WHERE n > 1) "
        f"FROM (SELECT count(*) AS n FROM {source} AS t WHERE {whole} GROUP BY hash({key}))"
    ).fetchall()[0]
    if not n_repeated:
        return Duplicates(n_examined, 0, ())
    records = connection.execute(
        f"""
        WITH repeated AS (SELECT hash({key}) AS h FROM {source} AS t WHERE {whole} GROUP BY 1 HAVING count(*) > 1),
        same AS (
            SELECT t._row AS _row, {texts}, min(t._row) OVER (PARTITION BY {key}) AS _first
            FROM {source} AS t WHERE {whole} AND hash({key}) IN (SELECT h FROM repeated)
        )
        SELECT count(*) OVER (), _row, _first, {names} FROM same WHERE _row > _first
        ORDER BY _row LIMIT {max(most_listed, 1)}
        """
    ).fetchall()
    listed = tuple(Duplicate(record[1], record[2], tuple(record[3:])) for record in records)
    return Duplicates(n_examined, records[0][0] if records else 0, listed[:most_listed])


def keep_one_of_each(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Make a table with one row for each key, and return its name.

    Rows with one key count once, and a field in which they differ is unknown: so that the order of rows cannot matter.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the table is, in the schema ``given``.
    table : Table
        Its definition.
    """
    columns = [field.id for field in table.fields]
    columns += [f"{field.id}_precision" for field in table.fields if field.reduced]
    key = key_columns(table)
    agreed = [
        f"CASE WHEN count({name}) = count(*) AND min({name}) = max({name}) THEN min({name}) END AS {name}"
        for name in map(quoted, columns)
        if name not in map(quoted, key)
    ]
    parts = ", ".join(map(quoted, key))
    # No temporary table, which other connections do not see.
    connection.execute("CREATE SCHEMA IF NOT EXISTS one_of_each")
    connection.execute(
        f"CREATE OR REPLACE TABLE {_copy(table.id)} AS SELECT {', '.join([parts, *agreed])} "
        f"FROM {relation(table.id)} AS t WHERE {complete(table)} GROUP BY {parts}"
    )
    return _copy(table.id)


def drop_copies(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Remove what `keep_one_of_each` made.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the copies are.
    tables : iterable of str
        Ids of the tables that were copied.
    """
    for table in tables:
        connection.execute(f"DROP TABLE {_copy(table)}")


def _copy(table: str) -> str:
    return f"one_of_each.{quoted(table)}"
