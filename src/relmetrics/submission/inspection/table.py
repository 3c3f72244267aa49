"""One table: from its relation to what is said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import duckdb

from relmetrics.submission.inspection.column_oddities import odd_values
from relmetrics.submission.inspection.gathering import Gathered
from relmetrics.submission.inspection.kinds import Kind, kind_of
from relmetrics.submission.inspection.lists import odd_lists
from relmetrics.submission.inspection.measures import Measured, measure
from relmetrics.submission.inspection.name_oddities import odd_names, words_of
from relmetrics.submission.inspection.nouns import InspectedColumn, InspectedTable, Level, Oddity
from relmetrics.submission.inspection.row_oddities import odd_rows
from relmetrics.submission.inspection.sheet_oddities import odd_sheet
from relmetrics.submission.strings import trimmed
from relmetrics.submission.submission import column_letter

__all__ = ["Examined", "examine", "in_order"]

_LEAST_DIGITS = 7  # a phone number has as many
_LEVELS: tuple[Level, ...] = ("first", "second", "note")


@dataclass(frozen=True, slots=True)
class Examined:
    """What is said about a table, and where it is in the database."""

    table: InspectedTable
    gathered: Gathered
    in_cells: frozenset[int]


def examine(connection: duckdb.DuckDBPyConnection, gathered: Gathered) -> Examined:
    """Measure a table and say what it is."""
    columns = measure(connection, f'looked."{gathered.relation}"', gathered.n_columns)
    while columns and not columns[-1].n_filled and not trimmed(gathered.header[-1]):
        columns.pop()  # a comma at the end of every line makes no column
        gathered.header = gathered.header[:-1]
        gathered.n_columns -= 1
    words = [words_of(name) for name in gathered.header]
    kinds = [
        kind_of(column, words[column.position], partial(_texts, connection, column.position)) for column in columns
    ]
    oddities: list[Oddity] = []
    for column, kind in zip(columns, kinds, strict=True):
        oddities += odd_values(column, column_letter(column.position), kind, gathered.n_rows, words[column.position])
    lists = list(odd_lists(connection, columns, kinds))
    oddities += lists
    if gathered.header_row:
        oddities += odd_names(gathered.header, [column.n_filled for column in columns])
    oddities += odd_rows(connection, gathered, columns, kinds)
    oddities += odd_sheet(gathered, columns, kinds)
    oddities += _odd_characters(gathered)
    if any(oddity.id == "key_value" for oddity in oddities):
        gathered.header = ("",) * len(gathered.header)  # the first row is a value as well
    listed = {letter: oddity for oddity in lists for letter in oddity.columns if oddity.id == "list"}
    inspected = tuple(
        _inspected(gathered.header[column.position], column, kind, listed.get(column_letter(column.position)))
        for column, kind in zip(columns, kinds, strict=True)
    )
    table = InspectedTable(
        file=gathered.file,
        sheet=gathered.sheet,
        encoding=gathered.characters.encoding,
        delimiter=gathered.delimiter,
        header_row=gathered.header_row,
        n_rows=gathered.n_rows,
        columns=inspected,
        oddities=in_order(oddities),
        line_end=gathered.characters.line_end,
        has_bom=gathered.characters.has_bom,
        lines=gathered.characters.runs,
        manifest=_manifest(gathered, kinds),
    )
    return Examined(table, gathered, frozenset(_may_be_personal(columns, kinds)))


def in_order(oddities: Iterable[Oddity]) -> tuple[Oddity, ...]:
    """Put the same about several columns together, and what a reader should know first at the beginning."""
    together: dict[tuple[str, ...], Oddity] = {}
    for oddity in oddities:
        titles = [str(sorted(title.items())) for title in oddity.titles]
        key = (oddity.id, oddity.level, *map(str, sorted(oddity.params.items())), *titles)
        if not oddity.columns or oddity.id in _NEVER_TOGETHER:
            key = (*key, *oddity.columns, str(len(together)))
        same = together.get(key)
        if same is None:
            together[key] = oddity
            continue
        rows = [row for row in (same.row, oddity.row) if row]
        together[key] = Oddity(
            oddity.id, oddity.level, (*same.columns, *oddity.columns), same.n + oddity.n, min(rows, default=0),
            oddity.params, oddity.titles,
        )  # fmt: skip
    found = list(together.values())
    return tuple(sorted(found, key=lambda one: (_LEVELS.index(one.level), found.index(one))))


_NEVER_TOGETHER = frozenset({"wide", "pair_repeated", "days_in_order", "sizes_in_order", "end_before_start"})


def _inspected(header: str, column: Measured, kind: Kind, listed: Oddity | None) -> InspectedColumn:
    value_kind, form = kind.kind, kind.form
    if value_kind == "epoch":
        form = kind.unit
    if listed is not None and listed.n >= 0.5 * column.n_filled:
        value_kind, form = "list", listed.params["mark"]
    return InspectedColumn(
        column_letter(column.position), header, value_kind, column.n_filled, column.n_different, form
    )


def _may_be_personal(columns: list[Measured], kinds: list[Kind]) -> Iterator[int]:
    for column, kind in zip(columns, kinds, strict=True):
        is_number = kind.kind in ("integer", "decimal") and column.longest < _LEAST_DIGITS
        if kind.kind not in ("empty", "yes_no", "epoch", "time") and not is_number:
            yield column.position


def _texts(connection: duckdb.DuckDBPyConnection, position: int) -> list[str]:
    rows = connection.execute("SELECT t FROM looked.texts WHERE col = $1 AND form <> ''", [position]).fetchall()
    return [text for (text,) in rows]


def _odd_characters(gathered: Gathered) -> list[Oddity]:
    characters = gathered.characters
    if characters.is_wide:
        return [Oddity("wide_characters", "second", params={"encoding": characters.encoding})]
    if len(characters.runs) > 1:
        params = {"encoding": characters.encoding}
        return [Oddity("two_encodings", "first", n=sum(run.n_lines for run in characters.runs), params=params)]
    if characters.runs:
        params = {"encoding": characters.encoding}
        return [Oddity("old_encoding", "second", n=characters.runs[0].n_lines, params=params)]
    return [Oddity("line_ends", "note")] if characters.line_end == "mixed" else []


def _manifest(gathered: Gathered, kinds: list[Kind]) -> dict[str, str]:
    """Return what the manifest has to say about the file, beyond what everybody takes for granted."""
    found: dict[str, str] = {}
    if gathered.header_row > 1:
        found["header_row"] = str(gathered.header_row)
    if gathered.characters.runs and len(gathered.characters.runs) == 1:
        found["encoding"] = gathered.characters.encoding
    if gathered.delimiter in (";", "\t", "|"):
        found["delimiter"] = gathered.delimiter
    if any(kind.decimal_mark == "," for kind in kinds) and not any(kind.decimal_mark == "." for kind in kinds):
        found["decimal_mark"] = ","
    orders = {kind.order for kind in kinds if kind.kind == "other_date"} - {"", "ambiguous", "mixed"}
    if len(orders) == 1:
        found["date_format"] = orders.pop()
    return found
