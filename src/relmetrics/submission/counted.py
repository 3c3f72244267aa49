"""Rows as they count: the rule for faulty rows (section 0.2 of the catalogue), once for all indicators.

`given` holds everything as it was handed in; `counted` is what views and indicators read. A row without a complete key
is left out; rows with one key count once, and a field in which they differ is unknown; a reference to something that is
not there is an unknown one. Ids of people, events and groups become whole numbers in the order of the ids: joins are
quick, and nothing that follows depends on the order of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from relmetrics.definitions import Field, Release, Table
    from relmetrics.submission.submission import Submission

__all__ = ["CODED", "SQL_TYPES", "count_rows"]

CODED = {"people": "person_id", "groups": "group_id", "events": "event_id"}
"""Tables whose ids become whole numbers, with their key."""

SQL_TYPES = {"date": "DATE", "month": "DATE", "integer": "BIGINT", "decimal": "DECIMAL(18, 6)"}


def count_rows(submission: Submission) -> dict[str, int]:
    """Build the schema ``counted`` of a submission; return the rows left out by table, reversed spells among them."""
    connection, release = submission.connection, submission.release
    connection.execute("CREATE SCHEMA IF NOT EXISTS counted")
    left_out: dict[str, int] = {}
    coded = [name for name in CODED if name in release.tables]
    for name in (*coded, *(name for name in release.tables if name not in coded)):
        table = release.tables[name]
        if name in submission.tables:
            left_out[name] = _fill(connection, release, table, coded)
        else:
            _empty(connection, table)
    return left_out


def _columns(table: Table) -> list[str]:
    names = []
    for field in table.fields:
        if field.type == "codes":
            continue
        names.append(field.id)
        if field.reduced:
            names.append(f"{field.id}_precision")
    return names


def _empty(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    def kind(field: Field) -> str:
        target = field.references.table if field.references is not None else None
        if target in CODED or CODED.get(table.id) == field.id:
            return "BIGINT"
        return SQL_TYPES.get(field.type, "VARCHAR")

    if table.id in CODED:
        connection.execute(f'CREATE TABLE counted."{table.id}_codes" (given_id VARCHAR, code BIGINT)')
    parts = []
    for field in table.fields:
        if field.type != "codes":
            parts.append(f'"{field.id}" {kind(field)}')
            if field.reduced:
                parts.append(f'"{field.id}_precision" VARCHAR')
    connection.execute(f'CREATE TABLE counted."{table.id}" ({", ".join(parts)})')
    for field in table.fields:
        if field.type == "codes":
            keys = [f'"{name}" {kind(table.by_id[name])}' for name in table.key]
            connection.execute(
                f'CREATE TABLE counted."{table.id}_{field.id}" ({", ".join(keys)}, "{field.singular}" VARCHAR)'
            )


def _fill(connection: duckdb.DuckDBPyConnection, release: Release, table: Table, coded: list[str]) -> int:
    complete = " AND ".join(f'"{name}" IS NOT NULL' for name in table.key)
    given = _in_range(table)
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {complete}), "
        f"(SELECT count(*) FROM (SELECT DISTINCT {_key_texts(table)} FROM {given} WHERE {complete})) FROM {given}"
    ).fetchone()
    n_rows, n_complete, n_keys = row if row is not None else (0, 0, 0)
    source = f"(SELECT * FROM {given} WHERE {complete})"
    if n_keys < n_complete:
        source = f"({_one_row_a_key(table, given, complete)})"
    if table.id in coded:
        connection.execute(
            f'CREATE TABLE counted."{table.id}_codes" AS SELECT "{CODED[table.id]}" AS given_id, '
            f'row_number() OVER (ORDER BY "{CODED[table.id]}") AS code FROM {source} AS s'
        )
    selected: list[str] = []
    joins: list[str] = []
    for name in _columns(table):
        field = table.by_id.get(name)
        target = None
        if field is not None:
            if CODED.get(table.id) == name:
                target = table.id
            elif field.references is not None and field.references.table in coded:
                target = field.references.table
        if target is None:
            selected.append(f's."{name}"')
        else:
            alias = f"c{len(joins)}"
            joins.append(f'LEFT JOIN counted."{target}_codes" AS {alias} ON {alias}.given_id = s."{name}"')
            selected.append(f'{alias}.code AS "{name}"')
    connection.execute(
        f'CREATE TABLE counted."{table.id}" AS SELECT {", ".join(selected)} FROM {source} AS s {" ".join(joins)}'
    )
    for field in table.fields:
        if field.type == "codes":
            _fill_codes(connection, table, field, coded, is_repeated=n_keys < n_complete)
    return int(n_rows - n_complete) + _reversed(connection, table)


def _in_range(table: Table) -> str:
    """The given rows, in which a number outside its range is unknown: it has not its type (``integer >= 0``)."""
    replaced = []
    for field in table.fields:
        limits = [(">=", field.minimum), ("<=", field.maximum)]
        conditions = [f'"{field.id}" {sign} {limit}' for sign, limit in limits if limit is not None]
        if conditions and field.type in ("integer", "decimal"):
            replaced.append(f'CASE WHEN {" AND ".join(conditions)} THEN "{field.id}" END AS "{field.id}"')
    return f'(SELECT * REPLACE ({", ".join(replaced)}) FROM given."{table.id}")' if replaced else f'given."{table.id}"'


def _key_texts(table: Table) -> str:
    """Key fields as they are compared: a reduced date with its precision, because keys compare the text."""
    names = []
    for name in table.key:
        names.append(f'"{name}"')
        if table.by_id[name].reduced:
            names.append(f'"{name}_precision"')
    return ", ".join(names)


def _one_row_a_key(table: Table, given: str, complete: str) -> str:
    keys = _key_texts(table)
    selected = [keys]
    in_key = set(keys.replace('"', "").split(", "))
    for name in _columns(table):
        if name in in_key:
            continue
        field = table.by_id.get(name)
        pair = [name]
        if field is not None and field.reduced:
            pair.append(f"{name}_precision")
        elif field is None:
            pair = [name.removesuffix("_precision"), name]
        agree = " AND ".join(f'count("{part}") = count(*) AND min("{part}") = max("{part}")' for part in pair)
        selected.append(f'CASE WHEN {agree} THEN min("{name}") END AS "{name}"')
    return f"SELECT {', '.join(selected)} FROM {given} WHERE {complete} GROUP BY {keys}"


def _fill_codes(
    connection: duckdb.DuckDBPyConnection, table: Table, field: Field, coded: list[str], *, is_repeated: bool
) -> None:
    child = f'given."{table.id}_{field.id}"'
    singular = field.singular
    keys = ", ".join(f'"{name}"' for name in table.key)
    # A code that cannot be read stays as a row without a code: the cell is unknown, not empty.
    complete = " AND ".join(f'"{name}" IS NOT NULL' for name in table.key)
    source = f'(SELECT DISTINCT {keys}, "{singular}" FROM {child} WHERE {complete})'
    if is_repeated:
        # Rows of one key whose codes differ: the codes are unknown, so none of them is kept.
        source = (
            f"(WITH sets AS (SELECT {', '.join(f't.{name}' for name in keys.split(', '))}, t._row, "
            f"coalesce(string_agg(DISTINCT c.\"{singular}\", ';' ORDER BY c.\"{singular}\"), '') AS codes "
            f'FROM given."{table.id}" AS t LEFT JOIN {child} AS c ON c._row = t._row GROUP BY ALL), '
            f"agreed AS (SELECT {keys} FROM sets GROUP BY {keys} HAVING min(codes) = max(codes)) "
            f'SELECT DISTINCT {keys}, "{singular}" FROM {child} JOIN agreed USING ({keys}) WHERE {complete})'
        )
    selected: list[str] = []
    joins: list[str] = []
    for name in table.key:
        reference = table.by_id[name].references
        target = table.id if CODED.get(table.id) == name else reference.table if reference is not None else None
        if target in coded:
            alias = f"c{len(joins)}"
            joins.append(f'LEFT JOIN counted."{target}_codes" AS {alias} ON {alias}.given_id = s."{name}"')
            selected.append(f'{alias}.code AS "{name}"')
        else:
            selected.append(f's."{name}"')
    connection.execute(
        f'CREATE TABLE counted."{table.id}_{field.id}" AS SELECT {", ".join(selected)}, s."{singular}" '
        f"FROM {source} AS s {' '.join(joins)}"
    )


def _reversed(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Spells whose last known day lies before their first: `spells` leaves them out, here they are counted."""
    if table.id != "memberships":
        return 0
    row = connection.execute(
        "SELECT count(*) FROM counted.memberships WHERE started_on > CASE ended_on_precision "
        "WHEN 'month' THEN last_day(ended_on) WHEN 'year' THEN make_date(year(ended_on), 12, 31) ELSE ended_on END"
    ).fetchone()
    return int(row[0]) if row is not None else 0
