"""What a table seems to be, from its texts alone: header row, decimal mark, dates. Nothing is read here.

Every answer is about a whole column or file. Where the texts allow two answers, the answer is that it cannot be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from relmetrics.submission.columns import trimmed
from relmetrics.submission.inference_dates import DateForm, Undecided, date_form_of

__all__ = [
    "FIRST_ROWS",
    "THOUSANDS",
    "DateForm",
    "DecimalMark",
    "Undecided",
    "are_whole",
    "date_form_of",
    "decimal_mark_of",
    "header_row_of",
]

DecimalMark = Literal[".", ","]

FIRST_ROWS = 30
"""Rows among which the names of the columns are looked for."""

THOUSANDS = " '\u2019\u00a0\u202f"
"""What may stand between groups of three digits, besides the mark that is not the decimal mark."""

_NUMBER = re.compile(rf"[+-]?[0-9]+(?:[.,{THOUSANDS}][0-9]+)*")
_MARKS = re.compile(r"[.,]")
_LOOKS_LIKE_DATA = re.compile(r"[-+]?[0-9][0-9.,/: -]*")


def header_row_of(first_rows: Sequence[tuple[int, Sequence[str]]], known_names: Collection[str] = ()) -> int:
    """Find the row in which the names of the columns stand.

    Parameters
    ----------
    first_rows : sequence of (row number, cells)
        The first rows that are not blank; more than `FIRST_ROWS` are not looked at.
    known_names : collection of str
        Names that columns may have, in small letters. The row that has most of them is taken, the first one of several;
        a single name further down may as well be a value. Where no row has any, or none are known, it is the first row
        that is filled like those below it.

    Returns
    -------
    int
        Row number; 0 where there are no rows.
    """
    rows = [(row, [trimmed(cell) for cell in cells]) for row, cells in first_rows[:FIRST_ROWS]]
    if not rows:
        return 0
    best_row, most = 0, 0
    for row, cells in rows:
        n_known = len({cell.casefold() for cell in cells} & set(known_names)) if known_names else 0
        is_enough = n_known > 1 or row == rows[0][0] or n_known == sum(map(bool, cells))
        if n_known > most and is_enough:
            best_row, most = row, n_known
    return best_row or _first_row_like_the_others(rows)


def _first_row_like_the_others(rows: Sequence[tuple[int, list[str]]]) -> int:
    """Find the first row of words that is about as wide as most rows; a title above a table is one cell wide."""
    widths = [sum(map(bool, cells)) for _, cells in rows]
    counts = Counter(widths)
    usual = max(counts, key=lambda width: (counts[width], width))
    if usual > 1:
        for (row, cells), width in zip(rows, widths, strict=True):
            n_data = sum(_LOOKS_LIKE_DATA.fullmatch(cell) is not None for cell in cells if cell)
            if width >= max(2, 0.6 * usual) and n_data <= width / 2:
                return row
    return rows[0][0]


def decimal_mark_of(texts: Iterable[str]) -> DecimalMark | Undecided | None:
    """Find the mark before the decimals of a column.

    Parameters
    ----------
    texts : iterable of str
        Every text of the column, each at least once. What is no number says nothing.

    Returns
    -------
    '.', ',', 'ambiguous', 'mixed' or None
        Ambiguous: every mark stands once and before three digits, as in 1,234, so it may as well separate thousands.
        Mixed: the texts contradict each other. None: there are no marks.
    """
    decimal: set[str] = set()
    thousands: set[str] = set()
    is_open = False
    for text in texts:
        number = text.strip()
        marks = _MARKS.findall(number)
        if not marks or not _NUMBER.fullmatch(number):
            continue
        last = marks[-1]
        groups = _MARKS.split(number)
        if len(set(marks)) == 2:
            if marks.count(last) > 1:
                return "mixed"  # 1,234.567.890 is no number in any form
            decimal.add(last)
            thousands.add(marks[0])
        elif len(marks) > 1:
            thousands.add(last)
        elif (
            len(groups[1]) == 3 and 1 <= len(groups[0].lstrip("+-")) <= 3 and not groups[0].lstrip("+-").startswith("0")
        ):
            is_open = True
        else:
            decimal.add(last)
    if len(decimal) > 1 or len(thousands) > 1 or decimal & thousands:
        return "mixed"
    if decimal:
        return "." if "." in decimal else ","
    if thousands:
        return "," if "." in thousands else "."
    return "ambiguous" if is_open else None


def are_whole(texts: Iterable[str], mark: str) -> bool:
    """Whether a column that has marks is one of whole numbers.

    Parameters
    ----------
    texts : iterable of str
        Every text of the column, each at least once.
    mark : str
        The mark before decimals.

    Returns
    -------
    bool
        Every number is whole, and all have zeros behind the mark or thousands apart: 12.0 beside 12 is no form of a
        column, for a column of such a program would say 12.0 everywhere.
    """
    has_thousands = has_plain = False
    for text in texts:
        number = text.strip().lstrip("+-")
        if not _NUMBER.fullmatch(number):
            continue
        whole, _, decimals = number.partition(mark)
        if decimals.strip("0"):
            return False
        has_thousands = has_thousands or not whole.isdecimal()
        has_plain = has_plain or number.isdecimal()
    return has_thousands or not has_plain
