"""What is odd about the rows of a table, and about columns taken together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import duckdb

from relmetrics.submission.codes import literal
from relmetrics.submission.columns import MOST_COLUMNS
from relmetrics.submission.inspection.gathering import Gathered
from relmetrics.submission.inspection.kinds import Kind
from relmetrics.submission.inspection.measures import Measured
from relmetrics.submission.inspection.name_oddities import words_of
from relmetrics.submission.inspection.nouns import Oddity
from relmetrics.submission.inspection.order_oddities import odd_days, odd_order, odd_sizes
from relmetrics.submission.strings import trimmed
from relmetrics.submission.submission import column_letter

__all__ = ["odd_rows"]

_ID_WORDS = frozenset("id ids uuid guid hash key number nr no num identifier clave numero folio vanid".split())
_TOTAL = r"^(grand |sub-? ?)?total(s|es)?( general)?\s*[:.]?$|^(sum|suma|average|mean|promedio|gesamt)\s*[:.]?$"
_TOTAL_BEGIN = r"^(grand |sub-? ?)?total(s|es)?\b"
_NEARLY, _PAIR_NEARLY = 0.85, 0.95
_FIRST_NEARLY = 0.7
_FEW_ROWS, _MANY_BLANK = 20, 100
_MOST_IDS = 5


def odd_rows(
    connection: duckdb.DuckDBPyConnection, table: Gathered, columns: Sequence[Measured], kinds: Sequence[Kind]
) -> Iterator[Oddity]:
    """Yield what is odd about the rows; ``looked.texts`` holds the texts of this table."""
    relation = f'looked."{table.relation}"'
    if table.n_above:
        yield Oddity("rows_above", "second", n=table.n_above, row=table.header_row)
    elif table.header_row > 1:
        yield Oddity("header_low", "second", row=table.header_row)
    if not table.header_row and table.n_rows:
        yield Oddity("no_header", "first")
    if table.n_given > MOST_COLUMNS:
        yield Oddity("many_columns", "second", n=table.n_given, params={"most": f"{MOST_COLUMNS:,}"})
    if table.open_row:
        yield Oddity("open_quote", "first", row=table.open_row)
    if table.n_ragged:
        yield Oddity("ragged", "second", n=table.n_ragged, row=table.first_ragged)
    if table.n_blank:
        yield Oddity("blank_rows", "note", n=table.n_blank)
    if table.n_below >= _MANY_BLANK:
        yield Oddity("blank_below", "second", n=table.n_below)
    if not table.n_rows:
        yield Oddity("no_rows", "note")
        return
    yield from _totals(connection, relation, columns, kinds)
    yield from _header_again(connection, relation, table)
    yield from _same_rows(connection, relation, columns)
    yield from _keys(connection, relation, table, columns, kinds)
    yield from odd_order(connection, relation, table.header, columns, kinds)
    yield from odd_sizes(connection, relation, table.header, columns, kinds)
    yield from odd_days(connection, relation, columns, kinds)
    yield from _key_value(table, columns, kinds)


def _totals(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Measured], kinds: Sequence[Kind]
) -> Iterator[Oddity]:
    found = connection.execute(
        f"SELECT col, sum(n), min(first) FROM looked.texts WHERE col < 3 AND length(t) <= 30 AND "
        f"regexp_matches(lower(t), {literal(_TOTAL)}) GROUP BY col ORDER BY col"
    ).fetchall()
    for col, n, first in found:
        if kinds[col].kind == "text" and n <= max(3, 0.1 * columns[col].n_filled):
            yield Oddity("totals", "first", (column_letter(col),), int(n), int(first))
            return
    last = connection.execute(f'SELECT * FROM {relation} ORDER BY "_row" DESC LIMIT 3').fetchall()
    filled = [[(at, trimmed(cell)) for at, cell in enumerate(cells) if cell and trimmed(cell)] for _, *cells in last]
    usual = max(map(len, filled), default=0)
    for (row, *_), cells in zip(reversed(last), reversed(filled), strict=True):
        if not cells:
            continue
        at, text = cells[0]
        if at < 3 and re.match(_TOTAL_BEGIN, text.lower()):
            yield Oddity("totals", "first", (column_letter(at),), 1, int(row))
            return
    if filled and usual >= 3 and len(filled[0]) == 1 and len(columns) >= 3 and len(last) > 1:
        yield Oddity("lone_last", "second", (column_letter(filled[0][0][0]),), 1, int(last[0][0]))


def _header_again(connection: duckdb.DuckDBPyConnection, relation: str, table: Gathered) -> Iterator[Oddity]:
    named = [(at, trimmed(name)) for at, name in enumerate(table.header) if trimmed(name)][:8]
    if len(named) < 2 or not table.header_row:
        return
    same = " AND ".join(f"trim(c{at}) = {literal(name)}" for at, name in named)
    n, row = connection.execute(f'SELECT count(*), min("_row") FROM {relation} WHERE {same}').fetchall()[0]
    if n:
        yield Oddity("header_again", "first", n=int(n), row=int(row))


def _same_rows(connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Measured]) -> Iterator[Oddity]:
    if len(columns) < 2:
        return
    cells = ", ".join(f"c{column.position}" for column in columns)
    n = connection.execute(
        "SELECT coalesce(sum(n - 1), 0) FROM ("
        f"SELECT count(*) AS n FROM {relation} GROUP BY hash({cells}) HAVING count(*) > 1)"
    ).fetchall()[0][0]
    if n:
        yield Oddity("same_rows", "note", n=int(n))


def _keys(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    table: Gathered,
    columns: Sequence[Measured],
    kinds: Sequence[Kind],
) -> Iterator[Oddity]:
    if table.n_rows < _FEW_ROWS:
        return
    ids = [
        column
        for column in columns
        if kinds[column.position].kind in ("integer", "text")
        and column.n_filled >= 0.9 * table.n_rows
        and (words_of(table.header[column.position]) or [""])[-1] in _ID_WORDS
    ][:_MOST_IDS]
    first = [column for column in columns[:1] if kinds[0].kind in ("integer", "text")]
    if any(column.n_different == column.n_filled == table.n_rows for column in (*first, *ids)):
        return
    nearly = [column for column in ids if column.n_different >= _NEARLY * column.n_filled]
    for column in nearly:
        n = column.n_filled - column.n_different
        yield Oddity("id_repeated", "second", (column_letter(column.position),), n)
    if nearly:
        return
    if len(ids) >= 2:
        pairs = list(combinations(ids, 2))
        counted = ", ".join(f"count(DISTINCT hash(c{a.position}, c{b.position}))" for a, b in pairs)
        for (a, b), different in zip(
            pairs, connection.execute(f"SELECT {counted} FROM {relation}").fetchall()[0], strict=True
        ):
            if _PAIR_NEARLY * table.n_rows <= different < table.n_rows:
                letters = (column_letter(a.position), column_letter(b.position))
                yield Oddity("pair_repeated", "second", letters, table.n_rows - int(different))
                return
    for column in first:
        is_text = kinds[0].kind == "text" and column.n_filled == table.n_rows
        if is_text and _FIRST_NEARLY * column.n_filled <= column.n_different < column.n_filled:
            yield Oddity("first_repeated", "note", ("A",), column.n_filled - column.n_different)


def _key_value(table: Gathered, columns: Sequence[Measured], kinds: Sequence[Kind]) -> Iterator[Oddity]:
    if len(columns) != 2 or not 3 <= table.n_rows <= 200 or columns[0].n_different != table.n_rows:
        return
    if kinds[0].kind == "text" and kinds[1].kind == "text":
        numbers = sum(form.n for name, form in columns[1].forms.items() if name in ("integer", "decimal"))
        if 0.2 * columns[1].n_filled <= numbers and columns[0].longest <= 60:
            yield Oddity("key_value", "second")
