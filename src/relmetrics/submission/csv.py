"""CSV files: regular or not, and their records one by one."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, MutableSequence, Sequence
from pathlib import Path
from typing import BinaryIO

from relmetrics.definitions import FileForm, Table
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import shown
from relmetrics.submission.inference_csv import DELIMITERS, FileLook, look_at, without_header
from relmetrics.submission.inference_encoding import OLDER, TextLines
from relmetrics.submission.loading import Loader
from relmetrics.submission.plain import write_plain
from relmetrics.submission.strings import MOST_CHARACTERS
from relmetrics.submission.submission import FileProblem, TableRead

__all__ = ["DELIMITERS", "MOST_CHARACTERS", "FileLook", "look_at", "read_table", "records", "text_lines"]


_CHUNK = 4 * 1024 * 1024
_TAIL = 4096
# A quotation mark beside a blank: DuckDB takes ` "a"` for a quoted cell, Python and spreadsheets for text.
_ODD_QUOTE = re.compile(rb'[ \t]"|"[ \t]')
_BLANK_LINES = (b"\n\n", b"\n\r\n")


def read_table(path: Path, table: Table, loader: Loader, form: FileForm | None = None) -> TableRead:
    """Read one CSV file into ``given."<table>"``.

    Parameters
    ----------
    path : Path
        The file.
    table : Table
        What it is.
    loader : Loader
        Where it goes.
    form : FileForm, optional
        What the manifest declares about it.

    Raises
    ------
    UnreadableInputError
        It cannot be opened, is empty, is no text, or has a cell without end.
    """
    try:
        look = look_at(path, table, form)
        if look.delimiter not in (",", _usual_delimiter(path)) and (form is None or form.delimiter is None):
            word = "comma" if look.delimiter != "," else "semicolon"
            loader.remarks.append(
                f"{shown(path.name)}: read with {DELIMITERS[look.delimiter]} between the cells. If that is wrong, "
                f"write the right mark into the manifest, for example files.{table.id}.delimiter: {word}."
            )
        read = None
        if look.starts_at_once and look.encoding == "utf-8" and is_regular(path):
            read = loader.load_regular(table, path, look.delimiter, look.header, form)
        if read is None:
            rows = _watched_records(path, look, table, loader, form)
            plain = write_plain(rows, loader.workspace.folder / f"{table.id}.csv")
            read = loader.load_plain(table, path.name, "", plain, form)
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise UnreadableInputError(
            f"{shown(path.name)} cannot be opened ({reason}). Check that the file is still there and that you may read "
            "it."
        ) from None
    if read is None:
        raise without_header(path)
    return read


def _usual_delimiter(path: Path) -> str:
    return "\t" if path.suffix.casefold() in (".tsv", ".tab") else ","


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


def text_lines(path: Path, encoding: str, others: MutableSequence[int]) -> Iterator[str]:
    """Yield lines with their line ends; the numbers of lines that are in another encoding are put into `others`."""
    lines = TextLines(path, encoding)
    yield from lines
    others.extend(lines.others)


def _watched_records(
    path: Path, look: FileLook, table: Table, loader: Loader, form: FileForm | None
) -> Iterator[tuple[int, Sequence[str]]]:
    name, key = shown(path.name), f"files.{table.id}.encoding"
    is_declared = form is not None and form.encoding is not None
    lines = TextLines(path, look.encoding, is_declared=is_declared)
    if look.encoding != "utf-8" and not is_declared:
        loader.remarks.append(
            f"{name}: read as {look.encoding.upper()}. If that is wrong, write the right encoding into the manifest, "
            f"for example {key}: utf-8."
        )
    for row, cells, is_open in records(iter(lines), look.delimiter, path.name):
        if is_open:
            loader.note(FileProblem("unclosed_quote", table.id, path.name, "", row))
        yield row, cells
    if lines.others:
        loader.remarks.append(_about_other_lines(name, lines, key))


def _about_other_lines(name: str, lines: TextLines, key: str) -> str:
    count = len(lines.others)
    are = "1 line is" if count == 1 else f"{count:,} lines are"
    first = ", ".join(f"{number:,}" for number in lines.others[:5])
    if not lines.older:
        return (
            f"{name}: {are} not {lines.encoding.upper()}, and what cannot be read there was replaced by a sign "
            f"(\ufffd). Such lines: {first}{', …' if count > 5 else ''}. Check the encoding of the file and {key}."
        )
    said = f"{name}: {are} not UTF-8 and read as {OLDER[lines.older]} (the first is line {lines.others[0]:,})."
    if lines.n_accented:
        alike = "1 other line" if lines.n_accented == 1 else f"{lines.n_accented:,} other lines"
        said += (
            f" {alike} with accents {'is' if lines.n_accented == 1 else 'are'} UTF-8, so two encodings stand in one "
            f"file. Lines that are not UTF-8: {first}{', …' if count > 5 else ''}."
        )
    return (
        f"{said} Check the accents there; better save the file as CSV UTF-8. If that is wrong, write the right "
        f"encoding into the manifest, for example {key}: mac-roman."
    )


def _is_open(pieces: list[str], delimiter: str) -> bool:
    try:
        for _ in csv.reader(pieces, delimiter=delimiter, strict=True):
            pass
    except csv.Error as problem:
        return "unexpected end of data" in str(problem)
    return False
