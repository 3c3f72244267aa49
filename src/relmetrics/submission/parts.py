"""The parts of a workbook, looked at before the reading library unpacks them.

Two things the library leaves to its caller: a small file may unpack to more than the machine holds, or name one cell so
far out that room is made for thousands of millions; and cells that hold an error, or a formula whose value was never
saved, come out empty.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import shown

__all__ = ["MOST_CELLS", "Unshown", "look_inside"]

MOST_CELLS = 50_000_000
"""Cells of one sheet, empty ones between others included."""

Unshown = dict[str, dict[int, dict[int, str]]]

_MOST_BYTES = 2 * 1024**3
_MOST_RATIO, _RATIO_FROM = 200, 100 * 1024**2
_MOST_UNSHOWN = 1_000_000
_CHUNK = 4 * 1024 * 1024
_LONGEST_CELL = 256 * 1024
_COLUMNS = re.compile(rb' r="([A-Z]{1,3})[0-9]')
_ROWS = re.compile(rb' r="[A-Z]{0,3}([0-9]{1,7})"')
_PLACE = re.compile(rb' r="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"<v[^>]*>([^<]+)</v>")
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>")


def look_inside(path: Path) -> Unshown:
    """Refuse what would unpack to too much; return the cells that the reading library gives as empty.

    Raises
    ------
    UnreadableInputError
        It would unpack to too much.
    zipfile.BadZipFile, ElementTree.ParseError
        It is no workbook.
    """
    unshown: Unshown = {}
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        size, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
        if size > _MOST_BYTES or (size > _RATIO_FROM and size > _MOST_RATIO * max(packed, 1)):
            raise UnreadableInputError(
                f"{shown(path.name)} would unpack to {size // 1024**2:,} MB, which no workbook of this kind needs. "
                "Save the tables as CSV files in one folder."
            )
        found: dict[str, dict[int, dict[int, str]]] = {}
        n_found = 0
        for entry in entries:
            n_rows, n_columns = 1, 1
            cells: dict[int, dict[int, str]] = {}
            for text, complete in _pieces(archive, entry):
                n_columns = max(n_columns, max(map(_position, set(_COLUMNS.findall(text))), default=0) + 1)
                n_rows = max(n_rows, max(map(int, _ROWS.findall(text)), default=0))
                for row, position, shown_text in _unshown_cells(complete):
                    cells.setdefault(row, {})[position] = shown_text
                    n_found += 1
            if n_rows * n_columns > MOST_CELLS:
                raise UnreadableInputError(
                    f"{shown(path.name)} has a sheet that reaches down to row {n_rows:,} and over {n_columns:,} "
                    "columns. Delete the stray cells far out, or save the tables as CSV files in one folder."
                )
            if n_found > _MOST_UNSHOWN:
                raise UnreadableInputError(
                    f"{shown(path.name)} has more than {_MOST_UNSHOWN:,} cells with an error or with a formula that "
                    "was never calculated. Open it in your spreadsheet program and save it again."
                )
            if cells:
                found[entry.filename.casefold()] = cells
        if found:
            for sheet, part in _sheet_parts(archive):
                if part in found:
                    unshown[sheet] = found[part]
    return unshown


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield the text of a part in chunks, each with its complete cells; time and memory grow with the length only."""
    rest = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            *complete, rest = text.split(b"</c>")
            rest = rest[-_LONGEST_CELL:]
            yield text, complete if b' t="e"' in text or b"<f" in text else []


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


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet with the name of its part."""
    names = {name.casefold(): name for name in archive.namelist()}
    book = ElementTree.fromstring(archive.read(names["xl/workbook.xml"]))
    links = ElementTree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
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
