"""CSV files: which characters, which delimiter, regular or not, and their records one by one."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from relmetrics.definitions import Table
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import MOST_COLUMNS, shown, trimmed
from relmetrics.submission.loading import Loader
from relmetrics.submission.submission import FileProblem, TableRead

__all__ = ["DELIMITERS", "MOST_CHARACTERS", "FileLook", "look_at", "read_table", "records"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MOST_CHARACTERS = 1_000_000
"""Characters of one cell. A cell that is longer is a quotation mark that nobody closed."""

_HEAD = 256 * 1024
_CHUNK = 4 * 1024 * 1024
_TAIL = 4096
_MOST_LINE = 64 * 1024 * 1024
_KINDS = (
    (b"PK\x03\x04", "a zip archive or a workbook"),
    (b"\xd0\xcf\x11\xe0", "an Excel or Word file of the old kind"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")
# A quotation mark beside a blank: DuckDB takes ` "a"` for a quoted cell, Python and spreadsheets for text.
_ODD_QUOTE = re.compile(rb'[ \t]"|"[ \t]')
_BLANK_LINES = (b"\n\n", b"\n\r\n")


@dataclass(frozen=True, slots=True)
class FileLook:
    """What the beginning of a CSV file shows.

    Attributes
    ----------
    encoding : {'utf-8', 'utf-16'}
        What the file begins as; lines that are not UTF-8 are read as Windows-1252.
    header : tuple of str
        Cells of the first record.
    starts_at_once : bool
        The header is the first line and one line.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    starts_at_once: bool


def read_table(path: Path, table: Table, loader: Loader) -> TableRead:
    """Read one CSV file into ``given."<table>"``.

    Raises
    ------
    UnreadableInputError
        It cannot be opened, is empty, is no text, or has a cell without end.
    """
    try:
        look = look_at(path, table)
        if look.delimiter != ",":
            loader.remarks.append(f"{shown(path.name)}: read with {DELIMITERS[look.delimiter]} between the cells.")
        read = None
        if look.starts_at_once and look.encoding == "utf-8" and is_regular(path):
            read = loader.load_regular(table, path, look.delimiter, look.header)
        if read is None:
            read = loader.load_rows(table, path.name, "", _watched_records(path, look, table, loader))
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise UnreadableInputError(
            f"{shown(path.name)} cannot be opened ({reason}). Check that the file is still there and that you may read "
            "it."
        ) from None
    if read is None:
        raise _without_header(path)
    return read


def look_at(path: Path, table: Table | None = None) -> FileLook:
    """Look at the beginning of a file; with `table`, the delimiter that finds most of its fields is taken."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise UnreadableInputError(
            f"{shown(path.name)} is empty (0 bytes). Save it again; a table without rows still has its line with the "
            "names of the columns. If you have no such table, leave the file out."
        )
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    if encoding == "utf-8":
        _refuse_binary(path, head)
        text = head.decode("utf-8-sig", errors="replace")
    else:
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    best: FileLook | None = None
    best_score = (-1, -1)
    for delimiter in DELIMITERS:
        header, n_lines = _first_record(text, delimiter)
        if not any(character.isalnum() for cell in header for character in cell):
            continue
        known = sum(trimmed(cell).casefold() in table.by_id for cell in header) if table is not None else 0
        if (known, len(header)) > best_score:
            best_score = (known, len(header))
            at_once = n_lines == 1 and len(header) <= MOST_COLUMNS and _ends_within(text)
            best = FileLook(encoding, delimiter, tuple(header), at_once)
    if best is None:
        raise _without_header(path)
    return best


def is_regular(path: Path) -> bool:
    """Whether DuckDB reads a file as spreadsheets do: one kind of line end, no blank line, no odd quotation marks."""
    style: bool | None = None  # whether lines end with a carriage return
    last = b"\n"  # a line break at the very beginning is a blank line
    with path.open("rb") as stream:
        left = _length_without_last_blank_lines(stream)
        while chunk := stream.read(min(_CHUNK, left)):
            while chunk.endswith(b"\r") and len(chunk) < left and (more := stream.read(1)):
                chunk += more
            left -= len(chunk)
            begin = last + chunk[:2]
            if any(blank in chunk or blank in begin for blank in _BLANK_LINES) or b"\0" in chunk:
                return False
            if (b'"' in chunk or b'"' in last) and (_ODD_QUOTE.search(chunk) or _ODD_QUOTE.search(begin)):
                return False
            if b"\r" in chunk or style:
                n_returns = chunk.count(b"\r")
                if style is False or n_returns != chunk.count(b"\n") or n_returns != chunk.count(b"\r\n"):
                    return False
                style = True
            elif style is None and b"\n" in chunk:
                style = False
            last = (last + chunk)[-2:]
    return True


def _length_without_last_blank_lines(stream: BinaryIO) -> int:
    """Blank lines at the end move no row; programs like to leave one there."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - _TAIL, 0))
    tail = stream.read()
    stream.seek(0)
    blank = len(tail) - len(tail.rstrip(b"\r\n"))
    for line_end in (b"\r\n", b"\n"):
        if blank and tail[len(tail) - blank :].startswith(line_end):
            return size - blank + len(line_end)
    return size - blank


def records(lines: Iterator[str], delimiter: str, name: str) -> Iterator[tuple[int, list[str], bool]]:
    """Yield row number, cells, and whether a quotation mark of this record was still open when the file ended.

    Blank rows are counted, and yielded as no cells.
    """
    pieces: list[str] = []

    def taken() -> Iterator[str]:
        for line in lines:
            pieces.append(line)
            yield line

    row = 0
    usual_limit = csv.field_size_limit(MOST_CHARACTERS)
    try:
        before: tuple[int, list[str], list[str]] | None = None
        for cells in csv.reader(taken(), delimiter=delimiter):
            if before is not None:
                yield before[0], before[1], False
            row += 1
            before = (row, cells, pieces[:])
            pieces.clear()
        if before is not None:
            yield before[0], before[1], _is_open(before[2], delimiter)
    except csv.Error:
        raise UnreadableInputError(
            f"{shown(name)}, row {row + 1}: a cell has more than {MOST_CHARACTERS:,} characters. Most often a "
            "quotation "
            'mark (") is opened there and never closed; close it or take it away.'
        ) from None
    finally:
        csv.field_size_limit(usual_limit)


def text_lines(path: Path, encoding: str, others: list[int]) -> Iterator[str]:
    """Yield lines with their line ends; the numbers of lines that are not UTF-8 are put into `others`."""
    if encoding == "utf-16":
        with io.TextIOWrapper(path.open("rb"), encoding="utf-16", errors="replace", newline="") as stream:
            yield from stream
        return
    for number, line in enumerate(_byte_lines(path), start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            others.append(number)
            yield line.decode("cp1252", errors="replace")


def _watched_records(path: Path, look: FileLook, table: Table, loader: Loader) -> Iterator[tuple[int, Sequence[str]]]:
    others: list[int] = []
    name = shown(path.name)
    if look.encoding == "utf-16":
        loader.remarks.append(f"{name}: read as UTF-16.")
    for row, cells, is_open in records(text_lines(path, look.encoding, others), look.delimiter, path.name):
        if is_open:
            loader.note(FileProblem("unclosed_quote", table.id, path.name, "", row))
        yield row, cells
    if others:
        lines = "1 line is" if len(others) == 1 else f"{len(others):,} lines are"
        loader.remarks.append(
            f"{name}: {lines} not UTF-8 and read as Windows-1252 (the first is line {others[0]:,}). Check the accents "
            "there; better save the file as CSV UTF-8."
        )


def _byte_lines(path: Path) -> Iterator[bytes]:
    """Yield lines that end with any of the three line ends."""
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            pieces = (rest + chunk).splitlines(keepends=True)
            rest = pieces.pop()  # its end, or the second half of its line end, may be in the next chunk
            if len(rest) > _MOST_LINE:
                raise UnreadableInputError(
                    f"{shown(path.name)} has a line of more than {_MOST_LINE:,} bytes. It does not look like a table; "
                    "save it again as CSV from the program that it comes from."
                )
            yield from pieces
    if rest:
        yield from rest.splitlines(keepends=True)


def _refuse_binary(path: Path, head: bytes) -> None:
    kind = next((kind for magic, kind in _KINDS if head.startswith(magic)), "")
    if not kind and len(head.translate(None, _CONTROLS)) < 0.95 * len(head):
        kind = "not text"
    if kind:
        raise UnreadableInputError(
            f"{shown(path.name)} is named .csv but is {kind}. Open it in the program that it comes from and save it as "
            "CSV."
        )


def _first_record(text: str, delimiter: str) -> tuple[list[str], int]:
    """Cells of the first record that is not blank, and how many lines of the file it and what is above it take."""
    usual_limit = csv.field_size_limit(len(text) + 1)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cells in reader:
            if any(map(trimmed, cells)):
                return cells, reader.line_num
    except csv.Error:
        pass  # a line end in the middle of a cell; the careful way reads it
    finally:
        csv.field_size_limit(usual_limit)
    return [], 0


def _ends_within(text: str) -> bool:
    return len(text) < _HEAD // 4 or "\n" in text


def _is_open(pieces: list[str], delimiter: str) -> bool:
    try:
        for _ in csv.reader(pieces, delimiter=delimiter, strict=True):
            pass
    except csv.Error as problem:
        return "unexpected end of data" in str(problem)
    return False


def _without_header(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        f"{shown(path.name)} is blank. Its first line has to hold the names of the columns, also where it has no rows. "
        "If you have no such table, leave the file out."
    )
