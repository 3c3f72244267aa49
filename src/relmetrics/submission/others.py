"""Tables that the standard does not know: their cells as text, for those who look for personal data in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb

from relmetrics.errors import UnreadableInputError
from relmetrics.submission import csv
from relmetrics.submission.book import Book
from relmetrics.submission.columns import MOST_COLUMNS, shown, without_last_blanks
from relmetrics.submission.inference import FIRST_ROWS, header_row_of
from relmetrics.submission.loading import Loader, read_csv_sql
from relmetrics.submission.plain import Plain, write_plain
from relmetrics.submission.submission import UnknownTable

__all__ = ["load_other_file", "load_other_sheet", "unread"]


def load_other_file(table: UnknownTable, path: Path, relation: str, loader: Loader) -> UnknownTable:
    """Read a text file that is no table of the standard; say so where it cannot be read.

    Parameters
    ----------
    table : UnknownTable
        What its name says.
    path : Path
        Where it lies.
    relation : str
        Its name in the schema ``given_other``.
    loader : Loader
        Where it goes.

    Returns
    -------
    UnknownTable
        The same with what was read.
    """
    try:
        look = csv.look_at(path)
        if look.starts_at_once and look.encoding == "utf-8" and csv.is_regular(path):
            header = tuple(without_last_blanks(look.header))
            read = replace(table, header=header, header_row=1, relation=relation)
            columns = [f"c{position}" for position in range(len(look.header))]
            if _load(
                loader, relation, read_csv_sql(path, columns, look.delimiter), columns[: len(header)], "rowid + 2"
            ):
                return read
        records = csv.records(csv.text_lines(path, look.encoding, []), look.delimiter, path.name)
        plain = write_plain(((row, cells) for row, cells, _ in records), loader.workspace.folder / f"{relation}.csv")
        return _load_plain(table, plain, relation, loader)
    except (UnreadableInputError, OSError):
        return unread(table, shown(path.name), loader)


def load_other_sheet(table: UnknownTable, book: Book, sheet: str, relation: str, loader: Loader) -> UnknownTable:
    """Do the same with a sheet of a workbook, or a Parquet file."""
    try:
        return _load_plain(table, book.plain(sheet), relation, loader)
    except UnreadableInputError:
        return unread(table, book.place(sheet), loader)


def unread(table: UnknownTable, place: str, loader: Loader) -> UnknownTable:
    """Say that a table cannot be read."""
    loader.remarks.append(
        f"{place} cannot be read, so nobody has looked whether it holds names or addresses of people."
    )
    return replace(table, is_unread=True)


def _load_plain(table: UnknownTable, plain: Plain, relation: str, loader: Loader) -> UnknownTable:
    try:
        first = list(islice(plain.rows(), FIRST_ROWS))
        if not first:
            return replace(table, relation="")
        header_row = header_row_of(first, frozenset())
        cells = next(cells for row, cells in first if row == header_row)
        header = tuple(without_last_blanks(cells))[:MOST_COLUMNS]
        columns = [f"c{position}" for position in range(plain.width)]
        content = read_csv_sql(plain.path, ["row", *columns], longest=plain.longest, parallel=False)
        # What stands above the header may be a sentence about somebody, and is searched too.
        source = f'(SELECT * FROM {content} WHERE CAST("row" AS INTEGER) <> {header_row})'
        _load(loader, relation, source, columns[: len(header)], '"row"', with_row=True)
    finally:
        plain.path.unlink(missing_ok=True)
    return replace(table, header=header, header_row=header_row, relation=relation)


def _load(
    loader: Loader, relation: str, source: str, columns: Sequence[str], row: str, *, with_row: bool = False
) -> bool:
    """Load the columns, and a view that numbers the rows; False where DuckDB finds the file irregular after all."""
    connection = loader.workspace.connection
    selected = ", ".join(['"row"', *columns] if with_row else columns)
    try:
        connection.execute(f'CREATE TABLE given_rows."{relation}" AS SELECT {selected} FROM {source}')
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException):
        return False
    connection.execute(
        f'CREATE VIEW given_other."{relation}" AS SELECT CAST({row} AS INTEGER) AS "_row", {", ".join(columns)} '
        f'FROM given_rows."{relation}"'
    )
    return True
