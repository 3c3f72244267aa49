"""Holds a marked workbook against the one that was handed in: nothing but the marks may be different.

Sheets are compared by the bytes of their cells, all parts that were not changed by their checksums. That is more than
reading both and comparing values: a saved result of a formula or a number's format would not be missed.
"""

from __future__ import annotations

import io
import zipfile

from relmetrics.reporting.workbook import sheets
from relmetrics.reporting.workbook.book import LIST_SHEET, Book
from relmetrics.reporting.workbook.notes import shapes, stripped_notes
from relmetrics.reporting.workbook.outline import NotMarkableError, outline
from relmetrics.reporting.workbook.package import Package
from relmetrics.reporting.workbook.styles import same_styles

__all__ = ["prove"]


def prove(package: Package, book: Book, content: bytes) -> None:
    """Compare.

    Raises
    ------
    NotMarkableError
        Something else than the marks is different.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as marked:
        try:
            if not _is_same(package, book, marked):
                raise NotMarkableError("check")
        except (KeyError, zipfile.BadZipFile):
            raise NotMarkableError("check") from None


def _is_same(package: Package, book: Book, marked: zipfile.ZipFile) -> bool:
    ours = {book.old_list.part.casefold()} if book.old_list is not None else set()
    parts = {sheet.part.casefold() for sheet in book.sheets if sheet.is_cells}
    views = {sheet.part.casefold() for sheet in book.sheets} - parts
    for name, entry in package.entries.items():
        after = marked.getinfo(name)
        if (after.CRC, after.file_size) == (entry.CRC, entry.file_size):
            continue
        if name not in package.changed:
            return False
        low = name.casefold()
        if low in ours:
            continue
        before, now = package.original(name), marked.read(name)
        if low in parts:
            is_same = sheets.foreign(before, LIST_SHEET) == sheets.foreign(now, LIST_SHEET)
        elif low in views:
            is_same = sheets.unselected(before) == now
        elif low == book.styles.casefold():
            is_same = same_styles(before, now)
        elif low == book.part.casefold():
            is_same = _named(before) == _named(now)
        elif low.endswith(".vml"):
            # In a copy that was marked before, the boxes of the old notes are gone.
            is_same = book.old_list is not None or shapes(before) <= shapes(now)
        elif b"commentList" in before:
            is_same = _others_notes(before) == _others_notes(now)
        else:
            is_same = _entries(before) <= _entries(now)
        if not is_same:
            return False
    return True


def _named(data: bytes) -> tuple[list[tuple[str, ...]], list[tuple[str, str]]]:
    """Sheets other than ours with what leads to them, and the names of ranges with what they mean."""
    part = outline(data)
    listed = [tuple(one.attributes.values()) for one in part.named("sheet") if one.attributes.get("name") != LIST_SHEET]
    return listed, [(one.attributes.get("name", ""), one.text) for one in part.named("definedName")]


def _others_notes(data: bytes) -> list[bytes]:
    part = outline(stripped_notes(data, LIST_SHEET)[0])
    return [part.raw(one) for one in part.named("comment")]


def _entries(data: bytes) -> set[tuple[tuple[str, str], ...]]:
    """What a list of relations or of content types holds."""
    return {tuple(sorted(one.attributes.items())) for one in outline(data).elements[1:]}
