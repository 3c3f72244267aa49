"""The rows of one table in two submissions, matched by key: one statement a question, in time linear in the rows.

The two submissions are locked databases of their own, and a locked database reads and writes no file. So the rows of
the second one pass through memory, some thousand at a time, into a temporary table of the first one. They carry ids,
codes, numbers and days; of texts (labels, and what could not be read) only a fingerprint, which is enough to see that
a text is another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from relmetrics.revision.dating import day_sql
from relmetrics.validation.sql import canonical, quoted, relation

if TYPE_CHECKING:
    import duckdb

    from relmetrics.definitions import Field, Table
    from relmetrics.submission import Submission

__all__ = ["AFTER", "BEFORE", "PAIRS", "cell_columns", "encoded", "side_by_side"]

BEFORE, AFTER, PAIRS, _LINES = "temp.diff_before", "temp.diff_after", "temp.diff_pairs", "temp.diff_lines"
_AT_A_TIME = 50_000


def cell_columns(table: Table, submission: Submission | None) -> tuple[Field, ...]:
    """Fields of a table that were handed in and are no part of its key.

    Parameters
    ----------
    table : Table
        Of the standard.
    submission : Submission or None
        None has no fields.
    """
    read = None if submission is None else submission.tables.get(table.id)
    if read is None:
        return ()
    return tuple(field for field in table.fields if field.id not in table.key and read.column(field.id) is not None)


@contextmanager
def side_by_side(
    connection: duckdb.DuckDBPyConnection, table: Table, before: Submission, after: Submission
) -> Iterator[None]:
    """Hold the rows of both submissions in `BEFORE` and `AFTER`, with `PAIRS` of rows that have the same key.

    Both have the columns ``row``, ``key`` (NULL where a part of it is empty or not readable), ``n`` (rows with this key
    here), ``n_other`` (rows with this key in the other submission), ``first_day``, ``last_day``, and ``c_<field>`` as
    `encoded` writes it. In `PAIRS` they are called ``b_<field>`` and ``a_<field>``; a key that stands more than once on
    either side is not among them.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        That of `before`.
    table : Table
        A table that at least one of them holds.
    before, after : Submission
        The two.
    """
    fields = list(table.fields)
    cells = [field.id for field in fields if field.id not in table.key]
    try:
        if table.id in before.tables:
            connection.execute(f"CREATE TEMP TABLE {BEFORE} AS {_select(before, table)}")
        else:
            _create_empty(connection, BEFORE, cells)
        _create_empty(connection, AFTER, cells)
        if table.id in after.tables:
            _carry(after, table, connection, cells)
        for one, other in ((BEFORE, AFTER), (AFTER, BEFORE)):
            _count_keys(connection, one, other)
        pairs = ", ".join(
            f"b.{quoted('c_' + name)} AS {quoted('b_' + name)}, a.{quoted('c_' + name)} AS {quoted('a_' + name)}"
            for name in cells
        )
        connection.execute(
            f"CREATE TEMP TABLE {PAIRS} AS SELECT coalesce(b.first_day, a.first_day) AS first_day, "
            f"coalesce(b.last_day, a.last_day) AS last_day{', ' if pairs else ''}{pairs} "
            f"FROM {BEFORE} AS b JOIN {AFTER} AS a ON b.key = a.key AND b.n = 1 AND a.n = 1"
        )
        yield
    finally:
        for name in (BEFORE, AFTER, PAIRS, _LINES):
            connection.execute(f"DROP TABLE IF EXISTS {name}")


def encoded(field: Field) -> str:
    """SQL for a cell of rows ``t``: ``=`` and the value, ``?`` and a fingerprint where it is not readable, or NULL.

    Parameters
    ----------
    field : Field
        What the cell holds. Several codes are put in order, because their order means nothing.
    """
    value, text = f"t.{quoted(field.id)}", f"t.{quoted(field.id + '__text')}"
    plain = f"'=' || md5({value})" if field.type in ("label", "public_text") else f"'=' || {canonical(field)}"
    unreadable = f"WHEN {text} IS NOT NULL THEN '?' || md5({text}) "
    partly = ""
    if field.type == "codes":
        plain = f"'=' || array_to_string(list_sort(list_distinct(string_split({value}, ';'))), ';')"
        # What cannot be read is left out of the value; then the cell as a whole counts as not readable.
        n_parts = f"len(list_filter(string_split({text}, ';'), lambda part: trim(part) <> ''))"
        partly = f"WHEN {n_parts} > len(string_split({value}, ';')) THEN '?' || md5({text}) "
    return f"CASE {partly}WHEN {value} IS NOT NULL THEN {plain} {unreadable}END"


def _select(submission: Submission, table: Table) -> str:
    read, day = submission.tables[table.id], day_sql(submission, table)
    # ids, codes, days and numbers hold no vertical bar, so that joined keys cannot run into each other.
    key = " || '|' || ".join(_key_part(table.by_id[name]) for name in table.key)
    if any(read.column(name) is None for name in table.key):
        key = "NULL::VARCHAR"
    cells = [
        f"{encoded(field) if read.column(field.id) is not None else 'NULL::VARCHAR'} AS {quoted('c_' + field.id)}"
        for field in table.fields
        if field.id not in table.key
    ]
    columns = ['t."_row" AS "row"', f"{key} AS key", f"{day.first} AS first_day", f"{day.last} AS last_day", *cells]
    return f"SELECT {', '.join(columns)} FROM {relation(table.id)} AS t {day.join}"


def _key_part(field: Field) -> str:
    return f"md5(t.{quoted(field.id)})" if field.type in ("label", "public_text", "codes") else canonical(field)


def _create_empty(connection: duckdb.DuckDBPyConnection, name: str, cells: Sequence[str]) -> None:
    columns = ['"row" BIGINT', "key VARCHAR", "first_day DATE", "last_day DATE"]
    columns += [f"{quoted('c_' + cell)} VARCHAR" for cell in cells]
    connection.execute(f"CREATE TEMP TABLE {name} ({', '.join(columns)})")


def _carry(after: Submission, table: Table, connection: duckdb.DuckDBPyConnection, cells: Sequence[str]) -> None:
    """Bring the rows of the second submission over, as lines of cells between tabs: no cell can hold a tab."""
    names = ['"row"', "key", "first_day", "last_day", *(quoted("c_" + cell) for cell in cells)]
    line = " || chr(9) || ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in names)
    connection.execute(f"CREATE TEMP TABLE {_LINES} (line VARCHAR)")
    source = after.connection.execute(f"SELECT {line} FROM ({_select(after, table)})")
    while batch := source.fetchmany(_AT_A_TIME):
        connection.execute(f"INSERT INTO {_LINES} SELECT unnest($1::VARCHAR[])", [[text for (text,) in batch]])
    kinds = ["BIGINT", "VARCHAR", "DATE", "DATE", *("VARCHAR" for _ in cells)]
    parts = ", ".join(f"CAST(nullif(p[{place}], '') AS {kind})" for place, kind in enumerate(kinds, start=1))
    connection.execute(
        f"INSERT INTO {AFTER} SELECT {parts} FROM (SELECT string_split(line, chr(9)) AS p FROM {_LINES})"
    )
    connection.execute(f"DROP TABLE {_LINES}")


def _count_keys(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> None:
    """Add ``n`` and ``n_other``; the second call finds them in `other` already and does not mind."""
    keys = "SELECT key, count(*) AS n FROM {} WHERE key IS NOT NULL GROUP BY key"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {one} AS SELECT t.*, coalesce(mine.n, 0) AS n, coalesce(theirs.n, 0) AS n_other "
        f"FROM {one} AS t LEFT JOIN ({keys.format(one)}) AS mine ON mine.key = t.key "
        f"LEFT JOIN ({keys.format(other)}) AS theirs ON theirs.key = t.key"
    )
