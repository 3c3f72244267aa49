"""Plain files: what every table that is not a regular CSV file becomes before the database reads it.

A plain file is a UTF-8 CSV file in the private folder with the header ``row,c0,c1,…``, every cell in quotation marks.
``row`` is the row as a spreadsheet shows it, counted from 1, blank rows included; wholly blank rows are left out, a NUL
character is U+FFFD, and cells beyond `MOST_COLUMNS` are cut. Rows are as wide as the widest of them.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_file
from relmetrics.submission.strings import BLANKS, MOST_COLUMNS

__all__ = ["FACTS", "Plain", "Rows", "write_plain"]

FACTS = "book.json"
"""File beside the plain files of a workbook, with what is not to be seen in them."""

Rows = Iterator[tuple[int, Sequence[str]]]

_FIRST = 50


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain file and what is not to be seen in it any more.

    Attributes
    ----------
    width : int
        Columns ``c0`` to ``c<width - 1>``: as far as anything is filled.
    n_rows : int
        Rows in it, the header and what stands above it included.
    longest : int
        Most bytes that a row of it can have.
    usual : int
        Cells of most rows as they were given, empty ones at their end included.
    lengths : dict
        Rows that had another number of cells, by that number.
    nuls : array
        Rows in which a NUL character stood.
    """

    path: Path
    width: int
    n_rows: int
    longest: int
    usual: int = 0
    lengths: Mapping[int, array[int]] = field(default_factory=dict)
    nuls: array[int] = field(default_factory=lambda: array("q"))

    def facts(self) -> dict[str, Any]:
        """Return everything but the path, for JSON."""
        return {
            "width": self.width,
            "n_rows": self.n_rows,
            "longest": self.longest,
            "usual": self.usual,
            "lengths": {str(length): list(rows) for length, rows in self.lengths.items()},
            "nuls": list(self.nuls),
        }

    @classmethod
    def of_facts(cls, path: Path, facts: Mapping[str, Any]) -> Plain:
        """Make it from its path and what `facts` returned."""
        lengths = {int(length): array("q", rows) for length, rows in facts["lengths"].items()}
        width, n_rows, longest, usual = (int(facts[name]) for name in ("width", "n_rows", "longest", "usual"))
        return cls(path, width, n_rows, longest, usual, lengths, array("q", facts["nuls"]))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and cells again, each row as wide as the file."""
        usual_limit = csv.field_size_limit(max(self.longest, 1))
        try:
            with self.path.open(encoding="utf-8", newline="") as stream:
                reader = csv.reader(stream)
                next(reader, None)
                for row, *cells in reader:
                    yield int(row), cells
        finally:
            csv.field_size_limit(usual_limit)


def write_plain(rows: Rows, path: Path) -> Plain:
    """Write rows into a plain file.

    Parameters
    ----------
    rows : iterator of (row number, cells)
        Blank rows may be left out.
    path : Path
        The file, in a private folder; it is made.

    Raises
    ------
    UnreadableInputError
        There is no room for it. What `rows` raises goes through.
    """
    filled = _filled_rows(rows)
    first = list(islice(filled, _FIRST))
    usual = max((len(cells) for _, cells, _ in first), default=0)
    begun = max((extent for _, _, extent in first), default=0)
    width, n_rows, longest = begun, 0, 0
    lengths: dict[int, array[int]] = {}
    nuls = array("q")
    make_private_file(path)
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = _writer(stream, begun)
            for row, cells, extent in chain(first, filled):
                n_rows += 1
                if len(cells) != usual:
                    lengths.setdefault(len(cells), array("q")).append(row)
                kept = list(cells[:extent])
                together = "".join(kept)
                size = len(together)
                if "\0" in together:
                    nuls.append(row)
                    kept = [cell.replace("\0", "\ufffd") for cell in kept]
                width = max(width, extent)
                kept += [""] * (width - extent)
                longest = max(longest, 4 * size)
                if '"' in together:
                    writer.writerow([row, *kept])
                else:  # the same, three times as fast
                    stream.write(f'"{row}","' + '","'.join(kept) + '"\n')
        if width > begun:
            _widen(path, width, longest)
    except (OSError, UnicodeEncodeError) as problem:
        reason = getattr(problem, "strerror", None) or "unknown reason"
        raise UnreadableInputError(
            f"A table does not fit into the system's temporary folder ({reason}). Free some space there and try again."
        ) from None
    return Plain(path, width, n_rows, longest + 4 * width + 100, usual, lengths, nuls)


def _filled_rows(rows: Rows) -> Iterator[tuple[int, Sequence[str], int]]:
    """Yield rows that are not blank, and how far they are filled."""
    for row, cells in rows:
        for extent in range(min(len(cells), MOST_COLUMNS), 0, -1):
            cell = cells[extent - 1]
            if cell and cell.strip(BLANKS):
                yield row, cells, extent
                break


def _writer(stream: TextIO, width: int) -> Any:
    stream.write(",".join(["row", *(f"c{position}" for position in range(width))]) + "\n")
    return csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")


def _widen(path: Path, width: int, longest: int) -> None:
    """Write the file again, every row as wide as the widest: one of them came after the first ones were written."""
    narrow = path.with_name(f"{path.name}.narrow")
    path.rename(narrow)
    make_private_file(path)
    usual_limit = csv.field_size_limit(max(longest, 1))
    try:
        with (
            narrow.open(encoding="utf-8", newline="") as source,
            path.open("w", encoding="utf-8", newline="") as stream,
        ):
            reader = csv.reader(source)
            next(reader)
            writer = _writer(stream, width)
            for cells in reader:
                writer.writerow(cells + [""] * (width + 1 - len(cells)))
    finally:
        csv.field_size_limit(usual_limit)
        narrow.unlink()
