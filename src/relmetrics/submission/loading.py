"""Loading: one table after another into the schema ``given``.

Rows are numbered as a spreadsheet shows them: the first row of the file or sheet is 1, each record after it counts one
more, blank rows included; a line break inside quotation marks does not begin a new row. Wholly blank rows count and
are no rows.

There are two ways in, which give the same tables. The fast one lets DuckDB read a regular CSV file by itself; its rows
get their number from their position, which is why a file with blank rows cannot go this way. The careful one goes
through the rows in Python, numbers them, notes what is wrong with them and writes them, cells of known fields only,
into a plain CSV file in the private folder. Both end in the same SQL (`typing.py`).

Columns that are no fields of the standard go, as text, into ``given_other."<table>"`` with the row number: nothing
calculates with them, but somebody has to look whether personal data stand in them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from relmetrics.definitions import Release, Table
from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_file
from relmetrics.submission.codes import literal
from relmetrics.submission.columns import BLANKS, read_header, shown, trimmed, without_last_blanks
from relmetrics.submission.submission import ColumnRead, FileProblem, Submission, TableRead
from relmetrics.submission.typing import create_code_tables, name_sql, typed_select
from relmetrics.workspace import Workspace

__all__ = ["Loader", "other_columns", "read_csv_sql"]

Rows = Iterator[tuple[int, Sequence[str]]]

_LONG_LINE = 1_000_000  # DuckDB's own limit is two million bytes


def read_csv_sql(
    path: Path, columns: Sequence[str], delimiter: str = ",", longest: int = 0, parallel: bool = True
) -> str:
    """Write the table function that reads `path` as text, with nothing guessed and nothing forgiven."""
    # A folder may be called "[2026]": to DuckDB that is a pattern.
    name = "".join(f"[{character}]" if character in "*?[" else character for character in str(path))
    kinds = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    size = f", max_line_size={longest}, buffer_size={4 * longest}" if longest > _LONG_LINE else ""
    return (
        f"read_csv({literal(name)}, columns={{{kinds}}}, auto_detect=false, header=true, delim={literal(delimiter)}, "
        f"quote='\"', escape='\"', strict_mode=true, compression='none', parallel={str(parallel).lower()}{size})"
    )


class Loader:
    """Loads tables into one workspace, and gathers what is to be said about their files.

    Parameters
    ----------
    workspace : Workspace
        Where the tables go; the schema ``given`` is made in it.
    release : Release
        What the tables are.
    """

    def __init__(self, workspace: Workspace, release: Release) -> None:
        self.workspace = workspace
        self.release = release
        self.remarks: list[str] = []
        self.problems: list[FileProblem] = []
        self.problem_counts: Counter[tuple[str, str]] = Counter()
        workspace.connection.execute("CREATE SCHEMA given")
        workspace.connection.execute("CREATE SCHEMA given_rows")
        workspace.connection.execute("CREATE SCHEMA given_other")

    def note(self, problem: FileProblem) -> None:
        """Keep a problem; of each kind and table only the first ones are listed, all are counted."""
        key = (problem.table, problem.id)
        self.problem_counts[key] += 1
        if self.problem_counts[key] <= Submission.MOST_PROBLEMS:
            self.problems.append(problem)

    def load_regular(self, table: Table, path: Path, delimiter: str, header: Sequence[str]) -> TableRead | None:
        """Let DuckDB read a CSV file whose header is its first line; None where it is not regular after all."""
        columns, remarks = read_header(without_last_blanks(header), table, shown(path.name))
        raw = {column.field: f"c{column.position}" for column in columns if column.kind == "field"}
        if not raw:
            return None
        others = other_columns(columns)
        source = read_csv_sql(path, [f"c{position}" for position in range(len(header))], delimiter)
        connection = self.workspace.connection
        rows, given = f"given_rows.{name_sql(table.id)}", f"given.{name_sql(table.id)}"
        try:
            connection.execute(
                f"CREATE TABLE {rows} AS {typed_select(table, self.release, source, raw, others=others)}"
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException):
            return None  # a row too long or too short, other characters, another line end: the careful way says which
        empty = " AND ".join(f"{name_sql(field)} IS NULL AND {name_sql(field + '__text')} IS NULL" for field in raw)
        if _count(connection, f"{rows} WHERE {empty}"):
            connection.execute(f"DROP TABLE {rows}")
            return None
        row = 'CAST(rowid + 2 AS INTEGER) AS "_row"'
        connection.execute(f"CREATE VIEW {given} AS SELECT {row}, {_without(others)} FROM {rows}")
        if others:
            connection.execute(f"CREATE VIEW {_other(table)} AS SELECT {row}, {', '.join(others)} FROM {rows}")
        create_code_tables(connection, table, self.release)
        self.remarks += remarks
        return TableRead(table.id, path.name, "", 1, columns, _count(connection, rows))

    def load_rows(self, table: Table, file: str, sheet: str, rows: Rows) -> TableRead | None:
        """Load rows one by one; None where all of them are blank.

        Parameters
        ----------
        table : Table
            Table of the standard.
        file, sheet : str
            Names for places.
        rows : iterator of (row number, cells)
            Blank rows may be left out.
        """
        place = f"{shown(file)}, sheet {shown(trimmed(sheet))}" if sheet else shown(file)
        header_row, header = next(((row, cells) for row, cells in rows if any(map(_filled, cells))), (0, ()))
        if not header:
            return None
        header = without_last_blanks(header)
        columns, remarks = read_header(header, table, place)
        self.remarks += remarks
        if header_row > 1:
            self.remarks.append(
                f"{place}: the names of the columns stand in row {header_row}; the rows above it are blank."
            )
        fields = [column for column in columns if column.kind == "field"]
        others = other_columns(columns)
        plain = self.workspace.folder / f"{table.id}.csv"
        make_private_file(plain)
        longest = self._write_plain(plain, table, (file, sheet), rows, columns, len(header))
        connection = self.workspace.connection
        names = ["row", *(f"c{column.position}" for column in columns)]
        raw = {column.field: f"c{column.position}" for column in fields}
        source = read_csv_sql(plain, names, longest=longest, parallel=False)
        select = typed_select(table, self.release, source, raw, row='CAST("row" AS INTEGER)', others=others)
        given = f"given.{name_sql(table.id)}"
        if others:
            read = f"given_rows.{name_sql(table.id)}"
            connection.execute(f"CREATE TABLE {read} AS {select}")
            connection.execute(f"CREATE TABLE {given} AS SELECT {_without(others)} FROM {read}")
            connection.execute(f'CREATE TABLE {_other(table)} AS SELECT "_row", {", ".join(others)} FROM {read}')
            connection.execute(f"DROP TABLE {read}")
        else:
            connection.execute(f"CREATE TABLE {given} AS {select}")
        plain.unlink()
        create_code_tables(connection, table, self.release)
        return TableRead(table.id, file, sheet, header_row, columns, _count(connection, given))

    def _write_plain(
        self, path: Path, table: Table, place: tuple[str, str], rows: Rows, columns: Sequence[ColumnRead], width: int
    ) -> int:
        """Write the cells of these columns with their row number; return the length of the longest row."""
        file, sheet = place
        longest = 0
        positions = [column.position for column in columns]
        is_field = [column.kind == "field" for column in columns]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(["row", *positions])
            for row, cells in rows:
                if not any(map(_filled, cells)):
                    continue
                if len(cells) != width and (len(cells) < width or any(map(_filled, cells[width:]))):
                    params = {"cells": str(len(cells)), "columns": str(width)}
                    self.note(FileProblem("ragged_row", table.id, file, sheet, row, params))
                kept = [cells[position] if position < len(cells) else "" for position in positions]
                if any("\0" in cell for cell in kept):
                    if any("\0" in cell for cell, known in zip(kept, is_field, strict=True) if known):
                        self.note(FileProblem("unreadable_character", table.id, file, sheet, row))
                    kept = [cell.replace("\0", "\ufffd") for cell in kept]
                longest = max(longest, 4 * sum(map(len, kept)) + 20 * len(kept) + 100)
                try:
                    writer.writerow([row, *kept])
                except OSError as problem:
                    raise UnreadableInputError(
                        f"{shown(file)} does not fit into the system's temporary folder "
                        f"({problem.strerror or 'unknown reason'}). Free some space there and try again."
                    ) from None
        return longest


def other_columns(columns: Sequence[ColumnRead]) -> tuple[str, ...]:
    """Names of the columns in ``given_other`` that are no fields of the standard."""
    return tuple(f"c{column.position}" for column in columns if column.kind != "field")


def _other(table: Table) -> str:
    return f"given_other.{name_sql(table.id)}"


def _without(others: Sequence[str]) -> str:
    return f"* EXCLUDE ({', '.join(others)})" if others else "*"


def _filled(cell: str) -> bool:
    return bool(cell) and bool(cell.strip(BLANKS))


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    answer = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(answer[0]) if answer is not None else 0
