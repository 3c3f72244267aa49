"""A folder of CSV files: which file is which table, and what is left unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from relmetrics.definitions import Table
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import explains, is_own, shown
from relmetrics.submission.submission import UnknownTable

__all__ = ["MANIFEST_NAMES", "NOT_READ", "Contents", "contents_of", "folder_name", "how_to_convert"]

MANIFEST_NAMES = ("submission.yaml", "submission.yml", "submission.json")

NOT_READ = {
    ".zip": "zip archives",
    ".7z": "archives",
    ".gz": "compressed files",
    ".xls": "Excel files of the old kind (.xls)",
    ".xlsb": "binary Excel files (.xlsb)",
    ".ods": "OpenDocument spreadsheets (.ods)",
    ".numbers": "Numbers files",
    ".parquet": "Parquet files",
    ".tsv": ".tsv files",
    ".tab": ".tab files",
    ".txt": ".txt files",
}
"""Endings of files that hold tables, and that this version does not read."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a folder.

    Attributes
    ----------
    manifest : Path or None
        The manifest.
    tables : dict
        File of each table of the standard, in the standard's order.
    unknown : tuple of UnknownTable
        CSV files with other names.
    other_files : tuple of Path
        Where they lie.
    remarks : tuple of str
        What was left unread.
    """

    manifest: Path | None
    tables: dict[str, Path] = field(default_factory=dict)
    unknown: tuple[UnknownTable, ...] = ()
    remarks: tuple[str, ...] = ()
    other_files: tuple[Path, ...] = ()


def how_to_convert(suffix: str) -> str:
    """Say what to do with a file that this version does not read."""
    if suffix in (".zip", ".7z", ".gz"):
        return "Unpack it and hand in the folder."
    if suffix in (".tsv", ".tab", ".txt"):
        return "Save it as CSV, with the ending .csv."
    return "Save it as an .xlsx workbook, or each table as a CSV file in one folder."


def folder_name(folder: Path) -> str:
    """Name of a folder for a sentence, also where it was given as ``.``."""
    return shown(folder.name or folder.resolve().name)


def contents_of(folder: Path, tables: Mapping[str, Table]) -> Contents:
    """Sort the files of a folder; folders in it and hidden files are left alone.

    Raises
    ------
    UnreadableInputError
        The folder cannot be listed or is empty, two files are one table or one manifest, or a table is there in a form
        that is not read yet.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: (entry.name.casefold(), entry.name))
    except OSError as problem:
        raise UnreadableInputError(
            f"The folder {folder_name(folder)} cannot be opened ({problem.strerror or 'unknown reason'})."
        ) from None
    entries = [entry for entry in entries if not entry.name.startswith((".", "~$"))]
    if not entries:
        raise UnreadableInputError(
            f"The folder {folder_name(folder)} is empty. Put submission.yaml and a CSV file for each table into it."
        )
    manifests: list[Path] = []
    found: dict[str, list[Path]] = {}
    unknown: list[UnknownTable] = []
    other_files: list[Path] = []
    remarks: list[str] = []
    elsewhere: list[Path] = []
    for entry in entries:
        stem, suffix = entry.stem.strip(), entry.suffix.casefold()
        name = shown(entry.name)
        if entry.name.casefold() in MANIFEST_NAMES:
            manifests.append(entry)
        elif suffix == ".csv" and stem.casefold() in tables:
            found.setdefault(stem.casefold(), []).append(entry)
        elif entry.is_dir():
            remarks.append(f"{name} is a folder; what is in it was not read.")
        elif suffix == ".csv" and not explains(stem):
            # A name that is no text to this system holds half characters, which no report can write.
            file = entry.name.encode("utf-8", "replace").decode("utf-8")
            unknown.append(UnknownTable(Path(file).stem, file, "", is_own(file)))
            other_files.append(entry)
        elif stem.casefold() in tables and (suffix in NOT_READ or suffix in (".xlsx", ".xlsm")):
            elsewhere.append(entry)
        elif not explains(stem):
            remarks.append(f"{name} is neither the manifest nor a CSV file, and was not read.")
    for entry in elsewhere:
        if entry.stem.strip().casefold() not in found:
            raise UnreadableInputError(
                f"{shown(entry.name)} is not read: tables in a folder are CSV files. Save it as "
                f"{entry.stem.strip().casefold()}.csv, or hand in one .xlsx workbook with a sheet for each table."
            )
        remarks.append(f"{shown(entry.name)} was not read; the table is taken from its CSV file.")
    for same in (manifests, *found.values()):
        if len(same) > 1:
            names = " and ".join(shown(entry.name) for entry in same)
            raise UnreadableInputError(f"{names} are two files for the same thing. Keep one of them in the folder.")
    ordered = {table: found[table][0] for table in tables if table in found}
    manifest = manifests[0] if manifests else None
    return Contents(manifest, ordered, tuple(unknown), tuple(remarks), tuple(other_files))
