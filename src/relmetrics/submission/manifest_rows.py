"""The manifest as a sheet: two columns, key and value, keys with points between their parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from relmetrics.documents import Document
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import trimmed

__all__ = ["sheet_document"]

_PARTS = {"period": 2, "review": 2, "files": 4}
"""Keys that hold other keys, and how many parts a key below them can have."""


def sheet_document(name: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Document:
    """Read the sheet with the columns key and value: dotted keys, lists separated by ``;``.

    Parameters
    ----------
    name : str
        Place for sentences: workbook and sheet.
    rows : iterable of (row number, cells)
        Cells of the sheet as text.

    Raises
    ------
    UnreadableInputError
        A key stands twice, or holds both a value and other keys.
    """
    data: dict[str, Any] = {}
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    for row, cells in rows:
        at = next((position for position, cell in enumerate(cells) if trimmed(cell)), None)
        if at is None:
            continue
        key = trimmed(cells[at]).casefold()
        value = trimmed(cells[at + 1]) if at + 1 < len(cells) else ""
        if key == "key" and not data:
            continue
        if key == "schema_version" and value.isdecimal():
            value += ".0"  # typed into a spreadsheet, 1.0 is the number one
        first = key.partition(".")[0]
        path = tuple(key.split(".", _PARTS[first] - 1)) if first in _PARTS else (key,)
        target: Any = data
        for depth, part in enumerate(path[:-1], start=1):
            target = target.setdefault(part, {}) if isinstance(target, dict) else target
            lines.setdefault(path[:depth], row)
        if not isinstance(target, dict) or path[-1] in target:
            raise UnreadableInputError(f"{name}, row {row}: this key stands twice. Keep one of them.")
        target[path[-1]] = value
        lines[path] = row
    return Document(data, lines, name)
