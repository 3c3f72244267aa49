"""From rows to a relation of texts in the database, with what is to be seen on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb

from relmetrics.errors import UnreadableInputError
from relmetrics.submission import csv
from relmetrics.submission.book import SheetFacts
from relmetrics.submission.columns import MOST_COLUMNS
from relmetrics.submission.inspection.encodings import Characters, characters_of, lines_of
from relmetrics.submission.inspection.first_rows import DELIMITERS, FirstRows, delimiter_of, first_rows_of
from relmetrics.submission.loading import read_csv_sql
from relmetrics.submission.plain import Plain, write_plain
from relmetrics.submission.strings import shown, trimmed

__all__ = ["Gathered", "gather_plain", "gather_relation", "gather_text"]

_HEAD, _HEAD_LINES = 256 * 1024, 2000
_TAIL = 4 * 1024 * 1024
_FIRST = 40

Rows = Iterator[tuple[int, Sequence[str]]]


@dataclass(slots=True)
class Gathered:
    """A table in the database.

    Attributes
    ----------
    relation : str
        Relation with ``_row`` and ``c0``, ``c1``, …: the rows under the header that are not blank.
    header : tuple of str
        A name for each column, empty where it has none.
    n_given : int
        Columns of the file, those beyond the first thousand included, which are not looked at.
    n_above : int
        Filled rows above the header.
    n_blank : int
        Blank rows between the header and the last filled row.
    n_below : int
        Blank rows below the last filled row.
    open_row : int
        Row in which a quotation mark is opened and never closed; 0 where there is none.
    """

    relation: str
    file: str
    sheet: str = ""
    header_row: int = 0
    header: tuple[str, ...] = ()
    n_above: int = 0
    n_rows: int = 0
    n_columns: int = 0
    n_given: int = 0
    n_blank: int = 0
    n_below: int = 0
    n_ragged: int = 0
    first_ragged: int = 0
    open_row: int = 0
    delimiter: str = ""
    characters: Characters = field(default_factory=lambda: Characters(""))
    sheet_facts: SheetFacts | None = None
    uses_1904: bool = False


def gather_text(connection: duckdb.DuckDBPyConnection, path: Path, name: str, relation: str, folder: Path) -> Gathered:
    """Put a text file with a delimiter into the database.

    Parameters
    ----------
    name : str
        Name of the file for a reader.
    relation : str
        Name of the relation to be made in the schema ``looked``.
    folder : Path
        Private folder.
    """
    characters = characters_of(path)
    head = list(islice(_within(lines_of(path, characters), _HEAD), _HEAD_LINES))
    if not any(line.strip() for line in head):
        raise UnreadableInputError(
            f"{shown(name)} is blank. Its first line has to hold the names of the columns, also where it has no rows."
        )
    delimiter = delimiter_of(head)
    begin = ((row, cells) for row, cells in _records(iter(head), delimiter, name, []) if any(map(trimmed, cells)))
    first = first_rows_of(list(islice(begin, _FIRST)))
    found = Gathered(relation, name, delimiter=delimiter, characters=characters, n_given=len(first.header))
    is_usual = delimiter in DELIMITERS and characters.encoding in ("ascii", "utf-8") and not characters.runs
    begins_at_once = first.header_row == 1 and len(first.header) <= MOST_COLUMNS
    if is_usual and begins_at_once and csv.is_regular(path) and _load_regular(connection, path, found, first):
        return found
    opened: list[int] = []
    last = [0]
    rows = _counted(_records(lines_of(path, characters), delimiter, name, opened), last)
    plain = write_plain(rows, folder / f"{relation}.csv")
    gather_plain(connection, plain, found, last[0])
    found.open_row = opened[0] if opened else 0
    return found


def gather_plain(connection: duckdb.DuckDBPyConnection, plain: Plain, found: Gathered, last_row: int) -> None:
    """Load a plain file and tell its header apart.

    Parameters
    ----------
    last_row : int
        Number of the last row, blank ones included.
    """
    columns = [f"c{position}" for position in range(plain.width)]
    kept = ", ".join(f"nullif({column}, '') AS {column}" for column in columns)
    source = read_csv_sql(plain.path, ["row", *columns], longest=plain.longest, parallel=False)
    selected = f'CAST("row" AS BIGINT) AS "_row"{", " if kept else ""}{kept}'
    connection.execute(f'CREATE TABLE looked."raw {found.relation}" AS SELECT {selected} FROM {source}')
    plain.path.unlink()
    gather_relation(connection, found, plain.width, last_row)
    for length, rows in plain.lengths.items():
        below = [row for row in rows if row > found.header_row]
        if below and (length < found.n_columns or length > max(plain.usual, found.n_columns)):
            found.n_ragged += len(below)
            found.first_ragged = min(below[0], found.first_ragged or below[0])


def gather_relation(connection: duckdb.DuckDBPyConnection, found: Gathered, width: int, last_row: int) -> None:
    """Tell the header apart in ``looked."raw …"``, and make the relation of what stands under it."""
    raw = f'looked."raw {found.relation}"'
    columns = [f"c{position}" for position in range(width)]
    listed = connection.execute(f'SELECT * FROM {raw} ORDER BY "_row" LIMIT {_FIRST}').fetchall() if width else []
    first = first_rows_of([(int(row), [cell or "" for cell in cells]) for row, *cells in listed])
    found.header_row, found.n_above = first.header_row, first.n_above
    _name_columns(found, first, width)
    selected = ", ".join(['"_row"', *columns[: found.n_columns]])
    connection.execute(
        f'CREATE VIEW looked."{found.relation}" AS SELECT {selected} FROM {raw} WHERE "_row" > {first.header_row}'
    )
    answer = connection.execute(
        f'SELECT count(*), coalesce(max("_row"), {first.header_row}) FROM looked."{found.relation}"'
    ).fetchone()
    found.n_rows, last_filled = (int(answer[0]), int(answer[1])) if answer is not None else (0, 0)
    found.n_blank = max(last_filled - max(found.header_row, 0) - found.n_rows, 0) if found.header_row else 0
    found.n_below = max(last_row - last_filled, 0)


def _load_regular(connection: duckdb.DuckDBPyConnection, path: Path, found: Gathered, first: FirstRows) -> bool:
    """Let the database read the file by itself; False where it finds it irregular after all."""
    columns = [f"c{position}" for position in range(len(first.header))]
    source = read_csv_sql(path, columns, found.delimiter)
    raw = f'looked."raw {found.relation}"'
    try:
        connection.execute(f"CREATE TABLE {raw} AS SELECT * FROM {source}")
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException):
        return False
    found.header_row = 1
    _name_columns(found, first, len(first.header))
    filled = " OR ".join(f"{column} <> ''" for column in columns)
    has_blank = connection.execute(f"SELECT bool_or(NOT coalesce({filled}, false)) FROM {raw}").fetchall()[0][0]
    connection.execute(
        f'CREATE VIEW looked."{found.relation}" AS SELECT CAST(rowid + 2 AS BIGINT) AS "_row", {", ".join(columns)} '
        f"FROM {raw}{f' WHERE {filled}' if has_blank else ''}"
    )
    answer = connection.execute(f"SELECT (SELECT count(*) FROM {raw}), count(*), max(\"_row\") "
                                f'FROM looked."{found.relation}"').fetchone()  # fmt: skip
    n_all, found.n_rows, last = answer if answer is not None else (0, 0, None)
    last = last or 1
    found.n_blank, found.n_below = last - 1 - found.n_rows, n_all + 1 - last + _blank_lines_at_end(path)
    return True


def _blank_lines_at_end(path: Path) -> int:
    """Count them: they move no row, so the database reads such a file by itself."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(size - _TAIL, 0))
        tail = stream.read()
    blank = tail[len(tail.rstrip(b"\r\n")) :]
    return max(len(blank.splitlines()) - 1, 0)


def _name_columns(found: Gathered, first: FirstRows, width: int) -> None:
    header = tuple(first.header)[:width] if first.header_row else ()
    found.header = header + ("",) * (width - len(header))
    found.n_columns = width


def _records(lines: Iterator[str], delimiter: str, name: str, opened: list[int]) -> Rows:
    """Yield row numbers and cells; `opened` gets the row whose last quotation mark was never closed."""
    if delimiter == " ":
        for row, line in enumerate(lines, start=1):
            yield row, line.split()
        return
    for row, cells, is_open in csv.records(lines, delimiter or ",", name):
        if is_open:
            opened.append(row)
        yield row, cells


def _counted(rows: Rows, last: list[int]) -> Rows:
    for row, cells in rows:
        last[0] = row
        yield row, cells


def _within(lines: Iterator[str], most: int) -> Iterator[str]:
    size = 0
    for line in lines:
        yield line
        size += len(line)
        if size > most:
            return
