"""The records of what was handed in as sheets of a new workbook, each row where it stands in its file, with marks.

Every cell is a text in a format that keeps it one: ids keep their zeros, and nothing can become a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from relmetrics.reporting.workbook.book import LIST_SHEET
from relmetrics.reporting.workbook.entries import Mark, SheetName
from relmetrics.reporting.workbook.listing import Listing, note_of
from relmetrics.reporting.workbook.looks import GROUNDS, INK
from relmetrics.reporting.workbook.notes import AUTHOR, MOST_NOTES, NOTE_COLOUR
from relmetrics.reporting.workbook.written import clean

if TYPE_CHECKING:
    from relmetrics.definitions import Manifest
    from relmetrics.words import Words

__all__ = ["MANIFEST_SHEET", "Copier", "Copy", "TableSource", "sheet_names", "write_notes"]

MANIFEST_SHEET = "submission"
_READ_FROM = frozenset(["path", "sheet", "encoding", "delimiter"])  # what is true of the file, and not of its copy
_MOST_CELLS = 400_000  # of a sheet, then only rows with marks follow
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f']")


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table of what was handed in: where it stands, and its rows as texts."""

    file: str
    sheet: str
    name: str
    rows: Callable[[], Iterable[tuple[int, Sequence[str]]]]


@dataclass(slots=True)
class Copy:
    """What became of a table in the new workbook.

    Attributes
    ----------
    n_cut : int
        Cells with more text than a spreadsheet can hold.
    """

    table: TableSource
    name: str
    sheet: Any
    marks: Sequence[Mark]
    is_shortened: bool = False
    n_cut: int = 0

    @property
    def n_too_many(self) -> int:
        """Marks without a note."""
        return max(0, len(self.marks) - MOST_NOTES)


def sheet_names(tables: Sequence[TableSource], taken: Sequence[str]) -> dict[SheetName, str]:
    """Give every table a sheet name that a workbook can have, no two alike and none like those that are taken."""
    used = {*taken, "history"}  # the last one Excel keeps for itself
    names: dict[SheetName, str] = {}
    for table in tables:
        bare = _NOT_IN_NAMES.sub("_", clean(table.name)).strip()[:_LONGEST_NAME] or "table"
        name, number = bare, 2
        while name.casefold() in used:
            ending = f"_{number}"
            name, number = bare[: _LONGEST_NAME - len(ending)] + ending, number + 1
        used.add(name.casefold())
        names[table.file, table.sheet] = name
    return names


class Copier:
    """Writes sheets into a new workbook; `tip` says what a click on a first cell does."""

    def __init__(self, book: Any, tip: str) -> None:
        self.book = book
        self.tip = tip

    _TEXT: Mapping[str, Any] = {"font_name": "Calibri", "font_size": 11, "num_format": "@", "quote_prefix": True}

    @cached_property
    def _plain(self) -> Any:
        return self.book.add_format(self._TEXT)

    @cached_property
    def _head(self) -> Any:
        return self.book.add_format({**self._TEXT, "bold": True, "bottom": 1})

    @cached_property
    def _marked(self) -> dict[str, Any]:
        return {
            severity: self.book.add_format({**self._TEXT, "bg_color": ground, "font_color": INK})
            for severity, ground in GROUNDS.items()
        }

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest as a sheet, so that the new workbook can be checked as it stands."""
        sheet = self.book.add_worksheet(MANIFEST_SHEET)
        sheet.set_column(0, 1, 42)
        for row, (key, value) in enumerate([("key", "value"), *_flat(manifest.model_dump(mode="json"))]):
            sheet.write_string(row, 0, clean(key), self._plain if row else self._head)
            sheet.write_string(row, 1, clean(value)[:_LONGEST_CELL], self._plain if row else self._head)

    def copy(self, table: TableSource, name: str, marks: Sequence[Mark]) -> Copy:
        """Write one table; notes come later, when the list is known (`write_notes`)."""
        copied = Copy(table, name, self.book.add_worksheet(name), marks)
        sheet = copied.sheet
        by_row: dict[int, dict[int, str]] = {}
        for mark in marks:
            by_row.setdefault(mark.cell.row, {})[mark.cell.column] = mark.severity
        n_cells, widths = 0, dict[int, int]()
        usual = self._head
        for row, cells in table.rows():
            if row > _LAST_ROW:
                copied.is_shortened = True
                break
            colours = by_row.pop(row, {})
            if n_cells > _MOST_CELLS and not colours:
                copied.is_shortened = True
                continue
            n_cells += min(len(cells), _LAST_COLUMN)
            copied.n_cut += self._row(sheet, row, cells, colours, usual)
            if row < 200:
                for column, cell in enumerate(cells[:_LAST_COLUMN]):
                    widths[column] = max(widths.get(column, 0), min(len(cell), 40))
            if row == 1 and cells and cells[0] and marks:
                look = self._marked[colours[0]] if 0 in colours else usual
                sheet.write_url(0, 0, f"internal:{LIST_SHEET}!A1", look, clean(cells[0])[:_LONGEST_CELL], self.tip)
            if usual is self._head:
                sheet.freeze_panes(row, 0)
                usual = self._plain
        for row, colours in by_row.items():  # rows with nothing in them
            self._row(sheet, row, (), colours, usual)
        for column, width in widths.items():
            sheet.set_column(column, column, min(max(width + 3, 10), 42))
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_LAST_ROW}"})
        return copied

    def _row(self, sheet: Any, row: int, cells: Sequence[str], colours: Mapping[int, str], usual: Any) -> int:
        n_cut = 0
        for column, cell in enumerate(cells[:_LAST_COLUMN]):
            if cell:
                n_cut += len(cell) > _LONGEST_CELL
                look = self._marked[colours[column]] if column in colours else usual
                sheet.write_string(row - 1, column, clean(cell)[:_LONGEST_CELL], look)
        for column, severity in colours.items():
            if column >= len(cells) or not cells[column]:
                sheet.write_blank(row - 1, column, None, self._marked[severity])
        return n_cut


def write_notes(copied: Copy, listing: Listing, words: Words) -> None:
    """Write the notes of a sheet."""
    for mark in copied.marks[:MOST_NOTES]:
        text = note_of(mark, words, listing.rows, LIST_SHEET)
        n_lines = sum(1 + len(line) // 56 for line in text.split("\n"))
        options = {
            "author": AUTHOR,
            "width": 400,
            "height": min(n_lines * 17 + 16, 560),
            "font_size": 9,
            "color": NOTE_COLOUR,
        }
        copied.sheet.write_comment(mark.cell.row - 1, mark.cell.column, clean(text), options)


def _flat(data: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    for key, value in data.items():
        if before.startswith("files.") and key in _READ_FROM:
            continue
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        elif isinstance(value, list | tuple):
            if value or not before:
                yield before + key, ";".join(map(str, value))
        elif value is not None:
            yield before + key, str(value)
