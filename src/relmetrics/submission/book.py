"""Workbooks (.xlsx, .xlsm, .xls, .ods) and Parquet files, opened: what their sheets are, and their rows as text.

A child process reads the file into plain files (`book_dump`); here is only what came out.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_folder
from relmetrics.submission.columns import shown, trimmed
from relmetrics.submission.guarded import limits_for, run_guarded
from relmetrics.submission.plain import FACTS, Plain
from relmetrics.workspace import Progress, Workspace

__all__ = ["BOOKS", "MANIFEST_SHEET", "PARQUET", "Book", "SheetFacts", "open_book"]

BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
"""Endings of workbooks."""
PARQUET = ".parquet"
MANIFEST_SHEET = "submission"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What is known of a worksheet before anybody looks at its values.

    Attributes
    ----------
    name : str
        As given; empty for a Parquet file.
    is_hidden : bool
        The workbook does not show it.
    width : int
        Columns, empty ones between others included.
    n_rows : int
        Rows that are not blank, the header included.
    n_merged : int
        Merged ranges. Only the upper left cell of each holds a value.
    n_formulas, last_row : int
        Cells with a formula, and the deepest row that is named, filled or not; of .xlsx and .xlsm, elsewhere 0.
    kinds : tuple of dict
        By column: number of cells that the program had as ``number``, ``text``, ``date``, ``boolean``, ``error``, or
        as a ``formula`` that was never calculated. The header is among them.
    problem : str
        Why it cannot be read; empty where it can.
    """

    name: str
    is_hidden: bool = False
    width: int = 0
    n_rows: int = 0
    n_merged: int = 0
    n_formulas: int = 0
    last_row: int = 0
    kinds: tuple[Mapping[str, int], ...] = ()
    problem: str = ""

    @property
    def typed(self) -> dict[int, frozenset[str]]:
        """By position of a column, what the program had typed among its cells."""
        wanted = ("number", "date", "boolean")
        found = ((at, frozenset(kind for kind in wanted if kinds.get(kind))) for at, kinds in enumerate(self.kinds))
        return {at: kinds for at, kinds in found if kinds}


class Book:
    """An open workbook; a Parquet file is one with a single sheet without a name.

    Attributes
    ----------
    path : Path
        The file.
    name : str
        Name of the file without folders.
    kind : {'xlsx', 'xls', 'ods', 'parquet'}
        What it is, whatever its name ends with.
    sheets : tuple of SheetFacts
        Its worksheets in its order; charts are no worksheets.
    uses_1904 : bool
        The file counts days from 1904; its dates are right all the same.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.name = path.name
        self._folder = folder
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        self.kind: str = facts["kind"]
        self.uses_1904: bool = facts["uses_1904"]
        self.sheets = tuple(map(_sheet_of, facts["sheets"]))
        self._plain = {
            sheet["name"]: Plain.of_facts(folder / sheet["file"], sheet["plain"])
            for sheet in facts["sheets"]
            if "plain" in sheet
        }

    def sheet(self, name: str) -> SheetFacts:
        """Return the facts of a sheet."""
        return next(sheet for sheet in self.sheets if sheet.name == name)

    def plain(self, sheet: str) -> Plain:
        """Return the plain file of a sheet; whoever takes it may remove it.

        Raises
        ------
        UnreadableInputError
            The sheet is damaged.
        """
        if sheet not in self._plain:
            raise UnreadableInputError(self.sheet(sheet).problem)
        return self._plain[sheet]

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and texts of the rows that are not blank, column A first."""
        return self.plain(sheet).rows()

    def place(self, sheet: str) -> str:
        """Name a sheet for a sentence."""
        return f"{shown(self.name)}, sheet {shown(trimmed(sheet))}" if sheet else shown(self.name)

    def close(self) -> None:
        """Remove the plain files."""
        shutil.rmtree(self._folder, ignore_errors=True)


def open_book(path: Path, workspace: Workspace, tell: Progress | None = None) -> Book:
    """Open a workbook or a Parquet file in a process of its own, with limits.

    Parameters
    ----------
    path : Path
        The file.
    workspace : Workspace
        Its private folder takes the plain files.
    tell : callable, optional
        Called with sentences on what is being done.

    Raises
    ------
    UnreadableInputError
        It is no workbook, is damaged, has a password, or holds or would unpack to more than this reads.
    """
    folder = workspace.folder / f"book-{secrets.token_hex(4)}"
    make_private_folder(folder)
    try:
        _read(path, folder, tell)
        return Book(path, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _read(path: Path, folder: Path, tell: Progress | None) -> None:
    task = "relmetrics.submission.book_dump:dump"
    seconds, memory = limits_for(path)
    run_guarded(task, [str(path), str(folder)], path.name, seconds=seconds, memory=memory, tell=tell)


def _sheet_of(facts: Mapping[str, Any]) -> SheetFacts:
    return SheetFacts(
        name=facts["name"],
        is_hidden=facts.get("is_hidden", False),
        width=facts.get("n_columns", 0),
        n_rows=facts["plain"]["n_rows"] if "plain" in facts else 0,
        n_merged=facts.get("n_merged", 0),
        n_formulas=facts.get("n_formulas", 0),
        last_row=facts.get("last_row", 0),
        kinds=tuple(facts.get("kinds", ())),
        problem=facts.get("problem", ""),
    )
