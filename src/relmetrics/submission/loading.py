"""Loading: one table after another into the schema ``given``.

Rows are numbered as a spreadsheet shows them: the first row of the file or sheet is 1, each record after it counts one
more, blank rows included; a line break inside quotation marks does not begin a new row. Wholly blank rows count and
are no rows.

There are two ways in, which give the same tables. The fast one lets DuckDB read a regular CSV file by itself; its rows
get their number from their position, which is why a file with blank rows cannot go this way. The careful one reads a
plain file (`plain.py`), into which every other kind of file is turned. Both end in the same SQL (`typing.py`), and in
a second reading of the columns that have a form of their own (`mending.py`).

Columns that are no fields of the standard go, as text, into ``given_other."<table>"`` with the row number: nothing
calculates with them, but somebody has to look whether personal data stand in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import duckdb

from relmetrics.definitions import FileForm, Release, Table
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.code_tables import create_code_tables
from relmetrics.submission.codes import literal, trim_sql
from relmetrics.submission.columns import MOST_COLUMNS, read_header, shown, trimmed, without_last_blanks
from relmetrics.submission.inference import FIRST_ROWS, header_row_of
from relmetrics.submission.mending import Mending, Origin
from relmetrics.submission.plain import Plain, Rows, write_plain
from relmetrics.submission.submission import ColumnRead, FileProblem, Submission, TableRead
from relmetrics.submission.typing import name_sql, typed_select
from relmetrics.workspace import Workspace

__all__ = ["Loader", "known_names", "other_columns", "read_csv_sql"]

Typed = Mapping[int, frozenset[str]]

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
        Where the tables go; the schemas for them are made in it.
    release : Release
        What the tables are.
    """

    def __init__(self, workspace: Workspace, release: Release) -> None:
        self.workspace = workspace
        self.release = release
        self.remarks: list[str] = []
        self.problems: list[FileProblem] = []
        self.problem_counts: Counter[tuple[str, str]] = Counter()
        for schema in ("given", "given_rows", "given_other"):
            workspace.connection.execute(f"CREATE SCHEMA {schema}")

    def note(self, problem: FileProblem) -> None:
        """Keep a problem; of each kind and table only the first ones are listed, all are counted."""
        key = (problem.table, problem.id)
        self.problem_counts[key] += 1
        if self.problem_counts[key] <= Submission.MOST_PROBLEMS:
            self.problems.append(problem)

    def load_regular(
        self, table: Table, path: Path, delimiter: str, header: Sequence[str], form: FileForm | None = None
    ) -> TableRead | None:
        """Let DuckDB read a CSV file whose header is its first line; None where it is not regular after all."""
        place = shown(path.name)
        columns, remarks = read_header(
            without_last_blanks(header), table, place, form.columns if form is not None else None
        )
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
        mending = Mending(connection, rows, table, self.release, columns, Origin(place, form, {}))
        n_rows, n_empty = mending.look()
        if n_empty:
            connection.execute(f"DROP TABLE {rows}")
            return None
        mending.mend()
        row = 'CAST(rowid + 2 AS INTEGER) AS "_row"'
        connection.execute(f"CREATE VIEW {given} AS SELECT {row}, {_without(others)} FROM {rows}")
        if others:
            connection.execute(f"CREATE VIEW {_other(table)} AS SELECT {row}, {', '.join(others)} FROM {rows}")
        create_code_tables(connection, table, self.release, mending.forms)
        self.remarks += [*remarks, *mending.remarks]
        return TableRead(table.id, path.name, "", 1, columns, n_rows)

    def load_rows(
        self, table: Table, file: str, sheet: str, rows: Rows, form: FileForm | None = None
    ) -> TableRead | None:
        """Load rows one by one; None where all of them are blank. Blank rows may be left out."""
        plain = write_plain(rows, self.workspace.folder / f"{table.id}.csv")
        return self.load_plain(table, file, sheet, plain, form)

    def load_plain(
        self,
        table: Table,
        file: str,
        sheet: str,
        plain: Plain,
        form: FileForm | None = None,
        *,
        typed: Typed | None = None,
        uses_1904: bool = False,
    ) -> TableRead | None:
        """Load a plain file and remove it; None where it has no rows.

        Parameters
        ----------
        table : Table
            Table of the standard.
        file, sheet : str
            Names for places.
        plain : Plain
            The file.
        form : FileForm, optional
            What the manifest declares about it; what it does not is inferred.
        typed : mapping, optional
            Of a workbook, by position of the column, what its program had typed among the cells: ``number``, ``date``,
            ``boolean``. Such cells are in the standard's form already.
        uses_1904 : bool
            The workbook counts days from 1904.

        Raises
        ------
        UnreadableInputError
            The row of the header that the manifest declares is blank.
        """
        place = f"{shown(file)}, sheet {shown(trimmed(sheet))}" if sheet else shown(file)
        try:
            header_row, cells = self._header(table, plain, place, form)
            if not cells:
                return None
            columns, remarks = read_header(cells, table, place, form.columns if form is not None else None)
            self.remarks += remarks
            return self._load(
                table, (file, sheet), plain, header_row, columns, Origin(place, form, typed or {}, uses_1904)
            )
        finally:
            plain.path.unlink(missing_ok=True)

    def _header(self, table: Table, plain: Plain, place: str, form: FileForm | None) -> tuple[int, Sequence[str]]:
        """Row and cells of the header, as many as there were in the file; says where it stands if that was inferred."""
        declared = form.header_row if form is not None else None
        if declared is not None:
            row = declared
            cells: Sequence[str] = next((cells for number, cells in plain.rows() if number == declared), ())
            if not cells:
                raise UnreadableInputError(
                    f"{place}: row {declared} is blank, but the manifest says that the names of the columns stand "
                    f"there (files.{table.id}.header_row). Blank rows count; the first row of the file is 1."
                )
        else:
            first = list(islice(plain.rows(), FIRST_ROWS))
            if not first:
                return 0, ()
            row = header_row_of(first, known_names(table, form))
            cells = next(cells for number, cells in first if number == row)
            if row > 1:
                above = "the rows above it are blank" if row == first[0][0] else "what stands above it was left out"
                self.remarks.append(
                    f"{place}: the names of the columns stand in row {row}; {above}. If that is wrong, write the right "
                    f"row into the manifest, for example files.{table.id}.header_row: {row + 1}."
                )
        cells = without_last_blanks(cells)
        # The plain file ends where nothing is looked at any more; the number of columns is to be said all the same.
        n_given = next((length for length, rows in plain.lengths.items() if row in rows), plain.usual)
        return row, [*cells, *[""] * (n_given - len(cells))] if len(cells) == MOST_COLUMNS else cells

    def _load(
        self,
        table: Table,
        names: tuple[str, str],
        plain: Plain,
        header_row: int,
        columns: tuple[ColumnRead, ...],
        origin: Origin,
    ) -> TableRead:
        connection = self.workspace.connection
        others = other_columns(columns)
        raw = {column.field: f"c{column.position}" for column in columns if column.kind == "field"}
        cells = [f"c{position}" for position in range(plain.width)]
        content = read_csv_sql(plain.path, ["row", *cells], longest=plain.longest, parallel=False)
        source = f'(SELECT * FROM {content} WHERE CAST("row" AS INTEGER) > {header_row})'
        select = typed_select(table, self.release, source, raw, row='CAST("row" AS INTEGER)', others=others)
        self._note_rows(table, names, plain, header_row, columns, source)
        given = f"given.{name_sql(table.id)}"
        if others:
            read = f"given_rows.{name_sql(table.id)}"
            connection.execute(f"CREATE TABLE {read} AS {select}")
            connection.execute(f"CREATE TABLE {given} AS SELECT {_without(others)} FROM {read}")
            connection.execute(f'CREATE TABLE {_other(table)} AS SELECT "_row", {", ".join(others)} FROM {read}')
            connection.execute(f"DROP TABLE {read}")
        else:
            connection.execute(f"CREATE TABLE {given} AS {select}")
        mending = Mending(connection, given, table, self.release, columns, origin)
        n_rows, _ = mending.look()
        mending.mend()
        self.remarks += mending.remarks
        create_code_tables(connection, table, self.release, mending.forms)
        return TableRead(table.id, *names, header_row, columns, n_rows)

    def _note_rows(
        self,
        table: Table,
        names: tuple[str, str],
        plain: Plain,
        header_row: int,
        columns: Sequence[ColumnRead],
        source: str,
    ) -> None:
        """Note rows with more or fewer cells than the header, and those in which a NUL character stood."""
        connection, width = self.workspace.connection, len(columns)
        ragged = {
            row: length for length, rows in plain.lengths.items() if length < width for row in rows if row > header_row
        }
        beyond = [f"{trim_sql(f'c{position}')} <> ''" for position in range(width, plain.width)]
        if plain.usual < width:
            beyond.append("TRUE")
        if beyond:
            of_row = {row: length for length, rows in plain.lengths.items() for row in rows}
            longer = connection.execute(f'SELECT CAST("row" AS INTEGER) FROM {source} WHERE {" OR ".join(beyond)}')
            while found := longer.fetchmany(10_000):
                for (row,) in found:
                    length = of_row.get(row, plain.usual)
                    if length != width:
                        ragged[row] = length
        problems: list[tuple[int, FileProblem]] = []
        for row, length in sorted(ragged.items()):
            params = {"cells": str(length), "columns": str(width)}
            problems.append((row, FileProblem("ragged_row", table.id, *names, row, params)))
        if nuls := [row for row in plain.nuls if row > header_row]:
            fields = [f"c{column.position}" for column in columns if column.kind == "field"]
            has_one = " OR ".join(f"contains({cell}, '\ufffd')" for cell in fields) or "FALSE"
            found = connection.execute(
                f'SELECT CAST("row" AS INTEGER) FROM {source} WHERE ({has_one}) '
                f'AND list_contains({nuls}, CAST("row" AS INTEGER))'
            ).fetchall()
            problems += [(row, FileProblem("unreadable_character", table.id, *names, row)) for (row,) in found]
        for _, problem in sorted(problems, key=lambda item: item[0]):
            self.note(problem)


def known_names(table: Table, form: FileForm | None) -> frozenset[str]:
    """Names that the columns of a table may have, in small letters."""
    theirs: Iterable[str] = form.columns if form is not None else ()
    return frozenset(table.by_id) | {trimmed(name).casefold() for name in theirs}


def other_columns(columns: Sequence[ColumnRead]) -> tuple[str, ...]:
    """Names of the columns in ``given_other`` that are no fields of the standard."""
    return tuple(f"c{column.position}" for column in columns if column.kind != "field")


def _other(table: Table) -> str:
    return f"given_other.{name_sql(table.id)}"


def _without(others: Sequence[str]) -> str:
    return f"* EXCLUDE ({', '.join(others)})" if others else "*"
