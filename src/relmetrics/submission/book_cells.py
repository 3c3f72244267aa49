"""Cells of a workbook as the text that a CSV file would hold: ISO dates, whole numbers without a point, TRUE and FALSE.

Works on columns of a few thousand rows at a time. Imports nothing of the database: the child that opens workbooks needs
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from relmetrics.submission.strings import MOST_COLUMNS

__all__ = ["Unshown", "cell_text", "texts"]

Unshown = Mapping[int, Mapping[int, str]]
"""By row (from 1) and position (from 0): text of cells that the reading library gives as empty."""

_CELLS_AT_ONCE = 100_000

_KINDS: dict[type, str] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    datetime: "date",
    date: "date",
    time: "date",
    timedelta: "date",
}


def texts(
    rows: Iterable[Sequence[Any]], width: int, unshown: Unshown, kinds: list[Counter[str]]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield row number and texts of rows that begin with row 1 and column A, and count what the cells are.

    Parameters
    ----------
    rows : iterable of sequences
        All of one width.
    width : int
        That width; columns beyond `MOST_COLUMNS` are not looked at.
    unshown : mapping
        Texts to be put where the row has nothing.
    kinds : list of Counter
        Gets one Counter a column, with the numbers of cells of each kind: ``text``, ``number``, ``date``, ``boolean``,
        ``error``, ``formula`` (never calculated).
    """
    width = min(width, MOST_COLUMNS)
    kinds += [Counter() for _ in range(width)]
    source = iter(rows)
    number = 1
    while batch := list(islice(source, max(_CELLS_AT_ONCE // max(width, 1), 1))):
        if width:
            columns = [_column(column, kinds[at]) for at, column in enumerate(islice(zip(*batch, strict=True), width))]
            found: list[Sequence[str]] = list(zip(*columns, strict=True))
        else:
            found = [()] * len(batch)
        for row, cells in enumerate(found, start=number):
            yield row, cells if row not in unshown else _with(cells, unshown[row], kinds)
        number += len(batch)
    for row in sorted(below for below in unshown if below >= number):
        yield row, _with([""] * width, unshown[row], kinds)


def cell_text(cell: Any) -> str:
    """Write one cell as a CSV file would hold it."""
    return _TEXTS.get(type(cell), str)(cell)


def _column(cells: Sequence[Any], counts: Counter[str]) -> Sequence[str]:
    types = Counter(map(type, cells))
    n_texts = types.pop(str, 0)
    if n_texts and (n_texts := n_texts - cells.count("")):
        counts["text"] += n_texts
    if not types:
        return cells
    for kind, number in types.items():
        if kind is not type(None):
            counts[_KINDS.get(kind, "text")] += number
    if len(types) == 1 and float in types:  # two thirds of the numbers of most workbooks are whole
        return [
            cell if type(cell) is str else str(int(cell)) if cell % 1 == 0 and cell < 1e15 else _float(cell)
            for cell in cells
        ]
    return [cell if type(cell) is str else _TEXTS.get(type(cell), str)(cell) for cell in cells]


def _with(cells: Sequence[str], more: Mapping[int, str], kinds: list[Counter[str]]) -> list[str]:
    whole = list(cells)
    for position, text in more.items():
        if position >= MOST_COLUMNS:
            continue
        while position >= len(kinds):
            kinds.append(Counter())
        whole += [""] * (position + 1 - len(whole))
        if not whole[position]:
            whole[position] = text
            kinds[position]["formula" if text.startswith("=") else "error"] += 1
    return whole


def _float(cell: float) -> str:
    text = repr(cell)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text or "n" in text else text


def _decimal(cell: Decimal) -> str:
    text = format(cell, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(cell: datetime) -> str:
    return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda cell: "TRUE" if cell else "FALSE",
    int: str,
    float: _float,
    Decimal: _decimal,
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
    type(None): lambda cell: "",
}
