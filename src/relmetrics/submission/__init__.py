"""Reading: files of an organization become typed tables that know where every value stood. Nothing is judged here."""

from __future__ import annotations

from pathlib import Path

from relmetrics.definitions import Manifest, Release
from relmetrics.documents import Document, read_document
from relmetrics.errors import UnreadableInputError
from relmetrics.submission import csv, workbook
from relmetrics.submission.columns import explains, is_own, shown
from relmetrics.submission.folder import NOT_READ, contents_of, folder_name, how_to_convert
from relmetrics.submission.loading import Loader
from relmetrics.submission.manifest import manifest_of, manifest_sheet, sheet_document
from relmetrics.submission.others import load_other_file, load_other_sheet
from relmetrics.submission.submission import (
    ColumnRead,
    FileProblem,
    ManifestPlaces,
    Submission,
    TableRead,
    UnknownTable,
)
from relmetrics.workspace import Progress, Workspace

__all__ = ["ColumnRead", "FileProblem", "Submission", "TableRead", "UnknownTable", "read_submission"]


def read_submission(
    path: str | Path, release: Release | None = None, threads: int | None = None, progress: Progress | None = None
) -> Submission:
    """Read a folder of CSV files, or one .xlsx workbook, with its manifest.

    Parameters
    ----------
    path : str or Path
        Folder with ``submission.yaml`` and a file ``<table>.csv`` for each table; or a workbook with the sheet
        ``submission`` and a sheet for each table.
    release : Release, optional
        Release of the standard; the newest one that this software has if left out.
    threads : int, optional
        Threads of the database.
    progress : callable, optional
        Called with a sentence at the beginning of each file or sheet.

    Returns
    -------
    Submission
        To be closed, or used in a ``with`` statement: its temporary data stand on disk until then.

    Raises
    ------
    UnreadableInputError
        Path, folder, workbook, table file or manifest cannot be read. Wrong values inside a readable table are no error
        here; validation finds them.
    """
    path = Path(path)
    if release is None:
        from relmetrics.standard import load_release

        release = load_release()
    tell = progress or _tell_nobody
    _refuse_what_is_not_read(path)
    workspace = Workspace(threads=threads)
    try:
        loader = Loader(workspace, release)
        submission = _read_folder(path, loader, tell) if path.is_dir() else _read_workbook(path, loader, tell)
        workspace.lock_down()
    except BaseException:
        workspace.close()
        raise
    return submission


def _refuse_what_is_not_read(path: Path) -> None:
    name, suffix = shown(path.name or str(path)), path.suffix.casefold()
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        is_folder = is_file = False
    if is_folder:
        return
    if not is_file:
        raise UnreadableInputError(
            f"There is no file or folder {name}. Check the path; hand in a folder of CSV files or one .xlsx workbook."
        )
    if suffix == ".csv":
        raise UnreadableInputError(
            f"{name} is one table. Hand in the folder that it lies in, with submission.yaml beside it."
        )
    if suffix in (".yaml", ".yml", ".json"):
        raise UnreadableInputError(f"{name} is a manifest or another document. Hand in the folder that it lies in.")
    if suffix in NOT_READ:
        raise UnreadableInputError(f"{name}: {NOT_READ[suffix]} are not read yet. {how_to_convert(suffix)}")
    if suffix not in (".xlsx", ".xlsm"):
        raise UnreadableInputError(
            f"{name} is neither a folder nor an .xlsx workbook. Save the tables as one .xlsx workbook, or each as a "
            "CSV file in one folder."
        )


def _read_folder(path: Path, loader: Loader, tell: Progress) -> Submission:
    release = loader.release
    contents = contents_of(path, release.tables)
    if contents.manifest is None:
        raise UnreadableInputError(
            f"The folder {folder_name(path)} has no manifest. Add a file submission.yaml that says whose data these "
            "are and for which period."
        )
    loader.remarks += contents.remarks
    document = read_document(contents.manifest)
    manifest, remarks = manifest_of(document, release)
    loader.remarks += remarks
    tables: dict[str, TableRead] = {}
    for table_id, file in contents.tables.items():
        tell(f"Reading {shown(file.name)}")
        tables[table_id] = csv.read_table(file, release.tables[table_id], loader)
    unknown = []
    for number, other in enumerate(contents.unknown):
        tell(f"Reading {shown(other.file)}")
        file = contents.other_files[number]
        unknown.append(load_other_file(other, file, f"other {number}", loader))
    places = ManifestPlaces(contents.manifest.name, rows=_rows_of_keys(document))
    return _submission(loader, manifest, contents.manifest.name, places, tables, tuple(unknown))


def _read_workbook(path: Path, loader: Loader, tell: Progress) -> Submission:
    release = loader.release
    book = workbook.open_workbook(path)
    sheet = manifest_sheet(book)
    if sheet is None:
        raise UnreadableInputError(
            f"{shown(path.name)} has no manifest. Add a sheet named submission with the columns key and value that "
            "says whose data these are and for which period."
        )
    document = sheet_document(book, sheet)
    manifest, remarks = manifest_of(document, release, place="row")
    loader.remarks += remarks
    sheets: dict[str, str] = {}
    unknown: list[UnknownTable] = []
    for name in book.sheets:
        table_id = name.strip().casefold()
        if name == sheet or (explains(name) and table_id not in release.tables):
            continue
        if table_id not in release.tables:
            unknown.append(UnknownTable(name, path.name, name, is_own(name)))
        elif table_id in sheets:
            raise UnreadableInputError(f"{shown(path.name)} has two sheets for the table {table_id}. Keep one of them.")
        else:
            sheets[table_id] = name
    tables: dict[str, TableRead] = {}
    for table_id in (known for known in release.tables if known in sheets):
        tell(f"Reading sheet {shown(sheets[table_id])}")
        table = release.tables[table_id]
        read = loader.load_rows(table, path.name, sheets[table_id], workbook.sheet_rows(book, sheets[table_id], table))
        if read is None:
            loader.remarks.append(
                f"{shown(path.name)}, sheet {table_id}: blank, and taken as not handed in. A table "
                "without rows has the names of its columns."
            )
        else:
            tables[table_id] = read
    source = f"{path.name}, sheet {sheet.strip()}"
    others = [load_other_sheet(other, book, f"other {number}", loader) for number, other in enumerate(unknown)]
    places = ManifestPlaces(path.name, sheet.strip(), _rows_of_keys(document))
    return _submission(loader, manifest, source, places, tables, tuple(others))


def _rows_of_keys(document: Document) -> dict[str, int]:
    return {".".join(map(str, path)): row for path, row in document.lines.items() if path}


def _submission(
    loader: Loader,
    manifest: Manifest,
    source: str,
    places: ManifestPlaces,
    tables: dict[str, TableRead],
    unknown: tuple[UnknownTable, ...],
) -> Submission:
    return Submission(
        release=loader.release,
        manifest=manifest,
        manifest_source=source,
        workspace=loader.workspace,
        tables=tables,
        unknown_tables=unknown,
        problems=tuple(loader.problems),
        problem_counts=loader.problem_counts,
        remarks=tuple(loader.remarks),
        manifest_places=places,
    )


def _tell_nobody(sentence: str) -> None:
    del sentence
