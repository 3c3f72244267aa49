"""What lies in a folder: the manifest, files that may be tables, and what is left unread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.book import BOOKS, PARQUET
from relmetrics.submission.columns import explains, shown

__all__ = ["MANIFEST_NAMES", "NOT_READ", "TEXTS", "Contents", "contents_of", "folder_name", "how_to_convert"]

MANIFEST_NAMES = ("submission.yaml", "submission.yml", "submission.json")

TEXTS = (".csv", ".tsv", ".tab", ".txt")
"""Endings of text files with tables. A ``.txt`` file is one only where its name or the manifest says so."""

NOT_READ = {
    ".zip": "zip archives",
    ".7z": "archives (.7z)",
    ".rar": "archives (.rar)",
    ".gz": "compressed files",
    ".xlsb": "binary Excel files (.xlsb)",
    ".fods": "flat OpenDocument files (.fods)",
    ".numbers": "Numbers files",
    ".feather": "Feather files",
    ".sav": "SPSS files",
    ".dta": "Stata files",
    ".mdb": "Access files",
    ".accdb": "Access files",
}
"""Endings of files that hold tables and are not read; a zip archive is read where it is what is handed in."""

OURS = "STAYS-WITH-YOU_"
"""Begins the names of the workbooks with what to fix. Handed in by itself, such a workbook is read."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a folder.

    Attributes
    ----------
    manifest : Path or None
        The manifest.
    texts, books : tuple of Path
        Text files with tables; workbooks and Parquet files.
    folders : tuple of Path
        Folders in it.
    remarks : tuple of str
        What was left unread.
    """

    manifest: Path | None = None
    texts: tuple[Path, ...] = ()
    books: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()


def how_to_convert(suffix: str) -> str:
    """Say what to do with a file that is not read."""
    if suffix in (".zip", ".7z", ".rar", ".gz"):
        return "Unpack it and use the folder."
    return "Save it as an .xlsx workbook, or each table as a CSV file in one folder."


def folder_name(folder: Path) -> str:
    """Name of a folder for a sentence, also where it was given as ``.``."""
    return shown(folder.name or folder.resolve().name)


def contents_of(folder: Path, name: str, tables: Collection[str]) -> Contents:
    """Sort the files of a folder; folders in it and hidden files are left alone.

    Parameters
    ----------
    folder : Path
        The folder.
    name : str
        What it is called at the beginning of a sentence; it may have come from an archive.
    tables : collection of str
        Ids of the tables of the standard.

    Raises
    ------
    UnreadableInputError
        The folder cannot be listed or is empty, two files are one manifest, or a table is there in a form that is not
        read.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: (entry.name.casefold(), entry.name))
    except OSError as problem:
        raise UnreadableInputError(f"{name} cannot be opened ({problem.strerror or 'unknown reason'}).") from None
    entries = [entry for entry in entries if not entry.name.startswith((".", "~$")) and entry.name != "__MACOSX"]
    if not entries:
        raise UnreadableInputError(
            f"{name} is empty. Put submission.yaml and a file for each table into it, for example a CSV "
            "file or a workbook."
        )
    for entry in entries:
        if entry.exists() and not (entry.is_file() or entry.is_dir()):
            raise UnreadableInputError(
                f"{shown(entry.name)} is no file but a device or a pipe, of which nobody sees the end. Take it out."
            )
    manifests: list[Path] = []
    texts: list[Path] = []
    books: list[Path] = []
    folders: list[Path] = []
    strange: list[Path] = []
    remarks: list[str] = []
    for entry in entries:
        stem, suffix = entry.stem.strip(), entry.suffix.casefold()
        is_table = stem.casefold() in tables
        if entry.name.startswith(OURS):
            remarks.append(f"{shown(entry.name)} says what to fix, and was not read as records.")
        elif entry.name.casefold() in MANIFEST_NAMES:
            manifests.append(entry)
        elif suffix in TEXTS and (is_table or not (entry.is_dir() or explains(stem))):
            texts.append(entry)
        elif entry.is_dir():
            folders.append(entry)
        elif suffix in (*BOOKS, PARQUET) and (is_table or not explains(stem)):
            books.append(entry)
        elif is_table and suffix in NOT_READ:
            strange.append(entry)
        elif not explains(stem):
            remarks.append(f"{shown(entry.name)} is neither the manifest nor a file with tables, and was not read.")
    read = {entry.stem.strip().casefold() for entry in (*texts, *books)}
    for entry in strange:
        table, suffix = entry.stem.strip().casefold(), entry.suffix.casefold()
        if table not in read:
            raise UnreadableInputError(
                f"{shown(entry.name)}: {NOT_READ[suffix]} in a folder are not read. Save it as {table}.csv or "
                f"{table}.xlsx."
            )
        remarks.append(f"{shown(entry.name)} was not read; the table is taken from another file.")
    if len(manifests) > 1:
        names = " and ".join(shown(entry.name) for entry in manifests)
        raise UnreadableInputError(f"{names} are two files for the same thing. Keep one of them in the folder.")
    return Contents(manifests[0] if manifests else None, tuple(texts), tuple(books), tuple(folders), tuple(remarks))
