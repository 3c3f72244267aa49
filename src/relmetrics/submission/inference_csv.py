"""The beginning of a CSV file: which characters, which delimiter, and where the names of the columns stand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from relmetrics.definitions import FileForm, Table
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import MOST_COLUMNS, shown, trimmed
from relmetrics.submission.inference import FIRST_ROWS, header_row_of
from relmetrics.submission.inference_encoding import decoded_head, encoding_of, known_encoding
from relmetrics.submission.loading import known_names
from relmetrics.submission.strings import kind_by_content

__all__ = ["DELIMITERS", "FileLook", "look_at", "without_header"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_HEAD = 256 * 1024
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")


@dataclass(frozen=True, slots=True)
class FileLook:
    """What the beginning of a CSV file shows.

    Attributes
    ----------
    encoding : str
        What the file begins as: ``utf-8``, ``utf-16``, …; lines of a file that begins as UTF-8 may be something else.
    header : tuple of str
        Cells of the record that holds the names of the columns.
    starts_at_once : bool
        The header is the first line and one line.
    header_row : int
        Row in which the header stands, blank rows counted.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    starts_at_once: bool
    header_row: int = 1


def look_at(path: Path, table: Table | None = None, form: FileForm | None = None) -> FileLook:
    """Look at the beginning of a file.

    Parameters
    ----------
    path : Path
        The file.
    table : Table, optional
        What it is: the delimiter and the row are taken that give most names of its fields.
    form : FileForm, optional
        What the manifest declares about it.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise UnreadableInputError(
            f"{shown(path.name)} is empty (0 bytes). Save it again; a table without rows still has its line with the "
            "names of the columns. If you have no such table, leave the file out."
        )
    declared = known_encoding(form.encoding) if form is not None and form.encoding is not None else None
    encoding = encoding_of(head)
    if declared is not None and not (declared in ("utf-16", "utf-32") and encoding.startswith(declared)):
        # Without a mark at its beginning nothing tells the order of bytes; most programs write the low one first.
        encoding = f"{declared}-le" if declared in ("utf-16", "utf-32") else declared
    if not encoding.startswith(("utf-16", "utf-32")):
        _refuse_binary(path, head)
    text = decoded_head(head, encoding)
    names = known_names(table, form) if table is not None else frozenset()
    best: FileLook | None = None
    best_score = (-1, -1, -1)
    for delimiter in DELIMITERS if form is None or form.delimiter is None else (form.delimiter,):
        first = _first_records(text, delimiter, None if form is None else form.header_row)
        row = header_row_of([(row, cells) for row, cells, _ in first], names)
        if form is not None and form.header_row is not None:
            row = form.header_row
        header, n_lines = next(((cells, n_lines) for number, cells, n_lines in first if number == row), ([], 0))
        if not any(character.isalnum() for cell in header for character in cell):
            continue
        n_known = sum(trimmed(cell).casefold() in names for cell in header)
        score = (n_known, _n_alike([cells for _, cells, _ in first]), len(header))
        if score > best_score:
            best_score = score
            at_once = row == 1 and n_lines == 1 and len(header) <= MOST_COLUMNS and _ends_within(text)
            best = FileLook(encoding, delimiter, tuple(header), at_once, row)
    if best is None and form is not None and form.header_row is not None:
        delimiter = form.delimiter or ","  # the row is blank or far below: whoever reads it says so
        best = FileLook(encoding, delimiter, (), starts_at_once=False, header_row=form.header_row)
    if best is None:
        raise without_header(path)
    return best


def _n_alike(records: Sequence[Sequence[str]]) -> int:
    """Count the records that are as wide as most of them, where that is more than one cell."""
    counts = Counter(len(cells) for cells in records)
    width, n_alike = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return n_alike if width > 1 else 0


def _refuse_binary(path: Path, head: bytes) -> None:
    kind = kind_by_content(head)
    if not kind and len(head.translate(None, _CONTROLS)) < 0.95 * len(head):
        kind = "not text"
    if kind:
        raise UnreadableInputError(
            f"{shown(path.name)} is named {shown(path.suffix)} but is {kind}. Open it in the program that it comes "
            "from and save it as CSV."
        )


def _first_records(text: str, delimiter: str, up_to: int | None) -> list[tuple[int, list[str], int]]:
    """Row, cells and last line of the first records that are not blank; with `up_to`, until this row."""
    found: list[tuple[int, list[str], int]] = []
    usual_limit = csv.field_size_limit(len(text) + 1)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row, cells in enumerate(reader, start=1):
            if any(map(trimmed, cells)):
                found.append((row, cells, reader.line_num))
            if (len(found) >= FIRST_ROWS and up_to is None) or row == up_to:
                break
        else:
            if len(found) > 1 and len(text) >= _HEAD // 4:
                found.pop()  # perhaps only a part of a record
    except csv.Error:
        pass  # a line end in the middle of a cell; the careful way reads it
    finally:
        csv.field_size_limit(usual_limit)
    return found


def _ends_within(text: str) -> bool:
    return len(text) < _HEAD // 4 or "\n" in text


def without_header(path: Path) -> UnreadableInputError:
    """Return the error for a file in which nothing stands."""
    return UnreadableInputError(
        f"{shown(path.name)} is blank. Its first line has to hold the names of the columns, also where it has no rows. "
        "If you have no such table, leave the file out."
    )
