"""Pairs of columns that are nearly always in order, and numbers far above the others of their column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import duckdb

from relmetrics.submission.inspection.kinds import Kind
from relmetrics.submission.inspection.measures import Measured
from relmetrics.submission.inspection.name_oddities import words_of
from relmetrics.submission.inspection.nouns import Oddity
from relmetrics.submission.submission import column_letter

__all__ = ["odd_days", "odd_order", "odd_sizes"]

_MOST_COLUMNS = 15
_MOST_TOLD = 5
_LEAST_ROWS = 50
_FEW = 0.01
_OFTEN_EQUAL = 0.1
_LEAST_DIFFERENT = 5
_FAR = 300
_FAR_DAYS = 3 * 365
_START = frozenset("start begin begins from since desde inicio".split())
_END = frozenset("end ends finish until to hasta fin".split())
_NO_SIZES = frozenset("id ids uuid hash key number nr no code lat lon lng latitude longitude year zip phone".split())

_Found = tuple[int, int, Measured, Measured]


def odd_order(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    header: Sequence[str],
    columns: Sequence[Measured],
    kinds: Sequence[Kind],
) -> Iterator[Oddity]:
    """Yield the pairs of columns that are in order in nearly all rows, and not in a few.

    Days and days, where one is the earlier in 99 of 100 rows or the names say that one starts what the other ends;
    numbers and numbers, where they are equal often enough to be about the same thing.
    """
    days = [column for column in columns if _has_days(kinds[column.position]) and column.n_filled][:_MOST_COLUMNS]
    numbers = [
        column
        for column in columns
        if kinds[column.position].kind in ("integer", "decimal")
        and not kinds[column.position].decimal_mark
        and column.n_different >= _LEAST_DIFFERENT
        and column.n_filled >= _LEAST_ROWS
        and not _NO_SIZES & set(words_of(header[column.position]))
    ][:_MOST_COLUMNS]
    told: list[_Found] = []
    sizes: list[_Found] = []
    for x, y, counts in _compared(connection, relation, list(combinations(days, 2)), "left({}, 10)"):
        above, above_row, below, below_row, _, both = counts
        named = _named_order(header, x.position, y.position)
        if named:
            first, second, n, row = (x, y, above, above_row) if named > 0 else (y, x, below, below_row)
            if n:
                yield Oddity("end_before_start", "second", _letters(first, second), int(n), int(row))
            continue
        told += _nearly(x, y, (above, above_row, below, below_row), both)
    for x, y, counts in _compared(connection, relation, list(combinations(numbers, 2)), "TRY_CAST({} AS DOUBLE)"):
        *sides, equal, both = counts
        if equal >= _OFTEN_EQUAL * both:
            sizes += _nearly(x, y, (sides[0], sides[1], sides[2], sides[3]), both)
    for name, found in (("days_in_order", told), ("sizes_in_order", sizes)):
        found.sort(key=lambda one: (one[0], one[2].position, one[3].position))
        for n, row, first, second in found[:_MOST_TOLD]:
            yield Oddity(name, "note", _letters(first, second), n, row)
    if n_more := max(len(told) - _MOST_TOLD, 0) + max(len(sizes) - _MOST_TOLD, 0):
        yield Oddity("more_in_order", "note", n=n_more)


def odd_sizes(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    header: Sequence[str],
    columns: Sequence[Measured],
    kinds: Sequence[Kind],
) -> Iterator[Oddity]:
    """Yield the columns of numbers whose greatest is hundreds of times the one in the middle."""
    numbers = [
        column
        for column in columns
        if kinds[column.position].kind in ("integer", "decimal")
        and not kinds[column.position].decimal_mark
        and column.n_filled >= 20
        and column.n_different >= _LEAST_DIFFERENT
        and not _NO_SIZES & set(words_of(header[column.position]))
    ]
    for column in numbers:
        number = f"TRY_CAST(c{column.position} AS DOUBLE)"
        middle, most, row = connection.execute(
            f'SELECT quantile_disc(n, 0.5) FILTER (WHERE n > 0), max(n), arg_max("_row", n) FROM '
            f'(SELECT "_row", {number} AS n FROM {relation}) WHERE n IS NOT NULL'
        ).fetchall()[0]
        if middle and most >= _FAR * middle:
            yield Oddity("far_above", "note", (column_letter(column.position),), 0, int(row), {"times": str(_FAR)})


def odd_days(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Measured], kinds: Sequence[Kind]
) -> Iterator[Oddity]:
    """Yield the columns in which a few days are years before or after nearly all others."""
    for column in columns:
        if not _has_days(kinds[column.position]) or column.n_filled < _LEAST_ROWS:
            continue
        day = f"TRY_CAST(left(c{column.position}, 10) AS DATE)"
        days = f'(SELECT "_row" AS r, {day} AS d FROM {relation} WHERE {day} IS NOT NULL)'
        usual = f"(SELECT quantile_disc(d, 0.02) AS low, quantile_disc(d, 0.98) AS high FROM {days})"
        n, row = connection.execute(
            f"SELECT count(*), min(r) FROM {days}, {usual} WHERE d < low - {_FAR_DAYS} OR d > high + {_FAR_DAYS}"
        ).fetchall()[0]
        if n:
            yield Oddity("far_days", "note", (column_letter(column.position),), int(n), int(row))


def _has_days(kind: Kind) -> bool:
    """Whether a column holds days that can be compared as they are written."""
    return kind.kind in ("date", "date_time")


def _compared(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    pairs: Sequence[tuple[Measured, Measured]],
    value: str,
) -> Iterator[tuple[Measured, Measured, tuple[int, ...]]]:
    if not pairs:
        return
    columns = sorted({one.position for pair in pairs for one in pair})
    values = ", ".join(f"{value.format(f'c{at}')} AS c{at}" for at in columns)
    sums = ", ".join(
        f'count(*) FILTER (WHERE {a} > {b}), min("_row") FILTER (WHERE {a} > {b}), '
        f'count(*) FILTER (WHERE {a} < {b}), min("_row") FILTER (WHERE {a} < {b}), '
        # Two columns of mostly zeros are equal for no reason.
        f"count(*) FILTER (WHERE {a} = {b} AND {a}::VARCHAR <> '0.0'), "
        f"count(*) FILTER (WHERE {a} IS NOT NULL AND {b} IS NOT NULL)"
        for a, b in ((f"c{x.position}", f"c{y.position}") for x, y in pairs)
    )
    counted = connection.execute(f'SELECT {sums} FROM (SELECT "_row", {values} FROM {relation})').fetchall()[0]
    for at, (x, y) in enumerate(pairs):
        yield x, y, tuple(count or 0 for count in counted[6 * at : 6 * at + 6])


def _nearly(x: Measured, y: Measured, sides: tuple[int, int, int, int], both: int) -> Iterator[_Found]:
    above, above_row, below, below_row = sides
    first, second, n, row = (x, y, above, above_row) if above <= below else (y, x, below, below_row)
    if both >= _LEAST_ROWS and 0 < n <= _FEW * both:
        yield int(n), int(row), first, second


def _letters(first: Measured, second: Measured) -> tuple[str, str]:
    return column_letter(first.position), column_letter(second.position)


def _named_order(header: Sequence[str], x: int, y: int) -> int:
    """1 where the names say that x starts what y ends, -1 the other way round, 0 where they say nothing."""
    first, second = set(words_of(header[x])), set(words_of(header[y]))
    if first & _START and second & _END and first - _START == second - _END:
        return 1
    return -1 if first & _END and second & _START and first - _END == second - _START else 0
