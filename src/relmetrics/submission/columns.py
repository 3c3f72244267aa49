"""From a header to columns: which field of the standard each one is."""

from __future__ import annotations

from collections.abc import Sequence

from relmetrics.definitions import Table
from relmetrics.submission.submission import ColumnKind, ColumnRead, column_letter

__all__ = [
    "BLANKS",
    "EXPLAINING",
    "MOST_COLUMNS",
    "explains",
    "is_own",
    "read_header",
    "shown",
    "trimmed",
    "without_last_blanks",
]

MOST_COLUMNS = 1000
"""Columns of a table that are looked at."""

BLANKS = (
    " \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What counts as blank around a value; the same in Python and in SQL."""

EXPLAINING = ("readme", "license", "changelog", "instructions", "columns", "codes")
"""Names of files and sheets about the data: nobody expects them to be read. The last three are the template's."""


def trimmed(text: str) -> str:
    """Return `text` without blanks at both ends."""
    return text.strip(BLANKS)


def shown(name: str, most: int = 60) -> str:
    """Make a name from outside fit for a sentence: one line, nothing invisible, not endless."""
    name = "".join(character if character.isprintable() else "?" for character in name[: most + 1])
    return name if len(name) <= most else name[:most] + "…"


def without_last_blanks(header: Sequence[str]) -> Sequence[str]:
    """Return the header without blank cells at its end: a comma too many is no column."""
    width = next((position for position in range(len(header), 0, -1) if trimmed(header[position - 1])), 0)
    return header[:width]


def is_own(name: str) -> bool:
    """Whether a table or column is the organization's own."""
    return trimmed(name).casefold().startswith("x_")


def explains(name: str) -> bool:
    """Whether a file or sheet of this name is about the data, and holds none."""
    return trimmed(name).casefold() in EXPLAINING


def read_header(names: Sequence[str], table: Table, place: str) -> tuple[tuple[ColumnRead, ...], tuple[str, ...]]:
    """Find the field of each column.

    Parameters
    ----------
    names : sequence of str
        Cells of the header.
    table : Table
        Table of the standard.
    place : str
        Begins a remark: file, or file and sheet.

    Returns
    -------
    columns : tuple of ColumnRead
        One a cell, at most `MOST_COLUMNS`.
    remarks : tuple of str
        What was read differently from how it stands.
    """
    columns: list[ColumnRead] = []
    changed: list[str] = []
    remarks: list[str] = []
    seen: set[str] = set()
    for position, header in enumerate(names[:MOST_COLUMNS]):
        name = trimmed(header).casefold()
        kind: ColumnKind
        if not name:
            kind = "blank"
        elif name in seen:
            kind = "repeated"
        elif name in table.by_id:
            kind = "field"
            if header != name:
                changed.append(f"'{shown(header)}' as '{name}'")
        elif name.startswith("x_"):
            kind = "own"
        else:
            kind = "unknown"
        seen.add(name)
        field = name if kind == "field" else ""
        columns.append(ColumnRead(header, position, column_letter(position), field, kind))
    if changed:
        remarks.append(f"{place}: names of columns differ in capitals or blanks and were read: {', '.join(changed)}.")
    if len(names) > MOST_COLUMNS:
        remarks.append(
            f"{place}: {len(names):,} columns; only the first {MOST_COLUMNS:,} (to column "
            f"{column_letter(MOST_COLUMNS - 1)}) were looked at."
        )
    return tuple(columns), tuple(remarks)
