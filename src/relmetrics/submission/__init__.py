"""Reading: files of an organization become typed tables that know where every value stood. Nothing is judged here."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

from relmetrics.definitions import FileForm, Manifest, Release, Table
from relmetrics.documents import Document, read_document
from relmetrics.errors import UnreadableInputError
from relmetrics.submission import csv
from relmetrics.submission.book import Book, SheetFacts
from relmetrics.submission.columns import shown, trimmed
from relmetrics.submission.folder import TEXTS
from relmetrics.submission.handed import Handed, open_handed
from relmetrics.submission.loading import Loader
from relmetrics.submission.manifest import manifest_of, sheet_document
from relmetrics.submission.others import load_other_file, load_other_sheet, unread
from relmetrics.submission.sources import Source, sources_of
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
    path: str | Path,
    release: Release | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    *,
    manifest: Manifest | None = None,
) -> Submission:
    """Read a folder of tables, a zip archive of it, or one workbook, with its manifest.

    Parameters
    ----------
    path : str or Path
        Folder with ``submission.yaml`` and a file for each table, ``<table>.csv`` or in another form that is read; or a
        zip archive of it; or a workbook with the sheet ``submission`` and a sheet for each table.
    release : Release, optional
        Release of the standard; the newest one that this software has if left out.
    threads : int, optional
        Threads of the database.
    progress : callable, optional
        Called with a sentence at the beginning of each file or sheet.
    manifest : Manifest, optional
        Used where what was handed in has none of its own; a single table is read then too.

    Returns
    -------
    Submission
        To be closed, or used in a ``with`` statement: its temporary data stand on disk until then.

    Raises
    ------
    UnreadableInputError
        Path, folder, archive, workbook, table file or manifest cannot be read. Wrong values inside a readable table are
        no error here; validation finds them.
    """
    if release is None:
        from relmetrics.standard import load_release

        release = load_release()
    workspace = Workspace(threads=threads)
    try:
        submission = _read(Path(path), Loader(workspace, release), progress or _tell_nobody, manifest)
        workspace.lock_down()
    except BaseException:
        workspace.close()
        raise
    return submission


def _read(path: Path, loader: Loader, tell: Progress, stand_in: Manifest | None) -> Submission:
    release = loader.release
    handed = open_handed(path, loader.workspace, release.tables, tell, needs_manifest=stand_in is None)
    loader.remarks += handed.remarks
    manifest, places = _manifest(handed, loader, stand_in)
    source = f"{places.file}, sheet {places.sheet}" if places.sheet else places.file
    sources = sources_of(handed, manifest.files, release.tables, shown(source))
    loader.remarks += sources.remarks
    uses = Counter((one.path, one.sheet) for one in sources.tables.values())
    tables: dict[str, TableRead] = {}
    for table_id in (known for known in release.tables if known in sources.tables):
        one = sources.tables[table_id]
        uses[one.path, one.sheet] -= 1
        read = _read_table(table_id, one, loader, tell, manifest.files.get(table_id), uses[one.path, one.sheet] > 0)
        if read is None:
            loader.remarks.append(
                f"{one.place()}: blank, and taken as not handed in. A table without rows has the names of its columns."
            )
        else:
            tables[table_id] = read
    others = [_read_other(other, one, number, loader, tell) for number, (other, one) in enumerate(sources.others)]
    handed.close()
    return Submission(
        release=release,
        manifest=manifest,
        manifest_source=source,
        workspace=loader.workspace,
        tables=tables,
        unknown_tables=tuple(others),
        problems=tuple(loader.problems),
        problem_counts=loader.problem_counts,
        remarks=tuple(loader.remarks),
        manifest_places=places,
    )


def _manifest(handed: Handed, loader: Loader, stand_in: Manifest | None) -> tuple[Manifest, ManifestPlaces]:
    """Read the manifest: the file, else the sheet, else what the caller has."""
    document: Document
    if handed.manifest_file is not None:
        document = read_document(handed.manifest_file)
        places = ManifestPlaces(handed.manifest_file.name, rows=_rows_of_keys(document))
        kind = "line"
    else:
        sheets = handed.sheets_with_manifest()
        if len({book.name for book, _ in sheets}) > 1:
            names = " and ".join(book.place(sheet) for book, sheet in sheets[:2])
            raise UnreadableInputError(f"{names} are two manifests. Keep one of them.")
        if not sheets:
            if stand_in is None:
                raise _without_manifest(handed)
            return stand_in, ManifestPlaces("")
        book, sheet = sheets[0]
        handed.manifest_sheet = (book.path, sheet)
        document = sheet_document(book.place(sheet), book.rows(sheet))
        places = ManifestPlaces(book.name, trimmed(sheet), _rows_of_keys(document))
        kind = "row"
    manifest, remarks = manifest_of(document, loader.release, place=kind)
    loader.remarks += remarks
    return manifest, places


def _without_manifest(handed: Handed) -> UnreadableInputError:
    if handed.is_folder:
        return UnreadableInputError(
            f"{handed.name} has no manifest. Add a file submission.yaml that says whose data these are and for which "
            "period. The page “The manifest” of the documentation shows one."
        )
    return UnreadableInputError(
        f"{handed.name} has no manifest. Add a sheet named submission with the columns key and value that "
        "says whose data these are and for which period."
    )


def _read_table(
    table_id: str, source: Source, loader: Loader, tell: Progress, form: FileForm | None, is_read_again: bool
) -> TableRead | None:
    table = loader.release.tables[table_id]
    book, sheet = source.book, source.sheet
    tell(f"Reading sheet {shown(trimmed(sheet))}" if sheet else f"Reading {shown(source.path.name)}")
    if book is None:
        return csv.read_table(source.path, table, loader, form)
    loader.remarks += _remarks_on(book, sheet)
    plain = book.plain(sheet)
    if is_read_again:  # the manifest takes two tables from one sheet, and loading removes the plain file
        copy = plain.path.with_suffix(f".{table_id}.csv")
        shutil.copyfile(plain.path, copy)
        plain = replace(plain, path=copy)
    facts = book.sheet(sheet)
    read = loader.load_plain(table, book.name, sheet, plain, form, typed=facts.typed, uses_1904=book.uses_1904)
    if read is not None:
        loader.remarks += _remarks_on_ids(read, table, facts, book.place(sheet))
    return read


def _remarks_on(book: Book, sheet: str) -> list[str]:
    """Say what is odd about a sheet that is a table."""
    facts, place = book.sheet(sheet), book.place(sheet)
    remarks = []
    if facts.is_hidden:
        remarks.append(
            f"{place}: hidden in the workbook, and read all the same, because it is a table of the standard."
        )
    if facts.n_merged:
        are = "1 range of cells is" if facts.n_merged == 1 else f"{facts.n_merged:,} ranges of cells are"
        remarks.append(
            f"{place}: {are} merged. Only the upper left cell of each holds the value, the others are empty. A "
            "title above the table may stay so; within the table, undo the merging and fill in the empty cells."
        )
    return remarks


def _remarks_on_ids(read: TableRead, table: Table, facts: SheetFacts, place: str) -> list[str]:
    """Say where a spreadsheet program has probably made something else of ids."""
    remarks = []
    for column in read.columns:
        if column.kind != "field" or table.by_id[column.field].type != "id" or column.position >= len(facts.kinds):
            continue
        kinds = facts.kinds[column.position]
        where = f"{place}, column {column.letter} ({column.field})"
        advice = "Format the column as text and type these ids again."
        if n_dates := kinds.get("date", 0):
            are = "1 id is a date" if n_dates == 1 else f"{n_dates:,} ids are dates"
            remarks.append(f"{where}: {are}. Spreadsheet programs make dates of ids such as 3-12. {advice}")
        n_numbers, n_texts = kinds.get("number", 0), kinds.get("text", 0) - 1  # the name of the column is a text
        if 0 < n_numbers <= n_texts:
            are = "1 id is a number" if n_numbers == 1 else f"{n_numbers:,} ids are numbers"
            remarks.append(f"{where}: {are}, the others are texts. As a number, 0012 becomes 12. {advice}")
    return remarks


def _read_other(table: UnknownTable, source: Source, number: int, loader: Loader, tell: Progress) -> UnknownTable:
    relation = f"other {number}"
    if source.book is not None:
        return load_other_sheet(table, source.book, source.sheet, relation, loader)
    if source.path.suffix.casefold() not in TEXTS:
        return unread(table, shown(table.file), loader)
    tell(f"Reading {shown(table.file)}")
    return load_other_file(table, source.path, relation, loader)


def _rows_of_keys(document: Document) -> dict[str, int]:
    return {".".join(map(str, path)): row for path, row in document.lines.items() if path}


def _tell_nobody(sentence: str) -> None:
    del sentence
