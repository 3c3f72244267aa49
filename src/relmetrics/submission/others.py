"""Tables that the standard does not know: their cells as text, for those who look for personal data in them."""

from __future__ import annotations

import csv as csv_module
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_file
from relmetrics.submission import csv, workbook
from relmetrics.submission.columns import MOST_COLUMNS, shown, trimmed, without_last_blanks
from relmetrics.submission.loading import Loader, read_csv_sql
from relmetrics.submission.submission import UnknownTable

__all__ = ["load_other_file", "load_other_sheet"]

Rows = Iterator[tuple[int, Sequence[str]]]


def load_other_file(table: UnknownTable, path: Path, relation: str, loader: Loader) -> UnknownTable:
    """Read a CSV file that is no table of the standard; say so where it cannot be read.

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
        return _load_rows(table, ((row, cells) for row, cells, _ in records), relation, loader)
    except (UnreadableInputError, OSError):
        loader.remarks.append(_unread(shown(path.name)))
        return replace(table, is_unread=True)


def load_other_sheet(table: UnknownTable, book: workbook.Workbook, relation: str, loader: Loader) -> UnknownTable:
    """Do the same with a sheet of a workbook."""
    try:
        return _load_rows(table, workbook.sheet_rows(book, table.sheet), relation, loader)
    except UnreadableInputError:
        loader.remarks.append(_unread(f"{shown(book.name)}, sheet {shown(trimmed(table.sheet))}"))
        return replace(table, is_unread=True)


def _unread(place: str) -> str:
    return f"{place} cannot be read, so nobody has looked whether it holds names or addresses of people."


def _load_rows(table: UnknownTable, rows: Rows, relation: str, loader: Loader) -> UnknownTable:
    header_row, first = next(((row, cells) for row, cells in rows if any(map(trimmed, cells))), (0, ()))
    header = tuple(without_last_blanks(first))[:MOST_COLUMNS]
    if not header:
        return replace(table, relation="")
    width = len(header)
    plain = loader.workspace.folder / f"{relation}.csv"
    make_private_file(plain)
    longest = 0
    with plain.open("w", encoding="utf-8", newline="") as stream:
        writer = csv_module.writer(stream, quoting=csv_module.QUOTE_ALL, lineterminator="\n")
        writer.writerow(["row", *range(width)])
        for row, cells in rows:
            if any(map(trimmed, cells)):
                kept = [cell.replace("\0", "\ufffd") for cell in cells[:width]] + [""] * (width - len(cells))
                longest = max(longest, 4 * sum(map(len, kept)) + 20 * width + 100)
                writer.writerow([row, *kept])
    columns = [f"c{position}" for position in range(width)]
    source = read_csv_sql(plain, ["row", *columns], longest=longest, parallel=False)
    _load(loader, relation, source, columns, '"row"', with_row=True)
    plain.unlink()
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
