"""The nouns of reading: a submission, its tables and columns, and what was odd about the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

    from relmetrics.definitions import Manifest, Release
    from relmetrics.submission.views import Views
    from relmetrics.workspace import Workspace

__all__ = [
    "ColumnKind",
    "ColumnRead",
    "FileProblem",
    "ManifestPlaces",
    "Submission",
    "TableRead",
    "UnknownTable",
    "column_letter",
]

ColumnKind = Literal["field", "own", "unknown", "repeated", "blank"]


def column_letter(position: int) -> str:
    """Name a column as a spreadsheet does: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    position += 1
    while position > 0:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A column as it was handed in.

    Attributes
    ----------
    header : str
        As given.
    position : int
        Counted from 0; `letter` is its name in a spreadsheet.
    field : str
        Field of the standard, or empty.
    kind : {'field', 'own', 'unknown', 'repeated', 'blank'}
        Own: its name begins with ``x_``. Repeated: another column before it has the same name. Only columns of kind
        `field` are typed; the others are text in the schema ``given_other``.
    """

    header: str
    position: int
    letter: str
    field: str
    kind: ColumnKind


@dataclass(frozen=True)
class TableRead:
    """A table of the standard that was handed in; its rows are ``given."<id>"`` in the database.

    Attributes
    ----------
    file, sheet : str
        Name of the file without folders; sheet, or empty.
    header_row : int
        Row in which the names of the columns stand, as a spreadsheet counts.
    n_rows : int
        Rows of data, blank rows not counted.
    """

    id: str
    file: str
    sheet: str
    header_row: int
    columns: tuple[ColumnRead, ...]
    n_rows: int

    @cached_property
    def _by_field(self) -> Mapping[str, ColumnRead]:
        return {column.field: column for column in self.columns if column.kind == "field"}

    def column(self, field_id: str) -> ColumnRead | None:
        """Return the column of a field, or None where the table has none."""
        return self._by_field.get(field_id)

    def cell(self, row: int, field_id: str) -> str:
        """Name the cell of a field as a spreadsheet does (``C14``); empty where the table has no such column."""
        column = self.column(field_id)
        return f"{column.letter}{row}" if column is not None else ""


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """A CSV file or sheet whose name is no table of the standard.

    Nothing is calculated from it. Its cells are read as text, into ``given_other."<relation>"``, because somebody has
    to look whether personal data stand in it.

    Attributes
    ----------
    name : str
        Name of the sheet, or of the file without its ending.
    is_own : bool
        The name begins with ``x_``: the organization's own table.
    header : tuple of str
        Names of its columns as given; column number n is ``c<n>`` in the database.
    header_row : int
        Row in which they stand; 0 where there are none.
    relation : str
        Name in the schema ``given_other``; empty where nothing is in it.
    is_unread : bool
        It could not be read.
    """

    name: str
    file: str
    sheet: str
    is_own: bool
    header: tuple[str, ...] = ()
    header_row: int = 0
    relation: str = ""
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Something wrong with the rows of a file as such, before any value is looked at.

    Attributes
    ----------
    id : {'ragged_row', 'unclosed_quote', 'unreadable_character'}
        Ragged: a row with more cells than the header, or fewer. Unclosed: a quotation mark in this row is not closed
        before the file ends. Unreadable: a NUL character, loaded as U+FFFD.
    params : dict
        Numbers for the sentence: ``cells`` and ``columns`` of a ragged row. Never values.
    """

    id: Literal["ragged_row", "unclosed_quote", "unreadable_character"]
    table: str
    file: str
    sheet: str
    row: int
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ManifestPlaces:
    """Where the keys of the manifest stand.

    Attributes
    ----------
    file, sheet : str
        Name of the file; the sheet where it is a workbook, else empty.
    rows : dict
        Row of the sheet, or line of the file, by dotted key; only of keys that were given.
    """

    file: str
    sheet: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)


class Submission:
    """Data handed in: manifest, typed tables, where each value stands; no judgement. Close it, or use ``with``.

    Attributes
    ----------
    manifest_source : str
        Where the manifest was read: name of the file, or of the workbook with its sheet.
    manifest_places : ManifestPlaces
        The same in parts, with the line or row of every key.
    tables : dict
        Tables of the standard that were handed in, by id, in the standard's order.
    unknown_tables : tuple of UnknownTable
        Files and sheets with other names.
    problems : tuple of FileProblem
        At most `MOST_PROBLEMS` of each kind a table; `problem_counts` has the exact numbers.
    problem_counts : dict
        Number of problems by (table, problem id).
    remarks : tuple of str
        What was inferred in reading, said once a file.
    """

    MOST_PROBLEMS = 1000

    def __init__(
        self,
        release: Release,
        manifest: Manifest,
        manifest_source: str,
        workspace: Workspace,
        tables: dict[str, TableRead],
        unknown_tables: tuple[UnknownTable, ...] = (),
        problems: tuple[FileProblem, ...] = (),
        problem_counts: Mapping[tuple[str, str], int] | None = None,
        remarks: tuple[str, ...] = (),
        manifest_places: ManifestPlaces | None = None,
    ) -> None:
        self.release = release
        self.manifest = manifest
        self.manifest_source = manifest_source
        self.manifest_places = manifest_places or ManifestPlaces(manifest_source)
        self.workspace = workspace
        self.tables = tables
        self.unknown_tables = unknown_tables
        self.problems = problems
        self.problem_counts = dict(problem_counts or {})
        self.remarks = remarks
        self._views: Views | None = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database; schema ``given`` holds what was read."""
        return self.workspace.connection

    def views(self) -> Views:
        """Views of the release on this submission; computed once, however often they are asked for."""
        if self._views is None:
            from relmetrics.submission.views import Views

            self._views = Views(self)
        return self._views

    def close(self) -> None:
        """Remove the temporary data; a second call does nothing."""
        self.workspace.close()

    def __enter__(self) -> Submission:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        rows = sum(table.n_rows for table in self.tables.values())
        return f"Submission(release {self.release.version}: {len(self.tables)} tables, {rows:,} rows)"
