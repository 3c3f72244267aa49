"""What is put into a sheet that is marked: colours as conditional formats, the place of its notes, and a way back.

The cells themselves are not touched, not by a byte: values, formulas with their saved results, and styles stay. Colours
that are conditional formats can also be taken out again, so that a marked copy can be corrected and marked anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from relmetrics.reporting.workbook.outline import Edits, Element, NotMarkableError, Outline, outline, quoted

__all__ = [
    "MAIN",
    "RELATIONS",
    "Cell",
    "SheetMarks",
    "counts_sheets",
    "drawing_of",
    "foreign",
    "mark_sheet",
    "merged",
    "stripped",
    "unselected",
]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Cell = tuple[int, int]
"""Row from 1, column from 0."""

_MARKER = 'LEN("relmetrics")=10'  # true, and nobody else's
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews",
    "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions",
    "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches",
    "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(_ORDER)}
_UNREAD = "sheetData"
_MOST_AREAS = 300  # of one conditional format
_MOST_ALTERNATIVES = 50
_FIRST_CELL = re.compile(rb"<(?:\w+:)?c\b[^<>]*\br=[\"']A1[\"'][^<>]*(?<!/)>")
_FIRST = 100_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_SHEET_NUMBER = re.compile(rb"\bSHEETS?\s*\(", re.I)


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """What a sheet gets: cells by severity, the relation of its notes, where the list is."""

    cells: Mapping[str, Sequence[Cell]]
    colours: Mapping[str, int]
    notes_relation: str
    list_sheet: str
    tip: str


def _outline(data: bytes) -> Outline:
    part = outline(data, _UNREAD)
    colon = part.prefix.removesuffix(":")
    if (
        part.bare(part.root) != "worksheet"
        or part.root.attributes.get(f"xmlns:{colon}" if colon else "xmlns") != MAIN
        or part.child(0, "sheetData") is None
    ):
        raise NotMarkableError("form")
    if sum(one.name.endswith("AlternateContent") for _, one in part.children(0)) > _MOST_ALTERNATIVES:
        raise NotMarkableError("form")
    ranks = [_rank(part, number, one) for number, one in part.children(0)]
    if ranks != sorted(ranks):
        raise NotMarkableError("form")
    return part


def _rank(part: Outline, number: int, element: Element) -> int:
    name = part.bare(element)
    if name.rpartition(":")[2] == "AlternateContent":
        inner = [
            _RANK[bare]
            for one in part.elements[number + 1 :]
            if one.start < element.end and (bare := part.bare(one)) in _RANK
        ]
        if not inner:
            raise NotMarkableError("unknown")
        return inner[0]
    if name not in _RANK:
        raise NotMarkableError("unknown")
    return _RANK[name]


def drawing_of(data: bytes) -> str:
    """Relation of the drawing that shows the notes of a sheet, or empty."""
    part = _outline(data)
    found = part.child(0, "legacyDrawing")
    if found is None:
        return ""
    for name, value in found[1].attributes.items():
        if name.endswith(":id"):
            return value
    raise NotMarkableError("form")


def merged(data: bytes) -> list[tuple[Cell, Cell]]:
    """First and last cell of the merged areas of a sheet."""
    return [area for one in _outline(data).named("mergeCell") if (area := _area(one.attributes.get("ref", "")))]


def counts_sheets(data: bytes) -> bool:
    """Whether a formula may ask for the number of a sheet, which another sheet in front would change."""
    return b"SHEET" in data and _SHEET_NUMBER.search(data) is not None


def unselected(data: bytes) -> bytes:
    """Take a sheet out of the selection: two selected sheets would be written into at once."""
    if b"tabSelected" not in data:
        return data
    part = outline(data, _UNREAD)
    edits = Edits(part)
    for view in part.named("sheetView"):
        if "tabSelected" in view.attributes:
            edits.set_attribute(view, "tabSelected", None)
    return edits.applied()


def stripped(data: bytes, list_sheet: str) -> bytes:
    """Take our own colours and links out of a sheet that was marked before."""
    part = _outline(data)
    edits = Edits(part)
    for element in _ours(part, list_sheet):
        edits.remove(element)
    return edits.applied()


def foreign(data: bytes, list_sheet: str) -> tuple[bytes, list[tuple[str, tuple[tuple[str, str], ...], str]]]:
    """What of a sheet is not ours: the bytes of its cells, and its other elements, their attributes and texts."""
    part = _outline(data)
    ours = {one.start for one in _ours(part, list_sheet)}
    if (notes := part.child(0, "legacyDrawing")) is not None:
        ours.add(notes[1].start)  # compared by what it leads to
    rest = []
    left = 0
    for one in part.elements:
        if one.start in ours:
            left = one.end
        if one.start < left:
            continue
        attributes = tuple(sorted((name, value) for name, value in one.attributes.items() if name != "tabSelected"))
        rest.append((one.name, attributes, one.text.strip()))
    found = part.child(0, "sheetData")
    return (part.raw(found[1]) if found is not None else b""), rest


def _ours(part: Outline, list_sheet: str) -> Iterator[Element]:
    for number, element in part.children(0):
        name = part.bare(element)
        children = part.children(number) if name in ("conditionalFormatting", "hyperlinks") else []
        mine = [
            one
            for place, one in children
            if (_is_marker(part, place) if name == "conditionalFormatting" else _leads_to(one, list_sheet))
        ]
        if mine and len(mine) == len(children):
            yield element
        else:
            yield from mine


def _is_marker(part: Outline, rule: int) -> bool:
    formulas = [one.text.strip() for _, one in part.children(rule) if part.bare(one) == "formula"]
    return formulas == [_MARKER]


def _leads_to(link: Element, sheet: str) -> bool:
    return link.attributes.get("location", "").replace("'", "").startswith(f"{sheet}!")


def mark_sheet(data: bytes, marks: SheetMarks) -> bytes:
    """Put colours, the place of the notes and the link back into a sheet; it must have none of ours."""
    part = _outline(data)
    edits = Edits(part)
    _put(part, edits, "conditionalFormatting", _colours(part, marks))
    _link_back(part, edits, marks)
    if marks.notes_relation:
        link = f'<{part.prefix}legacyDrawing xmlns:r="{RELATIONS}" r:id={quoted(marks.notes_relation)}/>'
        _put(part, edits, "legacyDrawing", link)
    return edits.applied()


def _put(part: Outline, edits: Edits, name: str, text: str) -> None:
    """Put elements where the order of a sheet's elements has them."""
    after = [one.start for number, one in part.children(0) if _rank(part, number, one) > _RANK[name]]
    place = after[0] if after else part.root.close
    edits.replace(place, place, text)


def _colours(part: Outline, marks: SheetMarks) -> str:
    p = part.prefix
    used = [one.attributes.get("priority", "") for one in part.elements if one.name.rpartition(":")[2] == "cfRule"]
    priority = max((int(text) for text in used if text.isdecimal()), default=0)
    texts = []
    for severity, cells in marks.cells.items():
        areas = list(_areas(cells))
        for start in range(0, len(areas), _MOST_AREAS):
            priority += 1
            texts.append(
                f'<{p}conditionalFormatting sqref="{" ".join(areas[start : start + _MOST_AREAS])}">'
                f'<{p}cfRule type="expression" dxfId="{marks.colours[severity]}" priority="{priority}">'
                f"<{p}formula>{_MARKER}</{p}formula></{p}cfRule></{p}conditionalFormatting>"
            )
    return "".join(texts)


def _areas(cells: Iterable[Cell]) -> Iterator[str]:
    """Cells as references, those below each other as one area."""
    first: Cell | None = None
    last = (0, -1)
    for column, row in sorted((column, row) for row, column in set(cells)):
        if first is not None and (column, row) == (last[1], last[0] + 1):
            last = (row, column)
            continue
        if first is not None:
            yield _named(first, last)
        first = last = (row, column)
    if first is not None:
        yield _named(first, last)


def _named(first: Cell, last: Cell) -> str:
    from relmetrics.submission.submission import column_letter

    start = f"{column_letter(first[1])}{first[0]}"
    return start if first == last else f"{start}:{column_letter(last[1])}{last[0]}"


def _link_back(part: Outline, edits: Edits, marks: SheetMarks) -> None:
    found = part.child(0, "hyperlinks")
    links = [one for _, one in part.children(found[0])] if found is not None else []
    areas = [_area(one.attributes.get("ref", "")) for one in links]
    if any(area is None or area[0] == (1, 0) for area in areas):
        return  # the first cell leads somewhere else already
    found_cells = part.child(0, "sheetData")
    if found_cells is None or not _FIRST_CELL.search(part.data, found_cells[1].start, found_cells[1].start + _FIRST):
        return  # nothing stands in it
    p = part.prefix
    link = f'<{p}hyperlink ref="A1" location={quoted(f"{marks.list_sheet}!A1")} tooltip={quoted(marks.tip)}/>'
    if found is not None:
        edits.append(found[1], link)
    else:
        _put(part, edits, "hyperlinks", f"<{p}hyperlinks>{link}</{p}hyperlinks>")


def _area(reference: str) -> tuple[Cell, Cell] | None:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    first = (int(match[2]), _position(match[1]))
    return first, (int(match[4]), _position(match[3])) if match[3] else first


def _position(letters: str) -> int:
    from relmetrics.reporting.places import column_number

    return column_number(letters) - 1
