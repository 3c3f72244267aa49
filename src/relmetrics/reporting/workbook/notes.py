"""Notes on cells: the texts in one part, the boxes that show them in another. Notes that are there stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from relmetrics.reporting.workbook.outline import Edits, Element, NotMarkableError, Outline, outline, quoted, text_of
from relmetrics.reporting.workbook.sheets import MAIN, Cell

__all__ = [
    "AUTHOR",
    "MOST_NOTES",
    "NOTE_COLOUR",
    "Note",
    "add_notes",
    "add_shapes",
    "cells_with_notes",
    "shape_block",
    "shapes",
    "stripped_notes",
    "stripped_shapes",
]

AUTHOR = "relmetrics findings"
NOTE_COLOUR = "#FFFDE9"
MOST_NOTES = 5_000
"""Notes of one sheet; spreadsheet programs become slow with more."""

# Prefixes differ between programs.
_SHAPE = re.compile(rb"<(\w+):shape\b(?:(?!<\w+:shape\b).)*?</\1:shape>", re.S)
_ROW, _COLUMN = (re.compile(rb"<\w+:" + name + rb"\b[^>]*>\s*(\d+)\s*</") for name in (b"Row", b"Column"))
_BLOCKS = re.compile(rb"<\w+:idmap\b[^>]*\bdata=[\"']([0-9, ]+)[\"']")
_NUMBERS = re.compile(rb"_s(\d{4,9})\b")
_IN_BLOCK = 1024
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml"',
    'xmlns:o="urn:schemas-microsoft-com:office:office"',
    'xmlns:x="urn:schemas-microsoft-com:office:excel"',
)
_WIDE, _LINE = 300, 14  # points
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
    "</xml>"
)
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


@dataclass(frozen=True, slots=True)
class Note:
    """A note: row from 1, column from 0."""

    cell: Cell
    text: str


def _outline(data: bytes) -> Outline:
    part = outline(data)
    if part.bare(part.root) != "comments" or part.child(0, "authors") is None or part.child(0, "commentList") is None:
        raise NotMarkableError("form")
    return part


def cells_with_notes(data: bytes) -> set[str]:
    """Names of the cells that have a note already."""
    return {one.attributes.get("ref", "").replace("$", "") for one in _outline(data).named("comment")}


def stripped_notes(data: bytes, list_sheet: str) -> tuple[bytes, set[str]]:
    """Take out the notes that we put in before; return also the names of their cells.

    Ours ends with a line that names the sheet of the list; not every program keeps who wrote a note. One that somebody
    wrote something behind is theirs.
    """
    part = _outline(data)
    edits = Edits(part)
    cells = set()
    texts: dict[int, str] = {}
    note: Element | None = None
    for element in part.elements:
        if part.bare(element) == "comment":
            note = element
        elif part.bare(element) == "t" and note is not None:
            texts[note.start] = texts.get(note.start, "") + element.text
    for note in part.named("comment"):
        last = texts.get(note.start, "").rstrip().rpartition("\n")[2]
        if list_sheet in last:
            edits.remove(note)
            cells.add(note.attributes.get("ref", "").replace("$", ""))
    return edits.applied(), cells


def stripped_shapes(data: bytes, cells: set[str]) -> bytes:
    """Take out the boxes of the notes on these cells."""
    from relmetrics.submission.submission import column_letter

    def keep(match: re.Match[bytes]) -> bytes:
        row, column = _ROW.search(match[0]), _COLUMN.search(match[0])
        if row is None or column is None or b'ObjectType="Note"' not in match[0]:
            return match[0]
        return b"" if f"{column_letter(int(column[1]))}{int(row[1]) + 1}" in cells else match[0]

    return _SHAPE.sub(keep, data)


def add_notes(data: bytes | None, notes: Sequence[Note], names: Sequence[str]) -> bytes:
    """Add notes to a sheet's part, or make one; `names` are the cells as a spreadsheet names them."""
    if data is None:
        data = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}"><authors></authors>'
            "<commentList></commentList></comments>"
        ).encode()
    part = _outline(data)
    p = part.prefix
    authors, listed = part.child(0, "authors"), part.child(0, "commentList")
    assert authors is not None and listed is not None  # noqa: PT018 -- _outline has looked
    known = [one.text.strip() for _, one in part.children(authors[0])]
    edits = Edits(part)
    if AUTHOR not in known:
        edits.append(authors[1], f"<{p}author>{text_of(AUTHOR)}</{p}author>")
        known.append(AUTHOR)
    number = known.index(AUTHOR)
    edits.append(
        listed[1],
        "".join(
            f'<{p}comment ref={quoted(name)} authorId="{number}"><{p}text><{p}r><{p}rPr><{p}sz val="9"/>'
            f'<{p}color indexed="81"/><{p}rFont val="Tahoma"/><{p}family val="2"/></{p}rPr>'
            f'<{p}t xml:space="preserve">{text_of(note.text)}</{p}t></{p}r></{p}text></{p}comment>'
            for note, name in zip(notes, names, strict=True)
        ),
    )
    return edits.applied()


def shapes(data: bytes) -> set[bytes]:
    """Boxes of a drawing, as they stand."""
    return {match[0] for match in _SHAPE.finditer(data)}


def shape_block(drawings: Sequence[bytes]) -> int:
    """First number block of shapes that none of the workbook's drawings uses."""
    used = [0]
    for data in drawings:
        used += [
            int(number) for match in _BLOCKS.findall(data) for number in match.replace(b" ", b"").split(b",") if number
        ]
        used += [int(number) // _IN_BLOCK for number in _NUMBERS.findall(data)]
    return max(used) + 1


def add_shapes(data: bytes | None, notes: Sequence[Note], block: int) -> bytes:
    """Add the hidden boxes of notes to a sheet's drawing, or make one; their numbers begin with those of `block`."""
    n_blocks = (len(notes) + 1) // _IN_BLOCK + 1
    blocks = ",".join(str(block + number) for number in range(n_blocks))
    if data is None:
        data = _VML.format(blocks=blocks).encode()
    else:
        found = _BLOCKS.search(data)
        if b"urn:schemas-microsoft-com:vml" not in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise NotMarkableError("form")
        if found is not None:  # not every program writes the list of the blocks in use
            data = data[: found.end(1)] + f",{blocks}".encode() + data[found.end(1) :]
    end = data.rfind(b"</xml>")
    if end < 0:
        raise NotMarkableError("form")
    kind = "" if b'id="_x0000_t202"' in data else _TYPE
    added = kind + "".join(_shapes(notes, block))
    if not all(name.encode() in data for name in _SPACES):
        declared = " ".join(_SPACES)
        added = added.replace("<v:shape ", f"<v:shape {declared} ").replace(
            "<v:shapetype ", f"<v:shapetype {declared} "
        )
    return data[:end] + added.encode() + data[end:]


def _shapes(notes: Sequence[Note], block: int) -> Iterator[str]:
    for number, note in enumerate(notes, start=1):
        row, column = note.cell[0] - 1, note.cell[1]
        n_lines = sum(1 + len(line) // 56 for line in note.text.split("\n"))
        height = min(n_lines * _LINE + 12, 420)
        # Where the box hangs: from the next column on, four columns wide, as high as its text.
        anchor = f"{column + 1}, 15, {max(row - 1, 0)}, 2, {column + 6}, 15, {max(row - 1, 0) + height // 20 + 1}, 4"
        yield (
            f'<v:shape id="_x0000_s{block * _IN_BLOCK + number}" type="#_x0000_t202" '
            f"style='position:absolute;margin-left:60pt;margin-top:1.5pt;width:{_WIDE}pt;height:{height}pt;z-index:{number};"
            f'visibility:hidden\' fillcolor="{NOTE_COLOUR}" o:insetmode="auto">'
            f'<v:fill color2="{NOTE_COLOUR}"/><v:shadow on="t" color="black" obscured="t"/>'
            '<v:path o:connecttype="none"/>'
            "<v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox>"
            f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )
