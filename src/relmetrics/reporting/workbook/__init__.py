"""What to fix as a workbook: the submitter's own with marks in it, or a new one. It stays with the organization.

The submitter's own workbook is marked where nothing in it would be lost (`inside.py`). Where it cannot be marked, a
workbook with the list and with links into the file is written; what is no workbook, or of another kind, gets a new one
with its rows. The list itself never holds a raw value; marked rows do, and that is why the name says that it stays.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.errors import UnreadableInputError, UsageError
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.workbook.book import LIST_SHEET
from relmetrics.reporting.workbook.entries import CellPlace, Group, Mark, SheetName, groups_of, marks_of
from relmetrics.reporting.workbook.listing import Listing, Target, list_findings
from relmetrics.reporting.workbook.outline import NotMarkableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relmetrics.reporting.report import Report
    from relmetrics.reporting.workbook.copies import Copy

__all__ = ["PREFIX", "WorkbookOut", "render_workbook"]

PREFIX = "STAYS-WITH-YOU_"
"""Begins the name of every workbook that this makes."""

_MARKED = (".xlsx", ".xlsm")
# What comes out of a file that is odd in a way that nobody thought of.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    RecursionError,
)
_NUMBERED = re.compile(r"(.*)_(\d{1,4})")


@dataclass(frozen=True, slots=True)
class WorkbookOut:
    """A workbook with what to fix.

    Attributes
    ----------
    content : bytes
        The file.
    file_name : str
        Name that says that it stays; never the name of what was handed in.
    is_marked : bool
        Whether it is the submitter's own workbook with marks in it.
    sentence : str
        What it is, and why the file itself was not marked where it was not.
    """

    content: bytes
    file_name: str
    is_marked: bool
    sentence: str


def render_workbook(report: Report, submission_path: Path | None, beside: Path | None = None) -> WorkbookOut:
    """Write what to fix as a workbook.

    Parameters
    ----------
    report : Report
        With findings.
    submission_path : Path or None
        What was handed in. Without it there is the list only.
    beside : Path, optional
        Folder into which the workbook will be written: links to the file are made from there. The file's own folder if
        left out.

    Raises
    ------
    UsageError
        The report has no findings part.
    """
    if report.findings is None:
        raise UsageError("A workbook shows what to fix, so it needs findings. Render the report as html, json or text.")
    return _Writer(report, submission_path, beside).written()


class _Writer:
    def __init__(self, report: Report, path: Path | None, beside: Path | None) -> None:
        self.report = report
        self.words = report.words
        self.path = path
        self.beside = beside
        self.name = plain(path.resolve().name, 120) if path is not None else report.source
        self.groups: tuple[Group, ...] = groups_of(report)
        self.marks: dict[SheetName, list[Mark]] = marks_of(self.groups)

    def written(self) -> WorkbookOut:
        path = self.path
        if path is None:
            return self.linking(None, "no_file")
        if not path.is_file() or path.suffix.casefold() not in _MARKED:
            return self.copying(path)
        try:
            return self.marking(path)
        except NotMarkableError as problem:
            return self.linking(path, problem.reason)
        except _DAMAGED:
            return self.linking(path, "form")

    # --- the three kinds --------------------------------------------------------------------------------------------

    def marking(self, path: Path) -> WorkbookOut:
        from relmetrics.reporting.workbook.inside import plan_inside

        inside = plan_inside(path, self.marks)
        count = self.words.count
        about = [self.say("marked.about.marked"), self.say("marked.about.mend")]
        if inside.plans:
            about.append(self.say("marked.about.back"))
        if inside.n_own_notes:
            about.append(count("marked.about.own_notes", inside.n_own_notes))
        if inside.n_too_many:
            about.append(count("marked.about.too_many", inside.n_too_many))
        listing = self.listing(about, inside.has_target)
        content = inside.marked(listing, self.words)
        done = "marked.done.marked" if inside.plans else "marked.done.nothing"
        suffix = ".xlsm" if inside.book.has_macros else ".xlsx"
        return WorkbookOut(content, self.file_name(suffix), True, self.say(done))

    def linking(self, path: Path | None, reason: str) -> WorkbookOut:
        from relmetrics.reporting.workbook.written import file_link, new_book, write_list

        why = self.say(f"marked.why.{reason}")
        about = [why, self.say("marked.about.links")] if path is not None else [why]
        listing = self.listing(about, lambda cell: path is not None, "marked.stays_links")
        start = self._from_beside(path) if path is not None else ""

        def place_of(target: Target) -> str | None:
            if target.cell is None:
                return f"internal:{LIST_SHEET}!A{target.row}"
            return file_link(start, target.cell.sheet, target.cell.name)

        stream = io.BytesIO()
        with new_book(stream, self.say("marked.title")) as book:
            write_list(book, book.add_worksheet(LIST_SHEET), listing, place_of)
        return WorkbookOut(stream.getvalue(), self.file_name(".xlsx"), False, why)

    def copying(self, path: Path) -> WorkbookOut:
        from relmetrics.reporting.workbook.copies import MANIFEST_SHEET, Copier, sheet_names, write_notes
        from relmetrics.reporting.workbook.inside import sheet_link
        from relmetrics.reporting.workbook.sources import find_tables
        from relmetrics.reporting.workbook.written import new_book, write_list
        from relmetrics.workspace import Workspace

        why = self.say("marked.why.kind")
        stream = io.BytesIO()
        workspace = Workspace()
        try:
            wanted = {file for file, _ in self.marks}
            tables = find_tables(path, self.report.release, self.report.manifest, wanted, workspace)
            has_manifest = any(table.name.casefold() == MANIFEST_SHEET for table in tables)
            names = sheet_names(tables, [LIST_SHEET] if has_manifest else [LIST_SHEET, MANIFEST_SHEET])
            with new_book(stream, self.say("marked.title")) as book:
                first, copier = book.add_worksheet(LIST_SHEET), Copier(book, self.say("marked.back_tip"))
                if self.report.manifest is not None and not has_manifest:
                    copier.manifest(self.report.manifest)
                keys = {(table.file, table.sheet): table for table in tables}
                copies = [copier.copy(table, names[key], self.marks.get(key, [])) for key, table in keys.items()]
                about = [why, self.say("marked.about.written"), self.say("marked.about.back"), *self._left(copies)]
                listing = self.listing(about, lambda cell: (cell.file, cell.sheet) in names)

                def place_of(target: Target) -> str | None:
                    if target.cell is None:
                        return f"internal:{LIST_SHEET}!A{target.row}"
                    name = names.get((target.cell.file, target.cell.sheet))
                    return None if name is None else f"internal:{sheet_link(name, target.cell.name)}"

                write_list(book, first, listing, place_of)
                for copied in copies:
                    write_notes(copied, listing, self.words)
        except (UnreadableInputError, OSError):
            return self.linking(path, "gone")
        finally:
            workspace.close()
        return WorkbookOut(stream.getvalue(), self.file_name(".xlsx"), False, why)

    # --- parts ------------------------------------------------------------------------------------------------------

    def say(self, key: str, **names: str) -> str:
        return self.words.say(key, name=self.name, **names)

    def listing(
        self, about: list[str], has_target: Callable[[CellPlace], bool], stays: str = "marked.stays"
    ) -> Listing:
        view = self.report.findings_view
        return list_findings(
            self.groups,
            [self.say(stays), *about],
            self.say("marked.title"),
            view.summary if view is not None else "",
            self.report.release,
            self.words,
            has_target,
        )

    def file_name(self, suffix: str) -> str:
        path = self.path
        stem = "" if path is None else path.resolve().name if path.is_dir() else path.stem
        stem = "".join(one if one.isprintable() else "_" for one in stem or "findings")
        if not stem.startswith(PREFIX):
            return f"{PREFIX}{_cut(stem)}{suffix}"
        # A marked copy that was corrected and is checked again: its own name is taken.
        numbered = _NUMBERED.fullmatch(stem)
        base, number = (numbered[1], int(numbered[2]) + 1) if numbered else (stem, 2)
        return f"{_cut(base)}_{number}{suffix}"

    def _from_beside(self, path: Path) -> str:
        if self.beside is None:
            return path.name
        try:
            return os.path.relpath(path.resolve(), self.beside.resolve()).replace(os.sep, "/")
        except ValueError:  # on another drive of Windows
            return path.name

    def _left(self, copies: Sequence[Copy]) -> list[str]:
        """Say what of the records is not in their copy."""
        count = self.words.count
        shortened = [plain(copied.name, 60) for copied in copies if copied.is_shortened]
        n_cut, n_too_many = sum(copied.n_cut for copied in copies), sum(copied.n_too_many for copied in copies)
        said = [self.say("marked.about.shortened", sheets=", ".join(shortened))] if shortened else []
        said += [count("marked.about.cut", n_cut)] if n_cut else []
        return said + ([count("marked.about.too_many", n_too_many)] if n_too_many else [])


def _cut(name: str) -> str:
    """As much of a name as file systems take with what is put before and behind it."""
    return name.encode("utf-8", "replace")[:200].decode("utf-8", "ignore")
