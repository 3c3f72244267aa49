"""From a header to columns: which field of the standard each one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relmetrics.definitions import Table
from relmetrics.submission.strings import BLANKS, MOST_COLUMNS, shown, trimmed
from relmetrics.submission.submission import ColumnKind, ColumnRead, column_letter

__all__ = [
    "BLANKS",
    "EXPLAINING",
    "FINDINGS_SHEET",
    "MOST_COLUMNS",
    "explains",
    "is_own",
    "read_header",
    "shown",
    "trimmed",
    "without_last_blanks",
]

FINDINGS_SHEET = "relmetrics_findings"
"""Sheet of a marked workbook that lists what to fix; it holds no values of the records."""

EXPLAINING = (FINDINGS_SHEET, "readme", "license", "changelog", "instructions", "columns", "codes")
"""Names of files and sheets about the data: nobody expects them to be read. The last three are the template's."""


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


def read_header(
    names: Sequence[str], table: Table, place: str, declared: Mapping[str, str] | None = None
) -> tuple[tuple[ColumnRead, ...], tuple[str, ...]]:
    """Find the field of each column.

    Parameters
    ----------
    names : sequence of str
        Cells of the header.
    table : Table
        Table of the standard.
    place : str
        Begins a remark: file, or file and sheet.
    declared : mapping, optional
        From the manifest: a name in the header to the field that it is. Capitals and blanks around it do not matter.

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
    ours = {trimmed(theirs).casefold(): field for theirs, field in (declared or {}).items()}
    given = {trimmed(header).casefold() for header in names[:MOST_COLUMNS]}
    absent = [shown(theirs) for theirs in declared or {} if trimmed(theirs).casefold() not in given]
    for position, header in enumerate(names[:MOST_COLUMNS]):
        written = trimmed(header).casefold()
        name = ours.get(written, written)
        kind: ColumnKind
        if not name:
            kind = "blank"
        elif name in seen:
            kind = "repeated"
        elif name in table.by_id:
            kind = "field"
            if header != name and written not in ours:
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
    if absent:
        are = "is no column" if len(absent) == 1 else "are no columns"
        remarks.append(
            f"{place}: {', '.join(absent)} in files.{table.id}.columns of the manifest {are} of this file. Write the "
            "names as they stand in the file."
        )
    if len(names) > MOST_COLUMNS:
        remarks.append(
            f"{place}: {len(names):,} columns; only the first {MOST_COLUMNS:,} (to column "
            f"{column_letter(MOST_COLUMNS - 1)}) were looked at."
        )
    return tuple(columns), tuple(remarks)
