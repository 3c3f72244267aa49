"""Workbooks that are written new, and the list of findings in them.

Every cell is written as a text, in a format that keeps it one: nothing that stands in a file can become a formula.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from typing import Any

from relmetrics.reporting.workbook.listing import WIDTHS, Listing, Target
from relmetrics.reporting.workbook.looks import LOOKS, TAB, Look

__all__ = ["clean", "file_link", "new_book", "write_list"]

_MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # a workbook carries the day it was made; ours is fixed
_MOST_CELLS = 400_000  # of a sheet, then only rows with marks follow
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_MOST_NOTES = 5_000
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
# What XML 1.0 cannot hold, the halves of pairs among it; xlsxwriter writes control characters in a way of its own.
_NOT_WRITTEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_IN_LINKS = re.compile(r"[%#?\"<>\[\]{}^`| ]")


def new_book(stream: io.BytesIO, title: str) -> Any:
    """Begin a workbook. It is put together in memory: nothing of the records is left in a temporary file."""
    import xlsxwriter  # type: ignore[import-untyped]  # late: only workbooks need it

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": _MADE, "title": clean(title)[:200]})
    book.set_size(2400, 1500)
    return book


# --- the list -------------------------------------------------------------------------------------------------------


def write_list(book: Any, sheet: Any, listing: Listing, place_of: Callable[[Target], str | None]) -> None:
    """Write the list of findings into a sheet; `place_of` gives links as xlsxwriter wants them."""
    formats = {name: _format(book, look) for name, look in LOOKS.items()}
    sheet.set_tab_color(TAB)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.outline_settings(True, False, True, False)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for row, line in enumerate(listing.lines):
        options: dict[str, Any] = {"level": 1, "hidden": True} if line.is_folded else {}
        if not line.is_folded and row + 1 < len(listing.lines) and listing.lines[row + 1].is_folded:
            options = {"collapsed": True}
        sheet.set_row(row, line.height, None, options)
        for text in line.texts:
            look = formats[text.look]
            if text.until is not None and text.until > text.column:
                sheet.merge_range(row, text.column, row, text.until, "", look)
            link = place_of(text.target) if text.target is not None else None
            if link is not None:
                sheet.write_url(row, text.column, link, look, clean(text.text))
            elif text.text:
                sheet.write_string(row, text.column, clean(text.text), look)
            else:
                sheet.write_blank(row, text.column, None, look)


def _format(book: Any, look: Look) -> Any:
    properties: dict[str, Any] = {
        "font_name": "Calibri",
        "font_size": look.size,
        "font_color": look.ink,
        "valign": "vcenter",
        "text_wrap": look.wraps,
        "num_format": "@",
        "quote_prefix": True,
        "bold": look.is_bold,
        "indent": look.indent,
    }
    if look.is_underlined:
        properties["underline"] = 1
    if look.ground:
        properties["bg_color"] = look.ground
    if look.line:
        properties |= {"bottom": 1, "bottom_color": look.line}
    return book.add_format(properties)


def file_link(path: str, sheet: str, cell: str) -> str:
    """Link to a cell of another file; `path` as seen from the folder of the new workbook."""
    escaped = _IN_LINKS.sub(lambda match: f"%{ord(match[0]):02X}", path)
    quoted = sheet.replace("'", "''")
    return f"external:{escaped}#'{quoted}'!{cell}" if sheet else f"external:{escaped}"


def clean(text: str) -> str:
    """Text without what no workbook can hold."""
    return _NOT_WRITTEN.sub("\ufffd", text)
