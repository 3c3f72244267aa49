"""Writing the tables again: ids replaced, unreadable cells empty, rows in an order that tells nothing.

Rows come out in the order of what stands in them. The order in which they were handed in is often that of the
alphabet, or of the day somebody joined: beside a list of the members it would tell who is who, whatever the codes.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.posix import make_private_file
from relmetrics.pseudonyms.identity import is_none, parts_of
from relmetrics.submission.typing import name_sql

if TYPE_CHECKING:
    from relmetrics.pseudonyms.key import Key
    from relmetrics.pseudonyms.plan import Column, PlannedTable
    from relmetrics.submission import Submission

__all__ = ["IdCells", "Rewriter", "file_name"]

_CHUNK = 20_000


@dataclass
class IdCells:
    """What stands in the columns of ids of one kind.

    Attributes
    ----------
    cells : set of str
        The different cells, as they were handed in.
    first : dict
        By normal form, the column and the row in which it stands first.
    n_none, n_several : Counter
        By column, cells that say that there is nobody (``unknown``, ``?``); cells with several ids where the standard
        has room for one.
    """

    cells: set[str] = field(default_factory=set)
    first: dict[str, tuple[str, int]] = field(default_factory=dict)
    n_none: Counter[str] = field(default_factory=Counter)
    n_several: Counter[str] = field(default_factory=Counter)


class Rewriter:
    """Makes the output of one submission, and makes it again with less where something is found in it.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    tables : sequence of PlannedTable
        What comes along.
    key : Key
        Its pseudonyms are filled in.
    separators : sequence of str
        What parts several ids of a cell, besides semicolons, bars and line breaks.

    Attributes
    ----------
    emptied : dict
        By table and column, texts that are left empty.
    lines : set of str
        Lines (``line_id``) that are left out.
    gone : set of (table, column)
        Columns that are left out after all.
    names : dict
        Table by name of its file, once it is written.
    renamed : dict
        New names of columns, by table and column.
    """

    def __init__(
        self, submission: Submission, tables: Sequence[PlannedTable], key: Key, separators: Sequence[str]
    ) -> None:
        self.connection = submission.connection
        self.release = submission.release
        self.tables = tables
        self.key = key
        self.separators = separators
        self.emptied: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.lines: set[str] = set()
        self.gone: set[tuple[str, str]] = set()
        self.replaced: set[str] = set()
        self.names: dict[str, str] = {}
        self.renamed: dict[tuple[str, str], str] = {}
        self.connection.execute("CREATE SCHEMA pseudonyms")

    # --- ids ----------------------------------------------------------------------------------------------------------

    def id_cells(self) -> dict[str, IdCells]:
        """Gather the ids of every kind, from all tables."""
        found: dict[str, IdCells] = defaultdict(IdCells)
        for table in self.tables:
            for column in table.columns:
                if column.kind:
                    self._gather(table, column, found[column.kind])
        return dict(found)

    def _gather(self, table: PlannedTable, column: Column, found: IdCells) -> None:
        text = _raw(table, column)
        query = (
            f'SELECT {text} AS text, count(*), min(t."_row") FROM {_source(table)} WHERE {text} IS NOT NULL GROUP BY 1'
        )
        for cell, n, row in self.connection.execute(f"{query} ORDER BY 3, 1").fetchall():
            found.cells.add(cell)
            ids = [one for part in parts_of(cell, self.separators) if not is_none(one := self.key.normal(part))]
            if not ids and cell.strip():
                found.n_none[column.place] += n
            if len(set(ids)) > 1 and column.field is not None and column.field.type == "id":
                found.n_several[column.place] += n
            for one in ids:
                found.first.setdefault(one, (column.place, row))

    def replace(self, kind: str, found: IdCells) -> None:
        """Let the ids of a kind be replaced by the pseudonyms of the key."""
        names = self.key.ids(kind)
        cells, given = [], []
        for cell in sorted(found.cells):
            parts = {
                names[one] for part in parts_of(cell, self.separators) if not is_none(one := self.key.normal(part))
            }
            cells.append(cell)
            given.append(";".join(sorted(parts)))  # in the order of the pseudonyms: the writer's is often the alphabet
        self.connection.execute(
            f"CREATE OR REPLACE TABLE pseudonyms.{name_sql('of ' + kind)} AS "
            "SELECT unnest($1::VARCHAR[]) AS cell, nullif(unnest($2::VARCHAR[]), '') AS given",
            [cells, given],
        )
        self.replaced.add(kind)

    # --- words --------------------------------------------------------------------------------------------------------

    def texts(self) -> Iterable[tuple[PlannedTable, Column, list[str]]]:
        """Yield the columns of words with their different texts."""
        for table in self.tables:
            for column in table.columns:
                if column.is_text and not column.kind:
                    text = _value(table, column)
                    query = f"SELECT DISTINCT {text} FROM {_source(table)} WHERE {text} IS NOT NULL"
                    yield table, column, [text for (text,) in self.connection.execute(query).fetchall()]

    def n_unreadable(self) -> dict[str, int]:
        """Count the cells that are not what their column holds; by place of the column."""
        counts: dict[str, int] = {}
        for table in self.tables:
            parts, places = [], []
            for column in table.columns:
                known = column.field
                if known is None or (column.kind and column.kind in self.replaced) or known.type in _WORDS:
                    continue
                name = name_sql(known.id)
                condition = f"{name} IS NULL AND {name_sql(known.id + '__text')} IS NOT NULL"
                if known.type == "codes":
                    one = name_sql(known.singular or known.id)
                    child = f"given.{name_sql(f'{table.table}_{known.id}')}"
                    parts.append(f'(SELECT count(DISTINCT "_row") FROM {child} WHERE {one} IS NULL)')
                else:
                    parts.append(f"count(*) FILTER (WHERE {condition})")
                places.append(column.place)
            if parts:
                answer = self.connection.execute(f"SELECT {', '.join(parts)} FROM {_source(table)}").fetchone() or ()
                counts |= {place: n for place, n in zip(places, answer, strict=False) if n}
        return counts

    # --- writing ------------------------------------------------------------------------------------------------------

    def columns_of(self, table: PlannedTable) -> list[Column]:
        """Columns that a table of the output has now."""
        return [column for column in table.columns if (table.name, column.name) not in self.gone]

    def rename(self, table: str, column: str) -> bool:
        """Give a column of codes a name that promises no names of people; False where it is no such column."""
        columns = [one for planned in self.tables if planned.name == table for one in planned.columns]
        if (table, column) in self.renamed or not any(one.name == column and one.kind for one in columns):
            return False
        taken = {one.name.casefold() for one in columns} | {new for (of, _), new in self.renamed.items() if of == table}
        number, new = 1, "x_person_id"
        while new in taken:
            number += 1
            new = f"x_person_id_{number}"
        self.renamed[table, column] = new
        return True

    def name_before(self, table: str, column: str) -> str:
        """Name that a column of the output had before it was renamed."""
        return next((old for (of, old), new in self.renamed.items() if of == table and new == column), column)

    def write(self, folder: Path) -> dict[str, int]:
        """Write a CSV file for every table; return their numbers of rows by name of the file."""
        counts: dict[str, int] = {}
        taken: set[str] = set()
        for table in self.tables:
            columns = self.columns_of(table)
            if not columns:
                continue
            name = file_name(table, taken)
            make_private_file(folder / name)
            self.names[name] = table.name
            with (folder / name).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow([self.renamed.get((table.name, column.name), column.name) for column in columns])
                rows = self.connection.execute(self._query(table, columns))
                counts[name] = 0
                while chunk := rows.fetchmany(_CHUNK):
                    writer.writerows(chunk)
                    counts[name] += len(chunk)
        return counts

    def _query(self, table: PlannedTable, columns: Sequence[Column]) -> str:
        selected, joins = [], []
        for number, column in enumerate(columns):
            if column.kind in self.replaced:
                joins.append(
                    f"LEFT JOIN pseudonyms.{name_sql('of ' + column.kind)} AS n{number} "
                    f"ON n{number}.cell = {_raw(table, column)}"
                )
                value = f"n{number}.given"
            else:
                value = _value(table, column)
            if texts := self.emptied.get((table.name, column.name)):
                unwanted = f"pseudonyms.{name_sql(f'not in {table.name} {column.name}')}"
                self.connection.execute(
                    f"CREATE OR REPLACE TABLE {unwanted} AS SELECT unnest($1::VARCHAR[]) AS text", [sorted(texts)]
                )
                value = f"CASE WHEN {value} IN (SELECT text FROM {unwanted}) THEN NULL ELSE {value} END"
            selected.append(f"{value} AS given_{number}")
        where = ""
        if self.lines and any(column.field is not None and column.field.id == "line_id" for column in columns):
            self.connection.execute(
                "CREATE OR REPLACE TABLE pseudonyms.lines AS SELECT unnest($1::VARCHAR[]) AS line", [sorted(self.lines)]
            )
            where = 'WHERE t."line_id" IS NULL OR t."line_id" NOT IN (SELECT line FROM pseudonyms.lines)'
        order = ", ".join(f"given_{number} NULLS FIRST" for number in range(len(columns)))
        return f"SELECT {', '.join(selected)} FROM {_source(table)} {' '.join(joins)} {where} ORDER BY {order}"


_WORDS = ("label", "public_text")


def file_name(table: PlannedTable, taken: set[str]) -> str:
    """Name the file of a table; no two get the same.

    A table of one's own keeps its name only where it begins with ``x_``, which nobody writes by chance: files are often
    called after a person.
    """
    is_named = bool(table.table) or table.name.casefold().startswith("x_")
    plain = "".join(one if one.isalnum() or one in "_-" else "_" for one in table.name) if is_named else "x_own"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name.casefold())
    return f"{name}.csv"


def _source(table: PlannedTable) -> str:
    if not table.table:
        return f"given_other.{name_sql(table.relation)} AS t"
    given = f"given.{name_sql(table.table)} AS t"
    if any(column.field is None for column in table.columns):
        given += f' LEFT JOIN given_other.{name_sql(table.table)} AS o ON o."_row" = t."_row"'
    return given


def _own(table: PlannedTable, column: Column) -> str:
    return f"{'o' if table.table else 't'}.c{column.position}"


def _raw(table: PlannedTable, column: Column) -> str:
    """The cell as it was handed in."""
    if column.field is None:
        return _own(table, column)
    name, text = name_sql(column.field.id), name_sql(column.field.id + "__text")
    return f"coalesce(t.{text}, t.{name})"


def _value(table: PlannedTable, column: Column) -> str:
    """The cell in the one form that the standard has for its value; nothing where it could not be read."""
    if column.field is None:
        return f"nullif({_own(table, column)}, '')"
    name = f"t.{name_sql(column.field.id)}"
    match column.field.type:
        case "date" if column.field.reduced:
            precision = f"t.{name_sql(column.field.id + '_precision')}"
            length = f"CASE {precision} WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END"
            return f"substr(CAST({name} AS VARCHAR), 1, {length})"
        case "month":
            return f"substr(CAST({name} AS VARCHAR), 1, 7)"
        case "decimal":
            text = f"CAST({name} AS VARCHAR)"
            return f"rtrim(rtrim({text}, '0'), '.')"
        case _:
            return f"CAST({name} AS VARCHAR)"
