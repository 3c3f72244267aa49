"""What happened to the rows of each table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

from relmetrics.revision.dating import dated_by
from relmetrics.revision.row_changes import (
    NOT_READABLE,
    CodeChange,
    FieldRevision,
    Part,
    PartRevision,
    TableRevision,
)
from relmetrics.revision.rows import AFTER, BEFORE, PAIRS, cell_columns, side_by_side
from relmetrics.validation.sql import quoted

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from relmetrics.definitions import Field, Table
    from relmetrics.submission import Submission

__all__ = ["RowKinds", "compare_table"]

RowKind = Literal["shared", "alone", "keyless"]
_FEWEST_ROWS = 10
_MOST_LOST = 0.8


@dataclass(frozen=True, slots=True)
class RowKinds:
    """Of the rows that were asked for: whether their key stands in the other submission, or is no key at all.

    Attributes
    ----------
    before, after : dict
        Row number to 'shared', 'alone' or 'keyless'.
    """

    before: Mapping[int, RowKind]
    after: Mapping[int, RowKind]


def compare_table(
    table: Table,
    before: Submission,
    after: Submission,
    past_until: date,
    rows_before: Iterable[int] = (),
    rows_after: Iterable[int] = (),
) -> tuple[TableRevision, RowKinds]:
    """Compare the rows of one table by their keys.

    Parameters
    ----------
    table : Table
        A table that at least one of the two holds.
    before, after : Submission
        The two, open.
    past_until : date
        Last day of the past.
    rows_before, rows_after : iterable of int
        Rows of which the kind is wanted, as a spreadsheet counts.

    Returns
    -------
    tuple of (TableRevision, RowKinds)
        Counts, and what was asked about single rows.
    """
    connection = before.connection
    with side_by_side(connection, table, before, after):
        comparison = _Comparison(connection, table, before, after, past_until)
        kinds = RowKinds(_kinds(connection, BEFORE, rows_before), _kinds(connection, AFTER, rows_after))
        return comparison.table_revision(), kinds


def _kinds(connection: duckdb.DuckDBPyConnection, side: str, rows: Iterable[int]) -> dict[int, RowKind]:
    wanted = sorted(set(rows))
    if not wanted:
        return {}
    kind = "CASE WHEN t.key IS NULL THEN 'keyless' WHEN t.n_other > 0 THEN 'shared' ELSE 'alone' END"
    statement = f'SELECT t."row", {kind} FROM {side} AS t JOIN (SELECT unnest($1::BIGINT[]) AS r) ON t."row" = r'
    return dict(connection.execute(statement, [wanted]).fetchall())


class _Comparison:
    """One table, with its rows side by side."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        before: Submission,
        after: Submission,
        past_until: date,
    ) -> None:
        self.connection = connection
        self.table = table
        self.before = before
        self.after = after
        self.part = (
            f"CASE WHEN last_day <= DATE '{past_until}' THEN 'past' WHEN first_day > DATE '{past_until}' THEN 'after' "
            "ELSE 'undated' END"
        )
        ours, theirs = cell_columns(table, before), cell_columns(table, after)
        self.common = [field for field in ours if field in theirs]
        self.disappeared = [field for field in ours if field not in theirs]
        self.appeared = [field for field in theirs if field not in ours]

    def table_revision(self) -> TableRevision:
        n_before, n_repeated_before, n_keyless_before, removed = self._count_side(BEFORE)
        n_after, n_repeated_after, n_keyless_after, added = self._count_side(AFTER)
        compared, changed, fields = self._count_pairs()
        n_compared, fewest = sum(compared.values()), min(n_before, n_after)
        found = dated_by(self.before.release, self.table)
        dated = "" if found is None else (f"{found[1].id}.{found[0].id}" if found[1] is not None else found[0].id)
        in_before, in_after = self.table.id in self.before.tables, self.table.id in self.after.tables
        n_known = n_compared + min(n_repeated_before, n_repeated_after)
        return TableRevision(
            table=self.table.id,
            presence="both" if in_before and in_after else "appeared" if in_after else "disappeared",
            dated_by=dated,
            n_before=n_before,
            n_after=n_after,
            n_repeated_before=n_repeated_before,
            n_repeated_after=n_repeated_after,
            n_keyless_before=n_keyless_before,
            n_keyless_after=n_keyless_after,
            columns_appeared=self._filled(AFTER, self.appeared) if in_before and in_after else {},
            columns_disappeared=self._filled(BEFORE, self.disappeared) if in_before and in_after else {},
            parts=tuple(
                PartRevision(
                    part,
                    n_added=added.get(part, 0),
                    n_removed=removed.get(part, 0),
                    n_compared=compared.get(part, 0),
                    n_changed=changed.get(part, 0),
                    fields=tuple(fields.get(part, ())),
                )
                for part in cast("tuple[Part, ...]", get_args(Part))
            ),
            is_renamed=(
                sum(removed.values()) >= _FEWEST_ROWS
                and sum(added.values()) >= _FEWEST_ROWS
                and n_known < (1 - _MOST_LOST) * fewest
            ),
        )

    def _count_side(self, side: str) -> tuple[int, int, int, dict[str, int]]:
        """Rows, rows with a key that stands more than once, rows without key, rows by part that stand here only."""
        records = self.connection.execute(
            f"SELECT {self.part}, count(*), count(*) FILTER (n > 1 AND n_other > 0 OR n = 1 AND n_other > 1), "
            f"count(*) FILTER (key IS NULL), count(*) FILTER (key IS NOT NULL AND n_other = 0) FROM {side} GROUP BY 1"
        ).fetchall()
        alone = {part: n for part, _, _, _, n in records if n}
        return (
            sum(record[1] for record in records),
            sum(record[2] for record in records),
            sum(record[3] for record in records),
            alone,
        )

    def _count_pairs(self) -> tuple[dict[str, int], dict[str, int], dict[str, list[FieldRevision]]]:
        """Rows compared and rows changed by part, and what changed in which field."""
        differs = [f"{_b(field)} IS DISTINCT FROM {_a(field)}" for field in self.common]
        columns = [f"{self.part} AS part", "count(*)", f"count(*) FILTER ({' OR '.join(differs) or 'false'})"]
        for field in self.common:
            columns += [f"count(*) FILTER ({condition})" for condition in _kinds_of_change(field)]
        records = self.connection.execute(f"SELECT {', '.join(columns)} FROM {PAIRS} GROUP BY 1").fetchall()
        codes = self._codes([field for field in self.common if self._has_codes(field)])
        compared = {record[0]: record[1] for record in records}
        changed = {record[0]: record[2] for record in records}
        fields: dict[str, list[FieldRevision]] = {}
        for part, _, _, *counts in records:
            for place, field in enumerate(self.common):
                filled, emptied, mended, spoilt, rewritten = own = counts[5 * place : 5 * place + 5]
                if any(own):
                    found = tuple(codes.get((part, field.id), ()))
                    fields.setdefault(part, []).append(
                        FieldRevision(field.id, filled, emptied, mended, spoilt, rewritten, found)
                    )
        return compared, changed, fields

    def _has_codes(self, field: Field) -> bool:
        """Whether cells hold codes of the standard, which may be shown; a code of another list may be anything."""
        return field.type in ("code", "codes") and (field.codelist or "") in self.before.release.codelists

    def _codes(self, fields: Sequence[Field]) -> dict[tuple[str, str], list[CodeChange]]:
        found: dict[tuple[str, str], list[CodeChange]] = {}
        queries = [query for field in fields for query in self._code_queries(field)]
        if not queries:
            return found
        records = self.connection.execute(
            f"SELECT part, field, before, after, count(*) AS n FROM ({' UNION ALL '.join(queries)}) "
            "GROUP BY ALL ORDER BY field, n DESC, before NULLS FIRST, after NULLS FIRST"
        ).fetchall()
        for part, field_id, before, after, n in records:
            found.setdefault((part, field_id), []).append(CodeChange(before, after, n))
        return found

    def _code_queries(self, field: Field) -> list[str]:
        before, after, head = _b(field), _a(field), f"SELECT {self.part} AS part, '{field.id}' AS field"
        source = f"FROM {PAIRS} WHERE {before} IS DISTINCT FROM {after}"
        if field.type == "code":
            return [f"{head}, {_code(before)} AS before, {_code(after)} AS after {source}"]
        removed = f"unnest(list_filter({_list(before)}, lambda one: NOT list_contains({_list(after)}, one)))"
        added = f"unnest(list_filter({_list(after)}, lambda one: NOT list_contains({_list(before)}, one)))"
        return [
            f"{head}, {removed} AS before, NULL::VARCHAR AS after {source}",
            f"{head}, NULL::VARCHAR AS before, {added} AS after {source}",
        ]

    def _filled(self, side: str, fields: Sequence[Field]) -> dict[str, int]:
        if not fields:
            return {}
        counts = ", ".join(f"count({quoted('c_' + field.id)})" for field in fields)
        record = self.connection.execute(f"SELECT {counts} FROM {side}").fetchone()
        assert record is not None
        return dict(zip((field.id for field in fields), map(int, record), strict=True))


def _kinds_of_change(field: Field) -> tuple[str, str, str, str, str]:
    """Conditions: filled, emptied, mended, spoilt, rewritten. Of two cells that differ exactly one holds."""
    before, after = _b(field), _a(field)
    was_read, is_read = f"starts_with({before}, '=')", f"starts_with({after}, '=')"
    return (
        f"{before} IS NULL AND {after} IS NOT NULL",
        f"{before} IS NOT NULL AND {after} IS NULL",
        f"NOT {was_read} AND {is_read}",
        f"{was_read} AND NOT {is_read}",
        f"{before} <> {after} AND {was_read} = {is_read}",
    )


def _a(field: Field) -> str:
    return quoted("a_" + field.id)


def _b(field: Field) -> str:
    return quoted("b_" + field.id)


def _code(cell: str) -> str:
    read = f"WHEN starts_with({cell}, '=') THEN substr({cell}, 2)"
    return f"CASE WHEN {cell} IS NULL THEN NULL {read} ELSE '{NOT_READABLE}' END"


def _list(cell: str) -> str:
    return f"CASE WHEN {cell} IS NULL THEN []::VARCHAR[] ELSE string_split({_code(cell)}, ';') END"
