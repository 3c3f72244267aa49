"""The parts of an .xlsx workbook, looked at before the reading library unpacks them.

Two things the library leaves to its caller: a small file may name one cell so far out that room is made for thousands
of millions; and cells that hold an error, or a formula whose value was never saved, come out empty. What the file as a
whole may unpack to is looked at before this (`archive.check_container`).
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.strings import shown

__all__ = ["MOST_CELLS", "MOST_UNSHOWN", "Inside", "look_inside", "refuse_too_many_cells", "refuse_too_many_unshown"]

MOST_CELLS = 50_000_000
"""Cells of one sheet, empty ones between others included."""
MOST_UNSHOWN = 1_000_000
"""Cells with an error, or a formula that was never calculated, that are kept."""

_CHUNK = 4 * 1024 * 1024
_LONGEST_CELL = 256 * 1024
# The last of each is beyond what a workbook can have.
_LETTERS = tuple(re.compile(rb' r="[A-Z]{%d}[A-Z]*[0-9]' % n) for n in (2, 3, 4))
_DIGITS = tuple(re.compile(rb' r="[A-Z]*[0-9]{%d}[0-9]*"' % n) for n in (4, 5, 6, 7, 8))
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')
_ROW = re.compile(rb'<row [^>]*?\br="([0-9]{1,7})"')
_PLACE = re.compile(rb' r="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"<v[^>]*>([^<]+)</v>")
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>")


@dataclass(slots=True)
class Inside:
    """What the reading library does not tell of a workbook.

    Attributes
    ----------
    unshown : dict
        By sheet, row and position: text of cells that it gives as empty.
    n_merged : dict
        Number of merged ranges by sheet.
    n_formulas, last_row : dict
        By sheet, where that is known: cells with a formula; the deepest row that is named, filled or not.
    uses_1904 : bool
        Days are counted from 1904.
    """

    unshown: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)
    n_merged: dict[str, int] = field(default_factory=dict)
    n_formulas: dict[str, int] = field(default_factory=dict)
    last_row: dict[str, int] = field(default_factory=dict)
    uses_1904: bool = False


def look_inside(path: Path) -> Inside:
    """Refuse sheets that reach too far; return what the reading library does not tell.

    Raises
    ------
    UnreadableInputError
        A sheet reaches too far.
    zipfile.BadZipFile, ElementTree.ParseError, KeyError
        It is no workbook.
    """
    inside = Inside()
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read(_real_name(archive, "xl/workbook.xml")))
        parts = dict(_sheet_parts(archive, book))
        found: dict[str, dict[int, dict[int, str]]] = {}
        numbers: dict[str, tuple[int, int, int]] = {}
        n_found = 0
        for entry in archive.infolist():
            part = entry.filename.casefold()
            if part not in parts.values() and (part == "xl/sharedstrings.xml" or not part.endswith(".xml")):
                continue  # every other part is looked at: which one is a sheet, the library may see otherwise
            far = _Far()
            n_ranges = n_formulas = last_row = 0
            cells: dict[int, dict[int, str]] = {}
            for text, complete in _pieces(archive, entry):
                far.take(text)
                n_ranges += text.count(b"<mergeCell ")
                if complete:
                    n_formulas += text.count(b"<f>") + text.count(b"<f ")
                row_name = _ROW.match(text, max(text.rfind(b"<row "), 0))
                last_row = max(last_row, int(row_name[1]) if row_name is not None else 0)
                for row, position, odd in _unshown_cells(complete):
                    cells.setdefault(row, {})[position] = odd
                    n_found += 1
                if n_found > MOST_UNSHOWN:
                    raise refuse_too_many_unshown(path)
            if far.is_beyond():
                raise UnreadableInputError(
                    f"{shown(path.name)} has a cell further out than any workbook reaches. Open it in your "
                    "spreadsheet program and save it again, or save the tables as CSV files in one folder."
                )
            if far.most() > MOST_CELLS:
                n_rows, n_columns = _filled_extent(archive, entry)
                if n_rows * n_columns > MOST_CELLS:
                    raise refuse_too_many_cells(path, n_rows, n_columns)
            found[part] = cells
            numbers[part] = n_ranges, n_formulas, last_row
        for element in book.iter():
            if element.tag.rpartition("}")[2] == "workbookPr":
                inside.uses_1904 = (element.get("date1904") or "0").casefold() in ("1", "true", "on")
        for sheet, part in parts.items():
            inside.unshown[sheet] = found.get(part, {})
            inside.n_merged[sheet], inside.n_formulas[sheet], inside.last_row[sheet] = numbers.get(part, (0, 0, 0))
    return inside


class _Far:
    """How far cells reach at most, told by the length of their names: quick, and never too little."""

    def __init__(self) -> None:
        self.letters = self.digits = 0

    def take(self, text: bytes) -> None:
        while self.letters < len(_LETTERS) and _LETTERS[self.letters].search(text):
            self.letters += 1
        while self.digits < len(_DIGITS) and _DIGITS[self.digits].search(text):
            self.digits += 1

    def is_beyond(self) -> bool:
        """Whether a name is longer than those of the last row and column."""
        return self.letters == len(_LETTERS) or self.digits == len(_DIGITS)

    def most(self) -> int:
        """Most cells that there can be."""
        return int((26, 702, 16_384)[self.letters] * 10.0 ** (self.digits + 3))


def refuse_too_many_cells(path: Path, n_rows: int, n_columns: int) -> UnreadableInputError:
    """Say that a sheet reaches too far."""
    return UnreadableInputError(
        f"{shown(path.name)} has a sheet that reaches down to row {n_rows:,} and over {n_columns:,} "
        "columns. Delete the stray cells far out, or save the tables as CSV files in one folder."
    )


def refuse_too_many_unshown(path: Path) -> UnreadableInputError:
    """Say that there are too many cells without a value."""
    return UnreadableInputError(
        f"{shown(path.name)} has more than {MOST_UNSHOWN:,} cells with an error or with a formula that "
        "was never calculated. Open it in your spreadsheet program and save it again."
    )


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield the text of a part in chunks, each with its complete cells; time and memory grow with the length only."""
    rest = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            # A piece ends with a whole cell, or at least before an element: nothing is missed or counted twice.
            text = rest + chunk
            end = text.rfind(b"</c>") + 4
            if len(text) - max(end, 4) > _LONGEST_CELL:
                end = max(text.rfind(b"<"), len(text) - _LONGEST_CELL)
            text, rest = (text[:end], text[end:]) if end > 3 else (b"", text)
            yield text, text.split(b"</c>") if b' t="e"' in text or b"<f" in text else []
    if rest:
        yield rest, []


def _filled_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Extent of the cells that hold something: people colour whole columns down to the last row."""
    n_rows = n_columns = 1
    for text, _ in _pieces(archive, entry):
        places = _FILLED.findall(text)
        n_columns = max(n_columns, max(map(_position, {letters for letters, _ in places}), default=0) + 1)
        n_rows = max(n_rows, max((int(row) for _, row in places), default=0))
    return n_rows, n_columns


def _unshown_cells(pieces: list[bytes]) -> Iterator[tuple[int, int, str]]:
    for piece in pieces:
        if b' t="e"' not in piece and b"<f" not in piece:
            continue
        cell = piece[max(piece.rfind(b"<c "), 0) :]
        head = cell[: cell.find(b">")]
        place = _PLACE.search(head)
        value = _VALUE.search(cell)
        if place is None or (value is None and b' t="str"' in head):
            continue  # a formula whose value is an empty text
        if b' t="e"' in head:
            text = value[1].decode("utf-8", "replace") if value is not None else "#ERROR!"
        elif value is None and (formula := _FORMULA.search(cell)) is not None:
            text = "=" + formula[1].decode("utf-8", "replace")
        else:
            continue
        yield int(place[2]), _position(place[1]), html.unescape(text)


def _real_name(archive: zipfile.ZipFile, part: str) -> str:
    return {name.casefold(): name for name in archive.namelist()}[part]


def _sheet_parts(archive: zipfile.ZipFile, book: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Name of each sheet with the name of its part."""
    links = ElementTree.fromstring(archive.read(_real_name(archive, "xl/_rels/workbook.xml.rels")))
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
            part = posixpath.normpath(posixpath.join("/xl", targets.get(link, ""))).lstrip("/").casefold()
            yield sheet.get("name") or "", part


def _position(letters: bytes) -> int:
    position = 0
    for letter in letters:
        position = position * 26 + letter - 64
    return position - 1
