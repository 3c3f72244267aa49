"""An Excel template: a sheet a table with drop-down lists and example rows, the manifest, and instructions first.

Three of its sheets hold no records (`INSTRUCTIONS`, `COLUMNS`, `CODES`); reading passes over sheets of these names.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmetrics.definitions import Field, Table
from relmetrics.publishing.export.examples import example_rows
from relmetrics.publishing.export.forms import form_of, ids_name, typing_check
from relmetrics.publishing.export.pages import (
    CODES,
    COLUMNS,
    INSTRUCTIONS,
    set_print,
    write_codes,
    write_columns,
    write_fallback,
    write_instructions,
    write_manifest,
)
from relmetrics.publishing.export.selection import Selection
from relmetrics.publishing.export.style import COLOURS, Style, height_of
from relmetrics.submission.book import MANIFEST_SHEET

if TYPE_CHECKING:
    from relmetrics.words import Words

__all__ = ["write_template"]

_MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # a workbook carries the day it was made; ours is fixed
_LAST_ROW = 1_048_575
_ROWS_OFFERED = 10_000  # rows of a sheet whose ids are offered on others


def write_template(selection: Selection, path: Path, words: Words) -> None:
    """Write the template.

    Parameters
    ----------
    selection : Selection
        Tables and fields.
    path : Path
        The .xlsx file.
    words : Words
        Words for people, in the language asked for. Names of sheets and columns are the standard's in every language.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # late: only workbooks need it

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {"created": _MADE, "title": words.say("template.title"), "comments": _about(selection, words)}
        )
        book.set_size(2400, 1500)
        style = Style(book)
        names = (INSTRUCTIONS, MANIFEST_SHEET, *selection.tables, COLUMNS, CODES)
        sheets = {name: book.add_worksheet(name) for name in names}
        # Before the sheets that use them: the ranges of codes are named while their sheet is written.
        write_codes(book, sheets[CODES], selection, words, style)
        write_instructions(sheets[INSTRUCTIONS], selection, words, style)
        write_manifest(sheets[MANIFEST_SHEET], selection, words, style)
        rows = example_rows(selection)
        for name, table in selection.tables.items():
            _write_table(book, sheets[name], table, selection, rows.get(name, []), words, style)
        write_columns(sheets[COLUMNS], selection, words, style)
        if words.fell_back:
            write_fallback(sheets[INSTRUCTIONS], words, style)
        sheets[INSTRUCTIONS].activate()


def _about(selection: Selection, words: Words) -> str:
    return words.say("template.made_for", version=selection.release.version, level=selection.level)


def _write_table(
    book: Any,
    sheet: Any,
    table: Table,
    selection: Selection,
    rows: list[dict[str, str]],
    words: Words,
    style: Style,
) -> None:
    sheet.set_tab_color(COLOURS["teal"] if table.is_necessary else COLOURS["teal_light"])
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 1)
    last = len(table.fields) - 1
    for column, field in enumerate(table.fields):
        kind = {"integer": style.integer, "decimal": style.decimal}.get(field.type, style.text)
        sheet.set_column(column, column, _width(field, rows), kind)
        sheet.write_string(0, column, field.id, style.required if field.required else style.optional)
        note = _note(field, selection, words)
        sheet.write_comment(
            0,
            column,
            note,
            {
                "author": "relmetrics",
                "width": 300,
                "height": height_of(note, 46) + 8,
                "font_size": 9,
                "color": COLOURS["paper"],
            },
        )
        check = typing_check(field, selection, words, _place(1, column))
        if check is not None:
            sheet.data_validation(1, column, _LAST_ROW, column, check)
    for number, row in enumerate(rows, start=1):
        for column, field in enumerate(table.fields):
            _write_value(sheet, number, column, field, row.get(field.id, ""))
        sheet.conditional_format(
            number,
            0,
            number,
            last,
            {"type": "formula", "criteria": _is_example(table, number, row), "format": style.example},
        )
    # Codes of digits only are meant to be text: no green corners.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{_place(_LAST_ROW, last)}"})
    _name_ids(book, table, selection)
    set_print(sheet, 0, 1 + len(table.fields) // 12)


def _width(field: Field, rows: list[dict[str, str]]) -> float:
    longest = max([len(row.get(field.id, "")) for row in rows], default=0)
    return float(min(max(len(field.id) + 4, longest + 2, 11), 42))


def _note(field: Field, selection: Selection, words: Words) -> str:
    """Text that shows when the pointer rests on the heading."""
    needed = words.say("template.must" if field.required else "template.may")
    return (
        f"{words.text(field.title)} ({needed})\n\n{' '.join(words.text(field.description).split())}\n\n"
        f"{form_of(field, selection, words)}"
    )


def _write_value(sheet: Any, row: int, column: int, field: Field, text: str) -> None:
    if not text:
        return
    if field.type in ("integer", "decimal"):
        sheet.write_number(row, column, float(text))
    else:
        sheet.write_string(row, column, text)


def _is_example(table: Table, number: int, row: dict[str, str]) -> str:
    """Formula that holds for as long as the key of the example stands in its row."""
    positions = {field.id: column for column, field in enumerate(table.fields)}
    same = [f'${_letters(positions[name])}${number + 1}="{row.get(name, "")}"' for name in table.key]
    return f"=AND({','.join(same)})"


def _name_ids(book: Any, table: Table, selection: Selection) -> None:
    """Name the range of every column that other sheets refer to; it ends with the last filled cell."""
    wanted: set[str] = set()
    for other in selection.tables.values():
        for field in other.fields:
            lookup = selection.lookup(field)
            if lookup is not None and lookup.table.id == table.id:
                wanted.add(lookup.theirs[lookup.ours.index(field.id)])
    for column, field in enumerate(table.fields):
        if field.id in wanted:
            letter = _letters(column)
            cells = f"{table.id}!${letter}$2:${letter}${_ROWS_OFFERED + 1}"
            end = f"INDEX({cells},MAX(1,COUNTA({cells})))"
            book.define_name(ids_name(table.id, field.id), f"={table.id}!${letter}$2:{end}")


def _place(row: int, column: int) -> str:
    return f"{_letters(column)}{row + 1}"


def _letters(column: int) -> str:
    from relmetrics.submission.submission import column_letter

    return column_letter(column)
