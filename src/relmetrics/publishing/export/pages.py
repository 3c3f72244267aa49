"""Sheets of the template that are read by people only, and the sheet of the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from relmetrics.definitions import Manifest
from relmetrics.publishing.export.examples import example_manifest
from relmetrics.publishing.export.forms import codes_name, form_of, ids_name
from relmetrics.publishing.export.selection import Selection
from relmetrics.publishing.export.style import COLOURS, Style, height_of
from relmetrics.submission.book import MANIFEST_SHEET
from relmetrics.submission.columns import EXPLAINING

if TYPE_CHECKING:
    from relmetrics.words import Words

__all__ = [
    "CODES",
    "COLUMNS",
    "INSTRUCTIONS",
    "ManifestKey",
    "manifest_keys",
    "set_print",
    "write_codes",
    "write_columns",
    "write_fallback",
    "write_instructions",
    "write_manifest",
]

INSTRUCTIONS, COLUMNS, CODES = EXPLAINING[-3:]

_STEPS = 7


@dataclass(frozen=True, slots=True)
class ManifestKey:
    """A key of the manifest, dotted; `codes` are the answers that it takes, if it takes only some."""

    name: str
    is_required: bool
    codes: tuple[str, ...]


def manifest_keys() -> list[ManifestKey]:
    """Keys that a sheet can hold, from the model of the manifest."""
    return list(_keys(Manifest, ""))


def _keys(model: Any, prefix: str) -> Iterator[ManifestKey]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if hasattr(inner, "model_fields"):
            yield from _keys(inner, f"{prefix}{name}.")
        elif name != "files":  # how other files are read: nothing for somebody who fills in a template
            texts = tuple(code for code in _texts(inner) if isinstance(code, str))
            yield ManifestKey(prefix + name, field.is_required(), texts)


def _texts(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        else:
            yield from _texts(part)


def write_instructions(sheet: Any, selection: Selection, words: Words, style: Style) -> None:
    """Write the first sheet: how to fill in, what must never stand here, colours, and the list of sheets."""
    _prepare(sheet, COLOURS["orange"], (2, 5, 22, 66, 26, 46))
    width = 22 + 66 + 26 + 46
    sheet.write_string(1, 1, words.say("template.title"), style.title)
    sheet.set_row(1, 34)
    about = words.say("template.made_for", version=selection.release.version, level=selection.level)
    sheet.write_string(2, 1, about, style.lead)
    row = _section(sheet, 4, words.say("template.fill"), style)
    for step in range(1, _STEPS + 1):
        text = words.say(f"template.step.{step}")
        sheet.set_row(row, height_of(text, width - 10, padding=8))
        sheet.write_string(row, 1, str(step), style.number)
        sheet.merge_range(row, 2, row, 5, text, style.body)
        row += 1
    row = _section(sheet, row + 1, words.say("template.never"), style)
    text = words.say("template.never_text")
    sheet.set_row(row, height_of(text, width - 10, padding=12))
    sheet.merge_range(row, 1, row, 5, text, style.warning)
    row = _section(sheet, row + 2, words.say("template.colours"), style)
    for kind, swatch in (("required", style.required), ("optional", style.optional), ("example", style.shown_example)):
        sheet.set_row(row, 21)
        sheet.merge_range(row, 1, row, 2, words.say(f"template.colour.{kind}"), swatch)
        sheet.merge_range(row, 3, row, 5, words.say(f"template.colour.{kind}_text"), style.beside)
        row += 1
    row = _section(sheet, row + 1, words.say("template.sheets"), style)
    sheet.merge_range(row, 1, row, 2, words.say("template.head.sheet"), style.list_head)
    for column, head in enumerate(("what", "needed", "columns"), start=3):
        sheet.write_string(row, column, words.say(f"template.head.{head}"), style.list_head)
    sheet.set_row(row, 21)
    for name, what, needed, columns in _sheet_list(selection, words):
        row += 1
        sheet.set_row(row, max(height_of(what, 62), height_of(columns, 42), height_of(needed, 23)) + 3)
        sheet.merge_range(row, 1, row, 2, "", style.link)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", style.link, name)
        for column, text in enumerate((what, needed, columns), start=3):
            sheet.write_string(row, column, text, style.cell)


def write_fallback(sheet: Any, words: Words, style: Style) -> None:
    """Say on the first sheet that some texts are in English."""
    sheet.write_string(3, 1, words.say("page.fell_back"), style.lead)


def _sheet_list(selection: Selection, words: Words) -> Iterator[tuple[str, str, str, str]]:
    keys = ", ".join(key.name for key in manifest_keys() if key.is_required)
    yield MANIFEST_SHEET, words.say("template.about.submission"), words.say("template.needed.always"), keys
    for name, table in selection.tables.items():
        needed = words.say(f"template.needed.{'always' if table.is_necessary else table.level}")
        columns = ", ".join(field.id for field in table.fields if field.required)
        yield name, f"{words.text(table.title)}. {' '.join(words.text(table.description).split())}", needed, columns
    for name, key in ((COLUMNS, "columns"), (CODES, "codes")):
        yield name, words.say(f"template.about.{key}"), "", ""


def write_manifest(sheet: Any, selection: Selection, words: Words, style: Style) -> None:
    """Write the sheet of the manifest: key and value, and two columns about the key, which reading passes over."""
    sheet.set_tab_color(COLOURS["orange"])
    sheet.hide_gridlines(2)
    for column, width in enumerate((32, 46, 17, 84)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)
    for column, head in enumerate(
        ("key", "value", *(words.say(f"template.head.{head}") for head in ("needed", "meaning")))
    ):
        sheet.write_string(0, column, head, style.required)
    given = example_manifest(selection)
    for row, key in enumerate(manifest_keys(), start=1):
        text, value = words.say(f"template.manifest.{key.name.replace('.', '_')}"), given.get(key.name, "")
        if key.codes:
            text = f"{text} {words.say('template.form.code', codes=', '.join(key.codes))}"
        sheet.set_row(row, max(height_of(text, 80), height_of(value, 42)) + 5)
        sheet.write_string(row, 0, key.name, style.required if key.is_required else style.optional)
        sheet.write_string(row, 1, value, style.value)
        if value and key.name != "schema_version":
            same = {
                "type": "cell",
                "criteria": "==",
                "value": '"' + value.replace('"', '""') + '"',
                "format": style.example,
            }
            sheet.conditional_format(row, 1, row, 1, same)
        sheet.write_string(row, 2, words.say("template.must" if key.is_required else "template.may"), style.cell)
        sheet.write_string(row, 3, text, style.cell)
        if key.codes:
            message = words.say("template.form.code", codes=", ".join(key.codes))[:255]
            sheet.data_validation(
                row, 1, row, 1, {"validate": "list", "source": list(key.codes), "error_message": message}
            )
        elif key.name == "review.event_id" and "events" in selection.tables:
            source = f"={ids_name('events', 'event_id')}"
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": source, "show_error": False})
    sheet.ignore_errors({"number_stored_as_text": "B2:B100"})
    set_print(sheet, 0)


def write_columns(sheet: Any, selection: Selection, words: Words, style: Style) -> None:
    """Write the list of all columns."""
    _prepare(sheet, COLOURS["quiet"], (24, 28, 30, 17, 64, 52, 30))
    heads = ("sheet", "column", "title", "needed", "description", "form", "example")
    _page_head(sheet, words.say("template.columns_title"), heads, words, style)
    row = 3
    for name, table in selection.tables.items():
        for field in table.fields:
            row += 1
            description = " ".join(words.text(field.description).split())
            form = form_of(field, selection, words)
            sheet.set_row(row, max(height_of(description, 60), height_of(form, 48)) + 3)
            sheet.write_url(row, 0, f"internal:'{name}'!A1", style.link, name)
            sheet.write_string(row, 1, field.id, style.name)
            needed = words.say("template.must" if field.required else "template.may")
            for column, text in enumerate((words.text(field.title), needed, description, form, field.example), start=2):
                sheet.write_string(row, column, text, style.cell)
    sheet.autofilter(3, 0, row, len(heads) - 1)


def write_codes(book: Any, sheet: Any, selection: Selection, words: Words, style: Style) -> None:
    """Write the codes that the drop-down lists offer, and name the range of each list."""
    _prepare(sheet, COLOURS["quiet"], (30, 28, 40, 90))
    heads = ("list", "code", "title", "meaning")
    _page_head(sheet, words.say("template.codes_title"), heads, words, style)
    used = sorted(
        {
            field.codelist or ""
            for table in selection.tables.values()
            for field in table.fields
            if selection.codes(field)
        }
    )
    row = 3
    for name in used:
        first = row + 1
        for code in selection.release.codelists[name].codes:
            row += 1
            sheet.set_row(row, height_of(code.description_en, 86) + 3)
            sheet.write_string(row, 0, name, style.cell)
            sheet.write_string(row, 1, code.code, style.name)
            sheet.write_string(row, 2, code.title_en, style.cell)
            sheet.write_string(row, 3, code.description_en, style.cell)
        book.define_name(codes_name(name), f"={CODES}!$B${first + 1}:$B${row + 1}")
    sheet.autofilter(3, 0, max(row, 4), len(heads) - 1)


def _page_head(sheet: Any, title: str, heads: tuple[str, ...], words: Words, style: Style) -> None:
    sheet.write_string(0, 0, title, style.title)
    sheet.set_row(0, 32)
    sheet.write_string(1, 0, words.say("template.reference_lead"), style.lead)
    sheet.set_row(3, 21)
    for column, head in enumerate(heads):
        sheet.write_string(3, column, words.say(f"template.head.{head}"), style.list_head)
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)


def _prepare(sheet: Any, colour: str, widths: tuple[float, ...]) -> None:
    sheet.set_tab_color(colour)
    sheet.hide_gridlines(2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    set_print(sheet, None)


def _section(sheet: Any, row: int, text: str, style: Style) -> int:
    """Write a heading over the width of the page; return the next row."""
    sheet.set_row(row, 24)
    for column in range(1, 6):
        sheet.write_blank(row, column, None, style.section)
    sheet.write_string(row, 1, text, style.section)
    return row + 1


def set_print(sheet: Any, repeated: int | None, n_pages: int = 1) -> None:
    """Let a sheet fit the width of a page, or several, with its head on every page."""
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(n_pages, 0)
    if repeated is not None:
        sheet.repeat_rows(repeated)
