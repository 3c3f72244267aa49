"""The rows of what was handed in, once more and as they stand: for a new workbook that shows them with marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.errors import UnreadableInputError
from relmetrics.reporting.workbook.copies import TableSource
from relmetrics.submission.folder import TEXTS
from relmetrics.submission.handed import open_handed
from relmetrics.submission.sources import Source, sources_of

if TYPE_CHECKING:
    from relmetrics.definitions import FileForm, Manifest, Release, Table
    from relmetrics.workspace import Workspace

__all__ = ["find_tables"]


def find_tables(
    path: Path, release: Release, manifest: Manifest | None, wanted: set[str], workspace: Workspace
) -> list[TableSource]:
    """Find the tables of what was handed in: those of the standard in its order, then others with findings.

    Parameters
    ----------
    path : Path
        Folder, zip archive or workbook.
    wanted : set of str
        Names of files with findings.
    workspace : Workspace
        Whose private folder archives and workbooks are unpacked into.

    Raises
    ------
    UnreadableInputError
        It cannot be read any more.
    """
    handed = open_handed(path, workspace, release.tables, _tell_nobody)
    forms = manifest.files if manifest is not None else {}
    found: list[TableSource] = []
    if handed.manifest_file is None and (sheets := handed.sheets_with_manifest()):
        book, sheet = sheets[0]
        handed.manifest_sheet = (book.path, sheet)
        found.append(TableSource(book.name, sheet, sheet.strip(), _Rows(Source(book.path, book, sheet), None, None)))
    sources = sources_of(handed, forms, release.tables, "")
    for table_id in release.tables:
        if table_id in sources.tables:
            one = sources.tables[table_id]
            rows = _Rows(one, release.tables[table_id], forms.get(table_id))
            found.append(TableSource(one.path.name, one.sheet, table_id, rows))
    for unknown, one in sources.others:
        if unknown.file in wanted and (one.book is not None or one.path.suffix.casefold() in TEXTS):
            found.append(TableSource(unknown.file, unknown.sheet, unknown.name, _Rows(one, None, None)))
    return found


class _Rows:
    """Rows of a table, read when they are asked for; what cannot be read ends them."""

    def __init__(self, source: Source, table: Table | None, form: FileForm | None) -> None:
        self.source = source
        self.table = table
        self.form = form

    def __call__(self) -> Iterator[tuple[int, Sequence[str]]]:
        try:
            yield from self._rows()
        except (UnreadableInputError, OSError):
            return

    def _rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        source = self.source
        if source.book is not None:
            yield from source.book.rows(source.sheet)
            return
        from relmetrics.submission import csv

        look = csv.look_at(source.path, self.table, self.form)
        lines = csv.text_lines(source.path, look.encoding, [])
        for row, cells, _ in csv.records(lines, look.delimiter, source.path.name):
            yield row, cells


def _tell_nobody(sentence: str) -> None:
    del sentence
