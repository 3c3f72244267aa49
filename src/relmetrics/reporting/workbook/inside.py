"""Marks a submitter's own workbook: colours, notes and a first sheet are put in, all else stays byte by byte.

What is not understood is not marked (`NotMarkableError`), and what was marked is compared with what it was before it is
handed out (`proof.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from relmetrics.reporting.workbook import sheets
from relmetrics.reporting.workbook.book import LIST_SHEET, Book, BookSheet, add_list, read_book
from relmetrics.reporting.workbook.entries import CellPlace, Mark, SheetName
from relmetrics.reporting.workbook.list_part import list_part
from relmetrics.reporting.workbook.listing import Listing, Target, note_of
from relmetrics.reporting.workbook.notes import (
    MOST_NOTES,
    Note,
    add_notes,
    add_shapes,
    cells_with_notes,
    shape_block,
    stripped_notes,
    stripped_shapes,
)
from relmetrics.reporting.workbook.outline import NotMarkableError
from relmetrics.reporting.workbook.package import Package, open_package
from relmetrics.reporting.workbook.proof import prove
from relmetrics.reporting.workbook.styles import add_styles
from relmetrics.submission.submission import column_letter
from relmetrics.words import Words

__all__ = ["Inside", "SheetPlan", "plan_inside", "sheet_link"]

_MOST_MERGED = 5_000  # areas of a sheet that are looked at
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


@dataclass(slots=True)
class SheetPlan:
    """What a sheet gets.

    Attributes
    ----------
    cells : dict
        Cells to be coloured, by severity.
    noted : dict
        Cells that get a note, with the findings in them.
    """

    sheet: BookSheet
    cells: dict[str, list[sheets.Cell]] = field(default_factory=dict)
    noted: dict[sheets.Cell, Mark] = field(default_factory=dict)
    n_own_notes: int = 0
    n_too_many: int = 0


@dataclass(slots=True)
class Inside:
    """A workbook that can be marked, with what every sheet gets."""

    path: Path
    package: Package
    book: Book
    plans: list[SheetPlan]
    names: dict[SheetName, str]

    @property
    def n_own_notes(self) -> int:
        """Cells with findings that have notes of the submitter's."""
        return sum(plan.n_own_notes for plan in self.plans)

    @property
    def n_too_many(self) -> int:
        """Cells with findings that get no note, because there are so many."""
        return sum(plan.n_too_many for plan in self.plans)

    def has_target(self, cell: CellPlace) -> bool:
        """Whether a link can lead to a cell."""
        return (cell.file, cell.sheet) in self.names

    def marked(self, listing: Listing, words: Words) -> bytes:
        """Return the workbook with its marks, compared with what it was."""
        package, book = self.package, self.book
        styles = add_styles(package.read(book.styles))
        package.write(book.styles, styles.part)
        if book.old_list is not None:
            for sheet in book.sheets:
                _strip(package, sheet)
        drawings = [package.read(name) for name in package.entries if name.casefold().endswith(".vml")]
        block = shape_block(drawings)
        for plan in self.plans:
            block = self._mark(plan, listing, words, styles.colours, block)
        for sheet in book.sheets:
            data = package.read(sheet.part)
            if b"tabSelected" in data:
                package.write(sheet.part, sheets.unselected(data))
        add_list(package, book, list_part(listing, styles.looks, self._place_of))
        content = package.saved()
        prove(package, book, content)
        return content

    def _mark(self, plan: SheetPlan, listing: Listing, words: Words, colours: dict[str, int], block: int) -> int:
        notes = [
            Note(cell, note_of(mark, words, listing.rows, LIST_SHEET)) for cell, mark in sorted(plan.noted.items())
        ]
        data = self.package.read(plan.sheet.part)
        relation = _write_notes(self.package, plan.sheet.part, data, notes, block) if notes else ""
        marks = sheets.SheetMarks(plan.cells, colours, relation, LIST_SHEET, words.say("marked.back_tip"))
        self.package.write(plan.sheet.part, sheets.mark_sheet(data, marks))
        return block + len(notes) // 1024 + 1 if notes else block

    def _place_of(self, target: Target) -> str | None:
        if target.cell is None:
            return f"{LIST_SHEET}!A{target.row}"
        name = self.names.get((target.cell.file, target.cell.sheet))
        return None if name is None else sheet_link(name, target.cell.name)


def sheet_link(sheet: str, cell: str) -> str:
    """Name a cell of a sheet as links do."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def plan_inside(path: Path, marks: dict[SheetName, list[Mark]]) -> Inside:
    """Open a workbook and plan what each sheet gets.

    Raises
    ------
    NotMarkableError
        It is left alone.
    """
    package = open_package(path)
    book = read_book(package)
    by_name = {sheet.name: sheet for sheet in book.sheets if sheet.is_cells}
    folded = {name.strip().casefold(): sheet for name, sheet in by_name.items()}
    for sheet in book.sheets:
        if sheets.counts_sheets(package.read(sheet.part)):
            raise NotMarkableError("unknown")
    names: dict[SheetName, str] = {}
    plans = []
    for key, found in marks.items():
        at = by_name.get(key[1]) or folded.get(key[1].strip().casefold())
        if at is not None:
            names[key] = at.name
            plans.append(_plan(package, at, found, is_marked=book.old_list is not None))
    return Inside(path, package, book, plans, names)


def _plan(package: Package, sheet: BookSheet, marks: Sequence[Mark], is_marked: bool) -> SheetPlan:
    plan = SheetPlan(sheet)
    data = package.read(sheet.part)
    areas = sheets.merged(data)[:_MOST_MERGED]
    taken: set[str] = set()
    comments = _related(package, sheet.part, "comments")
    if comments:
        texts = package.read(comments)
        taken = cells_with_notes(stripped_notes(texts, LIST_SHEET)[0] if is_marked else texts)
    for mark in marks:
        cell = _shown_at((mark.cell.row, mark.cell.column), areas)
        plan.cells.setdefault(mark.severity, []).append(cell)
        if f"{column_letter(cell[1])}{cell[0]}" in taken:
            plan.n_own_notes += 1
        elif cell in plan.noted:
            plan.noted[cell].entries.extend(mark.entries)
        elif len(plan.noted) < MOST_NOTES:
            plan.noted[cell] = Mark(mark.cell, mark.severity, list(mark.entries))
        else:
            plan.n_too_many += 1
    return plan


def _shown_at(cell: sheets.Cell, areas: Sequence[tuple[sheets.Cell, sheets.Cell]]) -> sheets.Cell:
    """The cell itself, or the first one of the merged area that covers it: only that one shows a note."""
    for first, last in areas:
        if first[0] <= cell[0] <= last[0] and first[1] <= cell[1] <= last[1]:
            return first
    return cell


def _related(package: Package, part: str, kind: str) -> str:
    found = [one.target for one in package.relations(part) if one.kind == f"{sheets.RELATIONS}/{kind}"]
    if len(found) > 1:
        raise NotMarkableError("form")
    return found[0] if found else ""


def _write_notes(package: Package, part: str, sheet: bytes, notes: Sequence[Note], block: int) -> str:
    """Write notes and their boxes; return the relation for the sheet, empty where it has one."""
    names = [f"{column_letter(note.cell[1])}{note.cell[0]}" for note in notes]
    drawing_id = sheets.drawing_of(sheet)
    drawing = next((one.target for one in package.relations(part) if one.id == drawing_id), "") if drawing_id else ""
    comments = _related(package, part, "comments")
    if (drawing_id and not drawing) or (comments and not drawing):
        raise NotMarkableError("form")
    if comments:
        package.write(comments, add_notes(package.read(comments), notes, names))
    else:
        comments = _new_name(package, "xl/commentsRelmetrics{number}.xml")
        package.write(comments, add_notes(None, notes, names))
        package.declare(comments, _COMMENTS_TYPE)
        package.relate(part, "comments", comments)
    if drawing:
        package.write(drawing, add_shapes(package.read(drawing), notes, block))
        return ""
    drawing = _new_name(package, "xl/drawings/vmlDrawingRelmetrics{number}.vml")
    package.write(drawing, add_shapes(None, notes, block))
    package.declare_ending("vml", _DRAWING_TYPE)
    return package.relate(part, "vmlDrawing", drawing)


def _new_name(package: Package, form: str) -> str:
    number = 1
    while package.has(form.format(number=number)):
        number += 1
    return form.format(number=number)


def _strip(package: Package, sheet: BookSheet) -> None:
    """Take the marks of an earlier time out of a sheet."""
    if not sheet.is_cells:
        return
    data = package.read(sheet.part)
    package.write(sheet.part, sheets.stripped(data, LIST_SHEET))
    comments = _related(package, sheet.part, "comments")
    drawing_id = sheets.drawing_of(data)
    if not comments or not drawing_id:
        return
    texts, cells = stripped_notes(package.read(comments), LIST_SHEET)
    if cells:
        package.write(comments, texts)
        for one in package.relations(sheet.part):
            if one.id == drawing_id and one.target:
                package.write(one.target, stripped_shapes(package.read(one.target), cells))
