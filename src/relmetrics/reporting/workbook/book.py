"""The part of a workbook that names its sheets, and how the list of findings becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass

from relmetrics.reporting.workbook.outline import Edits, NotMarkableError, Outline, outline, quoted
from relmetrics.reporting.workbook.package import Package
from relmetrics.reporting.workbook.sheets import MAIN, RELATIONS
from relmetrics.submission.columns import FINDINGS_SHEET

__all__ = ["LIST_SHEET", "Book", "BookSheet", "add_list", "read_book"]

LIST_SHEET = FINDINGS_SHEET

_LIST_PART = "xl/worksheets/relmetrics_findings.xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_OFFICE = RELATIONS + "/"


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet of any kind; `is_cells` where it is a worksheet."""

    name: str
    part: str
    is_cells: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """Parts of a workbook.

    Attributes
    ----------
    sheets : tuple of BookSheet
        In its order, without the list of findings that we put in before.
    old_list : BookSheet or None
        That one.
    """

    part: str
    styles: str
    sheets: tuple[BookSheet, ...]
    old_list: BookSheet | None
    has_macros: bool


def read_book(package: Package) -> Book:
    """Find the sheets and styles of a workbook."""
    part = _only(package, "", "officeDocument")
    if package.content_type(part) not in _BOOK_TYPES:
        raise NotMarkableError("form")
    data = _outline(package.read(part))
    targets = {one.id: one for one in package.relations(part)}
    sheets = []
    for one in data.named("sheet"):
        link = next((value for name, value in one.attributes.items() if name.endswith(":id")), "")
        relation = targets.get(link)
        if relation is None or not package.has(relation.target):
            raise NotMarkableError("form")
        is_hidden = one.attributes.get("state", "visible") != "visible"
        sheets.append(
            BookSheet(
                one.attributes.get("name", ""), relation.target, relation.kind == _OFFICE + "worksheet", is_hidden
            )
        )
    old = next((one for one in sheets if one.name.casefold() == LIST_SHEET and one.is_cells), None)
    return Book(
        part,
        _only(package, part, "styles"),
        tuple(one for one in sheets if one is not old),
        old,
        has_macros="macroEnabled" in package.content_type(part),
    )


def _only(package: Package, part: str, kind: str) -> str:
    found = [one.target for one in package.relations(part) if one.kind == _OFFICE + kind]
    if len(found) != 1 or not package.has(found[0]):
        raise NotMarkableError("form")
    return found[0]


def _outline(data: bytes) -> Outline:
    part = outline(data)
    colon = part.prefix.removesuffix(":")
    if (
        part.bare(part.root) != "workbook"
        or part.root.attributes.get(f"xmlns:{colon}" if colon else "xmlns") != MAIN
        or part.child(0, "sheets") is None
        or part.root.attributes.get("conformance", "transitional") != "transitional"
    ):
        raise NotMarkableError("form")
    return part


def add_list(package: Package, book: Book, content: bytes) -> None:
    """Put the list in front, or in the place of the one that was there, and let the workbook open on it."""
    data = _outline(package.read(book.part))
    edits = Edits(data)
    if book.old_list is not None:
        package.write(book.old_list.part, content)
        names = [one.attributes.get("name", "").casefold() for one in data.named("sheet")]
        position = names.index(LIST_SHEET)
        old = data.named("sheet")[position]
        if "state" in old.attributes:
            edits.set_attribute(old, "state", None)
    else:
        if package.has(_LIST_PART):
            raise NotMarkableError("form")
        package.write(_LIST_PART, content)
        package.declare(_LIST_PART, _SHEET_TYPE)
        link = package.relate(book.part, "worksheet", _LIST_PART)
        position = 0
        number = max((int(one.attributes.get("sheetId", "0")) for one in data.named("sheet")), default=0) + 1
        first = data.named("sheet")[0]
        edits.replace(
            first.start,
            first.start,
            f'<{data.prefix}sheet xmlns:r="{RELATIONS}" name={quoted(LIST_SHEET)} sheetId="{number}" '
            f"r:id={quoted(link)}/>",
        )
        for name in data.named("definedName"):
            if "localSheetId" in name.attributes:
                edits.set_attribute(name, "localSheetId", str(int(name.attributes["localSheetId"]) + 1))
    views = data.named("workbookView")
    for view in views:
        edits.set_attribute(view, "activeTab", str(position))
        if "firstSheet" in view.attributes:
            edits.set_attribute(view, "firstSheet", None)
    if not views:
        sheets = data.child(0, "sheets")
        assert sheets is not None
        p = data.prefix
        edits.replace(sheets[1].start, sheets[1].start, f"<{p}bookViews><{p}workbookView/></{p}bookViews>")
    package.write(book.part, edits.applied())
