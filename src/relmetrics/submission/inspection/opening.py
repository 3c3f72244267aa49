"""Which files there are to look at: a file, a folder, a zip archive, a compressed file."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_file, make_private_folder
from relmetrics.submission import archive
from relmetrics.submission.book import BOOKS, PARQUET
from relmetrics.submission.strings import kind_by_content, shown

__all__ = ["TEXTS", "Given", "refuse_other_kinds", "what_is_given"]

TEXTS = (".csv", ".tsv", ".tab", ".txt", ".dat")
_READ = "CSV, TSV and other text tables, .xlsx, .xlsm, .xls and .ods workbooks, Parquet files, folders and zips of them"
_MOST_FILES = 500
_MOST_UNPACKED = 2 * 1024**3
_MOST_RATIO, _RATIO_FROM = 200, 100 * 1024**2
_CHUNK = 4 * 1024 * 1024
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\v\f\r\x1a\x1b")


@dataclass(frozen=True, slots=True)
class Given:
    """A file to look at.

    Attributes
    ----------
    name : str
        For a reader: with the folders in which it lies below what was given.
    kind : str
        ``text``, or ``book``: a workbook or a Parquet file.
    """

    path: Path
    name: str
    kind: str


def what_is_given(path: Path, folder: Path, number: int = 0) -> Iterator[Given]:
    """Yield the files of what a person named.

    Parameters
    ----------
    path : Path
        File, folder or zip archive.
    folder : Path
        Private folder for what has to be unpacked.
    number : int
        Which of several it is.

    Raises
    ------
    UnreadableInputError
        There is no such file, it is nothing that is read, or it would unpack to too much.
    """
    name = shown(path.name)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        is_folder = is_file = False
    if not is_folder and not is_file:
        raise UnreadableInputError(f"There is no file {name}. Check the path.")
    unpacked = folder / f"unpacked {number}"
    if is_folder:
        yield from _of_folder(path, unpacked)
        return
    suffix = path.suffix.casefold()
    if suffix == ".zip":
        make_private_folder(unpacked)
        yield from _of_folder(archive.unpack(path, unpacked), folder / f"unpacked below {number}")
        return
    if suffix == ".gz":
        if _kind_of_packed(path) != "text":
            raise UnreadableInputError(f"{name} is a compressed file of a kind that is not read. Unpack it first.")
        yield Given(_unpacked(path, unpacked), name, "text")
        return
    kind = _kind_of(suffix)
    if not kind:
        raise UnreadableInputError(f"{name}: files of this kind are not read. What is read: {_READ}.")
    yield Given(path, name, kind)


def refuse_other_kinds(path: Path, name: str) -> None:
    """Raise where a file that is named as a text table is none."""
    with path.open("rb") as stream:
        head = stream.read(65_536)
    if not head:
        raise UnreadableInputError(
            f"{name} is empty (0 bytes). Save it again; a table without rows still has its line with the names of the "
            "columns."
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    kind = kind_by_content(head)
    if not kind and len(head.translate(None, _CONTROLS)) < 0.95 * len(head):
        kind = "not text"
    if kind:
        raise UnreadableInputError(
            f"{name} is named {Path(name).suffix or 'as a table'} but is {kind}. Open it in the program that it comes "
            "from and save it as CSV, or give it the ending that fits."
        )


def _kind_of(suffix: str) -> str:
    if suffix in TEXTS:
        return "text"
    return "book" if suffix in BOOKS or suffix == PARQUET else ""


def _kind_of_packed(path: Path) -> str:
    return _kind_of(Path(path.stem).suffix.casefold() or ".txt")


def _of_folder(folder: Path, unpacked: Path) -> Iterator[Given]:
    """Yield the files in a folder and in the folders below it, in the order of their names; links are not followed."""
    found = 0
    for path in sorted(_files(folder)):
        below = path.relative_to(folder)
        is_packed = path.suffix.casefold() == ".gz"
        kind = _kind_of_packed(path) if is_packed else _kind_of(path.suffix.casefold())
        if (
            not kind
            or (is_packed and kind != "text")
            or any(part.startswith((".", "~$")) for part in below.parts)
            or _is_prose(path)
        ):
            continue
        found += 1
        if found > _MOST_FILES:
            raise UnreadableInputError(
                f"The folder {shown(folder.name)} holds more than {_MOST_FILES} tables. Give some of them at a time."
            )
        if is_packed:
            path = _unpacked(path, unpacked.with_name(f"{unpacked.name} {found}"))
        yield Given(path, shown(str(below), 120), kind)
    if not found:
        raise UnreadableInputError(f"There is no table in {shown(folder.name)}. What is read: {_READ}.")


def _files(folder: Path) -> Iterator[Path]:
    for at, _, files in os.walk(folder):
        for file in files:
            path = Path(at) / file
            if not path.is_symlink() and path.is_file():
                yield path


def _is_prose(path: Path) -> bool:
    return path.suffix.casefold() == ".txt" and path.stem.casefold() in ("readme", "license", "changelog", "notes")


def _unpacked(path: Path, target: Path) -> Path:
    make_private_file(target)
    size, packed = 0, max(path.stat().st_size, 1)
    try:
        with gzip.open(path) as source, target.open("wb") as stream:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > _MOST_UNPACKED or (size > _RATIO_FROM and size > _MOST_RATIO * packed):
                    raise UnreadableInputError(f"{shown(path.name)} would unpack to more than a table needs.")
                stream.write(chunk)
    except (OSError, EOFError, zlib.error):
        raise UnreadableInputError(f"{shown(path.name)} is damaged: it cannot be unpacked.") from None
    return target
