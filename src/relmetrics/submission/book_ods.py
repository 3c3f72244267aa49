"""OpenDocument spreadsheets (.ods), looked at beside the reading library: errors, merged cells, and how far they reach.

Cells and rows carry the number of times that they stand there, so a few bytes may stand for thousands of millions of
cells.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from relmetrics.submission import parts
from relmetrics.submission.parts import Inside

__all__ = ["look_inside_ods"]

_CHUNK = 4 * 1024 * 1024
_LONGEST_ROW = 64 * 1024 * 1024
_ROW = re.compile(rb"<table:table-row(?=[\s/>])")
_TABLE = re.compile(rb'<table:table\s[^>]*?table:name="([^"]*)"')
_ROWS = re.compile(rb"^[^>]*?number-rows-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)>")
_BEGINS = (b"<table:table-cell", b"<table:covered-table-cell")
_REPEATED = re.compile(rb"number-columns-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_SPANNED = re.compile(rb'number-(?:columns|rows)-spanned="(?!1")')
_FORMULA = re.compile(rb'table:formula="([^"]*)"')
_TEXT = re.compile(rb"<text:p[^>]*>([^<]*)</text:p>")


def look_inside_ods(path: Path) -> Inside:
    """Refuse sheets that reach too far; return what the reading library does not tell.

    Raises
    ------
    UnreadableInputError
        A sheet reaches too far.
    zipfile.BadZipFile, KeyError, ValueError
        It is no spreadsheet.
    """
    inside = Inside()
    n_found = row = width = 0
    before = ""
    with zipfile.ZipFile(path) as archive:
        for name, piece in _rows(archive):
            if name != before:
                before, row, width = name, 0, 0
            cells = inside.unshown.setdefault(name, {})
            repeated = _ROWS.match(piece)
            times = int(repeated[1]) if repeated is not None else 1
            n_cells, n_merged, odd = _cells(piece)
            if n_cells:
                width = max(width, n_cells)
                if width * (row + times) > parts.MOST_CELLS:
                    raise parts.refuse_too_many_cells(path, row + times, width)
            inside.n_merged[name] = inside.n_merged.get(name, 0) + n_merged
            if odd:
                n_found += len(odd) * times
                if n_found > parts.MOST_UNSHOWN:
                    raise parts.refuse_too_many_unshown(path)
                cells.update((row + 1 + time, odd) for time in range(times))
            row += times
    return inside


def _rows(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield sheet and text of each row, from behind the name of its element to the next row's."""
    name = ""
    rest = b""
    is_row = False
    with archive.open("content.xml") as stream:
        while chunk := stream.read(_CHUNK):
            *pieces, rest = _ROW.split(rest + chunk)
            for piece in pieces:
                if is_row:
                    yield name, piece
                is_row = True
                name = _table_in(piece, name)
            if len(rest) > _LONGEST_ROW:
                raise ValueError("a row without end")
    if is_row:
        yield name, rest


def _table_in(piece: bytes, name: str) -> str:
    found = _TABLE.findall(piece) if b"<table:table " in piece else []
    return html.unescape(found[-1].decode("utf-8", "replace")) if found else name


def _cells(piece: bytes) -> tuple[int, int, dict[int, str]]:
    """Number of cells of a row up to the last filled one, of merged ranges in it, and texts that are not shown."""
    end = max(piece.find(b"</table:table-row>"), 0)
    if b"<text:p" not in piece and b"office:" not in piece:
        return 0, 0, {}
    while piece.endswith(b"/>", 0, end):
        begin = max(piece.rfind(b"<", 0, end), 0)
        if not piece.startswith(_BEGINS, begin) or piece.find(b"office:", begin, end) >= 0:
            break
        end = begin
    n_cells = sum(piece.count(begin, 0, end) for begin in _BEGINS)
    if piece.find(b"columns-repeated", 0, end) >= 0:
        n_cells += sum(int(times) - 1 for times in _REPEATED.findall(piece, 0, end))
    if b"-spanned=" not in piece and b"table:formula" not in piece and b'"error"' not in piece:
        return n_cells, 0, {}
    n_merged = position = 0
    odd: dict[int, str] = {}
    for cell in _CELL.finditer(piece, 0, end):
        head = cell[1]
        repeated = _REPEATED.search(head)
        times = int(repeated[1]) if repeated is not None else 1
        n_merged += _SPANNED.search(head) is not None
        text = _text(piece, head, cell.end())
        if text and len(odd) + times <= parts.MOST_UNSHOWN:
            odd.update((position + time, text) for time in range(times))
        position += times
    return n_cells, n_merged, odd


def _text(piece: bytes, head: bytes, begin: int) -> str:
    """Text of a cell with an error, or with a formula that was never calculated; else nothing."""
    formula = _FORMULA.search(head)
    if b'value-type="error"' in head:
        end = piece.find(b"</table:table-cell>", begin)
        shown = _TEXT.search(piece, begin, max(end, begin))
        return html.unescape(shown[1].decode("utf-8", "replace")) if shown is not None else "#ERROR!"
    if formula is not None and b"office:value-type" not in head:
        text = html.unescape(formula[1].decode("utf-8", "replace"))
        return "=" + text.removeprefix("of:").removeprefix("oooc:").removeprefix("=")
    return ""
