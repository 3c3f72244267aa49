"""What was handed in: a folder, a zip archive of one, or a single file; nothing of it is read as a table yet."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_folder
from relmetrics.submission.archive import unpack
from relmetrics.submission.book import BOOKS, MANIFEST_SHEET, PARQUET, Book, open_book
from relmetrics.submission.columns import shown, trimmed
from relmetrics.submission.folder import NOT_READ, TEXTS, contents_of, folder_name, how_to_convert
from relmetrics.workspace import Progress, Workspace

__all__ = ["Handed", "open_handed"]

_MEGABYTE = 1024 * 1024
_UNPACKED = "unpacked"


@dataclass(slots=True)
class Handed:
    """What was handed in, opened.

    Attributes
    ----------
    name : str
        What it is called at the beginning of a sentence.
    folder : Path
        The folder that its files lie in.
    texts, books : tuple of Path
        Text files with tables; workbooks and Parquet files.
    manifest_file : Path or None
        The manifest where it is a file.
    folders : tuple of Path
        Folders in it.
    is_folder : bool
        It is a folder, or an archive of one.
    manifest_sheet : tuple of Path and str, or None
        The manifest where it is a sheet, once that is decided.
    remarks : tuple of str
        What was left unread.
    """

    name: str
    folder: Path
    workspace: Workspace
    tell: Progress
    texts: tuple[Path, ...] = ()
    books: tuple[Path, ...] = ()
    manifest_file: Path | None = None
    folders: tuple[Path, ...] = ()
    is_folder: bool = True
    manifest_sheet: tuple[Path, str] | None = None
    remarks: tuple[str, ...] = ()
    _opened: dict[Path, Book | UnreadableInputError] = field(default_factory=dict)

    def book(self, path: Path) -> Book:
        """Open a workbook once.

        Raises
        ------
        UnreadableInputError
            It cannot be read.
        """
        if path not in self._opened:
            try:
                size = path.stat().st_size // _MEGABYTE
                self.tell(f"Opening {shown(path.name)}" + (f" ({size:,} MB)" if size else ""))
                self._opened[path] = open_book(path, self.workspace, self.tell if size else None)
            except UnreadableInputError as problem:
                self._opened[path] = problem
            except OSError as problem:
                self._opened[path] = UnreadableInputError(
                    f"{shown(path.name)} cannot be opened ({problem.strerror or 'unknown reason'}). Check that the "
                    "file is still there and that you may read it."
                )
        opened = self._opened[path]
        if isinstance(opened, UnreadableInputError):
            raise opened
        return opened

    def book_or_none(self, path: Path) -> Book | None:
        """Open a workbook once; None where it cannot be read."""
        try:
            return self.book(path)
        except UnreadableInputError:
            return None

    def sheets_with_manifest(self) -> list[tuple[Book, str]]:
        """All sheets that may be the manifest.

        Raises
        ------
        UnreadableInputError
            There is none, and a workbook in which one may be cannot be read.
        """
        books = [book for book in map(self.book_or_none, self.books) if book is not None]
        found = [
            (book, sheet.name)
            for book in books
            for sheet in book.sheets
            if trimmed(sheet.name).casefold() == MANIFEST_SHEET
        ]
        if not found and len(books) < len(self.books):
            for path in self.books:
                self.book(path)
        return found

    def file(self, name: str) -> Path | None:
        """Find a file by its path inside the folder, capitals aside where nothing else fits; None where it is not."""
        path = self.folder
        parts = Path(name.replace("\\", "/")).parts
        for part in parts:
            try:
                entries = {entry.name: entry for entry in path.iterdir()}
            except OSError:
                return None
            folded = {entry.casefold(): found for entry, found in sorted(entries.items(), reverse=True)}
            found = entries.get(part) or folded.get(part.casefold())
            if found is None:
                return None
            path = found
        if not self.is_folder and path not in (*self.texts, *self.books):
            return None  # what lies beside the file that was handed in is none of it
        return path if path.is_file() else None

    def close(self) -> None:
        """Remove what was opened."""
        for book in self._opened.values():
            if isinstance(book, Book):
                book.close()
        shutil.rmtree(self.workspace.folder / _UNPACKED, ignore_errors=True)


def open_handed(
    path: Path, workspace: Workspace, tables: Collection[str], tell: Progress, *, needs_manifest: bool = True
) -> Handed:
    """Open what was handed in.

    Parameters
    ----------
    path : Path
        Folder, zip archive, workbook; a single table where `needs_manifest` is not set.
    workspace : Workspace
        Its private folder takes what is unpacked.
    tables : collection of str
        Ids of the tables of the standard.
    tell : callable
        Called with sentences on what is being done.
    needs_manifest : bool
        Something that can hold no manifest is refused.

    Raises
    ------
    UnreadableInputError
        There is no such file, it is nothing that is read, or it cannot be opened.
    """
    name, suffix = shown(path.name or str(path)), path.suffix.casefold()
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        is_folder = is_file = False
    if is_folder:
        return _folder(path, f"The folder {folder_name(path)}", workspace, tables, tell)
    if not is_file:
        raise UnreadableInputError(
            f"There is no file or folder {name}. Check the path. It has to be a folder of tables, a zip archive of it, "
            "or one workbook."
        )
    if suffix == ".zip":
        target = workspace.folder / _UNPACKED
        make_private_folder(target)
        tell(f"Unpacking {name}")
        return _folder(unpack(path, target, tell), name, workspace, tables, tell)
    if suffix in BOOKS or (suffix == PARQUET and not needs_manifest):
        return Handed(name, path.parent, workspace, tell, books=(path,), is_folder=False)
    if suffix in TEXTS and not needs_manifest:
        return Handed(name, path.parent, workspace, tell, texts=(path,), is_folder=False)
    raise _refused(name, suffix)


def _folder(folder: Path, name: str, workspace: Workspace, tables: Collection[str], tell: Progress) -> Handed:
    contents = contents_of(folder, name, tables)
    return Handed(
        name,
        folder,
        workspace,
        tell,
        texts=contents.texts,
        books=contents.books,
        folders=contents.folders,
        manifest_file=contents.manifest,
        remarks=contents.remarks,
    )


def _refused(name: str, suffix: str) -> UnreadableInputError:
    if suffix in (".csv", ".tsv", ".tab", PARQUET):
        return UnreadableInputError(
            f"{name} is one table. Use the folder that it lies in, with submission.yaml beside it."
        )
    if suffix in (".yaml", ".yml", ".json"):
        return UnreadableInputError(f"{name} is a manifest or another document. Use the folder that it lies in.")
    if suffix in NOT_READ:
        return UnreadableInputError(f"{name}: {NOT_READ[suffix]} are not read. {how_to_convert(suffix)}")
    return UnreadableInputError(
        f"{name} is neither a folder, nor a zip archive, nor a workbook (.xlsx, .xlsm, .xls, .ods). Save the tables as "
        "one workbook, or each as a CSV file in one folder."
    )
