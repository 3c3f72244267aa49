"""Delimiter, and the row with the names of the columns, told from the first rows of a table."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from relmetrics.submission.inference import header_row_of
from relmetrics.submission.strings import trimmed

__all__ = ["DELIMITERS", "FirstRows", "delimiter_of", "first_rows_of"]

DELIMITERS = (",", ";", "\t", "|")
_BLANK = " "
_LOOK = 40
_NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*(e[-+]?\d+)?%?", re.IGNORECASE)
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([ T].*)?")
_PROSE = re.compile(r"(\S+\s+){9,}\S+|https?://|\S+@\S+\.\S+", re.DOTALL)

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FirstRows:
    """Where the names of the columns stand.

    Attributes
    ----------
    header_row : int
        0 where the first rows look like data.
    n_above : int
        Filled rows above it.
    """

    header_row: int
    header: tuple[str, ...] = ()
    n_above: int = 0


def delimiter_of(lines: Sequence[str]) -> str:
    """Return what stands between the cells of the beginning of a file: what parts most rows into as many cells.

    Blanks count only where nothing else parts the rows; an empty text where nothing does.
    """
    best, best_score = "", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = _widths(lines, delimiter)
        usual, count = (
            Counter(width for width in widths if width > 1).most_common(1)[0]
            if any(width > 1 for width in widths)
            else (1, 0)
        )
        # Banner rows and ragged rows are few; of two that part the rows alike, the one that makes more cells.
        score = (round(count / max(len(widths), 1), 1), usual)
        if usual > 1 and score > best_score:
            best, best_score = delimiter, score
    if best_score[0] < 0.5:
        widths = [len(line.split()) for line in lines[:_LOOK] if line.strip()]
        if widths and max(widths) > 1 and len(set(widths)) == 1 and len(widths) > 2:
            return _BLANK
    return best


def first_rows_of(rows: Sequence[Row]) -> FirstRows:
    """Find the row with the names of the columns.

    Parameters
    ----------
    rows : sequence of (row number, cells)
        The first rows that are not blank.
    """
    filled = [(row, cells, [trimmed(cell) for cell in cells if trimmed(cell)]) for row, cells in rows[:_LOOK]]
    if not filled:
        return FirstRows(0)
    header_row = header_row_of(rows)
    at = next((at for at, (row, _, _) in enumerate(filled) if row == header_row), 0)
    row, cells, texts = filled[at]
    if at == 0 and _are_data(texts, filled[1:]):
        return FirstRows(0)
    return FirstRows(row, tuple(cells), at)


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    usual_limit = csv.field_size_limit(sum(map(len, lines)) + 1)
    widths: list[int] = []
    try:
        for cells in csv.reader(iter(lines), delimiter=delimiter):
            if any(map(trimmed, cells)):
                widths.append(len(cells))
            if len(widths) >= _LOOK:
                break
    except csv.Error:
        pass  # a carriage return within a cell: the rows before it must do
    finally:
        csv.field_size_limit(usual_limit)
    return widths


def _is_datum(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _DAY.fullmatch(text))


def _are_data(texts: Sequence[str], below: Sequence[tuple[int, Sequence[str], Sequence[str]]]) -> bool:
    """Whether a first row is no row of names: half of it numbers or days that do not count 1, 2, 3, or prose."""
    data = [text for text in texts if _is_datum(text)]
    if 2 * len(data) >= len(texts) and below and not _counts_up(data):
        return True
    # A whole question is a name that forms like to give a column.
    is_prose = any(_PROSE.match(text) and not text.endswith(("?", ":")) for text in texts)
    return is_prose and len(texts) <= 3 and bool(below)


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether these are numbers that go up by one, as names of columns may."""
    numbers = [int(text) for text in texts if text.isdecimal() and text.isascii()]
    if len(numbers) != len(texts) or len(numbers) < 3:
        return False
    return sum(after > before for before, after in pairwise(numbers)) == len(numbers) - 1
