"""What any one file is, without manifest or release: encoding, delimiter, header, kinds of values, oddities.

No value of the file is kept or shown, only what it looks like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from relmetrics.errors import UnreadableInputError
from relmetrics.submission import csv, workbook
from relmetrics.submission.columns import MOST_COLUMNS, shown, trimmed, without_last_blanks
from relmetrics.submission.folder import NOT_READ, how_to_convert
from relmetrics.submission.submission import column_letter

__all__ = ["InspectedColumn", "InspectedTable", "Inspection", "ValueKind", "inspect"]

ValueKind = Literal["empty", "integer", "decimal", "date", "month", "other_date", "text"]

_KINDS: tuple[tuple[ValueKind, re.Pattern[str]], ...] = (
    ("integer", re.compile(r"[+-]?\d+")),
    ("decimal", re.compile(r"[+-]?(\d+\.\d+|\.\d+)")),
    ("date", re.compile(r"\d{4}-\d{2}-\d{2}")),
    ("month", re.compile(r"\d{4}-\d{2}")),
    ("other_date", re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}([ T]\d{1,2}:\d{2}.*)?|\d{4}-\d{2}-\d{2}[ T].*")),
)
_WORDS = {
    "integer": "whole numbers",
    "decimal": "numbers",
    "date": "dates (YYYY-MM-DD)",
    "month": "months (YYYY-MM)",
    "other_date": "dates in another form than YYYY-MM-DD",
}
_MOSTLY = 0.9

Rows = Iterator[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class InspectedColumn:
    """One column.

    Attributes
    ----------
    kind : str
        What its filled cells are; the kind of nearly all of them where a few differ (an oddity says so).
    n_filled : int
        Cells that are not blank.
    """

    letter: str
    header: str
    kind: ValueKind
    n_filled: int


@dataclass(frozen=True, slots=True)
class InspectedTable:
    """One CSV file or one sheet.

    Attributes
    ----------
    encoding, delimiter : str
        Empty for a sheet.
    header_row : int
        0 where nothing is filled.
    oddities : tuple of str
        Plain sentences.
    """

    file: str
    sheet: str
    encoding: str
    delimiter: str
    header_row: int
    n_rows: int
    columns: tuple[InspectedColumn, ...]
    oddities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is: one table for a CSV file, one a sheet for a workbook."""

    file: str
    tables: tuple[InspectedTable, ...]


@dataclass(slots=True)
class _Tally:
    kinds: Counter[ValueKind] = field(default_factory=Counter)
    first: dict[ValueKind, int] = field(default_factory=dict)

    def take(self, row: int, cell: str) -> None:
        text = trimmed(cell)
        if not text:
            return
        kind: ValueKind = next((name for name, pattern in _KINDS if pattern.fullmatch(text)), "text")
        self.kinds[kind] += 1
        self.first.setdefault(kind, row)

    def kind(self) -> ValueKind:
        if not self.kinds:
            return "empty"
        if set(self.kinds) == {"integer", "decimal"}:
            return "decimal"
        kind, count = self.kinds.most_common(1)[0]
        return kind if count >= _MOSTLY * self.kinds.total() else "text"


def inspect(path: str | Path) -> Inspection:
    """Say what a CSV file, or each sheet of an .xlsx workbook, is.

    Parameters
    ----------
    path : str or Path
        The file.

    Raises
    ------
    UnreadableInputError
        There is no such file, or it is nothing that is read.
    """
    path = Path(path)
    name, suffix = shown(path.name), path.suffix.casefold()
    try:
        if not path.is_file():
            raise UnreadableInputError(
                f"There is no file {name}. Check the path; one CSV file or .xlsx workbook at a time."
            )
    except ValueError:  # a name that no file can have
        raise UnreadableInputError(f"There is no file {name}. Check the path.") from None
    if suffix in (".xlsx", ".xlsm"):
        book = workbook.open_workbook(path)
        sheets = (_inspect_rows(workbook.sheet_rows(book, sheet), path.name, sheet) for sheet in book.sheets)
        return Inspection(path.name, tuple(sheets))
    if suffix == ".csv":
        return Inspection(path.name, (_inspect_csv(path),))
    what = NOT_READ.get(suffix, "files of this kind")
    raise UnreadableInputError(f"{name}: {what} are not read. {how_to_convert(suffix)}")


def _inspect_csv(path: Path) -> InspectedTable:
    others: list[int] = []
    try:
        look = csv.look_at(path)
        lines = csv.text_lines(path, look.encoding, others)
        rows = ((row, cells) for row, cells, _ in csv.records(lines, look.delimiter, path.name))
        table = _inspect_rows(rows, path.name, "", look.encoding, look.delimiter)
    except OSError as problem:
        raise UnreadableInputError(
            f"{shown(path.name)} cannot be opened ({problem.strerror or 'unknown reason'})."
        ) from None
    if not others:
        return table
    said = f"{len(others):,} lines are not UTF-8 and read as Windows-1252 (the first is line {others[0]:,})."
    return InspectedTable(
        table.file,
        "",
        "windows-1252",
        look.delimiter,
        table.header_row,
        table.n_rows,
        table.columns,
        (*table.oddities, said),
    )


def _inspect_rows(rows: Rows, file: str, sheet: str, encoding: str = "", delimiter: str = "") -> InspectedTable:
    header_row = n_rows = n_blank = n_ragged = 0
    header: Sequence[str] = ()
    tallies: list[_Tally] = []
    for row, cells in rows:
        if not any(map(trimmed, cells)):
            n_blank += 1
        elif not header:
            header_row, header = row, without_last_blanks(cells)
            tallies = [_Tally() for _ in header[:MOST_COLUMNS]]
        else:
            n_rows += 1
            n_ragged += len(cells) < len(header) or any(map(trimmed, cells[len(header) :]))
            for tally, cell in zip(tallies, cells, strict=False):
                tally.take(row, cell)
    columns = tuple(
        InspectedColumn(column_letter(at), header[at], tally.kind(), tally.kinds.total())
        for at, tally in enumerate(tallies)
    )
    oddities = [
        sentence for column, tally in zip(columns, tallies, strict=True) for sentence in _odd_values(column, tally)
    ]
    if header_row > 1:
        oddities.insert(0, f"The names of the columns stand in row {header_row}.")
    if len(header) > MOST_COLUMNS:
        oddities.append(f"{len(header):,} columns; only the first {MOST_COLUMNS:,} were looked at.")
    names = Counter(trimmed(name).casefold() for name in header)
    if repeated := sorted(shown(name) for name, count in names.items() if name and count > 1):
        oddities.append(f"Names of columns that stand more than once: {', '.join(repeated)}.")
    if names[""]:
        oddities.append(f"Columns without a name: {names['']}.")
    if n_ragged:
        oddities.append(f"Rows with more or fewer cells than there are columns: {n_ragged:,}.")
    if n_blank - (header_row - 1 if header_row else 0) > 0 and header_row:
        oddities.append(f"Blank rows below the names of the columns: {n_blank - header_row + 1:,}.")
    return InspectedTable(file, sheet, encoding, delimiter, header_row, n_rows, columns, tuple(oddities))


def _odd_values(column: InspectedColumn, tally: _Tally) -> Iterator[str]:
    if column.kind == "other_date":
        yield f"Column {column.letter} holds {_WORDS['other_date']}."
    if column.kind not in _WORDS or (column.kind == "decimal" and set(tally.kinds) <= {"integer", "decimal"}):
        return
    # Days and months may stand in one column of dates: the standard reads both.
    fitting = {"date", "month"} if column.kind == "date" else {column.kind}
    others = [kind for kind in tally.kinds if kind not in fitting]
    if others:
        count = sum(tally.kinds[kind] for kind in others)
        first = min(tally.first[kind] for kind in others)
        where = f"Column {column.letter} holds {_WORDS[column.kind]}"
        yield f"{where}, but {count:,} of its values are not (first in row {first:,})."
